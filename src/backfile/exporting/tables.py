"""One record an article: JSON Lines with all there is, CSV with what fits in a row."""

from __future__ import annotations

import csv
from collections.abc import Iterator

import msgspec

from backfile.exporting.base import Exporter, Item, Job

_COLUMNS = ("file", "title", "published", "modified", "authors", "agencies", "publisher", "section", "tags", "lang")
_MORE = ("url", "description", "captured", "kind", "access", "words")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def _jsonl(items: Iterator[Item], job: Job) -> None:
    with job.out.open("xb") as file:
        for item in items:
            fields = {"file": item.source, **msgspec.to_builtins(item.article)}
            file.write(msgspec.json.encode(fields) + b"\n")


def _csv(items: Iterator[Item], job: Job) -> None:
    with job.out.open("x", encoding="utf-8-sig", errors="replace", newline="") as file:
        writer = csv.writer(file)
        writer.writerow((*_COLUMNS, *_MORE))
        for item in items:
            fields = {"file": item.source, "words": len(item.article.body.split()), **msgspec.to_builtins(item.article)}
            writer.writerow([_cell(fields[name]) for name in (*_COLUMNS, *_MORE)])


def _cell(value: object) -> str:
    """A value as a spreadsheet shows it, never as a formula that it runs (OWASP, "CSV Injection")."""
    text = "; ".join(value) if isinstance(value, list | tuple) else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


EXPORTERS = (
    Exporter(name="jsonl", folder=False, write=_jsonl),
    Exporter(name="csv", folder=False, write=_csv),
)
