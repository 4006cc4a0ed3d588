"""Two texts of one story → what changed between them, paragraph by paragraph and word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from backfile.choices import body_blocks, plain_text

Kind = Literal["same", "added", "removed", "changed"]
_TOKENS = re.compile(r"[^\s\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]+|[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]|\s+")
_ALIKE = 0.4
"""Paragraphs with less than this share of words in common are one that went and one that came."""
_LONG = 3000
"""Words. Longer paragraphs are shown whole: comparing them word by word would take seconds."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """A run of words."""

    kind: Literal["same", "added", "removed"]
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Passage:
    """A paragraph of either text, or several that are the same in both."""

    kind: Kind
    pieces: tuple[Piece, ...] = ()
    count: int = 1
    """Paragraphs: of those that are the same, only the number is told."""


def text_paragraphs(body: str) -> list[str]:
    """The words of a body's blocks; pictures and rules, which have none, are left out."""
    return [text for text in (plain_text(block) for block in body_blocks(body)) if text]


def compare(old: Sequence[str], new: Sequence[str]) -> list[Passage]:
    """What changed between two texts, given as their paragraphs."""
    found: list[Passage] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(Passage(kind="same", count=b - a))
        else:
            found += _stretch(old[a:b], new[c:d])
    return found


def words_of(text: str) -> list[str]:
    """Words with the blanks between them; each sign of a script without blanks is a word."""
    return _TOKENS.findall(text)


def _stretch(old: Sequence[str], new: Sequence[str]) -> Iterator[Passage]:
    """Paragraphs that went, came, or were rewritten: each is set against the first one that is much like it."""
    at = 0
    for text in old:
        match = next((n for n in range(at, len(new)) if _likeness(text, new[n]) >= _ALIKE), None)
        if match is None:
            yield Passage(kind="removed", pieces=(Piece(kind="removed", text=text),))
            continue
        yield from (_added(each) for each in new[at:match])
        yield Passage(kind="changed", pieces=tuple(_pieces(text, new[match])))
        at = match + 1
    yield from (_added(each) for each in new[at:])


def _added(text: str) -> Passage:
    return Passage(kind="added", pieces=(Piece(kind="added", text=text),))


def _likeness(one: str, other: str) -> float:
    first, second = set(one.casefold().split()), set(other.casefold().split())
    if len(first) < 3 and len(second) < 3:
        first, second = set(one), set(other)
    return 2 * len(first & second) / (len(first) + len(second)) if first or second else 0.0


def _pieces(old: str, new: str) -> Iterator[Piece]:
    first, second = words_of(old), words_of(new)
    if max(len(first), len(second)) > _LONG:
        yield Piece(kind="removed", text=old)
        yield Piece(kind="added", text=new)
        return
    gone = come = ""
    for tag, a, b, c, d in SequenceMatcher(None, first, second, autojunk=False).get_opcodes():
        before, after = "".join(first[a:b]), "".join(second[c:d])
        if tag != "equal" or (gone and come and before.isspace()):
            gone, come = gone + before, come + after
            continue
        yield from _swap(gone, come)
        gone = come = ""
        yield Piece(kind="same", text=before)
    yield from _swap(gone, come)


def _swap(gone: str, come: str) -> Iterator[Piece]:
    """A run of words that went, and the one that came for it."""
    if gone:
        yield Piece(kind="removed", text=gone)
    if come:
        yield Piece(kind="added", text=come)
