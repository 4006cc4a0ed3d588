"""What class and id names say of their element: weights of name tokens, learned from labelled pages."""

from __future__ import annotations

import json
import re
from functools import cache, lru_cache
from importlib import resources

LONGEST = 400
"""Characters of the names on one element that are read."""
_LETTERS = re.compile("[a-z]+")
_NOTHING = (0.0, 0.0, 0.0)
_TOKEN = re.compile(r"[A-Z]{2,}(?![a-z])|[A-Z]?[a-z]+")


def name_tokens(names: str) -> tuple[str, ...]:
    """The words in class and id names, lower case: `articleBody js-lead` gives article, body, js, lead."""
    return tuple(dict.fromkeys([t.lower() for t in _TOKEN.findall(names[:LONGEST]) if 2 <= len(t) <= 20]))


@lru_cache(maxsize=8192)
def name_weights(names: str) -> tuple[float, float, float]:
    """The least and the greatest weight among the name tokens and their sum; negative speaks for chrome."""
    low = high = total = 0.0
    for word in dict.fromkeys(names.split()):  # in their order, since sums of fractions depend on it
        weight = _word_weights(word)
        low = min(low, weight[0])
        high = max(high, weight[1])
        total += weight[2]
    return (low, high, total)


@lru_cache(maxsize=32768)
def _word_weights(word: str) -> tuple[float, float, float]:
    table = weights()
    if word.islower():  # most are, and need no search for capitals
        if word.isalpha():
            return _single(table.get(word))
        found = [table[t] for t in dict.fromkeys(_LETTERS.findall(word[:LONGEST])) if t in table]
    else:
        found = [table[t] for t in name_tokens(word) if t in table]
    return (min(0.0, *found), max(0.0, *found), sum(found)) if found else _NOTHING


def _single(weight: float | None) -> tuple[float, float, float]:
    return _NOTHING if weight is None else (min(0.0, weight), max(0.0, weight), weight)


@cache
def weights() -> dict[str, float]:
    """Token → weight, from `names.json`."""
    table: dict[str, float] = json.loads((resources.files(__package__) / "names.json").read_text("utf-8"))
    return table
