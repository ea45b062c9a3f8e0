"""Where the page is to be found: the address on this machine, and the one that others can use.

Asks the system only; sends nothing.
"""

from __future__ import annotations

import ipaddress
import socket

BEYOND = {socket.AF_INET: "192.0.2.1", socket.AF_INET6: "2001:db8::1"}
"""Addresses that belong to nobody (RFC 5737, RFC 3849), and lie beyond every local network."""


def here(host: str, port: int) -> str:
    """The address to open on this machine: what listens everywhere listens there, too."""
    return _address({"0.0.0.0": "127.0.0.1", "::": "::1"}.get(_plain(host), host), port)


def elsewhere(host: str, port: int) -> str:
    """The address for others in the network, where the page listens on every address of this machine; else empty."""
    return _address(own(_plain(host)) or socket.gethostname(), port) if is_everywhere(host) else ""


def is_everywhere(host: str) -> bool:
    """Whether listening on it is listening on all addresses that this machine has."""
    try:
        return ipaddress.ip_address(_plain(host)).is_unspecified
    except ValueError:
        return False


def own(host: str) -> str:
    """This machine's address in the network, of the family of `host`; empty where it has none but its own.

    It is the one from which something would be sent beyond the network; connecting UDP sends nothing.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((BEYOND[family], 9))
            found = str(probe.getsockname()[0])
    except OSError:  # no network
        return ""
    return "" if ipaddress.ip_address(found.partition("%")[0]).is_loopback else found


def _plain(host: str) -> str:
    return host.strip("[]")


def _address(host: str, port: int) -> str:
    return f"http://[{_plain(host)}]:{port}" if ":" in host else f"http://{host}:{port}"
