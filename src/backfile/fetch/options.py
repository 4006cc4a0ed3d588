"""What is asked of a fetch, and what comes of it: without a client, so that every command may know it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class FetchOptions:
    """What a caller may choose about fetching."""

    pictures: bool = False
    """Fetch the pictures of articles, too."""
    allow_private: bool = False
    """Also addresses of this machine and of private networks."""
    delay: float = 1.0
    """Seconds between two requests to a host."""
    timeout: float = 25.0
    """Seconds for one answer, from connecting to its last byte."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Fetched:
    """A page that is now among the saved files."""

    asked: str
    url: str
    """After redirects."""
