"""What an importer is: it knows its format by the first bytes, and turns a file into captures.

A container yields what it finds in the order in which it stands there. Damage costs only what is damaged: it is a
`Failed` with its place, and the rest goes on. So every member, record and row of a file is in the account.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from backfile.limits import limits
from backfile.model import Capture, FindPicture
from backfile.report import ReadError

HEAD = 64 * 1024
"""How many bytes of a file its format is known by."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """A file to be read: one of the user's, or a member of a container."""

    name: str
    """The file's own name: a hint, never trusted alone."""
    origin: str
    """The saved file, as captures name it."""
    open: Callable[[], BinaryIO]
    """Gives the bytes from the start; raises OSError. A member's stream may be slow to seek in."""
    member: str = ""
    """Where it stands inside the saved file; empty for the file itself."""
    depth: int = 0
    beside: FindPicture | None = None
    """The files beside it, by the relative address that a page would give them."""
    lasting: bool = True
    """False where it can be read only once: a large member of a container, which is packed."""

    def read(self, limit: int = 0) -> bytes:
        """All bytes. Raises ReadError where there are more than `limit` (0: of a page) or compression is damaged."""
        limit = limit or limits().page
        try:
            with self.open() as file:
                data = file.read(limit + 1)
        except (EOFError, zlib.error) as error:
            raise ReadError("is compressed and damaged. Save or download it again") from error
        if len(data) > limit:
            raise ReadError(f"is larger than {limit >> 20} MB. Split it")
        return data

    def at(self, member: str) -> str:
        """The place of a member of this source inside the saved file."""
        return f"{self.member}#{member}" if self.member else member


@dataclass(frozen=True, kw_only=True, slots=True)
class Failed:
    """A part of a container that cannot be read."""

    why: str
    member: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Passed:
    """A part of a container that is no page: a picture, an answer with an error status, a folder of bookmarks."""

    why: str
    """In words that can be counted: "picture", "status 404"…"""
    count: int = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Warned:
    """Something odd about a part that was read all the same; it counts for nothing."""

    what: str
    member: str = ""


Item = Capture | Failed | Passed | Warned


@dataclass(frozen=True, kw_only=True, slots=True)
class Importer:
    """One format of saved files."""

    name: str
    rank: int
    """Importers are asked in this order: sure marks first, guesses last."""
    recognises: Callable[[bytes, str], bool]
    """(the first bytes, the file's name) → is it this format?"""
    items: Callable[[Source], Iterator[Item]]
    """The pages in a file, one at a time. Raises ReadError for a file that is damaged as a whole."""
    container: bool = True
    """True where a file may hold many pages: what is no article is then counted, not told one by one."""


def single(media_type: str, url: str = "", captured: str = "") -> Callable[[Source], Iterator[Item]]:
    """The `items` of a format in which a file is one page and says nothing about itself."""

    def items(source: Source) -> Iterator[Item]:
        yield Capture(
            data=source.read(),
            media_type=media_type,
            url=url,
            captured=captured,
            origin=source.origin,
            member=source.member,
        )

    return items
