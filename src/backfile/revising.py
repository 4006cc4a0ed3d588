"""A new machine text of an article → its file, with the user's edits; a run killed in the middle is ended by the next.

The receipt says first what the file is about to become. A file whose digest is the one that was announced has been
changed already; any other is changed again from the text that was there before.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from backfile.files import write_durable, write_new
from backfile.markdown import dump_article, load_article
from backfile.merging import merge_files
from backfile.model import Article, Receipt
from backfile.receipts import Change, StoredReceipt, read_stored, write_receipt
from backfile.report import ReadError
from backfile.scanning import scan

BESIDE = ".new"
"""What is added to an article's file name for the machine's version of it, after a conflict."""

_UNDER_WAY = b'"change": {'
"""What the receipt of such a change says."""

Outcome = Literal["unchanged", "replaced", "merged", "in conflict", "deleted by you"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """What became of an article's file."""

    outcome: Outcome
    conflicts: tuple[str, ...] = ()
    beside: str = ""
    """The file with the machine's version, after a conflict."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Revision:
    """What an article is to become. `stored` has the machine's last text of it and the file."""

    stored: StoredReceipt
    article: Article
    receipt: Receipt


def revise(revision: Revision, articles: Path, receipts: Path, *, dry: bool = False) -> Result:
    """Bring an article's file to the machine's new text; `dry` only tells what would become of it.

    Raises OSError; the file is then wholly old or new.
    """
    stored = revision.stored
    path = articles / stored.article
    try:
        mine = path.read_bytes().decode("utf-8", "surrogatepass")
    except (FileNotFoundError, IsADirectoryError):
        return Result(outcome="deleted by you")
    except UnicodeDecodeError:
        return Result(outcome="in conflict", conflicts=("the file is not UTF-8 text",))
    base = _base(stored, mine)
    text = dump_article(revision.article)
    merged = merge_files(base, mine, text)
    same = merged.text == mine
    outcome: Outcome = "unchanged" if same else "merged" if mine != base else "replaced"
    outcome = "in conflict" if merged.conflicts else outcome
    if dry:
        return Result(outcome=outcome, conflicts=merged.conflicts)
    new = replace(stored, markdown=text, receipt=revision.receipt, change=None)
    if not same:
        data = merged.text.encode("utf-8", "surrogatepass")
        write_receipt(receipts, replace(new, change=Change(base=base, sha256=hashlib.sha256(data).hexdigest())))
        write_durable(path, data)
    beside = _put_beside(path, text) if merged.conflicts else ""
    if new != stored:
        write_receipt(receipts, new)
    return Result(outcome=outcome, conflicts=merged.conflicts, beside=beside)


def finish(stored: StoredReceipt, articles: Path, receipts: Path) -> None:
    """End a change that a killed run began. Raises OSError."""
    if stored.change:
        revise(
            Revision(stored=stored, article=load_article(stored.markdown).article, receipt=stored.receipt),
            articles,
            receipts,
        )


def finish_all(articles: Path, receipts: Path) -> None:
    """End every change that a killed run began. Raises OSError."""
    for name in sorted(scan(receipts, ".json")):
        if _UNDER_WAY in (receipts / name).read_bytes():
            try:
                stored = read_stored(receipts, Path(name).stem)
            except ReadError:  # damaged: it is said where the receipt is needed
                continue
            if stored:
                finish(stored, articles, receipts)


def _base(stored: StoredReceipt, mine: str) -> str:
    """The machine's text from which the user's file was made; a change that a killed run left open is looked at."""
    change = stored.change
    if change and hashlib.sha256(mine.encode("utf-8", "surrogatepass")).hexdigest() != change.sha256:
        return change.base
    return stored.markdown


def _put_beside(path: Path, text: str) -> str:
    """Write the machine's version beside a file; one that is there with other words stays."""
    data = text.encode("utf-8", "surrogatepass")
    names = (f"{path.name}{BESIDE}", f"{path.name}.{hashlib.sha256(data).hexdigest()[:6]}{BESIDE}")
    for name in names:
        target = path.with_name(name)
        try:
            write_new(target, data)
        except FileExistsError:
            if target.read_bytes() != data:
                continue
        return name
    return names[-1]
