"""The cleaned part of a page into nodes.

One walk with a stack of its own, so that no nesting of tags can exhaust Python's; lists and quotations deeper than
`_DEPTH` are read as plain paragraphs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from bs4 import Tag
from bs4.element import NavigableString, PreformattedString

from backfile.cleaning.convert import names
from backfile.cleaning.convert.embeds import original
from backfile.cleaning.convert.inline import BREAK, plain, tidy
from backfile.cleaning.convert.links import attribute, picture_address, web_address
from backfile.cleaning.convert.nodes import (
    Code,
    Embed,
    Heading,
    List,
    Node,
    Paragraph,
    Picture,
    Quote,
    Rule,
    Run,
    Table,
)
from backfile.cleaning.convert.tables import Cell, data_rows

_DEPTH = 8
_LONG_HEADING = 300
_LIST_PARAGRAPHS = 3
_RAISED = str.maketrans("0123456789+-−=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ")
_LOWERED = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")


def read(root: Tag, base_url: str) -> list[Node]:
    """The contents of `root` in order, headings at the levels the page gives them."""
    return _Reader(base_url).read(root)


@dataclass(slots=True)
class _Frame:
    """An open list or quotation, or an open item of a list."""

    name: str
    """The name of its element."""
    start: int = -1
    """In a list: the first number, -1 for bullets."""
    nodes: list[Node] = field(default_factory=list)
    items: list[tuple[str, list[Node]]] = field(default_factory=list)
    """In a list: the name of each item's element, and what is in it."""


class _Reader:
    def __init__(self, base_url: str) -> None:
        self.base_url = base_url
        self.frames: list[_Frame] = []
        self.runs: list[Run] = []
        self.level = 0
        self.tables = 0
        self.strong = self.em = self.code = 0
        self.hrefs = [""]
        self.script: dict[int, int] | None = None

    def read(self, root: Tag) -> list[Node]:
        top = _Frame("div")
        self.frames = [top]
        # What is still to do, the next thing last: a node to enter, or what to do when an element ends.
        todo: list[object] = [root] if root.name in (*names.LISTS, "dl", "table") else [*reversed(root.contents)]
        while todo:
            item = todo.pop()
            if isinstance(item, Tag):
                leave = self.enter(item)
                if leave is not None:
                    todo.append(leave)
                    todo.extend(reversed(item.contents))
            elif isinstance(item, NavigableString):
                if not isinstance(item, PreformattedString):
                    self.text(item)
            elif callable(item):
                item()
        self.flush()
        return _without_idle_rules(top.nodes)

    def text(self, text: str) -> None:
        if self.script is not None:
            text = text.translate(self.script) if all(ord(c) in self.script for c in text) else text
        self.runs.append(Run(text, bool(self.strong), bool(self.em), bool(self.code), self.hrefs[-1]))

    def enter(self, tag: Tag) -> Callable[[], None] | None:
        """Take note of an element's beginning; give what to do at its end, or None where it has been dealt with."""
        name = tag.name
        if name in names.SKIPPED:
            return None
        if name in names.BLOCKS:
            return self.enter_block(tag, name)
        if name == "br":
            self.line_break()
        elif name == "img":
            self.picture(tag)
        elif name in names.PLAYERS or name in names.PLAYER_ELEMENTS:
            self.embed(tag)
        else:
            return self.enter_inline(tag, name)
        return None

    def enter_inline(self, tag: Tag, name: str) -> Callable[[], None] | None:
        if name in names.STRONG:
            self.strong += 1
            return self.leave_strong
        if name in names.EMPHASIS:
            self.em += 1
            return self.leave_em
        if name in names.CODE:
            self.code += 1
            return self.leave_code
        if name == "a":
            return self.enter_link(tag)
        if name in ("sup", "sub"):
            self.script = _RAISED if name == "sup" else _LOWERED
            return self.leave_script
        if name in ("rt", "q"):
            opening, closing = ("(", ")") if name == "rt" else ("“", "”")
            self.text(opening)
            return lambda: self.text(closing)
        return _nothing

    def enter_link(self, tag: Tag) -> Callable[[], None] | None:
        href = attribute(tag, "href")
        if href.startswith("#") and not any(map(str.isalnum, tag.get_text())):
            return None  # the arrow that leads from a note back to the text
        self.hrefs.append(web_address(href, self.base_url))
        return self.leave_link

    def leave_strong(self) -> None:
        self.strong -= 1

    def leave_em(self) -> None:
        self.em -= 1

    def leave_code(self) -> None:
        self.code -= 1

    def leave_link(self) -> None:
        self.hrefs.pop()

    def leave_script(self) -> None:
        self.script = None

    def enter_block(self, tag: Tag, name: str) -> Callable[[], None] | None:
        if self.level and name != "hr":  # a heading is one line, whatever it holds
            self.text(" ")
            return self.space
        self.flush()
        if name in names.HEADINGS:
            self.level = names.HEADINGS[name]
            return self.leave_heading
        if name == "hr":
            self.add(Rule())
            return None
        if name == "pre":
            return self.preformatted(tag)
        if name == "table":
            return self.table(tag)
        if name in names.CONTAINERS and len(self.frames) < _DEPTH:
            return self.open(tag, name)
        return self.flush

    def space(self) -> None:
        self.text(" ")

    def leave_heading(self) -> None:
        self.flush()
        self.level = 0

    def open(self, tag: Tag, name: str) -> Callable[[], None]:
        in_list = self.frames[-1].name in names.LISTS or self.frames[-1].name == "dl"
        if name in names.ITEMS and not in_list:
            return self.flush
        self.frames.append(_Frame(name, _start(tag)))
        if name == "blockquote":
            return self.close_quote
        return self.close_item if name in names.ITEMS else self.close_list

    def close_quote(self) -> None:
        self.flush()
        nodes = _without_idle_rules(self.frames.pop().nodes)
        if nodes:
            self.add(Quote(nodes))

    def close_item(self) -> None:
        self.flush()
        frame = self.frames.pop()
        nodes: list[Node] = [node for node in frame.nodes if not isinstance(node, Rule)]
        if nodes:
            self.frames[-1].items.append((frame.name, nodes))

    def close_list(self) -> None:
        self.flush()
        frame = self.frames.pop()
        items = _definitions(frame.items) if frame.name == "dl" else [nodes for _, nodes in frame.items]
        if items and all(map(_is_item, items)):
            self.add(List(frame.start, items))
        else:
            for nodes in items:
                for node in nodes:
                    self.add(node)

    def add(self, node: Node) -> None:
        frame = self.frames[-1]
        if frame.name in names.LISTS or frame.name == "dl":
            frame.items.append(("li", [node]))
            return
        last = frame.nodes[-1] if frame.nodes else None
        if isinstance(node, List) and isinstance(last, List) and (node.start < 0) == (last.start < 0):
            last.items.extend(node.items)
        else:
            frame.nodes.append(node)

    def flush(self) -> None:
        """End the paragraph, if there is one."""
        if not self.runs:
            return
        runs = tidy(self.runs)
        self.runs = []
        if not runs:
            return
        if self.level and len(plain(runs)) < _LONG_HEADING:
            self.add(Heading(self.level, tidy(run if run is not BREAK else Run(" ") for run in runs)))
        else:
            self.add(Paragraph(runs))

    def line_break(self) -> None:
        while self.runs and self.runs[-1] is not BREAK and not self.runs[-1].text.strip():
            self.runs.pop()
        if self.runs and self.runs[-1] is BREAK and not self.level:
            self.flush()
        elif self.runs:
            self.runs.append(BREAK)

    def picture(self, tag: Tag) -> None:
        url = picture_address(attribute(tag, "src"), self.base_url)
        if url:
            self.flush()
            self.add(Picture(url, attribute(tag, "alt"), attribute(tag, "title")))

    def embed(self, tag: Tag) -> None:
        url, label = original(tag, self.base_url)
        if url:
            self.flush()
            self.add(Embed(url, label))

    def preformatted(self, tag: Tag) -> Callable[[], None] | None:
        text = tag.get_text().expandtabs(4).replace("\r", "\n")
        rows = [row.rstrip() for row in text.split("\n")]
        while rows and not rows[0]:
            rows.pop(0)
        while rows and not rows[-1]:
            rows.pop()
        if rows:
            self.add(Code("\n".join(rows)))
        return None

    def table(self, tag: Tag) -> Callable[[], None] | None:
        rows = data_rows(tag, self.cell) if self.tables < _DEPTH else ()
        if not rows:
            self.tables += 1
            return self.leave_table
        caption = tag.find("caption", recursive=False)
        if isinstance(caption, Tag):
            for node in read(caption, self.base_url):
                self.add(node)
        self.add(Table(rows))
        return None

    def leave_table(self) -> None:
        self.flush()
        self.tables -= 1

    def cell(self, tag: Tag) -> Cell | None:
        """The runs of a table's cell; None where it holds more than text."""
        if all(type(child) is NavigableString for child in tag.contents):  # as in most cells
            return tidy(Run(str(text)) for text in tag.contents)
        runs: list[Run] = []
        nodes = read(tag, self.base_url)
        while nodes:
            node = nodes.pop(0)
            if isinstance(node, List):
                nodes[:0] = [child for item in node.items for child in item]
            elif isinstance(node, Paragraph):
                runs.extend([Run(" "), *(run if run is not BREAK else Run(" ") for run in node.runs)])
            else:
                return None
        return tidy(run._replace(code=False) if run.code else run for run in runs)


def _nothing() -> None:
    """Leave an element that means nothing here."""


def _start(tag: Tag) -> int:
    if tag.name != "ol":
        return -1
    start = attribute(tag, "start")
    return int(start) if start.isascii() and start.isdigit() and len(start) < 7 else 1


def _is_item(nodes: list[Node]) -> bool:
    """Whether these nodes can stand in an item of a list: text first, then little but text and lists."""
    if not isinstance(nodes[0], Paragraph) or not all(isinstance(node, Paragraph | List) for node in nodes):
        return False
    return sum(isinstance(node, Paragraph) for node in nodes) <= _LIST_PARAGRAPHS


def _definitions(items: list[tuple[str, list[Node]]]) -> list[list[Node]]:
    """Terms in bold, each with the list of its definitions."""
    out: list[list[Node]] = []
    for name, nodes in items:
        if name == "dt" or not out:
            out.append([_bold(node) for node in nodes] if name == "dt" else nodes)
        elif isinstance(out[-1][-1], List) and len(out[-1]) > 1:
            out[-1][-1].items.append(nodes)
        elif _is_item(nodes):
            out[-1].append(List(-1, [nodes]))
        else:
            out.append(nodes)
    return out


def _bold(node: Node) -> Node:
    if not isinstance(node, Paragraph):
        return node
    return Paragraph(tidy(run if run is BREAK else run._replace(strong=True) for run in node.runs))


def _without_idle_rules(nodes: list[Node]) -> list[Node]:
    """The nodes without rules at their ends and without rules that follow a rule."""
    out: list[Node] = []
    for node in nodes:
        if not isinstance(node, Rule) or (out and not isinstance(out[-1], Rule)):
            out.append(node)
    while out and isinstance(out[-1], Rule):
        out.pop()
    return out
