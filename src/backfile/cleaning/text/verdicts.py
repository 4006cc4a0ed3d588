"""How likely each line of a dump belongs to the article: two passes of small decision trees, then the best sequence.

The first pass judges a line by what is seen of it and around it. The second sees the first one's verdicts too: whether
its neighbours were kept, whether it stands inside the page's main run. A sequence of keep and drop is chosen as a whole
(Viterbi), because an article is one or a few runs. `trees.json` is written by `tools/train_text.py`.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from itertools import accumulate, chain, islice

import numpy as np
from numpy.typing import NDArray

from backfile.cleaning.lexicon import common_words
from backfile.cleaning.text.features import Column, Matrix, Seen
from backfile.cleaning.text.read import Measured
from backfile.cleaning.text.weights import current

_SWITCH = 0.3
"""What a change between keep and drop costs, as log odds."""
_EDGE = 1e-3
_UNLIKELY, _CERTAIN = 0.06, 0.96
"""Lines whose first verdict is outside these are not judged again."""
_LEAST_F1 = 0.2
_LABEL, _OPENER = 0.1, 0.25
_ENOUGH_TEXT, _BELOW_COMMENTS, _ALONE = 500, 0.05, 12
_EDGE_LINES, _NARROWLY = 3, 0.3
_VOCABULARY, _OWN_WORDS = 550, 25
_COLON, _SIGNATURE, _SEVERAL = 3, 60, 3
_TIME = re.compile(r"\d{1,2}[:.]\d{2}")


def judge(measured: Measured) -> list[float]:
    """For each line the probability that it belongs to the article."""
    weights = current()
    first = np.zeros(len(measured.seen.texts))
    first[measured.judged] = _chances(weights.first.sums(measured.rows))
    chances = first.tolist()
    again = undecided(chances)
    if again:
        known = measured.rows[np.searchsorted(measured.judged, again)]
        first[again] = _chances(weights.second.sums(np.hstack((known, verdict_context(measured, chances, again)))))
        chances = first.tolist()
    return lowered(measured.seen, chances)


def lowered(seen: Seen, chances: Sequence[float]) -> list[float]:
    """The chances as far as the words of each line and the comments above it let it be text."""
    return _fenced(seen, [p and p * _allowed(seen, i) for i, p in enumerate(chances)])


def undecided(chances: Sequence[float]) -> list[int]:
    """The lines that the first pass leaves open."""
    return [i for i, p in enumerate(chances) if _UNLIKELY < p < _CERTAIN]


def _allowed(seen: Seen, i: int) -> float:
    """How far the words of a line let it be text: a line that is a known label hardly, one that starts so by half."""
    said = seen.said[i]
    if said.reason:
        return _LABEL
    return _OPENER if said.opener and seen.size[i] < 200 else 1.0


def _fenced(seen: Seen, chances: list[float]) -> list[float]:
    """The chances, lowered below a line that counts comments ("34 responses") or the first of several that are signed
    alike, where there is text above it."""
    text = 0.0
    signed = _signed(seen)
    for i, p in enumerate(chances):
        if seen.prose[i]:
            text += seen.size[i] * p
            continue
        counts = "comments" in (seen.said[i].reason, seen.said[i].opener) and any(map(str.isdigit, seen.texts[i][:40]))
        if (counts or i == signed) and text > _ENOUGH_TEXT:
            return [*chances[:i], *(c * _BELOW_COMMENTS for c in chances[i:])]
    return chances


def _signed(seen: Seen) -> int:
    """The first line of readers' comments, told by their form: a name with a colon, then a time; -1 where there are
    fewer than three."""
    found = [
        i
        for i in range(len(seen.texts) - 2)
        if seen.end[i] == _COLON and seen.size[i] < _SIGNATURE and _TIME.search(seen.texts[i + 1])
        and seen.size[i + 1] < _SIGNATURE and seen.said[i + 1].dated
    ]  # fmt: skip
    return found[0] if len(found) >= _SEVERAL else -1


def with_edges(seen: Seen, chances: list[float], keep: list[bool]) -> list[bool]:
    """The verdicts with the paragraphs that were dropped narrowly just below the last kept one."""
    last = max((i for i, kept in enumerate(keep) if kept), default=len(keep))
    found = list(keep)
    for i in range(last + 1, min(len(keep), last + 1 + _EDGE_LINES)):
        if seen.prose[i] and seen.stops(i) and chances[i] >= _NARROWLY:
            found[i] = True
    return found


def without_strays(seen: Seen, keep: list[bool]) -> list[bool]:
    """The verdicts without kept labels that stand far from any kept paragraph."""
    prose = [0, *accumulate(kept and p > 0 for p, kept in zip(seen.prose, keep, strict=True))]
    if not prose[-1]:
        return keep
    n = len(keep)
    return [kept and prose[min(n, i + _ALONE + 1)] > prose[max(0, i - _ALONE)] for i, kept in enumerate(keep)]


def _chances(odds: Column) -> Column:
    """Log odds as probabilities."""
    return np.asarray(1 / (1 + np.exp(-np.clip(odds, -30, 30))))


VERDICTS = (
    "p", "p_prev", "p_next", "p_prev2", "p_next2", "kept_back3", "kept_ahead3", "kept_back8", "kept_ahead8",
    "done", "to_come", "in_run", "from_run_start", "from_run_end", "kept_mass_back8", "kept_mass_ahead8",
    "kept_total", "run_mass", "same_subject", "page_chance",
)  # fmt: skip


def verdict_context(measured: Measured, first: list[float], wanted: list[int]) -> Matrix:
    """What the first pass thinks of the surroundings of each of the lines `wanted`, named by `VERDICTS`."""
    n = len(first)
    chances, at = np.array(first), np.array(wanted, dtype=np.intp)
    weight = np.clip(measured.seen.size, 8.0, 400.0) ** 0.7
    kept = np.concatenate(([0.0], np.cumsum(chances * weight)))
    both = np.concatenate(([0.0], np.cumsum(weight)))
    start, end, mass = main_run(first, weight.tolist())
    total = kept[-1] + 1e-9
    likely = chances[chances > 0.5]
    padded = np.concatenate(([0.0, 0.0], chances, [0.0, 0.0]))

    def share(a: NDArray[np.intp], b: NDArray[np.intp]) -> Column:
        a, b = np.maximum(0, a), np.minimum(n, b)
        return np.where(b > a, (kept[b] - kept[a]) / (both[b] - both[a] + 1), 0.0)

    columns = (
        chances[at], padded[at + 1], padded[at + 3], padded[at], padded[at + 4],
        share(at - 3, at), share(at + 1, at + 4), share(at - 8, at), share(at + 1, at + 9),
        kept[at] / total, (total - kept[at + 1]) / total, (start <= at) & (at <= end),
        np.clip(at - start, -30, 30), np.clip(at - end, -30, 30),
        kept[at] - kept[np.maximum(0, at - 8)], kept[np.minimum(n, at + 9)] - kept[at + 1],
        np.full(len(at), total), np.full(len(at), mass), _subjects(measured, first, wanted),
        np.full(len(at), likely.mean() if len(likely) else 0.0),
    )  # fmt: skip
    return np.array(columns, dtype=np.float64).T


def _subjects(measured: Measured, first: list[float], wanted: list[int]) -> list[float]:
    """For each line `wanted` the share of its telling words that the likely article uses too, beside the line."""
    seen = measured.seen
    common = common_words(measured.lang or "en")
    likely = chain.from_iterable(seen.terms(i) for i, p in enumerate(first) if p > 0.5)
    used = Counter(islice(likely, _VOCABULARY))
    found = []
    for i in wanted:
        own = frozenset(seen.terms(i)[:_OWN_WORDS]) - common
        least = 1 if first[i] > 0.5 else 0
        found.append(sum([used[word] > least for word in own]) / (len(own) + 1))
    return found


def main_run(chances: list[float], weight: list[float]) -> tuple[int, int, float]:
    """First and last line of the run with most weight for keeping, and that weight (Kadane's maximum subarray)."""
    best = current = 0.0
    start = end = begin = 0
    for i, (p, w) in enumerate(zip(chances, weight, strict=True)):
        if current <= 0:
            current, begin = 0.0, i
        current += (p - 0.5) * w
        if current > best:
            best, start, end = current, begin, i
    return start, end, best


def best_sequence(chances: list[float], sizes: list[float]) -> list[bool]:
    """Keep or drop for each line, so that the whole is likeliest when each change has its cost (Viterbi).

    A line is kept above half the F1 that can be expected of the page (Lipton and others, "Optimal thresholding of
    classifiers to maximize F1 measure", 2014): on a page where little is certain, more is kept.
    """
    if not chances:
        return []
    threshold = expected_f1(chances, sizes) / 2
    even = math.log(threshold / (1 - threshold))
    likely = np.clip(chances, _EDGE, 1 - _EDGE)
    odds = (np.log(likely / (1 - likely)) - even).tolist()
    drop, keep = 0.0, odds[0] - _SWITCH
    came: list[tuple[bool, bool]] = []
    for odd in odds[1:]:
        to_drop, to_keep = keep - _SWITCH > drop, keep >= drop - _SWITCH
        came.append((to_drop, to_keep))
        drop, keep = max(drop, keep - _SWITCH), max(keep, drop - _SWITCH) + odd
    state = keep > drop
    states = [state]
    for to_drop, to_keep in reversed(came):
        state = to_keep if state else to_drop
        states.append(state)
    return states[::-1]


def expected_f1(chances: list[float], sizes: list[float]) -> float:
    """The best F1 by characters that keeping the likeliest lines would have if the chances are right; 0.2 at least."""
    open_ = np.array(chances) > _UNLIKELY
    p, size = np.array(chances)[open_], np.array(sizes)[open_]
    order = np.lexsort((-size, -p))
    right, kept = np.cumsum((p * size)[order]), np.cumsum(size[order])
    return float(np.max(2 * right / (kept + right[-1]), initial=_LEAST_F1)) if len(p) else _LEAST_F1
