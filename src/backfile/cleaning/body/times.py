"""Blocks that tell a time: the dates around an article, and those of a live blog's entries."""

from __future__ import annotations

from dataclasses import replace

from backfile.cleaning.blocks import PageBlocks, TextBlock
from backfile.cleaning.body.choose import Choice

_DATE_WORDS = 12
_CLOCK_WORDS = 4


def tells_time(x: TextBlock, words: int = _DATE_WORDS) -> bool:
    """True for a short block whose text stands in a `<time>`."""
    return x.words <= words and any(element.tag == "time" for element, inner in x.slots if inner)


def with_entry_times(page: PageBlocks, choice: Choice) -> Choice:
    """The choice with the times at which the entries of a live blog were written: they head what is chosen."""
    chosen = list(choice.chosen)
    for x in page.blocks:
        if not chosen[x.index] and tells_time(x, _CLOCK_WORDS):
            chosen[x.index] = any(choice.chosen[x.index + 1 : x.index + 3])
    return replace(choice, chosen=tuple(chosen))
