"""What can be seen of each line of a dump, in numbers: its own shape, its words, its place and its neighbours.

Everything is kept by columns, one list a measure, because shifting and adding up whole lists costs a tenth of asking
line by line. Lines far from any running text are not measured further.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from backfile.cleaning.lexicon import common_words, fold, lexicon
from backfile.cleaning.text.lines import Line

Column = NDArray[np.float64]
"""A number for each line."""
Matrix = NDArray[np.float64]
"""Numbers for each line, or for each measure."""

_CLOSERS = "\"'”’»)]›』」）】*"
_OPENERS = frozenset("\"“„«‹『「'‘”")
_NO_END, _STOP, _MARK, _COLON, _COMMA, _DIGIT = range(6)
_ENDS = (
    dict.fromkeys(".…。؟।", _STOP) | dict.fromkeys("!?！？؟", _MARK) | dict.fromkeys(":：", _COLON)
    | dict.fromkeys(",;，、；،", _COMMA) | dict.fromkeys("0123456789", _DIGIT)
)  # fmt: skip
_WORDS = re.compile(r"\w+(?:['’]\w+)?")
_DENSE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_HANGUL = re.compile(r"[\uac00-\ud7af]")
_CONTACT = re.compile(r"https?://|www\.|\S@\S+\.\w|(?<!\w)@\w|\.(?:com|org|net)\b")
_CONTACTS = ("://", "www.", "@", ".com", ".org", ".net")
"""One of these every contact holds."""
_FIGURE = re.compile("[0-9]")
_PICTURE = re.compile(r"\[(?:[\w.%+-]*\d[\w.%+-]*|[\w.%+-]+\.\w{3,4}|svg|img|image|inline)\]", re.I)
"""What text browsers write for a picture without a text: its name, or that there is one."""
_DATE = re.compile(r"\b(?:19|20)\d\d\b|\d{1,2}[./:]\d{2}|\d+[年月日년월일]")
_BARS = re.compile(r"[|·»›]")
INNER_STOP = re.compile(r"[.!?…](?=\s)|[。！？؟।](?=.)")
_LABEL = 160
"""Longer lines are not looked up in the lexicon."""
_SENTENCE, _PARAGRAPH, _LOOKED_AT = 45, 90, 240
_REACH = 12
"""How many lines away from running text a line is still judged."""
_PROSE_CAP, _TOTAL_CAP = 600.0, 30000.0

OWN = (
    "size", "words", "prose", "end", "commas", "inner", "common", "first", "capitals", "shouting", "digits", "kind",
    "opener", "menu", "cue", "role", "bullet", "gap", "gap_after", "cells", "level", "repeats", "bars", "contact",
    "copyright", "dated", "like_title",
)  # fmt: skip
CONTEXT = (
    "place", "before_mass", "mass5", "back3", "ahead3", "back8", "ahead8", "to_peak", "shorts_back", "shorts_ahead",
    "after_title", "labels_near", "prev_size", "next_size", "prev2_size", "next2_size", "prev_end", "next_end",
    "prev_kind", "next_kind", "bullets_near", "same_shape", "since_comments", "since_related", "since_offer",
    "since_share", "dates_near", "total_mass", "lines",
)  # fmt: skip
FEATURES = OWN + CONTEXT

_REASONS = ("share buttons", "comments", "related headlines", "most read", "subscription", "newsletter", "follow links",
            "cookies", "advertising marker", "legal notice", "player controls", "tag list", "menu")  # fmt: skip
_KINDS = {reason: float(number) for number, reason in enumerate(_REASONS, 1)}
_CUES = {
    cue: float(number)
    for number, cue in enumerate(("byline", "published", "updated", "photo", "production", "reading", "translator"), 1)
}
_SINCE = {
    "comments": 0, "related headlines": 1, "most read": 1, "newsletter": 2, "subscription": 2, "cookies": 2,
    "legal notice": 2, "follow links": 2, "share buttons": 3, "tag list": 3,
}  # fmt: skip


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


@dataclass(slots=True)
class Seen:
    """The lines of a dump with what was measured on each; every list has one entry a line."""

    lang: str
    langs: tuple[str, ...]
    """The languages of the lexicon in use; empty for all of them."""
    lines: list[Line]
    texts: list[str]
    size: list[float]
    """Length in characters; a sign of Chinese or Japanese counts for 2.2, one of Korean for 1.6."""
    words: list[int]
    prose: list[float]
    """How many of its characters belong to running text: 0 for a label, its size for a sentence."""
    end: list[int]
    """How it ends: 1 with a full stop, 2 with another end of a sentence, 3 colon, 4 comma, 5 digit."""
    common: list[float]
    """The share of its words that are among the commonest of the language."""
    said: list[Said]
    repeats: list[int]

    def stops(self, i: int) -> bool:
        """Whether line `i` ends like a sentence."""
        return 0 < self.end[i] <= _MARK


def see(lines: list[Line], lang: str) -> Seen:
    """Each line with its measures."""
    texts = [line.text for line in lines]
    langs = (lang, "en") if lang else ()
    dense = lang in ("ja", "zh", "ko", "")
    size = [float(len(text)) for text in texts] if not dense else list(map(_size, texts))
    end = [_end(text) for text in texts]
    counts = Counter(texts)
    common = [0.0] * len(texts)
    prose = [0.0] * len(texts)
    known = common_words(lang or "en")
    for i, n in enumerate(size):
        if n >= _SENTENCE:
            common[i] = share = _common(texts[i], n, known)
            stop = 0 < end[i] <= _MARK
            if (n >= _PARAGRAPH and (share > 0.12 or stop or "," in texts[i])) or (stop and share > 0.1):
                prose[i] = n
    return Seen(
        lang, langs, lines, texts, size, [text.count(" ") + 1 for text in texts], prose, end, common,
        [_said(text, langs) if len(text) < _LABEL else _long(text, langs) for text in texts],
        [counts[text] for text in texts],
    )  # fmt: skip


def _size(text: str) -> float:
    if text.isascii():
        return float(len(text))
    return len(text) + 1.2 * len(_DENSE.findall(text)) + 0.6 * len(_HANGUL.findall(text))


def _end(text: str) -> int:
    kind = _ENDS.get(text[-1])
    if kind is None:
        kind = _ENDS.get(text.rstrip(_CLOSERS)[-1:], _NO_END) if text[-1] in _CLOSERS else _NO_END
        return kind if kind <= _MARK else _NO_END
    return kind


def _common(text: str, size: float, known: frozenset[str]) -> float:
    if size > len(text) * 1.3:
        return 0.35 if "。" in text or "、" in text else 0.1
    words = text[:_LOOKED_AT].lower().replace("’", "'").split()
    return sum(map(known.__contains__, words)) / len(words)


@lru_cache(maxsize=8192)
def _said(text: str, langs: tuple[str, ...]) -> Said:
    """What the lexicon says of a short line. Remembered: pages of one site repeat each other's labels."""
    words = lexicon(*langs)
    folded = fold(text)
    reason = words.folded_reason(folded) if len(text) < _PARAGRAPH else ""
    if text[0] == "[" and _PICTURE.fullmatch(text):
        reason = "picture"
    return Said(
        folded, reason, "" if reason else words.folded_opener(folded), folded in words.menus, words.cue(folded),
        _FIGURE.search(text) is not None and _DATE.search(text) is not None,
        "©" in text or (":" in folded and _credit(langs).search(folded) is not None),
    )  # fmt: skip


@cache
def _credit(langs: tuple[str, ...]) -> re.Pattern[str]:
    """What introduces the source of a picture, with its colon."""
    cues = lexicon(*langs).cues.get("photo", ())
    return re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, cues)) + r") ?:")


def _long(text: str, langs: tuple[str, ...]) -> Said:
    """The same for a longer line, of which only the first words are asked about."""
    opener = lexicon(*langs).folded_opener(fold(text[:60])) if len(text) < 2 * _LABEL else ""
    return _NOTHING._replace(opener=opener) if opener else _NOTHING


def rows_of(seen: Seen, title_at: int, title: frozenset[str]) -> tuple[list[int], Matrix]:
    """The lines that are judged, and for each of them its measures and those of its surroundings, named by `FEATURES`.

    A line with no running text near it is not judged. `title_at` is the line of the headline, -1 where none was found;
    `title` are its words.
    """
    sums = np.concatenate(([0.0], np.cumsum(np.minimum(seen.prose, _PROSE_CAP))))
    judged = np.flatnonzero(_windows(sums, _REACH, _REACH + 1))
    if not len(judged):
        return [], np.zeros((0, len(FEATURES)))
    own = _own(seen, judged.tolist(), title)
    return judged.tolist(), np.hstack((own, _surroundings(seen, sums, title_at)[judged]))


def _own(seen: Seen, judged: list[int], title: frozenset[str]) -> Matrix:
    """What each of the lines is by itself, a line a row."""
    texts = [seen.texts[i] for i in judged]
    lines = [seen.lines[i] for i in judged]
    said = [seen.said[i] for i in judged]
    usual = _usual_indent(seen)
    gaps = [line.gap for line in seen.lines[1:]] + [9]
    short = np.array([_worded(text, each.folded, seen.langs) for text, each in zip(texts, said, strict=True)])
    like = [_likeness(text, title) if title and len(text) < _LABEL else 0.0 for text in texts]
    columns = (
        [seen.size[i] for i in judged], [seen.words[i] for i in judged], [seen.prose[i] for i in judged],
        [seen.end[i] for i in judged], [text.count(",") + text.count("、") for text in texts],
        [text.count(". ") + text.count("。") for text in texts], [seen.common[i] for i in judged],
        [_kind(text[0]) for text in texts], short[:, 0], [text.isupper() for text in texts], short[:, 1],
        [_KINDS.get(each.reason, 14.0) if each.reason else 0.0 for each in said], [each.opener != "" for each in said],
        [each.menu for each in said], [_CUES.get(each.cue, 0.0) for each in said], short[:, 2],
        [(2.0 if line.bullet[0].isdigit() else 1.0) if line.bullet else 0.0 for line in lines],
        [min(line.gap, 4) for line in lines], [min(gaps[i], 4) for i in judged],
        [min(line.cells, 6) for line in lines], [(line.indent > usual) - (line.indent < usual) for line in lines],
        [min(seen.repeats[i], 6) for i in judged], short[:, 3], [_is_contact(text) for text in texts],
        ["©" in text or "(c)" in each.folded for text, each in zip(texts, said, strict=True)],
        [each.dated for each in said], like,
    )  # fmt: skip
    return np.array(columns, dtype=np.float64).T


def _is_contact(text: str) -> bool:
    """Whether a line holds an address of the web or of mail, or the name of an account."""
    return any(mark in text for mark in _CONTACTS) and _CONTACT.search(text) is not None


def _kind(first: str) -> float:
    """What a line starts with: a capital, a small letter, a digit, a quotation mark or something else."""
    if first in _OPENERS:
        return 4.0
    return 1.0 if first.isupper() else 2.0 if first.islower() else 3.0 if first.isdigit() else 0.0


@lru_cache(maxsize=8192)
def _worded(text: str, folded: str, langs: tuple[str, ...]) -> tuple[float, float, float, float]:
    """Of a short line the shares of words with a capital and of digits, whether it names a role, and its bars.
    Remembered: pages of one site repeat each other's labels."""
    if len(text) >= _LABEL:
        return (0.0, 0.0, 0.0, 0.0)
    words = text.split()
    capitals = sum([word[0].isupper() for word in words]) / len(words)
    digits = len(_FIGURE.findall(text)) / len(text)
    named = len(words) <= 12 and [role for role in lexicon(*langs).cues.get("roles", ()) if role in folded] != []
    return (capitals, digits, float(named), float(len(_BARS.findall(text))))


def _likeness(text: str, title: frozenset[str]) -> float:
    own = headline_words(text)
    return len(own & title) / max(len(title), len(own), 1)


def _windows(sums: Column, back: int, ahead: int) -> Column:
    """For each line the sum over the lines from `back` above it to before `ahead` below it."""
    at = np.arange(len(sums) - 1)
    return sums[np.minimum(at + ahead, len(sums) - 1)] - sums[np.maximum(at - back, 0)]


def _shifted(column: Sequence[float], by: int) -> list[float]:
    """The column moved down by so many lines (up where negative), filled with 0."""
    n = len(column)
    if by >= 0:
        return [0.0] * min(by, n) + list(column[: max(0, n - by)])
    return list(column[-by:]) + [0.0] * min(-by, n)


def _surroundings(seen: Seen, sums: Column, title_at: int) -> Matrix:
    n = len(seen.texts)
    at = np.arange(n)
    total = sums[-1] or 1.0
    smooth = _windows(sums, 5, 6)
    peak = int(smooth.argmax())
    kinds = [float(said.labelled) for said in seen.said]
    labels, bullets, dates = (
        np.concatenate(([0.0], np.cumsum(marks)))
        for marks in (kinds, [line.bullet != "" for line in seen.lines], [said.dated for said in seen.said])
    )
    size, end = seen.size, seen.end
    columns = (
        at / n, sums[:-1] / total, smooth, _windows(sums, 3, 0), _after(sums, 3), _windows(sums, 8, 0),
        _after(sums, 8), np.clip(at - peak, -60, 60), _short_runs(seen.prose), _short_runs(seen.prose[::-1])[::-1],
        np.clip(at - title_at, -20, 60) if title_at >= 0 else np.full(n, -30.0), _windows(labels, 4, 5),
        _shifted(size, 1), _shifted(size, -1), _shifted(size, 2), _shifted(size, -2),
        _shifted(end, 1), _shifted(end, -1), _shifted(kinds, 1), _shifted(kinds, -1),
        _windows(bullets, 4, 5), _same_shapes(seen), *_since(seen), _windows(dates, 4, 5),
        np.full(n, min(sums[-1], _TOTAL_CAP)), np.full(n, min(n, 600)),
    )  # fmt: skip
    return np.array(columns, dtype=np.float64).T


def _after(sums: Column, ahead: int) -> Column:
    """For each line the sum over so many lines below it."""
    at = np.arange(len(sums) - 1)
    return sums[np.minimum(at + ahead + 1, len(sums) - 1)] - sums[1:]


def _since(seen: Seen) -> Matrix:
    """Four rows: how far above each line the last marker of each kind stands (`_SINCE`)."""
    n = len(seen.texts)
    found = np.full((4, n), 60.0)
    for i, said in enumerate(seen.said):
        kind = _SINCE.get(said.reason or said.opener)
        if kind is not None:
            stop = min(n, i + 61)
            found[kind, i + 1 : stop] = np.arange(1, stop - i)
    return found


def _usual_indent(seen: Seen) -> int:
    """How far most of the page's running text is indented."""
    shares: Counter[int] = Counter()
    for line, prose in zip(seen.lines, seen.prose, strict=True):
        if prose:
            shares[line.indent] += int(prose)
    return shares.most_common(1)[0][0] if shares else 0


def _short_runs(prose: list[float]) -> list[float]:
    """For each line how many lines without prose stand directly before it, 12 at most."""
    runs = []
    run = 0.0
    for p in prose:
        runs.append(run)
        run = 0.0 if p else min(run + 1, 12.0)
    return runs


def _same_shapes(seen: Seen) -> Column:
    """For each line how many of the two lines on each side are labels of about the same length: a menu, a list of
    headlines."""
    shapes = np.where(np.array(seen.prose) > 0, 0.0, seen.size)
    found = np.zeros(len(shapes))
    for k in (1, 2):
        one, other = shapes[:-k], shapes[k:]
        alike = (one > 0) & (other > 0) & (np.abs(one - other) <= 8 + one / 4)
        found[: len(alike)] += alike
        found[k : k + len(alike)] += alike
    return found


@lru_cache(maxsize=2048)
def headline_words(text: str) -> frozenset[str]:
    """The words of a headline as lines are compared with it."""
    return frozenset(_WORDS.findall(text.lower().replace("’", "'")))


def terms(text: str, common: frozenset[str]) -> frozenset[str]:
    """The words that say what a line is about: not the commonest, four letters or more; pairs of signs where words are
    not set apart."""
    return frozenset(term for term in listed_terms(text) if term not in common)


def listed_terms(text: str) -> list[str]:
    """The longer words of a text as often as they stand in it, or its pairs of signs."""
    if not text.isascii() and _DENSE.search(text) and len(_DENSE.findall(text)) * 2 > len(text):
        return [text[k : k + 2] for k in range(len(text) - 1)]
    return [w for w in _WORDS.findall(text.lower().replace("’", "'")) if len(w) > 3]
