"""How far a file has been read, whatever reads it, and whether the disk gave all that was asked of it."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from typing import BinaryIO, TypeVar

from backfile.importers.base import Source

_BUFFER = 1 << 16

T = TypeVar("T")


class Reading:
    """A source that tells how far it was read by those who opened it first; later looks into it do not count.

    A disk that fails once is asked again. What reads containers takes some of its failures for damage.
    """

    def __init__(self, source: Source) -> None:
        self._open = source.open
        self._files: list[BinaryIO] = []
        self._begun = False
        self.trouble: OSError | None = None
        """Why the disk did not give something, if it did not."""
        self.source = replace(source, open=self._opened)

    def _opened(self) -> BinaryIO:
        raw = _Watched(self.asked(self._open), self)
        file = io.BufferedReader(raw, _BUFFER)
        if not self._begun:
            self._files = [file]
        return file

    def position(self) -> int:
        """Bytes; 0 where nothing is open."""
        self._begun = True
        return max((file.tell() for file in self._files if not file.closed), default=0)

    def asked(self, ask: Callable[[], T]) -> T:
        """What the disk gives, asked twice. Raises OSError, and notes it."""
        try:
            return ask()
        except OSError:
            pass
        try:
            return ask()
        except OSError as error:
            self.trouble = error
            raise


class _Watched(io.RawIOBase):
    """A file of which each failure is noted."""

    def __init__(self, file: BinaryIO, reading: Reading) -> None:
        self._file, self._reading = file, reading

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0, /) -> int:
        return self._file.seek(offset, whence)

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override]  # typeshed's Buffer is newer
        at = self._file.tell()
        data = self._reading.asked(lambda: self._read(at, len(buffer)))
        buffer[: len(data)] = data
        return len(data)

    def _read(self, at: int, size: int) -> bytes:
        self._file.seek(at)
        return self._file.read(size)

    def close(self) -> None:
        self._file.close()
        super().close()
