"""Steps on the chosen part of a page: each takes out one kind of chrome that stands in the midst of the text."""

from __future__ import annotations

from bs4 import Tag

from backfile.cleaning.blocks import INLINE
from backfile.cleaning.chrome.hints import marked_reason
from backfile.cleaning.lexicon import Lexicon
from backfile.model import Removal

_SHORT = 110
_OPENER = 220
_LINKED = 0.4
_LEAVES = frozenset(("p", "div", "h2", "h3", "h4", "h5", "h6", "section"))


def strip_chrome(root: Tag, words: Lexicon) -> list[Removal]:
    """Take chrome out of `root`, after its figures have been taken. `words` is the lexicon of the page's language."""
    removed = []
    gone = 0  # how many of the next tags stood in one that was taken out
    for tag in [tag for tag in root.descendants if isinstance(tag, Tag)]:
        if gone:
            gone -= 1
            continue
        reason = mark(tag) or caption(tag) or phrase(tag, words)
        if reason:
            text = " ".join(tag.get_text(" ").split())
            gone = sum(isinstance(inner, Tag) for inner in tag.descendants)
            tag.decompose()
            if text:
                removed.append(Removal(step="chrome", reason=reason, text=text))
    return removed


def mark(tag: Tag) -> str:
    """Text for screen readers only, or a link to edit a section."""
    names = tag.attrs.get("class")
    return marked_reason(names if isinstance(names, str) else " ".join(names)) if names else ""


def caption(tag: Tag) -> str:
    """A caption whose picture is not on the page."""
    return "caption without a picture" if tag.name == "figcaption" else ""


def phrase(tag: Tag, words: Lexicon) -> str:
    """A block that is nothing but a phrase of the lexicon, or leads to another article: an opener and a link."""
    if tag.name not in _LEAVES or any(isinstance(c, Tag) and c.name not in INLINE for c in tag.contents):
        return ""
    text = "".join(tag.strings).strip()
    if not text or len(text) > _OPENER:
        return ""
    reason = words.reason(text) if len(text) < _SHORT else ""
    if reason:
        return reason
    links = [c for c in tag.descendants if isinstance(c, Tag) and c.name == "a"]
    linked = sum(len("".join(a.strings)) for a in links)
    return words.opener(text) if linked > _LINKED * len(text) else ""
