"""Articles that are in the archive, made anew from their originals, with every edit of the user's kept.

The machine's last text of an article is in its receipt: what differs from it in the article's file is the user's. A
new text goes in by a three-way merge; where both changed the same, the user's version stays, and the machine's is put
beside the file.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Literal

from backfile.catalog import scan
from backfile.choices import choice_to_drop, choice_to_restore, read_text, with_choices
from backfile.cleaning.identity import capture_id
from backfile.files import write_durable, write_new
from backfile.markdown import dump_article, load_article
from backfile.merging import merge_files
from backfile.model import Article, Capture, Choice, CleanOptions, Receipt
from backfile.ready import with_hints
from backfile.receipts import Change, StoredReceipt, read_stored, write_receipt
from backfile.report import FrontMatterError, Notice, ReadError, Report
from backfile.saving import clean, read_parts
from backfile.workers import run

BESIDE = ".new"
"""What is added to an article's file name for the machine's version of it, after a conflict."""

Outcome = Literal["unchanged", "replaced", "merged", "in conflict", "deleted by you"]

_ID = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """What became of an article's file."""

    outcome: Outcome
    conflicts: tuple[str, ...] = ()
    beside: str = ""
    """The file with the machine's version, after a conflict."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Again:
    """A capture cleaned once more: its article and receipt."""

    stored: StoredReceipt
    article: Article
    receipt: Receipt
    refusal: str = ""


def find_article(articles: Path, name: str) -> str:
    """The file below `content/articles/` that a user names: by path, by path from there, with or without `.md`.

    Raises ReadError where there is none.
    """
    below = articles / name
    for candidate in (Path(name), below, below.with_name(f"{below.name}.md"), below.with_suffix(".md")):
        if candidate.is_file() and candidate.resolve().is_relative_to(articles.resolve()):
            return candidate.resolve().relative_to(articles.resolve()).as_posix()
    raise ReadError(f"{name} is no article. Name its file in {articles}, such as 2024/04/the-tide.md")


def stored_of(articles: Path, receipts: Path, source: str) -> StoredReceipt:
    """The receipt of an article's file. Raises ReadError where it has none, as a hand-written article."""
    identity = _id_of(articles / source)
    stored = read_stored(receipts, identity) if identity else None
    if not stored:
        raise ReadError(f"{source} has no receipt: it was written by hand, or its receipt is gone")
    return replace(stored, article=source)


def all_stored(articles: Path, receipts: Path, report: Report) -> Iterator[StoredReceipt]:
    """Every receipt of a cleaned page, with the article's file where it now is."""
    moved = {_id_of(articles / source): source for source in scan(articles, ".md")}
    for name in sorted(scan(receipts, ".json")):
        identity = Path(name).stem
        try:
            stored = read_stored(receipts, identity) if _ID.fullmatch(identity) else None
        except ReadError as error:
            report.error(str(error))
            continue
        if stored and stored.receipt.sha256:
            yield replace(stored, article=moved.get(identity, stored.article))


def clean_again(
    root: Path, stored: Iterable[StoredReceipt], options: CleanOptions, pool: Executor | None, report: Report
) -> Iterator[Again]:
    """Clean the captures of these receipts once more, file by file; originals that are gone are said."""
    wanted: dict[str, dict[str, StoredReceipt]] = defaultdict(dict)
    for each in stored:
        wanted[each.receipt.origin][each.receipt.id] = each
    tasks = (task for origin in sorted(wanted) for task in _tasks(root, origin, wanted[origin], report))
    for some in run(pool, partial(_clean_some, options), tasks):
        for again in some:
            wanted[again.stored.receipt.origin].pop(again.stored.receipt.id, None)
            yield again
    for origin, left in wanted.items():
        for each in left.values():
            report.count("original missing")
            where = f"{origin}#{each.receipt.member}" if each.receipt.member else origin
            report.warn("is not the page that it was, or is gone, so its article stays as it is", where)


def _tasks(
    root: Path, origin: str, wanted: Mapping[str, StoredReceipt], report: Report
) -> Iterator[list[tuple[StoredReceipt, Capture]]]:
    if not (root / origin).is_file():
        return
    for part in read_parts(root, origin):
        report.add(part.notices)
        captures = [item for item in part.items if isinstance(item, Capture)]
        found = [(capture_id(capture), capture) for capture in captures if not capture.is_link]
        pairs = [(wanted[identity], capture) for identity, capture in found if identity in wanted]
        if pairs:
            yield pairs


def _clean_some(options: CleanOptions, pairs: Sequence[tuple[StoredReceipt, Capture]]) -> list[Again]:
    return [_clean_one(stored, capture, options) for stored, capture in pairs]


def _clean_one(stored: StoredReceipt, capture: Capture, options: CleanOptions) -> Again:
    cleaned = clean(capture, options)
    article, receipt = with_hints(cleaned.article, stored.hints), cleaned.receipt
    if stored.choices:
        text = with_choices(read_text(article.body, receipt.removed), stored.choices)
        article, receipt = replace(article, body=text.body), replace(receipt, removed=text.removed)
    return Again(stored=stored, article=article, receipt=receipt, refusal=cleaned.refusal)


def take_in(again: Again, articles: Path, receipts: Path, *, dry: bool = False) -> Result:
    """Bring an article's file to what its page now gives; `dry` only tells what would become of it.

    A page that is no article to the cleaner by now leaves the file as it is. Raises OSError; the file is then wholly
    old or new.
    """
    stored = again.stored
    if again.refusal:
        return Result(outcome="unchanged")
    path = articles / stored.article
    try:
        mine = path.read_bytes().decode("utf-8", "surrogatepass")
    except FileNotFoundError:
        return Result(outcome="deleted by you")
    except UnicodeDecodeError:
        return Result(outcome="in conflict", conflicts=("the file is not UTF-8 text",))
    base = _base(stored, mine)
    text = dump_article(again.article)
    merged = merge_files(base, mine, text)
    same = merged.text == mine
    outcome: Outcome = "unchanged" if same else "merged" if mine != base else "replaced"
    outcome = "in conflict" if merged.conflicts else outcome
    if dry:
        return Result(outcome=outcome, conflicts=merged.conflicts)
    new = replace(stored, markdown=text, receipt=again.receipt, change=None)
    if not same:
        data = merged.text.encode("utf-8", "surrogatepass")
        write_receipt(receipts, replace(new, change=Change(base=base, sha256=hashlib.sha256(data).hexdigest())))
        write_durable(path, data)
    beside = _put_beside(path, text) if merged.conflicts else ""
    if new != stored:
        write_receipt(receipts, new)
    return Result(outcome=outcome, conflicts=merged.conflicts, beside=beside)


def put_back(articles: Path, receipts: Path, source: str, numbers: Sequence[int]) -> Result:
    """Put removed parts back into an article for good, by their numbers in the receipt. Raises ReadError, OSError."""
    stored = stored_of(articles, receipts, source)
    text = read_text(load_article(stored.markdown).article.body, stored.receipt.removed)
    chosen = [choice_to_restore(text, number) for number in sorted(set(numbers))]
    back = {choice.text for choice in chosen}
    kept = [choice for choice in stored.choices if choice.action == "restore" or choice.text not in back]
    dropped = {choice.text for choice in stored.choices if choice.action == "drop"}
    return _decide(articles, receipts, stored, (*kept, *(c for c in chosen if c.text not in dropped)), chosen)


def take_out(articles: Path, receipts: Path, source: str, words: str) -> Result:
    """Take words out of an article for good. Raises ReadError where they are not in it, OSError."""
    stored = stored_of(articles, receipts, source)
    text = read_text(load_article(stored.markdown).article.body, stored.receipt.removed)
    choice = choice_to_drop(text, words)
    return _decide(articles, receipts, stored, (*stored.choices, choice), [choice])


def _decide(
    articles: Path, receipts: Path, stored: StoredReceipt, choices: Sequence[Choice], new: Sequence[Choice]
) -> Result:
    article = load_article(stored.markdown).article
    text = with_choices(read_text(article.body, stored.receipt.removed), new)
    again = Again(
        stored=replace(stored, choices=tuple(choices)),
        article=replace(article, body=text.body),
        receipt=replace(stored.receipt, removed=text.removed),
    )
    return take_in(again, articles, receipts)


def settle(again: Again, result: Result, report: Report) -> None:
    """Count what became of an article, and say what the user has to look at."""
    report.count(result.outcome)
    if result.conflicts:
        report.add([_conflict(again.stored.article, result)])


def _conflict(source: str, result: Result) -> Notice:
    what = (
        f"you and the cleaner changed the same ({', '.join(text[:40] for text in result.conflicts[:3])}); yours stays"
    )
    hint = f"Compare it with {result.beside}, then delete that file" if result.beside else ""
    return Notice(level="warning", what=what, where=f"content/articles/{source}", hint=hint)


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


def _id_of(path: Path) -> str:
    try:
        return load_article(path.read_text("utf-8", "replace")).article.id
    except (OSError, FrontMatterError):
        return ""
