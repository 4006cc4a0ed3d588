"""Chrome phrases and cue words, one TOML file a language, and the questions that cleaning asks of them.

A phrase matches a whole block and nothing less: "Teilen" is a share button when it stands alone and a German noun
inside a sentence. A cue matches the start of a short block ("Publié le", "Photo :").

A file has these tables, all of them optional:

    [language]  common: words that nearly every text in the language holds, for telling languages apart
    [blocks]    reason → phrases that are chrome when they are the whole block
    [menus]     words: names of a site's sections, chrome only in the company of their like
    [openers]   reason → phrases that make a short block chrome when it starts with them ("lire aussi :")
    [cues]      what follows → words that introduce it (byline, published, updated, correction, photo, production…)
    [calendar]  months, weekdays: names in the order of the calendar, `|` between forms of one name
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Any

_HEAD = re.compile(r"[\W_]+")
_COUNT = re.compile(r"^\d{1,5}\b[\W_]*|[\W_]*\b\d{1,5}$")
_STOPS = ":|–—-»>→›：/,.!?([【"
_APOSTROPHES = "’ʼ‘`"
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_ALIASES = {"nb": "no", "nn": "no"}
_LONGEST_OPENER = 8
_REMEMBERED = 200
_LEADING = ("byline", "published", "updated", "photo", "production", "reading", "translator")


@dataclass(frozen=True, kw_only=True, slots=True)
class Lexicon:
    """The phrases of one or several languages."""

    blocks: dict[str, str]
    """Folded phrase → reason."""
    openers: dict[str, str]
    """Folded phrase → reason."""
    cues: dict[str, tuple[str, ...]]
    """What follows → folded words, longest first."""
    months: dict[str, int]
    """Folded name → 1 to 12."""
    weekdays: frozenset[str]
    menus: frozenset[str]
    """Folded names of sections ("Sport", "Wirtschaft"): chrome only in the company of their like."""
    opener_heads: frozenset[str]
    """The first three signs of every opener."""
    cue_heads: dict[str, tuple[tuple[str, ...], tuple[str, ...]]]
    """First two signs → the cues that a text with these may start with, longest first, and what follows each."""

    def reason(self, text: str) -> str:
        """The reason why a block with just this text is chrome ("Share", "Comments (12)"), or an empty string."""
        return self.folded_reason(fold(text))

    def folded_reason(self, folded: str) -> str:
        """The same for a text that is folded already."""
        found = self.blocks.get(folded, "")
        if not found and folded and (folded[0].isdigit() or folded[-1].isdigit()):
            return self.blocks.get(_COUNT.sub("", folded), "")
        return found

    def opener(self, text: str) -> str:
        """The reason why a short block that starts like this is chrome, or an empty string.

        An opener of a single word counts only where a stop follows it: "Related: …", never "Related cases rose".
        Where a language is written without blanks, so does any opener.
        """
        return self.folded_opener(fold(text[:200]))

    def folded_opener(self, folded: str) -> str:
        """The same for a text that is folded already."""
        if folded[:3] not in self.opener_heads:
            return ""
        words = folded.split(" ", _LONGEST_OPENER)[:_LONGEST_OPENER]
        for n in range(len(words), 0, -1):
            head = " ".join(words[:n])
            found = self.openers.get(head.rstrip(_STOPS))
            if found and (n > 1 or _stops(head, words)):
                return found
        if words and _UNSPACED.match(words[0]):
            return self._unspaced_opener(words[0])
        return ""

    def cue(self, folded: str) -> str:
        """What follows the cue that a folded text starts with (`byline`, `published`…); empty where it has none."""
        found = self.cue_heads.get(folded[:2]) or self.cue_heads.get(folded[:1])
        if not found or not folded.startswith(found[0]):  # nearly every text
            return ""
        for cue, name in zip(*found, strict=True):
            if folded.startswith(cue) and (not folded[len(cue) : len(cue) + 1].isalnum() or cue[-1] > "\u2fff"):
                return name
        return ""

    def _unspaced_opener(self, word: str) -> str:
        for n in range(min(12, len(word) - 1), 1, -1):
            if word[n] in _STOPS and word[:n] in self.openers:
                return self.openers[word[:n]]
        return ""


def _stops(head: str, words: list[str]) -> bool:
    return head[-1:] in _STOPS or len(words) == 1 or words[1][:1] in _STOPS


def fold(text: str) -> str:
    """The text as phrases are compared: NFKC, case folded, straight apostrophes, white space as single blanks, no
    punctuation at its ends."""
    # Short blocks are asked about several times, and are the same on many pages.
    return _folded_once(text) if len(text) < _REMEMBERED else _folded(text)


def fold_lines(texts: Sequence[str]) -> list[str]:
    """Many lines folded at once, whose white space is evened out."""
    plain = _plain("\n".join(texts))
    rows = plain.split("\n") if texts else []
    if "  " in plain:
        return list(map(_trimmed, rows))
    return [row if row[:1].isalnum() and row[-1].isalnum() else _trimmed(row) for row in rows]


def _folded(text: str) -> str:
    return _trimmed(_plain(text))


def _plain(text: str) -> str:
    if text.isascii():
        return text.lower()
    # Most texts that are in no normal form are so for these alone.
    folded = unicodedata.normalize("NFKC", text.replace("\u00a0", " ").replace("…", "...")).casefold()
    for apostrophe in _APOSTROPHES:
        folded = folded.replace(apostrophe, "'")
    return folded


def _trimmed(plain: str) -> str:
    """The words with single blanks between them, without what stands around them."""
    words = " ".join(plain.split())
    if words[:1].isalnum() and words[-1].isalnum():
        return words
    start, end = 0, len(words)
    if found := _HEAD.match(words):
        start = found.end()
    while end > start and not words[end - 1].isalnum():
        end -= 1
    return words[start:end]


_folded_once = lru_cache(maxsize=8192)(_folded)


@cache
def languages() -> tuple[str, ...]:
    """The codes of the languages that have a file."""
    files = resources.files(__name__).iterdir()
    return tuple(sorted(f.name.removesuffix(".toml") for f in files if f.name.endswith(".toml")))


@cache
def lexicon(*langs: str) -> Lexicon:
    """The lexicon of these languages together (primary subtags); of all languages where none is named."""
    known = [_ALIASES.get(lang, lang) for lang in langs] or languages()
    tables = [_table(lang) for lang in known if lang in languages()]
    cues: dict[str, set[str]] = {}
    for table in tables:
        for name, words in table.get("cues", {}).items():
            cues.setdefault(name, set()).update(fold(word) or word for word in words)
    openers = _reasons(tables, "openers")
    return Lexicon(
        blocks=_reasons(tables, "blocks"),
        openers=openers,
        opener_heads=frozenset(opener[:3] for opener in openers),
        cue_heads=_cue_heads(cues),
        cues={name: tuple(sorted(words, key=lambda w: (-len(w), w))) for name, words in cues.items()},
        months={fold(m): n for t in tables for n, names in _months(t) for m in names},
        weekdays=frozenset(
            fold(d) for t in tables for day in t.get("calendar", {}).get("weekdays", []) for d in day.split("|")
        ),
        menus=frozenset(fold(word) for t in tables for word in t.get("menus", {}).get("words", [])),
    )


def _cue_heads(cues: dict[str, set[str]]) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    named = sorted(((cue, name) for name in _LEADING for cue in cues.get(name, ())), key=lambda c: (-len(c[0]), c[1]))
    heads: dict[str, list[tuple[str, str]]] = {}
    for cue, name in named:
        heads.setdefault(cue[:2], []).append((cue, name))
    for head in [head for head in heads if len(head) > 1]:
        heads[head] += heads.get(head[0], [])  # a cue of one sign may be followed by any other
    return {head: (tuple(cue for cue, _ in own), tuple(name for _, name in own)) for head, own in heads.items()}


def _reasons(tables: list[dict[str, Any]], name: str) -> dict[str, str]:
    found = {fold(p): reason for t in tables for reason, phrases in t.get(name, {}).items() for p in phrases}
    found.pop("", None)
    return found


@cache
def common_words(lang: str) -> frozenset[str]:
    """Words that nearly every text in the language holds, case folded."""
    return frozenset(map(fold, _table(lang).get("language", {}).get("common", [])))


@cache
def _table(lang: str) -> dict[str, Any]:
    return tomllib.loads((resources.files(__name__) / f"{lang}.toml").read_text("utf-8"))


def _months(table: dict[str, Any]) -> list[tuple[int, list[str]]]:
    return [(n, names.split("|")) for n, names in enumerate(table.get("calendar", {}).get("months", []), 1)]
