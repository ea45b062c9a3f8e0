"""`python -m ui [DIR]`: index the folder, show its page on this machine, until Ctrl-C.

Words every expected failure in one sentence; knows neither the page nor the pipeline from inside.
"""

from __future__ import annotations

import argparse
import contextlib
import logging
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import FrameType

from rag import Rag, load_settings
from rag.errors import InputError, NoDocumentsError, RagError
from rag.progress import progress_bar
from ui.address import elsewhere, here
from ui.safety import check_exposure, is_loopback

PATIENCE = 5.0
"""Seconds of indexing before the page is shown all the same."""
OpenRag = Callable[..., Rag]


def main(arguments: Sequence[str] | None = None, *, open_rag: OpenRag | None = None) -> int:
    """Run until interrupted; returns the exit code: 0 ended on request, 2 wrong input, 1 anything else.

    `open_rag` stands in for `Rag.open`.
    """
    options = _options(arguments)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    with _interruptible():
        try:
            _run(options, open_rag or Rag.open)
        except KeyboardInterrupt:
            return 0
        except (RagError, _PortError) as exc:
            print(exc, file=sys.stderr)
            return 2 if isinstance(exc, InputError | _PortError) else 1
    return 0


class _PortError(Exception):
    """The address cannot be listened on; one sentence."""


def _run(options: argparse.Namespace, open_rag: OpenRag) -> None:
    settings = load_settings()
    check_exposure(options.host, settings.password)
    _check_port(options.host, options.port)  # before the indexing, which may take long
    if not is_loopback(options.host):
        print(
            f"Whoever reaches {options.host} is asked for the password; nothing is encrypted on the way.",
            file=sys.stderr,
        )
    rag = open_rag(options.folder, wait=False, follow=True)
    with rag:
        with progress_bar() as progress, contextlib.suppress(NoDocumentsError):  # the page says how to add some
            rag.wait(PATIENCE, progress)  # a folder of usual size is done by then; another goes on behind the page
        threading.Thread(target=_warm_up, args=(rag,), daemon=True).start()
        from rag.index import announce
        from ui.app import serve  # takes seconds; a wrong folder has been told of by now

        try:
            page = serve(
                rag,
                keep=settings.history,
                host=options.host,
                port=options.port,
                password=settings.password,
            )
        except OSError as exc:
            raise _PortError(_taken(options.host, options.port)) from exc
        try:
            announce(Path(rag.status().home), here(options.host, options.port))
            print(_ready(options.host, options.port), flush=True)
            threading.Event().wait()
        finally:
            page.close(verbose=False)


def _warm_up(rag: Rag) -> None:
    with contextlib.suppress(RagError):  # the first question meets it again, and the page says so
        rag.warm_up()
        rag.suggestions()  # which are looked for from now on


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m ui",
        description="Ask a folder of documents in the browser; every sentence has its source.",
    )
    parser.add_argument("folder", nargs="?", default="seeds", metavar="DIR", help="documents (default: %(default)s)")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s, this machine)")
    parser.add_argument("--port", type=_port, default=7860, help="port to listen on (default: %(default)s)")
    return parser.parse_args(arguments)


def _port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65_535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port; use a number from 1 to 65535")
    return int(text)


def _check_port(host: str, port: int) -> None:
    """Fail early and in plain words where the server would fail late and in its own."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except OSError as exc:
        raise _PortError(f"There is no address {host!r} on this machine; choose another one with --host.") from exc
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, sys.platform != "win32")
        try:
            probe.bind(address)
        except OSError as exc:
            raise _PortError(_taken(host, port)) from exc


def _taken(host: str, port: int) -> str:
    return f"Port {port} on {host} is taken or not allowed; choose another one, as in --port {_another(port)}."


def _another(port: int) -> int:
    return port + 1 if 1_024 <= port < 65_535 else 8_080


def _ready(host: str, port: int) -> str:
    others = elsewhere(host, port)
    return f"Footnote is ready: {here(host, port)}" + (f" (for others in your network: {others})" if others else "")


@contextlib.contextmanager
def _interruptible() -> Iterator[None]:
    """The first Ctrl-C or SIGTERM is a KeyboardInterrupt; further ones do not disturb the closing down."""

    def interrupt(signum: int, frame: FrameType | None) -> None:
        for name in signals:
            signal.signal(name, signal.SIG_IGN)
        raise KeyboardInterrupt

    signals = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(name, interrupt) for name in signals]
    try:
        yield
    finally:
        for name, handler in zip(signals, before, strict=True):
            signal.signal(name, handler)
