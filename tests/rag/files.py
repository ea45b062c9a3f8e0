"""Makes the files that the tests of the readers read: small, of today's formats, some of them damaged on purpose."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from email.message import EmailMessage


def pdf(pages: Sequence[Sequence[str]], *, info: str = "", size: float = 11) -> bytes:
    """A PDF whose pages hold these lines, from the top; an empty line leaves a gap."""
    kids = " ".join(f"{4 + 2 * at} 0 R" for at in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for at, lines in enumerate(pages):
        shown = " ".join(f"({_escaped(line)}) Tj T*" for line in lines)
        stream = f"BT /F1 {size} Tf 14 TL 72 760 Td {shown} ET".encode("cp1252")
        font = "/Resources << /Font << /F1 3 0 R >> >>"
        page = f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] {font} /Contents {5 + 2 * at} 0 R >>"
        objects += [page.encode(), b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream)]
    objects.append(f"<< {info} >>".encode("cp1252"))
    return _file(objects)


def _escaped(line: str) -> str:
    return line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def _file(objects: Sequence[bytes]) -> bytes:
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}".encode()
    out += f"trailer << /Size {len(objects) + 1} /Root 1 0 R /Info {len(objects)} 0 R >>\n".encode()
    return bytes(out + b"startxref\n%d\n%%%%EOF" % start)


def packed(parts: Mapping[str, str | bytes]) -> bytes:
    """A zip archive of these entries."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def repacked(data: bytes, changed: Mapping[str, str | bytes]) -> bytes:
    """The archive with some entries replaced or added."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return packed({name: archive.read(name) for name in archive.namelist()} | dict(changed))


def saved(document: object) -> bytes:
    """What a document of python-docx, python-pptx or openpyxl is as a file."""
    out = io.BytesIO()
    document.save(out)  # type: ignore[attr-defined]
    return out.getvalue()


def epub(chapters: Sequence[str], *, metadata: str = "") -> bytes:
    """A book of these chapters' bodies."""
    items = "".join(f'<item id="c{at}" href="text/c{at}.xhtml" media-type="x"/>' for at in range(len(chapters)))
    order = "".join(f'<itemref idref="c{at}"/>' for at in range(len(chapters)))
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f'<metadata>{metadata}</metadata><manifest><item id="nav" href="nav.xhtml" properties="nav" media-type="x"/>'
        f'{items}</manifest><spine><itemref idref="nav"/>{order}</spine></package>'
    )
    page = '<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml"><body>%s</body></html>'
    return packed(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": '<container><rootfile full-path="OPS/book.opf"/></container>',
            "OPS/book.opf": package,
            "OPS/nav.xhtml": page % "<nav><ol><li>Contents</li></ol></nav>",
            **{f"OPS/text/c{at}.xhtml": page % body for at, body in enumerate(chapters)},
        }
    )


def odt(body: str, *, meta: str = "") -> bytes:
    """An OpenDocument text with this content."""
    names = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"'
        for short, long in (("office", "office"), ("text", "text"), ("table", "table"), ("meta", "meta"))
    )
    names += ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
    return packed(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": f"<office:content {names}><office:body>{body}</office:body></office:content>",
            "meta.xml": f"<office:document-meta {names}><office:meta>{meta}</office:meta></office:document-meta>",
        }
    )


def eml(text: str, *, html: str = "", **headers: str) -> bytes:
    """A mail; `html` is a second way to show it, or the only one where `text` is empty."""
    mail = EmailMessage()
    for key, value in headers.items():
        mail[key] = value
    if text:
        mail.set_content(text)
    if html and text:
        mail.add_alternative(html, subtype="html")
    elif html:
        mail.set_content(html, subtype="html")
    return mail.as_bytes()
