"""What could be the headline of a dump, in numbers: the lines above the text, and the page's first line cut short."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, islice

import numpy as np
from numpy.typing import NDArray

from backfile.cleaning.lexicon import fold
from backfile.cleaning.text.features import Column, Matrix, Seen
from backfile.cleaning.text.lines import plain
from backfile.cleaning.text.words import headline_words, listed_terms

LONGEST_TITLE = 300
"""Longer lines are no headline."""
_SITE = re.compile(r"\s+[|–—»·•✩›>/_-]\s+|\s*[|»｜·•]\s*|\s+_|_\s+|:\s+|\s?：\s?")
"""What stands between a headline and the name of its site or section."""
_PATH = re.compile(r"\s+[»>›/]\s+|\s*»\s*")
_STEPS = frozenset("»>›/")
_MOST_PIECES = 7
_SUMMARY, _SHORT, _SHORTEST = 140, 24, 6
_ABOVE = 60
"""How many lines above the text are looked at."""
_MOST = 24
"""How many of them are weighed: the likeliest by their shape, nearest to the text first."""
_OPENING_LINES, _OPENING_WORDS = 8, 150
_NEAR, _FAR, _NOWHERE = 6, 60, 9.0
"""How many lines below a candidate are looked at, the longest distance that counts, and what stands for none found."""
_RANKED, _UNRANKED = 20, 25.0
"""Characters from which a line counts among its like, and the rank of those that do not."""
_QUOTES = frozenset("\"“„«‹『「'‘-–")
_FIGURE = re.compile("[0-9]")
_MARKS = frozenset("|–—»·•✩›>/_-:：｜")
"""One of these stands between any two pieces of a line."""
_ENDS = ("full_stop", "question", "colon_end", "comma_end")

_SHARE = (0.2, 0.5, 0.8)
THRESHOLDS: dict[str, tuple[float, ...]] = {
    "size": (15, 25, 40, 70, 110, 150), "distance": (0, 1, 2, 4, 8, 16, 32), "of_opening": _SHARE,
    "from_top": (0, 1, 2, 4, 8),
    "next_size": (15, 40, 100, 200), "words": (1, 2, 3, 5), "offered": (1, 2, 3), "gap_after": (0, 1),
    "to_date": (1, 2, 3, 5), "from_text": (0, 1, 2, 4, 8), "like_below": _SHARE, "like_first": _SHARE,
    "repeats": (1, 2, 3),
    "of_longest": _SHARE, "chance": _SHARE, "like_other": _SHARE, "to_byline": (1, 2, 3, 5),
    "size_above": (15, 40, 100, 200), "chance_above": _SHARE, "of_text": _SHARE, "to_prose": (1, 2, 3, 5),
    "chance_below": _SHARE, "same": (1, 2, 3), "gap": (0, 1),
}  # fmt: skip
"""Where the weight of a measure changes; every measure has a slope too, except those that only count."""
STEPPED = frozenset((
    "size", "distance", "from_top", "next_size", "words", "offered", "gap_after", "to_date", "from_text", "repeats",
    "to_byline", "size_above", "to_prose", "same", "gap",
))  # fmt: skip
"""Measures that have no slope."""


MEASURES = (
    "size", "distance", "of_opening", "full_stop", "question", "colon_end", "comma_end", "from_top", "next_size",
    "words", "offered", "gap_after", "to_date", "from_text", "like_below", "first", "like_first", "repeats",
    "of_longest", "chance", "in_text", "like_other", "to_byline", "size_above", "chance_above", "of_text", "to_prose",
    "colon", "alike", "chance_below", "bars", "same", "like_above", "gap", "to_label", "label_above", "starts_first",
    "cut_at_colon", "labelled", "quote", "prose_below", "lower", "cut", "likely_below", "cut_at_dash", "capitals",
    "digits",
)  # fmt: skip
"""What is measured of a candidate. Distances are in lines, sizes in characters.

`distance` is how far above the text it stands, `from_top` and `from_text` how many longer lines stand above it and
between it and the text, `prose_below` and `likely_below` how many paragraphs and likely ones. `of_opening` and
`of_text` are the shares of its longer words that the first lines of the text and all of it use, `in_text` how often.
The `like_…` are shares of words in common with the likest line below it, with the page's first line, with any other,
with the one above. `offered` counts the lines that say the same, whole or cut, `same` the short ones that say just
this, `alike` the labels of its length around it. `cut` is how many characters were cut off.
"""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A line that could be the headline, or the page's first line without what follows one of its separators."""

    at: int
    text: str
    bare: str
    """Its letters and digits."""
    cut: str = ""
    """What was cut off, with the separator."""


def measured_candidates(seen: Seen, chances: Sequence[float], body: Sequence[int]) -> tuple[list[Candidate], Matrix]:
    """What could be the headline of the text in the lines `body`, from the top down, and each of them measured, a row
    each."""
    places = _places(seen, body[0])
    found = [*_cut(seen.texts[0]), *(_whole(seen, i) for i in places)]
    columns = {
        **_by_place(seen, np.array(chances), body[0], np.array([each.at for each in found])),
        **_by_rank(seen, body[0], places, found),
        **_by_words(seen, body, places, found),
        **_by_shape(seen, found),
        **_by_copies(seen, places, found),
    }
    return found, np.array([columns[name] for name in MEASURES], dtype=np.float64).T


def _places(seen: Seen, start: int) -> list[int]:
    """The lines that could be the headline of a text that starts at line `start`."""
    found = []
    for i in range(min(start + 1, len(seen.texts) - 1), max(-1, start - _ABOVE - 1), -1):
        n = seen.size[i]
        text = n > LONGEST_TITLE or (n > _SUMMARY and (seen.stops(i) or seen.texts[i][-1] == ":"))
        if n >= _SHORTEST and not text and not seen.said[i].reason and not seen.said[i].credited:
            found.append(i)
    found.sort(key=lambda i: (seen.size[i] < _SHORT, start - i))
    return sorted({*found[:_MOST], 0})


def _whole(seen: Seen, at: int) -> Candidate:
    """A line as a headline: without the path before it."""
    text = seen.texts[at]
    steps = _PATH.split(text) if at and not _STEPS.isdisjoint(text) else [text]
    if len(steps) > 2 and len(steps[-1]) >= _SHORT // 2:
        return Candidate(at, steps[-1], plain(steps[-1]), text[: -len(steps[-1])])
    return Candidate(at, text, plain(text))


def _cut(text: str) -> list[Candidate]:
    """The page's first line without what follows one of its separators."""
    return [Candidate(0, head, plain(head), text[len(head) :]) for head, _ in _halves(text) if len(head) >= _SHORTEST]


def _halves(text: str) -> list[tuple[str, str]]:
    """What stands before and after each separator of a line that has a few."""
    marks = list(_SITE.finditer(text)) if len(text) <= LONGEST_TITLE and not _MARKS.isdisjoint(text) else []
    return [(text[: mark.start()].rstrip(), text[mark.end() :]) for mark in marks] if len(marks) < _MOST_PIECES else []


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """The share of words that two lines have in common."""
    return len(one & other) / max(1, len(one | other))


def _by_place(seen: Seen, chances: Column, start: int, at: NDArray[np.intp]) -> dict[str, Column]:
    """What the lines `at` and those around them are."""
    n = len(chances)
    stop = min(n, start + _NEAR + 2)  # nothing below is asked about
    said, prose = seen.said[:stop], seen.proses[:stop] > 0
    paragraphs, likely = (np.concatenate(([0], np.cumsum(marks))) for marks in (prose, prose & (chances[:stop] > 0.5)))
    labelled = np.array([each.labelled for each in said])
    gaps = np.array([*(line.gap for line in seen.lines[: stop + 1]), 3.0])
    above = at > 0
    upper, lower = np.maximum(at - 1, 0), np.minimum(at + 1, n - 1)
    below = at + 1 < n
    return {
        "distance": np.minimum(start - at, _FAR), "first": at == 0, "repeats": np.array(seen.repeats)[at],
        "next_size": np.where(below, np.minimum(seen.sizes[lower], 300.0), 0.0), "gap": gaps[at],
        "gap_after": gaps[at + 1], "chance": chances[at], "chance_above": above * chances[upper],
        "chance_below": below * chances[lower], "size_above": above * np.minimum(seen.sizes[upper], 200.0),
        "labelled": labelled[at], "label_above": above & labelled[upper], "alike": _alike(seen)[at],
        "to_date": _to([each.dated and size < 90 for each, size in zip(said, seen.size, strict=False)], at),
        "to_byline": _to([each.cue == "byline" for each in said], at), "to_prose": _to(prose, at),
        "to_label": _to(labelled, at),
        "prose_below": np.clip(paragraphs[start] - paragraphs[at + 1], 0, _NEAR),
        "likely_below": np.clip(likely[start] - likely[at + 1], 0, _NEAR),
    }  # fmt: skip


def _to(wanted: Sequence[bool] | NDArray[np.bool_], at: NDArray[np.intp]) -> Column:
    """How many lines below each of the lines `at` the first one is that is wanted."""
    places = np.flatnonzero(wanted)
    following = np.append(places, len(wanted) + _NEAR)[np.searchsorted(places, at, side="right")] - at
    return np.where(following <= _NEAR, following, _NOWHERE)


def _alike(seen: Seen) -> Column:
    """For each line how many of the two lines on each side are labels of about its length."""
    shapes = np.where(seen.proses > 0, 0.0, seen.sizes)
    found = np.zeros(len(shapes))
    for k in (1, 2):
        one, other = shapes[:-k], shapes[k:]
        alike = (one > 0) & (other > 0) & (np.abs(one - other) <= 8 + np.minimum(one, other) / 4)
        found[: len(alike)] += alike
        found[k : k + len(alike)] += alike
    return found


def _by_rank(seen: Seen, start: int, places: list[int], found: list[Candidate]) -> dict[str, list[float]]:
    """How a candidate stands among the longer lines, and beside the longest one."""
    ranked = [i for i in places if seen.size[i] >= _RANKED]
    from_text = {i: float(rank) for rank, i in enumerate(i for i in reversed(ranked) if i <= start)}
    from_top = {i: float(rank) for rank, i in enumerate(i for i in ranked if i)}
    longest = max((seen.size[i] for i in places if i), default=LONGEST_TITLE)
    return {
        "from_text": [from_text.get(each.at, _UNRANKED) for each in found],
        "from_top": [from_top.get(each.at, _UNRANKED) for each in found],
        "of_longest": [min(2.0, len(each.text) / longest) for each in found],
    }


def _by_words(
    seen: Seen, body: Sequence[int], places: list[int], found: list[Candidate]
) -> dict[str, Column | list[float]]:
    """Which words a candidate has in common with the other lines and with the text."""
    opening = frozenset(islice(chain.from_iterable(map(seen.terms, body[:_OPENING_LINES])), _OPENING_WORDS))
    long = [listed_terms(each.text) if each.cut else seen.terms(each.at) for each in found]
    asked = frozenset(chain.from_iterable(long))
    used = Counter(filter(asked.__contains__, chain.from_iterable(map(seen.terms, body))))
    like = _likenesses(seen, places, found)
    at, lines = np.array([each.at for each in found])[:, None], np.array(places)
    first = bool(_first(seen))
    return {
        "of_opening": [sum([word in opening for word in words]) / (1 + len(words)) for words in long],
        "of_text": [sum([word in used for word in words]) / (1 + len(words)) for words in long],
        "in_text": [sum([min(used[word], 5) for word in own]) / (1 + len(own)) for own in map(frozenset, long)],
        "like_below": np.max(like, axis=1, where=lines > at, initial=0.0),
        "like_other": np.max(like, axis=1, where=lines != at, initial=0.0),
        "like_above": np.max(like, axis=1, where=(lines == at - 1) & (at > 1), initial=0.0),
        "like_first": np.where(at[:, 0] > 0, like[:, 0], 0.0) if first else np.zeros(len(found)),
    }


def _likenesses(seen: Seen, places: list[int], found: list[Candidate]) -> Matrix:
    """The share of words that each candidate has in common with each of the lines `places`."""
    lines = [frozenset(seen.spelled[i]) for i in places]
    cut = [headline_words(each.text) for each in found if each.cut]
    numbers = {word: k for k, word in enumerate(frozenset().union(*lines, *cut))}
    held = np.zeros((len(lines) + len(cut), len(numbers)))
    for row, words in zip(held, (*lines, *cut), strict=True):
        row[[numbers[word] for word in words]] = 1.0
    own, pieces = {at: k for k, at in enumerate(places)}, iter(range(len(lines), len(held)))
    asked = held[[next(pieces) if each.cut else own[each.at] for each in found]]
    both = asked @ held[: len(lines)].T
    either = asked.sum(axis=1)[:, None] + held[: len(lines)].sum(axis=1) - both
    return np.asarray(both / np.maximum(either, 1.0))


def _first(seen: Seen) -> str:
    """The page's first line, where it may be its title."""
    return seen.texts[0] if len(seen.texts[0]) <= LONGEST_TITLE and not seen.said[0].reason else ""


def _by_shape(seen: Seen, found: list[Candidate]) -> dict[str, list[float]]:
    """How it is written."""
    ends = [0 if each.cut and not each.at else seen.end[each.at] for each in found]
    words = [each.text.split() for each in found]
    cut = [each.cut.strip()[:1] for each in found]
    return {
        "size": [len(each.text) for each in found],
        "words": [len(own) for own in words],
        "colon": [":" in each.text for each in found],
        "bars": ["|" in each.text for each in found],
        "quote": [each.text[0] in _QUOTES for each in found],
        "lower": [each.text[0].islower() for each in found],
        **{name: [kind == end for end in ends] for kind, name in enumerate(_ENDS, 1)},
        "capitals": [sum([word[0].isupper() for word in own]) / max(1, len(own)) for own in words],
        "digits": [min(len(_FIGURE.findall(each.text)), _NEAR) for each in found],
        "cut": [min(len(each.cut), _FAR) for each in found],
        "cut_at_colon": [sign in (":", "：") for sign in cut],
        "cut_at_dash": [sign in ("-", "–", "—") for sign in cut],
    }


def _by_copies(seen: Seen, places: list[int], found: list[Candidate]) -> dict[str, list[float]]:
    """Where else it stands, whole or with more."""
    offered: dict[str, set[int]] = {}
    for i in places:
        pieces = [seen.texts[i], *(half for pair in _halves(seen.texts[i]) for half in pair if len(half) >= _SHORTEST)]
        for piece in pieces:
            offered.setdefault(plain(piece), set()).add(i)
    said = Counter([said.folded for said in seen.said if said.folded])
    bare = plain(_first(seen))
    return {
        "offered": [len(offered.get(each.bare, ())) for each in found],
        "same": [said[fold(each.text) if each.cut else seen.said[each.at].folded] for each in found],
        "starts_first": [each.at > 0 and bool(bare) and bare.startswith(each.bare) for each in found],
    }
