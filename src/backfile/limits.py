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
