"""Which language is a text in: by its script, then by the common words of the languages that use that script.

The words stand in the lexicon files; a language that has none there is not recognised, and then nothing is said.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache, lru_cache
from itertools import chain

from backfile.cleaning.lexicon import common_words, languages

_SAMPLE = 6000
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_SCRIPTS = {
    "kana": re.compile(r"[\u3040-\u30ff]"),
    "hangul": re.compile(r"[\uac00-\ud7af]"),
    "han": re.compile(r"[\u3400-\u9fff]"),
    "cyrillic": re.compile(r"[\u0400-\u04ff]"),
    "arabic": re.compile(r"[\u0600-\u06ff]"),
    "greek": re.compile(r"[\u0370-\u03ff]"),
    "hebrew": re.compile(r"[\u0590-\u05ff]"),
    "devanagari": re.compile(r"[\u0900-\u097f]"),
    "thai": re.compile(r"[\u0e00-\u0e7f]"),
    "latin": re.compile(r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff]"),
}
_NO_LETTERS = bytes(code for code in range(128) if not chr(code).isalpha())
_ALONE = {"hangul": "ko", "greek": "el", "hebrew": "he", "thai": "th"}
_SHARED = {"cyrillic": ("ru", "uk", "bg"), "arabic": ("ar", "fa"), "devanagari": ("hi",)}
_ELSEWHERE = frozenset({"ja", "zh", "ko", "el", "he", "th"} | {lang for langs in _SHARED.values() for lang in langs})
_MARKS = {
    "uk": re.compile(r"[іїєґ]"),
    "ru": re.compile(r"[ыэё]"),
    "fa": re.compile(r"[پچژگک]|ی\b"),
    "bg": re.compile(r"ъ[а-я]"),
}
_MARK_WEIGHT, _MIN_SHARE, _MIN_LEAD = 2, 0.1, 1.06


def detect_language(text: str) -> str:
    """The primary subtag of the language of a text; empty where the text is too short or of a language not known."""
    sample = text[:_SAMPLE]
    script = _script(sample)
    if script in _ALONE:
        return _ALONE[script]
    if script in ("kana", "han"):
        return "ja" if len(_SCRIPTS["kana"].findall(sample)) * 12 > len(_SCRIPTS["han"].findall(sample)) else "zh"
    if not script:
        return ""
    return _by_words(sample.lower(), _SHARED.get(script) or _latin())


def _script(sample: str) -> str:
    ascii_only = sample.encode("ascii", "ignore")
    if len(ascii_only) == len(sample):
        return "latin" if len(sample) > 20 else ""
    letters = len(ascii_only.translate(None, _NO_LETTERS))
    if letters > max(10, 3 * (len(sample) - len(ascii_only))):
        return "latin"
    signs = Counter(sample).items()
    counts = dict.fromkeys(_SCRIPTS, 0)
    for sign, times in signs:
        if script := _script_of(sign):
            counts[script] += times
    # One sign of these writes what takes several letters elsewhere.
    for dense in ("kana", "han", "hangul"):
        counts[dense] *= 3
    best = max(counts, key=lambda name: counts[name])
    return best if counts[best] > 10 else ""


@lru_cache(maxsize=4096)
def _script_of(sign: str) -> str:
    return next((name for name, pattern in _SCRIPTS.items() if pattern.match(sign)), "")


def _by_words(sample: str, candidates: tuple[str, ...]) -> str:
    words = _WORD.findall(sample.replace("’", "'"))
    if len(words) < 4:
        return ""
    index = _index()
    scores = Counter(chain.from_iterable([index[word] for word in words if word in index]))
    for lang in candidates:
        if lang in _MARKS:
            scores[lang] += _MARK_WEIGHT * len(_MARKS[lang].findall(sample))
    ranked = sorted(((scores[lang], lang) for lang in candidates), reverse=True)
    (top, best), second = ranked[0], ranked[1][0] if len(ranked) > 1 else 0
    return best if top >= _MIN_SHARE * len(words) and top >= _MIN_LEAD * second else ""


@cache
def _latin() -> tuple[str, ...]:
    return tuple(lang for lang in languages() if lang not in _ELSEWHERE)


@cache
def _index() -> dict[str, tuple[str, ...]]:
    """Word → the languages that have it among their common words; twice where it is only one."""
    found: dict[str, list[str]] = {}
    for lang in languages():
        for word in common_words(lang):
            found.setdefault(word, []).append(lang)
    return {word: tuple(langs) * (2 if len(langs) == 1 else 1) for word, langs in found.items()}
