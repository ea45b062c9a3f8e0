"""What stands between the network and the page: who is served, which routes exist, and how much may be sent to them.

`guarding` wraps the whole server, so that nothing behind it (Gradio answers some sixty routes, many without asking who
calls) can be reached around it. Knows requests; knows neither the page nor the documents.
"""

from __future__ import annotations

import contextlib
import ipaddress
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rag.errors import SettingsError
from rag.settings import PASSWORD_LENGTH
from ui.headers import with_headers, with_policy
from ui.login import Login
from ui.uploads import MAX_TOTAL_BYTES, sweeping

API = "/gradio_api"
STARTED = f"{API}/startup-events"
"""Asked by Gradio's own `launch`, without a cookie; starts the queue the first time and does nothing ever after."""
PATHS = frozenset({
    "/", "/config", "/theme.css", "/favicon.ico", STARTED,
    f"{API}/queue/join", f"{API}/queue/data", f"{API}/run/predict", f"{API}/cancel", f"{API}/reset",
})  # fmt: skip
FOLDERS = ("/assets/", "/static/", f"{API}/heartbeat/")
"""All that the page asks for. The rest of Gradio's routes read files (`file=`), fetch addresses (`file=https:…`,
`proxy=`), run a component's methods or describe the interface: they are answered as if they did not exist."""
UPLOADS = frozenset({f"{API}/upload", f"{API}/upload_progress"})
MAX_BODY_BYTES = 2**20
"""A question has at most 2,000 characters; the rest of a request is Gradio's wrapping."""


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches `host`. A name other than localhost may lead anywhere."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def check_exposure(host: str, password: str) -> None:
    """Raises SettingsError where others could reach the page and nothing would stop them."""
    if not is_loopback(host) and not password:
        raise SettingsError(
            f"Anyone who can reach {host} could read these documents; set a password of at least {PASSWORD_LENGTH} "
            "characters in the environment variable RAG_PASSWORD, or as `password` in rag.toml."
        )


def guarding(
    *, host: str, password: str = "", uploads: bool = False
) -> Callable[[Any], AbstractAsyncContextManager[None]]:
    """A lifespan for the server's app (`app_kwargs={"lifespan": …}`) that puts the guard around all of it.

    Gradio adds its own middleware outside of any that it is given, and that one lets every website ask where the host
    is not called localhost; hence the finished stack is wrapped, before the first request.

    Raises:
        SettingsError: the host is not loopback and there is no password.
    """
    check_exposure(host, password)

    @contextlib.asynccontextmanager
    async def lifespan(app: Any) -> AsyncIterator[None]:
        app.middleware_stack = Guard(
            app.middleware_stack, host=host, login=Login(password) if password else None, uploads=uploads
        )
        async with sweeping():
            yield

    return lifespan


class Guard:
    """Lets through what `refusal` has nothing against, of whoever is logged in, and puts the headers on everything."""

    def __init__(self, app: ASGIApp, *, host: str, login: Login | None = None, uploads: bool = False) -> None:
        self._app = app
        self._served = served(host)
        self._login = login
        self._paths = PATHS | UPLOADS if uploads else PATHS
        self._started = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            answer = await self._answer(scope, receive)
            await answer(scope, receive, with_headers(send, scope["path"]))
        else:  # a websocket; the page has none
            await send({"type": "websocket.close", "code": 1008})

    async def _answer(self, scope: Scope, receive: Receive) -> ASGIApp:
        path, method, headers = scope["path"], scope["method"], Headers(scope=scope)
        if said := refusal(method=method, path=path, headers=headers, served=self._served):
            return PlainTextResponse(said, 403)
        if path == STARTED and method == "GET":
            return self._start()
        if self._login is not None and (answer := await self._login.answer(scope, receive)) is not None:
            return answer
        if path not in self._paths and not path.startswith(FOLDERS):
            return PlainTextResponse("There is nothing here.", 404)
        limited = _Limited(self._app, MAX_TOTAL_BYTES if path in UPLOADS else MAX_BODY_BYTES)
        return with_policy(limited) if (path, method) == ("/", "GET") else limited

    def _start(self) -> ASGIApp:
        if self._started:
            return Response("false", media_type="application/json")
        self._started = True
        return self._app


@dataclass(frozen=True, slots=True)
class Served:
    """What a browser may call this machine: names in lower case, without port, and perhaps any address."""

    names: frozenset[str]
    addresses: bool

    def __contains__(self, host: str) -> bool:
        try:
            name = (urlsplit(f"//{host}").hostname or "").rstrip(".")
        except ValueError:
            return False
        return name in self.names or (self.addresses and _is_address(name))


def served(host: str) -> Served:
    """What a browser may call this machine when the page listens on `host`.

    A foreign site can let its own name lead to this machine (DNS rebinding) and then ask from the visitor's browser as
    if it were the page itself; but the browser still says that name. An address cannot be made to lead elsewhere.
    """
    names = {"localhost", "127.0.0.1", "::1", host.strip("[]")}
    if open_to_others := not is_loopback(host):
        own = socket.gethostname()
        names |= {own, f"{own}.local", socket.getfqdn()}
    return Served(frozenset(name.lower() for name in names), open_to_others)


def refusal(*, method: str, path: str, headers: Headers, served: Served) -> str:
    """Why a request is turned away, in one sentence; empty when it is not."""
    for host in (headers.get("host", ""), *headers.getlist("x-forwarded-host")):
        if host not in served:
            return f"This page is served as {', '.join(sorted(served.names))}, not as {host!r}."
    if ".." in path.split("/") or "\\" in path or "\0" in path:
        return "This is no address of this page."
    if (origin := headers.get("origin")) is not None and urlsplit(origin).netloc != headers["host"]:
        return "Another site may not ask this page."
    if headers.get("sec-fetch-site", "none") not in ("same-origin", "none") and not _is_visit(method, path, headers):
        return "Another site may not ask this page."
    return ""


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _is_visit(method: str, path: str, headers: Headers) -> bool:
    """Somebody follows a link from another site to the page, and that site does not frame it."""
    into = headers.get("sec-fetch-mode"), headers.get("sec-fetch-dest")
    return method in ("GET", "HEAD") and path == "/" and into == ("navigate", "document")


class _Limited:
    """Answers 413 to what is longer than `limit` bytes, and reads no more of it."""

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self._app = app
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        length = Headers(scope=scope).get("content-length", "0")
        over = not length.isdecimal() or int(length[:20]) > self._limit
        read, started = 0, False

        async def receive_some() -> Message:
            nonlocal read, over
            message = await receive()
            read += len(message.get("body", b""))
            over = over or read > self._limit
            return {"type": "http.disconnect"} if over else message

        async def send_unless_over(message: Message) -> None:
            nonlocal started
            if started or not over:
                started = True
                await send(message)

        if not over:
            try:
                await self._app(scope, receive_some, send_unless_over)
            except Exception:
                if not over:  # else it only says that the rest did not come
                    raise
        if over and not started:
            said = PlainTextResponse(f"This is too much at once; the limit is {self._limit:,} bytes.", 413)
            await said(scope, receive, send)
