"""One password for the page: a form, a cookie, and patience with those who guess.

Gradio's own `auth=` leaves a third of its routes open (starting, cancelling, closing sessions among them), sets a
second cookie without SameSite, and answers as many guesses as arrive; hence this one. Knows nothing of the page.
"""

from __future__ import annotations

import hmac
import ipaddress
import math
import secrets
import time
import unicodedata
from collections import OrderedDict
from collections.abc import Callable
from typing import TypeVar
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import Receive, Scope

V = TypeVar("V")
LOGIN, LOGOUT = "/login", "/logout"
SESSION_SECONDS = 7 * 24 * 3600
FREE_GUESSES = 5
"""Wrong ones, before the first wait: typing errors are usual."""
LONGEST_WAIT = 300.0
"""Seconds between two guesses in the end; they double up to it, from one. That is under 300 guesses a day."""
FORGOTTEN_AFTER = 3600.0
"""Seconds after which an address that guessed wrong is as good as new."""
KNOWN_AT_MOST = 10_000
"""Sessions, and addresses that guessed: more are not kept in memory, the oldest go first."""
FORM_BYTES = 4096
WRONG = "This is not the password."
WAIT = "Too many wrong passwords from here: please wait {seconds:,} seconds."

_STYLE = """
:root { color-scheme: light dark; font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif }
body { min-height: 90vh; margin: 0; display: grid; place-content: center }
form { display: grid; gap: .75rem; width: min(20rem, 90vw) }
h1 { margin: 0; font-size: 1.4rem }
label { display: grid; gap: .25rem }
input, button { font: inherit; padding: .5rem .75rem; border: 1px solid GrayText; border-radius: .5rem }
button { cursor: pointer }
p { margin: 0; min-height: 1.5em }
"""
_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
_FORM = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Footnote</title>
<link rel="icon" href="data:,">
<style>{style}</style>
<form method="post" action="{action}">
<h1>Footnote</h1>
<label>Password <input type="password" name="password" autocomplete="current-password" required autofocus></label>
<button>Log in</button>
<p role="alert">{said}</p>
</form>
</html>
"""


class Login:
    """Who has given the password, and who has guessed wrong how often. Used on one event loop."""

    def __init__(self, password: str, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._password = _plain(password)
        self._clock = clock
        self._sessions: OrderedDict[str, float] = OrderedDict()  # token → until when
        self._wrong: OrderedDict[str, tuple[int, float]] = OrderedDict()  # address → how often, last when

    async def answer(self, scope: Scope, receive: Receive) -> Response | None:
        """What to send instead of the page; None for somebody who is logged in and asks for something else."""
        request = Request(scope, receive)
        name = f"footnote-{(scope.get('server') or ('', 0))[1]}"  # cookies are shared by all ports of a host
        token = request.cookies.get(name, "")
        if (request.method, request.url.path) == ("POST", LOGOUT):
            self._sessions.pop(token, None)
            left = RedirectResponse("/", 303)
            left.delete_cookie(name)
            return left
        if (request.method, request.url.path) == ("POST", LOGIN):
            return await self._try(request, name)
        if self.knows(token):
            return RedirectResponse("/", 303) if request.url.path == LOGIN else None
        if request.url.path in ("/", LOGIN) and request.method in ("GET", "HEAD"):
            return _form("", 401)
        return PlainTextResponse("Log in first: open the page, and give the password.", 401)

    async def _try(self, request: Request, cookie: str) -> Response:
        guess = await _guess(request)
        address = request.client.host if request.client else ""
        if wait := self.wait(address):  # from here on nothing is awaited: guesses at the same time count one by one
            return _form(WAIT.format(seconds=wait), 429, {"Retry-After": str(wait)})
        if (token := self.enter(guess, address)) is None:
            return _form(WRONG, 401)
        entered = RedirectResponse("/", 303)
        entered.set_cookie(
            cookie,
            token,
            max_age=SESSION_SECONDS,
            httponly=True,
            samesite="strict",
            secure=request.url.scheme == "https",
        )
        return entered

    def enter(self, guess: str, address: str) -> str | None:
        """A new session's token, or None for a wrong password, which is counted."""
        place, now = _place(address), self._clock()
        if hmac.compare_digest(_plain(guess), self._password):
            self._wrong.pop(place, None)
            return _keep(self._sessions, secrets.token_urlsafe(32), now + SESSION_SECONDS)
        count, last = self._wrong.get(place, (0, now))
        _keep(self._wrong, place, (1 if now - last > FORGOTTEN_AFTER else count + 1, now))
        return None

    def wait(self, address: str) -> int:
        """Whole seconds until this address may guess again."""
        count, last = self._wrong.get(_place(address), (0, 0.0))
        pause = 0.0 if count < FREE_GUESSES else min(LONGEST_WAIT, 2.0 ** min(count - FREE_GUESSES, 16))
        return max(0, math.ceil(last + pause - self._clock()))

    def knows(self, token: str) -> bool:
        """Whether this is the token of a session that has not ended."""
        return self._sessions.get(token, -math.inf) > self._clock()


def _keep(kept: OrderedDict[str, V], key: str, value: V) -> str:
    kept[key] = value
    kept.move_to_end(key)
    while len(kept) > KNOWN_AT_MOST:
        kept.popitem(last=False)
    return key


def _plain(password: str) -> bytes:
    """The same for the same letters, however a keyboard composes them."""
    return unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")


def _place(address: str) -> str:
    """Where guesses are counted together: whoever has one IPv6 address has all 2⁶⁴ of its network."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address):
        return str(found.ipv4_mapped or ipaddress.ip_network((found, 64), strict=False))
    return str(found)


async def _guess(request: Request) -> str:
    """The password in a form's body; empty where there is none. What is too long is not read to its end."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > FORM_BYTES:
            return ""
    return parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True).get("password", [""])[0]


def _form(said: str, status: int, headers: dict[str, str] | None = None) -> HTMLResponse:
    page = _FORM.format(style=_STYLE, action=LOGIN, said=said)
    return HTMLResponse(page, status, {"Content-Security-Policy": _POLICY, **(headers or {})})
