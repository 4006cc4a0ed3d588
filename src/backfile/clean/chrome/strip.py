"""Steps on the chosen part of a page: each takes out one kind of chrome that stands in the midst of the text."""

from __future__ import annotations

from collections.abc import Iterator

from bs4 import NavigableString, Tag

from backfile.clean.blocks import INLINE
from backfile.clean.chrome.hints import is_concealed
from backfile.clean.lexicon import Lexicon
from backfile.model import Removal

_SHORT = 110
_OPENER = 220
_LEAVES = ("p", "div", "h2", "h3", "h4", "h5", "h6", "section", "span", "strong")


def strip_chrome(root: Tag, words: Lexicon) -> list[Removal]:
    """Take chrome out of `root`, after its figures have been taken. `words` is the lexicon of the page's language."""
    return [*concealed(root), *captions(root), *phrases(root, words), *openers(root, words)]


def concealed(root: Tag) -> Iterator[Removal]:
    """Text for screen readers only."""
    for tag in root.find_all(True):
        names = tag.get("class")
        if names and not tag.decomposed and is_concealed(names if isinstance(names, str) else " ".join(names)):
            yield from _out(tag, "for screen readers only")


def captions(root: Tag) -> Iterator[Removal]:
    """Captions whose picture is not on the page."""
    for tag in root.find_all("figcaption"):
        if not tag.decomposed:
            yield from _out(tag, "caption without a picture")


def phrases(root: Tag, words: Lexicon) -> Iterator[Removal]:
    """Blocks that are nothing but a phrase of the lexicon."""
    for tag in _leaves(root):
        text = tag.get_text(" ", strip=True)
        if text and len(text) < _SHORT:
            reason = words.reason(text)
            if reason:
                yield from _out(tag, reason)


def openers(root: Tag, words: Lexicon) -> Iterator[Removal]:
    """Lines that lead to another article: an opener and a link."""
    for tag in _leaves(root):
        text = tag.get_text(" ", strip=True)
        if not text or len(text) > _OPENER or tag.find("a") is None:
            continue
        reason = words.opener(text)
        linked = sum(len(a.get_text(" ", strip=True)) for a in tag.find_all("a"))
        if reason and linked > 0.4 * len(text):
            yield from _out(tag, reason)


def _leaves(root: Tag) -> Iterator[Tag]:
    for tag in root.find_all(("p", "div", "h2", "h3", "h4", "h5", "h6", "section")):
        if not tag.decomposed and all(isinstance(child, NavigableString) or child.name in INLINE for child in tag.children):
            yield tag


def _out(tag: Tag, reason: str) -> Iterator[Removal]:
    text = " ".join(tag.get_text(" ").split())
    tag.decompose()
    if text:
        yield Removal(step="chrome", reason=reason, text=text)
