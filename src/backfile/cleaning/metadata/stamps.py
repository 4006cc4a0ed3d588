"""Times as pages write them → one of three ISO 8601 forms, exactly as precise as what is written.

`2024-04-30`, `2024-04-30T16:00:34` and `2024-04-30T16:00:34+02:00`. No zone is guessed and no time is moved to another
zone. What cannot be read with certainty gives an empty string.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone

EARLIEST, LATEST = 1600, 2100
_FIRST_CLOCK = 1985
"""Seconds since 1970 that give an earlier year are some other number."""
_EPOCH_DAYS = ("1969-12-31T", "1970-01-01T")
"""Where the second that computers count from falls, by the clocks of the world."""
_MAX_OFFSET = 14 * 60
_HALF = r"\s*(am|pm|a\.m\.|p\.m\.)"
_ISO = re.compile(
    r"(\d{4})([-/.]?)(\d{1,2})\2(\d{1,2})"
    r"(?:(?:\s*T\s*|\s+|,\s*|\s+-\s+)(\d{1,2}):?(\d{2})(?::?(\d{2}))?(?:[.,:]\d+)?" + _HALF + r"?\s*(.*))?\Z",
    re.I,
)
_OFFSET = re.compile(r"\s*\(?(?:(z|utc|gmt)?\s*([+-])(\d{1,2})(?::?(\d{2}))?(?::?\d{2})?|(z|[a-z]{2,5}))\b", re.I)
_EPOCH = re.compile(r"\d{10}(?:\d{3})?\Z")
_CLOCK = re.compile(
    r"(?<![\d.:,/-])([01]?\d|2[0-3])\s*(?:[:h]|(?<=\d)\.(?=\d\d))\s*([0-5]\d)(?::([0-5]\d))?(?![\d/-])(?:"
    + _HALF
    + ")?",
    re.I,
)
_HOUR = re.compile(r"(?<![\d.:,/-])(1[0-2]|0?[1-9])()()" + _HALF + r"(?!\w)", re.I)
_NUMERIC = re.compile(r"(?<![\d./:-])(\d{1,2})([./-])\s?(\d{1,2})\2\s?(\d{4})(?!\d|:\d)")
_YEAR_FIRST = re.compile(r"(?<![\d./:-])(\d{4})\s?([-./年년])\s?(\d{1,2})\s?([-./月월])\s?(\d{1,2})(?!\d)")
_SHORT_YEAR = re.compile(r"(?<![\d.])(\d\d)\.(\d\d)\.(\d\d)(?=[\s|,–-]{1,4}\d{1,2}[:.]\d\d(?!\d))")
_YEAR = re.compile(r"\d{4}")
_WORD = re.compile(r"[^\W\d_]+|\d+")
_BETWEEN = ("st", "nd", "rd", "th", "er", "de", "del", "do", "da", "of", "a", "º", "ª")
"""What may stand between day, month and year."""
# RFC 822 §5.1 and the names of the European zones; others mean different zones in different countries.
_ZONES = {
    "z": "+00:00", "utc": "+00:00", "gmt": "+00:00", "ut": "+00:00", "cet": "+01:00", "cest": "+02:00",
    "mez": "+01:00", "mesz": "+02:00", "eet": "+02:00", "eest": "+03:00", "wet": "+00:00", "west": "+01:00",
    "msk": "+03:00", "est": "-05:00", "edt": "-04:00", "cdt": "-05:00", "mst": "-07:00", "mdt": "-06:00",
    "pst": "-08:00", "pdt": "-07:00", "jst": "+09:00", "kst": "+09:00",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """How dates of a page are to be read: the names of months, and which of day and month comes first in numbers."""

    months: Mapping[str, int]
    month_first: bool | None = None
    """None where the language does not tell: then `03/04/2024` is not read at all."""


def reading(months: Mapping[str, int], lang: str) -> Reading:
    """How dates are written in this language: month first in American English, unknown in English of no country."""
    primary, _, region = lang.lower().partition("-")
    if primary == "en" and region in ("", "us", "ph", "ca"):
        return Reading(months=months, month_first=True if region == "us" else None)
    return Reading(months=months, month_first=False if primary else None)


def parse_stamp(text: str, how: Reading) -> str:
    """The time that the whole of a metadata value gives, in one of the three forms; empty where it gives none."""
    text = text.strip()[:120]
    if _EPOCH.match(text):
        moment = datetime.fromtimestamp(int(text[:10]), UTC)
        return f"{moment:%Y-%m-%dT%H:%M:%S}+00:00" if _FIRST_CLOCK < moment.year <= LATEST else ""
    match = _ISO.match(text)
    if match:
        year, separator, month, day, hour, minute, second, half, rest = match.groups()
        if separator or (len(month) == len(day) == 2):
            return _compose(_day(year, month, day), _time(hour, minute, second, half), offset(rest or ""))
    return find_stamp(text, how)


def find_stamp(text: str, how: Reading) -> str:
    """The first date in a short text, with the clock time and offset beside it if they are given; empty if none."""
    found = find_date(text, how)
    if not found:
        return ""
    day, start, end = found
    for window in (text[end : end + 60], text[max(0, start - 30) : start]):
        clock = _CLOCK.search(window) or _HOUR.search(window)
        if clock:
            return _compose(day, _time(*clock.groups()), offset(window[clock.end() :]))
    return day


def find_date(text: str, how: Reading) -> tuple[str, int, int] | None:
    """The first full date in a text, with the places where it starts and ends. Never a bare year."""
    if not _YEAR.search(text):
        return _short_year(text)
    found = [f for f in (_year_first(text), _numeric(text, how), _named(text, how)) if f]
    return min(found, key=lambda f: f[1], default=None)


def _year_first(text: str) -> tuple[str, int, int] | None:
    for match in _YEAR_FIRST.finditer(text):
        year, first, month, second, day = match.groups()
        if first == second or (first in "年년" and second in "月월"):
            iso = _day(year, month, day)
            if iso:
                return iso, match.start(), match.end()
    return None


def _short_year(text: str) -> tuple[str, int, int] | None:
    """`25.04.24 | 14:07`: two digits are a year only after two dots and before a clock time."""
    match = _SHORT_YEAR.search(text)
    iso = _day(f"20{match[3]}", match[2], match[1]) if match else ""
    return (iso, match.start(), match.end()) if match and iso else None


def _numeric(text: str, how: Reading) -> tuple[str, int, int] | None:
    for match in _NUMERIC.finditer(text):
        first, separator, second, year = match.groups()
        month_first = how.month_first
        if separator == ".":
            month_first = False
        if int(first) > 12 or first == second:
            month_first = False
        elif int(second) > 12:
            month_first = True
        if month_first is not None:
            iso = _day(year, first, second) if month_first else _day(year, second, first)
            if iso:
                return iso, match.start(), match.end()
    return None


def _named(text: str, how: Reading) -> tuple[str, int, int] | None:
    """`30 April 2024`, `30. dubna 2024`, `30 de abril de 2024`, `April 30th, 2024`, `2024 April 30`."""
    words = [w for w in _WORD.finditer(text) if w[0].casefold() not in _BETWEEN]
    months = [how.months.get(w[0].casefold(), 0) for w in words]
    # Of two names of one month, as in "آب/أغسطس", the first is left out.
    words = [
        w for w, this, following in zip(words, months, [*months[1:], 0], strict=True) if not this or this != following
    ]
    for i, word in enumerate(words):
        month = how.months.get(word[0].casefold(), 0)
        if not month:
            continue
        before = words[i - 1] if i and _near(words[i - 1], word) else None
        after = words[i + 1 : i + 3]
        if after and not _near(word, after[0]):
            after = []
        found = _around(month, word, before, after)
        if found:
            return found
    return None


def _around(
    month: int, word: re.Match[str], before: re.Match[str] | None, after: list[re.Match[str]]
) -> tuple[str, int, int] | None:
    if before is not None and after and len(before[0]) <= 2 and before[0].isdigit():
        iso = _day(after[0][0], month, before[0])
        if iso:
            return iso, before.start(), after[0].end()
    if len(after) == 2 and len(after[0][0]) <= 2 and after[0][0].isdigit():
        iso = _day(after[1][0], month, after[0][0])
        if iso:
            return iso, word.start(), after[1].end()
    if before is not None and after and len(before[0]) == 4:
        iso = _day(before[0], month, after[0][0])
        if iso:
            return iso, before.start(), after[0].end()
    return None


def _near(first: re.Match[str], second: re.Match[str]) -> bool:
    return second.start() - first.end() <= 8


def _day(year: str, month: str | int, day: str) -> str:
    if not (year.isdecimal() and str(month).isdecimal() and day.isdecimal() and len(year) == 4):
        return ""
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return ""
    return found.isoformat() if EARLIEST <= found.year <= LATEST else ""


def _time(hour: str | None, minute: str | None, second: str | None, half: str | None) -> str:
    if not hour:
        return ""
    hours = int(hour)
    if half and half[0] in "pP" and hours < 12:
        hours += 12
    elif half and half[0] in "aA" and hours == 12:
        hours = 0
    minutes, seconds = int(minute or 0), int(second or 0)
    return f"{hours:02}:{minutes:02}:{seconds:02}" if hours < 24 and minutes < 60 and seconds < 60 else ""


def offset(text: str) -> str:
    """The UTC offset that a text starts with (`+0200`, `Z`, `GMT+2`, `CEST`); empty where it names none."""
    match = _OFFSET.match(text)
    if match is None:
        return ""
    _, sign, hours, minutes, name = match.groups()
    if name:
        return _ZONES.get(name.lower(), "")
    if int(hours) > 14 or int(minutes or 0) > 59:
        return ""
    return f"{sign}{int(hours):02}:{int(minutes or 0):02}"


def _compose(day: str, clock: str, zone: str) -> str:
    stamp = f"{day}T{clock}{zone}" if day and clock else day
    return "" if stamp.startswith(_EPOCH_DAYS) and _is_zero(stamp) else stamp


def _is_zero(stamp: str) -> bool:
    """Whether a time is the second that computers count from: a system's empty field, not a date."""
    moment = datetime.fromisoformat(stamp)
    return moment.replace(tzinfo=moment.tzinfo or UTC).timestamp() == 0


def is_local_form(stamp: str, other: str) -> bool:
    """Whether a time with an offset of its own is the same moment as another given in UTC."""
    if len(stamp) != 25 or not other.endswith("+00:00") or stamp.endswith("+00:00"):
        return False
    return abs(datetime.fromisoformat(stamp) - datetime.fromisoformat(other)) < timedelta(minutes=1)


def local_form(stamp: str, clock: str) -> str:
    """A time given in UTC as the clock beside it shows it, with the offset that this tells; empty if they differ.

    `2020-02-25T02:25:54+00:00` beside `2020-02-24T21:25:00` is `2020-02-24T21:25:54-05:00`.
    """
    if not stamp.endswith("+00:00") or len(clock) != 19:
        return ""
    moment = datetime.fromisoformat(stamp)
    shown = datetime.fromisoformat(clock + "+00:00")
    minutes = (shown.replace(second=0) - moment.replace(second=0, microsecond=0)) // timedelta(minutes=1)
    if minutes % 15 or abs(minutes) > _MAX_OFFSET:
        return ""
    return moment.astimezone(timezone(timedelta(minutes=minutes))).isoformat()


def is_before(stamp: str, other: str) -> bool:
    """Whether a time is surely before another: by the clock where both have a zone, else by the day."""
    if len(stamp) == len(other) == 25:
        return datetime.fromisoformat(stamp) < datetime.fromisoformat(other)
    return stamp[:10] < other[:10]


def is_days_before(stamp: str, other: str) -> bool:
    """Whether the day of a time lies more than one before another's: neither time zones nor midnight explain it."""
    return date.fromisoformat(other[:10]) - date.fromisoformat(stamp[:10]) > timedelta(days=1)


def is_future(stamp: str, captured: str) -> bool:
    """Whether a time lies after the capture; a day's grace where one of them has no zone."""
    if not captured or not stamp:
        return False
    try:
        limit, moment = datetime.fromisoformat(captured), datetime.fromisoformat(stamp)
    except ValueError:
        return False
    if limit.tzinfo and moment.tzinfo:
        return moment > limit + timedelta(hours=1)
    return moment.replace(tzinfo=None) > limit.replace(tzinfo=None) + timedelta(days=1)
