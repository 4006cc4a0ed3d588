"""Lists of addresses: one a line, bare, after a bullet, as `address | title` (OneTab) or as Markdown links."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

from backfile.importers.base import Importer, Item, Passed, Source
from backfile.importers.rows import row_item, title_of
from backfile.model import Hints, Saved

_LINE_LIMIT = 20_000
_BARE = re.compile(
    r"(?:[-*+•]\s+|\d{1,6}[.)]\s+)?<?([a-z][a-z0-9+.-]{1,20}:[^\s<>|]{2,8000})>?(?:\s*\|\s*(\S.*))?$", re.I
)
_LINK = re.compile(r"(?:[-*+•]\s+|\d{1,6}[.)]\s+)?\[([^\[\]]{0,1000})\]\((\S{4,8000}?)\)$")
_COMMENT = ("#", "//", ";")


def _row(line: str) -> tuple[str, str] | None:
    """(address, title) of a line; None for a line of another kind."""
    text = line.strip()[:_LINE_LIMIT]
    found = _LINK.match(text)
    if found:
        return found[2], found[1]
    found = _BARE.match(text)
    return (found[1], found[2] or "") if found else None


def _recognises(head: bytes, name: str) -> bool:
    lines = [line for line in head.decode("utf-8", "replace").splitlines()[:500] if line.strip()]
    lines = [line for line in lines if not line.lstrip().startswith(_COMMENT)]
    if len(head) >= 64 * 1024:
        lines = lines[:-1]
    rows = [_row(line) for line in lines]
    web = sum(bool(row and row[0].lower().startswith(("http:", "https:"))) for row in rows)
    return bool(web) and sum(row is not None for row in rows) >= 0.8 * len(lines) and web >= 0.5 * len(lines)


def _items(source: Source) -> Iterator[Item]:
    with source.open() as raw, io.TextIOWrapper(raw, "utf-8-sig", errors="replace") as text:
        for number, line in enumerate(iter(lambda: text.readline(_LINE_LIMIT), ""), 1):
            if not line.strip() or line.lstrip().startswith(_COMMENT):
                continue
            row = _row(line)
            if row is None:
                yield Passed(why="line without an address")
                continue
            url, title = row
            hints = Hints(title=title_of(title, url), saved=Saved(by="list"))
            yield row_item(source, f"line {number}", url, hints)


IMPORTERS = (Importer(name="addresses", rank=75, recognises=_recognises, items=_items),)
