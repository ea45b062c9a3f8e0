"""A language model's server that says what a test tells it to, in the OpenAI streaming format or out of it."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Script = Callable[["Conversation"], None]


class Conversation:
    """One request and the way to answer it."""

    def __init__(self, handler: BaseHTTPRequestHandler) -> None:
        self._handler = handler
        self.path = handler.path
        self.key = handler.headers.get("Authorization", "").removeprefix("Bearer ")
        self.body: dict[str, Any] = json.loads(handler.rfile.read(int(handler.headers["Content-Length"])))
        self.gone = threading.Event()
        """Set when the other side closed the connection before the answer was complete."""

    def begin(self, status: int = 200, kind: str = "text/event-stream") -> None:
        self._handler.send_response(status)
        self._handler.send_header("Content-Type", kind)
        self._handler.send_header("Connection", "close")
        self._handler.end_headers()

    def write(self, text: str) -> bool:
        """Send a text as it is; False once nobody listens."""
        try:
            self._handler.wfile.write(text.encode())
            self._handler.wfile.flush()
        except OSError:
            self.gone.set()
        return not self.gone.is_set()

    def say(self, text: str, **choice: Any) -> bool:
        """Send one piece of an answer."""
        chunk = {
            "id": "1",
            "object": "chat.completion.chunk",
            "created": 1,
            "model": self.body.get("model", ""),
            "choices": [{"index": 0, "delta": {"content": text}, "finish_reason": None, **choice}],
        }
        return self.write(f"data: {json.dumps(chunk)}\n\n")

    def end(self) -> None:
        self.write("data: [DONE]\n\n")


@contextmanager
def serving(script: Script) -> Iterator[tuple[str, list[Conversation]]]:
    """The base URL of a server that follows the script, and the conversations it has had."""
    had: list[Conversation] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            had.append(Conversation(self))
            script(had[-1])
            self.close_connection = True

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/v1", had
    finally:
        server.shutdown()
        server.server_close()


def says(*pieces: str) -> Script:
    """A good answer in these pieces."""

    def script(talk: Conversation) -> None:
        talk.begin()
        for piece in pieces:
            talk.say(piece)
        talk.end()

    return script


def fails(status: int, text: str, kind: str = "application/json") -> Script:
    """An answer with this status and body."""

    def script(talk: Conversation) -> None:
        talk.begin(status, kind)
        talk.write(text)

    return script


def waits(seconds: float) -> Script:
    """Silence, or as much of it as somebody waits for."""

    def script(talk: Conversation) -> None:
        time.sleep(seconds)

    return script


def talks_on(talk: Conversation) -> None:
    """A piece every few milliseconds until nobody listens, ten seconds at most."""
    talk.begin()
    for number in range(1000):
        if not talk.say(f"word{number} "):
            return
        time.sleep(0.01)
