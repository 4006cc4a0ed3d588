"""What is measured of each block: numbers that tell an article's text from the page around it."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass

from backfile.clean import blocks as b
from backfile.clean.blocks import Box, PageBlocks, TextBlock

_ENDS = frozenset(".!?…。！？։؟।»”\"'’)›")
_OPENS_UP = re.compile(r"[:：]\s*$")
_DATE = re.compile(r"\b\d{1,2}[./:h]\d{2}|\b(?:19|20)\d\d\b")
_MARKS = re.compile(r"[|·•©@→»›▸▶]")
_SENTENCE = re.compile(r"[.!?…。！？।؟]\s|[。！？।]")
_WORD = re.compile(r"\w+")

TAGS = (
    ("p",), ("h1",), ("h2",), ("h3",), ("h4", "h5", "h6"), ("li",), ("td", "th", "tr"), ("div",), ("section", "article", "main"),
    ("blockquote",), ("figcaption", "figure"), ("pre",), ("dt", "dd"), ("button",), ("time", "address"), ("header",),
)  # fmt: skip
_TAG_NUMBER = {tag: n for n, tags in enumerate(TAGS, 1) for tag in tags}


@dataclass(frozen=True, kw_only=True, slots=True)
class Anchors:
    """What the page's head says of the article: texts to compare blocks with."""

    title: str = ""
    description: str = ""
    article_body: str = ""


NEAR = ("size", "linked", "words", "tag", "prose", "low", "high", "gap")

NAMES = (
    "size", "words", "linked", "links", "strong", "ends", "colon", "commas", "sentences", "digits", "upper", "date", "marks",
    "word_length", "tag", "caps", "depth",
    "in_nav", "in_aside", "in_footer", "in_header", "in_form", "in_figure", "in_table", "in_list", "in_article", "in_main",
    "in_quote", "in_body_prop", "in_button", "hidden", "in_link",
    "low", "high", "sum", "own_low", "own_high", "parent_low", "parent_high",
    "position", "char_position", "after_h1", "since_h1", "title_share", "description_share", "body_share", "has_body",
    "prose", "article_number", "articles",
    "box_prose", "box_linked", "parent_prose", "parent_linked", "parent_density", "grand_prose", "grand_linked", "up3_prose",
    "group_prose", "group_count", "group_linked", "group_size", "path_prose",
    "top_hops", "top_outside", "top_share", "top_before", "top_after", "in_second",
    "prose_before", "prose_after", "gap_before", "gap_after", "media_before", "media_after", "repeats", "page_prose", "page_blocks",
    *(f"{side}{n}_{what}" for side in ("prev", "next") for n in (1, 2) for what in NEAR),
)  # fmt: skip


def is_prose(block: TextBlock) -> float:
    """How much running text a block plainly is: its size where it looks like sentences, else 0."""
    if block.size < 60 or block.linked > 0.5 or block.flags & (b.NAV | b.FOOTER | b.FORM | b.BUTTON):
        return 0.0
    if len(block.words) < 8 and block.size < 140:
        return 0.0
    return block.size * (1.0 - block.linked)


def block_features(page: PageBlocks, anchors: Anchors) -> list[list[float]]:
    """One row of numbers for each block, in the order of `NAMES`."""
    blocks = page.blocks
    if not blocks:
        return []
    prose = [is_prose(x) for x in blocks]
    total = sum(prose) or 1.0
    _add_up(blocks, prose)
    groups, paths = _groups(blocks, prose)
    top, second = _top_boxes(blocks, prose)
    context = _context(page, prose, top, second)
    say = _Comparison(anchors)
    before = _running(prose)
    near = _nearness(blocks, prose)
    seen: dict[str, int] = defaultdict(int)
    for x in blocks:
        seen[x.text] += 1
    rows: list[list[float]] = []
    own: list[list[float]] = []
    for i, x in enumerate(blocks):
        row = _own(x)
        row += [*_boxes(x), *context[i]]
        box = x.box
        parent = box.parent or box
        grand = parent.parent or parent
        third = grand.parent or grand
        row[40:40] = [before[i] / total]
        row[43:43] = say.shares(x)
        group = groups[_key(box)]
        row += [
            box.prose / total, box.linked / (box.size or 1), parent.prose / total, parent.linked / (parent.size or 1),
            parent.prose / (parent.size or 1), grand.prose / total, grand.linked / (grand.size or 1), third.prose / total,
            group[0] / total, group[1], group[2] / group[3], group[3] / group[1], paths[_path(box)] / total,
        ]  # fmt: skip
        row += _top(x, i, top, second, total)
        row += near[i]
        row += [float(seen[x.text]), total, float(len(blocks))]
        rows.append(row)
        own.append([
            x.size, x.linked, float(len(x.words)), float(_TAG_NUMBER.get(box.tag, 0)), prose[i], box.low, box.high, 0.0,
        ])  # fmt: skip
    blank = [0.0] * len(NEAR)
    for i, row in enumerate(rows):
        for step in (-1, -2, 1, 2):
            j = i + step
            if 0 <= j < len(rows):
                other = own[j]
                other[7] = _gap(blocks[i].box, blocks[j].box)
                row += other
            else:
                row += blank
    return rows


def _own(x: TextBlock) -> list[float]:
    text, words = x.text, x.words
    n = len(text)
    last = text[-1]
    digits = sum(map(str.isdigit, text)) if n < 200 else 0
    return [
        x.size, float(len(words)), x.linked, float(x.links), x.strong, float(last in _ENDS), float(last in ":："),
        float(text.count(",") + text.count("、") + text.count("，") + text.count("،")),
        float(len(_SENTENCE.findall(text))) if n > 60 else 0.0, digits / n, float(text[0].isupper()),
        float(n < 160 and _DATE.search(text) is not None), float(n < 160 and _MARKS.search(text) is not None),
        n / len(words), float(_TAG_NUMBER.get(x.box.tag, 0)), float(text.isupper()), float(x.box.depth),
    ]  # fmt: skip


_FLAG_ORDER = (
    b.NAV, b.ASIDE, b.FOOTER, b.HEADER, b.FORM, b.FIGURE, b.TABLE, b.LIST, b.ARTICLE, b.MAIN, b.QUOTE, b.BODY_PROP, b.BUTTON,
    b.HIDDEN, b.LINK,
)  # fmt: skip


def _boxes(x: TextBlock) -> list[float]:
    box = x.box
    parent = box.parent or box
    flags = x.flags
    return [
        *(1.0 if flags & flag else 0.0 for flag in _FLAG_ORDER),
        box.low, box.high, box.sum, box.own_low, box.own_high, parent.own_low, parent.own_high,
    ]  # fmt: skip


def _context(page: PageBlocks, prose: list[float], top: Box, second: Box) -> list[list[float]]:
    """Place on the page: share of blocks before, the headline, the article element."""
    blocks = page.blocks
    count = len(blocks)
    h1 = [i for i, x in enumerate(blocks) if x.box.tag == "h1"]
    start = _main_heading(h1, prose)
    numbers: dict[int, int] = {}
    rows = []
    for i, x in enumerate(blocks):
        number = 0
        if x.flags & b.ARTICLE:
            box: Box | None = x.box
            outer = None
            while box is not None and box.flags & b.ARTICLE:
                if box.tag == "article":
                    outer = box
                box = box.parent
            if outer is not None:
                number = numbers.setdefault(outer.order, len(numbers) + 1)
        rows.append([i / count, float(i > start) if start >= 0 else -1.0, float(i - start) if start >= 0 else -99.0, prose[i], float(number)])
    return [[*row, float(len(numbers))] for row in rows]


def _main_heading(h1: list[int], prose: list[float]) -> int:
    if not h1:
        return -1
    if len(h1) == 1:
        return h1[0]
    best = max(range(len(h1)), key=lambda k: (sum(prose[h1[k] : h1[k + 1] if k + 1 < len(h1) else len(prose)]), -k))
    return h1[best]


class _Comparison:
    """How much of a block's words stand in the title, the description and the JSON-LD body."""

    def __init__(self, anchors: Anchors) -> None:
        self.title = frozenset(_WORD.findall(anchors.title.lower()))
        self.description = frozenset(_WORD.findall(anchors.description.lower()))
        body = _WORD.findall(anchors.article_body.lower())
        self.body = frozenset(zip(body, body[1:], strict=False))
        self.known = min(len(body), 1000.0)

    def shares(self, x: TextBlock) -> list[float]:
        found = _WORD.findall(x.text.lower()) if (len(x.words) < 90 or self.body) else []
        if not found:
            return [0.0, 0.0, -1.0, self.known]
        n = len(found)
        title = sum(w in self.title for w in found) / max(n, len(self.title)) if self.title else -1.0
        told = sum(w in self.description for w in found) / n if self.description and n > 3 else -1.0
        if self.known > 30:
            body = sum(pair in self.body for pair in zip(found, found[1:], strict=False)) / max(n - 1, 1)
        else:
            body = -1.0
        return [title, told, body, self.known]


def _add_up(blocks: list[TextBlock], prose: list[float]) -> None:
    for x, p in zip(blocks, prose, strict=True):
        size, linked = x.size, x.size * x.linked
        box: Box | None = x.box
        while box is not None:
            box.prose += p
            box.size += size
            box.linked += linked
            box = box.parent


def _key(box: Box) -> tuple[str, str, str, str]:
    parent = box.parent or box
    return (box.tag, box.names, parent.tag, parent.names)


def _path(box: Box) -> int:
    return (box.parent or box).order


def _groups(blocks: list[TextBlock], prose: list[float]) -> tuple[dict[tuple[str, str, str, str], list[float]], dict[int, float]]:
    groups: dict[tuple[str, str, str, str], list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0, 0.0])
    paths: dict[int, float] = defaultdict(float)
    for x, p in zip(blocks, prose, strict=True):
        entry = groups[_key(x.box)]
        entry[0] += p
        entry[1] += 1
        entry[2] += x.size * x.linked
        entry[3] += x.size
        paths[_path(x.box)] += p
    return groups, paths


def _top_boxes(blocks: list[TextBlock], prose: list[float]) -> tuple[Box, Box]:
    """The box that holds the article's prose most closely, and the next best that does not overlap with it."""
    scores: dict[int, float] = defaultdict(float)
    found: dict[int, Box] = {}
    for x, p in zip(blocks, prose, strict=True):
        if not p:
            continue
        weight = min(p, 600.0) * (1.0 + 0.15 * max(-3.0, min(3.0, x.box.sum))) * (0.2 if x.flags & (b.HIDDEN | b.ASIDE) else 1.0)
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


def _top(x: TextBlock, i: int, top: Box, second: Box, total: float) -> list[float]:
    hops, outside = _hops(x.box, top)
    return [
        float(hops), float(outside), top.prose / total, float(x.box.order < top.order), 0.0,
        float(second is not top and _holds(second, x.box)),
    ]  # fmt: skip


def _hops(box: Box, top: Box) -> tuple[int, int]:
    """Steps from the box up to the common ancestor with `top`, and from there down to `top`."""
    a, c = box, top
    up = down = 0
    while a is not c:
        if a.depth >= c.depth and a.parent is not None:
            a = a.parent
            up += 1
        elif c.parent is not None:
            c = c.parent
            down += 1
        else:
            break
    return up, down


def _gap(one: Box, other: Box) -> float:
    up, down = _hops(one, other)
    return float(up + down)


def _running(prose: list[float]) -> list[float]:
    out, total = [], 0.0
    for p in prose:
        out.append(total)
        total += p
    return out


def _nearness(blocks: list[TextBlock], prose: list[float]) -> list[list[float]]:
    """Prose within five blocks on each side, blocks to the next prose on each side, pictures on each side."""
    n = len(blocks)
    last, gap_before = -50, []
    for i in range(n):
        gap_before.append(float(min(i - last, 50)))
        if prose[i]:
            last = i
    gap_after = [0.0] * n
    coming = n + 50
    for i in range(n - 1, -1, -1):
        gap_after[i] = float(min(coming - i, 50))
        if prose[i]:
            coming = i
    rows = []
    for i, x in enumerate(blocks):
        behind = x.media - (blocks[i - 1].media if i else 0)
        ahead = (blocks[i + 1].media if i + 1 < n else x.media) - x.media
        rows.append([
            sum(prose[max(0, i - 5) : i]), sum(prose[i + 1 : i + 6]), gap_before[i], gap_after[i], float(behind), float(ahead),
        ])  # fmt: skip
    return rows
