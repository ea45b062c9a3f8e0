"""The one client: servers that answer, that do not, that talk nonsense; and the embedded model."""

from __future__ import annotations

import gc
import json
import socket
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from rag.errors import ModelError
from rag.llm import EMBEDDED_NAME, MAX_TOKENS, SEED, LanguageModel
from tests.rag.servers import Conversation, Script, fails, says, serving, talks_on, waits

SYSTEM = (
    "Answer the question from the numbered sources alone, in one or two short sentences. "
    "Keep every number, date and name exactly as the source writes it."
)
USER = (
    "[1] (The Courier, 2025) The new bridge in Ulm opens to traffic in May 2025, the mayor said.\n\n"
    "Question: When does the new bridge in Ulm open?"
)


def model(url: str, *, timeout: float = 10.0, key: str = "") -> LanguageModel:
    return LanguageModel(url=url, model="test-model", api_key=key, timeout=timeout)


def answer(url: str, *, timeout: float = 10.0) -> str:
    return "".join(model(url, timeout=timeout).stream(SYSTEM, USER))


def complaint(script: Script, *, timeout: float = 10.0) -> str:
    """What is said of a server that follows the script."""
    with serving(script) as (url, _), pytest.raises(ModelError) as caught:
        answer(url, timeout=timeout)
    said = str(caught.value)
    assert url in said
    assert "\n" not in said
    return said


def test_a_good_answer_comes_in_pieces() -> None:
    with serving(says("It ", "", "opens in ", "Mai – Ärger 橋.")) as (url, had):
        assert list(model(url).stream(SYSTEM, USER)) == ["It ", "opens in ", "Mai – Ärger 橋."]
    (talk,) = had
    assert talk.path == "/v1/chat/completions"
    assert talk.body["messages"] == [{"role": "system", "content": SYSTEM}, {"role": "user", "content": USER}]


def test_what_is_asked_for() -> None:
    with serving(says("May.")) as (url, had):
        list(model(url, key="sk-test").stream(SYSTEM, USER))
        list(model(url).stream(SYSTEM, USER))
    first, second = had
    assert {key: first.body[key] for key in ("model", "temperature", "seed", "max_tokens", "stream")} == {
        "model": "test-model",
        "temperature": 0.0,
        "seed": SEED,
        "max_tokens": MAX_TOKENS,
        "stream": True,
    }
    assert first.key == "sk-test"
    assert second.key != "sk-test"


def test_pieces_come_when_they_are_said() -> None:
    go_on = threading.Event()

    def script(talk: Conversation) -> None:
        talk.begin()
        talk.say("first ")
        go_on.wait(10)
        talk.say("second")
        talk.end()

    with serving(script) as (url, _):
        pieces = model(url).stream(SYSTEM, USER)
        assert next(pieces) == "first "
        go_on.set()
        assert list(pieces) == ["second"]


def test_nobody_there() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/v1"
    began = time.perf_counter()
    with pytest.raises(ModelError, match=f"{url} cannot be reached.*RAG_LLM_URL"):
        answer(url)
    assert time.perf_counter() - began < 5


@pytest.mark.parametrize("url", ["no url", "ftp://127.0.0.1/v1", "http://", "http://nowhere.invalid/v1"])
def test_a_url_that_is_none(url: str) -> None:
    with pytest.raises(ModelError):
        answer(url)


def test_too_slow_to_begin() -> None:
    began = time.perf_counter()
    assert "no answer within 0.3 s (RAG_LLM_TIMEOUT)" in complaint(waits(2), timeout=0.3)
    assert time.perf_counter() - began < 5


def test_too_slow_to_end() -> None:
    def drips(talk: Conversation) -> None:
        talk.begin()
        while talk.say("drip "):
            time.sleep(0.1)

    began = time.perf_counter()
    assert "no answer within 0.5 s" in complaint(drips, timeout=0.5)
    assert time.perf_counter() - began < 5


def test_a_slow_reader_is_not_a_slow_server() -> None:
    with serving(says("one ", "two ", "three")) as (url, _):
        heard = []
        for piece in model(url, timeout=0.5).stream(SYSTEM, USER):
            heard.append(piece)
            time.sleep(0.3)
    assert heard == ["one ", "two ", "three"]


@pytest.mark.parametrize(
    ("status", "text", "said"),
    [
        (500, '{"error": {"message": "out of memory"}}', "HTTP 500"),
        (503, "<html><body>Bad gateway</body></html>", "HTTP 503"),
        (404, '{"error": "no such model"}', "no such model"),
        (401, '{"error": {"message": "wrong key"}}', "HTTP 401"),
        (400, "x" * 10_000, "HTTP 400"),
    ],
)
def test_a_server_that_refuses(status: int, text: str, said: str) -> None:
    found = complaint(fails(status, text))
    assert said in found
    assert len(found) < 400


def script_of(*lines: str) -> Script:
    def script(talk: Conversation) -> None:
        talk.begin()
        for line in lines:
            talk.write(f"{line}\n\n")

    return script


@pytest.mark.parametrize(
    "script",
    [
        pytest.param(fails(200, "<html><body>Welcome</body></html>", "text/html"), id="a web page"),
        pytest.param(fails(200, '{"models": []}'), id="other JSON"),
        pytest.param(script_of("data: {nonsense"), id="broken JSON"),
        pytest.param(script_of('data: {"error": {"message": "context exceeded"}}'), id="an error in the stream"),
        pytest.param(script_of('data: {"id": "1", "choices": []}', "data: [DONE]"), id="no choices"),
        pytest.param(script_of("data: [1, 2, 3]"), id="a list"),
        pytest.param(says(), id="an empty stream"),
        pytest.param(says("", ""), id="empty pieces"),
        pytest.param(fails(200, ""), id="nothing at all"),
    ],
)
def test_nonsense(script: Script) -> None:
    assert complaint(script).startswith("The language model at ")


def test_a_connection_that_breaks_off() -> None:
    def script(talk: Conversation) -> None:
        talk._handler.send_response(200)
        talk._handler.send_header("Content-Type", "text/event-stream")
        talk._handler.send_header("Content-Length", "10000")
        talk._handler.end_headers()
        talk.say("It opens ")

    with serving(script) as (url, _):
        pieces = model(url).stream(SYSTEM, USER)
        assert next(pieces) == "It opens "
        with pytest.raises(ModelError, match="unusable"):
            next(pieces)


def test_closing_the_generator_closes_the_connection() -> None:
    gc.disable()  # it must not take the garbage collector to stop a model
    try:
        with serving(talks_on) as (url, had):
            pieces = model(url).stream(SYSTEM, USER)
            assert next(pieces) == "word0 "
            assert not had[0].gone.is_set()
            pieces.close()
            assert had[0].gone.wait(5)
    finally:
        gc.enable()


def test_closing_from_another_thread_than_the_one_that_began() -> None:
    with serving(talks_on) as (url, had):
        one = model(url)
        pieces, others = one.stream(SYSTEM, USER), one.stream(SYSTEM, USER)
        begun = threading.Thread(target=next, args=(pieces,))
        begun.start()
        begun.join(5)
        next(others)
        pieces.close()
        assert had[0].gone.wait(5)
        assert not had[1].gone.is_set()
        others.close()
        assert had[1].gone.wait(5)


def test_many_ask_at_once() -> None:
    def echoes(talk: Conversation) -> None:
        talk.begin()
        for word in talk.body["messages"][1]["content"].split():
            talk.say(f"{word} ")
            time.sleep(0.01)
        talk.end()

    heard: dict[int, str] = {}
    with serving(echoes) as (url, _):
        one = model(url)

        def ask(number: int) -> None:
            heard[number] = "".join(one.stream(SYSTEM, f"this is number {number}"))

        threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
    assert heard == {number: f"this is number {number} " for number in range(8)}


def test_a_proxy_has_no_say_in_what_stays_on_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    with serving(says("May.")) as (url, _):
        assert answer(url) == "May."


def test_names() -> None:
    assert LanguageModel().name == EMBEDDED_NAME
    assert LanguageModel(url="http://x/v1", model="big").name == "big"
    assert LanguageModel(url="http://x/v1").name == "http://x/v1"


def test_a_missing_package_is_named_with_its_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.llm.EMBEDDED_PACKAGE", "no_such_package_here")
    with pytest.raises(ModelError, match="pip install"):
        next(LanguageModel().stream(SYSTEM, USER))


# The embedded model


@pytest.fixture(scope="module")
def embedded() -> Iterator[LanguageModel]:
    one = LanguageModel(context=1024)
    yield one
    one.close()


@pytest.mark.real
def test_the_embedded_model_answers_the_same_each_time(embedded: LanguageModel) -> None:
    answers = {"".join(embedded.stream(SYSTEM, USER)) for _ in range(2)}
    (one,) = answers
    assert "May 2025" in one


@pytest.mark.real
def test_the_embedded_model_can_be_stopped(embedded: LanguageModel) -> None:
    pieces = embedded.stream("You are a poet.", "Write a long poem about a river.")
    next(pieces)
    pieces.close()
    assert "May 2025" in "".join(embedded.stream(SYSTEM, USER))


def chat(url: str, key: str) -> int:
    """The status of a request with this key."""
    body = json.dumps({"messages": [{"role": "user", "content": "Hi"}], "max_tokens": 1}).encode()
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {key}"}
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(urllib.request.Request(f"{url}/chat/completions", body, headers), timeout=30) as reply:
            return int(reply.status)
    except urllib.error.HTTPError as exc:
        return int(exc.code)


@pytest.mark.real
def test_the_embedded_model_is_on_loopback_behind_a_key(embedded: LanguageModel) -> None:
    assert embedded.llm.api_base is not None and embedded.llm.api_key is not None
    assert urlsplit(embedded.llm.api_base).hostname == "127.0.0.1"
    assert len(embedded.llm.api_key) >= 24
    assert chat(embedded.llm.api_base, embedded.llm.api_key) == 200
    assert chat(embedded.llm.api_base, "guess") == 401
    assert chat(embedded.llm.api_base, "") == 401


@pytest.mark.real
def test_two_embedded_models_have_two_keys_and_ports(embedded: LanguageModel) -> None:
    other = LanguageModel(context=512)
    try:
        assert other.llm.api_base != embedded.llm.api_base
        assert other.llm.api_key != embedded.llm.api_key
        assert chat(str(embedded.llm.api_base), str(other.llm.api_key)) == 401
    finally:
        other.close()


@pytest.mark.real
def test_a_closed_model_has_let_go_of_its_port() -> None:
    one = LanguageModel(context=512)
    assert "".join(one.stream(SYSTEM, USER))
    one.close()
    with pytest.raises(ModelError):
        "".join(one.stream(SYSTEM, USER))


@pytest.mark.real
def test_a_prompt_longer_than_the_window_is_an_error_and_no_answer_to_half_of_it(embedded: LanguageModel) -> None:
    with pytest.raises(ModelError):
        "".join(embedded.stream(SYSTEM, "The bridge opens in May. " * 600))
