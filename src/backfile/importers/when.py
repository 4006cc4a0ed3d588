"""Times as containers and exports write them → ISO 8601; empty for what is no sensible time."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from backfile.dates import normal_date

_STAMP = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T?(\d\d)(\d\d)(\d\d)Z?)?")
_FIRST, _LAST = 631_152_000, 4_102_444_800
"""1990 and 2100 in Unix seconds."""
_OFFSET = re.compile(r"([+-]\d\d)(\d\d)$")
_SPACED_OFFSET = re.compile(r" (?=[+-]\d\d:?\d\d$|UTC$|Z$)")


def stamp_date(text: str) -> str:
    """A time given as digits in UTC (`20120611024252`, `20240129T203941Z`), or as ISO 8601."""
    found = _STAMP.fullmatch(text.strip())
    if not found:
        return iso_date(text)
    year, month, day, hour, minute, second = found.groups()
    clock = f"T{hour}:{minute}:{second}+00:00" if hour else ""
    return normal_date(f"{year}-{month}-{day}{clock}")


def iso_date(text: str) -> str:
    """A time in ISO 8601 or a common variant of it (a space before the offset, an offset without a colon)."""
    return normal_date(_OFFSET.sub(r"\1:\2", _SPACED_OFFSET.sub("", text.strip())))


def unix_date(value: float | str) -> str:
    """A time in Unix seconds; milli-, micro- and nanoseconds are known by their size."""
    try:
        seconds = float(value)
    except (ValueError, OverflowError):
        return ""
    for _ in range(3):
        if seconds > _LAST:
            seconds /= 1000
    if not _FIRST <= seconds <= _LAST:
        return ""
    return datetime.fromtimestamp(int(seconds), UTC).isoformat()


def mail_date(text: str) -> str:
    """A time as mail and feeds write it (RFC 5322 §3.3); an offset of -0000 is UTC in a place that is not told."""
    line = " ".join(text.split())
    try:
        moment = parsedate_to_datetime(line).replace(microsecond=0)
        return (moment.replace(tzinfo=UTC) if line.endswith("-0000") else moment).isoformat()
    except (ValueError, TypeError, OverflowError, IndexError):
        return iso_date(text)


def any_date(value: object) -> str:
    """A time of any of these kinds."""
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, int | float):
        return unix_date(value)
    text = str(value).strip()
    if re.fullmatch(r"\d{9,20}(?:\.\d+)?", text):
        return stamp_date(text) if len(text) == 14 and text.startswith(("19", "20")) else unix_date(text)
    return iso_date(text) or stamp_date(text) or mail_date(text) if text else ""
