"""Nodes into CommonMark (and pipe tables) and into plain text.

The forms are those that CommonMark and Python-Markdown read alike: list markers four columns wide, indented code, two
blanks for a line break, no nesting deeper than the reader of the HTML allows.
"""

from __future__ import annotations

from collections.abc import Sequence

from backfile.cleaning.convert.inline import cell, line, lines, plain
from backfile.cleaning.convert.nodes import Code, Embed, Heading, List, Node, Paragraph, Picture, Quote, Rule, Table
from backfile.commonmark import escape_text, image, link
from backfile.model import Block, BlockKind

_KINDS: dict[type[Node], BlockKind] = {
    Paragraph: "paragraph",
    Heading: "heading",
    Quote: "quote",
    List: "list",
    Table: "table",
    Code: "code",
    Picture: "figure",
    Embed: "embed",
    Rule: "rule",
}


def blocks(nodes: Sequence[Node]) -> tuple[Block, ...]:
    """A block for each node."""
    written = _sequence(nodes)
    return tuple(
        Block(kind=_KINDS[type(node)], markdown=markdown, text="\n".join(_text(node)))
        for node, markdown in zip(nodes, written, strict=True)
    )


def _sequence(nodes: Sequence[Node]) -> list[str]:
    out: list[str] = []
    before: Node | None = None
    for node in nodes:
        markdown = _markdown(node)
        if isinstance(node, Code) and isinstance(before, List):
            markdown = _quoted(markdown)  # else it would belong to the last item
        out.append(markdown)
        before = node
    return out


def _markdown(node: Node) -> str:
    match node:
        case Paragraph(runs):
            return lines(runs)
        case Heading(level, runs):
            return f"{'#' * level} {line(runs)}"
        case Quote(children):
            return _quoted("\n\n".join(_sequence(children)))
        case List():
            return _list(node)
        case Table(rows):
            written = [f"| {' | '.join(map(cell, row))} |" for row in rows]
            return "\n".join([written[0], "|" + " --- |" * len(rows[0]), *written[1:]])
        case Code(text):
            return _indented(text, "    ")
        case Picture(url, alt, caption):
            return image(alt, url, caption)
        case Embed(url, label):
            return link(escape_text(label), url)
        case Rule():
            return "* * *"


def _list(node: List) -> str:
    tight = all(len(item) == 1 or (len(item) == 2 and isinstance(item[1], List)) for item in node.items)
    items = []
    for n, item in enumerate(node.items):
        marker = "-" if node.start < 0 else f"{node.start + n}."
        body = ("\n" if tight else "\n\n").join(_sequence(item))
        width = max(4, len(marker) + 1)
        items.append(marker.ljust(width) + _indented(body, " " * width).lstrip(" "))
    return ("\n" if tight else "\n\n").join(items)


def _indented(text: str, by: str) -> str:
    return "\n".join(by + row if row else "" for row in text.split("\n"))


def _quoted(text: str) -> str:
    return "\n".join(f"> {row}" if row else ">" for row in text.split("\n"))


def _text(node: Node) -> list[str]:
    match node:
        case Paragraph(runs) | Heading(_, runs):
            return [plain(runs)]
        case Quote(children):
            return [row for child in children for row in _text(child)]
        case List(_, items):
            return [row for item in items for child in item for row in _text(child)]
        case Table(rows):
            return [" | ".join(filter(None, map(plain, row))) for row in rows]
        case Code(text):
            return text.split("\n")
        case _:
            return []
