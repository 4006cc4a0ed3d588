"""Exports that are tables: which columns say what stands in `tables.toml`."""

from __future__ import annotations

import csv
import io
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

from backfile.importers.base import HEAD, Importer, Item, Passed, Source
from backfile.importers.rows import flag, highlights_of, line_of, row_item, split_tags, text_of, title_of, wrong_row
from backfile.importers.when import any_date
from backfile.model import Hints, Saved

_CELL_LIMIT = 16 << 20
_COLUMNS = 60


@cache
def _tables() -> list[dict[str, Any]]:
    found = tomllib.loads(files("backfile.importers").joinpath("tables.toml").read_text("utf-8"))
    return list(found["table"])


def _table(head: bytes) -> tuple[dict[str, Any], str] | None:
    """The table that starts so, with its separator; None for another text."""
    text = _decoded(head)
    # A lone carriage return ends a line for the csv module, which refuses a second one in what it is given as one.
    line = text.lstrip("\r\n").replace("\r", "\n").partition("\n")[0].strip()
    if not line or len(line) > 2000:
        return None
    for separator in ",;\t":
        names = {name.strip().lower() for name in next(csv.reader([line], delimiter=separator), [])}
        for table in _tables():
            if names.issuperset(table["header"]) and len(names) <= _COLUMNS and (len(names) > 1 or "," not in text):
                return table, separator
    return None


def _decoded(data: bytes) -> str:
    return data.decode("utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig", "replace")


def _recognises(head: bytes, name: str) -> bool:
    return _table(head[:8192]) is not None


def _items(source: Source) -> Iterator[Item]:
    with source.open() as raw:
        head = raw.read(HEAD)
    found = _table(head[:8192])
    if not found:
        return
    table, separator = found
    wide = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    csv.field_size_limit(_CELL_LIMIT)
    with (
        source.open() as raw,
        io.TextIOWrapper(raw, "utf-16" if wide else "utf-8-sig", errors="replace", newline="") as text,
    ):
        rows = csv.reader((line.replace("\0", "") for line in text), delimiter=separator)
        header = [name.strip().lower() for name in next(rows, [])]
        number = 0
        while True:
            number += 1
            try:
                row = next(rows)
            except StopIteration:
                return
            except csv.Error:
                yield wrong_row(source, f"row {number}")
                continue
            if any(cell.strip() for cell in row):
                yield _item(source, table, dict(zip(header, row, strict=False)), f"row {number}")


def _item(source: Source, table: dict[str, Any], row: dict[str, str], place: str) -> Item:
    def cell(name: str) -> str:
        return row.get(table.get(name, ""), "")

    state = (cell("state") or cell("folder")).strip().casefold()
    if state in table.get("skip", ()):
        return Passed(why="row that was not saved by hand")
    special = (*table.get("read", ()), *table.get("unread", ()), *table.get("stars", ()))
    url = line_of(cell("url"))
    saved = Saved(
        by=table["by"],
        date=any_date(cell("date")),
        folder="" if state in special else line_of(cell("folder")),
        state=_state(table, state),
        starred=flag(cell("starred")) or state in table.get("stars", ()),
        note=text_of(cell("note")),
        highlights=highlights_of((line, "") for line in cell("highlights").splitlines()),
    )
    author = line_of(cell("author"))
    hints = Hints(
        title=title_of(cell("title"), url),
        description=line_of(cell("description")),
        authors=(author,) if author else (),
        publisher=line_of(cell("publisher")),
        tags=split_tags(cell("tags"), table.get("tags_as", ",")),
        saved=saved,
    )
    return row_item(source, place, url, hints)


def _state(table: dict[str, Any], value: str) -> str:
    return "read" if value in table.get("read", ()) else "unread" if value in table.get("unread", ()) else ""


IMPORTERS = (Importer(name="table", rank=60, recognises=_recognises, items=_items),)
