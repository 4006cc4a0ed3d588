"""Tar files, packed or not, read as a stream."""

from __future__ import annotations

import lzma
import posixpath
import tarfile
import weakref
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cache, partial
from typing import BinaryIO

from backfile.companions import parts_of_pages
from backfile.importers.base import Failed, Importer, Item, Passed, Source
from backfile.importers.members import (
    DAMAGE,
    FREE,
    Budget,
    in_memory,
    member_items,
    member_source,
    printable,
)
from backfile.importers.pictures import relative_name
from backfile.limits import limits
from backfile.model import FindPicture
from backfile.report import ReadError

_PACKED = (b"BZh", b"\xfd7zXZ\0")
_DAMAGE = (tarfile.TarError, lzma.LZMAError, zlib.error, *DAMAGE)


def _recognises(head: bytes, name: str) -> bool:
    return head[257:262] == b"ustar" or (head.startswith(_PACKED) and ".t" in name.lower())


def _items(source: Source) -> Iterator[Item]:
    with source.open() as file:
        try:
            with tarfile.open(fileobj=file, mode="r|*") as archive:
                yield from _members(archive, source)
        except _DAMAGE as error:
            yield Failed(why=f"the rest is damaged ({str(error)[:120]})", member=source.member)


def _members(archive: tarfile.TarFile, source: Source) -> Iterator[Item]:
    allowed = Budget(allowed=FREE * limits().ratio)
    places = _places(source) if source.lasting else {}
    parts, beside = parts_of_pages(places), _beside_member(source, places)
    for number, info in enumerate(archive):
        if number >= limits().members:
            raise ReadError(f"holds more than {limits().members:,} members; the rest is left")
        if info.isdir():
            continue
        place = source.at(printable(info.name))
        allowed.take(info.size)
        if not info.isfile():
            yield Passed(why="link or device")
        elif info.name in parts:
            yield Passed(why="part of a saved page")
        elif info.size > limits().page:
            yield Failed(why=f"larger than {limits().page_mb} MB: take it out of the tar file", member=place)
        elif not info.size:
            yield Passed(why="empty member")
        else:
            member = archive.extractfile(info)
            data = member.read() if member else b""
            inner = member_source(source, info.name, in_memory(data))
            yield from member_items(replace(inner, beside=beside(info.name)))


def _places(source: Source) -> dict[str, tuple[int, int]]:
    """Name → where the bytes of a file stand in the unpacked tar file, and how many there are; as far as it goes."""
    found: dict[str, tuple[int, int]] = {}
    allowed = Budget(allowed=FREE * limits().ratio)
    try:
        with source.open() as file, tarfile.open(fileobj=file, mode="r:*") as archive:
            for info in archive:
                allowed.take(info.size)
                if info.isfile():
                    found[info.name] = info.offset_data, info.size
                if len(found) >= limits().members:
                    break
    except (ReadError, *_DAMAGE):  # reading it once more tells
        pass
    return found


def _beside_member(source: Source, places: Mapping[str, tuple[int, int]]) -> Callable[[str], FindPicture]:
    """For the name of a page: the files beside it. The tar file is opened again when the first is looked for."""

    @cache
    def unpacked() -> BinaryIO:
        raw = source.open()
        archive = tarfile.open(fileobj=raw, mode="r:*")  # noqa: SIM115  # open as long as pictures are looked for
        stream: BinaryIO = archive.fileobj  # type: ignore[assignment]  # a file in every mode that can seek
        weakref.finalize(stream, raw.close)
        return stream

    def find(page: str, address: str) -> bytes | None:
        name = relative_name(address)
        place = places.get(posixpath.normpath(posixpath.join(posixpath.dirname(page), name))) if name else None
        if not place or place[1] > limits().picture:
            return None
        try:
            unpacked().seek(place[0])
            return unpacked().read(place[1])
        except _DAMAGE:
            return None

    return lambda page: partial(find, page)


IMPORTERS = (Importer(name="tar", rank=13, recognises=_recognises, items=_items),)
