"""Where the page is to be found, here and by others."""

from __future__ import annotations

import socket

import pytest

from ui import address
from ui.address import elsewhere, here, is_everywhere, own


@pytest.mark.parametrize(
    ("host", "found"),
    [
        ("127.0.0.1", "http://127.0.0.1:7860"),
        ("0.0.0.0", "http://127.0.0.1:7860"),
        ("::", "http://[::1]:7860"),
        ("::1", "http://[::1]:7860"),
        ("localhost", "http://localhost:7860"),
        ("192.168.0.7", "http://192.168.0.7:7860"),
    ],
)
def test_the_address_on_this_machine(host: str, found: str) -> None:
    assert here(host, 7860) == found


def test_others_are_told_an_address_that_they_can_reach(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(address, "own", lambda host: "fd00::7" if ":" in host else "192.168.0.7")
    assert elsewhere("0.0.0.0", 7860) == "http://192.168.0.7:7860"
    assert elsewhere("::", 7860) == "http://[fd00::7]:7860"
    assert [elsewhere(host, 7860) for host in ("127.0.0.1", "192.168.0.7", "localhost")] == [""] * 3
    monkeypatch.setattr(address, "own", lambda host: "")
    assert elsewhere("0.0.0.0", 7860) == f"http://{socket.gethostname()}:7860"


def test_without_a_network_there_is_no_address(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_: object) -> None:
        raise OSError(101, "Network is unreachable")

    assert own("0.0.0.0") == "" or not own("0.0.0.0").startswith("127.")
    monkeypatch.setattr(address.socket, "socket", none)
    assert own("0.0.0.0") == own("::") == ""


def test_only_two_addresses_are_everywhere() -> None:
    hosts = ("0.0.0.0", "::", "[::]", "127.0.0.1", "example")
    assert [is_everywhere(host) for host in hosts] == [True] * 3 + [False] * 2
