"""What names in markup tell of the parts that are not the article; the words are in `hints.toml`."""

from __future__ import annotations

import tomllib
from functools import cache, lru_cache
from importlib import resources

from backfile.cleaning.body.names import LONGEST, name_tokens


@lru_cache(maxsize=4096)
def hinted_reason(names: str) -> str:
    """The reason that class and id names give, or an empty string."""
    told = {reason for name in names[:LONGEST].split() for reason in _told(name)}
    return min(told, key=list(_reasons()).index, default="")


@lru_cache(maxsize=32768)
def _told(name: str) -> tuple[str, ...]:
    """The reasons that one name gives: nearly all names give none, and the same ones stand on many pages."""
    tokens = name_tokens(name)
    return tuple(reason for reason, words in _reasons().items() if not words.isdisjoint(tokens))


def marked_reason(names: str) -> str:
    """The reason that a whole name gives, of those that are made for nothing else; or an empty string."""
    return next(filter(None, map(_marks().get, names.casefold().split())), "")


def is_post(names: str) -> bool:
    """Whether the names are those of a quoted post of a social network."""
    return not _posts().isdisjoint(names.casefold().split())


@cache
def _hints() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(resources.files(__package__).joinpath("hints.toml").read_text("utf-8"))


@cache
def _reasons() -> dict[str, frozenset[str]]:
    return {reason: frozenset(words) for reason, words in _hints()["reasons"].items()}


@cache
def _marks() -> dict[str, str]:
    return {name: reason for reason, names in _hints()["marks"].items() for name in names}


@cache
def _posts() -> frozenset[str]:
    return frozenset(_hints()["posts"]["names"])
