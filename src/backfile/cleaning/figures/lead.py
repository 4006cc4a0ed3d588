"""The pictures of an article that stand outside its body: in its header, or only in the page's head."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import cast

from lxml import etree

from backfile.cleaning.blocks import IMAGES, PageBlocks, TextBlock
from backfile.cleaning.copying import copy_whole
from backfile.cleaning.figures.frames import attributes_of, names_of, visible_text
from backfile.cleaning.figures.names import told
from backfile.cleaning.figures.sources import best_source, file_name, is_wide, loose_picture_key, same_picture_key
from backfile.cleaning.figures.take import take_figures
from backfile.model import Figure

_LEVELS = 6
_DEEP = 40
_TEXT = 900
_PICTURES = 40
_LINK_TEXT = 20
_SMALL = 200

_PROBE = re.compile(r"[a-z0-9]{3,}")


def lead_figure(
    page: PageBlocks, first: TextBlock | None, figures: Sequence[Figure], lead_url: str, base_url: str
) -> tuple[Figure, ...]:
    """The pictures that stand in the article's header, in order, the lead picture marked.

    `first` is the block with which the body's text begins, `figures` what was found in the body, `lead_url` the picture
    that the page's head names: it is given as a figure where the page shows it, or shows no other.
    """
    known = {same_picture_key(figure.url) for figure in figures}
    key = (loose_picture_key(lead_url) or same_picture_key(lead_url)) if lead_url else ""
    if key in known or any(key == loose_picture_key(figure.url) for figure in figures):
        key = ""
    frames = [_frame(image) for image in _header_pictures(page, first, key, base_url)] if first is not None else []
    found = [figure for figure in _read(frames, base_url, lead_url) if same_picture_key(figure.url) not in known]
    if not found and not figures and lead_url and not told(file_name(lead_url), "file"):
        found = [Figure(url=lead_url)]
    if found and not any(figure.lead for figure in (*found, *figures)):
        found[0] = replace(found[0], lead=True)
    return tuple(found)


def _header_pictures(page: PageBlocks, first: TextBlock, key: str, base_url: str) -> list[etree._Element]:
    """The pictures between the start of the article and its text; else the first of the page that is the lead."""
    scope = _scope(first.slots[0][0])
    header: list[etree._Element] = []
    named: list[etree._Element] = []
    probe = max(_PROBE.findall(key), key=len, default="")
    inner = set(scope.iter(*IMAGES)) if scope is not None else set()
    for n, image in page.images:
        alike = bool(probe) and probe in "\n".join(cast("list[str]", image.values())).casefold()
        inside = n <= first.index and image in inner
        url = best_source(_copies(image), base_url) if alike or inside else ""
        if url and key and key in (same_picture_key(url), loose_picture_key(url)):
            named.append(image)
        if inside and url and _is_own(image, url, scope):
            header.append(image)
    if not any(image in header for image in named):
        header = named[:1] + header
    return header[:_PICTURES]


def _scope(first: etree._Element) -> etree._Element | None:
    """The part of the page that holds the article with its headline."""
    for n, parent in enumerate(first.iterancestors()):
        if n > _DEEP or parent.tag == "body":
            break
        if parent.tag == "article" or next(parent.iter("h1"), None) is not None:
            return parent
    return None


def _is_own(image: etree._Element, url: str, scope: etree._Element | None) -> bool:
    if told(file_name(url), "file") or _is_small(image):
        return False
    figure = False
    for n, parent in enumerate(image.iterancestors()):
        names = names_of(parent)
        if parent is scope or n > _DEEP:
            break
        if parent.tag in ("aside", "nav", "footer") or (n < 4 and told(names, "decoration")):
            return False
        if parent.tag != "figure" and told(names, "other"):
            return False
        if parent.tag == "a" and parent.get("href") and len(visible_text(parent, _LINK_TEXT)) > _LINK_TEXT:
            return False
        figure = figure or parent.tag in ("figure", "picture") or told(names, "frame")
    return figure or is_wide(attributes_of(image))


def _is_small(image: etree._Element) -> bool:
    sizes = (str(image.get("width", "")), str(image.get("height", "")))
    return any(size.isascii() and size.isdigit() and int(size[:6]) < _SMALL for size in sizes)


def _copies(image: etree._Element) -> Iterator[dict[str, str]]:
    yield attributes_of(image)
    parent = image.getparent()
    while parent is not None and parent.tag == "source":  # to the parser, what follows a `source` stands in it
        parent = parent.getparent()
    if parent is not None and parent.tag == "picture":
        for source in parent.iter("source"):
            yield attributes_of(source)


def _frame(image: etree._Element) -> etree._Element:
    """The largest element around a picture that holds this picture and little text."""
    around = image
    levels = 0
    for parent in image.iterancestors():
        levels += parent.tag not in ("source", "picture", "figure")
        if levels > _LEVELS or next(islice(parent.iter(*IMAGES), 2, None), None) is not None:
            break
        if next(parent.iter("h1"), None) is not None:
            break
        if len(visible_text(parent, _TEXT)) > _TEXT:
            break
        around = parent
    return around


def _read(frames: Sequence[etree._Element], base_url: str, lead_url: str) -> tuple[Figure, ...]:
    """The pictures in these parts of the page with their captions and credits."""
    if not frames:
        return ()
    return take_figures(copy_whole(list(dict.fromkeys(frames))), base_url, lead_url).figures
