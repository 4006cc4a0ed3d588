"""Words as both sides of the search see them: what they are made of, and what is levelled in them.

The data stand in `letters.json` (see `tools/make_letters.py`), which the search page is given too: a text is cut into
the same words in Python and in a browser, whatever Unicode version either knows.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import msgspec

LONGEST = 40
"""Characters of a word that count."""


class Letters(msgspec.Struct, frozen=True):
    """The file's content. Ranges are first and last code points in a row."""

    unicode: str
    words: list[int]
    """What words are made of, except `pairs`."""
    pairs: list[int]
    """Scripts that are cut into pairs of characters, since nothing stands between their words."""
    source: list[int] = msgspec.field(name="from")
    """Characters that are levelled…"""
    to: str = ""
    """…and to what, in the same order, with tabs between."""


def letters_data() -> bytes:
    """The data as they are given to the search page."""
    return (Path(__file__).parent / "letters.json").read_bytes()


@cache
def letters() -> Letters:
    """The data, decoded."""
    return msgspec.json.decode(letters_data(), type=Letters)


@cache
def word_pattern() -> re.Pattern[str]:
    """Finds every run of letters, every run of pairs, and every end of a line."""
    return re.compile(f"[{_ranges(letters().words)}]+|[{_ranges(letters().pairs)}]+|\n")


@cache
def paired_pattern() -> re.Pattern[str]:
    """Finds a character of a script that is cut into pairs."""
    return re.compile(f"[{_ranges(letters().pairs)}]")


def composed(text: str) -> str:
    """The text with letters and marks as one character where there is one (NFC), as it must be before it is cut."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def fold(word: str) -> str:
    """A word levelled: case, accents, forms of letters; empty where nothing is left."""
    return word.translate(_table())[:LONGEST]


def pairs(run: str) -> Iterator[str]:
    """Every pair of neighbouring characters in a run, and the last one alone."""
    yield from (run[index : index + 2] for index in range(len(run)))


def split(text: str) -> list[str]:
    """The folded words of a text, pairs taken apart."""
    paired = paired_pattern()
    found: list[str] = []
    for run in word_pattern().findall(composed(text)):
        if run != "\n":
            found += [fold(each) for each in (pairs(run) if paired.match(run) else (run,))]
    return [word for word in found if word]


@cache
def _table() -> dict[int, str]:
    data = letters()
    numbers = (n for low, high in _rows(data.source) for n in range(low, high + 1))
    return dict(zip(numbers, data.to.split("\t"), strict=True))


def _rows(ranges: Sequence[int]) -> Iterator[tuple[int, int]]:
    yield from zip(ranges[::2], ranges[1::2], strict=True)


def _ranges(ranges: Sequence[int]) -> str:
    return "".join(f"{re.escape(chr(low))}-{re.escape(chr(high))}" for low, high in _rows(ranges))
