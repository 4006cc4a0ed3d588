"""Captions and the credits at their ends, told apart by cue words, marks of copyright and names of agencies."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise

from backfile.cleaning.lexicon import fold, lexicon
from backfile.cleaning.metadata.people import agencies

CREDIT_LENGTH = 160
_AGENCY_LENGTH = 60
_CUE_WORDS = 4
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_MARK = re.compile(r"©|[(（][cｃ][)）]", re.IGNORECASE)
# What makes a cue of the word before it: "Photo: …", "Foto = …"; or of several: "Image source, …".
_AFTER = re.compile(r"\s*([:：=＝|,])")
_BY = frozenset(["by", "via", "courtesy", "von", "vom", "par", "por", "door", "av", "af", "de", "di", "del", "van"])
# Before a cue, where it is written small: the start, the end of a sentence or of a part of it.
_BEFORE = frozenset(".!?。…()[]（）|–—-/:;\"”»'")
_BRACKETS = {")": "(", "]": "[", "）": "（", "】": "【"}
_STOP = re.compile(r"[.!?。…][\"'”»)]*\s+(?=\S)")
_ENDS = (".", "!", "?", "…", "»", "”")
_NAME = re.compile(r"(?:[^\W\d_][\w.'’-]*\s+){1,3}[^\W\d_][\w.'’-]*")
_EDGES = " \t\n|–—-/;,·•"


def split_credit(text: str) -> tuple[str, str]:
    """A caption and the credit at its end ("… (Photo: Jane Doe/AFP)", "… © Jane Doe"), which may be empty."""
    text = text.strip()
    opening = _BRACKETS.get(text[-1:])
    if opening:
        start = text.rfind(opening)
        inner = text[start + 1 : -1].strip()
        signed = text[:start].rstrip()[-1:] in _ENDS and _is_name(inner)
        if start >= 0 and (signed or is_credit(inner)):
            return text[:start].strip(_EDGES), inner
    start = credit_start(text)
    if start < 0:
        start = _agency_start(text)
    if start < 0:
        return text, ""
    return text[:start].strip(_EDGES + "(（["), text[start:].strip(_EDGES)


def _is_name(text: str) -> bool:
    words = text.split(" ")
    return _NAME.fullmatch(text) is not None and words[0][:1].isupper() and words[-1][:1].isupper()


def is_credit(text: str) -> bool:
    """Whether a short text beside a picture can be nothing but its credit."""
    return len(text) <= CREDIT_LENGTH and (
        "/" in text or fold(text) in _cues() or _names_agency(text) or credit_start(text) == 0
    )


def credit_start(text: str) -> int:
    """Where the credit begins in a caption: the first cue in its last characters; -1 where there is none."""
    offset = max(0, len(text) - CREDIT_LENGTH)
    tail = text[offset:]
    mark = _MARK.search(tail)
    words = list(_WORD.finditer(tail))
    for n, word in enumerate(words):
        if mark is not None and mark.start() <= word.start():
            break
        before = tail[: word.start()].rstrip()[-1:]
        if (before in _BEFORE or word[0][:1].isupper()) and _is_cue(tail, words[n : n + _CUE_WORDS + 1]):
            return offset + word.start()
    return offset + mark.start() if mark is not None else -1


def _is_cue(text: str, words: list[re.Match[str]]) -> bool:
    """Whether the first words make a cue of a credit, and not just a sentence about a picture."""
    cues = _cues()
    for count in range(min(_CUE_WORDS, len(words)), 0, -1):
        phrase = fold(text[words[0].start() : words[count - 1].end()])
        if phrase not in cues:
            continue
        after = _AFTER.match(text, words[count - 1].end())
        if after is not None and (after[1] != "," or count > 1):
            return True
        following = [word[0] for word in words[count : count + 2]]
        if count > 1 and phrase.split(" ")[-1] in _BY:
            return bool(following) and not following[0].islower()
        if following and following[0].casefold() in _BY:
            return len(following) > 1 and not following[1].islower()
    return False


def _agency_start(text: str) -> int:
    """Where the last, short sentence begins if it names an agency."""
    start = -1
    for stop in _STOP.finditer(text):
        start = stop.end()
    tail = text[start:] if start > 0 else ""
    return start if 0 < len(tail) <= _AGENCY_LENGTH and (fold(tail) in _cues() or _names_agency(tail)) else -1


def _names_agency(text: str) -> bool:
    known = agencies()
    words = [fold(word[0]) for word in _WORD.finditer(text)]
    pairs = [f"{a} {b}" for a, b in pairwise(words)]
    return any(word in known and len(word) > 1 for word in (*words, *pairs))


@cache
def _cues() -> frozenset[str]:
    return frozenset(lexicon().cues.get("photo", ()))
