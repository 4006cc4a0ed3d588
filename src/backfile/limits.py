"""How much of anything is taken in: the bounds on untrusted input, in one place.

`[limits]` in `backfile.toml` changes them. They hold for a run, in all its processes: importers ask `limits()` where
they stand, since a bound that has to be handed down is a bound that is forgotten somewhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import msgspec


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`[limits]`"""

    seconds: int = 60
    """Of a processor's time for cleaning one page; the process that takes longer is ended."""
    page_mb: int = 64
    """One page, and one member of a container that is read as a whole, unpacked."""
    export_mb: int = 256
    """An export that is read as a whole (JSON, XML, bookmarks)."""
    article_mb: int = 16
    """One file in `content/articles/`."""
    members: int = 200_000
    """Of one ZIP or tar file."""
    unpacked_mb: int = 65_536
    """All members of one file together."""
    ratio: int = 250
    """How much larger than its file all members together may be, beyond the first 64 MB."""
    depth: int = 3
    """How deep containers may stand in containers."""

    records: int = 5_000_000
    """Pages, records, rows and messages of one saved file."""
    attributes: int = 1000
    """Of one element of a page; those that follow are left out."""
    blocks: int = 10_000
    """Of one page, more than several novels have: what follows is read as one block, without a closer look."""
    nesting: int = 400
    """Elements within elements of an article; deeper text is shown as it is written."""
    front_matter_kb: int = 256
    """The front matter of one article."""
    picture_mb: int = 32
    """One picture."""
    megapixels: int = 64
    """One picture, all its frames together."""
    pictures: int = 100
    """Of one article; more are left where they are."""
    pictures_mb: int = 48
    """All pictures of one article together."""
    answer_mb: int = 24
    """What one address answers, unpacked."""

    @property
    def picture(self) -> int:
        """`picture_mb` in bytes."""
        return self.picture_mb << 20

    @property
    def page(self) -> int:
        """`page_mb` in bytes."""
        return self.page_mb << 20

    @property
    def export(self) -> int:
        """`export_mb` in bytes."""
        return self.export_mb << 20

    @property
    def article(self) -> int:
        """`article_mb` in bytes."""
        return self.article_mb << 20

    @property
    def unpacked(self) -> int:
        """`unpacked_mb` in bytes."""
        return self.unpacked_mb << 20


_current: ContextVar[Limits] = ContextVar("limits", default=Limits())  # noqa: B039 (frozen)


def limits() -> Limits:
    """The bounds of this run."""
    return _current.get()


@contextmanager
def limited(bounds: Limits) -> Iterator[None]:
    """These bounds for what is done inside."""
    before = _current.set(bounds)
    try:
        yield
    finally:
        _current.reset(before)
