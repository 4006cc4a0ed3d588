"""Light stemming: a word and what it counts as, by the language of its article (Snowball, as PyStemmer packs it).

Only this side stems. The index lists every spelling with its stems, so the search page looks a word up instead of
stemming it, and both sides agree in every language by construction.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import Stemmer

from backfile.search.letters import fold, paired_pattern, pairs

_SNOWBALL = {
    "ar": "arabic",
    "hy": "armenian",
    "eu": "basque",
    "ca": "catalan",
    "cs": "czech",
    "da": "danish",
    "nl": "dutch",
    "en": "english",
    "eo": "esperanto",
    "et": "estonian",
    "fi": "finnish",
    "fr": "french",
    "de": "german",
    "el": "greek",
    "hi": "hindi",
    "hu": "hungarian",
    "id": "indonesian",
    "ga": "irish",
    "it": "italian",
    "lt": "lithuanian",
    "ne": "nepali",
    "no": "norwegian",
    "nb": "norwegian",
    "nn": "norwegian",
    "fa": "persian",
    "pl": "polish",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "es": "spanish",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
    "yi": "yiddish",
}
_REMEMBERED = 400_000
"""Spellings of a language kept in memory by one process."""

Known = str | tuple[str, ...]
"""What a run of letters counts as: a stem (empty where nothing is left of it), or the pairs of a run of pairs."""


class Stems(dict[str, Known]):
    """Run of letters, as it is written → what it counts as in one language; worked out when first asked."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self._stem = _stemmer(language)
        self._paired = paired_pattern()
        self.has_pairs = False
        """True once a run of pairs was among them."""

    def __missing__(self, run: str) -> Known:
        known: Known
        if self._paired.match(run):
            known = tuple(fold(pair) for pair in pairs(run))
            self.has_pairs = True
        else:
            known = fold(self._stem(run.lower())) or fold(run) if run != "\n" else run
        if len(self) < _REMEMBERED:
            self[run] = known
        return known


@cache
def stems(language: str) -> Stems:
    """The stems of a language (its primary subtag); words of one without a stemmer count as themselves."""
    return Stems(language)


def primary(language: str) -> str:
    """The primary subtag of a language (`pt` of `pt-BR`)."""
    return language.replace("_", "-").partition("-")[0].lower()


def _stemmer(language: str) -> Callable[[str], str]:
    name = _SNOWBALL.get(language, "")
    if not name:
        return str
    stem: Callable[[str], str] = Stemmer.Stemmer(name, 0).stemWord
    return stem
