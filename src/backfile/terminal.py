"""What a person or a script sees: reports, tables and progress, with nothing in them that a terminal would obey."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TextIO

from backfile.findings import Findings, of_kind
from backfile.report import Notice, Report

if TYPE_CHECKING:
    from backfile.explain import Row
    from backfile.pipeline import Progress

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
SHOWN = 20
"""Notices of a level that are printed; the rest is counted."""


_COLOURS = {"error": "31", "warning": "33", "info": "36"}


def coloured(word: str, stream: TextIO) -> str:
    """A level's name, in its colour where a terminal shows it and the user has not set NO_COLOR (no-color.org)."""
    colour = _COLOURS.get(word)
    wanted = stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return f"\x1b[{colour}m{word}\x1b[0m" if colour and wanted else word


def plain(text: str) -> str:
    """Text without control characters and direction overrides, which could repaint a terminal."""
    return _CONTROL.sub("�", text)


def print_json(value: Any) -> None:
    """A value as JSON, for machines."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def report_as_dict(report: Report) -> dict[str, Any]:
    """A report as JSON-ready values."""
    notices = [{"level": n.level, "what": n.what, "where": n.where, "hint": n.hint} for n in report.notices]
    return {"counts": dict(sorted(report.counts.items())), "notices": notices, "articles": report.articles}


def print_notices(notices: Iterable[Notice]) -> None:
    """Notices on standard error, errors first, the first twenty of a level in full."""
    found = list(notices)
    for level in ("error", "warning", "info"):
        some = [notice for notice in found if notice.level == level]
        for notice in some[:SHOWN]:
            sys.stderr.write(f"{coloured(level, sys.stderr)}: {plain(str(notice))}\n")
        if len(some) > SHOWN:
            sys.stderr.write(f"{level}: … and {len(some) - SHOWN} more (all of them with --json)\n")


def account(report: Report, names: Iterable[str]) -> str:
    """The account in one line."""
    parts = [f"{n:,} {name.removesuffix('s') if n == 1 else name}" for name in names if (n := report.counts[name])]
    return ", ".join(parts)


def print_counts(report: Report, names: Iterable[str]) -> None:
    """The account as a line."""
    sys.stdout.write((account(report, names) or "nothing to do") + "\n")


def print_findings(findings: Findings) -> None:
    """Findings in groups with their counts and what mends them, the worst first, and what is well in one line."""
    for level in ("error", "warning", "info"):
        for name, kind in findings.kinds.items():
            some = of_kind(findings.found, name) if kind.level == level else []
            if not some:
                continue
            sys.stdout.write(f"{kind.what} ({len(some):,})\n  → {kind.mend}\n")
            for each in some[:SHOWN]:
                sys.stdout.write(f"    {plain(each.where)}{f'  ({plain(each.detail)})' if each.detail else ''}\n")
            if len(some) > SHOWN:
                sys.stdout.write(f"    … and {len(some) - SHOWN:,} more (all of them with --json)\n")
    counts = [f"{number:,} {what}" for what, number in findings.counts.items() if number]
    sys.stdout.write(", ".join(counts or ["nothing there"]) + "\n")


def print_rows(rows: Iterable[Row]) -> None:
    """Rows as a table on a terminal, tab-separated lines elsewhere."""
    if not sys.stdout.isatty():
        for row in rows:
            text = " ".join(plain(row.text).split())
            sys.stdout.write(f"{row.verdict}\t{row.step}\t{plain(row.reason)}\t{text}\n")
        return
    from rich.console import Console  # a third of the start-up time, and only for a table
    from rich.table import Table
    from rich.text import Text

    table = Table("", "step", "reason", "text", show_lines=False)
    for row in rows:
        style = "green" if row.verdict == "kept" else "red"
        cells = (row.step, plain(row.reason), " ".join(plain(row.text).split()))
        table.add_row(Text("+" if row.verdict == "kept" else "−", style=style), *map(Text, cells))
    Console().print(table)


@contextmanager
def progress_bar(*, quiet: bool) -> Iterator[Progress]:
    """A progress function: a bar with count, rate and time left where standard error is a terminal, else silence."""
    if quiet or not sys.stderr.isatty():
        yield lambda what, done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    amount = TextColumn("{task.fields[amount]}")
    rate = TextColumn("{task.fields[rate]}")
    columns = (TextColumn("{task.description}"), BarColumn(), amount, rate, TimeRemainingColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        tasks: dict[str, Any] = {}

        def show(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(what, total=total, amount="", rate="")
            task = bar.tasks[tasks[what]]
            rate = _rate(what, done / task.elapsed) if task.elapsed else ""
            bar.update(task.id, completed=done, total=total, amount=_amount(what, done, total), rate=rate)

        yield show


def _amount(what: str, done: int, total: int) -> str:
    """How much of how much: saved files by their bytes, all else by number."""
    return f"{done / 1e6:,.1f}/{total / 1e6:,.1f} MB" if what == "Cleaning" else f"{done:,}/{total:,}"


def _rate(what: str, each_second: float) -> str:
    """How fast it goes."""
    return f"{each_second / 1e6:,.1f} MB/s" if what == "Cleaning" else f"{each_second:,.0f}/s"
