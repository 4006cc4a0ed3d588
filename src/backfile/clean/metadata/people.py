"""Bylines as written → people and agencies: cues, roles, addresses, handles and places taken off."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources

from backfile.clean.lexicon import Lexicon, fold

_CONTACTS = re.compile(r"\S+@\S+\.\w+|https?:\S+|www\.\S+|(?<!\w)@\w+")
_BRACKETS = re.compile(r"[(\[（【][^()\[\]（）【】]{0,80}[)\]）】]")
_MARKS = re.compile(r"\s*(?:[;|/•·‧∙▪\n&+]|,(?!\s*(?:Jr|Sr|Ph\.?D|M\.?D|III?|MD)\b)|\s[–—-]\s|\s:\s|、|，|／)\s*")
_SUFFIX = re.compile(r",?\s*\b(?:Ph\.?\s?D|M\.?D|MBA|MPH|RD|RDN|CFA|Esq|LL\.?M|J\.?D|B\.?Sc|M\.?Sc|R\.?N|CPA)\b\.?.*$")
_DIGITS = re.compile(r"\d")
MAX_NAME, MAX_WORDS = 60, 6


@dataclass(frozen=True, kw_only=True, slots=True)
class Byline:
    """Who signs: people (and desks), and agencies, each once, in the order written."""

    people: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()


@cache
def agencies() -> dict[str, str]:
    """Folded form → the agency's name as it signs."""
    table = tomllib.loads((resources.files("backfile.clean") / "agencies.toml").read_text("utf-8"))["agencies"]
    return {fold(form): name for name, forms in table.items() for form in (name, *forms)}


def read_byline(texts: Iterable[str], words: Lexicon) -> Byline:
    """The people and agencies that these texts name, each text a name or a whole byline."""
    people: dict[str, str] = {}
    wires: dict[str, None] = {}
    for text in texts:
        for part in _parts(text, words):
            agency = agencies().get(fold(part))
            name = "" if agency else _name(part, words)
            if agency:
                wires[agency] = None
            elif name:
                people.setdefault(fold(name), name)
    return Byline(people=tuple(people.values()), agencies=tuple(wires))


def _parts(text: str, words: Lexicon) -> list[str]:
    text = _CONTACTS.sub(" ", text)
    text = _BRACKETS.sub(",", text).strip(" ,.-–—:|")
    text = strip_cue(text, words)
    joined = _joints(words)
    return [piece for part in _MARKS.split(text) for piece in (joined.split(part) if joined else [part]) if piece.strip()]


@cache
def _joint_pattern(joints: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(r"\s+(?:" + "|".join(map(re.escape, joints)) + r")\s+", re.I)


def _joints(words: Lexicon) -> re.Pattern[str] | None:
    joints = words.cues.get("and", ()) + words.cues.get("with", ())
    return _joint_pattern(joints) if joints else None


def strip_cue(text: str, words: Lexicon) -> str:
    """The text without the words that introduce a byline ("By", "Par")."""
    for _ in range(2):
        folded = text.casefold()
        for cue in words.cues.get("byline", ()):
            if folded.startswith(cue) and len(text) > len(cue) and not text[len(cue)].isalnum():
                text = text[len(cue) :].lstrip(" :,.-–")
                break
    return text


def _name(part: str, words: Lexicon) -> str:
    """The part as a person's or a desk's name; empty where it is not one."""
    part = _SUFFIX.sub("", strip_cue(part.strip(" .,:;-–—*_\"'“”«»|"), words)).strip(" .,:;-–—")
    folded = fold(part)
    tokens = part.split()
    if not part or len(part) > MAX_NAME or len(tokens) > MAX_WORDS or _DIGITS.search(part):
        return ""
    if folded in words.cues.get("roles", ()) or folded in _nobody():
        return ""
    if not any(t[0].isupper() or _uncased(t) for t in tokens):
        return ""
    return _calm(part)


@cache
def _nobody() -> frozenset[str]:
    table = tomllib.loads((resources.files("backfile.clean") / "agencies.toml").read_text("utf-8"))
    return frozenset(map(fold, table.get("nobody", {}).get("names", [])))


def _uncased(word: str) -> bool:
    return word[0].isalpha() and word.lower() == word.upper()


def _calm(name: str) -> str:
    """A name in capitals as names are written, where that is safe: several words, none of them short."""
    tokens = name.split()
    if len(tokens) > 1 and name.isupper() and all(len(t) > 3 for t in tokens):
        return re.sub(r"[^\W\d_]+", lambda m: m[0].capitalize(), name.lower())
    return name
