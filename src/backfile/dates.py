"""Dates and times as ISO 8601 text: the one normal form, and the order of two of them.

Normal forms (RFC 3339 §5.6, with the offset left out where it is not known): `2024-04-30`, `2024-04-30T16:00:34`,
`2024-04-30T16:00:34+02:00`.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

_ISO = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})"
    r"(?:[T ]\s?(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?\s?(?:(Z|z|UTC|GMT)|([+-])(\d{2}):?(\d{2})?)?)?"
)

_DAY, _DAY_AND_TIME, _WITH_OFFSET = 10, 19, 25
_LENGTHS = (_DAY, _DAY_AND_TIME, _WITH_OFFSET)
"""Characters of the normal forms."""


def normal_date(text: str) -> str:
    """The normal form of a date or a date and time, or an empty string where it is neither. Fractions are dropped."""
    if len(text) in _LENGTHS and _is_normal(text):
        return text
    found = _ISO.fullmatch(text.strip())
    if not found:
        return ""
    year, month, day, hour, minute, second, zulu, sign, hours, minutes = found.groups()
    try:
        moment = datetime(int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0))
        if sign:
            offset = timedelta(hours=int(hours), minutes=int(minutes or 0))
            moment = moment.replace(tzinfo=timezone(-offset if sign == "-" else offset))
    except ValueError:
        return ""
    if not hour:
        return moment.date().isoformat()
    return moment.isoformat() if not zulu else moment.isoformat() + "+00:00"


def _is_normal(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).isoformat().startswith(text)
    except ValueError:
        return False


def instant(date: str) -> str:
    """A key that sorts dates in normal form by time: `YYYY-MM-DDTHH:MM:SS` in UTC.

    A day without a clock time counts as its start, a clock time without an offset as UTC. Empty for an empty date.
    """
    if not date:
        return ""
    if len(date) == _DAY:
        return f"{date}T00:00:00"
    if len(date) == _DAY_AND_TIME or date.endswith("+00:00"):
        return date[:_DAY_AND_TIME]
    moment = datetime.fromisoformat(date)
    try:
        return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S").zfill(19)
    except OverflowError:
        return date[:19]


def day(date: str) -> str:
    """The calendar day (`YYYY-MM-DD`) of a date in normal form, in its own zone."""
    return date[:10]
