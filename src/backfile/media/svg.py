"""Drawings (SVG) that can do nothing but be seen: an allow-list of elements and attributes, nothing from outside."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from lxml import etree

SVG = "http://www.w3.org/2000/svg"
_LIMIT = 2 << 20
_NODES = 20_000
_SIDE = 20_000
_START = re.compile(rb"\A(?:\xef\xbb\xbf)?\s{0,200}(?:<\?xml[^>]{0,200}>\s{0,200})?"
                    rb"(?:<!--(?:[^-]|-(?!->)){0,2000}-->\s{0,200}){0,3}"
                    rb"(?:<!DOCTYPE svg[^>\[]{0,300}>\s{0,200})?<svg[\s>]", re.I)  # fmt: skip
_NUMBER = re.compile(r"\s*(\d{1,6}(?:\.\d{1,6})?)(?:px)?\s*")
_PROPERTY = re.compile(r"\s*([a-z-]{1,40})\s*:\s*([^;]{1,1000})")
_OUTSIDE = re.compile(r"url\(\s*['\"]?(?!#)|expression|javascript:|@import|\\|/\*", re.I)


@dataclass(frozen=True, kw_only=True, slots=True)
class Drawing:
    """A safe drawing with its size in pixels."""

    data: bytes
    width: int
    height: int


def looks_like_svg(data: bytes) -> bool:
    """True where the first bytes are those of a drawing."""
    return bool(_START.match(data[:4096]))


def clean_svg(data: bytes) -> Drawing | None:
    """A drawing without scripts, styles, links, pictures and references to outside; None where it cannot be one."""
    if len(data) > _LIMIT:
        return None
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    size = _size(root)
    if size is None or sum(1 for _ in root.iter()) > _NODES:
        return None
    for link in list(root.iter(f"{{{SVG}}}a")):
        link.tag = f"{{{SVG}}}g"
    for node in list(root.iter()):
        if node is not root and not _is_allowed(node):
            _drop(node)
        else:
            _keep_safe(node)
    root.set("width", str(size[0]))
    root.set("height", str(size[1]))
    return Drawing(data=etree.tostring(root, encoding="utf-8"), width=size[0], height=size[1])


def _is_allowed(node: etree._Element) -> bool:
    name = _name(node)
    if name == "use" and any(_name(outer) in _data()["referred"] or _has_id(outer) for outer in (node, *_above(node))):
        return False
    return name in _data()["elements"]


def _above(node: etree._Element) -> list[etree._Element]:
    return list(node.iterancestors())[:-1]


def _has_id(node: etree._Element) -> bool:
    return node.get("id") is not None


def _name(node: etree._Element) -> str:
    """Its name without the namespace; empty for comments and for elements that are not a drawing's."""
    space, _, name = str(node.tag).rpartition("}")
    return name if space in ("", f"{{{SVG}") else ""


def _drop(node: etree._Element) -> None:
    parent = node.getparent()
    if parent is None:
        return
    before = node.getprevious()
    if node.tail and before is not None:
        before.tail = (before.tail or "") + node.tail
    elif node.tail:
        parent.text = (parent.text or "") + node.tail
    parent.remove(node)


def _keep_safe(node: etree._Element) -> None:
    for key, value in list(node.attrib.items()):
        name = str(key)
        local = name.rpartition("}")[2]
        if local == "href" and _name(node) in _data()["referring"]:
            safe = str(value).startswith("#")
        elif name == "style":
            del node.attrib[key]
            _style(node, str(value))
            continue
        else:
            safe = name in _data()["attributes"] and not _OUTSIDE.search(str(value))
        if not safe:
            del node.attrib[key]


def _style(node: etree._Element, style: str) -> None:
    """Properties of a style that are attributes, too."""
    for name, value in _PROPERTY.findall(style[:20_000]):
        if name in _data()["attributes"] and not _OUTSIDE.search(value):
            node.set(name, value.replace("!important", "").strip())


def _size(root: etree._Element) -> tuple[int, int] | None:
    if _name(root) != "svg":
        return None
    found = [_NUMBER.fullmatch(str(root.get(side, ""))) for side in ("width", "height")]
    if found[0] and found[1]:
        sides = [float(found[0][1]), float(found[1][1])]
    else:
        box = str(root.get("viewBox", "")).replace(",", " ").split()[:4]
        try:
            sides = [abs(float(side)) for side in box[2:]] if len(box) == 4 else []
        except ValueError:
            return None
    if len(sides) != 2 or not all(1 <= side <= _SIDE for side in sides):
        return None
    return round(sides[0]), round(sides[1])


@cache
def _data() -> dict[str, frozenset[str]]:
    found = tomllib.loads(files("backfile.media").joinpath("svg.toml").read_text("utf-8"))
    return {key: frozenset(names) for key, names in found.items()}
