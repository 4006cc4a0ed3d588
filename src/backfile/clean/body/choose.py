"""Which blocks are the article's: the fitted model's opinion, then rules that look at the whole choice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from backfile.clean.blocks import HEADING, LIST, TABLE, PageBlocks, TextBlock
from backfile.clean.body.features import Anchors, block_features
from backfile.clean.body.forest import probabilities
from backfile.clean.lexicon import fold

_TAKEN = 0.5
_ECHO_WORDS = 7
_ECHO_MORE = 20
_HEADING_WORDS = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """The article's blocks on a page."""

    chosen: tuple[bool, ...]
    """For each block of the page."""
    likely: tuple[float, ...]
    """For each block the probability that it is the article's text."""
    reasons: dict[int, str] = field(default_factory=dict)
    """Block number → why it was taken out although it looks like the article's text."""

    confidence: float = 0.0
    """How much of the text that is or may be the article's is in the choice as it is, 0 to 1."""


def choose_body(page: PageBlocks, anchors: Anchors) -> Choice:
    """The blocks that are the article's text, headings and standfirst included, title and captions not."""
    return settle(page, anchors, probabilities(block_features(page, anchors)))


def settle(page: PageBlocks, anchors: Anchors, likely: Sequence[float]) -> Choice:
    """The choice that follows from the probabilities."""
    chosen = [p >= _TAKEN for p in likely]
    reasons: dict[int, str] = {}
    for rule in (_no_title, _no_echo, _no_last_heading):
        rule(page.blocks, chosen, anchors, reasons)
    return Choice(
        chosen=tuple(chosen), likely=tuple(likely), reasons=reasons, confidence=_confidence(page.blocks, chosen, likely)
    )


def _no_title(blocks: list[TextBlock], chosen: list[bool], anchors: Anchors, reasons: dict[int, str]) -> None:
    """The headline is a field of its own."""
    title = fold(anchors.title)
    if not title:
        return
    for x in [x for x in blocks if chosen[x.index]][:3]:
        if fold(x.text) == title:
            chosen[x.index] = False
            reasons[x.index] = "repeats the headline"


def _no_echo(blocks: list[TextBlock], chosen: list[bool], anchors: Anchors, reasons: dict[int, str]) -> None:
    """A pull quote says again, in a look of its own, what a paragraph says."""
    picked = [x for x in blocks if chosen[x.index] and x.words >= _ECHO_WORDS]
    texts = [_bare(x.text) for x in picked]
    whole = "\n".join(texts)
    for x, words in zip(picked, texts, strict=True):
        if x.flags & (LIST | TABLE | HEADING) or whole.count(words) < 2:
            continue
        for other, said in zip(picked, texts, strict=True):
            if (
                words in said
                and len(said) > len(words) + _ECHO_MORE
                and _look(other) != _look(x)
                and chosen[other.index]
            ):
                chosen[x.index] = False
                reasons[x.index] = "repeats a part of the text"
                break


def _look(x: TextBlock) -> tuple[str, str, int]:
    return (x.box.tag, x.box.names, (x.box.parent or x.box).order)


def _bare(text: str) -> str:
    return text.strip("«»“”„\"'‘’‹›…. –—-").casefold()


def _no_last_heading(blocks: list[TextBlock], chosen: list[bool], anchors: Anchors, reasons: dict[int, str]) -> None:
    """A heading with nothing under it heads what was left out."""
    last = [x for x in blocks if chosen[x.index]][-2:]
    if len(last) == 2 and last[1].flags & HEADING and not last[0].flags & HEADING and last[1].words <= _HEADING_WORDS:
        chosen[last[1].index] = False
        reasons[last[1].index] = "a heading with nothing under it"


def _confidence(blocks: list[TextBlock], chosen: list[bool], likely: Sequence[float]) -> float:
    """The expected F1 of the choice by the model's own probabilities, by size of text."""
    right = taken = true = 0.0
    for x, yes, p in zip(blocks, chosen, likely, strict=True):
        mass = x.size * p
        true += mass
        if yes:
            right += mass
            taken += x.size
    return round(2 * right / (taken + true), 3) if taken else 0.0
