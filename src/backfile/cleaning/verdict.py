"""Is it an article at all: what a page is when it is not one.

Lists are told by how their text is broken up: on a page of headlines no stretch of text between two of them is longer
than a teaser, while an article has at least one stretch of prose. How pages call themselves is in `verdict.toml`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from urllib.parse import urlsplit

from backfile.cleaning import blocks as b
from backfile.cleaning.blocks import PageBlocks
from backfile.cleaning.lexicon import Lexicon, fold
from backfile.model import PageMetadata

_FEW_WORDS = 25
_STUB_WORDS = 60
_NOTICE_WORDS = 150
"""Words up to which a page that calls itself an error may still explain itself."""
_HEADLINE_WORDS = 4
_TEASER_WORDS, _TEASER_MEAN = 90, 55
"""The longest stretch of text between two headlines of a list, and the most that these have on average."""
_MANY_HEADLINES, _SOME_HEADLINES, _MANY_TEASERS = 8, 3, 4
_MAX_WALL_BLOCKS, _MAX_WALL_WORDS = 60, 700
_HEAD = ("json-ld", "meta", "microdata", "webpage")
"""Kinds of sources whose date only an article has."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Shape:
    """How the chosen text of a page is broken up by headlines."""

    size: float
    """Words chosen."""
    headlines: int
    """Links as long as a headline that are not chosen, menus aside."""
    linked: int
    """Of these and of the chosen blocks, those that are links."""
    stretches: tuple[float, ...]
    """Words chosen between two such links, where there are any."""


def refusal(page: PageBlocks, kept: Sequence[bool], found: PageMetadata, words: Lexicon) -> str:
    """Why a page is not an article, in words for the reader; empty when it is one."""
    shape = _shape(page, kept)
    named = _named(page, kept, found, words, shape)
    if named:
        return named
    if shape.size < _FEW_WORDS:
        if found.access == "locked":
            return "a paywall without the article's text"
        if found.kind == "video":
            return "a video without text"
        return "a list of headlines" if shape.headlines > 10 else "no article text found"
    if _is_front(found.url) and not found.published and shape.headlines > 15:
        return "a home page"
    if _is_list(found, shape):
        return "a home page" if _is_front(found.url) else "a list of headlines"
    if found.access == "locked" and shape.size < _STUB_WORDS:
        return "a paywall without the article's text"
    return ""


def _named(page: PageBlocks, kept: Sequence[bool], found: PageMetadata, words: Lexicon, shape: _Shape) -> str:
    """What a page is that calls itself by what it is."""
    title = fold(found.title)
    short = shape.size < _NOTICE_WORDS and not _is_dated(found)
    if short and _starts(title, "error"):
        return "an error page"
    if short and _starts(title, "check"):
        return "a check for robots"
    if _is_consent(page, kept, words, shape):
        return "a consent wall"
    searched = _starts(title, "search") or _is_search(found.url)
    if searched and not _is_dated(found) and shape.linked >= _SOME_HEADLINES and _is_broken(shape):
        return "a page of search results"
    return ""


@cache
def _table() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads((resources.files(__name__.rpartition(".")[0]) / "verdict.toml").read_text("utf-8"))


def _starts(title: str, kind: str) -> bool:
    """Whether a title starts with one of these phrases, as whole words."""
    phrases = (phrase for phrase in _table()["titles"][kind] if title.startswith(phrase.rstrip(":")))
    return any(not title[len(phrase) : len(phrase) + 1].isdigit() for phrase in phrases)


def _is_search(url: str) -> bool:
    return any(mark in url.lower() for mark in _table()["addresses"]["search"])


def _length(x: b.TextBlock) -> float:
    """Words; in scripts without spaces, characters by two."""
    return len(x.text) / 2 if x.words < len(x.text) / 8 and max(x.text) >= "\u2e80" else x.words


def _shape(page: PageBlocks, kept: Sequence[bool]) -> _Shape:
    stretches = [0.0]
    headlines = linked = 0
    for block, yes in zip(page.blocks, kept, strict=True):
        length = _length(block) if yes or block.linked > 0.8 else 0
        if block.linked > 0.8 and length >= _HEADLINE_WORDS and not block.flags & (b.NAV | b.FOOTER):
            headlines += not yes
            linked += 1
            stretches.append(0.0)
        if yes:
            stretches[-1] += length
    return _Shape(size=sum(stretches), headlines=headlines, linked=linked, stretches=tuple(s for s in stretches if s))


def _is_consent(page: PageBlocks, kept: Sequence[bool], words: Lexicon, shape: _Shape) -> bool:
    """Whether the page is hardly more than its question about cookies."""
    if len(page.blocks) > _MAX_WALL_BLOCKS or sum(x.words for x in page.blocks) > _MAX_WALL_WORDS:
        return False
    if not any(words.reason(x.text) == "cookies" for x in page.blocks):
        return False
    stems = _table()["consent"]["stems"]
    chosen = ((x, x.text.casefold()) for x, yes in zip(page.blocks, kept, strict=True) if yes)
    about = sum(_length(x) for x, text in chosen if any(stem in text for stem in stems))
    asked = sum(words.reason(x.text) == "cookies" or "cookie" in x.text.casefold() for x in page.blocks)
    return asked > 1 and (about > shape.size / 2 or shape.size < _FEW_WORDS)


def _is_front(url: str) -> bool:
    return bool(url) and urlsplit(url).path.strip("/") == ""


def _is_dated(found: PageMetadata) -> bool:
    """Whether the head gives a date, or structured data a text."""
    chosen = (c.source for c in found.candidates if c.field == "published" and c.chosen)
    return bool(found.article_body) or any(source.split(" ", 1)[0] in _HEAD for source in chosen)


def _is_list(found: PageMetadata, shape: _Shape) -> bool:
    """Whether headlines stand where an article would: its head dates none, and no text is longer than a teaser."""
    if _is_dated(found):
        return False
    if shape.headlines > 20 and shape.size < shape.headlines * 6 and not (found.published or found.authors):
        return True
    broken = len(shape.stretches) >= _MANY_TEASERS and _is_broken(shape)
    return broken and shape.linked >= _MANY_HEADLINES


def _is_broken(shape: _Shape) -> bool:
    """Whether no stretch of the text is longer than a teaser's, and most are shorter."""
    return max(shape.stretches, default=0) < _TEASER_WORDS and shape.size <= _TEASER_MEAN * len(shape.stretches)
