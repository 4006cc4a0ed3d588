"""What the lexicons say of short blocks: share buttons, openers of related links, cues of bylines and dates."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from backfile.cleaning.blocks import HEADING, TextBlock
from backfile.cleaning.lexicon import Lexicon, fold, lexicon

_SHORT = 110
_AROUND_NAMES = 3
_CORRECTION = 80
_AFTER = tuple(":：–—|")
_UNASKED = (0.0,) * 6
_KINDS = {
    "byline": 1.0,
    "published": 2.0,
    "updated": 2.0,
    "photo": 3.0,
    "production": 4.0,
    "reading": 5.0,
    "roles": 6.0,
}


def read_phrases(blocks: Sequence[TextBlock], asked: Sequence[bool]) -> list[tuple[float, ...]]:
    """What each block that is `asked` about is, as six numbers.

    Is a phrase, starts like one, kind of cue, blocks since the last phrase, whether the heading above is a phrase,
    blocks since that heading.
    """
    phrases, openers, cues = _all_languages().blocks, _all_languages().openers, _cue_kinds()
    rows: list[tuple[float, ...]] = []
    last, heading, chrome = -60, -60, 0.0
    for i, x in enumerate(blocks):
        if not asked[i]:
            rows.append(_UNASKED)
            continue
        phrase = opener = cue = 0.0
        if len(x.text) < _SHORT:
            folded = fold(x.text)
            phrase = float(folded in phrases)
            parts = folded.split(" ", 4)[:4]
            for n in range(len(parts), 0, -1):
                start = " ".join(parts[:n]).rstrip(" :：-–—|")
                if start in openers:
                    opener = 1.0
                cue = cue or cues.get(start, 0.0)
        rows.append((phrase, opener, cue, min(i - last, 60), chrome, min(i - heading, 60)))
        if phrase or opener:
            last = i
        if x.flags & HEADING:
            heading, chrome = i, float(bool(phrase or opener))
    return rows


def signature(text: str, names: Sequence[str]) -> str:
    """What a short line is that says nothing but who wrote an article, or when: `byline`, `date` or nothing.

    `names` are the authors' as `fold` writes them.
    """
    folded = fold(text)
    rest = folded
    for name in names:
        rest = rest.replace(name, " ")
    if rest != folded and len(rest.split()) <= _AROUND_NAMES and not text.endswith((".", "?", "!")):
        return "byline"
    told = _all_languages().cue(folded)
    if told in ("published", "updated", "reading") and any(map(str.isdigit, text)) and text[-1] not in ".?!":
        return "date"
    return ""


def is_correction(text: str) -> bool:
    """Whether a paragraph starts as a correction does ("Correction: …", "An earlier version of this article …")."""
    folded = fold(text[:_CORRECTION])
    for cue in _all_languages().cues["correction"]:
        if folded.startswith(cue) and (" " in cue or folded[len(cue) :].lstrip()[:1] in _AFTER):
            return True
    return False


@cache
def _all_languages() -> Lexicon:
    return lexicon()


@cache
def _cue_kinds() -> dict[str, float]:
    found: dict[str, float] = {}
    for name, kind in _KINDS.items():
        for word in _all_languages().cues.get(name, ()):
            if len(word) > 1:
                found.setdefault(word, kind)
    return found


def ends_in_credit(text: str) -> bool:
    """Whether a text ends as captions do: "… (Photo: Jane Doe)", "… © Jane Doe", "… Image: Jane Doe"."""
    tail = text[-70:].lower()
    if "©" in tail or "getty" in tail:
        return True
    start = max(tail.rfind("("), tail.rfind("["), tail.rfind("|"), tail.rfind(". "), tail.rfind("/ "))
    if start < 0 and len(text) > 60:
        return False
    opening = tail[start + 1 :].lstrip(" (.")
    word = opening.replace(":", " : ").split(" ", 2)
    return len(word) > 1 and word[1] in (":", "by", "von", "par", "de") and _cue_kinds().get(word[0]) == 3.0
