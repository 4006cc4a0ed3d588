"""What ZIP and tar files share: members are read by the importers themselves, within bounds on number, size and depth.

Nothing is ever unpacked to disk, so a member's name can lead nowhere: it is only a hint and a place to tell of.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO

from backfile.importers import find_importer
from backfile.importers.base import Failed, Item, Source
from backfile.limits import limits
from backfile.model import Capture
from backfile.report import ReadError

FREE = 64 << 20
DAMAGE = (OSError, EOFError, ValueError, RuntimeError, NotImplementedError)
"""What the standard library raises for a damaged, locked or strangely packed member; zlib.error is added by users."""


@dataclass(kw_only=True, slots=True)
class Budget:
    """How much of a file may still be unpacked. Raises ReadError where it is used up."""

    allowed: int
    used: int = 0

    def take(self, size: int) -> None:
        """Note that so many bytes were unpacked."""
        self.used += size
        if self.used > self.allowed:
            raise ReadError("unpacks to very much more than its size, as no saved pages do; the rest is left")


def budget(packed: int) -> Budget:
    """What a file of this size may unpack to."""
    return Budget(allowed=min(limits().unpacked, FREE + packed * limits().ratio))


def member_source(outer: Source, name: str, open_member: Callable[[], BinaryIO], *, lasting: bool = True) -> Source:
    """A member of a container as a file of its own."""
    short = name.replace("\\", "/").rstrip("/").rpartition("/")[2]
    inner = replace(outer, name=short, member=outer.at(printable(name)), open=open_member, depth=outer.depth + 1)
    return replace(inner, beside=None, lasting=lasting and outer.lasting)


def in_memory(data: bytes) -> Callable[[], BinaryIO]:
    """A file of these bytes."""
    return lambda: io.BytesIO(data)


def member_items(source: Source) -> Iterator[Item]:
    """What a member gives, read as a file of its own. A member that cannot be read is one failure."""
    if source.depth > limits().depth:
        yield Failed(why=f"stands more than {limits().depth} containers deep", member=source.member)
        return
    try:
        importer, source = find_importer(source)
        for item in importer.items(source):
            yield item if not isinstance(item, Capture) or item.member else replace(item, member=source.member)
    except ReadError as error:
        yield Failed(why=str(error), member=source.member)


def printable(name: str) -> str:
    """A member's name in one line, with nothing a terminal would obey."""
    return "".join(char if char.isprintable() else "�" for char in name)[:300]
