"""Saved file → captures: one file a format, found by its own test of the first bytes. Each defines `IMPORTERS`."""

from __future__ import annotations

import gzip
import pkgutil
import zlib
from dataclasses import replace
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from typing import BinaryIO, cast

from backfile.importers.base import HEAD, Importer, Source
from backfile.importers.pictures import beside_file
from backfile.report import ReadError, advice

GZIP = b"\x1f\x8b"


@cache
def importers() -> tuple[Importer, ...]:
    """Every importer of this folder, in the order in which they are asked."""
    modules = (import_module(f"{__name__}.{info.name}") for info in pkgutil.iter_modules(__path__))
    found = [importer for module in modules for importer in getattr(module, "IMPORTERS", ())]
    return tuple(sorted(found, key=lambda importer: (importer.rank, importer.name)))


def file_source(path: Path, origin: str) -> Source:
    """A file on disk."""
    return Source(name=path.name, origin=origin, open=lambda: path.open("rb"), beside=beside_file(path))


def find_importer(source: Source) -> tuple[Importer, Source]:
    """The importer that knows a file's format, and the file as it is to be read: what is compressed is unpacked.

    Raises ReadError where the file cannot be read or none knows it.
    """
    try:
        with source.open() as file:
            head = file.read(HEAD)
    except OSError as error:
        raise ReadError(f"cannot be read ({error.strerror or error}). {advice(error)}") from error
    if head.startswith(GZIP):
        head = _unpacked(head)
        if not head.startswith((b"WARC/", b"filedesc:")):
            source = replace(source, open=partial(_gunzip, source), name=source.name.removesuffix(".gz"))
    if not head.strip(b" \t\r\n\0\xef\xbb\xbf"):
        raise ReadError("is empty or damaged. Save the page again, or delete the file")
    for importer in importers():
        if importer.recognises(head, source.name):
            return importer, source
    raise ReadError("is not in a format that Backfile reads. Save the page as HTML or text")


def _unpacked(head: bytes) -> bytes:
    try:
        return zlib.decompressobj(31).decompress(head, HEAD)
    except zlib.error:
        return b""


class _Unpacked(gzip.GzipFile):
    """A compressed file that closes what it reads from."""

    def __init__(self, packed: BinaryIO) -> None:
        super().__init__(fileobj=packed)
        self._packed = packed

    def close(self) -> None:
        super().close()
        self._packed.close()


def _gunzip(source: Source) -> BinaryIO:
    return cast(BinaryIO, _Unpacked(source.open()))
