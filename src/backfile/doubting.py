"""What of an article's fields is doubtful, and how much: by its own page's account, before anybody looks at it.

A field whose value the user changed in the front matter is settled, and doubted no more.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from backfile.dates import day
from backfile.model import Article, Receipt

_MONTH = 30
_ALIKE = 0.34
"""The share of the shorter headline's words in common, below which two are not one in two lengths."""


def doubts(now: Article, machine: Article, receipt: Receipt, today: str) -> list[tuple[float, str]]:
    """(how doubtful, 0 to 1; what and why), the worst first, for an article as it is and as the machine wrote it."""
    found = [*_dates(now, machine, receipt, today), *_authors(now, machine), *_titles(now, machine, receipt)]
    if now.access == machine.access == "locked":
        found.append((0.7, "text: the page says that it is locked, so the end of it may be missing"))
    return sorted(found, key=lambda each: (-each[0], each[1]))


def _dates(now: Article, machine: Article, receipt: Receipt, today: str) -> Iterator[tuple[float, str]]:
    if now.published != machine.published:
        return
    published, captured = day(now.published), day(receipt.captured)
    if published and captured and _ordinal(published) > _ordinal(captured) + 1:
        yield 1.0, f"published: {published} lies after the day on which the page was saved, {captured}"
    elif published and _ordinal(published) > _ordinal(today) + 1:
        yield 1.0, f"published: {published} is yet to come"
    days = {day(c.value): c.source for c in receipt.candidates if c.field == "published" and day(c.value)}
    if len(days) > 1:
        apart = _ordinal(max(days)) - _ordinal(min(days))
        offered = ", ".join(f"{when} ({source})" for when, source in sorted(days.items())[:4])
        yield min(0.9, 0.3 + apart / _MONTH * 0.5), f"published: {offered}"


def _authors(now: Article, machine: Article) -> Iterator[tuple[float, str]]:
    own = now.publisher.casefold()
    same = next((name for name in now.authors if name.casefold() == own), "") if own else ""
    if same and now.authors == machine.authors:
        yield 0.8, f"authors: {same} is the publisher's name too"


def _titles(now: Article, machine: Article, receipt: Receipt) -> Iterator[tuple[float, str]]:
    if now.title != machine.title:
        return
    for each in receipt.candidates:
        if each.field == "title" and not each.chosen and _share(now.title, each.value) < _ALIKE:
            yield 0.5, f"title: another headline is “{each.value[:100]}” ({each.source})"
            return


def _share(one: str, other: str) -> float:
    first, second = (set(re.findall(r"\w+", text.casefold())) for text in (one, other))
    shorter = min(len(first), len(second))
    return len(first & second) / shorter if shorter else 1.0


def _ordinal(when: str) -> int:
    """A day as a number; one that is known only by its month or year as its first."""
    year, month, number = (*map(int, when.split("-")), 1, 1)[:3]
    return dt.date(year, month, number).toordinal()
