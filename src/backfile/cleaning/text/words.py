"""The words of the lines of a dump, read once for all that ask for them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

_APART = ',.:;!?()"“”„«»‹›–—-/|…[]؟،؛。'
"""Signs between words: taking them out one by one is faster than a regular expression that looks for words."""
_DENSE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_TELLING = 4
"""Letters that a word has at least that says what a line is about."""


def words_of(texts: Sequence[str]) -> list[list[str]]:
    """The words of each line, in small letters and with straight apostrophes."""
    return list(map(str.split, _set_apart("\n".join(texts)).split("\n"))) if texts else []


@lru_cache(maxsize=2048)
def headline_words(text: str) -> frozenset[str]:
    """The words of a headline as lines are compared with it."""
    return frozenset(_set_apart(text).split())


def telling(words: Sequence[str]) -> list[str]:
    """Those of a line's words that say what it is about: four letters or more."""
    return [word for word in words if len(word) >= _TELLING]


def pairs(text: str) -> list[str]:
    """What stands for the words of a line that does not set them apart: its pairs of signs."""
    return [text[k : k + 2] for k in range(len(text) - 1)]


def listed_terms(text: str) -> list[str]:
    """The longer words of a text as often as they stand in it, or its pairs of signs."""
    if not text.isascii() and _DENSE.search(text) and len(_DENSE.findall(text)) * 2 > len(text):
        return pairs(text)
    return telling(_set_apart(text).split())


def _set_apart(text: str) -> str:
    """The text in small letters with blanks for all signs but those within words."""
    plain = text.lower().replace("’", "'")
    for sign in _APART:
        plain = plain.replace(sign, " ")
    return plain.replace(" '", " ").replace("' ", " ")
