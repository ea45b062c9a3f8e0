"""What a browser is told with every answer: what a page may load and run, and that no other site may use it.

Knows HTML as Gradio serves it, and headers; does not know who asks.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable

from starlette.datastructures import MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

KEPT = ("/assets/", "/static/")
"""Gradio's own files, the same for everybody. All else is never kept by a browser: others may use it too."""
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-DNS-Prefetch-Control": "off",
    "Referrer-Policy": "same-origin",  # `no-referrer` would make the Origin of our own form "null"
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), display-capture=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
POLICY = {
    "default-src": "'none'",
    "script-src": "'self' 'unsafe-eval'",  # gr.HTML turns its template and its script into functions
    "script-src-attr": "'none'",
    "style-src": "'self' 'unsafe-inline'",  # Gradio and Svelte write style elements and attributes
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "base-uri": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
_INLINE = re.compile(r"<script(?P<attributes>[^>]*)>(?P<code>.*?)</script>", re.DOTALL | re.IGNORECASE)
_NEEDLESS = re.compile(r"""<meta\s+(?:property="og:|name="twitter:)[^>]*>|<link\s+rel="manifest"[^>]*>""")
"""Addresses abroad that describe Gradio to social networks, and a manifest for installing the page as an app."""


def tidied(page: str) -> str:
    """The page as Gradio serves it, without the references that it has no use for here."""
    page = _INLINE.sub(lambda script: "" if "iframeResizer" in script["code"] else script[0], page)
    return _NEEDLESS.sub("", page)


def policy_for(page: str) -> str:
    """The Content-Security-Policy under which only the scripts that were served in this very page run."""
    scripts = (script["code"] for script in _INLINE.finditer(page) if "src=" not in script["attributes"])
    return _policy(_hash(code) for code in scripts)


def _policy(scripts: Iterable[str] = ()) -> str:
    allowed = POLICY | {"script-src": " ".join((POLICY["script-src"], *dict.fromkeys(scripts)))}
    return "; ".join(f"{name} {sources}" for name, sources in allowed.items())


def _hash(code: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()}'"


def with_policy(app: ASGIApp) -> ASGIApp:
    """Serves an HTML page tidied, and with the policy for its scripts."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        plain = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
        started: Message = {}
        body = b""

        async def collect(message: Message) -> None:
            nonlocal started, body
            if message["type"] == "http.response.start":
                started = message
            else:
                body += message.get("body", b"")

        await app({**scope, "headers": plain}, receive, collect)
        page = tidied(body.decode())
        shown = Response(page, started["status"], media_type="text/html")
        shown.headers["Content-Security-Policy"] = policy_for(page)
        await shown(scope, receive, send)

    return answer


def with_headers(send: Send, path: str) -> Send:
    """Puts the headers on whatever is answered, and takes off Gradio's permission for other sites."""

    async def dressed(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name in [name for name in headers if name.startswith("access-control-")]:
                del headers[name]
            headers.update(HEADERS)
            headers.setdefault("Content-Security-Policy", _policy())
            if not path.startswith(KEPT):
                headers["Cache-Control"] = "no-store"
        await send(message)

    return dressed
