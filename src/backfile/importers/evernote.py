"""Evernote's exports (`.enex`): notes clipped from the web are pages, read one at a time."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import BinaryIO

from backfile.importers.base import Failed, Importer, Item, Source
from backfile.importers.pictures import among
from backfile.importers.rows import line_of, row_item, title_of
from backfile.importers.when import stamp_date
from backfile.importers.xmlsafe import child_text, children, parse_xml
from backfile.limits import limits
from backfile.model import Capture, Hints, Saved
from backfile.report import ReadError

_BLOCK = 1 << 20
_RESOURCE = re.compile(rb"<(data|recognition)\b[^>]*>.*?</\1>", re.S)
_DATA = re.compile(rb"<data\b[^>]*>(.*?)</data>", re.S)
_MEDIA = re.compile(r"<en-media\b([^>]*)/?>", re.I)
_HASH = re.compile(r"""\bhash=["']([0-9a-f]{32})["']""", re.I)
_DECLARATION = re.compile(r"<\?xml[^>]*\?>|<!DOCTYPE[^>\[]*>", re.I)


def _recognises(head: bytes, name: str) -> bool:
    return b"<en-export" in head[:4000]


def _items(source: Source) -> Iterator[Item]:
    with source.open() as file:
        for number, (offset, data) in enumerate(_notes(file), 1):
            place = f"note {number}"
            if data is None:
                yield Failed(
                    why=f"a note larger than {limits().page_mb} MB, or without its end", member=source.at(place)
                )
                continue
            try:
                item = _item(source, _RESOURCE.sub(b"", data), place)
                with_pictures = isinstance(item, Capture) and source.lasting and b"<data" in data
                finder = among(partial(_pictures_at, source, offset, len(data))) if with_pictures else None
                yield replace(item, find_picture=finder) if isinstance(item, Capture) else item
            except ReadError as error:
                yield Failed(why=str(error), member=source.at(place))


def _notes(file: BinaryIO) -> Iterator[tuple[int, bytes | None]]:
    """Each `<note>…</note>` with its offset; None for one that is too large or cut off."""
    waiting = b""
    passed = 0
    while block := file.read(_BLOCK):
        waiting += block
        while (end := waiting.find(b"</note>")) >= 0:
            start = max(waiting.find(b"<note>", 0, end), waiting.find(b"<note ", 0, end))
            if start >= 0:
                yield passed + start, waiting[start : end + 7]
            waiting = waiting[end + 7 :]
            passed += end + 7
        if len(waiting) > 2 * limits().page:
            yield passed, None
            passed += len(waiting)
            waiting = b""
    if b"<note>" in waiting:
        yield passed, None


def _pictures_at(source: Source, offset: int, size: int) -> Iterator[tuple[str, bytes]]:
    """The pictures of a note by the addresses that `_pictured` gives them."""
    with source.open() as file:
        file.seek(offset)
        note = file.read(size)
    for found in _DATA.finditer(note):
        try:
            data = base64.b64decode(b"".join(found[1].split()), validate=True)
        except binascii.Error:
            continue
        yield f"cid:{hashlib.md5(data, usedforsecurity=False).hexdigest()}", data


def _pictured(found: re.Match[str]) -> str:
    """A resource that a note shows: it is named by the MD5 of its bytes (Evernote's ENML, `en-media`)."""
    name = _HASH.search(found[1])
    shown = name and 'type="image/' in found[1].replace("'", '"')
    return f'<img src="cid:{name[1].lower()}">' if name and shown else "<span></span>"


def _item(source: Source, data: bytes, place: str) -> Item:
    note = parse_xml(data)
    attributes = next(iter(children(note, "note-attributes")), note)
    tags = tuple(filter(None, (line_of("".join(str(t) for t in tag.itertext())) for tag in children(note, "tag"))))
    author = child_text(attributes, "author")
    clipped = child_text(attributes, "source").startswith("web.clip")
    saved = Saved(by="Evernote", date=stamp_date(child_text(note, "created")))
    hints = Hints(
        title=title_of(child_text(note, "title")),
        authors=(author,) if author and not clipped else (),
        tags=tags,
        saved=saved,
    )
    body = _MEDIA.sub(_pictured, _DECLARATION.sub("", child_text(note, "content"))).replace("en-note", "div")
    body = body.replace("</en-media>", "")
    return row_item(source, place, child_text(attributes, "source-url"), hints, body)


IMPORTERS = (Importer(name="evernote", rank=43, recognises=_recognises, items=_items),)
