"""What could be the headline of a dump, in numbers: the lines above the text, and the page's first line cut short."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from backfile.cleaning.lexicon import fold
from backfile.cleaning.text.features import Seen, headline_words, listed_terms
from backfile.cleaning.text.lines import plain

LONGEST_TITLE = 300
"""Longer lines are no headline."""
_SITE = re.compile(r"\s+[|–—»·•✩›>/_-]\s+|\s*[|»｜·•]\s*|\s+_|_\s+|:\s+|\s?：\s?")
"""What stands between a headline and the name of its site or section."""
_PATH = re.compile(r"\s+[»>›/]\s+|\s*»\s*")
_MOST_PIECES = 7
_SUMMARY, _SHORT, _SHORTEST = 140, 24, 6
_ABOVE = 60
"""How many lines above the text are looked at."""
_MOST = 24
"""How many of them are weighed: the likeliest by their shape, nearest to the text first."""
_OPENING, _OPENING_LINES, _TEXT = 1500, 8, 12000
_NEAR, _FAR, _NOWHERE = 6, 60, 9.0
"""How many lines below a candidate are looked at, the longest distance that counts, and what stands for none found."""
_RANKED, _UNRANKED = 20, 25.0
"""Characters from which a line counts among its like, and the rank of those that do not."""
_QUOTES = frozenset("\"“„«‹『「'‘-–")
_DIGITS = frozenset("0123456789")

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


class Measures(NamedTuple):
    """One candidate in numbers. Distances are in lines, sizes in characters."""

    size: float
    distance: float
    """How far above the text it stands."""
    of_opening: float
    """The share of its longer words that the text's first lines use."""
    full_stop: bool
    question: bool
    colon_end: bool
    comma_end: bool
    from_top: float
    """How many longer lines stand above it."""
    next_size: float
    words: float
    offered: float
    """How many lines say the same, whole or cut."""
    gap_after: float
    to_date: float
    from_text: float
    """How many longer lines stand between it and the text."""
    like_below: float
    """The share of words that it has in common with the likest line below it."""
    first: bool
    like_first: float
    repeats: float
    of_longest: float
    chance: float
    """How likely its line is text."""
    in_text: float
    """How often the text uses its longer words."""
    like_other: float
    to_byline: float
    size_above: float
    chance_above: float
    of_text: float
    to_prose: float
    colon: bool
    alike: float
    """How many of the lines around it are labels of its length."""
    chance_below: float
    bars: bool
    same: float
    """How many short lines of the page say just this."""
    like_above: float
    """The share of words that it has in common with the line above it."""
    gap: float
    to_label: float
    label_above: bool
    starts_first: bool
    """Whether the page's first line starts with it."""
    cut_at_colon: bool
    labelled: bool
    quote: bool
    prose_below: float
    """How many paragraphs stand between it and the text."""
    lower: bool
    cut: float
    """How many characters were cut off."""
    likely_below: float
    """How many likely paragraphs stand between it and the text."""
    cut_at_dash: bool
    capitals: float
    digits: float


MEASURES = Measures._fields


@dataclass(frozen=True, slots=True)
class Candidate:
    """A line that could be the headline, or the page's first line without what follows one of its separators."""

    at: int
    text: str
    bare: str
    """Its letters and digits."""
    cut: str = ""
    """What was cut off, with the separator."""


@dataclass(frozen=True, slots=True)
class _Around:
    """What candidates are compared with."""

    seen: Seen
    chances: Sequence[float]
    start: int
    """The first line of the text."""
    opening: frozenset[str]
    used: Counter[str]
    """How often the text uses its longer words."""
    first: str
    """The page's first line, where it may be its title."""
    bare: str
    bits: dict[str, int]
    """For each word of the lines that could be one a bit."""
    words: dict[int, int]
    """The words of each of these lines as bits."""
    longest: float
    from_text: dict[int, int]
    from_top: dict[int, int]
    offered: dict[str, set[int]]
    same: Counter[str]


def measured_candidates(
    seen: Seen, chances: Sequence[float], body: Sequence[int]
) -> tuple[list[Candidate], list[Measures]]:
    """What could be the headline of the text in the lines `body`, from the top down, and each of them measured."""
    start = body[0]
    places = _places(seen, start)
    found = [*_cut(seen.texts[0]), *(_whole(seen, i) for i in places)]
    around = _around(seen, chances, body, places, found)
    return found, [_measured(around, each) for each in found]


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
    steps = _PATH.split(text) if at else [text]
    if len(steps) > 2 and len(steps[-1]) >= _SHORT // 2:
        return Candidate(at, steps[-1], plain(steps[-1]), text[: -len(steps[-1])])
    return Candidate(at, text, plain(text))


def _cut(text: str) -> list[Candidate]:
    """The page's first line without what follows one of its separators."""
    return [Candidate(0, head, plain(head), text[len(head) :]) for head, _ in _halves(text) if len(head) >= _SHORTEST]


def _halves(text: str) -> list[tuple[str, str]]:
    """What stands before and after each separator of a line that has a few."""
    marks = list(_SITE.finditer(text)) if len(text) <= LONGEST_TITLE else []
    return [(text[: mark.start()].rstrip(), text[mark.end() :]) for mark in marks] if len(marks) < _MOST_PIECES else []


def _around(
    seen: Seen, chances: Sequence[float], body: Sequence[int], places: list[int], found: list[Candidate]
) -> _Around:
    start = body[0]
    first = seen.texts[0] if len(seen.texts[0]) <= LONGEST_TITLE and not seen.said[0].reason else ""
    spelled = [headline_words(seen.texts[i]) for i in places]
    bits = {word: 1 << k for k, word in enumerate(frozenset().union(*spelled))}
    words = {i: sum([bits[word] for word in own]) for i, own in zip(places, spelled, strict=True)}
    offered: dict[str, set[int]] = {}
    for i in places:
        pieces = [seen.texts[i], *(half for pair in _halves(seen.texts[i]) for half in pair if len(half) >= _SHORTEST)]
        for piece in pieces:
            offered.setdefault(plain(piece), set()).add(i)
    ranked = [i for i in places if seen.size[i] >= _RANKED]
    wanted = {fold(each.text) for each in found}
    texts = [seen.texts[i] for i in body]
    return _Around(
        seen=seen,
        chances=chances,
        start=start,
        opening=frozenset(listed_terms(" ".join(texts[:_OPENING_LINES])[:_OPENING])),
        used=Counter(listed_terms(" ".join(texts)[:_TEXT])),
        first=first,
        bare=plain(first),
        bits=bits,
        words=words,
        longest=max((seen.size[i] for i in places if i), default=LONGEST_TITLE),
        from_text={i: rank for rank, i in enumerate(i for i in reversed(ranked) if i <= start)},
        from_top={i: rank for rank, i in enumerate(i for i in ranked if i)},
        offered=offered,
        same=Counter([said.folded for said in seen.said if said.folded in wanted]),
    )


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """The share of words that two lines have in common."""
    return len(one & other) / max(1, len(one | other))


def _measured(around: _Around, candidate: Candidate) -> Measures:
    seen, chances, start = around.seen, around.chances, around.start
    i, text = candidate.at, candidate.text
    said, n = seen.said[i], len(seen.texts)
    own = sum([around.bits.get(word, 0) for word in headline_words(text)])
    long = listed_terms(text)
    known = set(long)
    like = {k: (own & words).bit_count() / max(1, (own | words).bit_count()) for k, words in around.words.items()}
    end = seen.end[i] if not (candidate.cut and i == 0) else 0
    below = i + 1 < n
    end_of_cut = candidate.cut.strip()[:1]
    return Measures(
        size=len(text),
        distance=min(start - i, _FAR),
        of_opening=sum([word in around.opening for word in long]) / (1 + len(long)),
        full_stop=end == 1,
        question=end == 2,
        colon_end=end == 3,
        comma_end=end == 4,
        from_top=around.from_top.get(i, _UNRANKED),
        next_size=min(seen.size[i + 1], 300.0) if below else 0.0,
        words=len(text.split()),
        offered=len(around.offered.get(candidate.bare, ())),
        gap_after=seen.lines[i + 1].gap if below else 3.0,
        to_date=_to(seen, i, lambda k: seen.said[k].dated and seen.size[k] < 90),
        from_text=around.from_text.get(i, _UNRANKED),
        like_below=max([like[k] for k in like if k > i], default=0.0),
        first=i == 0,
        like_first=like[0] if i and around.first else 0.0,
        repeats=seen.repeats[i],
        of_longest=min(2.0, len(text) / around.longest),
        chance=chances[i],
        in_text=sum([min(around.used[word], 5) for word in known]) / (1 + len(known)),
        like_other=max([like[k] for k in like if k != i], default=0.0),
        to_byline=_to(seen, i, lambda k: seen.said[k].cue == "byline"),
        size_above=min(seen.size[i - 1], 200.0) if i else 0.0,
        chance_above=chances[i - 1] if i else 0.0,
        of_text=sum([word in around.used for word in long]) / (1 + len(long)),
        to_prose=_to(seen, i, lambda k: seen.prose[k] > 0),
        colon=":" in text,
        alike=_alike(seen, i),
        chance_below=chances[i + 1] if below else 0.0,
        bars="|" in text,
        same=around.same[fold(text)],
        like_above=like.get(i - 1, 0.0) if i > 1 else 0.0,
        gap=seen.lines[i].gap,
        to_label=_to(seen, i, lambda k: seen.said[k].labelled),
        label_above=i > 0 and seen.said[i - 1].labelled,
        starts_first=i > 0 and bool(around.first) and around.bare.startswith(candidate.bare),
        cut_at_colon=end_of_cut in (":", "："),
        labelled=said.labelled,
        quote=text[0] in _QUOTES,
        prose_below=min(sum([seen.prose[k] > 0 for k in range(i + 1, start)]), _NEAR),
        lower=text[0].islower(),
        cut=min(len(candidate.cut), _FAR),
        likely_below=min(sum([seen.prose[k] > 0 and chances[k] > 0.5 for k in range(i + 1, start)]), _NEAR),
        cut_at_dash=end_of_cut in ("-", "–", "—"),
        capitals=sum([word[0].isupper() for word in text.split()]) / max(1, len(text.split())),
        digits=min(sum([sign in _DIGITS for sign in text]), _NEAR),
    )


def _to(seen: Seen, i: int, wanted: Callable[[int], bool]) -> float:
    """How many lines below line `i` the first one is that is wanted."""
    for k in range(i + 1, min(len(seen.texts), i + 1 + _NEAR)):
        if wanted(k):
            return k - i
    return _NOWHERE


def _alike(seen: Seen, i: int) -> float:
    """How many of the two lines on each side of line `i` are labels of about its length."""
    own = 0.0 if seen.prose[i] else seen.size[i]
    near = [k for k in (i - 2, i - 1, i + 1, i + 2) if 0 <= k < len(seen.texts) and own]
    sizes = [0.0 if seen.prose[k] else seen.size[k] for k in near]
    return sum([size > 0 and abs(size - own) <= 8 + min(size, own) / 4 for size in sizes])
