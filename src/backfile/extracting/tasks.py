"""Sources → tasks: a file each, or some megabytes of a WARC file that is compressed record by record."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import BinaryIO, cast

from backfile.importers.warc import next_record
from backfile.paths import slug
from backfile.stores import files_at, open_file, size_of


@dataclass(frozen=True, kw_only=True, slots=True)
class Task:
    """Whole records of one file."""

    source: str
    """The file's address."""
    start: int
    end: int
    """Of its bytes; the end is not included."""

    @property
    def name(self) -> str:
        """A name for what comes of it: the same in every run, another one when the file's length changes."""
        file = self.source.rpartition("/")[2]
        mark = hashlib.sha256(f"{self.source}\0{self.end}".encode("utf-8", "surrogatepass")).hexdigest()[:8]
        return f"{slug(file)}-{mark}-{self.start:012}"


def tasks_of(sources: Iterable[str], size: int) -> Iterator[Task]:
    """The tasks of sources, in order; WARC files in slices of about `size` bytes, of whole records. Raises OSError."""
    for address in dict.fromkeys(file for source in sources for file in files_at(source)):
        length = size_of(address)
        cuts = [0, *_cuts(address, length, size), length]
        yield from (Task(source=address, start=start, end=end) for start, end in pairwise(cuts))


def _cuts(address: str, length: int, size: int) -> Iterator[int]:
    """Where records begin, about every `size` bytes."""
    if length <= size or not address.endswith((".warc.gz", ".warc")):
        return
    with open_file(address) as file:
        if file.read(2) != b"\x1f\x8b":  # a bare record may hold what looks like another one
            return
        last = 0
        for near in range(size, length, size):
            found = next_record(file, max(near, last + 1))
            if found is None:
                return
            if found > last:
                yield found
                last = found


class Slice(io.RawIOBase):
    """Some bytes of a file as a file of their own."""

    def __init__(self, file: BinaryIO, start: int, end: int) -> None:
        self._file = file
        self._start, self._end = start, end
        file.seek(start)

    def readable(self) -> bool:
        """Always."""
        return True

    def seekable(self) -> bool:
        """Always."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """As files do."""
        base = {io.SEEK_SET: self._start, io.SEEK_CUR: self._file.tell(), io.SEEK_END: self._end}[whence]
        return self._file.seek(max(self._start, base + offset)) - self._start

    def tell(self) -> int:
        """As files do."""
        return self._file.tell() - self._start

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]  # what readers pass
        """As files do."""
        data = self._file.read(max(0, min(len(buffer), self._end - self._file.tell())))
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        """The file too."""
        if not self.closed:
            self._file.close()
        super().close()


def opened(task: Task) -> BinaryIO:
    """The bytes of a task. Raises OSError."""
    return cast("BinaryIO", io.BufferedReader(Slice(open_file(task.source), task.start, task.end), 1 << 16))
