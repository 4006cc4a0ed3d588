"""Calendars and bars as plain values, ready for a template to draw."""

from __future__ import annotations

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from backfile.i18n import Interface
from backfile.pages.shelves import ALL, Node

_HEAT = ((20, 4), (8, 3), (3, 2), (0, 1))
"""(more articles than this, shade)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Day:
    """A square of a calendar."""

    number: int
    """0 for a square outside the month."""
    path: str = ""
    count: int = 0
    shade: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Month:
    """A month as a calendar."""

    period: str
    path: str
    count: int
    weeks: tuple[tuple[Day, ...], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Bar:
    """A bar of a plot, in the plot's own units, from the top left."""

    x: float
    y: float
    width: float
    height: float
    label: str
    count: int
    path: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Plot:
    """Bars over an axis."""

    width: int
    height: int
    bars: tuple[Bar, ...]
    marks: tuple[tuple[float, str], ...]
    """(x, label) along the axis."""
    highest: int


def shade(count: int) -> int:
    """How dark a square with so many articles is, from 0 to 4."""
    return next((level for least, level in _HEAT if count > least), 0)


def month_grid(ui: Interface, period: str, days: Mapping[str, int]) -> Month:
    """A month (`2024-05`) as weeks, which begin as they do in the interface's language; `days` counts its articles."""
    year, month = int(period[:4]), int(period[5:7])
    weeks = calendar.Calendar(ui.locale.first_week_day).monthdayscalendar(year, month)
    rows = tuple(tuple(_day(f"{period}-{number:02}", number, days) for number in week) for week in weeks)
    count = sum(square.count for row in rows for square in row)
    return Month(period=period, path=Node(shelf=ALL, key="", period=period).path, count=count, weeks=rows)


def _day(when: str, number: int, days: Mapping[str, int]) -> Day:
    count = days.get(when, 0) if number else 0
    if not count:
        return Day(number=number)
    return Day(number=number, path=Node(shelf=ALL, key="", period=when).path, count=count, shade=shade(count))


def bars(values: Sequence[tuple[str, int, str]], *, width: int = 720, height: int = 90) -> tuple[tuple[Bar, ...], int]:
    """Bars for (label, count, page), and the highest count. Something is never drawn as nothing."""
    highest = max((count for _, count, _ in values), default=0)
    if not highest:
        return (), 0
    step = width / len(values)
    drawn = []
    for index, (label, count, path) in enumerate(values):
        tall = round(max(count / highest * height, 1.5), 1) if count else 0
        left, right = round(index * step, 1), round((index + 1) * step, 1)
        wide = round(max(right - left - min(step * 0.2, 2), 0.5), 1)
        drawn.append(
            Bar(x=left, y=round(height - tall, 1), width=wide, height=tall, label=label, count=count, path=path)
        )
    return tuple(drawn), highest


def months_between(first: str, last: str) -> list[str]:
    """Every month from one to another, both with."""
    start, end = (int(month[:4]) * 12 + int(month[5:7]) - 1 for month in (first, last))
    return [f"{n // 12:04}-{n % 12 + 1:02}" for n in range(start, end + 1)]


def time_plot(days: Mapping[str, int]) -> Plot | None:
    """Articles over time by month, or by year where the months would be too many to see; None without any date.

    `days` may be months, too.
    """
    if not days:
        return None
    months: dict[str, int] = {}
    for when, count in days.items():
        months[when[:7]] = months.get(when[:7], 0) + count
    periods = months_between(min(months), max(months))
    width = 7 if len(periods) <= _MOST_BARS else 4
    counts: dict[str, int] = dict.fromkeys((period[:width] for period in periods), 0)
    for month, count in months.items():
        counts[month[:width]] += count
    values = [(p, n, Node(shelf=ALL, key="", period=p).path if n else "") for p, n in counts.items()]
    drawn, highest = bars(values)
    return Plot(width=720, height=90, bars=drawn, marks=_year_marks(drawn), highest=highest)


_MOST_BARS = 360
_MARKS = 12


def _year_marks(drawn: Sequence[Bar]) -> tuple[tuple[float, str], ...]:
    first_of_year: dict[str, float] = {}
    for bar in drawn:
        first_of_year.setdefault(bar.label[:4], bar.x)
    every = -(-len(first_of_year) // _MARKS)
    return tuple((x, year) for n, (year, x) in enumerate(first_of_year.items()) if n % every == 0)
