"""Numbers of articles: by day of publication, then by a hash of the file's name.

A number says when the article was published, so that order by date, the months of the hits and the narrowing to a time
need nothing else. It depends on the article and the few of its day: another article leaves it as it is, but for one
that has the same hash on the same day.
"""

from __future__ import annotations

import datetime as dt
import zlib
from collections.abc import Iterable

DAYS = 18
"""Bits of a day."""
_FIRST = dt.date(1600, 1, 1).toordinal() - 1
_SPREAD = 4096
"""The last days are kept for articles without a date: a hash says which."""
UNDATED = (1 << DAYS) - _SPREAD
"""The first of them."""


def day_number(published: str, source: str) -> int:
    """The day of an article in days since 1599-12-31; one of the last 4,096 where it has no date."""
    try:
        number = dt.date.fromisoformat(published[:10]).toordinal() - _FIRST
    except ValueError:
        return UNDATED + _hash(source) % _SPREAD
    return min(max(number, 0), UNDATED - 1)


def first_day(period: str) -> int:
    """The number of the first day of a year, a month or a day (`2020`, `2020-06`, `2020-06-01`)."""
    year, month, day = (*map(int, period.split("-")), 1, 1)[:3]
    return min(max(dt.date(year, month, 1).toordinal() + day - 1 - _FIRST, 0), UNDATED - 1)


def is_dated(day: int) -> bool:
    """True for the days of articles that have a date."""
    return day < UNDATED


def date_of(day: int) -> str:
    """A day as `YYYY-MM-DD`."""
    return dt.date.fromordinal(day + _FIRST).isoformat()


def bits_for(busiest: int) -> int:
    """How many bits number the articles of a day, where the busiest day has so many."""
    return max(busiest, 1).bit_length()


def numbers_of_day(day: int, sources: Iterable[str], bits: int) -> dict[str, int]:
    """The numbers of all articles of a day. Where hashes meet, the later name in order takes the next number."""
    last = (1 << bits) - 1
    wanted = sorted((_hash(source[::-1]) & last, source) for source in sources)
    slots: list[int] = []
    for slot, _ in wanted:
        slots.append(max(slot, slots[-1] + 1 if slots else 0))
    for back in range(1, len(slots) + 1):
        slots[-back] = min(slots[-back], last + 1 - back)
    return {source: (day << bits) | slot for (_, source), slot in zip(wanted, slots, strict=True)}


def _hash(source: str) -> int:
    return zlib.crc32(source.encode("utf-8", "surrogatepass"))
