"""Related articles: which others are about the same things.

Each article has a few terms of its own (`words.key_terms`). Looked at are those that share a term and stand nearest in
time among all that have it; a term whose bearers stand far apart in time is a rare one and tells more. So what is
related follows from an article's nearest bearers alone: one article that comes, goes or changes can touch the pages of
those near it and of no others, however large the archive is.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import log2

from backfile.catalog import Catalog
from backfile.model import Entry

MOST = 4
"""How many related articles a page names."""

_WIDTH = 4
"""How many bearers of a term are looked at on each side in time."""
_LOOKED_AT = 10
"""How many of the likeliest are compared by all their terms."""
_LEAST_SHARED = 2
"""Terms. One word in common says little."""
_DAY = 1440


def related(catalog: Catalog, entry: Entry) -> list[Entry]:
    """The articles nearest to this one in what they are about, the nearest first."""
    near = catalog.sharing(entry, _WIDTH)
    worth = {term: _worth(found) for term, found in zip(entry.terms, near, strict=True)}
    likely: dict[int, float] = {}
    for term, found in zip(entry.terms, near, strict=True):
        for _, number in found:
            likely[number] = likely.get(number, 0.0) + worth[term]
    first = sorted(likely, key=lambda number: (-likely[number], number))[:_LOOKED_AT]
    scored: list[tuple[float, str, Entry]] = []
    for other in catalog.numbered(first).values():
        shared = worth.keys() & set(other.terms)
        if len(shared) >= _LEAST_SHARED and not other.link_only:
            scored.append((-sum(sorted(worth[term] for term in shared)), other.source, other))
    return [other for _, _, other in sorted(scored, key=lambda item: item[:2])[:MOST]]


def touched(catalog: Catalog, entry: Entry) -> Iterator[str]:
    """The articles' files on whose pages this one may be named as related."""
    numbers = {number for found in catalog.sharing(entry, _WIDTH) for _, number in found}
    yield from (other.source for other in catalog.numbered(numbers).values())


def _worth(found: list[tuple[int, int]]) -> float:
    """How much a term tells: the more, the longer the time between those that have it."""
    minutes = [minute for minute, _ in found]
    return 1 + log2(1 + (max(minutes) - min(minutes)) / len(minutes) / _DAY) if len(minutes) >= _WIDTH else 12.0
