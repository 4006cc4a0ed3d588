"""XML from outside: no entities, no network, no files; damage is repaired as far as it goes."""

from __future__ import annotations

import re

from lxml import etree

from backfile.report import ReadError

_ENTITY = re.compile(rb"<!ENTITY", re.I)


def parse_xml(data: bytes) -> etree._Element:
    """The root of an XML document. Raises ReadError for one that defines entities, and for what is no XML at all."""
    head = data[:64_000].replace(b"\0", b"")
    if _ENTITY.search(head):
        raise ReadError("defines XML entities, which no export does and which can be used to do harm")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=True, recover=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ReadError("is damaged XML. Export it again") from error
    if root is None:
        raise ReadError("is damaged XML. Export it again")
    return root


def local_name(element: etree._Element) -> str:
    """An element's name without its namespace; empty for comments and instructions."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def child_text(element: etree._Element, *names: str) -> str:
    """The text of the first child with one of these names, in the order of the names."""
    for name in names:
        for child in element:
            if local_name(child) == name and (text := "".join(str(t) for t in child.itertext()).strip()):
                return text
    return ""


def children(element: etree._Element, name: str) -> list[etree._Element]:
    """The children with a name."""
    return [child for child in element if local_name(child) == name]
