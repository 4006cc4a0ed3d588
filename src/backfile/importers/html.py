"""Saved HTML pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from backfile.importers.base import Importer
from backfile.model import Capture

_MARKUP = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|article|main|section|div|p|h1|title|meta|script|table|span|a)[\s>/]", re.I
)
_NAMES = (".html", ".htm", ".xhtml", ".xht", ".shtml")
_SAVED_FROM = re.compile(rb"<!--\s*saved from url=\(\d{4}\)(\S{1,2000})\s*-->", re.I)


def looks_like_html(head: bytes, name: str) -> bool:
    """True where the first bytes are markup; a name that says HTML needs less proof."""
    text = head.replace(b"\0", b"")  # UTF-16
    if name.lower().endswith(_NAMES):
        return b"<" in text
    return text.lstrip(b"\xef\xbb\xbf\xff\xfe\xfe \t\r\n")[:1] == b"<" and bool(_MARKUP.search(text))


def _captures(path: Path, origin: str) -> Iterator[Capture]:
    data = path.read_bytes()
    found = _SAVED_FROM.search(data[:4096])
    url = found[1].decode("utf-8", "replace") if found and found[1].startswith((b"http:", b"https:")) else ""
    yield Capture(data=data, media_type="text/html", url=url, origin=origin)


IMPORTER = Importer(name="html", rank=80, recognises=looks_like_html, captures=_captures)
