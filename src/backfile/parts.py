"""What passes between reading, cleaning and keeping saved files: a few pages at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from backfile.importers.base import Item
from backfile.media.copies import Copy
from backfile.model import Capture, Cleaned, FindPicture
from backfile.report import Notice


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """Some of what a saved file holds, read but not cleaned."""

    origin: str
    items: tuple[Item, ...] = ()
    notices: tuple[Notice, ...] = ()
    container: bool = False
    position: int = 0
    """Bytes of the file that were read."""
    last: bool = False
    unread: bool = False
    """True where the disk did not give the file: the next run tries again."""
    finders: tuple[FindPicture | None, ...] = ()
    """For each page, what finds its pictures; they stay in the process that reads."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Cleaning:
    """A capture as the workers give it back: cleaned, or only its name where it is in the archive already."""

    capture: Capture
    """Without its bytes."""
    cleaned: Cleaned | None = None
    copies: Mapping[str, tuple[Copy, ...]] = field(default_factory=dict)
    """Picture's address → the copies of it that the page offers, while they are looked for."""
    failed: str = ""
    """Why it could not be cleaned."""
    known: str = ""
    """The id of the receipt that says so."""
