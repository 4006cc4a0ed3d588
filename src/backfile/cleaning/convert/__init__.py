"""The cleaned part of a page into the blocks of an article: HTML → nodes (`read`) → CommonMark and text (`write`)."""

from __future__ import annotations

from collections.abc import Sequence

from bs4 import Tag

from backfile.cleaning.convert.nodes import Heading, Node
from backfile.cleaning.convert.read import read
from backfile.cleaning.convert.write import blocks
from backfile.model import Block

__all__ = ["to_blocks"]


def to_blocks(root: Tag, base_url: str) -> tuple[Block, ...]:
    """The contents of `root` as blocks, in order; links are made absolute against `base_url`.

    Headings keep their relative levels and start at 2, below the article's own.
    """
    return blocks(_below_title(read(root, base_url)))


def _below_title(nodes: Sequence[Node]) -> list[Node]:
    shift = 2 - min((node.level for node in nodes if isinstance(node, Heading)), default=2)
    return [Heading(min(node.level + shift, 6), node.runs) if isinstance(node, Heading) else node for node in nodes]
