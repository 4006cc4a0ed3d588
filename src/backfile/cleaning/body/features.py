"""What is measured of each block: numbers that tell an article's text from the page around it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, pairwise

from backfile.cleaning import blocks as b
from backfile.cleaning.blocks import PageBlocks, TextBlock
from backfile.cleaning.body.layout import BOX_NAMES, Layout, gap
from backfile.cleaning.body.phrases import ends_in_credit, read_phrases

_ENDS = frozenset(".!?…。！？։؟।»”\"'’)›")
_WORD = re.compile(r"\w+")
_PLAIN = 100
_FAR = 3
_TELLING = 12
_FEW_WORDS = 90
_HUGE = 4000
_OUTSIDE = b.NAV | b.FOOTER
MOST_JUDGED = 2500
"""Blocks of one page that are measured: beyond them, the page says nothing new of how its text looks."""

TAGS = (
    ("p",), ("h1",), ("h2",), ("h3",), ("h4", "h5", "h6"), ("li",), ("td", "th", "tr"), ("div",), ("section",
    "article", "main"),
    ("blockquote",), ("figcaption", "figure"), ("pre",), ("dt", "dd"), ("button",), ("time", "address"), ("header",),
)  # fmt: skip
_TAG_NUMBER = {tag: float(n) for n, tags in enumerate(TAGS, 1) for tag in tags}

NEAR = ("size", "linked", "tag", "prose", "low", "high", "gap")
NAMES = (
    "size", "words", "linked", "strong", "ends", "tag", "depth",
    "in_aside", "in_footer", "in_figure", "in_table", "in_main", "in_body_prop", "in_link", "hidden",
    "phrase", "opener", "cue", "since_phrase", "heading_phrase", "since_heading",
    "author", "title_share", "description_share", "body_share", "alt_share", "credit",
    *BOX_NAMES,
    "group_prose", "group_count", "group_linked", "group_size", "path_prose", "parent_before", "parent_after",
    "position", "char_position", "since_h1", "prose", "top_share", "top_before", "top_after",
    "prose_before", "prose_after", "gap_before", "gap_after", "media_before", "repeats", "occurrence",
    "page_prose", "page_blocks",
    *(f"{side}{n}_{what}" for side in ("prev", "next") for n in (1, 2) for what in NEAR),
)  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Anchors:
    """What the page's head says of the article: texts to compare blocks with."""

    title: str = ""
    description: str = ""
    article_body: str = ""
    authors: tuple[str, ...] = ()


def is_prose(block: TextBlock) -> float:
    """How much running text a block plainly is: its size where it looks like sentences, else 0."""
    if block.size < 60 or block.linked > 0.5 or block.flags & (_OUTSIDE | b.FORM | b.BUTTON):
        return 0.0
    if block.words < 8 and block.size < 140:
        return 0.0
    return block.size * (1.0 - block.linked)


def block_features(page: PageBlocks, anchors: Anchors) -> list[list[float] | None]:
    """One row of numbers for each block, in the order of `NAMES`; None for what plainly stands outside.

    That is what is short, beyond the box that holds the prose, and away from any prose; and what comes after the first
    `MOST_JUDGED` others.
    """
    blocks = page.blocks
    if not blocks:
        return []
    prose = [is_prose(x) for x in blocks]
    layout = Layout(page, prose)
    gaps = _gaps(prose)
    asked = _asked(blocks, layout, gaps)
    wanted = [i for i, yes in enumerate(asked) if yes]
    phrases = read_phrases(blocks, asked)
    say = _Comparison(anchors, page.alts)
    place = _Places(blocks, prose, layout, gaps)
    near = _Neighbours(blocks, prose, layout)
    rows: list[list[float] | None] = [None] * len(blocks)
    for i in wanted:
        x = blocks[i]
        rows[i] = [*_own(x), *phrases[i], *say.shares(x), *layout.row(x.box), *place.row(x, i), *near.row(x, i)]
    return rows


def _asked(blocks: list[TextBlock], layout: Layout, gaps: tuple[list[float], list[float]]) -> list[bool]:
    """Which blocks are measured."""
    huge = len(blocks) > _HUGE
    inside = range(layout.top.order, 0 if huge else layout.ends[layout.top.order])
    asked = [
        not x.flags & _OUTSIDE
        and (x.box.order in inside or x.size >= _PLAIN or (x.linked <= 0.5 and (behind <= _FAR or ahead <= _FAR)))
        for x, behind, ahead in zip(blocks, *gaps, strict=True)
    ]
    for i in [i for i, yes in enumerate(asked) if yes][MOST_JUDGED:]:
        asked[i] = False
    return asked


def _own(x: TextBlock) -> tuple[float, ...]:
    flags = x.flags
    return (
        x.size, x.words, x.linked, x.strong, x.text[-1] in _ENDS, _TAG_NUMBER.get(x.box.tag, 0.0), x.box.depth,
        flags & b.ASIDE, flags & b.FOOTER, flags & b.FIGURE, flags & b.TABLE, flags & b.MAIN, flags & b.BODY_PROP,
        flags & b.LINK, flags & b.HIDDEN,
    )  # fmt: skip


class _Places:
    """Where blocks stand: among those that look the same, in their parent, and on the page."""

    def __init__(
        self, blocks: list[TextBlock], prose: list[float], layout: Layout, gaps: tuple[list[float], list[float]]
    ) -> None:
        self.blocks, self.prose, self.gaps, self.layout = blocks, prose, gaps, layout
        self.before = list(accumulate(prose, initial=0.0))
        self.start = _main_heading([i for i, x in enumerate(blocks) if x.box.tag == "h1"], prose)
        self.groups: dict[tuple[str, str, int], list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0, 0.0])
        self.looks: dict[tuple[str, str, str, str], float] = defaultdict(float)
        self.within: list[float] = []
        self.earlier: list[int] = []
        self.seen: dict[str, int] = defaultdict(int)
        self.fill()
        top = layout.top
        first = next((i for i, x in enumerate(blocks) if layout.holds(top, x.box)), 0)
        self.top_start = self.before[first]
        self.top_prose = layout.prose[top.order]

    def fill(self) -> None:
        sums: dict[int, float] = defaultdict(float)
        seen = self.seen
        for x, p in zip(self.blocks, self.prose, strict=True):
            box = x.box
            parent = box.parent or box
            entry = self.groups[box.tag, box.names, parent.order]
            entry[0] += p
            entry[1] += 1
            entry[2] += x.size * x.linked
            entry[3] += x.size
            if p:
                self.looks[box.tag, box.names, parent.tag, parent.names] += p
            self.within.append(sums[parent.order])
            sums[parent.order] += p
            seen[x.text] = many = seen[x.text] + 1
            self.earlier.append(many)

    def row(self, x: TextBlock, i: int) -> tuple[float, ...]:
        layout, before, blocks = self.layout, self.before, self.blocks
        total, n, p = layout.total, len(blocks), self.prose[i]
        box = x.box
        parent = box.parent or box
        group = self.groups[box.tag, box.names, parent.order]
        inner = self.within[i]
        share = self.top_prose / total
        above = min(max(before[i] - self.top_start, 0.0), self.top_prose) / total
        return (
            group[0] / total, group[1], group[2] / group[3], group[3] / group[1],
            self.looks[box.tag, box.names, parent.tag, parent.names] / total,
            inner, layout.prose[parent.order] - inner - p,
            i / n, before[i] / total, i - self.start if self.start >= 0 else -99.0, p, share, above, share - above,
            before[i] - before[max(0, i - 5)], before[min(n, i + 6)] - before[i + 1],
            self.gaps[0][i], self.gaps[1][i], x.media - (blocks[i - 1].media if i else 0),
            self.seen[x.text], self.earlier[i], total, n,
        )  # fmt: skip


def _main_heading(h1: list[int], prose: list[float]) -> int:
    """The h1 that most prose follows; -1 where there is none."""
    if len(h1) < 2:
        return h1[0] if h1 else -1
    ends = [*h1[1:], len(prose)]
    return max(zip(h1, ends, strict=True), key=lambda span: (sum(prose[span[0] : span[1]]), -span[0]))[0]


class _Neighbours:
    """What a block is told of the two before it and the two after it."""

    def __init__(self, blocks: list[TextBlock], prose: list[float], layout: Layout) -> None:
        self.blocks, self.prose, self.layout = blocks, prose, layout
        self.told: dict[int, tuple[float, ...]] = {}

    def row(self, x: TextBlock, i: int) -> list[float]:
        row: list[float] = []
        for j in (i - 1, i - 2, i + 1, i + 2):
            if 0 <= j < len(self.blocks):
                row += self.told.get(j) or self.tell(j)
                row.append(gap(x.box, self.blocks[j].box))
            else:
                row += _NOBODY
        return row

    def tell(self, j: int) -> tuple[float, ...]:
        x = self.blocks[j]
        low, high, *_ = self.layout.weigh(x.box)
        told = self.told[j] = (x.size, x.linked, _TAG_NUMBER.get(x.box.tag, 0.0), self.prose[j], low, high)
        return told


_NOBODY = (0.0,) * len(NEAR)


class _Comparison:
    """How much of a block's words stand in the title, the description, the JSON-LD body and the pictures beside it."""

    def __init__(self, anchors: Anchors, alts: Sequence[str]) -> None:
        self.title = frozenset(_WORD.findall(anchors.title.lower()))
        self.description = frozenset(_WORD.findall(anchors.description.lower()))
        body = _WORD.findall(anchors.article_body.lower())
        self.body = frozenset(pairwise(body)) if len(body) > 30 else frozenset()
        self.authors = [name.lower() for name in anchors.authors if len(name) > 3]
        self.alts = alts

    def shares(self, x: TextBlock) -> tuple[float, ...]:
        """The author, title_share, description_share, body_share, alt_share and credit of a block."""
        if x.words > _FEW_WORDS and not self.body:
            return _UNLIKE
        text = x.text.lower()
        found = _WORD.findall(text)
        n = len(found)
        if not n:
            return _UNLIKE
        body = sum(map(self.body.__contains__, pairwise(found))) / max(n - 1, 1) if self.body else -1.0
        title = sum(map(self.title.__contains__, found)) / max(n, len(self.title)) if self.title else -1.0
        told = sum(map(self.description.__contains__, found)) / n if self.description and n > 3 else -1.0
        author = float(n < 40 and any(name in text for name in self.authors))
        pictured = self.pictured(x, found) if 2 < n < _FEW_WORDS else 0.0
        return (author, title, told, body, pictured, float(n < 70 and ends_in_credit(x.text)))

    def pictured(self, x: TextBlock, found: list[str]) -> float:
        words = _words_of(" ".join(self.alts[max(0, x.media - 2) : x.media + 1]))
        return sum(map(words.__contains__, found)) / len(found) if words else 0.0


_UNLIKE = (0.0, 0.0, -1.0, -1.0, 0.0, 0.0)


@lru_cache(maxsize=256)
def _words_of(beside: str) -> frozenset[str]:
    """The words of pictures' text alternatives, where these say something."""
    return frozenset(_WORD.findall(beside.lower())) if len(beside) >= _TELLING else frozenset()


def _gaps(prose: list[float]) -> tuple[list[float], list[float]]:
    """For each block the number of blocks to the last prose before it and to the next after it, 50 at most."""
    n = len(prose)
    last, behind = -50, []
    for i, p in enumerate(prose):
        behind.append(float(min(i - last, 50)))
        if p:
            last = i
    ahead = [0.0] * n
    coming = n + 50
    for i in range(n - 1, -1, -1):
        ahead[i] = float(min(coming - i, 50))
        if prose[i]:
            coming = i
    return behind, ahead
