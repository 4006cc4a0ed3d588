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
    found = []
    for text, own, figures in zip(texts, folded, digits, strict=True):
        if len(text) >= _LABEL:
            found.append(_long(own, words))
        elif _starts_like(own, words) or figures or ":" in own or "©" in text or text[0] == "[":
            found.append(_short(text, own, words, sources, figures))
        else:
            reason = words.blocks.get(own, "") if len(text) < _LONGEST_BLOCK else ""
            found.append(Said(own, reason, "", own in words.menus, "", False, False))
    return found


def _starts_like(folded: str, words: Lexicon) -> bool:
    """Whether a line may start with an opener or a cue: most do not."""
    return folded[:3] in words.opener_heads or folded[:2] in words.cue_heads or folded[:1] in words.cue_heads


def _short(text: str, folded: str, words: Lexicon, sources: tuple[str, ...], digits: int) -> Said:
    reason = words.folded_reason(folded) if len(text) < _LONGEST_BLOCK else ""
    if text[0] == "[" and _PICTURE.fullmatch(text):
        reason = "picture"
    return Said(
        folded, reason, "" if reason or folded[:3] not in words.opener_heads else words.folded_opener(folded),
        folded in words.menus, words.cue(folded),
        digits > 0 and _DATE.search(text) is not None,
        "©" in text or (":" in folded and _is_credit(folded, sources)),
    )  # fmt: skip


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
