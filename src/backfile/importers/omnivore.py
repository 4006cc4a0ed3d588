"""Omnivore's export: lists of items, the readable HTML of each, and the highlights as Markdown, in one ZIP.

A ZIP may hold the same body twice; one is enough. Bodies are found by the item's slug.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace

import msgspec

from backfile.importers.base import Failed, Item, Passed, Source
from backfile.importers.jsons import omnivore_hints, quoted
from backfile.importers.members import DAMAGE, Budget, budget, in_memory, member_items, member_source, printable
from backfile.importers.rows import row_item, wrong_row
from backfile.limits import limits
from backfile.model import Capture

_LIST = re.compile(r"(?:.*/)?metadata_\d+_to_\d+\.json")


def is_omnivore(archive: zipfile.ZipFile, names: list[str]) -> bool:
    """True for a ZIP with Omnivore's lists."""
    return any(_LIST.fullmatch(name) for name in names)


def omnivore_items(archive: zipfile.ZipFile, source: Source) -> Iterator[Item]:
    """The items of all lists, with their bodies and highlights."""
    names = list(dict.fromkeys(archive.namelist()))
    bodies = {_stem(name): name for name in names if re.search(r"(?:^|/)contents?/[^/]+\.(?:html|pdf)$", name)}
    marks = {_stem(name): name for name in names if re.search(r"(?:^|/)highlights/[^/]+\.md$", name)}
    allowed = budget(sum(info.compress_size for info in archive.infolist()))
    for name in filter(_LIST.fullmatch, names):
        try:
            rows = msgspec.json.decode(_read(archive, name, allowed))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, _UnreadableError) as error:
            yield Failed(why=f"a damaged list of items ({str(error)[:100]})", member=source.at(printable(name)))
            continue
        for number, row in enumerate(rows if isinstance(rows, list) else (), 1):
            slug = str(row.get("slug")) if isinstance(row, dict) else ""
            if not slug:
                yield wrong_row(source, f"{printable(name)} row {number}")
                continue
            yield from _item(archive, source, row, (bodies.pop(slug, ""), marks.pop(slug, "")), allowed)
    for name in bodies.values():
        data = _read_or_none(archive, name, allowed)
        if data:
            yield from member_items(member_source(source, name, in_memory(data)))
    if marks:
        yield Passed(why="highlights of no item", count=len(marks))


def _item(
    archive: zipfile.ZipFile, source: Source, row: dict[str, object], names: tuple[str, str], allowed: Budget
) -> Iterator[Item]:
    body_name, marks_name = names
    slug = printable(str(row["slug"]))
    marks = _read_or_none(archive, marks_name, allowed) if marks_name else b""
    hints = omnivore_hints(row, quoted((marks or b"").decode("utf-8", "replace")))
    body = _read_or_none(archive, body_name, allowed) if body_name else b""
    if body is None:
        yield Failed(why="a damaged body; its address is kept", member=source.at(printable(body_name)))
    if body and body_name.endswith(".pdf"):
        for item in member_items(member_source(source, body_name, in_memory(body))):
            url = str(row.get("url") or "")
            yield replace(item, url=url, hints=hints) if isinstance(item, Capture) else item
        return
    yield row_item(source, slug, row.get("url"), hints, (body or b"").decode("utf-8", "replace"))


def _stem(name: str) -> str:
    return name.rpartition("/")[2].rpartition(".")[0]


class _UnreadableError(Exception):
    """A member that cannot be read."""


def _read(archive: zipfile.ZipFile, name: str, allowed: Budget) -> bytes:
    try:
        if archive.getinfo(name).file_size > limits().page:
            raise _UnreadableError(f"larger than {limits().page_mb} MB")
        data = archive.read(name)
    except (KeyError, zipfile.BadZipFile, zlib.error, *DAMAGE) as error:
        raise _UnreadableError(str(error)) from error
    allowed.take(len(data))
    return data


def _read_or_none(archive: zipfile.ZipFile, name: str, allowed: Budget) -> bytes | None:
    try:
        return _read(archive, name, allowed)
    except _UnreadableError:
        return None
