"""What text browsers add to a page when they write it out: numbers before links, and the list of their addresses.

`lynx -dump` writes `[12]a link` and ends with `12. https://…`; others do alike.
"""

from __future__ import annotations

import re

from backfile.cleaning.text.lines import Line, read_lines
from backfile.model import Removal

_ADDRESS = re.compile(r"\s*(\d{1,5})\. [A-Za-z][\w+.-]{1,30}:.*")
_NUMBER = re.compile(r"\[(\d{1,5})\]")
_LEADING = re.compile(r"\[\d{1,5}\](?=[^\s.,;:!?)\[])")
"""A number before a word: one after it is a note of the author's."""
_FEWEST, _LONGEST_HEAD, _MOST_HEADS = 3, 40, 3
"""Addresses that make a list, and how long and how many the labels in it may be ("References", "Hidden links:")."""


def read_dump(text: str) -> tuple[list[Line], list[Removal]]:
    """The lines of a dump, and what a text browser added to them: the list of addresses at its end and the numbers that
    point into it. Nothing is taken where there is no such list, or most numbers stand behind words."""
    if not text.rstrip()[-200:].count(":") or "[" not in text:
        return read_lines(text), []
    rows = text.split("\n")
    first, last = _addresses(rows)
    above = "\n".join(rows[:first])
    if not last or len(_LEADING.findall(above)) * 2 <= len(_NUMBER.findall(above)):
        return read_lines(text), []
    # Lines were wrapped with the numbers in them: they are joined first.
    numbers: list[str] = []
    lines = [_without(line, last, numbers) for line in read_lines(above)]
    listed = " ".join(" ".join(rows[first:]).split())
    added = [
        Removal(step="dump", reason="addresses of links", text=listed),
        Removal(step="dump", reason="numbers of links", text=" ".join(numbers)),
    ]
    return [line for line in lines if line.text], added


def _without(line: Line, last: int, numbers: list[str]) -> Line:
    """A line without the numbers up to `last`, which go into `numbers`."""
    if "[" not in line.text:
        return line
    pieces: list[str] = []
    start = 0
    for found in _NUMBER.finditer(line.text):
        if int(found[1]) <= last:
            numbers.append(found[0])
            pieces.append(line.text[start : found.start()])
            start = found.end()
    return line._replace(text=" ".join("".join([*pieces, line.text[start:]]).split()))


def _addresses(rows: list[str]) -> tuple[int, int]:
    """Where the list at the end starts, and its highest number; 0 for the latter where there is no list."""
    start, count, highest, heads = len(rows), 0, 0, 0
    for i in range(len(rows) - 1, -1, -1):
        row = rows[i].strip()
        found = _ADDRESS.fullmatch(rows[i])
        if found:
            count, highest, start = count + 1, max(highest, int(found[1])), i
        elif row and (len(row) > _LONGEST_HEAD or heads == _MOST_HEADS or not count):
            break
        elif row:
            heads, start = heads + 1, i
            if highest <= count + 1:
                break
    return (start, highest) if count >= _FEWEST else (len(rows), 0)
