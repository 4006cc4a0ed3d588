"""Evernote's exports (`.enex`): notes clipped from the web are pages, read one at a time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from backfile.importers.base import Failed, Importer, Item, Source
from backfile.importers.rows import line_of, row_item, title_of
from backfile.importers.when import stamp_date
from backfile.importers.xmlsafe import child_text, children, parse_xml
from backfile.limits import limits
from backfile.model import Hints, Saved
from backfile.report import ReadError

_BLOCK = 1 << 20
_RESOURCE = re.compile(rb"<(data|recognition)\b[^>]*>.*?</\1>", re.S)
_DECLARATION = re.compile(r"<\?xml[^>]*\?>|<!DOCTYPE[^>\[]*>", re.I)


def _recognises(head: bytes, name: str) -> bool:
    return b"<en-export" in head[:4000]


def _items(source: Source) -> Iterator[Item]:
    with source.open() as file:
        for number, data in enumerate(_notes(file), 1):
            place = f"note {number}"
            if data is None:
                yield Failed(
                    why=f"a note larger than {limits().page_mb} MB, or without its end", member=source.at(place)
                )
                continue
            try:
                yield _item(source, _RESOURCE.sub(b"", data), place)
            except ReadError as error:
                yield Failed(why=str(error), member=source.at(place))


def _notes(file: BinaryIO) -> Iterator[bytes | None]:
    """Each `<note>…</note>`; None for one that is too large or cut off."""
    waiting = b""
    while block := file.read(_BLOCK):
        waiting += block
        while (end := waiting.find(b"</note>")) >= 0:
            start = max(waiting.find(b"<note>", 0, end), waiting.find(b"<note ", 0, end))
            if start >= 0:
                yield waiting[start : end + 7]
            waiting = waiting[end + 7 :]
        if len(waiting) > 2 * limits().page:
            yield None
            waiting = b""
    if b"<note>" in waiting:
        yield None


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
    body = _DECLARATION.sub("", child_text(note, "content")).replace("en-note", "div").replace("en-media", "span")
    return row_item(source, place, child_text(attributes, "source-url"), hints, body)


IMPORTERS = (Importer(name="evernote", rank=43, recognises=_recognises, items=_items),)
