"""Text → lines: bullets and indents read off, wrapped lines joined, columns of a table kept apart."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import lru_cache
from typing import NamedTuple

_SPACES = re.compile(r"[ \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\t]+")
_INVISIBLE = re.compile(
    "[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\ufeff\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f]"
)
_BULLET = re.compile(r"([•·◦‣▪▫▸▹■□●○◎∙◆◇★☆▶►*+\u2013–—-]|\d{1,3}[.)])[ \t\u00a0]+(?=\S)")
_HEADS = frozenset(" •·◦‣▪▫▸▹■□●○◎∙◆◇★☆▶►*+–—-0123456789")
"""What a line with an indent or a bullet starts with."""
_CELLS = re.compile(r"\t+|(?<=\S) {3,}(?=\S)")
_RULE = re.compile(r"[\W_]+")
_WIDE = re.compile(r"[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]")
_MIN_WIDTH, _MAX_WIDTH = 38, 140
_ENOUGH_WRAPPED = 6


class Line(NamedTuple):
    """One line of a dump, or several that were one before they were wrapped."""

    text: str
    """White space evened out, without bullet and indent."""
    gap: int
    """How many blank lines stand before it."""
    indent: int
    bullet: str
    """`•`, `-`, `3.`… where the line is an item; empty elsewhere."""
    cells: int
    """How many columns it has; 1 where it is no row of a table."""

    @property
    def whole(self) -> str:
        """The line with its bullet, as the receipt quotes it."""
        return f"{self.bullet} {self.text}" if self.bullet else self.text


def read_lines(text: str) -> list[Line]:
    """The lines of a dump that hold anything."""
    # A line that can be printed as it stands holds no odd white space and nothing invisible: nearly every line.
    raw = [row if row.isprintable() else _INVISIBLE.sub("", row) for row in text.splitlines()]
    width = wrap_width(raw)
    lines: list[Line] = []
    gap = 0
    last_raw = ""
    for row in raw:
        if not row or row.isspace():
            gap += 1
            last_raw = ""
            continue
        odd = row[0] in _HEADS or "  " in row or row[-1] == " " or not row.isprintable()
        line = _line(row, gap) if odd else Line(row, gap, 0, "", 1)
        if width and last_raw and lines and _continues(last_raw, row, lines[-1], line, width):
            lines[-1] = _joined(lines[-1], line)
        else:
            lines.append(line)
        gap, last_raw = 0, row
    return lines


def _line(row: str, gap: int) -> Line:
    indent, bullet, cells = 0, "", 1
    if row[0].isspace():
        body = row.lstrip()
        indent, row = len(row) - len(body), body
    if row[0] in _HEADS and (found := _BULLET.match(row)):
        bullet, row = found[1], row[found.end() :]
    if "  " in row or not row.isprintable() or row[-1] == " ":
        row = row.rstrip()
        cells = len(_CELLS.split(row)) if "\t" in row or "   " in row else 1
        row = _SPACES.sub(" ", row).strip()
    return Line(row, gap, indent, bullet, cells)


def wrap_width(rows: list[str]) -> int:
    """The width at which a dump was wrapped, in columns; 0 where it was not.

    A wrapped text has many lines just below one width, next to none above it, and many of them go on in small letters.
    """
    # A sign is one column or two: where too many rows are too long even so, nothing needs to be counted.
    lengths = [n for n in map(len, rows) if n * 2 >= _MIN_WIDTH]
    if sum(n > _MAX_WIDTH for n in lengths) > max(1, len(lengths) // 33):
        return 0
    widths = [_columns(row.rstrip()) for row in rows]
    counted = Counter(w for w in widths if w >= _MIN_WIDTH)
    total = sum(counted.values())
    if total < _ENOUGH_WRAPPED:
        return 0
    wider = 0
    width = 0
    for candidate in sorted(counted, reverse=True):
        wider += counted[candidate]
        if wider > max(1, total // 33):
            width = candidate
            break
    if not _MIN_WIDTH <= width <= _MAX_WIDTH:
        return 0
    wrapped = continued = 0
    for i in range(len(rows) - 1):
        if width - 14 < widths[i] <= width and rows[i + 1].strip() and _overflows(rows[i], rows[i + 1], width):
            wrapped += 1
            continued += not _ends(rows[i]) and not rows[i + 1].lstrip()[:1].isupper()
    return width if wrapped >= _ENOUGH_WRAPPED and continued * 3 >= wrapped else 0


def _columns(text: str) -> int:
    return len(text) + len(_WIDE.findall(text)) if not text.isascii() else len(text)


def _ends(row: str) -> bool:
    return row.rstrip()[-1:] in '.!?:;…。！？”»"'


def _overflows(row: str, following: str, width: int) -> bool:
    """Whether the next line's first word would not have fitted: the mark of a break that wrapping made."""
    head = following.split(None, 1)[0]
    word = head[:1] if _WIDE.match(head) else head
    return _columns(row.rstrip()) + 1 + _columns(word) > width


def _continues(last: str, row: str, before: Line, line: Line, width: int) -> bool:
    if line.bullet and not line.bullet.startswith(("-", "–", "—")):
        return False
    hanging = before.indent + (len(before.bullet) + 1 if before.bullet else 0)
    level = line.indent in (before.indent, hanging) or abs(line.indent - before.indent) <= 1
    return level and line.cells == 1 and _overflows(last, row, width)


def _joined(first: Line, second: Line) -> Line:
    tight = _WIDE.match(first.text[-1:]) and _WIDE.match(second.text[:1])
    text = first.text + ("" if tight else " ") + second.whole
    return Line(text, first.gap, first.indent, first.bullet, first.cells)


def is_rule(text: str) -> bool:
    """Whether a line holds no letter and no digit ("----", "* * *")."""
    return bool(_RULE.fullmatch(text))


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """Letters and digits alone, case folded: how lines are compared."""
    folded = text.lower() if text.isascii() else unicodedata.normalize("NFKC", text).casefold()
    return _RULE.sub("", folded)
