"""Which tables hold data, and their rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from bs4 import Tag

from backfile.cleaning.convert.links import attribute
from backfile.cleaning.convert.nodes import Run

Cell: TypeAlias = tuple[Run, ...]

_LAYOUT = frozenset([
    "table", "figure", "img", "picture", "video", "iframe", "blockquote", "pre", "hr", "dl",
    "h1", "h2", "h3", "h4", "h5", "h6",
])  # fmt: skip
_COLUMNS = 30
_ROWS = 1000
_CELLS = 5000
_CELL_LENGTH = 800


def data_rows(table: Tag, read_cell: Callable[[Tag], Cell | None]) -> tuple[tuple[Cell, ...], ...]:
    """The rows of a table of data, all of one length; nothing where the table only lays out its parts."""
    if attribute(table, "role") in ("presentation", "none") or not _is_small(table):
        return ()
    rows = [row for row in _grid(table, read_cell) if any(row)]
    width = max(map(len, rows), default=0)
    if len(rows) < 2 or not 2 <= width <= _COLUMNS:
        return ()
    if any(cell is None or sum(len(run.text) for run in cell) > _CELL_LENGTH for row in rows for cell in row):
        return ()
    return tuple(tuple(cell or () for cell in row) + ((),) * (width - len(row)) for row in rows)


def _is_small(table: Tag) -> bool:
    cells = rows = 0
    for node in table.descendants:
        if isinstance(node, Tag):
            cells += node.name in ("td", "th")
            rows += node.name == "tr"
            if node.name in _LAYOUT or cells > _CELLS or rows > _ROWS:
                return False
    return True


def _grid(table: Tag, read_cell: Callable[[Tag], Cell | None]) -> Iterator[list[Cell | None]]:
    open_spans: dict[int, int] = {}
    for row in _rows(table):
        out: list[Cell | None] = []
        for cell in _children(row, ("td", "th")):
            while open_spans.get(len(out)):
                open_spans[len(out)] -= 1
                out.append(())
            start, columns, rows = len(out), _span(cell, "colspan"), _span(cell, "rowspan")
            out.append(read_cell(cell))
            out.extend([()] * (columns - 1))
            if rows > 1:
                open_spans.update(dict.fromkeys(range(start, start + columns), rows - 1))
        yield out


def _rows(table: Tag) -> Iterator[Tag]:
    for child in _children(table, ("tr", "thead", "tbody", "tfoot")):
        if child.name == "tr":
            yield child
        else:
            yield from _children(child, ("tr",))


def _children(tag: Tag, names: tuple[str, ...]) -> list[Tag]:
    """The elements right inside another one with one of these names."""
    return [child for child in tag.contents if isinstance(child, Tag) and child.name in names]


def _span(cell: Tag, name: str) -> int:
    value = attribute(cell, name)
    return min(max(int(value), 1), _COLUMNS) if value.isascii() and value.isdigit() and len(value) < 6 else 1
