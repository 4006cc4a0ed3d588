"""What of a text stays the same in another language: its numbers, and its names as far as letters go."""

from __future__ import annotations

import re
from functools import lru_cache

from slugify import slugify

_NUMBER = re.compile(r"\d(?:[.,'’\u00a0\u202f ]?\d){0,20}")
_NAME = re.compile(r"[^\W\d_a-z]\w{3,40}")
_BEGINS = re.compile(r"(?:\A|[.!?…:–—\n])[\s\"'“”„«»‹›‘’(\[#>*-]*\Z")
"""What stands before the first word of a sentence, which is written large whatever it is."""
_LETTERS = 5
"""Of a name, that are compared: endings are the language's."""


def facts_of(text: str) -> set[str]:
    """The numbers of a text, as their digits, and its names, as their first letters in plain Latin ones."""
    return numbers_of(text) | _names_of(text)


def numbers_of(text: str) -> set[str]:
    """The numbers of two digits or more, as their digits: separators are the language's."""
    found = ("".join(filter(str.isdecimal, number)) for number in _NUMBER.findall(text))
    return {str(int(digits)) for digits in found if len(digits) > 1}


def _names_of(text: str) -> set[str]:
    found = (match for match in _NAME.finditer(text) if match[0][0].isupper())
    words = (match[0] for match in found if not _BEGINS.search(text, max(0, match.start() - 4), match.start()))
    plain = (word.casefold() if word.isascii() else _latin(word) for word in words)
    return {word[:_LETTERS] for word in plain if len(word) >= _LETTERS - 1}


@lru_cache(65_536)
def _latin(word: str) -> str:
    """A name in plain Latin letters, whatever its script."""
    return slugify(word, separator="", backend="text-unidecode")
