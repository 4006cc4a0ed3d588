"""Chrome phrases and cue words, one TOML file a language, and the questions that cleaning asks of them.

A phrase matches a whole block and nothing less: "Teilen" is a share button when it stands alone and a German noun
inside a sentence. A cue matches the start of a short block ("Publié le", "Photo :").

A file has these tables, all of them optional:

    [blocks]    reason → phrases that are chrome when they are the whole block
    [openers]   reason → phrases that make a short block chrome when it starts with them ("lire aussi :")
    [cues]      what follows → words that introduce it (byline, published, updated, photo, production…)
    [calendar]  months, weekdays, relative: names in the order of the calendar, `|` between forms of one name
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib import resources

_EDGES = re.compile(r"^[\W_]+|[\W_]+$")
_GAPS = re.compile(r"\s+")


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

    def reason(self, text: str) -> str:
        """The reason why a block with just this text is chrome, or an empty string."""
        return self.blocks.get(fold(text), "")

    def opener(self, text: str) -> str:
        """The reason why a short block that starts like this is chrome, or an empty string."""
        words = fold(text).split(" ")
        for n in range(min(6, len(words)), 0, -1):
            found = self.openers.get(" ".join(words[:n]))
            if found:
                return found
        return ""


def fold(text: str) -> str:
    """The text as phrases are compared: NFKC, case folded, white space as single blanks, no punctuation at its ends."""
    return _EDGES.sub("", _GAPS.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip())


@cache
def languages() -> tuple[str, ...]:
    """The codes of the languages that have a file."""
    files = resources.files(__name__).iterdir()
    return tuple(sorted(f.name.removesuffix(".toml") for f in files if f.name.endswith(".toml")))


@cache
def lexicon(*langs: str) -> Lexicon:
    """The lexicon of these languages together (primary subtags); of all languages where none is named."""
    chosen = [lang for lang in (langs or languages()) if lang in languages()]
    tables = [tomllib.loads((resources.files(__name__) / f"{lang}.toml").read_text("utf-8")) for lang in chosen]
    cues: dict[str, set[str]] = {}
    for table in tables:
        for name, words in table.get("cues", {}).items():
            cues.setdefault(name, set()).update(map(fold, words))
    return Lexicon(
        blocks={fold(p): reason for t in tables for reason, phrases in t.get("blocks", {}).items() for p in phrases},
        openers={fold(p): reason for t in tables for reason, phrases in t.get("openers", {}).items() for p in phrases},
        cues={name: tuple(sorted(words, key=lambda w: (-len(w), w))) for name, words in cues.items()},
        months={fold(m): n for t in tables for n, names in _months(t) for m in names},
        weekdays=frozenset(
            fold(d) for t in tables for day in t.get("calendar", {}).get("weekdays", []) for d in day.split("|")
        ),
    )


def _months(table: dict[str, dict[str, list[str]]]) -> list[tuple[int, list[str]]]:
    return [(n, names.split("|")) for n, names in enumerate(table.get("calendar", {}).get("months", []), 1)]
