"""What is measured of each block: numbers that tell an article's text from the page around it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, pairwise

from backfile.cleaning import blocks as b
from backfile.cleaning.blocks import Box, PageBlocks, TextBlock
from backfile.cleaning.body.phrases import ends_in_credit, read_phrases

_ENDS = frozenset(".!?…。！？։؟।»”\"'’)›")
_OPENS = frozenset("«“\"„'‘-–—•*[(")
_DATE = re.compile(r"\b\d{1,2}[./:h]\d{2}|\b(?:19|20)\d\d\b")
_MARKS = re.compile(r"[|·•©@→»›▸▶]")
_SENTENCE = re.compile(r"[.!?…।؟]\s|[。！？]")
_WORD = re.compile(r"\w+")
_DIGIT = re.compile("[0-9]")
_SHORT = 160
_PLAIN = 100
_FAR = 3
_TELLING = 12
_HUGE = 4000
MOST_JUDGED = 2500
"""Blocks of one page that are measured: beyond them, the page says nothing new of how its text looks."""

TAGS = (
    ("p",), ("h1",), ("h2",), ("h3",), ("h4", "h5", "h6"), ("li",), ("td", "th", "tr"), ("div",), ("section",
    "article", "main"),
    ("blockquote",), ("figcaption", "figure"), ("pre",), ("dt", "dd"), ("button",), ("time", "address"), ("header",),
)  # fmt: skip
_TAG_NUMBER = {tag: float(n) for n, tags in enumerate(TAGS, 1) for tag in tags}
_FLAGS = (
    b.NAV, b.ASIDE, b.FOOTER, b.HEADER, b.FORM, b.FIGURE, b.TABLE, b.LIST, b.ARTICLE, b.MAIN, b.QUOTE, b.BODY_PROP,
    b.BUTTON,
    b.HIDDEN, b.LINK,
)  # fmt: skip

NEAR = ("size", "linked", "words", "tag", "prose", "low", "high", "phrase", "gap")
NAMES = (
    "size", "words", "linked", "links", "strong", "ends", "colon", "commas", "sentences", "digits", "upper", "date",
    "marks",
    "word_length", "tag", "caps", "capital_words", "opens", "depth",
    "phrase", "opener", "cue", "since_phrase", "heading_phrase", "since_heading", "author",
    "title_share", "description_share", "body_share", "body_known", "alt_share", "credit",
    "in_nav", "in_aside", "in_footer", "in_header", "in_form", "in_figure", "in_table", "in_list", "in_article",
    "in_main",
    "in_quote", "in_body_prop", "in_button", "hidden", "in_link",
    "low", "high", "sum", "own_low", "own_high", "parent_low", "parent_high", "grand_low", "grand_high", "low_below",
    "high_below",
    "position", "char_position", "after_h1", "since_h1", "prose", "article_number", "articles", "h1_between",
    "same_article",
    "box_prose", "box_linked", "parent_prose", "parent_linked", "parent_density", "grand_prose", "grand_linked",
    "up3_prose",
    "group_prose", "group_count", "group_linked", "group_size", "path_prose", "twins", "twins_up", "twins_up2",
    "branch_share", "branch_linked", "branch_size", "parent_before", "parent_after",
    "top_hops", "top_outside", "top_share", "top_before", "top_after", "in_second",
    "prose_before", "prose_after", "gap_before", "gap_after", "media_before", "media_after", "repeats", "occurrence",
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
    if block.size < 60 or block.linked > 0.5 or block.flags & (b.NAV | b.FOOTER | b.FORM | b.BUTTON):
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
    layout = _Layout(page, prose)
    gaps = _gaps(prose)
    huge = len(blocks) > _HUGE
    asked = [
        x.size >= _PLAIN
        or (not huge and _holds(layout.top, x.box))
        or (gap <= _FAR and not x.flags & (b.NAV | b.FOOTER))
        for x, gap in zip(blocks, map(min, *gaps), strict=True)
    ]
    for i in [i for i, yes in enumerate(asked) if yes][MOST_JUDGED:]:
        asked[i] = False
    say = _Comparison(anchors, page.alts)
    phrases = read_phrases(blocks, [any(asked[max(0, i - 2) : i + 3]) for i in range(len(blocks))])
    place = _Places(blocks, prose, layout.top, gaps)
    rows: list[list[float] | None] = []
    for i, x in enumerate(blocks):
        if asked[i]:
            where, near = place.rows(x, i)
            rows.append(
                [*_own(x), *phrases[i], *say.shares(x), *_boxes(x, layout.top), *where, *layout.row(x, i), *near]
            )
        else:
            layout.skip(x, i)
            rows.append(None)
    blank = [0.0] * len(NEAR)
    told = {}
    for i, row in enumerate(rows):
        if row is None:
            continue
        for j in (i - 1, i - 2, i + 1, i + 2):
            if not 0 <= j < len(rows):
                row.extend(blank)
                continue
            if j not in told:
                told[j] = _beside(blocks[j], prose[j], phrases[j][0])
            row.extend(told[j])
            row.append(_gap(blocks[i].box, blocks[j].box))
    return rows


def _beside(x: TextBlock, prose: float, phrase: float) -> tuple[float, ...]:
    """What a neighbour is told of a block, in the order of `NEAR`, without the gap between them."""
    box = x.box
    return (x.size, x.linked, float(x.words), _TAG_NUMBER.get(box.tag, 0.0), prose, box.low, box.high, phrase)


def _own(x: TextBlock) -> list[float]:
    text, words = x.text, float(x.words)
    n = len(text)
    short = n < _SHORT
    last = text[-1]
    first = text.split(None, 30)[:30]
    return [
        x.size, words, x.linked, float(x.links), x.strong, float(last in _ENDS), float(last in ":："),
        float(text.count(",") + text.count("、") + text.count("，") + text.count("،")),
        float(len(_SENTENCE.findall(text))) if n > 60 else 0.0, _digits(text) / n if short else 0.0,
        float(text[0].isupper()), float(short and _DATE.search(text) is not None),
        float(short and _MARKS.search(text) is not None), n / words, _TAG_NUMBER.get(x.box.tag, 0.0),
        float(text.isupper()),
        sum([w[0].isupper() for w in first]) / len(first), float(text[0] in _OPENS), float(x.box.depth),
    ]  # fmt: skip


def _digits(text: str) -> int:
    return len(_DIGIT.findall(text)) if text.isascii() else sum(map(str.isdigit, text))


def _boxes(x: TextBlock, top: Box) -> list[float]:
    box = x.box
    parent = box.parent or box
    grand = parent.parent or parent
    flags = x.flags
    low = high = 0.0
    step: Box | None = box
    floor = top.depth - 2
    while step is not None and step is not top and step.depth > floor:
        low = min(low, step.own_low)
        high = max(high, step.own_high)
        step = step.parent
    return [
        *[1.0 if flags & flag else 0.0 for flag in _FLAGS],
        box.low, box.high, box.sum, box.own_low, box.own_high, parent.own_low, parent.own_high, grand.own_low,
        grand.own_high,
        low, high,
    ]  # fmt: skip


class _Places:
    """Where blocks stand on the page: the share before them, the headline, the article element, what is near."""

    def __init__(
        self, blocks: list[TextBlock], prose: list[float], top: Box, gaps: tuple[list[float], list[float]]
    ) -> None:
        self.blocks, self.prose, self.gaps = blocks, prose, gaps
        self.before = list(accumulate(prose, initial=0.0))
        self.total = self.before[-1] or 1.0
        headings = [i for i, x in enumerate(blocks) if x.box.tag == "h1"]
        self.start = _main_heading(headings, prose)
        self.others = [i for i in headings if i > self.start]
        self.main = outer_article(top)
        self.numbers: dict[int, int] = {}
        for x in blocks:
            outer = outer_article(x.box) if x.flags & b.ARTICLE else None
            if outer is not None:
                self.numbers.setdefault(outer.order, len(self.numbers) + 1)
        self.seen = Counter([x.text for x in blocks])
        self.met: Counter[str] = Counter()

    def rows(self, x: TextBlock, i: int) -> tuple[list[float], list[float]]:
        """Called for the blocks in order."""
        blocks, before, start, n = self.blocks, self.before, self.start, len(self.blocks)
        outer = outer_article(x.box) if x.flags & b.ARTICLE else None
        self.met[x.text] += 1
        behind = x.media - (blocks[i - 1].media if i else 0)
        ahead = (blocks[i + 1].media if i + 1 < n else x.media) - x.media
        return [
            i / n, before[i] / self.total, float(i > start) if start >= 0 else -1.0,
            float(i - start) if start >= 0 else -99.0,
            self.prose[i], float(self.numbers[outer.order]) if outer is not None else 0.0, float(len(self.numbers)),
            float(bisect_right(self.others, i)), float(outer is self.main),
        ], [
            before[i] - before[max(0, i - 5)], before[min(n, i + 6)] - before[i + 1], self.gaps[0][i], self.gaps[1][i],
            float(behind), float(ahead), float(self.seen[x.text]), float(self.met[x.text]), self.total, float(n),
        ]  # fmt: skip


def outer_article(box: Box | None) -> Box | None:
    """The outermost article element around a box."""
    outer = None
    while box is not None and box.flags & b.ARTICLE:
        if box.tag == "article":
            outer = box
        box = box.parent
    return outer


def _main_heading(h1: list[int], prose: list[float]) -> int:
    """The h1 that most prose follows; -1 where there is none."""
    if len(h1) < 2:
        return h1[0] if h1 else -1
    ends = [*h1[1:], len(prose)]
    return max(zip(h1, ends, strict=True), key=lambda span: (sum(prose[span[0] : span[1]]), -span[0]))[0]


class _Comparison:
    """How much of a block's words stand in the title, the description, the JSON-LD body and the pictures beside it."""

    def __init__(self, anchors: Anchors, alts: Sequence[str]) -> None:
        self.title = frozenset(_WORD.findall(anchors.title.lower()))
        self.description = frozenset(_WORD.findall(anchors.description.lower()))
        body = _WORD.findall(anchors.article_body.lower())
        self.body = frozenset(pairwise(body))
        self.known = float(min(len(body), 1000))
        self.authors = [name.lower() for name in anchors.authors if len(name) > 3]
        self.alts = alts

    def shares(self, x: TextBlock) -> list[float]:
        if x.words > 90 and not self.body:
            return [0.0, 0.0, 0.0, -1.0, self.known, 0.0, 0.0]
        text = x.text.lower()
        found = _WORD.findall(text)
        n = len(found)
        if not n:
            return [0.0, 0.0, -1.0, -1.0, self.known, 0.0, 0.0]
        author = float(n < 40 and any(name in text for name in self.authors))
        title = sum([w in self.title for w in found]) / max(n, len(self.title)) if self.title else -1.0
        told = sum([w in self.description for w in found]) / n if self.description and n > 3 else -1.0
        body = -1.0
        if self.known > 30:
            body = sum([pair in self.body for pair in pairwise(found)]) / max(n - 1, 1)
        pictured = self.pictured(x, found) if 2 < n < 90 else 0.0
        return [author, title, told, body, self.known, pictured, float(n < 70 and ends_in_credit(x.text))]

    def pictured(self, x: TextBlock, found: list[str]) -> float:
        words = _words_of(" ".join(self.alts[max(0, x.media - 2) : x.media + 1]))
        if not words:
            return 0.0
        return sum([w in words for w in found]) / len(found)


@lru_cache(maxsize=256)
def _words_of(beside: str) -> frozenset[str]:
    """The words of pictures' text alternatives, where these say something."""
    return frozenset(_WORD.findall(beside.lower())) if len(beside) >= _TELLING else frozenset()


class _Layout:
    """What the boxes of a page hold, and which of them is the article's."""

    def __init__(self, page: PageBlocks, prose: list[float]) -> None:
        self.blocks = blocks = page.blocks
        self.total = sum(prose) or 1.0
        self.prose = prose
        _add_up(page, prose)
        self.groups: dict[tuple[str, str, int], list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0, 0.0])
        self.looks: dict[tuple[str, str, str, str], float] = defaultdict(float)
        self.twins: dict[tuple[int, str, str], int] = defaultdict(int)
        for box in page.boxes:
            if box.size and box.parent is not None:
                self.twins[box.parent.order, box.tag, box.names] += 1
        self.fill()
        self.top, self.second = _top_boxes(blocks, prose)
        self.within_parent: dict[int, float] = defaultdict(float)
        self.within_top = 0.0

    def fill(self) -> None:
        for x, p in zip(self.blocks, self.prose, strict=True):
            parent = x.box.parent or x.box
            entry = self.groups[x.box.tag, x.box.names, parent.order]
            entry[0] += p
            entry[1] += 1
            entry[2] += x.size * x.linked
            entry[3] += x.size
            self.looks[x.box.tag, x.box.names, parent.tag, parent.names] += p

    def row(self, x: TextBlock, i: int) -> list[float]:
        """Called for the blocks in order."""
        total = self.total
        box = x.box
        parent = box.parent or box
        grand = parent.parent or parent
        third = grand.parent or grand
        group = self.groups[box.tag, box.names, parent.order]
        branch, up, down = _branch(box, self.top)
        before, p = self.within_parent[parent.order], self.prose[i]
        self.within_parent[parent.order] = before + p
        top_before = self.within_top
        if not down:
            self.within_top += p
        return [
            box.prose / total, box.linked / box.size, parent.prose / total, parent.linked / parent.size,
            parent.prose / parent.size, grand.prose / total, grand.linked / grand.size, third.prose / total,
            group[0] / total, group[1], group[2] / group[3], group[3] / group[1],
            self.looks[box.tag, box.names, parent.tag, parent.names] / total,
            self.twin(box), self.twin(parent), self.twin(grand),
            branch.prose / total, branch.linked / branch.size, branch.size, before, parent.prose - before - p,
            up, down, self.top.prose / total, top_before / total, (self.top.prose - self.within_top) / total,
            float(self.second is not self.top and _holds(self.second, box)),
        ]  # fmt: skip

    def skip(self, x: TextBlock, i: int) -> list[float]:
        """In place of `row` for a block that none is wanted of."""
        self.within_parent[(x.box.parent or x.box).order] += self.prose[i]
        return []

    def twin(self, box: Box) -> float:
        return float(self.twins[box.parent.order, box.tag, box.names]) if box.parent is not None else 0.0


def _add_up(page: PageBlocks, prose: list[float]) -> None:
    for x, p in zip(page.blocks, prose, strict=True):
        box = x.box
        box.prose += p
        box.size += x.size
        box.linked += x.size * x.linked
    for box in reversed(page.boxes):
        parent = box.parent
        if parent is not None and box.size:
            parent.prose += box.prose
            parent.size += box.size
            parent.linked += box.linked


def _top_boxes(blocks: list[TextBlock], prose: list[float]) -> tuple[Box, Box]:
    """The box that holds the article's prose most closely, and the next best that does not overlap with it."""
    scores: dict[int, float] = defaultdict(float)
    found: dict[int, Box] = {}
    for x, p in zip(blocks, prose, strict=True):
        if not p:
            continue
        weight = (
            min(p, 600.0)
            * (1.0 + 0.15 * max(-3.0, min(3.0, x.box.sum)))
            * (0.2 if x.flags & (b.HIDDEN | b.ASIDE) else 1.0)
        )
        box: Box | None = x.box if x.box.tag in ("div", "section", "article", "main", "td", "body") else x.box.parent
        share = 1.0
        while box is not None and share > 0.05:
            scores[box.order] += weight * share
            found[box.order] = box
            share *= 0.55
            box = box.parent
    if not scores:
        root = blocks[0].box
        while root.parent is not None:
            root = root.parent
        return root, root
    ranked = sorted(scores, key=lambda k: (-scores[k], k))
    top = found[ranked[0]]
    for order in ranked[1:]:
        other = found[order]
        if not _holds(top, other) and not _holds(other, top):
            return top, other
    return top, top


def _holds(outer: Box, inner: Box | None) -> bool:
    while inner is not None and inner.depth >= outer.depth:
        if inner is outer:
            return True
        inner = inner.parent
    return False


def _branch(box: Box, top: Box) -> tuple[Box, float, float]:
    """The outermost box around `box` that does not hold `top`; steps up to what holds both, and down from there."""
    branch, here, there = box, box, top
    up = down = 0
    while here is not there:
        if here.depth >= there.depth and here.parent is not None:
            branch = here
            here = here.parent
            up += 1
        elif there.parent is not None:
            there = there.parent
            down += 1
    return branch, float(up), float(down)


def _gap(one: Box, other: Box) -> float:
    """Steps from one box to the other over what holds both."""
    if one is other:
        return 0.0
    if one.parent is other.parent:
        return 2.0
    steps = 0
    while one is not other:
        if one.depth >= other.depth and one.parent is not None:
            one = one.parent
        elif other.parent is not None:
            other = other.parent
        steps += 1
    return float(steps)


def _gaps(prose: list[float]) -> tuple[list[float], list[float]]:
    """For each block the number of blocks to the last prose before it and to the next after it, 50 at most."""
    n = len(prose)
    last, behind = -50, []
    for i in range(n):
        behind.append(float(min(i - last, 50)))
        if prose[i]:
            last = i
    ahead = [0.0] * n
    coming = n + 50
    for i in range(n - 1, -1, -1):
        ahead[i] = float(min(coming - i, 50))
        if prose[i]:
            coming = i
    return behind, ahead
