"""What an article is about, and how long it is: from its own words alone, whatever else the archive holds.

So an article that comes or goes changes nothing of what is known of another one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import cache, lru_cache

from backfile.cleaning.lexicon import common_words, languages

TERMS = 8
"""How many terms are kept of an article."""

_SAMPLE = 3000
"""Characters of the text that are looked at: news says first what it is about."""
_STEM = 7
"""Letters. Longer words are alike by their beginnings, which forgives most endings of most languages."""
_TITLE, _TAG, _NAME, _ENOUGH = 3, 4, 2, 6
_DENSE = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
"""Signs of scripts that leave no space between words."""
_SIGNS_A_WORD = 2
_WORD = re.compile(r"\w{4,30}")
_RUN = re.compile(r"[\u3400-\u9fff]{2,20}|[\u30a1-\u30ff]{2,20}")


def count_words(text: str) -> int:
    """How many words a text has; where a script writes no spaces, two of its signs count as one."""
    if not _has_dense(text):
        return len(text.split())
    signs = count_signs(text)
    return len(_DENSE.sub(" ", text).split()) + round(signs / _SIGNS_A_WORD)


def count_signs(text: str) -> int:
    """How many signs of scripts without spaces a text has."""
    return len(_DENSE.findall(text))


@lru_cache(4)
def _has_dense(text: str) -> bool:
    return not text.isascii() and _DENSE.search(text) is not None


def key_terms(title: str, tags: Iterable[str], text: str, language: str = "") -> tuple[str, ...]:
    """What an article is about: the beginnings of its most telling words, the first the most telling.

    A word tells more the oftener it stands there, and more yet in the headline, among the tags or as a name.
    """
    told = Counter(_terms(text[:_SAMPLE]))
    weights = dict.fromkeys(told, 0)
    for word, count in told.items():
        weights[word] = min(count, _ENOUGH)
    for bonus, words in ((_TITLE, title), (_TAG, " ".join(tags))):
        for word in set(_terms(words)):
            weights[word] = weights.get(word, 0) + bonus
    common = _common(language.lower().partition("-")[0])
    stems: dict[str, int] = {}
    for word, weight in weights.items():
        folded = word.casefold()
        if folded not in common and word.isalpha():
            named = word != folded and folded not in weights
            stem = folded[:_STEM]
            stems[stem] = stems.get(stem, 0) + weight + (_NAME if named else 0)
    strong = [stem for stem, weight in stems.items() if weight > 1]
    return tuple(sorted(strong, key=lambda stem: (-stems[stem], stem))[:TERMS])


def _terms(text: str) -> list[str]:
    if not _has_dense(text):
        return _WORD.findall(text)
    runs = [part for run in _RUN.findall(text) for part in _parts(run)]
    return _WORD.findall(_DENSE.sub(" ", text)) + runs


def _parts(run: str) -> list[str]:
    """A word of a foreign language whole, any other run of signs by twos."""
    return [run] if "\u30a1" <= run[0] <= "\u30ff" else [run[i : i + 2] for i in range(len(run) - 1)]


@cache
def _common(language: str) -> frozenset[str]:
    """The words that nearly every text in a language holds; none where it is not known."""
    return common_words(language) if language in languages() else frozenset()
