"""What the boxes of a page hold, which of them is the article's, and where each stands to that one.

Boxes are numbered in the order in which they open: those inside a box have the numbers that follow its own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from backfile.cleaning import blocks as b
from backfile.cleaning.blocks import Box, PageBlocks, TextBlock
from backfile.cleaning.body.names import name_weights

_BOXES = ("div", "section", "article", "main", "td", "body")
_UNNAMED = (0.0, 0.0, 0.0)
_UNWEIGHED = (0.0, 0.0, 0.0, 0.0, 0.0)

BOX_NAMES = (
    "low", "high", "sum", "own_low", "box_prose", "box_linked", "twins", "top_hops", "top_outside", "low_below",
    "high_below", "branch_share", "branch_linked", "branch_size", "article_number", "same_article",
    "parent_low", "parent_high", "grand_low", "grand_high", "parent_prose", "parent_linked", "parent_density",
    "grand_prose", "grand_linked", "up3_prose", "twins_up", "twins_up2",
)  # fmt: skip
"""What is told of a box: of itself and its place first, then of the boxes around it."""


class Layout:
    """The boxes of a page measured."""

    def __init__(self, page: PageBlocks, prose: Sequence[float]) -> None:
        self.boxes = boxes = page.boxes
        count = len(boxes)
        self.prose, self.size, self.linked = [0.0] * count, [0.0] * count, [0.0] * count
        self.ends = list(range(1, count + 1))
        self.twins: dict[tuple[int, str, str], int] = defaultdict(int)
        self.add_up(page.blocks, prose)
        self.total = sum(prose) or 1.0
        self.weights: list[tuple[float, float, float, float, float] | None] = [None] * count
        self.places: list[tuple[int, float, float, float, float] | None] = [None] * count
        self.rows: dict[int, tuple[float, ...]] = {}
        self.above: dict[int, tuple[float, ...]] = {}
        self.articles: dict[int, float] = {}
        self.top = self.find_top(page.blocks, prose)
        self.main = outer_article(self.top)

    def add_up(self, blocks: Sequence[TextBlock], prose: Sequence[float]) -> None:
        held, size, linked, ends = self.prose, self.size, self.linked, self.ends
        for x, p in zip(blocks, prose, strict=True):
            n = x.box.order
            held[n] += p
            size[n] += x.size
            linked[n] += x.size * x.linked
        for box in reversed(self.boxes):
            parent = box.parent
            n = box.order
            if parent is not None and size[n]:
                up = parent.order
                held[up] += held[n]
                size[up] += size[n]
                linked[up] += linked[n]
                ends[up] = max(ends[up], ends[n])
                self.twins[up, box.tag, box.names] += 1

    def holds(self, outer: Box, inner: Box) -> bool:
        """Whether a box is another one or inside it."""
        return outer.order <= inner.order < self.ends[outer.order]

    def weigh(self, box: Box) -> tuple[float, float, float, float, float]:
        """The least and greatest weight of the names here and above, their faded sum, and those of its own names."""
        known = self.weights
        found = known[box.order]
        if found is not None:
            return found
        chain = [box]
        step = box.parent
        while step is not None and (found := known[step.order]) is None:
            chain.append(step)
            step = step.parent
        least, most, faded, _, _ = found or _UNWEIGHED
        for one in reversed(chain):
            low, high, total = name_weights(one.names) if one.names else _UNNAMED
            least = low if low < least else least
            most = high if high > most else most
            faded = 0.6 * faded + total
            found = known[one.order] = (least, most, faded, low, high)
        return found or _UNWEIGHED

    def find_top(self, blocks: Sequence[TextBlock], prose: Sequence[float]) -> Box:
        """The box that holds the article's prose most closely."""
        scores: dict[int, float] = defaultdict(float)
        for x, p in zip(blocks, prose, strict=True):
            if not p:
                continue
            lean = max(-3.0, min(3.0, self.weigh(x.box)[2]))
            weight = min(p, 600.0) * (1.0 + 0.15 * lean) * (0.2 if x.flags & (b.HIDDEN | b.ASIDE) else 1.0)
            box = x.box if x.box.tag in _BOXES else x.box.parent
            share = 1.0
            while box is not None and share > 0.05:
                scores[box.order] += weight * share
                share *= 0.55
                box = box.parent
        return self.boxes[min(scores, key=lambda n: (-scores[n], n), default=0)]

    def place(self, box: Box) -> tuple[int, float, float, float, float]:
        """Where a box stands to the top box.

        The outermost box around it that does not hold the top, steps up to what holds both and down from there, and the
        weights of the names on the way to the top.
        """
        known, top = self.places, self.top
        chain = []
        step: Box | None = box
        while step is not None and known[step.order] is None:
            chain.append(step)
            step = step.parent
        above = known[step.order] if step is not None else None
        for one in reversed(chain):
            n = one.order
            low = high = 0.0
            if one is not top and one.depth > top.depth - 2:
                _, _, _, low, high = self.weigh(one)
                if above is not None:
                    low = low if low < above[3] else above[3]
                    high = high if high > above[4] else above[4]
            if n <= top.order < self.ends[n]:
                above = (n, 0.0, float(top.depth - one.depth), low, high)
            else:
                assert above is not None  # the root holds the top
                above = (above[0] if above[1] else n, above[1] + 1.0, above[2], low, high)
            known[n] = above
        assert above is not None
        return above

    def row(self, box: Box) -> tuple[float, ...]:
        """What is told of a box, in the order of `BOX_NAMES`."""
        n = box.order
        found = self.rows.get(n)
        if found is None:
            low, high, total, own_low, _ = self.weigh(box)
            branch, up, down, low_below, high_below = self.place(box)
            outer = outer_article(box) if box.flags & b.ARTICLE else None
            number = self.articles.setdefault(outer.order, len(self.articles) + 1.0) if outer is not None else 0.0
            size = self.size
            found = self.rows[n] = (
                low, high, total, own_low, self.prose[n] / self.total, self.linked[n] / size[n], self.twin(box),
                up, down, low_below, high_below,
                self.prose[branch] / self.total, self.linked[branch] / size[branch], size[branch],
                number, float(outer is self.main), *self.around(box.parent or box),
            )  # fmt: skip
        return found

    def around(self, parent: Box) -> tuple[float, ...]:
        """What is told of a box to those right inside it."""
        n = parent.order
        found = self.above.get(n)
        if found is None:
            grand = parent.parent or parent
            third = grand.parent or grand
            _, _, _, low, high = self.weigh(parent)
            _, _, _, grand_low, grand_high = self.weigh(grand)
            prose, size, linked, total = self.prose, self.size, self.linked, self.total
            m = grand.order
            found = self.above[n] = (
                low, high, grand_low, grand_high,
                prose[n] / total, linked[n] / size[n], prose[n] / size[n],
                prose[m] / total, linked[m] / size[m], prose[third.order] / total, self.twin(parent), self.twin(grand),
            )  # fmt: skip
        return found

    def twin(self, box: Box) -> float:
        return float(self.twins[box.parent.order, box.tag, box.names]) if box.parent is not None else 0.0


def outer_article(box: Box | None) -> Box | None:
    """The outermost article element around a box."""
    outer = None
    while box is not None and box.flags & b.ARTICLE:
        if box.tag == "article":
            outer = box
        box = box.parent
    return outer
