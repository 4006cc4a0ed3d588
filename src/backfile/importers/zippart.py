"""Files beside a page in a ZIP file, and members that can be read again later."""

from __future__ import annotations

import posixpath
import weakref
import zipfile
import zlib
from collections.abc import Callable
from functools import cache, partial
from io import RawIOBase
from typing import BinaryIO, cast

from backfile.importers.base import Source
from backfile.importers.members import DAMAGE, in_memory
from backfile.importers.pictures import relative_name
from backfile.limits import limits
from backfile.model import FindPicture

_LOCAL_HEADER = 30
"""Bytes before the name of a member (APPNOTE §4.3.7)."""


def beside_member(source: Source) -> Callable[[str], FindPicture]:
    """For the name of a page in a ZIP file: the files beside it. The ZIP is read again when the first is looked for."""

    @cache
    def archive() -> zipfile.ZipFile:
        raw = source.open()
        opened = zipfile.ZipFile(raw)
        weakref.finalize(opened, raw.close)
        return opened

    def find(page: str, address: str) -> bytes | None:
        name = relative_name(address)
        if not name:
            return None
        path = posixpath.normpath(posixpath.join(posixpath.dirname(page), name))
        try:
            info = archive().getinfo(path)
            return archive().read(info) if info.file_size <= limits().picture else None
        except (KeyError, zipfile.BadZipFile, zlib.error, *DAMAGE):
            return None

    return lambda page: partial(find, page)


def lasting_open(source: Source, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Callable[[], BinaryIO] | None:
    """How to open a member also when the ZIP is closed again, with cheap seeking; None where it is large and packed."""
    if info.compress_type == zipfile.ZIP_STORED and not info.flag_bits & 1:
        return lambda: cast(BinaryIO, _Window(source.open(), info))
    return in_memory(archive.read(info)) if info.file_size <= limits().page else None


class _Window(RawIOBase):
    """The bytes of a member that is not packed, in the ZIP file itself."""

    def __init__(self, file: BinaryIO, info: zipfile.ZipInfo) -> None:
        self._file = file
        file.seek(info.header_offset)
        header = file.read(_LOCAL_HEADER)
        names = int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
        self._start = info.header_offset + _LOCAL_HEADER + names
        self._size = info.file_size
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        self._at = offset + (0, self._at, self._size)[whence]
        return self._at

    def tell(self) -> int:
        return self._at

    def read(self, size: int = -1) -> bytes:
        left = max(0, self._size - self._at)
        self._file.seek(self._start + self._at)
        data = self._file.read(left if size < 0 else min(size, left))
        self._at += len(data)
        return data

    def close(self) -> None:
        self._file.close()
        super().close()
