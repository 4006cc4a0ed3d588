"""Is it an article at all: what a page is when it is not one."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from backfile.cleaning import blocks as b
from backfile.cleaning.blocks import PageBlocks
from backfile.cleaning.lexicon import Lexicon
from backfile.model import PageMetadata

_FEW_WORDS = 25
_STUB_WORDS = 60
_HEADLINE_WORDS = 4
_ERRORS = ("404", "403", "410", "500", "502", "503")


def refusal(page: PageBlocks, kept: Sequence[bool], found: PageMetadata, words: Lexicon) -> str:
    """Why a page is not an article, in words for the reader; empty when it is one."""
    size = sum(_length(x.text) for x, yes in zip(page.blocks, kept, strict=True) if yes)
    if _is_error(found.title) and size < _STUB_WORDS:
        return "an error page"
    if _is_consent(page, kept, words):
        return "a consent wall"
    if size < _FEW_WORDS:
        if found.access == "locked":
            return "a paywall without the article's text"
        if found.kind == "video":
            return "a video without text"
        return "a list of headlines" if _headlines(page, kept) > 10 else "no article text found"
    if _is_front(found.url) and not found.published and _headlines(page, kept) > 15:
        return "a home page"
    if _is_list(page, kept, found, size):
        return "a list of headlines"
    if found.access == "locked" and size < _STUB_WORDS:
        return "a paywall without the article's text"
    return ""


def _length(text: str) -> float:
    """Words; in scripts without spaces, characters by two."""
    words = len(text.split())
    return max(words, len(text) / 2 if max(text) >= "\u2e80" and words < len(text) / 8 else 0)


def _is_error(title: str) -> bool:
    return any(word.strip("-–—:|!()[]") in _ERRORS for word in title.split()[:4])


def _is_consent(page: PageBlocks, kept: Sequence[bool], words: Lexicon) -> bool:
    """Whether the page is hardly more than its question about cookies."""
    if len(page.blocks) > 60 or sum(x.words for x in page.blocks) > 700:
        return False
    return sum(words.reason(x.text) == "cookies" for x in page.blocks) > 1


def _headlines(page: PageBlocks, kept: Sequence[bool]) -> int:
    return sum(
        x.linked > 0.8 and x.words >= _HEADLINE_WORDS and not x.flags & (b.NAV | b.FOOTER)
        for x, yes in zip(page.blocks, kept, strict=True)
        if not yes
    )


def _is_front(url: str) -> bool:
    return bool(url) and urlsplit(url).path.strip("/") == ""


def _is_list(page: PageBlocks, kept: Sequence[bool], found: PageMetadata, size: float) -> bool:
    """Whether headlines stand where an article would: no date, no author, and most of the text in teasers."""
    if found.published or found.authors or found.article_body:
        return False
    links = _headlines(page, kept)
    return links > 20 and size < links * 6
