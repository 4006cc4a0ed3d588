"""Saved HTML pages, and the pages that SingleFile writes as HTML and ZIP at once."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace

from backfile.importers.base import Importer, Item, Source
from backfile.importers.origin import page_capture
from backfile.importers.pictures import in_turn
from backfile.importers.singlefile import shared_pictures, with_shared_pictures
from backfile.importers.zippart import beside_member
from backfile.limits import limits
from backfile.report import ReadError

_MARKUP = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|article|main|section|div|p|h1|title|meta|script|table|span|a)[\s>/]", re.I
)
_START = 4096
"""Bytes in which the markup of a page begins, also of one that is a ZIP file as well."""
_BYTE_ORDER_MARKS = (b"\xff\xfe", b"\xfe\xff")
_CONTROLS = bytes({*range(9), *range(14, 27), *range(28, 32)})
_NAMES = (".html", ".htm", ".xhtml", ".xht", ".shtml")
_END_OF_ZIP = b"PK\x05\x06"
_TAIL = 66_000
"""Bytes from the end in which a ZIP's directory ends (APPNOTE §4.3.16: a comment of at most 65,535)."""


def looks_like_html(head: bytes, name: str) -> bool:
    """True where the first bytes are markup; a name that says HTML needs less proof."""
    text = head.replace(b"\0", b"")  # UTF-16
    if name.lower().endswith(_NAMES):
        return b"<" in text and (head.startswith(_BYTE_ORDER_MARKS) or not _is_binary(text))
    return text.lstrip(b"\xef\xbb\xbf\xff\xfe\xfe \t\r\n")[:1] == b"<" and bool(_MARKUP.search(text))


def _is_binary(text: bytes) -> bool:
    """True for bytes that no page has so many of, unless it begins as one."""
    controls = len(text) - len(text.translate(None, _CONTROLS))
    return controls * 20 > len(text) and not _MARKUP.search(text[:_START])


def _items(source: Source) -> Iterator[Item]:
    data = source.read()
    finders = [source.beside] if source.beside else []
    if _END_OF_ZIP in data[-_TAIL:]:
        data = _page_of_polyglot(data)
        finders.append(beside_member(source)("index.html"))
    page = page_capture(data, source)
    shown = with_shared_pictures(page.data)
    if shown is not page.data:
        finders.append(shared_pictures(source))
    yield replace(page, data=shown, find_picture=in_turn(*finders) if finders else None)


def _page_of_polyglot(data: bytes) -> bytes:
    """The `index.html` in a page that is a ZIP as well; the page itself where there is none that can be read."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            name = next((n for n in archive.namelist() if n.lower() in ("index.html", "index.htm")), "")
            if not name or archive.getinfo(name).file_size > limits().page:
                return data
            return archive.read(name)
    except (zipfile.BadZipFile, zlib.error, OSError, NotImplementedError, RuntimeError, UnicodeDecodeError):
        return data
    except EOFError as error:
        raise ReadError("is cut off. Save the page again") from error


IMPORTERS = (Importer(name="html", rank=80, recognises=looks_like_html, items=_items, container=False),)
