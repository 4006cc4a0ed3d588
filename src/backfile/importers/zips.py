"""ZIP files of anything that Backfile reads; EPUB, WACZ and Omnivore files are known by what is in them."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import BinaryIO, cast

from backfile.companions import parts_of_pages
from backfile.importers.base import Failed, Importer, Item, Passed, Source
from backfile.importers.epub import epub_items, is_epub
from backfile.importers.members import DAMAGE, budget, in_memory, member_items, member_source, printable
from backfile.importers.omnivore import is_omnivore, omnivore_items
from backfile.importers.wacz import is_wacz, wacz_items
from backfile.importers.zippart import beside_member, lasting_open
from backfile.limits import limits
from backfile.report import ReadError

_START = b"PK\x03\x04"
_EMPTY = b"PK\x05\x06"
_JUNK = ("__MACOSX/", ".DS_Store", "Thumbs.db")


def _recognises(head: bytes, name: str) -> bool:
    return head.startswith((_START, _EMPTY, b"PK00PK")) or (head.startswith(b"MZ") and name.lower().endswith(".zip"))


def _items(source: Source) -> Iterator[Item]:
    with source.open() as raw:
        file = in_memory(source.read())() if source.depth else raw
        try:
            archive = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, *DAMAGE) as error:
            raise ReadError("is a damaged ZIP file: its directory cannot be read. Save or download it again") from error
        with archive:
            names = archive.namelist()
            for known, items in _KINDS:
                if known(archive, names):
                    yield from items(archive, source)
                    return
            yield from _plain_items(archive, source)


_KINDS = ((is_epub, epub_items), (is_wacz, wacz_items), (is_omnivore, omnivore_items))


def _plain_items(archive: zipfile.ZipFile, source: Source) -> Iterator[Item]:
    """Every member, read as what it is."""
    members = [info for info in archive.infolist() if not info.filename.endswith("/")]
    parts = parts_of_pages(info.filename for info in members)
    allowed = budget(sum(info.compress_size for info in members))
    beside = beside_member(source)
    for number, info in enumerate(members):
        if number >= limits().members:
            yield Failed(why=f"more than {limits().members:,} members; the rest is left", member=source.member)
            return
        if info.filename in parts or info.filename.startswith(_JUNK) or info.filename.endswith(_JUNK):
            yield Passed(why="part of a saved page")
            continue
        place = source.at(printable(info.filename))
        if info.flag_bits & 1:
            yield Failed(why="locked with a password", member=place)
            continue
        if info.file_size <= limits().page:
            try:
                data = archive.read(info)
            except (zipfile.BadZipFile, zlib.error, *DAMAGE) as error:
                yield Failed(why=f"damaged or locked ({str(error)[:120]})", member=place)
                continue
            allowed.take(len(data))
            if data:
                member = member_source(source, info.filename, in_memory(data))
                yield from member_items(replace(member, beside=beside(info.filename)))
            else:
                yield Passed(why="empty member")
            continue
        allowed.take(info.file_size)
        yield from _large_items(archive, info, source, place)


def _large_items(archive: zipfile.ZipFile, info: zipfile.ZipInfo, source: Source, place: str) -> Iterator[Item]:
    try:
        again = lasting_open(source, archive, info)
        opened = again or partial(_stream, archive, info)
        yield from member_items(member_source(source, info.filename, opened, lasting=again is not None))
    except (zipfile.BadZipFile, zlib.error, *DAMAGE) as error:
        yield Failed(why=f"damaged or locked ({str(error)[:120]})", member=place)


def _stream(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> BinaryIO:
    return cast(BinaryIO, archive.open(info))


IMPORTERS = (Importer(name="zip", rank=12, recognises=_recognises, items=_items),)
