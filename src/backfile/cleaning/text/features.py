"""What can be seen of each line of a dump, in numbers: its own shape, its words, its place and its neighbours.

Everything is kept by columns, one list a measure, because shifting and adding up whole lists costs a tenth of asking
line by line. Lines far from any running text are not measured further.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

import numpy as np
from numpy.typing import NDArray

from backfile.cleaning.lexicon import common_words, lexicon
from backfile.cleaning.text.lines import Line
from backfile.cleaning.text.said import Said, say
from backfile.cleaning.text.signs import Counts, Signs, count_signs
from backfile.cleaning.text.words import pairs, telling, words_of

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
_CONTACT = re.compile(r"https?://|www\.|\S@\S+\.\w|(?<!\w)@\w|\.(?:com|org|net)\b")
_CONTACTS = ("://", "www.", "@", ".com", ".org", ".net")
"""One of these every contact holds."""
_LABEL = 160
"""Longer lines are not looked up in the lexicon."""
_SENTENCE, _PARAGRAPH, _LOOKED_AT = 45, 90, 40
_ROLE_WORDS = 12
"""Words that a line has at most that names what somebody does."""
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
    """How many stand between blanks."""
    spelled: list[list[str]]
    """Its words, in small letters."""
    prose: list[float]
    """How many of its characters belong to running text: 0 for a label, its size for a sentence."""
    end: list[int]
    """How it ends: 1 with a full stop, 2 with another end of a sentence, 3 colon, 4 comma, 5 digit."""
    common: list[float]
    """The share of its words that are among the commonest of the language."""
    said: list[Said]
    digits: list[int]
    """How many of its signs are digits."""
    repeats: list[int]
    dense: list[bool]
    """Whether most of its signs are Chinese or Japanese."""
    signs: Signs
    sizes: Column
    """The same as `size`."""
    proses: Column
    """The same as `prose`."""

    longer: dict[int, list[str]] = field(default_factory=dict)
    """What `terms` said before."""

    def terms(self, i: int) -> list[str]:
        """The words of line `i` that say what it is about, its pairs of signs where they are not set apart."""
        known = self.longer.get(i)
        if known is None:
            known = self.longer[i] = pairs(self.texts[i]) if self.dense[i] else telling(self.spelled[i])
        return known

    def stops(self, i: int) -> bool:
        """Whether line `i` ends like a sentence."""
        return 0 < self.end[i] <= _MARK


def see(lines: list[Line], lang: str) -> Seen:
    """Each line with its measures."""
    texts = [line.text for line in lines]
    langs = (lang, "en") if lang else ()
    signs = count_signs(texts)
    lengths = np.array(list(map(len, texts)), dtype=np.float64)
    asian = lang in ("ja", "zh", "ko", "")
    sizes = lengths + 1.2 * signs.dense + 0.6 * signs.hangul if asian else lengths
    size, digits = sizes.tolist(), signs.digits.tolist()
    end = [_ENDS.get(text[-1], _NO_END) if text[-1] not in _CLOSERS else _closed(text) for text in texts]
    counts = Counter(texts)
    common = [0.0] * len(texts)
    prose = [0.0] * len(texts)
    known = common_words(lang or "en")
    spelled = words_of(texts)
    for i in np.flatnonzero(sizes >= _SENTENCE).tolist():
        n = size[i]
        common[i] = share = _common(texts[i], n, spelled[i][:_LOOKED_AT], known)
        stop = 0 < end[i] <= _MARK
        if (n >= _PARAGRAPH and (share > 0.12 or stop or "," in texts[i])) or (stop and share > 0.1):
            prose[i] = n
    return Seen(
        lang=lang, langs=langs, lines=lines, texts=texts, size=size, words=signs.words.tolist(),
        spelled=spelled, prose=prose, end=end, common=common, said=say(texts, digits, langs), digits=digits,
        repeats=[counts[text] for text in texts], dense=(signs.dense * 2 > lengths).tolist(), signs=signs,
        sizes=sizes, proses=np.array(prose),
    )  # fmt: skip


def _closed(text: str) -> int:
    """How a line ends before the quotation marks and brackets that close it."""
    kind = _ENDS.get(text.rstrip(_CLOSERS)[-1:], _NO_END)
    return kind if kind <= _MARK else _NO_END


def _common(text: str, size: float, words: list[str], known: frozenset[str]) -> float:
    if size > len(text) * 1.3:
        return 0.35 if "。" in text or "、" in text else 0.1
    return sum(map(known.__contains__, words)) / max(1, len(words))


def rows_of(seen: Seen, title_at: int, title: frozenset[str]) -> tuple[list[int], Matrix]:
    """The lines that are judged, and for each of them its measures and those of its surroundings, named by `FEATURES`.

    A line with no running text near it is not judged. `title_at` is the line of the headline, -1 where none was found;
    `title` are its words.
    """
    sums = _Sums(np.minimum(seen.proses, _PROSE_CAP))
    judged = np.flatnonzero(sums.window(_REACH, _REACH + 1))
    rows = np.empty((len(judged), len(FEATURES)))
    if len(judged):
        for k, column in enumerate(_own(seen, judged, title)):
            rows[:, k] = column
        for k, column in enumerate(_surroundings(seen, sums, title_at), len(OWN)):
            rows[:, k] = column[judged]
    return judged.tolist(), rows


def _own(seen: Seen, judged: NDArray[np.intp], title: frozenset[str]) -> tuple[Sequence[float] | Column | Counts, ...]:
    """What each of the lines is by itself, named by `OWN`."""
    places = judged.tolist()
    texts = [seen.texts[i] for i in places]
    lines = [seen.lines[i] for i in places]
    said = [seen.said[i] for i in places]
    signs = seen.signs
    usual = _usual_indent(seen)
    gaps = [line.gap for line in seen.lines[1:]] + [9]
    lengths = np.array(list(map(len, texts)))
    short = lengths < _LABEL
    whole = "\n".join(texts)
    marks = [mark for mark in _CONTACTS if mark in whole]
    rights = "©" in whole or "(c)" in whole or "(C)" in whole
    like = [_likeness(seen, i, title) if title and is_short else 0.0 for i, is_short in zip(places, short, strict=True)]
    return (
        seen.sizes[judged], signs.words[judged], seen.proses[judged], [seen.end[i] for i in places],
        signs.commas[judged], signs.inner[judged], [seen.common[i] for i in places],
        [_kind(text[0]) for text in texts], short * signs.capitals[judged] / signs.words[judged],
        [text.isupper() for text in texts], short * signs.digits[judged] / lengths,
        [_KINDS.get(each.reason, 14.0) if each.reason else 0.0 for each in said], [each.opener != "" for each in said],
        [each.menu for each in said], [_CUES.get(each.cue, 0.0) for each in said], _roles(seen, places),
        [(2.0 if line.bullet[0].isdigit() else 1.0) if line.bullet else 0.0 for line in lines],
        [min(line.gap, 4) for line in lines], [min(gaps[i], 4) for i in places],
        [min(line.cells, 6) for line in lines], [(line.indent > usual) - (line.indent < usual) for line in lines],
        [min(seen.repeats[i], 6) for i in places], short * signs.bars[judged],
        [_is_contact(text, marks) for text in texts] if marks else np.zeros(len(texts)),
        ["©" in text or "(c)" in each.folded for text, each in zip(texts, said, strict=True)]
        if rights else np.zeros(len(texts)),
        [each.dated for each in said], like,
    )  # fmt: skip


def _is_contact(text: str, marks: list[str]) -> bool:
    """Whether a line holds an address of the web or of mail, or the name of an account; every one of them holds one of
    the `marks`."""
    return any(mark in text for mark in marks) and _CONTACT.search(text) is not None


def _kind(first: str) -> float:
    """What a line starts with: a capital, a small letter, a digit, a quotation mark or something else."""
    if first in _OPENERS:
        return 4.0
    return 1.0 if first.isupper() else 2.0 if first.islower() else 3.0 if first.isdigit() else 0.0


def _roles(seen: Seen, places: list[int]) -> list[bool]:
    """Whether each of these lines names what somebody does for the paper: only short ones may."""
    roles = _shortest_roles(seen.langs)
    whole = "\n".join([seen.said[i].folded for i in places])
    there = [role for role in roles if role in whole]
    return [
        seen.words[i] <= _ROLE_WORDS and any(role in seen.said[i].folded for role in there) for i in places
    ] if there else [False] * len(places)  # fmt: skip


@cache
def _shortest_roles(langs: tuple[str, ...]) -> tuple[str, ...]:
    """The roles that hold no other one: a line that names any role holds one of them."""
    roles = lexicon(*langs).cues.get("roles", ())
    return tuple(role for role in roles if not any(other in role for other in roles if other != role))


def _likeness(seen: Seen, i: int, title: frozenset[str]) -> float:
    own = frozenset(seen.spelled[i])
    return len(own & title) / max(len(title), len(own), 1)


class _Sums:
    """Running sums of a column, asked about windows around each line."""

    def __init__(self, column: Column) -> None:
        self.lines = len(column)
        self._sums = np.zeros(self.lines + 2 * _REACH + 2)
        np.cumsum(column, out=self._sums[_REACH + 1 : _REACH + 1 + self.lines])
        self.total = float(self._sums[_REACH + self.lines])
        self._sums[_REACH + 1 + self.lines :] = self.total

    def above(self) -> Column:
        """For each line the sum over all lines above it."""
        return self._sums[_REACH : _REACH + self.lines]

    def window(self, back: int, ahead: int) -> Column:
        """For each line the sum over the lines from `back` above it to before `ahead` below it."""
        first = self._sums[_REACH - back : _REACH - back + self.lines]
        return self._sums[_REACH + ahead : _REACH + ahead + self.lines] - first


def _bounded(column: NDArray[np.intp], least: int, most: int) -> Column:
    """The column with what is outside of the bounds put on them; `np.clip` takes three times as long on short ones."""
    return np.minimum(np.maximum(column, least), most).astype(np.float64)


def _shifted(column: Column, by: int) -> Column:
    """The column moved down by so many lines (up where negative), filled with 0."""
    moved = np.zeros(len(column))
    if by >= 0:
        moved[by:] = column[: len(column) - by]
    else:
        moved[:by] = column[-by:]
    return moved


def _surroundings(seen: Seen, sums: _Sums, title_at: int) -> tuple[Column, ...]:
    """What stands around each line, named by `CONTEXT`."""
    n = len(seen.texts)
    at = np.arange(n)
    smooth = sums.window(5, 6)
    kinds = np.array([each.labelled for each in seen.said], dtype=np.float64)
    labels, bullets, dates = (
        _Sums(np.array(marks, dtype=np.float64))
        for marks in (kinds, [line.bullet != "" for line in seen.lines], [each.dated for each in seen.said])
    )
    size, end = seen.sizes, np.array(seen.end, dtype=np.float64)
    return (
        at / n, sums.above() / (sums.total or 1.0), smooth, sums.window(3, 0), sums.window(-1, 4), sums.window(8, 0),
        sums.window(-1, 9), _bounded(at - int(smooth.argmax()), -60, 60), _short_runs(seen.proses),
        _short_runs(seen.proses[::-1])[::-1], _bounded(at - title_at, -20, 60) if title_at >= 0 else np.full(n, -30.0),
        labels.window(4, 5), _shifted(size, 1), _shifted(size, -1), _shifted(size, 2), _shifted(size, -2),
        _shifted(end, 1), _shifted(end, -1), _shifted(kinds, 1), _shifted(kinds, -1),
        bullets.window(4, 5), _same_shapes(seen), *_since(seen), dates.window(4, 5),
        np.full(n, min(sums.total, _TOTAL_CAP)), np.full(n, min(n, 600)),
    )  # fmt: skip


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


def _short_runs(prose: Column) -> Column:
    """For each line how many lines without prose stand directly before it, 12 at most."""
    at = np.arange(len(prose))
    last = np.maximum.accumulate(np.where(prose > 0, at, -1))
    return np.minimum(at - 1 - np.concatenate(([-1], last[:-1])), 12.0)


def _same_shapes(seen: Seen) -> Column:
    """For each line how many of the two lines on each side are labels of about the same length: a menu, a list of
    headlines."""
    shapes = np.where(seen.proses > 0, 0.0, seen.sizes)
    found = np.zeros(len(shapes))
    for k in (1, 2):
        one, other = shapes[:-k], shapes[k:]
        alike = (one > 0) & (other > 0) & (np.abs(one - other) <= 8 + one / 4)
        found[: len(alike)] += alike
        found[k : k + len(alike)] += alike
    return found
