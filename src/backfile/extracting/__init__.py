"""The bulk door: collections of captures → articles as data, without a site.

    sources → tasks (a file, or a slice of a WARC file) → parts in `out/`, each with its account

A part is there as a whole or not at all, its account after it: a run that was stopped goes on where it was. Every
record of every source is in the account.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import msgspec

from backfile.extracting.formats import FORMATS, Write
from backfile.extracting.tasks import Task, opened, tasks_of
from backfile.importers import find_importer
from backfile.importers.base import Failed, Item, Passed, Source
from backfile.model import Capture, CleanOptions
from backfile.report import ReadError, Report
from backfile.saving import clean
from backfile.stores import join, move_file, read_file, write_file
from backfile.workers import Pool, run

SLICE = 64 << 20
"""Bytes of a WARC file that are one task."""

ACCOUNTS = "accounts"
"""The folder beside the parts in which their accounts are."""

OUTCOMES = ("extracted", "not an article", "only a link", "failed")
"""What can become of a record."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Account:
    """What became of the records of a task."""

    source: str
    start: int
    end: int
    part: str
    """The file with its articles."""
    counts: dict[str, int]
    """Outcome → how many records."""
    reasons: dict[str, int]
    """Why records are no articles → how many."""
    problems: tuple[str, ...] = ()
    """What could not be read; such a task is tried again by the next run."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ExtractOptions:
    """What a caller may choose about an extraction."""

    out: str
    """A folder, or any address that fsspec knows."""
    format: str = "jsonl"
    size: int = SLICE
    cleaning: CleanOptions = field(default_factory=CleanOptions)


_decode = msgspec.json.Decoder(Account).decode


def extract(
    sources: Sequence[str],
    options: ExtractOptions,
    report: Report,
    pool: Pool | None,
    progress: Callable[[str, int, int], None],
) -> None:
    """Write the articles of sources as data; parts that are there already are only counted.

    Raises OSError and SiteError where a source or `out` cannot be reached.
    """
    tasks = list(tasks_of(sources, options.size))
    for done, account in enumerate(run(pool, partial(_settled, options), tasks), 1):
        report.counts.update(account.counts)
        for problem in account.problems:
            report.error(problem, account.source)
        progress("Extracting", done, len(tasks))


def _settled(options: ExtractOptions, task: Task) -> Account:
    """The account of a task, which is worked off where that was not done yet."""
    place = join(join(options.out, ACCOUNTS), f"{task.name}.{options.format}.json")
    known = read_file(place)
    if known is not None:
        return _decode(known)
    account = _worked_off(options, task)
    if not account.problems:
        write_file(place, msgspec.json.format(msgspec.json.encode(account), indent=1) + b"\n")
    return account


def _worked_off(options: ExtractOptions, task: Task) -> Account:
    writer, ending = FORMATS[options.format]
    counts: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    problems: tuple[str, ...] = ()
    part = f"{task.name}{ending}"
    with tempfile.TemporaryDirectory(prefix="backfile-") as folder:
        path = Path(folder) / part
        with writer(path) as write:
            try:
                for item in _items(task):
                    outcome, reason = _outcome(item, options.cleaning, write)
                    number = item.count if isinstance(item, Passed) else 1
                    counts[outcome] += number
                    reasons[reason] += number
            except (ReadError, OSError) as error:
                problems = (str(error) or type(error).__name__,)
        if not problems:
            move_file(path, join(options.out, part))
    del counts[""], reasons[""]
    return Account(
        source=task.source,
        start=task.start,
        end=task.end,
        part=part,
        counts=dict(sorted(counts.items())),
        reasons=dict(sorted(reasons.items())),
        problems=problems,
    )


def _items(task: Task) -> Iterator[Item]:
    name = task.source.rpartition("/")[2]
    source = Source(name=name, origin=task.source, open=lambda: opened(task), lasting=False)
    importer, known = find_importer(source)
    yield from importer.items(known)


def _outcome(item: Item, options: CleanOptions, write: Write) -> tuple[str, str]:
    """What becomes of a record, and why it is no article; nothing for a remark, which is no record."""
    if isinstance(item, Passed):
        return "not an article", item.why
    if isinstance(item, Failed):
        return "failed", item.why
    if not isinstance(item, Capture):
        return "", ""
    if item.is_link:
        return "only a link", ""
    cleaned = clean(item, options)
    if cleaned.refusal:
        return "not an article", cleaned.refusal
    write(item, cleaned)
    return "extracted", ""
