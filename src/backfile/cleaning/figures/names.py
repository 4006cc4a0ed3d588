"""What the names on an element (class, id, test id) tell about pictures; the words are in `names.toml`."""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache
from importlib import resources

_WORD = re.compile(r"[^\W_]+")
_CAMEL = re.compile(r"(?<=[a-zà-ÿ0-9])(?=[A-Z])")
_LONG = 6

NAMED = ("class", "id", "data-testid", "data-component", "itemprop", "data-qa", "data-test", "data-type")
"""The attributes in which sites name their elements."""


@lru_cache(maxsize=16384)
def told(names: str, kind: str) -> bool:
    """Whether these names hold a word of a kind: `caption`, `credit`, `frame`, `decoration`, `other` or `file`."""
    short, long = _words(kind)
    text = _CAMEL.sub("-", names).casefold()
    return any(word in text for word in long) or not short.isdisjoint(_WORD.findall(text))


@cache
def _words(kind: str) -> tuple[frozenset[str], tuple[str, ...]]:
    data = tomllib.loads(resources.files(__package__).joinpath("names.toml").read_text("utf-8"))
    return frozenset(data[kind]), tuple(word for word in data[kind] if len(word) >= _LONG)
