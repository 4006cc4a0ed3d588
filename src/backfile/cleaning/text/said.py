"""What the lexicon says of the lines of a dump: known labels, the words that introduce something, dates."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from backfile.cleaning.lexicon import Lexicon, fold_lines, lexicon

_LABEL = 160
"""Longer lines are not looked up in the lexicon."""
_LONGEST_BLOCK, _HEAD = 90, 60
"""How long a line is at most that is a known label, and how much of a long one is asked about."""
_DATE = re.compile(r"\b(?:19|20)\d\d\b|\d{1,2}[./:]\d{2}|\d+[年月日년월일]")
_PICTURE = re.compile(r"\[(?:[\w.%+-]*\d[\w.%+-]*|[\w.%+-]+\.\w{3,4}|svg|img|image|inline)\]", re.I)
"""What text browsers write for a picture without a text: its name, or that there is one."""


class Said(NamedTuple):
    """What the lexicon says of one line."""

    folded: str
    reason: str
    """Why it is chrome, where its words alone say so."""
    opener: str
    menu: bool
    cue: str
    dated: bool
    credited: bool
    """Whether it names the source of a picture ("Photo: …", "©")."""

    @property
    def labelled(self) -> bool:
        """Whether it is known chrome or starts like some."""
        return bool(self.reason or self.opener or self.menu)


_NOTHING = Said("", "", "", False, "", False, False)


def say(texts: Sequence[str], digits: Sequence[int], langs: tuple[str, ...]) -> list[Said]:
    """What the lexicon of these languages (all where none is named) says of each line, of which `digits` are digits."""
    words = lexicon(*langs)
    sources = _credits(langs)
    folded = fold_lines([text if len(text) < _LABEL else text[: _HEAD * (len(text) < 2 * _LABEL)] for text in texts])
    return [
        _short(text, own, words, sources, figures) if len(text) < _LABEL else _long(own, words)
        for text, own, figures in zip(texts, folded, digits, strict=True)
    ]


def _short(text: str, folded: str, words: Lexicon, sources: tuple[str, ...], digits: int) -> Said:
    reason = opener = ""
    if len(text) < _LONGEST_BLOCK and (digits or folded in words.blocks):
        reason = words.folded_reason(folded)
    if text[0] == "[" and _PICTURE.fullmatch(text):
        reason = "picture"
    if not reason and folded[:3] in words.opener_heads:
        opener = words.folded_opener(folded)
    dated = digits > 0 and _DATE.search(text) is not None
    credited = "©" in text or (":" in folded and _is_credit(folded, sources))
    return Said(folded, reason, opener, folded in words.menus, words.cue(folded), dated, credited)


def _long(folded: str, words: Lexicon) -> Said:
    """The same for a longer line, of which only the first words are asked about."""
    opener = words.folded_opener(folded)
    return _NOTHING._replace(opener=opener) if opener else _NOTHING


@cache
def _credits(langs: tuple[str, ...]) -> tuple[str, ...]:
    return lexicon(*langs).cues.get("photo", ())


def _is_credit(folded: str, cues: tuple[str, ...]) -> bool:
    """Whether what introduces the source of a picture stands before a colon."""
    head = folded
    while ":" in head:
        head = head[: head.rindex(":")]
        lead = head.removesuffix(" ")
        if lead.endswith(cues) and any(lead.endswith(cue) and not _in_word(lead[: -len(cue)][-1:]) for cue in cues):
            return True
    return False


def _in_word(sign: str) -> bool:
    return sign.isalnum() or sign == "_"
