"""What the user put back into an article, or took out of it, applied to what the machine made of the page.

A choice names a part by its text, so that it outlives every new cleaning: a part that the cleaner keeps by itself by
now needs no putting back, and one that it cuts in another way is found inside the new part.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pyromark

from backfile.commonmark import escape_inline, escape_text
from backfile.marks import without_marks
from backfile.model import Choice, Removal
from backfile.report import ReadError

DROPPED = "taken out by you"
"""The reason of what the user dropped."""

_STEP = "choice"
_OPENING = 80
_OPTIONS = pyromark.Options.ENABLE_TABLES
_INLINE = frozenset({"Emphasis", "Strong", "Strikethrough", "Link", "Image", "Superscript", "Subscript"})
_BETWEEN = r"(?:[\s\\*_`\[=]|\]\([^)\n]*\)|\])+"
"""What may stand between two words of a text in its Markdown."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Text:
    """The body of an article, and what is not in it."""

    blocks: tuple[str, ...]
    """CommonMark, one top-level block each."""
    removed: tuple[Removal, ...] = ()

    @property
    def body(self) -> str:
        """The body as one text."""
        return "\n\n".join(self.blocks)


def read_text(body: str, removed: Sequence[Removal]) -> Text:
    """A body as its blocks."""
    return Text(blocks=tuple(body_blocks(body)), removed=tuple(removed))


def body_blocks(body: str) -> Iterator[str]:
    """The top-level blocks of CommonMark."""
    source = body.encode("utf-8", "replace")
    depth = 0
    for event, span in pyromark.Markdown(options=_OPTIONS).events_with_range(body):
        named: Mapping[str, Any] = event if isinstance(event, dict) else {}
        opens = "Start" in named
        closes = "End" in named
        if depth == 0 and (opens or not closes):
            start = span["start"]
            if opens and "CodeBlock" in named["Start"]:  # whose span leaves out the indentation that makes it code
                start = source.rfind(b"\n", 0, start) + 1
            block = source[start : span["end"]].decode("utf-8", "replace").strip("\n")
            if block:
                yield block
        depth += opens - closes


def plain_text(markdown: str) -> str:
    """The words of CommonMark, white space as single blanks."""
    words: list[str] = []
    for event in pyromark.events(without_marks(markdown), options=_OPTIONS):
        if isinstance(event, dict):
            words.append(_words(event))
        else:
            words.append(" ")
    return " ".join("".join(words).split())


def _words(event: Mapping[str, Any]) -> str:
    kind, value = next(iter(event.items()))
    if kind in ("Text", "Code"):
        return str(value)
    name = value if isinstance(value, str) else next(iter(value), "")
    return "" if kind == "InlineHtml" or name in _INLINE else " "


def choice_to_restore(text: Text, number: int) -> Choice:
    """The choice that puts back a removed part, by its number in the receipt (from 1).

    Raises ReadError where there is no such part.
    """
    if not 1 <= number <= len(text.removed):
        many = len(text.removed)
        raise ReadError(f"there is no part {number}: {f'parts 1 to {many}' if many else 'nothing'} can be put back")
    place = _place(text.removed, number - 1, len(text.blocks))
    after = plain_text(text.blocks[place - 1])[:_OPENING] if place else ""
    return Choice(action="restore", text=text.removed[number - 1].text, after=after)


def choice_to_drop(text: Text, words: str) -> Choice:
    """The choice that takes words out of the body. Raises ReadError where they are not there, or more than once."""
    wanted = " ".join(words.split())
    found = occurrences(text, wanted)
    if found != 1:
        where = "more than once in" if found else "not in"
        raise ReadError(f"“{wanted[:60]}” is {where} the article's text. Give more of it, as it stands on the page")
    return Choice(action="drop", text=wanted)


def occurrences(text: Text, words: str) -> int:
    """How often words stand in a body."""
    return sum(len(_passages(block, words)) for block in text.blocks) if words else 0


def with_choices(text: Text, choices: Sequence[Choice]) -> Text:
    """The text as the user wants it."""
    for choice in choices:
        text = _restored(text, choice) if choice.action == "restore" else _dropped(text, choice.text)
    return text


def carried(text: Text, choices: Iterable[Choice]) -> tuple[Text, tuple[Choice, ...]]:
    """Another capture's text with those choices that fit it as they are, and these choices.

    What the other capture does not have is not put into it.
    """
    fitting: list[Choice] = []
    for choice in choices:
        wanted = " ".join(choice.text.split())
        if choice.action == "restore":
            fits = any(" ".join(part.text.split()) == wanted for part in text.removed)
        else:
            fits = sum(len(_passages(block, wanted)) for block in text.blocks) == 1
        if fits:
            text = with_choices(text, [choice])
            fitting.append(choice)
    return text, tuple(fitting)


def _restored(text: Text, choice: Choice) -> Text:
    wanted = " ".join(choice.text.split())
    known = [" ".join(part.text.split()) for part in text.removed]
    index = known.index(wanted) if wanted in known else next((n for n, part in enumerate(known) if wanted in part), -1)
    if index < 0 and wanted in plain_text(text.body):
        return text
    new = [escape_text(line) for line in choice.text.split("\n") if line.strip()]
    rest: list[Removal] = list(text.removed)
    behind = next((n + 1 for n, block in enumerate(text.blocks) if _begins(block, choice.after)), None)
    place = len(text.blocks) if behind is None else behind
    if index >= 0:
        if text.removed[index].before >= 0 or behind is None:
            place = _place(text.removed, index, len(text.blocks))
        left = " ".join(known[index].replace(wanted, " ", 1).split())
        part = text.removed[index]
        rest = [*text.removed[:index], *((replace(part, text=left),) if left else ()), *text.removed[index + 1 :]]
    first_behind = len(rest) if index < 0 else index
    moved = [
        replace(part, before=part.before + len(new))
        if part.before > place or (part.before == place and n >= first_behind)
        else part
        for n, part in enumerate(rest)
    ]
    return Text(blocks=(*text.blocks[:place], *new, *text.blocks[place:]), removed=tuple(moved))


def _begins(block: str, opening: str) -> bool:
    return bool(opening) and plain_text(block).startswith(opening)


def _place(removed: Sequence[Removal], index: int, end: int) -> int:
    """The block before which a part stood; parts outside the body go above or below it, as the page had them."""
    part = removed[index]
    if part.before >= 0:
        return min(part.before, end)
    below = any(other.before >= 0 for other in removed[:index])
    above = any(other.before >= 0 for other in removed[index + 1 :])
    return end if below and not above else 0


def _dropped(text: Text, words: str) -> Text:
    for index, block in enumerate(text.blocks):
        if plain_text(block) == words:
            return without_block(text, index, words, (_STEP, DROPPED))
    for index, block in enumerate(text.blocks):
        for start, end in _passages(block, words):
            left = re.sub(r"[ \t]{2,}", " ", f"{block[:start]}{block[end:]}").strip()
            rest = " ".join(plain_text(block).replace(words, "", 1).split())
            # Half of a pair of marks would show as itself: then the words alone stay.
            left = left if plain_text(left) == rest else escape_text(rest)
            return without_block(text, index, words, (_STEP, DROPPED), left)
    return text


def without_block(text: Text, index: int, words: str, why: tuple[str, str], left: str = "") -> Text:
    """The text with a block shortened to what is left of it, or gone; `why` is the step and reason of the removal."""
    gone = not left
    place = next((n for n, part in enumerate(text.removed) if part.before > index), len(text.removed))
    moved = [replace(part, before=part.before - 1) if gone and part.before > index else part for part in text.removed]
    moved.insert(place, Removal(step=why[0], reason=why[1], text=words, before=index))
    kept = (left,) if left else ()
    return Text(blocks=(*text.blocks[:index], *kept, *text.blocks[index + 1 :]), removed=tuple(moved))


def _passages(block: str, words: str) -> list[tuple[int, int]]:
    """Where the words stand in a block's Markdown, whatever marks stand between them."""
    parts = (re.escape(escape_inline(word)) for word in words.split(" "))
    return [found.span() for found in re.finditer(_BETWEEN.join(parts), block)]
