"""Drawn markup, parsed: its tags, attributes and text; and what must never become markup."""

from __future__ import annotations

from html.parser import HTMLParser

HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "${alert(1)}",
    '{{constructor.constructor("alert(1)")()}}',
    "`${alert(1)}`",
    "</mark></blockquote></details><h1>free</h1>",
    "<!-- ",
    '" onmouseover="alert(1)',
    "' onfocus='alert(1)",
    "javascript:alert(1)",
    "[click](javascript:alert(1))",
    "<a href='javascript:alert(1)'>click</a>",
    "<svg/onload=alert(1)>",
    "<style>*{display:none}</style>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "\u202egnp.exe\u202c",
    "half a pair \ud800",
)

TAGS = {
    *("article", "b", "button", "code", "datalist", "details", "div", "footer", "form", "h2", "h3", "header", "input"),
    *("label", "li", "mark", "ol", "option", "p", "progress", "section", "span", "strong", "summary", "table", "tbody"),
    *("td", "th", "thead", "tr", "ul"),
}
ATTRIBUTES = {
    *("class", "id", "title", "role", "dir", "max", "value", "type", "scope", "tabindex", "disabled", "list"),
    *("placeholder", "name", "multiple", "hidden"),
}
"""And those that begin with `aria-` or `data-`."""
_VOID = {"input"}


class Page(HTMLParser):
    """A parsed page: its tags, attributes and text, and whether every tag is closed in order."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.marked = ""
        self.extras: list[str] = []
        self._open: list[str] = []
        self.feed(markup)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in _VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data
        if "mark" in self._open:
            self.marked += data

    def handle_comment(self, data: str) -> None:
        self.extras.append(data)

    handle_decl = handle_pi = unknown_decl = handle_comment

    def check(self) -> None:
        """Nothing but what we draw ourselves."""
        names = {name for _, attributes in self.tags for name in attributes}
        assert {tag for tag, _ in self.tags} <= TAGS
        assert {name for name in names if not name.startswith(("aria-", "data-"))} <= ATTRIBUTES
        assert self.extras == []
        self.text.encode("utf-8")

    def attributes(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]
