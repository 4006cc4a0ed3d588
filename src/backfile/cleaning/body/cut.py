"""The chosen blocks and the media among them as a BeautifulSoup tree: nothing else of the page gets there."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lxml import etree

from backfile.cleaning import blocks as b
from backfile.cleaning.blocks import Box, PageBlocks, TextBlock
from backfile.cleaning.copying import Part, copy_chosen
from backfile.cleaning.figures.frames import picture_frames

_WITH_MEDIA = re.compile(r"caption|credit|legend|copyright|photo|bild|foto|figure|image", re.IGNORECASE)
_CAPTION_SIZE = 600
_FRAME_DEPTH = 6
_HEADER_BLOCKS = 12


def cut(page: PageBlocks, chosen: Sequence[bool], without: frozenset[int] = frozenset()) -> Part:
    """The smallest part of the page with every chosen block, emptied of all others, as a `div`.

    Blocks beside pictures come along, to be read with them, except those in `without`; `drop_beside` takes out what is
    left of them.
    """
    picked = [x for x, yes in zip(page.blocks, chosen, strict=True) if yes]
    if not picked:
        return Part(name="div")
    region = _common(picked)
    first, last = picked[0].index, picked[-1].index
    near = [image for n, image in page.images if first - _HEADER_BLOCKS <= n <= last]
    frames = picture_frames(near, region.element)
    captions = [
        x
        for x in page.blocks[: last + 1 + _closing(page.blocks[last + 1 :], picked)]
        if not (chosen[x.index] or x.index in without)
        and x.box.order >= region.order
        and ((x.index > first and _is_caption(x)) or (frames and _is_framed(x, frames)))
    ]
    slots = {slot for x in (*picked, *captions) for slot in x.slots}
    beside = frozenset(slot for x in captions for slot in x.slots)
    return copy_chosen(region.element, slots, _dropped(page, region, (*picked, *captions)), beside)


def drop_beside(root: Part) -> None:
    """Take out the text that came along with pictures and was not theirs: the article's account tells of it."""
    for text in root.beside:
        if not text.decomposed and text.parent is not None:
            text.extract()


def _closing(after: Sequence[TextBlock], picked: Sequence[TextBlock]) -> int:
    """How many blocks after the last of the text are the words of figures that stand beside its paragraphs."""
    homes = {x.box.parent for x in picked}
    count = 0
    for x in after:
        box: Box | None = x.box if x.flags & b.FIGURE else None
        while box is not None and box.tag != "figure":
            box = box.parent
        if box is None or box.parent not in homes:
            break
        count += 1
    return count


def _is_caption(x: TextBlock) -> bool:
    """Whether a block that is not text belongs to a picture: figures are read later, with the words about them."""
    return (
        bool(x.flags & b.FIGURE or _WITH_MEDIA.search(x.box.names))
        and x.size < _CAPTION_SIZE
        and not x.flags & b.HIDDEN
    )


def _is_framed(x: TextBlock, frames: set[etree._Element]) -> bool:
    """Whether a block stands in the frame of a picture."""
    box: Box | None = x.box
    for _ in range(_FRAME_DEPTH):
        if box is None or x.flags & b.HIDDEN:
            return False
        if box.element in frames:
            return True
        box = box.parent
    return False


def _common(picked: list[TextBlock]) -> Box:
    box = picked[0].box
    for x in picked[1:]:
        other = x.box
        while box is not other:
            if box.depth >= other.depth and box.parent is not None:
                box = box.parent
            elif other.parent is not None:
                other = other.parent
    return box


def _dropped(page: PageBlocks, region: Box, kept: Sequence[TextBlock]) -> set[etree._Element]:
    """Boxes of the region that hold text but nothing that is kept: their pictures go with them."""
    holding: set[int] = set()
    for x in kept:
        box: Box | None = x.box
        while box is not None and box.order not in holding:
            holding.add(box.order)
            box = box.parent
    gone: set[etree._Element] = set()
    for one in page.boxes[region.order + 1 :]:
        if one.depth <= region.depth:
            break
        if one.order not in holding:
            gone.add(one.element)
    return gone
