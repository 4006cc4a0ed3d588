"""Tar files, packed or not, read as a stream."""

from __future__ import annotations

import lzma
import tarfile
import zlib
from collections.abc import Iterator

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
from backfile.limits import limits
from backfile.report import ReadError

_PACKED = (b"BZh", b"\xfd7zXZ\0")


def _recognises(head: bytes, name: str) -> bool:
    return head[257:262] == b"ustar" or (head.startswith(_PACKED) and ".t" in name.lower())


def _items(source: Source) -> Iterator[Item]:
    with source.open() as file:
        try:
            with tarfile.open(fileobj=file, mode="r|*") as archive:
                yield from _members(archive, source)
        except (tarfile.TarError, lzma.LZMAError, zlib.error, *DAMAGE) as error:
            yield Failed(why=f"the rest is damaged ({str(error)[:120]})", member=source.member)


def _members(archive: tarfile.TarFile, source: Source) -> Iterator[Item]:
    allowed = Budget(allowed=FREE * limits().ratio)
    for number, info in enumerate(archive):
        if number >= limits().members:
            raise ReadError(f"holds more than {limits().members:,} members; the rest is left")
        if info.isdir():
            continue
        place = source.at(printable(info.name))
        allowed.take(info.size)
        if not info.isfile():
            yield Passed(why="link or device")
        elif info.size > limits().page:
            yield Failed(why=f"larger than {limits().page_mb} MB: take it out of the tar file", member=place)
        elif not info.size:
            yield Passed(why="empty member")
        else:
            member = archive.extractfile(info)
            data = member.read() if member else b""
            yield from member_items(member_source(source, info.name, in_memory(data)))


IMPORTERS = (Importer(name="tar", rank=13, recognises=_recognises, items=_items),)
