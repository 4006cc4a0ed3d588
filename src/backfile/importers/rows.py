"""A row of an export → a capture: an address with what the service knows of it, and its body where there is one."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from typing import Any

import msgspec

from backfile.addresses import is_web_address
from backfile.importers.base import Failed, Item, Passed, Source
from backfile.importers.wrap import wrap_body
from backfile.model import Capture, Hints

_LIST_LIMIT = 100_000
_UNTITLED = frozenset(
    {"no title found", "untitled", "sans titre", "no title", "[no title]", "ohne titel", "sin título"}
)
_TAG = re.compile(r"<[^>]{0,1000}>")
_FEWEST = 200
"""Characters of text in a body, below which it is what a service writes when it could not fetch the page."""


def row_item(source: Source, row: str, url: object, hints: Hints, body: str = "") -> Item:
    """What a row stands for: a page where there is a body, else an address; a row without an address is passed."""
    address = " ".join(str(url or "").split())
    has_body = len(_TAG.sub(" ", body).strip()) >= _FEWEST
    if not is_web_address(address):
        if not has_body:
            return Passed(why="row without an address" if not address else "row without an address of the public web")
        address = ""
    data = wrap_body(body, hints, address) if has_body else b""
    return Capture(
        data=data,
        charset="utf-8" if data else "",
        url=address,
        captured=hints.saved.date if data else "",
        origin=source.origin,
        member=source.at(row),
        hints=hints,
    )


def wrong_row(source: Source, row: str) -> Failed:
    """A row that is not what its export says it is."""
    return Failed(why="a damaged row", member=source.at(row))


def title_of(value: object, url: str = "") -> str:
    """A title, or empty where a service writes something in its place."""
    text = line_of(value)
    return "" if text.casefold().rstrip(".") in _UNTITLED or text == url or is_web_address(text) else text


def line_of(value: object) -> str:
    """A value as one line of text; empty for what is no text."""
    return " ".join(str(value).split()) if isinstance(value, str | int | float) and value is not True else ""


def text_of(value: object) -> str:
    """A value as text with its lines."""
    return "\n".join(line.rstrip() for line in value.strip().splitlines()) if isinstance(value, str) else ""


def texts_of(values: object, key: str = "") -> tuple[str, ...]:
    """A list of texts, or of maps with a text under a key, or one text with commas, as texts without repeats."""
    if isinstance(values, str):
        values = values.split(",")
    found: list[str] = []
    for value in values if isinstance(values, list | tuple) else ():
        found.append(line_of(value.get(key) if isinstance(value, dict) else value))
    return tuple(dict.fromkeys(filter(None, found)))


def split_tags(cell: str, how: str) -> tuple[str, ...]:
    """The tags in a cell of a table."""
    if how != "list":
        return texts_of(cell.split(how) if how else [cell])
    return texts_of(_literal(cell))


def _literal(cell: str) -> Any:
    """A list as JSON or Python writes it; empty for anything else."""
    if not cell.strip() or len(cell) > _LIST_LIMIT:
        return []
    try:
        return msgspec.json.decode(cell)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        pass
    try:
        return ast.literal_eval(cell)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return []


def flag(value: object) -> bool:
    """Yes or no, as exports write it."""
    return str(value).strip().casefold() in ("1", "true", "yes", "y", "on", "t")


def highlights_of(rows: Iterable[tuple[object, object]]) -> tuple[str, ...]:
    """(passage, remark) pairs as texts."""
    found = []
    for passage, remark in rows:
        parts = [part for part in (text_of(passage), text_of(remark)) if part]
        found.append(" — ".join(parts))
    return tuple(dict.fromkeys(filter(None, found)))
