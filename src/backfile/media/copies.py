"""The copies of each picture that a page offers: a saved page has one of them, and seldom the one it names first."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

from lxml import etree

from backfile.cleaning.convert.links import picture_address
from backfile.cleaning.figures.sources import all_sources
from backfile.cleaning.page import parse_page
from backfile.model import Capture

_COPIES = 40


class Copy(NamedTuple):
    """One copy of a picture: its address as the page writes it, and absolute."""

    written: str
    address: str


def copies_of(capture: Capture, base_url: str, wanted: Collection[str]) -> Mapping[str, tuple[Copy, ...]]:
    """For each wanted absolute address the copies of its picture, the best first; itself first where it is alone."""
    found: dict[str, tuple[Copy, ...]] = {}
    if capture.media_type == "text/html" and wanted:
        for image in parse_page(capture.data, capture.charset).tree.iter("img", "amp-img"):
            written = dict.fromkeys(all_sources(_attributes(each) for each in _beside(image)))
            copies = tuple(Copy(each, picture_address(each, base_url)) for each in list(written)[:_COPIES])
            for copy in copies:
                if copy.address in wanted:
                    found.setdefault(copy.address, copies)
    return {url: found.get(url, (Copy(url, url),)) for url in wanted}


def _beside(image: etree._Element) -> list[etree._Element]:
    parent = image.getparent()
    while parent is not None and parent.tag == "source":  # to the parser, what follows a `source` stands in it
        parent = parent.getparent()
    return [image, *(parent.iter("source") if parent is not None and parent.tag == "picture" else ())]


def _attributes(element: etree._Element) -> dict[str, str]:
    return {str(name): str(value) for name, value in element.attrib.items()}
