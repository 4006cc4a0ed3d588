"""Labels for the blocks of a page, from a gold text: which blocks it is made of.

The blocks and the gold text are both in reading order, so the labels are the heaviest chain of blocks whose words stand
in the gold in that order; blocks out of order are added where no other block gave those words.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import NamedTuple

_WIDE = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_TOKEN = re.compile(f"[{_WIDE}]|[^\\W{_WIDE}]+")
_DRIFT = 6
_REACH = 400


class Span(NamedTuple):
    """A block's place in the gold."""

    block: int
    start: int
    end: int
    hits: int


def tokens(text: str) -> list[str]:
    """Words, and single characters of scripts without spaces, lower case."""
    return _TOKEN.findall(text.lower())


def share_in_gold(texts: Sequence[str], gold: str) -> list[float]:
    """For each block's text the share of its tokens that the gold takes from it, 0 to 1."""
    words = tokens(gold)
    blocks = [tokens(text) for text in texts]
    spans = _candidates(blocks, words)
    hits = {span.block: span.hits for span in _heaviest_chain(spans)}
    used = set()
    for span in spans:
        if span.block in hits and hits[span.block] == span.hits:
            used.update(range(span.start, span.end))
    for span in sorted(spans, key=lambda s: -s.hits):
        places = range(span.start, span.end)
        if (
            span.block not in hits
            and len(blocks[span.block]) >= _DRIFT
            and sum(p in used for p in places) < 0.2 * len(places)
        ):
            hits[span.block] = span.hits
            used.update(places)
    return [hits.get(n, 0) / len(block) if block else 0.0 for n, block in enumerate(blocks)]


def _candidates(blocks: Sequence[list[str]], gold: list[str]) -> list[Span]:
    """Where each block may stand in the gold, a few places each, by block and place."""
    places, triples = defaultdict(list), defaultdict(list)
    for i, word in enumerate(gold):
        places[word].append(i)
        triples[tuple(gold[i : i + 3])].append(i)
    spans = []
    for n, block in enumerate(blocks):
        for start, hits in _starts(block, gold, places, triples):
            if hits >= 0.4 * len(block):
                spans.append(Span(n, max(start, 0), min(start + len(block), len(gold)), hits))
    return sorted(spans)


def _starts(block: list[str], gold: list[str], places: dict, triples: dict) -> list[tuple[int, int]]:
    starts: Counter[int] = Counter()
    if len(block) < 3:
        found = places.get(block[0], ())[:60] if block else ()
        return [(p, len(block)) for p in found if gold[p : p + len(block)] == block][:4]
    for k in range(len(block) - 2):
        for place in triples.get(tuple(block[k : k + 3]), ())[:20]:
            starts[place - k] += 1
    best = sorted(starts.items(), key=lambda kv: (-kv[1], kv[0]))[:4]
    return [(s, min(len(block), 2 + sum(c for t, c in starts.items() if abs(t - s) <= _DRIFT))) for s, _ in best]


def _heaviest_chain(spans: list[Span]) -> list[Span]:
    """The spans, ascending in blocks and in gold, with the most hits."""
    best: list[tuple[int, int]] = []
    for i, span in enumerate(spans):
        top, previous = 0, -1
        for j in range(max(0, i - _REACH), i):
            other = spans[j]
            if (
                other.block < span.block
                and other.start < span.start
                and other.end <= span.start + 8
                and best[j][0] > top
            ):
                top, previous = best[j][0], j
        best.append((top + span.hits, previous))
    chain = []
    i = max(range(len(spans)), key=lambda k: best[k][0], default=-1)
    while i >= 0:
        chain.append(spans[i])
        i = best[i][1]
    return chain
