"""content/saved/ → content/articles/: every saved file that is new is read, cleaned and kept.

Files are read here, one after the other, and their pages are cleaned by the workers a few at a time: a container of any
size is never in memory as a whole. Every page, record and row of a file is in its account.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from backfile.addresses import link_id
from backfile.catalog import Catalog
from backfile.cleaning.clean import clean_capture
from backfile.cleaning.identity import capture_id
from backfile.companions import PAGES
from backfile.illustrating import Finders, illustrated
from backfile.importers import file_source, find_importer
from backfile.importers.base import HEAD, Failed, Item, Passed
from backfile.importers.html import looks_like_html
from backfile.importers.reading import Reading
from backfile.limits import limits
from backfile.media.copies import copies_of
from backfile.model import Article, Capture, Cleaned, CleanOptions, FindPicture, Hints, Said
from backfile.parts import Cleaning, Part
from backfile.reading import read_article
from backfile.ready import ready_link, ready_note, with_hints
from backfile.receipts import StoredReceipt, read_stored, receipt_path
from backfile.report import Level, Notice, ReadError, advice
from backfile.rules import ruled
from backfile.scanning import Seen, scan
from backfile.store import Kept, keep, keep_again, likeness, links_by_likeness, urls_of
from backfile.versions import keep_version
from backfile.workers import Pool, run, timed

_PART_PAGES = 16
_PART_BYTES = 4 << 20
UNFORESEEN = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, AssertionError, RecursionError)
"""What a mistake of ours raises: it costs the file in which it shows, and not the others."""
_STRANGE = "is damaged or strange in a way that Backfile does not know"
_REPORT = "Save it again, or report it with the file"
_TOO_LONG = "takes more time than `limits.seconds` or more memory than there is to clean, and is left out"
_Cleaned = tuple[Part, list[Cleaning]]
_NAMED = 1000
"""Articles of one run that are told by name."""
_TOLD = 5
"""Failures and oddities of one file that are told one by one; the rest is counted."""


@dataclass(kw_only=True, slots=True)
class Account:
    """What became of one saved file: outcome → how many, and what there is to say. Grows while its parts come."""

    origin: str
    outcomes: Counter[str] = field(default_factory=Counter)
    notices: list[Notice] = field(default_factory=list)
    passed: Counter[str] = field(default_factory=Counter)
    """Why members are no articles → how many."""
    told: int = 0
    refused: int = 0
    """Pages that were read and are no articles."""
    unread: bool = False
    """True where the disk did not give all of it: the next run tries again."""
    articles: list[str] = field(default_factory=list)
    """The files below `content/articles/` that it led to, the first thousand."""

    @property
    def is_news(self) -> bool:
        """True where the file brought something into the archive."""
        return any(self.outcomes[outcome] for outcome in ("added", "updated", "another version", "link only"))


def import_files(
    root: Path, origins: Iterable[str], options: CleanOptions, pool: Pool | None
) -> Iterator[tuple[Part, list[Cleaning]]]:
    """Read and clean saved files in order, part by part. Bad input costs only itself."""
    parts = (part for origin in origins for part in read_parts(root, origin))
    return clean_parts(
        parts, partial(clean_part, root / "content" / "receipts", options), root / "content" / "media", pool
    )


def clean_parts(
    parts: Iterable[Part],
    function: Callable[[Part], tuple[Part, list[Cleaning]]],
    media: Path | None,
    pool: Pool | None,
) -> Iterator[tuple[Part, list[Cleaning]]]:
    """Clean parts with a function, and keep their pictures below `media`, or only name them without a folder.

    What finds pictures stays in this process.
    """
    finders: deque[Finders] = deque()

    def bare() -> Iterator[Part]:
        for part in parts:
            finders.append(part.finders)
            yield replace(part, finders=())

    found = ((part, cleanings, finders.popleft()) for part, cleanings in run(pool, function, bare(), _page_by_page))
    return illustrated(found, media, pool)


def _page_by_page(part: Part, attempt: Callable[[Part], _Cleaned | None]) -> _Cleaned:
    """A part whose process was ended, cleaned a page at a time, to find the page that did it."""
    found: list[Cleaning] = []
    for page in (item for item in part.items if isinstance(item, Capture)):
        done = attempt(replace(part, items=(page,)))
        found += done[1] if done else [Cleaning(capture=replace(page, data=b""), failed=_TOO_LONG)]
    return replace(part, items=tuple(item for item in part.items if not isinstance(item, Capture))), found


def read_parts(root: Path, origin: str) -> Iterator[Part]:
    """What a saved file holds, a few pages at a time; the last part says so."""
    items: list[Item] = []
    finders: list[FindPicture | None] = []
    notices: tuple[Notice, ...] = ()
    size = 0
    reading = Reading(file_source(root / origin, origin))
    container = unread = False
    try:
        importer, source = find_importer(reading.source)
        container = importer.container
        for number, item in enumerate(importer.items(source)):
            if number >= limits().records:
                raise ReadError(f"holds more than {number:,} records; the rest is left out. Split it")
            if isinstance(item, Capture):
                finders.append(item.find_picture)
                items.append(replace(item, find_picture=None))
                size += len(item.data)
            else:
                items.append(item)
            if len(items) >= _PART_PAGES or size >= _PART_BYTES:
                yield replace(_part(origin, items, finders), container=container, position=reading.position())
                items, finders, size = [], [], 0
    except (ReadError, OSError) as error:
        trouble = reading.trouble or (error if isinstance(error, OSError) else None)
        unread = trouble is not None or isinstance(error.__cause__, OSError)
        what = f"cannot be read ({trouble.strerror or trouble})" if trouble else str(error)
        notices = (Notice(level="error", what=what, where=origin, hint=advice(trouble) if trouble else ""),)
    except UNFORESEEN as error:
        what = f"{_STRANGE} ({type(error).__name__}: {error})"
        notices = (Notice(level="error", what=what, where=origin, hint=_REPORT),)
    rest = replace(_part(origin, items, finders), notices=notices, container=container)
    yield replace(rest, last=True, unread=unread or reading.trouble is not None)


def _part(origin: str, items: Sequence[Item], finders: Sequence[FindPicture | None]) -> Part:
    return Part(origin=origin, items=tuple(items), finders=tuple(finders))


def clean_part(receipts: Path, options: CleanOptions, part: Part) -> tuple[Part, list[Cleaning]]:
    """Clean the pages of a part, without those whose receipt is there."""
    found: list[Cleaning] = []
    for capture in (item for item in part.items if isinstance(item, Capture)):
        identity = link_id(capture.url) if capture.is_link else capture_id(capture)
        if identity and not capture.is_link and receipt_path(receipts, identity).exists():
            found.append(Cleaning(capture=replace(capture, data=b""), known=identity))
        else:
            found.append(clean_page(capture, options))
    others = tuple(item for item in part.items if not isinstance(item, Capture))
    return replace(part, items=others), found


def clean_page(capture: Capture, options: CleanOptions) -> Cleaning:
    """A cleaned capture with the copies of its pictures that the page offers."""
    bare = replace(capture, data=b"")
    try:
        with timed():
            cleaned = clean(capture, options)
    except UNFORESEEN as error:
        return Cleaning(capture=bare, failed=f"{_STRANGE} ({type(error).__name__}: {error})")
    base_url = cleaned.article.url or capture.url
    copies = copies_of(capture, base_url, {figure.url for figure in cleaned.article.figures if figure.url})
    return Cleaning(capture=bare, cleaned=cleaned, copies=copies)


def clean(capture: Capture, options: CleanOptions) -> Cleaned:
    """The article in any capture, with what its container says of it."""
    if capture.is_link:
        return ready_link(capture)
    cleaned = (ready_note(capture) if capture.media_type == "text/markdown" else None) or clean_capture(
        capture, options
    )
    cleaned = ruled(cleaned, cleaned.article.url or capture.url, options.rules)
    return replace(cleaned, article=with_hints(cleaned.article, capture.hints))


def page_of(data: bytes, url: str, media_type: str = "") -> Capture:
    """A page's bytes as a capture; the media type is found from them where it is not given."""
    kind = media_type or ("text/html" if looks_like_html(data[:HEAD], "") else "text/plain")
    return Capture(data=data, media_type=kind, url=url)


def first_page(path: Path, url: str) -> Capture:
    """The first page in a file. Raises ReadError, with the file's name, where it cannot be read."""
    try:
        importer, source = find_importer(file_source(path, ""))
        capture = next((item for item in importer.items(source) if isinstance(item, Capture)), None)
    except ReadError as error:
        raise ReadError(f"{path} {error}") from error
    except OSError as error:
        raise ReadError(f"{path} cannot be read ({error.strerror or error}). {advice(error)}") from error
    if not capture:
        raise ReadError(f"{path} holds no page")
    return replace(capture, url=url or capture.url)


class Keeper:
    """Puts what saved files gave into the archive, and writes their accounts."""

    def __init__(self, root: Path, catalog: Catalog, *, everything: bool) -> None:
        self._articles = root / "content" / "articles"
        self._receipts = root / "content" / "receipts"
        self._catalog = catalog
        self._everything = everything
        self.overtaken = 0
        """How many entries of addresses came in this run and were then replaced by their articles."""
        self._links: set[str] = set()
        self._unknown = catalog.fresh
        self._likely: dict[tuple[str, str], str] | None = None
        self._renamed: dict[str, str] | None = None

    def unknown(self, cleanings: Iterable[Cleaning]) -> Iterator[str]:
        """The ids of the pages that are not in the archive yet."""
        pages = (each.cleaned.receipt.id for each in cleanings if each.cleaned and not each.cleaned.article.link_only)
        yield from (each for each in pages if each and not receipt_path(self._receipts, each).exists())

    def settle(self, account: Account, part: Part, cleanings: Iterable[Cleaning]) -> None:
        """Keep what a part of a saved file gave; what is not an article is kept only on demand. Raises OSError."""
        for item in part.items:
            _count(account, item)
        account.outcomes["failed"] += len(part.notices)
        account.notices += part.notices
        account.unread |= part.unread
        for cleaning in cleanings:
            self._settle_one(account, cleaning, container=part.container)
        if part.last:
            account.notices += _summary(account, container=part.container)

    def _settle_one(self, account: Account, cleaning: Cleaning, *, container: bool) -> None:
        if cleaning.failed:
            account.outcomes["failed"] += 1
            account.notices.append(_failed(account.origin, cleaning))
            return
        try:
            kept = self._kept(cleaning)
        except ReadError as error:  # a damaged receipt
            account.outcomes["failed"] += 1
            account.notices.append(Notice(level="error", what=str(error), where=account.origin))
            account.unread = True
            return
        if isinstance(kept, str):
            account.outcomes["not an article"] += 1
            account.refused += 1
            if container:
                account.passed[kept] += 1
            else:
                account.notices.append(_refused(account.origin, kept))
            return
        account.outcomes[kept.outcome] += 1
        if len(account.articles) < _NAMED:
            account.articles.append(kept.article)
        if kept.outcome == "link only":
            self._links.add(kept.article)
        elif kept.joined in self._links:
            self._links.discard(kept.joined)
            self.overtaken += 1
        told = cleaning.cleaned.warnings if cleaning.cleaned else ()
        account.notices += (Notice(level="warning", what=what, where=kept.article) for what in told)
        if kept.edited:
            account.notices.append(edited_notice(kept.edited, kept.article, kept.beside))

    def _kept(self, cleaning: Cleaning) -> Kept | str:
        """What became of a capture, or why it is not kept."""
        capture, cleaned = cleaning.capture, cleaning.cleaned
        if cleaned is None:
            stored = read_stored(self._receipts, cleaning.known)
            if stored:
                ids = (link_id(url) for url in urls_of(stored))
                self._catalog.note_addresses(stored.article, filter(None, ids))
                return keep_again(stored, _said_beside(stored, capture), self._articles, self._receipts)
            return "its receipt is gone"
        if cleaned.refusal and capture.hints.saved.by and capture.url and not cleaned.article.link_only:
            cleaned = ready_link(capture)
        if cleaned.refusal and not self._everything:
            return cleaned.refusal
        if not cleaned.receipt.id:
            return "not an address of the public web"
        known = self._article_at(cleaned.receipt.id) if cleaned.article.link_only else ""
        alike = "" if cleaned.article.link_only else self._alike(cleaned.article)
        kept = self._version(cleaned) or keep(cleaned, self._articles, self._receipts, known=known, alike=alike)
        if not cleaned.article.link_only:
            self._catalog.note_addresses(kept.article, address_ids(cleaned))
        elif self._likely is not None and (key := likeness(cleaned.article)):
            self._likely[key] = "" if key in self._likely else cleaned.article.url
        return kept

    def _version(self, cleaned: Cleaned) -> Kept | None:
        """What became of a page that is another capture of a story that is there."""
        if cleaned.article.link_only or cleaned.refusal or receipt_path(self._receipts, cleaned.receipt.id).exists():
            return None
        sources = dict.fromkeys(filter(None, map(self._article_at, address_ids(cleaned))))
        found = (keep_version(cleaned, each, self._articles, self._receipts) for each in sources)
        return next((kept for kept in found if kept), None)

    def _alike(self, article: Article) -> str:
        """The address of an entry that is this article by its title and its day."""
        key = likeness(article)
        if key and self._likely is None:
            self._likely = links_by_likeness(self._articles)
        return (self._likely or {}).get(key, "") if key else ""

    def _article_at(self, identity: str) -> str:
        """The file of the article at an address, or an empty string."""
        if self._unknown:
            self._unknown = False
            with self._catalog.transaction():
                self._read_addresses()
        source = self._catalog.article_at(identity)
        return self._moved(source) if source and not (self._articles / source).exists() else source

    def _moved(self, source: str) -> str:
        """The file that an article is in now, of which the catalog knows another: named anew since the last build."""
        known = self._catalog.entry(source)
        if self._renamed is None:
            files = scan(self._articles, ".md").items()
            unknown = ((name, seen) for name, seen in files if not self._catalog.sha256(name))
            entries = (read_article(self._articles, name, seen).entry for name, seen in unknown)
            self._renamed = {entry.id: entry.source for entry in entries if entry and entry.id}
        found = self._renamed.get(known.id, "") if known else ""
        if found:
            self._catalog.move_addresses(source, found)
        return found

    def _read_addresses(self) -> None:
        """Tell a new catalog where the articles that are there come from."""
        for source, seen in scan(self._articles, ".md").items():
            entry = read_article(self._articles, source, seen).entry
            if entry and entry.url and not entry.link_only:
                self._catalog.note_addresses(source, [link_id(entry.url)])


def _said_beside(stored: StoredReceipt, capture: Capture) -> tuple[Said, ...]:
    """What a second copy of a page says of it."""
    own = (capture.origin, capture.member) == (stored.receipt.origin, stored.receipt.member)
    said = Said(origin=capture.origin, member=capture.member, url=capture.url, hints=capture.hints)
    return () if own or capture.hints == Hints() else (said,)


def address_ids(cleaned: Cleaned) -> list[str]:
    """The ids under which a link to this article's page would come."""
    found = (link_id(url) for url in dict.fromkeys((cleaned.article.url, cleaned.receipt.url)) if url)
    return [identity for identity in found if identity]


def remember(catalog: Catalog, account: Account, seen: Seen) -> None:
    """Note that a saved file is done with."""
    refused = bool(account.outcomes["not an article"] or account.outcomes["failed"])
    with catalog.transaction():
        seen = replace(seen, stamp="") if account.unread else seen
        catalog.remember_saved(account.origin, seen, account.notices, refused=refused)


def _count(account: Account, item: Item) -> None:
    if isinstance(item, Passed):
        account.outcomes["not an article"] += item.count
        account.passed[item.why] += item.count
    elif not isinstance(item, Capture):
        account.outcomes["failed"] += isinstance(item, Failed)
        account.told += 1
        if account.told <= _TOLD:
            what = item.why if isinstance(item, Failed) else item.what
            where = f"{account.origin}#{item.member}" if item.member else account.origin
            account.notices.append(Notice(level="warning", what=what, where=where))


def _summary(account: Account, *, container: bool) -> Iterator[Notice]:
    """What is said at the end of a file: an error where nothing came of it, not even a page to judge."""
    if account.told > _TOLD:
        more = account.told - _TOLD
        what = f"{more:,} more parts like these are damaged or odd" if more > 1 else "one more part is damaged or odd"
        yield Notice(level="warning", what=what, where=account.origin)
    if not container:
        misnamed = account.origin.lower().endswith(PAGES)
        level: Level = "warning" if misnamed else "info"
        what = "is skipped: not a page, as its name says, but this:" if misnamed else "is no page:"
        yield from (Notice(level=level, what=f"{what} {why}", where=account.origin) for why in account.passed)
        return
    whys = [f"{n:,} × {why}" for why, n in account.passed.most_common(8)]
    useless = account.passed.total() + account.outcomes["failed"]
    if useless == account.outcomes.total() and not any(notice.level == "error" for notice in account.notices):
        broken = [f"{account.outcomes['failed']:,} × damaged"] if account.outcomes["failed"] else []
        level = "warning" if account.refused else "error"
        what = f"holds no article ({', '.join([*whys, *broken]) or 'nothing in it'})"
        yield Notice(level=level, what=what, where=account.origin)
    elif whys:
        passed = account.passed.total()
        verb = "are not articles" if passed > 1 else "is not an article"
        what = f"{passed:,} of {account.outcomes.total():,} parts {verb} ({', '.join(whys)})"
        yield Notice(level="info", what=what, where=account.origin)


def _refused(origin: str, why: str) -> Notice:
    hint = "Save the article's own page, or import it all the same with --all"
    return Notice(level="warning", what=f"not an article: {why}", where=origin, hint=hint)


def edited_notice(edited: str, article: str, beside: str = "") -> Notice:
    """That a file below `content/articles` keeps what the user made of it, though something new came for it.

    `beside` is the name of a file next to it that has what came new.
    """
    what, hint = "was edited by you, so it is left as it is beside what came new", ""
    if beside:
        what = "you and a newer capture changed the same; yours stays"
        hint = f"Compare it with {beside}, then delete that file"
    elif edited != article:
        hint = f"Compare it with content/articles/{article}"
    return Notice(level="warning", what=what, where=f"content/articles/{edited}", hint=hint)


def _failed(origin: str, cleaning: Cleaning) -> Notice:
    hint = "Raise `seconds` under [limits] in backfile.toml and build with --all, or delete it"
    return Notice(
        level="error",
        what=cleaning.failed,
        where=f"{origin}#{cleaning.capture.member}" if cleaning.capture.member else origin,
        hint=hint if cleaning.failed == _TOO_LONG else _REPORT,
    )
