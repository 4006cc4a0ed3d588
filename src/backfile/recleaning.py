"""Articles that are in the archive, made anew from their originals, with every edit of the user's kept.

The machine's last text of an article is in its receipt: what differs from it in the article's file is the user's. A
new text goes in by a three-way merge; where both changed the same, the user's version stays, and the machine's is put
beside the file.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from urllib.parse import unquote, urlsplit

from backfile.choices import choice_to_drop, choice_to_restore, occurrences, read_text, with_choices
from backfile.cleaning.identity import capture_id
from backfile.files import text_of_file
from backfile.fixity import moved_files, recorded_files
from backfile.learning import Template, host_of, learn, text_of, without_learnt, without_template
from backfile.markdown import dump_article, load_article
from backfile.media.place import with_files_of
from backfile.model import Capture, Choice, Cleaned, CleanOptions
from backfile.parts import Cleaning, Part
from backfile.paths import article_output
from backfile.receipts import StoredReceipt, read_stored, write_receipt
from backfile.report import FrontMatterError, Notice, ReadError, Report
from backfile.revising import Result, Revision, revise
from backfile.rules import rules_for, with_rules
from backfile.saving import clean_page, clean_parts, read_parts
from backfile.scanning import scan
from backfile.sources import retold_page
from backfile.workers import Pool

_ID = re.compile(r"[0-9a-f]{16}")


def find_article(articles: Path, name: str) -> str:
    """The file below `content/articles/` that a user names.

    By path, by path from there, with or without `.md`; by its built page, from the site's root or as an address; or by
    the end of its path, where no other article's ends so. Raises ReadError where there is none, or more than one.
    """
    below = articles / name
    for candidate in (Path(name), below, below.with_name(f"{below.name}.md"), below.with_suffix(".md")):
        if candidate.is_file() and candidate.resolve().is_relative_to(articles.resolve()):
            return candidate.resolve().relative_to(articles.resolve()).as_posix()
    sources = sorted(scan(articles, ".md"))
    page = unquote(urlsplit(name).path) if "://" in name else name
    found = [source for source in sources if f"/{page}".endswith(f"/{article_output(source)}")]
    found = found or [s for s in sources if f"/{s.removesuffix('.md')}".endswith(f"/{name.removesuffix('.md')}")]
    if len(found) > 1:
        raise ReadError(f"{name} may be any of {', '.join(found[:5])}{' …' * (len(found) > 5)}. Name one of them")
    if not found:
        raise ReadError(f"{name} is no article. Name its file in {articles}, such as 2024/04/the-tide.md, or its page")
    return found[0]


def stored_of(articles: Path, receipts: Path, source: str) -> StoredReceipt:
    """The receipt of an article's file. Raises ReadError where it has none, as a hand-written article."""
    try:
        identity = load_article(text_of_file(articles / source)).article.id
    except FrontMatterError as error:
        raise ReadError(f"{source} cannot be read ({error}). Mend it") from error
    stored = read_stored(receipts, identity) if identity else None
    if not stored:
        raise ReadError(f"{source} has no receipt: it was written by hand, or its receipt is gone")
    return replace(stored, article=source)


def all_stored(
    articles: Path, receipts: Path, report: Report, notices: list[Notice] | None = None
) -> Iterator[StoredReceipt]:
    """Every receipt of a cleaned page, with the article's file where it now is.

    What cannot be listed is said in `notices`; without it OSError is raised.
    """
    moved = {_id_of(articles / source): source for source in scan(articles, ".md", notices)}
    for name in sorted(scan(receipts, ".json", notices)):
        identity = Path(name).stem
        try:
            stored = read_stored(receipts, identity) if _ID.fullmatch(identity) else None
        except ReadError as error:
            report.error(str(error))
            continue
        if stored and stored.receipt.sha256:
            yield replace(stored, article=moved.get(identity, stored.article))


def stored_among(receipts: Path, ids: Iterable[str]) -> list[StoredReceipt]:
    """The receipts of these captures, as far as they are there and sound. Raises ReadError where the disk fails."""
    found = []
    for identity in ids:
        try:
            stored = read_stored(receipts, identity)
        except ReadError as error:  # a damaged one is said where it is needed
            if isinstance(error.__cause__, OSError):
                raise
            continue
        found += [stored] if stored else []
    return found


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where captures are cleaned once more."""

    root: Path
    """The site's folder."""
    media: Path | None
    """Where their pictures are kept; without a folder they are only named."""
    options: CleanOptions
    learn: bool = False
    """Look anew at what recurs in the articles of a site (`learning`): these receipts are all there are."""


def clean_again(place: Place, stored: Iterable[StoredReceipt], pool: Pool | None, report: Report) -> Iterator[Revision]:
    """Clean the captures of these receipts once more, file by file; originals that are gone are said."""
    wanted = _by_origin(place.root, stored)
    known = {identity: each for some in wanted.values() for identity, each in some.items()}
    templates = learn(known.values()) if place.learn else None
    parts = _parts(place.root, wanted, report)
    for _, cleanings in clean_parts(parts, partial(_clean_part, place.options), place.media, pool):
        for cleaning in cleanings:
            if cleaning.cleaned:
                stored_one = known[cleaning.cleaned.receipt.id]
                yield _revision(stored_one, cleaning.cleaned, templates, place.options)
    _say_missing(wanted, report)


def originals(root: Path, stored: Iterable[StoredReceipt], report: Report) -> Iterator[tuple[StoredReceipt, Capture]]:
    """The captures of these receipts, file by file; those that are gone are said."""
    wanted = _by_origin(root, stored)
    known = {identity: each for some in wanted.values() for identity, each in some.items()}
    for part in _parts(root, wanted, report):
        yield from ((known[capture_id(item)], item) for item in part.items if isinstance(item, Capture))
    _say_missing(wanted, report)


_Wanted = dict[str, dict[str, StoredReceipt]]
"""Saved file, where it now is → id → receipt, of the captures still to be found."""


def _by_origin(root: Path, stored: Iterable[StoredReceipt]) -> _Wanted:
    wanted: _Wanted = defaultdict(dict)
    for each in stored:
        wanted[each.receipt.origin][each.receipt.id] = each
    if all((root / origin).is_file() for origin in wanted):
        return wanted
    content = root / "content"
    for old, new in moved_files(content, recorded_files(content, [])).items():
        for identity, each in wanted.pop(f"content/{old}", {}).items():
            wanted[f"content/{new}"].setdefault(identity, each)
    return wanted


def _say_missing(wanted: _Wanted, report: Report) -> None:
    for origin, left in wanted.items():
        for each in left.values():
            report.count("original missing")
            where = f"{origin}#{each.receipt.member}" if each.receipt.member else origin
            report.warn("is not the page that it was, or is gone, so its article stays as it is", where)


def _parts(root: Path, wanted: _Wanted, report: Report) -> Iterator[Part]:
    """What is wanted of the saved files; what is found is wanted no more."""
    for origin in sorted(wanted):
        if not (root / origin).is_file():
            continue
        for part in read_parts(root, origin):
            report.add(part.notices)
            captures = [item for item in part.items if isinstance(item, Capture)]
            pairs = [
                (capture, finder)
                for capture, finder in zip(captures, part.finders, strict=True)
                if not capture.is_link and wanted[origin].pop(capture_id(capture), None) is not None
            ]
            if pairs:
                items, finders = zip(*pairs, strict=True)
                yield replace(part, items=items, finders=finders)


def _clean_part(options: CleanOptions, part: Part) -> tuple[Part, list[Cleaning]]:
    cleanings = [clean_page(item, options) for item in part.items if isinstance(item, Capture)]
    return replace(part, items=()), cleanings


def _revision(
    stored: StoredReceipt, cleaned: Cleaned, templates: Mapping[str, Template] | None, options: CleanOptions
) -> Revision:
    now = load_article(stored.markdown).article
    if cleaned.refusal:  # a page that is no article to the cleaner by now leaves its file as it is
        return Revision(stored=stored, article=now, receipt=stored.receipt)
    article, said = retold_page(cleaned.article, stored.said)
    stored, receipt = replace(stored, said=said), cleaned.receipt
    before = read_text(article.body, receipt.removed)
    learnt = without_learnt(before, stored.receipt)
    text = learnt if templates is None else without_template(before, templates.get(host_of(stored)))
    text = with_choices(with_rules(text, rules_for(options.rules, host_of(stored))), stored.choices)
    if text != before:
        article, receipt = replace(article, body=text.body), replace(receipt, removed=text.removed)
    article = replace(with_files_of(article, now), versions=now.versions, pinned=now.pinned)
    return Revision(stored=stored, article=article, receipt=receipt)


def without_templates(stored: Sequence[StoredReceipt], options: CleanOptions) -> Iterator[Revision]:
    """The articles of these receipts in which something of their site's template stands, without it."""
    templates = learn(stored)
    for each in stored:
        template = templates.get(host_of(each))
        before = text_of(each)
        after = with_rules(without_template(before, template), rules_for(options.rules, host_of(each)))
        if after != before:
            article = replace(load_article(each.markdown).article, body=after.body)
            yield Revision(stored=each, article=article, receipt=replace(each.receipt, removed=after.removed))


def renew(revision: Revision, articles: Path, receipts: Path, *, dry: bool) -> Result:
    """Bring an article to what its page now gives; of an earlier version only the receipt changes. Raises OSError."""
    stored = revision.stored
    if _id_of(articles / stored.article) in ("", stored.receipt.id):
        return revise(revision, articles, receipts, dry=dry)
    new = replace(stored, markdown=dump_article(revision.article), receipt=revision.receipt)
    if new == stored:
        return Result(outcome="unchanged")
    if not dry:
        write_receipt(receipts, new)
    return Result(outcome="replaced")


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
    """Take words out of an article for good. Raises ReadError where the page does not have them, OSError."""
    stored = stored_of(articles, receipts, source)
    text = read_text(load_article(stored.markdown).article.body, stored.receipt.removed)
    wanted = " ".join(words.split())
    if not occurrences(text, wanted):
        mine = load_article(text_of_file(articles / source)).article
        if occurrences(read_text(mine.body, ()), wanted):
            raise ReadError(f"“{wanted[:60]}” is your own: delete it in {articles / source}")
    choice = choice_to_drop(text, words)
    return _decide(articles, receipts, stored, (*stored.choices, choice), [choice])


def _decide(
    articles: Path, receipts: Path, stored: StoredReceipt, choices: Sequence[Choice], new: Sequence[Choice]
) -> Result:
    article = load_article(stored.markdown).article
    text = with_choices(read_text(article.body, stored.receipt.removed), new)
    revision = Revision(
        stored=replace(stored, choices=tuple(choices)),
        article=replace(article, body=text.body),
        receipt=replace(stored.receipt, removed=text.removed),
    )
    return revise(revision, articles, receipts)


def choice_of(stored: StoredReceipt, *, number: int = 0, words: str = "") -> Choice:
    """The choice of a part, to restore it by its number or drop it by its words. Raises ReadError."""
    text = text_of(stored)
    return choice_to_restore(text, number) if number else choice_to_drop(text, words)


def settle(source: str, result: Result, report: Report) -> None:
    """Count what became of an article, and say what the user has to look at."""
    report.count(result.outcome)
    if result.conflicts:
        report.add([_conflict(source, result)])


def _conflict(source: str, result: Result) -> Notice:
    what = (
        f"you and the cleaner changed the same ({', '.join(text[:40] for text in result.conflicts[:3])}); yours stays"
    )
    hint = f"Compare it with {result.beside}, then delete that file" if result.beside else ""
    return Notice(level="warning", what=what, where=f"content/articles/{source}", hint=hint)


def _id_of(path: Path) -> str:
    try:
        return load_article(text_of_file(path)).article.id
    except (OSError, FrontMatterError):
        return ""
