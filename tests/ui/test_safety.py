"""The guard around the server: who is served, which routes exist, what a browser is told, what a guess costs."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse
from starlette.routing import Route

from rag.errors import SettingsError
from tests.ui.fakes import FakeRag, free_port
from ui import headers, login, safety
from ui.command import main
from ui.headers import policy_for, tidied
from ui.login import Login
from ui.safety import Guard, check_exposure, guarding, is_loopback, served

PASSWORD = "correct horse battery staple"
PAGE = """<html><head><base href="./"><meta property="og:image"
 content="https://raw.example/x.jpg" /><meta name="twitter:creator" content="@x"><link rel="manifest" href="/m.json">
<script>window.config = {"a": "\\u003c/script\\u003e"};</script><script data-x>go()</script>
<script>add("iframeResizer.js")</script><script type="module" src="./assets/a.js"></script></head>ö</html>"""


async def inner(request: Request) -> PlainTextResponse | HTMLResponse | JSONResponse:
    if request.url.path == "/":
        return HTMLResponse(PAGE, headers={"Set-Cookie": "a=b"})
    body = await request.body() if request.method == "POST" else b""
    foreign = {"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Credentials": "true"}
    return PlainTextResponse(f"{request.url.path} {len(body)}", headers=foreign)


APP = Starlette(routes=[Route("/{path:path}", inner, methods=["GET", "POST", "PUT", "DELETE", "OPTIONS"])])


def ask(
    guard: Guard, path: str = "/theme.css", method: str = "GET", *, base: str = "http://127.0.0.1:7860", **options: Any
) -> httpx.Response:
    async def send() -> httpx.Response:
        transport = httpx.ASGITransport(guard, client=options.pop("client", ("127.0.0.1", 1)))
        async with httpx.AsyncClient(transport=transport, base_url=base) as client:
            return await client.request(method, path, **options)

    return asyncio.run(send())


@pytest.fixture
def guard() -> Guard:
    return Guard(APP, host="127.0.0.1")


class Clock:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


# Who is served


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.1", "::1", "[::1]", "localhost", "LOCALHOST"])
def test_loopback_needs_no_password(host: str) -> None:
    assert is_loopback(host)
    check_exposure(host, "")


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "example.org", "localhost.example.org", ""])
def test_any_other_host_needs_one(host: str) -> None:
    with pytest.raises(SettingsError, match=r"12 characters .* RAG_PASSWORD") as refused:
        guarding(host=host)
    assert str(refused.value).count(".") <= 5 and "\n" not in str(refused.value)
    check_exposure(host, PASSWORD)


def test_the_command_refuses_to_start_and_says_what_to_set(capsys: pytest.CaptureFixture[str]) -> None:
    def open_rag(*_: object, **__: object) -> Any:
        raise AssertionError("indexed")

    assert main(["--host", "0.0.0.0", "--port", str(free_port())], open_rag=open_rag) == 2
    said = capsys.readouterr().err
    assert "RAG_PASSWORD" in said and said.count("\n") == 1


def test_a_short_password_is_refused_and_not_repeated(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RAG_PASSWORD", "hunter2")
    assert main(["--host", "0.0.0.0"]) == 2
    said = capsys.readouterr().err
    assert "password" in said and "12 characters" in said and "hunter2" not in said


@pytest.mark.parametrize(
    ("host", "name", "ours"),
    [
        ("127.0.0.1", "localhost:7860", True),
        ("127.0.0.1", "localhost.:8080", True),  # a tunnel's port
        ("127.0.0.1", "LocalHost", True),
        ("127.0.0.1", "[::1]:7860", True),
        ("127.0.0.1", "evil.example:7860", False),
        ("127.0.0.1", "localhost.evil.example", False),
        ("127.0.0.1", "127.0.0.1.evil.example", False),
        ("127.0.0.1", "192.168.1.5:7860", False),
        ("127.0.0.1", "", False),
        ("127.0.0.1", "[::1", False),
        ("127.0.0.1", "localhost@evil.example", False),
        ("127.0.0.1", "evil.example#@localhost", False),
        ("0.0.0.0", "192.168.1.5:7860", True),
        ("0.0.0.0", "[fe80::1]", True),
        ("0.0.0.0", "evil.example", False),
        ("docs.example", "docs.example:80", True),
        ("docs.example", "evil.example", False),
    ],
)
def test_only_its_own_names_are_served(host: str, name: str, ours: bool) -> None:
    assert (name in served(host)) is ours


@pytest.mark.parametrize("name", ["Host", "X-Forwarded-Host"])
def test_a_rebound_name_gets_nothing(guard: Guard, name: str) -> None:
    answer = ask(guard, headers={name: "evil.example:7860"})
    assert answer.status_code == 403
    assert "'evil.example:7860'" in answer.text and "localhost" in answer.text


@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "http://127.0.0.1:3000", "http://localhost:7860", "https://127.0.0.1"]
)
def test_another_site_may_not_ask(guard: Guard, method: str, origin: str) -> None:
    preflight = {"Access-Control-Request-Method": "POST"} if method == "OPTIONS" else {}
    answer = ask(guard, method=method, headers={"Origin": origin, **preflight})
    assert (answer.status_code, answer.text) == (403, "Another site may not ask this page.")
    assert not [name for name in answer.headers if name.startswith("access-control")]


@pytest.mark.parametrize(
    ("site", "mode", "into", "method", "path", "status"),
    [
        ("same-origin", "cors", "empty", "POST", "/gradio_api/queue/join", 200),
        ("none", "navigate", "document", "GET", "/", 200),
        ("cross-site", "navigate", "document", "GET", "/", 200),  # a link to the page
        ("cross-site", "navigate", "iframe", "GET", "/", 403),
        ("cross-site", "navigate", "document", "POST", "/", 403),
        ("cross-site", "navigate", "document", "GET", "/config", 403),
        ("cross-site", "no-cors", "image", "GET", "/", 403),
        ("cross-site", "no-cors", "image", "GET", "/gradio_api/heartbeat/x", 403),
        ("same-site", "no-cors", "script", "GET", "/theme.css", 403),  # another port of this machine
    ],
)
def test_what_a_browser_says_of_itself_counts(
    guard: Guard, site: str, mode: str, into: str, method: str, path: str, status: int
) -> None:
    told = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": mode, "Sec-Fetch-Dest": into}
    assert ask(guard, path, method, headers=told).status_code == status


def test_its_own_requests_are_served(guard: Guard) -> None:
    answer = ask(guard, "/gradio_api/queue/join", "POST", headers={"Origin": "http://127.0.0.1:7860"}, content=b"1234")
    assert (answer.status_code, answer.text) == (200, "/gradio_api/queue/join 4")


# Which routes exist


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/file=rag.toml",
        "/gradio_api/file=https://evil.example/",
        "/gradio_api/file/etc/passwd",
        "/file=/etc/passwd",
        "/gradio_api/proxy=http://evil.example/",
        "/gradio_api/component_server",
        "/gradio_api/upload",
        "/gradio_api/info",
        "/gradio_api/vibe-code",
        "/monitoring",
        "/nothing",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_the_page_does_not_need_is_not_there(guard: Guard, path: str, method: str) -> None:
    assert ask(guard, path, method).status_code == 404


@pytest.mark.parametrize(
    "path",
    ["/assets/%2e%2e/%2e%2e/routes.py", "/static/..%2f..%2froutes.py", "/assets/..%5c..%5cx", "/assets/a%00.js"],
)
def test_no_path_leads_upwards(guard: Guard, path: str) -> None:
    assert ask(guard, path).status_code == 403


def test_uploads_are_there_when_they_are_wanted() -> None:
    wanting = Guard(APP, host="127.0.0.1", uploads=True)
    assert ask(wanting, "/gradio_api/upload", "POST", content=b"x" * (2 * safety.MAX_BODY_BYTES)).status_code == 200


@pytest.mark.parametrize("streamed", [False, True])
def test_what_is_too_long_is_not_read(guard: Guard, streamed: bool) -> None:
    async def stream() -> Any:
        for _ in range(40):
            yield b"x" * (safety.MAX_BODY_BYTES // 20)

    content: Any = stream() if streamed else b"x" * (safety.MAX_BODY_BYTES + 1)
    answer = ask(guard, "/gradio_api/queue/join", "POST", content=content)
    assert answer.status_code == 413 and f"{safety.MAX_BODY_BYTES:,}" in answer.text


def test_a_websocket_is_closed(guard: Guard) -> None:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "websocket.connect"}

    asyncio.run(guard({"type": "websocket", "path": "/", "headers": []}, receive, send))
    assert sent == [{"type": "websocket.close", "code": 1008}]


# What a browser is told


def test_the_page_runs_only_its_own_scripts(guard: Guard) -> None:
    answer = ask(guard, "/", headers={"Accept-Encoding": "br"})
    scripts = dict(part.split(" ", 1) for part in answer.headers["content-security-policy"].split("; "))["script-src"]
    wanted = ['window.config = {"a": "\\u003c/script\\u003e"};', "go()"]
    hashes = [f"'sha256-{base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()}'" for code in wanted]
    assert scripts.split() == ["'self'", "'unsafe-eval'", *hashes]
    assert answer.text.endswith("</head>ö</html>")


def test_the_page_refers_to_nothing_abroad() -> None:
    page = tidied(PAGE)
    assert not re.search(r"https?:|og:|twitter|manifest|iframeResizer", page)
    assert 'src="./assets/a.js"' in page and "go()" in page
    assert "sha256" in policy_for(page)


@pytest.mark.parametrize("path", ["/", "/theme.css", "/nothing", "/assets/x.js"])
def test_everything_carries_the_headers(guard: Guard, path: str) -> None:
    answer = ask(guard, path)
    for name, value in headers.HEADERS.items():
        assert answer.headers[name] == value
    policy = answer.headers["content-security-policy"]
    for wanted in ("default-src 'none'", "frame-ancestors 'none'", "script-src-attr 'none'", "connect-src 'self'"):
        assert wanted in policy
    assert "unsafe-inline" not in policy.split("style-src")[0]
    assert ("no-store" in answer.headers.get("cache-control", "")) is (path != "/assets/x.js")
    assert "access-control-allow-origin" not in answer.headers


# The password


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def closed(clock: Clock) -> Guard:
    return Guard(APP, host="0.0.0.0", login=Login(PASSWORD, clock=clock))


def log_in(guard: Guard, password: str = PASSWORD, **options: Any) -> httpx.Response:
    return ask(guard, login.LOGIN, "POST", data={"password": password}, **options)


def cookie_of(answer: httpx.Response) -> dict[str, str]:
    return {"Cookie": answer.headers["set-cookie"].split(";")[0]}


def test_without_login_there_is_a_form_and_nothing_else(closed: Guard) -> None:
    form = ask(closed, "/")
    assert form.status_code == 401 and 'type="password"' in form.text
    assert "default-src 'none'" in form.headers["content-security-policy"]
    assert not re.search(r"https?://|<script", form.text)
    assert ask(closed, "/theme.css").status_code == ask(closed, "/nothing").status_code == 401


def test_the_cookie_is_for_this_page_only(closed: Guard) -> None:
    entered = log_in(closed)
    assert (entered.status_code, entered.headers["location"]) == (303, "/")
    said = entered.headers["set-cookie"]
    assert "HttpOnly" in said and "SameSite=strict" in said and "Secure" not in said
    assert len(said.split(";")[0].partition("=")[2]) >= 40
    assert ask(closed, "/", headers=cookie_of(entered)).status_code == 200
    assert "Secure" in log_in(closed, base="https://127.0.0.1:7860").headers["set-cookie"]
    assert cookie_of(log_in(closed)) != cookie_of(entered)


@pytest.mark.parametrize("cookie", ["footnote-7860=", "footnote-7860=x", "footnote-7860=None", "x=y"])
def test_another_cookie_opens_nothing(closed: Guard, cookie: str) -> None:
    log_in(closed)
    assert ask(closed, headers={"Cookie": cookie}).status_code == 401


def test_a_session_ends_by_itself_and_at_logout(closed: Guard, clock: Clock) -> None:
    one, two = cookie_of(log_in(closed)), cookie_of(log_in(closed))
    assert ask(closed, login.LOGOUT, "POST", headers=one).status_code == 303
    assert ask(closed, headers=one).status_code == 401
    assert ask(closed, headers=two).status_code == 200
    clock.now += login.SESSION_SECONDS
    assert ask(closed, headers=two).status_code == 401


@pytest.mark.parametrize(
    "wrong", ["", "correct horse", PASSWORD.upper(), PASSWORD + " ", "\u00e9", "\ud800", "x" * 9_000, "1' or '1'='1"]
)
def test_a_wrong_password_opens_nothing(closed: Guard, wrong: str) -> None:
    body = b"password=" + wrong.encode("utf-8", "surrogatepass")
    answer = ask(closed, login.LOGIN, "POST", content=body)
    assert answer.status_code == 401 and "set-cookie" not in answer.headers
    assert login.WRONG in answer.text and (len(wrong) < 6 or wrong not in answer.text)


def test_the_same_letters_are_the_same_password() -> None:
    known = Login("cafe\u0301 au lait svp")
    assert known.enter("caf\u00e9 au lait svp", "a") is not None


def test_guesses_are_slowed_down_where_they_come_from(closed: Guard, clock: Clock) -> None:
    here, there = ("10.0.0.1", 1), ("10.0.0.2", 1)
    for _ in range(login.FREE_GUESSES):
        assert log_in(closed, "wrong", client=here).status_code == 401
    waits = []
    for _ in range(12):
        refused = log_in(closed, PASSWORD, client=here)  # not even the right one is looked at
        assert refused.status_code == 429 and "set-cookie" not in refused.headers
        waits.append(int(refused.headers["retry-after"]))
        clock.now += waits[-1]
        assert log_in(closed, "wrong", client=here).status_code == 401
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]
    assert log_in(closed, client=there).status_code == 303
    clock.now += 300
    assert log_in(closed, client=here).status_code == 303
    assert log_in(closed, "wrong", client=here).status_code == 401  # forgotten at a success


@pytest.mark.parametrize(
    ("one", "two", "same"),
    [
        ("2001:db8::1", "2001:db8::ffff:1", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("10.0.0.1", "::ffff:10.0.0.1", True),
        ("10.0.0.1", "10.0.0.2", False),
        ("fe80::1%eth0", "fe80::2", True),
    ],
)
def test_a_network_counts_as_one_address(one: str, two: str, same: bool) -> None:
    known = Login(PASSWORD, clock=Clock())
    for _ in range(login.FREE_GUESSES):
        known.enter("wrong", one)
    assert (known.wait(two) > 0) is same


def test_what_is_remembered_has_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(login, "KNOWN_AT_MOST", 10)
    known = Login(PASSWORD)
    tokens = [known.enter(PASSWORD, "a") for _ in range(20)]
    for number in range(20):
        known.enter("wrong", f"10.0.0.{number}")
    assert [known.knows(str(token)) for token in tokens] == [False] * 10 + [True] * 10
    assert len(known._wrong) == 10


def test_another_site_cannot_guess_through_a_visitor(closed: Guard) -> None:
    assert log_in(closed, headers={"Origin": "http://evil.example"}).status_code == 403


# The real server


@pytest.fixture(scope="module")
def real() -> Iterator[tuple[Any, httpx.Client]]:
    """Gradio with a password, as others would reach it."""
    from ui.app import serve

    port = free_port()
    page = serve(FakeRag(), host="0.0.0.0", port=port, password=PASSWORD)
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=10) as client:
        yield page, client
    page.close(verbose=False)


@pytest.fixture(scope="module")
def entered(real: tuple[Any, httpx.Client]) -> Iterator[httpx.Client]:
    _, anybody = real
    with httpx.Client(base_url=anybody.base_url, trust_env=False, timeout=10) as client:
        assert client.post(login.LOGIN, data={"password": PASSWORD}).status_code == 303
        yield client


def routes(page: Any) -> set[tuple[str, str]]:
    """(method, path) of all that the server answers; the parameters in a path filled in."""
    found = set()
    for route in walk(page.app.routes):
        path = re.sub(r"\{[^}]*\}", "1", route.path)
        found |= {(method, path) for method in (getattr(route, "methods", None) or {"GET"})}
    return found


def walk(given: Any) -> Iterator[Any]:
    for route in given:
        if hasattr(route, "path"):
            yield route
        inside = getattr(route, "routes", None) or getattr(getattr(route, "original_router", None), "routes", None)
        yield from walk(inside or ())


@pytest.mark.real
def test_every_route_is_closed_without_login(real: tuple[Any, httpx.Client]) -> None:
    page, client = real
    known = routes(page)
    assert len(known) > 60 and {path for _, path in known} >= {"/", "/config", "/gradio_api/upload"}
    known |= {("OPTIONS", "/"), ("POST", "/"), ("PUT", "/login"), ("GET", "/nothing"), ("TRACE", "/")}
    answered = {(method, path): client.request(method, path) for method, path in sorted(known)}
    open_ = {route for route, answer in answered.items() if answer.status_code != 401}
    assert open_ == {("GET", safety.STARTED)}
    assert answered["GET", safety.STARTED].text == "false"
    assert all("Footnote" not in answer.text or 'type="password"' in answer.text for answer in answered.values())


@pytest.mark.real
def test_with_login_only_the_routes_of_the_page_answer(real: tuple[Any, httpx.Client], entered: httpx.Client) -> None:
    page, _ = real
    streams = {path for _, path in routes(page) if "heartbeat" in path or path.endswith("/queue/data")}
    for method, path in sorted(routes(page)):
        if path in streams or path in (login.LOGIN, login.LOGOUT):
            continue
        status = entered.request(method, path).status_code
        ours = path in safety.PATHS | safety.UPLOADS or path.startswith(safety.FOLDERS)
        assert ours or status == 404, (method, path, status)
    assert entered.get("/").status_code == entered.get("/theme.css").status_code == 200


@pytest.mark.real
@pytest.mark.parametrize("kind", ["absolute", "relative", "upwards", "link", "settings", "index", "fetched"])
def test_no_path_reaches_the_file_system(entered: httpx.Client, kind: str, tmp_path: Path) -> None:
    from ui.uploads import received_folder

    secret = tmp_path / "secret.txt"
    secret.write_text("secret words", encoding="utf-8")
    linked = received_folder() / "linked.txt"
    linked.unlink(missing_ok=True)
    linked.symlink_to(secret)
    relative = os.path.relpath(secret)
    path = {
        "absolute": str(secret),
        "relative": "pyproject.toml",
        "upwards": f"assets/../{relative}",
        "link": str(linked),
        "settings": "rag.toml",
        "index": ".rag/seeds/words.db",
        "fetched": "https://example.org/",
    }[kind]
    for before in ("/gradio_api/file=", "/file=", "/gradio_api/file/", "/assets/", "/static/", "/gradio_api/proxy="):
        for spelled in (path, path.replace("/", "%2f"), path.replace("..", "%2e%2e")):
            answer = entered.get(before + spelled)
            assert answer.status_code in (403, 404) and "secret words" not in answer.text
    linked.unlink()


@pytest.mark.real
def test_an_upload_is_bounded_and_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    import ui.app
    from ui.uploads import SWEPT_AFTER, received_folder, sweep

    monkeypatch.setattr(ui.app, "MAX_FILE_BYTES", 1_000)
    port = free_port()
    page = ui.app.serve(FakeRag(), port=port)
    before = {path for path in received_folder().rglob("*") if path.is_file()}

    def arrived() -> set[Path]:
        return {path for path in received_folder().rglob("*") if path.is_file()} - before

    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
            assert client.post("/gradio_api/upload", files={"files": ("a.txt", b"x" * 1_001)}).status_code == 413
            assert arrived() == set()
            kept = client.post("/gradio_api/upload", files={"files": ("../../a.txt", b"x" * 1_000)}).json()
            assert {str(path) for path in arrived()} == set(kept)
            assert client.get(f"/gradio_api/file={kept[0]}").status_code == 404
    finally:
        page.close(verbose=False)
    assert received_folder().stat().st_mode & 0o077 == 0
    (now,) = (path.stat().st_mtime for path in arrived())
    sweep(received_folder(), now + SWEPT_AFTER - 1)
    assert len(arrived()) == 1
    sweep(received_folder(), now + SWEPT_AFTER + 1)
    assert arrived() == set()


@pytest.mark.real
def test_the_environment_opens_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    from ui.app import serve

    monkeypatch.setenv("GRADIO_ALLOWED_PATHS", "/")
    monkeypatch.setenv("GRADIO_NUM_WORKERS", "1")
    monkeypatch.setenv("GRADIO_LOCAL_DEV_MODE", "1")
    monkeypatch.setenv("GRADIO_SHARE", "True")
    port = free_port()
    page = serve(FakeRag(), port=port)
    try:
        assert (page.share, page.share_url, getattr(page, "_static_worker_pool", None)) == (False, None, None)
        url = f"http://127.0.0.1:{port}/gradio_api/file={__file__}"
        assert httpx.get(url, trust_env=False).status_code == 404
        assert httpx.get(url, trust_env=False, headers={"Origin": "null"}).status_code == 403
    finally:
        page.close(verbose=False)


@pytest.mark.real
@pytest.mark.parametrize("host", ["::1", "::"])
def test_an_address_of_the_new_kind_is_served(host: str) -> None:
    from ui.app import serve

    port = free_port()
    try:
        page = serve(FakeRag(), host=host, port=port, password=PASSWORD)
    except OSError:
        pytest.skip("this machine has no IPv6")
    try:
        assert httpx.get(f"http://[::1]:{port}/", trust_env=False).status_code == 401
    finally:
        page.close(verbose=False)
