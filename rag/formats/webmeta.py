"""What a page says of itself: title, site and date of publication, from its meta elements, JSON-LD and `<time>`.

Only a date that the page states as its own counts, as precise as it is stated. htmldate, which finds more, takes dates
from footers, file names and the oldest link on the page, too, fills in the first of January for a year, and holds
today for the latest possible day. Does not know the text of the page.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from rag.dates import say
from rag.formats.parts import one_line, stated

TITLES = ("og:title", "twitter:title", "citation_title", "dc.title", "dcterms.title", "headline", "parsely-title")
SITES = ("og:site_name", "citation_journal_title", "dc.publisher", "dcterms.publisher", "application-name", "publisher")
DATES = (
    "article:published_time", "og:article:published_time", "og:published_time", "article:published", "datepublished",
    "citation_publication_date", "citation_date", "dc.date.issued", "dcterms.issued", "dc.date", "dcterms.date",
    "dc.date.created", "dcterms.created", "parsely-pub-date", "sailthru.date", "publish-date", "publish_date",
    "publication_date", "published_date", "published_time", "pubdate", "article.published", "date",
)  # fmt: skip
"""Names of meta elements, the surest first. What says when a page was changed is not among them."""
_BARS = re.compile(r"\s+[|·•»:—–-]\s+|\s*[|»]\s*")
_MANY_TIMES = 2
"""With more dates than this beside one report, none of them is known to be its own."""


@dataclass(frozen=True, slots=True)
class PageMeta:
    """What is known of a page; None where it does not say."""

    title: str | None
    site: str | None
    published: str | None


def page_meta(root: Any) -> PageMeta:
    """Title, site and date as the page states them. `root`: the page's `<html>`, parsed."""
    said = _metas(root)
    linked = list(_linked_data(root))
    site = _first(said, SITES) or _publisher(linked)
    titles = [_first(said, TITLES), *(one_line(str(one.get("headline") or "")) for one in linked), *_headings(root)]
    title = next((_without_site(found, site) for found in titles if found), None)
    return PageMeta(title or None, site or None, _published(root, said, linked))


def _metas(root: Any) -> dict[str, str]:
    """The page's meta elements by name in small letters, the first of each."""
    said: dict[str, str] = {}
    for meta in root.iter("meta"):
        content = one_line(meta.get("content") or meta.get("datetime"))
        for key in (meta.get("property"), meta.get("name"), meta.get("itemprop")):
            if key and content:
                said.setdefault(key.strip().lower(), content)
    return said


def _first(said: dict[str, str], names: tuple[str, ...]) -> str:
    return next((said[key] for key in names if key in said), "")


def _linked_data(root: Any) -> Iterator[dict[str, Any]]:
    """The articles in the page's JSON-LD; none where there are several, for then none is the page."""
    found = []
    for script in root.iter("script"):
        if (script.get("type") or "").partition(";")[0].strip().lower() == "application/ld+json":
            try:
                found += list(_objects(json.loads(script.text or "")))
            except (ValueError, RecursionError):
                continue
    articles = [one for one in found if one.get("headline") or one.get("datePublished")]
    return iter(articles if len(articles) == 1 else [])


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, list):
        for one in value:
            yield from _objects(one)
    elif isinstance(value, dict):
        yield value
        yield from _objects(value.get("@graph"))


def _publisher(linked: list[dict[str, Any]]) -> str:
    named = [one.get("publisher") for one in linked]
    named = [one[0] if isinstance(one, list) and one else one for one in named]
    return next((one_line(str(one.get("name") or "")) for one in named if isinstance(one, dict)), "")


def _headings(root: Any) -> Iterator[str]:
    """The only first heading, then what stands in the browser's title bar."""
    heads = [one_line(head.text_content()) for head in root.iter("h1")]
    title = one_line(root.findtext(".//title"))
    for match in _BARS.finditer(title):  # the heading of every page of a site may be the site's name
        if heads == [title[match.end() :]]:
            heads = [title[: match.start()]]
    if len(heads) == 1 and (not title or heads[0].lower() in title.lower()):
        yield heads[0]
    yield title
    yield from heads[:1]


def _without_site(title: str, site: str | None) -> str:
    """The title without the site's name behind or before it, set off by a bar or a dash."""
    if not site:
        return title
    for match in _BARS.finditer(title):
        before, after = title[: match.start()], title[match.end() :]
        if before and after and after.lower() == site.lower():
            return before
        if before and after and before.lower() == site.lower():
            return after
    return title


def _published(root: Any, said: dict[str, str], linked: list[dict[str, Any]]) -> str | None:
    values = [said.get(key) for key in DATES]
    values += [one.get("datePublished") or one.get("dateCreated") for one in linked]
    values += _times(root)
    return next((date for value in values if (date := stated(value))), None)


def write_out_times(root: Any) -> None:
    """On a page of several reports, put each one's own date under its heading, in full, for its text to tell.

    What `<time>` shows may be `3 hours ago`, and may stand below the report, over the next one.
    """
    articles = [one for one in root.iter("article") if _report_of(one.getparent()) is None and _is_own(one)]
    for article in articles if len(articles) > 1 else ():
        times = [time for time in article.iter("time") if _report_of(time) is article and _is_own(time)]
        days = {day for time in times if (day := stated(_said_by(time)))}
        if len(days) != 1:
            continue
        for time in times:
            time.text = ""
            for child in list(time):
                time.remove(child)
        line = article.makeelement("p")
        line.text = say(days.pop())
        heading = next(article.iter("h1", "h2", "h3", "h4"), None)
        if heading is None:
            article.insert(0, line)
        else:
            heading.addnext(line)


def _report_of(element: Any) -> Any:
    """The report that an element stands in, remarks on it apart."""
    inside = [element, *element.iterancestors()] if element is not None else []
    return next((one for one in inside if one.tag == "article"), None)


def _is_own(element: Any) -> bool:
    """Whether it stands in none of the parts of a page that show other reports; a report's own footer is none."""
    return not any(
        above.tag in ("nav", "aside") or (above.tag == "footer" and _report_of(above) is None)
        for above in element.iterancestors()
    )


def _said_by(time: Any) -> str:
    return time.get("datetime") or one_line(time.text_content())


def _times(root: Any) -> list[str]:
    """What `<time>` says: the one marked as the date of publication, else the only one of the page, or of its report;

    of several reports, none.
    """
    times = [time for time in root.iter("time") if not any(above.tag in ("nav", "footer", "aside") for above in
             time.iterancestors())]  # fmt: skip
    reports = [one for one in root.iter("article") if _report_of(one.getparent()) is None]
    if len(reports) == 1:
        times = [time for time in times if _report_of(time) is reports[0]] or times
    marked = [time for time in times if time.get("pubdate") is not None or time.get("itemprop") == "datePublished"]
    values = dict.fromkeys(_said_by(time) for time in marked or times)
    days = dict.fromkeys(date for value in values if (date := stated(value)))
    return list(days)[:1] if len(days) < _MANY_TIMES else []


def site_of(url: str) -> str | None:
    """The site that an address belongs to, as people name it: `example.org`."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.") or None
    except ValueError:
        return None
