"""Every visible block that is not the article, with the reason; and the data in it: related headlines, notes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import urljoin

from lxml import etree

from backfile.cleaning import blocks as b
from backfile.cleaning.blocks import Box, PageBlocks, TextBlock
from backfile.cleaning.body.times import tells_time
from backfile.cleaning.chrome.hints import hinted_reason
from backfile.cleaning.lexicon import Lexicon, fold
from backfile.model import Link, Removal

_SHORT = 110
_BYLINE = 200
_BYLINE_WORDS = 25
_BOXES = 4
_FLAG_REASONS = (
    (b.FORM, "form"),
    (b.FIGURE, "picture caption"),
    (b.BUTTON, "button"),
    (b.ASIDE, "side column"),
)
_RELATED = frozenset(("related headlines", "most read"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Account:
    """What became of the blocks that are not the article's."""

    removed: tuple[Removal, ...] = ()
    related: tuple[Link, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """What is known of the article when its surroundings are accounted for."""

    title: str
    authors: tuple[str, ...]
    words: Lexicon
    base_url: str
    reasons: dict[int, str]
    """Block number → reason found before."""


def account(page: PageBlocks, kept: Sequence[bool], known: Known) -> Account:
    """The removals for all visible blocks that are not `kept`, in page order, neighbours of one reason together."""
    inside = [i for i, yes in enumerate(kept) if yes]
    first, last = (inside[0], inside[-1]) if inside else (len(kept), -1)
    judge = _Judge(known)
    told: list[tuple[str, str, int, TextBlock]] = []
    heading = ""
    words = 0
    for x, yes in zip(page.blocks, kept, strict=True):
        if yes:
            words += x.words
            heading = ""
            continue
        if x.flags & b.HIDDEN:
            continue
        reason = known.reasons.get(x.index) or judge.reason(x, heading)
        if x.flags & b.HEADING or reason in _RELATED:
            heading = reason if reason in _RELATED else ""
        within = first < x.index < last
        step = "byline" if reason == "byline" else "chrome" if within or x.index in known.reasons else "outside"
        told.append((step, reason, words if within else -1, x))
    return Account(
        removed=tuple(_joined(told)),
        related=tuple(_related(told, first, known.base_url)),
        notes=tuple(x.text for _, reason, _, x in told if reason == "author biography" and x.words > 8),
    )


def _joined(told: list[tuple[str, str, int, TextBlock]]) -> list[Removal]:
    return [
        Removal(step=step, reason=reason, text="\n".join(x.text for *_, x in group), before=words)
        for (step, reason, words), group in groupby(told, key=lambda entry: entry[:3])
    ]


class _Judge:
    """Why blocks are not the article's."""

    def __init__(self, known: Known) -> None:
        self.words = known.words
        self.title = fold(known.title)
        self.names = [name.casefold() for name in known.authors if len(name) > 3]
        self.hints: dict[int, str] = {}

    def reason(self, x: TextBlock, heading: str) -> str:
        """The reason for one block; `heading` is that of the heading above it, where it has one."""
        if x.flags & (b.NAV | b.FOOTER):
            return "menu" if x.flags & b.NAV else "page footer"
        text = x.text
        short = len(text) < _SHORT
        if short or len(text) <= len(self.title) + _SHORT:
            folded = fold(text)
            if self.title and folded == self.title:
                return "the headline, kept as the title"
            found = short and (self.words.folded_reason(folded) or self.words.folded_opener(folded))
            if found:
                return found
        hinted = self.hinted(x.box, _BOXES)
        if hinted:
            return "author biography" if hinted == "byline" and x.words > 20 else hinted
        if self.names and x.words < _BYLINE_WORDS and len(text) < _BYLINE and self.names_author(text.casefold()):
            return "byline"
        for flag, reason in _FLAG_REASONS:
            if x.flags & flag:
                return reason
        if tells_time(x):
            return "date"
        if heading:
            return heading
        return "links to other pages" if x.linked > 0.6 else "not part of the text"

    def names_author(self, text: str) -> bool:
        return any(name in text for name in self.names)

    def hinted(self, box: Box, levels: int) -> str:
        """What the names on a box, or on the nearest above it, tell."""
        step: Box | None = box
        for _ in range(levels):
            if step is None or step.parent is None:
                return ""
            found = self.hints.get(step.order)
            if found is None:
                found = self.hints[step.order] = hinted_reason(step.names) if step.names else ""
            if found:
                return found
            step = step.parent
        return ""


def _related(told: list[tuple[str, str, int, TextBlock]], first: int, base_url: str) -> list[Link]:
    found: dict[str, Link] = {}
    for _, reason, _, x in told:
        if reason in _RELATED and x.index > first and x.linked > 0.7 and x.words > 3:
            found.setdefault(x.text, Link(title=x.text, url=_address(x, base_url)))
    return list(found.values())


def _address(x: TextBlock, base_url: str) -> str:
    element: etree._Element | None = x.slots[0][0]
    while element is not None:
        href = element.get("href") if element.tag == "a" else None
        if href:
            try:
                address = urljoin(base_url, href.strip())
            except ValueError:
                return ""
            return address if address.startswith(("http://", "https://")) else ""
        element = element.getparent()
    return ""
