"""What is read out of a dump beside its body."""

from __future__ import annotations

from dataclasses import dataclass, field

from backfile.model import Figure, Link


@dataclass(slots=True)
class Parts:
    """What was found, and for each line that is spoken for the reason that the receipt gives."""

    title: str = ""
    title_at: int = -1
    authors: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    published: str = ""
    modified: str = ""
    section: str = ""
    standfirst_at: int = -1
    figures: list[Figure] = field(default_factory=list)
    credits: list[str] = field(default_factory=list)
    related: list[Link] = field(default_factory=list)
    used: set[int] = field(default_factory=set)
    """Lines that stand in the article word for word."""
    reasons: dict[int, tuple[str, str]] = field(default_factory=dict)
    """Lines read as data: step and reason."""
