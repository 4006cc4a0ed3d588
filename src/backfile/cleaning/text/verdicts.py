"""How likely each line of a dump belongs to the article: two passes of small decision trees, then the best sequence.

The first pass judges a line by what is seen of it and around it. The second sees the first one's verdicts too: whether
its neighbours were kept, whether it stands inside the page's main run. A sequence of keep and drop is chosen as a whole
(Viterbi), because an article is one or a few runs. `trees.json` is written by `tools/train_text.py`.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, TypeAlias

from backfile.cleaning.lexicon import common_words
from backfile.cleaning.text.features import Seen, headline_words, terms
from backfile.cleaning.text.headline import headline_above
from backfile.cleaning.text.read import Measured

_SWITCH = 0.3
"""What a change between keep and drop costs, as log odds."""
_EDGE = 1e-3
_UNLIKELY, _REACH = 0.03, 2
_LEAST_F1 = 0.2
_LABEL, _OPENER = 0.1, 0.25
_ENOUGH_TEXT, _BELOW_COMMENTS, _ALONE = 300, 0.3, 12
_EDGE_LINES, _NARROWLY = 3, 0.3

_SURE, _EARLY = 3.0, 15
"""After this many trees a line whose odds are that far from even is decided."""

Node: TypeAlias = "tuple[int, float, Node, Node] | float"
"""Feature, threshold, and where to go when the value is not above it, and when it is; or a leaf's value."""


@dataclass(frozen=True, slots=True)
class Forest:
    """Trees whose leaves add up to the log odds of keeping."""

    bias: float
    trees: tuple[Node, ...]

    def odds(self, row: list[float]) -> float:
        """Log odds of one line."""
        total = self.bias
        for number, tree in enumerate(self.trees):
            node = tree
            while isinstance(node, tuple):
                node = node[2] if row[node[0]] <= node[1] else node[3]
            total += node
            if number == _EARLY and abs(total) > _SURE:
                break
        return total


def _forest(stage: dict[str, Any]) -> Forest:
    return Forest(stage["bias"], tuple(_nested(tree) for tree in stage["trees"]))


def _nested(nodes: list[list[float]]) -> Node:
    """A tree as written (children after their parent, named by their number) as nested nodes."""
    built: dict[int, Node] = {}
    for number in range(len(nodes) - 1, -1, -1):
        node = nodes[number]
        leaf = len(node) == 1
        built[number] = node[0] if leaf else (int(node[0]), node[1], built[int(node[2])], built[int(node[3])])
    return built[0]


@dataclass(frozen=True, slots=True)
class Weights:
    """The two passes."""

    first: Forest
    second: Forest


@cache
def _read(path: str) -> Weights:
    text = Path(path).read_text("utf-8") if path else (resources.files(__package__) / "trees.json").read_text("utf-8")
    table = json.loads(text)
    return Weights(_forest(table["first"]), _forest(table["second"]))


_path = ""


@contextmanager
def weights_from(path: Path) -> Iterator[None]:
    """Use other weights for a while: those of a fold, to measure pages that these weights have not seen."""
    global _path  # noqa: PLW0603 - one switch for measuring, restored at once
    before, _path = _path, str(path)
    try:
        yield
    finally:
        _path = before


def judge(measured: Measured) -> list[float]:
    """For each line the probability that it belongs to the article."""
    weights = _read(_path)
    rows = measured.rows
    first = [_chance(weights.first.odds(row)) if row else 0.0 for row in rows]
    near = _near(first)
    context = verdict_context(measured, first, near)
    odds = weights.second.odds
    chances = [
        _chance(odds(row + more)) if row and open_ else 0.0
        for row, more, open_ in zip(rows, context, near, strict=True)
    ]
    return _fenced(measured.seen, [p * _allowed(s) for p, s in zip(chances, measured.seen, strict=True)])


def _fenced(seen: list[Seen], chances: list[float]) -> list[float]:
    """The chances, lowered below a line that counts comments ("34 responses"), where there is text above it."""
    text = 0.0
    for i, (s, p) in enumerate(zip(seen, chances, strict=True)):
        text += s.size * p if s.prose else 0.0
        counts = "comments" in (s.reason, s.opener) and any(map(str.isdigit, s.line.text[:40]))
        if counts and text > _ENOUGH_TEXT:
            return [*chances[:i], *(c * _BELOW_COMMENTS for c in chances[i:])]
    return chances


def with_edges(seen: list[Seen], chances: list[float], keep: list[bool]) -> list[bool]:
    """The verdicts with the paragraphs that were dropped narrowly just below the last kept one."""
    last = max((i for i, kept in enumerate(keep) if kept), default=len(keep))
    found = list(keep)
    for i in range(last + 1, min(len(keep), last + 1 + _EDGE_LINES)):
        if seen[i].prose and seen[i].full_stop and chances[i] >= _NARROWLY:
            found[i] = True
    return found


def without_strays(seen: list[Seen], keep: list[bool]) -> list[bool]:
    """The verdicts without kept labels that stand far from any kept paragraph."""
    prose = _sums([kept and s.prose > 0 for s, kept in zip(seen, keep, strict=True)])
    if not prose[-1]:
        return keep
    n = len(keep)
    return [kept and prose[min(n, i + _ALONE + 1)] > prose[max(0, i - _ALONE)] for i, kept in enumerate(keep)]


def _sums(flags: list[bool]) -> list[int]:
    sums = [0]
    for flag in flags:
        sums.append(sums[-1] + flag)
    return sums


def _allowed(s: Seen) -> float:
    """How far the words of a line let it be text: a line that is a known label hardly, one that starts so by half."""
    if s.reason:
        return _LABEL
    return _OPENER if s.opener and s.size < 200 else 1.0


def _near(first: list[float]) -> list[bool]:
    """Whether the first pass would keep the line, or one of the lines beside it, with any likelihood."""
    likely = [p > _UNLIKELY for p in first]
    return [any(likely[max(0, i - _REACH) : i + _REACH + 1]) for i in range(len(first))]


def _chance(odds: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, odds))))


VERDICTS = (
    "p", "p_prev", "p_next", "p_prev2", "p_next2", "kept_back3", "kept_ahead3", "kept_back8", "kept_ahead8",
    "done", "to_come", "in_run", "from_run_start", "from_run_end", "kept_mass_back8", "kept_mass_ahead8",
    "kept_total", "run_mass", "same_subject", "same_subject_near", "from_headline", "like_headline",
    "page_chance",
)  # fmt: skip


def verdict_context(measured: Measured, first: list[float], wanted: list[bool] | None = None) -> list[list[float]]:
    """What the first pass thinks of each line's surroundings; empty for a line that is not judged or not `wanted`."""
    n = len(first)
    weight = [min(400.0, max(8.0, s.size)) ** 0.7 for s in measured.seen]
    kept, lost = [0.0], [0.0]
    for p, w in zip(first, weight, strict=True):
        kept.append(kept[-1] + p * w)
        lost.append(lost[-1] + (1 - p) * w)
    start, end, mass = main_run(first, weight)
    total = kept[-1] + 1e-9
    subject = _subjects(measured, first)
    headline, title = _headline(measured, first, start, end)
    chance = sum(p for p in first if p > 0.5) / (sum(p > 0.5 for p in first) or 1)

    def share(a: int, b: int) -> float:
        a, b = max(0, a), min(n, max(0, b))
        inside, outside = kept[b] - kept[a], lost[b] - lost[a]
        return inside / (inside + outside + 1)

    padded = [0.0, 0.0, *first, 0.0, 0.0]
    rows: list[list[float]] = []
    for i in range(n):
        if not measured.rows[i] or (wanted is not None and not wanted[i]):
            rows.append([])
            continue
        back, ahead = kept[i] - kept[max(0, i - 8)], kept[min(n, i + 9)] - kept[i + 1]
        near = max(subject[max(0, i - 2) : i + 3])
        rows.append([
            first[i], padded[i + 1], padded[i + 3], padded[i], padded[i + 4],
            share(i - 3, i), share(i + 1, i + 4), share(i - 8, i), share(i + 1, i + 9),
            kept[i] / total, (total - kept[i + 1]) / total,
            float(start <= i <= end), float(max(-30, min(30, i - start))), float(max(-30, min(30, i - end))),
            back, ahead, total, mass, subject[i], near,
            float(max(-30, min(60, i - headline))) if headline >= 0 else -40.0,
            _overlap(measured.seen[i], title), chance,
        ])  # fmt: skip
    return rows


def _headline(measured: Measured, first: list[float], start: int, end: int) -> tuple[int, frozenset[str]]:
    seen = measured.seen
    body = [i for i in range(start, min(end + 1, len(seen))) if seen[i].prose and first[i] > 0.5]
    at = measured.title_at
    if at < 0 or sum(i > at for i in body) * 2 < len(body):
        at = headline_above(seen, body[0] if body else start, body)
    return at, headline_words(seen[at].line.text) if at >= 0 else frozenset()


def _overlap(s: Seen, title: frozenset[str]) -> float:
    if not title or s.size > 250:
        return 0.0
    own = headline_words(s.line.text)
    return len(own & title) / max(len(title), len(own), 1)


def _subjects(measured: Measured, first: list[float]) -> list[float]:
    """For each line the share of its telling words that other lines of the likely article use too."""
    common = common_words(measured.lang or "en")
    own = [
        terms(s.line.text, common) if row else frozenset() for s, row in zip(measured.seen, measured.rows, strict=True)
    ]
    used: Counter[str] = Counter()
    for words, p in zip(own, first, strict=True):
        if p > 0.5:
            used.update(words)
    found = []
    for words, p in zip(own, first, strict=True):
        least = 1 if p > 0.5 else 0
        found.append(sum(used[w] > least for w in words) / (len(words) + 1) if words else 0.0)
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
    odds = [math.log(p / (1 - p)) - even for p in (min(1 - _EDGE, max(_EDGE, c)) for c in chances)]
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
    likely = sorted(((p, size) for p, size in zip(chances, sizes, strict=True) if p > _UNLIKELY), reverse=True)
    wanted = sum(p * size for p, size in likely)
    best = right = kept = 0.0
    for p, size in likely:
        right += p * size
        kept += size
        best = max(best, 2 * right / (kept + wanted))
    return max(_LEAST_F1, best)
