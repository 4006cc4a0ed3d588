"""Markdown notes: those that say in their front matter where they come from are articles already."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from backfile.importers.base import Importer, Item, Source, single
from backfile.importers.when import iso_date
from backfile.model import Capture

_SOURCE = re.compile(rb"^(?:source|url):\s*[\"']?https?://", re.M)
_CREATED = re.compile(rb"^(?:created|clipped|captured|date_saved):\s*[\"']?([\dT:+Z .-]{10,35})", re.M)
_PUBLISHED = re.compile(rb"^published:", re.M)
_URL = re.compile(rb"^url:", re.M)
_END = re.compile(rb"^(?:---|\.\.\.)[ \t]*\r?$", re.M)


def _recognises(head: bytes, name: str) -> bool:
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not text.startswith(b"---"):
        return name.lower().endswith((".md", ".markdown"))
    return bool(_SOURCE.search(_front_matter(text))) or name.lower().endswith((".md", ".markdown"))


def _front_matter(text: bytes) -> bytes:
    end = _END.search(text, 4)
    return text[: end.start()] if end and text.startswith(b"---") else b""


def _items(source: Source) -> Iterator[Item]:
    for item in single("text/markdown")(source):
        yield _with_our_keys(item) if isinstance(item, Capture) else item


def _with_our_keys(capture: Capture) -> Capture:
    """Keys as web clippers write them become those that articles have."""
    text = capture.data.removeprefix(b"\xef\xbb\xbf").lstrip()
    header = _front_matter(text)
    if not header:
        return capture
    created = _CREATED.search(header)
    mended = _PUBLISHED.sub(b"date:", header) if not re.search(rb"^date:", header, re.M) else header
    if b"\nsource:" not in mended:
        mended = _URL.sub(b"source:", mended)
    captured = iso_date(created[1].decode().strip()) if created else ""
    if captured and not re.search(rb"^captured:", mended, re.M):
        mended += b"captured: " + captured.encode() + b"\n"
    return replace(capture, data=mended + text[len(header) :], captured=captured)


IMPORTERS = (Importer(name="note", rank=70, recognises=_recognises, items=_items, container=False),)
