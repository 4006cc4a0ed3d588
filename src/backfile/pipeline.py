"""The recipes, a line a stage. Read this first.

    import_saved   content/saved/ → captures → cleaned articles → content/articles/ and content/receipts/
    reclean        content/receipts/ → their captures once more → the same articles, with the user's edits
    build_site     content/ → catalog → dirty pages → build/

Importing ends at the `.md` files and building starts there; neither knows the other.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING

import msgspec

from backfile.adding import add_paths
from backfile.addresses import link_id
from backfile.catalog import Catalog, open_catalog
from backfile.catalog.outputs import folder_of
from backfile.config import Site
from backfile.fetch.options import Fetched, FetchOptions
from backfile.files import asked_twice, set_aside, sweep, text_of_file
from backfile.fixity import record, record_some
from backfile.freshness import RECORDED, find_news, take_in
from backfile.limits import limited
from backfile.locking import HeldError, held
from backfile.markdown import load_article
from backfile.pages.base import View, WrittenPage
from backfile.pages.menu import menus
from backfile.paths import slug, web_address
from backfile.report import FrontMatterError, Notice, ReadError, Report, SiteError
from backfile.scanning import Seen, scan, scan_saved
from backfile.site import (
    Overseen,
    Target,
    claim_folder,
    existing_files,
    folder_stamps,
    look_over,
    make_ready,
    remove_empty_folders,
    remove_files,
    write_pages,
)
from backfile.workers import Pool, executor

if TYPE_CHECKING:
    from backfile.model import Choice
    from backfile.receipts import StoredReceipt
    from backfile.revising import Result

Progress = Callable[[str, int, int], None]
"""(what is being done, how many are done, how many there are); cleaning is counted in bytes of saved files"""


_MANY = 10
"""New articles of one run, from which it is looked at what recurs in them."""
_PATIENCE = 10.0
"""Seconds to wait for another run to end."""


def _silent(what: str, done: int, total: int) -> None:
    """Progress that nobody watches."""


@dataclass(frozen=True, kw_only=True, slots=True)
class BuildOptions:
    """What a caller may choose about a build."""

    out: Path | None = None
    jobs: int = 0
    """Processes; with none the work is done in the caller's, where a page that takes too long cannot be ended."""
    cluster: str = ""
    """The address of a Dask scheduler, whose workers see the site folder at the same path."""
    force: bool = False
    """Write every page anew."""
    everything: bool = False
    """Import also what is not an article."""
    link: bool = False
    """Give files that are added a second name in `content/saved/`, where that is possible, instead of a copy."""
    fetch: FetchOptions = field(default_factory=FetchOptions)
    progress: Progress = _silent


def build_site(site: Site, options: BuildOptions | None = None, report: Report | None = None) -> Report:
    """Bring the archive up to date with `content/saved/` and write the site; returns the account of it.

    The account grows in `report` where one is given, for those who may be interrupted.

    Raises SiteError where the build folder is not ours or another run is at work, OSError where a disk fails.
    """
    chosen = options or BuildOptions()
    report = Report() if report is None else report
    out = (chosen.out or site.build).resolve()
    with (
        locked(site, recorded=False),
        executor(chosen.jobs, chosen.cluster) as pool,
        open_catalog(site.catalog) as catalog,
    ):
        claim_folder(out, site, catalog)
        said = import_saved(site, catalog, chosen, report, pool)
        report.add(_without_known(catalog.saved_notices(), said))
        view = make_view(site)
        elsewhere = catalog.setting("out") != str(out)
        news = find_news(catalog, view, report.notices, force=chosen.force or elsewhere, jobs=chosen.jobs)
        target = Target(view=view, catalog=site.catalog, out=out, look=news.look, run=token_hex(8))
        if news:
            make_ready(target)
            take_in(catalog, view, news, pool)
        record_news(site, catalog)
        if not catalog.setting("indexed"):
            index_articles(catalog, view, site.catalog, chosen, pool)
            catalog.set_setting("indexed", "yes")
        report.add(catalog.file_notices())
        write_site(catalog, target, chosen, report, pool)
    return report


def record_news(site: Site, catalog: Catalog) -> None:
    """Record the digests of what came, went or changed in `content/`. Raises OSError."""
    waiting = catalog.setting(RECORDED)
    names = msgspec.json.decode(waiting, type=list[str]) if waiting else []
    content, cache = site.root / "content", site.cache / "fixity"
    if not waiting or (names and not record_some(content, cache, names)):
        record(content, cache)
    catalog.set_setting(RECORDED, "[]")


def _without_known(notices: Iterable[Notice], new: Sequence[Notice]) -> Iterator[Notice]:
    """What there is to say of saved files; errors of files that were read in an earlier run are counted only."""
    old = 0
    for notice in notices:
        if notice.level == "error" and notice not in new:
            old += 1
        else:
            yield notice
    if old:
        what = f"{old:,} saved {'files' if old > 1 else 'file'} that could not be read before "
        what += f"{'are' if old > 1 else 'is'} passed over"
        yield Notice(level="info", what=what, hint="`backfile check` lists what is wrong; `build --all` tries again")


def import_only(
    site: Site, options: BuildOptions, report: Report, paths: Sequence[Path] = (), urls: Sequence[str] = ()
) -> None:
    """Copy files and folders into `content/saved/`, fetch addresses into it, and bring the archive up to date with it.

    The site stays. Raises as `build_site` does.
    """
    with (
        locked(site),
        executor(options.jobs, options.cluster) as pool,
        open_catalog(site.catalog) as catalog,
    ):
        add_paths(paths, site, report, link=options.link)
        pages = fetch_new(site, options, report, urls)
        report.add(import_saved(site, catalog, options, report, pool))
        join_redirected(site, catalog, report, pages)


def fetch_new(site: Site, options: BuildOptions, report: Report, urls: Sequence[str]) -> list[Fetched]:
    """Fetch addresses into `content/saved/`."""
    if not urls:
        return []
    from backfile.fetching import fetch_pages  # with a client, which most runs do without

    return fetch_pages(urls, site.saved, options.fetch, report, options.progress)


def join_redirected(site: Site, catalog: Catalog, report: Report, pages: Sequence[Fetched]) -> None:
    """Let an article take the place of an address that leads to it by a redirect."""
    from backfile.saving import edited_notice
    from backfile.store import join_link

    for page in pages:
        article = catalog.article_at(link_id(page.url))
        if article and link_id(page.asked) != link_id(page.url):
            edited = join_link(page.asked, article, site.articles, site.receipts)
            report.add([edited_notice(edited, article)] if edited else [])
            catalog.note_addresses(article, [link_id(page.asked)])


def fetch_missing(site: Site, options: BuildOptions, report: Report, limit: int, *, cited: bool = False) -> None:
    """Fetch the pages of which only the address is there, at most so many; then as `import_only`.

    `cited`: then also those that several articles link to, the most cited first, as of the last build. Where pictures
    are asked for, those of the articles that are there are fetched, too.
    """
    from backfile.store import LINKS, link_in

    entries = (link_in(path) for path in sorted((site.articles / LINKS).glob("*.md")))
    urls = [entry.url for entry in entries if entry]
    if cited:
        with locked(site), open_catalog(site.catalog) as catalog:
            known = [web_address(url) for url, _ in catalog.most_cited(limit)]
            urls += [url for url in known if url and not catalog.article_at(link_id(url))]
    import_only(site, options, report, urls=urls[:limit])
    if options.fetch.pictures:
        from backfile.picturing import fetch_pictures
        from backfile.recleaning import all_stored

        with locked(site):
            stored = all_stored(site.articles, site.receipts, report)
            fetch_pictures(stored, site.root / "content", options.fetch, report, options.progress, limit)


def reclean(site: Site, names: Sequence[str], options: BuildOptions, report: Report, *, dry: bool = False) -> None:
    """Make articles anew from their originals, all or those named, and keep what the user changed in them.

    `dry` changes nothing and only counts. Raises as `build_site` does, and ReadError for a name that is no article's.
    """
    from backfile.recleaning import Place, all_stored, clean_again, find_article, renew, settle, stored_of
    from backfile.rules import cleaning_of

    cleaning = cleaning_of(site)
    media = None if dry else site.root / "content" / "media"
    place = Place(root=site.root, media=media, options=cleaning, learn=not names)
    with locked(site), executor(options.jobs, options.cluster) as pool:
        if names:
            sources = dict.fromkeys(find_article(site.articles, name) for name in names)
            stored = [stored_of(site.articles, site.receipts, source) for source in sources]
        else:
            stored = list(all_stored(site.articles, site.receipts, report))
        for done, revision in enumerate(clean_again(place, stored, pool, report), 1):
            result = renew(revision, site.articles, site.receipts, dry=dry)
            settle(revision.stored.article, result, report)
            options.progress("Cleaning again", done, len(stored))


def decide(site: Site, name: str, change: Callable[[str], Result]) -> Result:
    """Change an article by its name as the user decided. Raises as `reclean` does."""
    from backfile.recleaning import find_article

    with locked(site):
        return change(find_article(site.articles, name))


def decide_for_all(
    site: Site, name: str, choose: Callable[[StoredReceipt], Choice], agree: Callable[[list[str]], None]
) -> list[Result]:
    """Make a choice in an article the rule of its site, and bring all its articles to that.

    `agree` gets the files of the articles that it changes, and raises to leave all as it is. Raises as `reclean` does.
    """
    from backfile.recleaning import all_stored, find_article, renew, stored_of
    from backfile.rules import add_rule, changed_by, rule_of

    with locked(site):
        stored = stored_of(site.articles, site.receipts, find_article(site.articles, name))
        domain, rule = rule_of(stored, choose(stored))
        revisions = list(changed_by(domain, rule, all_stored(site.articles, site.receipts, Report())))
        agree(sorted({revision.stored.article for revision in revisions}))
        add_rule(site.root / "content" / "publishers", domain, rule)
        return [renew(revision, site.articles, site.receipts, dry=False) for revision in revisions]


def import_saved(
    site: Site, catalog: Catalog, options: BuildOptions, report: Report, pool: Pool | None
) -> list[Notice]:
    """Clean every file in `content/saved/` that is new, and put the articles into the archive.

    Returns what there is to say of these files; the catalog keeps it with what there is to say of the others.
    """
    found = scan_saved(site.root, report.notices)
    whole = not any(notice.level == "error" for notice in report.notices)
    if options.force:
        with catalog.transaction():
            catalog.take_again(_without_receipt(site, catalog))
    new = catalog.new_saved(found, refused_too=options.everything)
    if new or catalog.lacks_saved(found):
        catalog.set_setting(RECORDED, "")
    fresh = {origin: found[origin] for origin in new}
    said, unread = _clean_new(site, catalog, options, report, fresh, pool) if new else ([], False)
    learn_templates(site, catalog, report, pool)
    with catalog.transaction():
        catalog.forget_saved(found)
        if whole and not unread and not catalog.setting("unlearnt"):
            catalog.end_batch()
    return said


def _without_receipt(site: Site, catalog: Catalog) -> set[str]:
    """The saved files whose articles have lost their receipts: these can be made once more."""
    there = {Path(name).stem for name in scan(site.receipts, ".json", [])}
    origins = set()
    for source, identity in catalog.captures():
        if identity not in there:
            with suppress(OSError, FrontMatterError):  # it is said when the article is read
                article = load_article(text_of_file(site.articles / source)).article
                origins.add(article.original.partition("#")[0])
    return origins


def _clean_new(
    site: Site, catalog: Catalog, options: BuildOptions, report: Report, new: dict[str, Seen], pool: Pool | None
) -> tuple[list[Notice], bool]:
    """What there is to say of the files, and whether one could not be read."""
    from backfile.rules import cleaning_of
    from backfile.saving import Account, Keeper, import_files, remember  # the cleaner takes a second to load

    cleaning = cleaning_of(site)
    report.add(rule_notices(cleaning.site_rules))
    keeper = Keeper(site.root, catalog, everything=options.everything)
    account = Account(origin="")
    said: list[Notice] = []
    unread = False
    done, total = 0, sum(seen.size for seen in new.values())
    for part, cleanings in import_files(site.root, new, cleaning, pool):
        account = account if account.origin == part.origin else Account(origin=part.origin)
        with catalog.transaction():
            catalog.add_to_batch(keeper.unknown(cleanings))
        keeper.settle(account, part, cleanings)
        size = new[part.origin].size
        options.progress("Cleaning", done + (size if part.last else min(size, part.position)), total)
        if part.last:
            done += size
            said += account.notices
            unread |= account.unread
            report.articles += account.articles[: 1000 - len(report.articles)]
            if account.is_news or not catalog.knows_saved(account.origin):
                report.counts.update(+account.outcomes)
            remember(catalog, account, new[account.origin])
    if keeper.overtaken:
        report.counts += Counter({"updated": keeper.overtaken, "link only": -keeper.overtaken})
    return said, unread


def rule_notices(folder: str) -> Iterator[Notice]:
    """What site rules say that is not understood, in one line."""
    if not folder:
        return
    from backfile.cleaning.rules import odd_lines  # only a run that cleans reads them

    odd = odd_lines(Path(folder))
    if odd:
        some = ", ".join(f"{name} ({count:,})" for name, count in odd.most_common(8))
        lines = "lines" if odd.total() > 1 else "line"
        what = f"{odd.total():,} {lines} of site rules not understood, or beyond the bounds, and passed over: {some}"
        yield Notice(level="warning", what=what, where=folder, hint="docs/extending.md lists what is used")


def learn_templates(site: Site, catalog: Catalog, report: Report, pool: Pool | None) -> None:
    """Take what recurs in the new articles of a site out of them, also in those of runs that were killed.

    Where more of them come after something was learnt, all are cleaned anew, as if they had come together. Where one
    cannot be read for now, it is left to the next run. Raises OSError.
    """
    if not catalog.setting("unlearnt"):
        return
    from backfile.recleaning import Place, clean_again, renew, stored_among, without_templates
    from backfile.rules import cleaning_of

    ids = catalog.batch()
    try:
        stored = stored_among(site.receipts, ids)
    except ReadError as error:
        report.error(f"what recurs in the new articles is not looked for: {error}")
        return
    cleaning = cleaning_of(site)
    if len(stored) >= _MANY:
        before = catalog.setting("learnt")
        catalog.set_setting("learnt", str(len(ids)))
        revisions = without_templates(stored, cleaning)
        if before not in ("", str(len(ids))):
            place = Place(root=site.root, media=site.root / "content" / "media", options=cleaning, learn=True)
            revisions = clean_again(place, stored, pool, Report())
        for revision in revisions:
            renew(revision, site.articles, site.receipts, dry=False)
    catalog.set_setting("unlearnt", "")


def index_articles(catalog: Catalog, view: View, path: Path, options: BuildOptions, pool: Pool | None) -> None:
    """Bring the search index up to date with the catalog in a file; where the site has none, forget it."""
    from backfile.search.update import drop_index, update_index  # only a build needs the stemmers

    if view.search:
        update_index(catalog, view.content, path, pool, options.progress)
    else:
        drop_index(catalog)


def write_site(catalog: Catalog, target: Target, options: BuildOptions, report: Report, pool: Pool | None) -> None:
    """Write the pages that are dirty or missing, then remove the files that no page is any more."""
    report.count("written", 0)
    report.count("removed", 0)
    report.count("articles", catalog.count("all", ""))
    interrupted = catalog.fresh or catalog.killed or catalog.setting("out") != str(target.out)
    there = existing_files(target.out) if interrupted else set()
    seen = Overseen(changed=[], unsure=set(), stamps={})
    if interrupted:
        missing = [page for path, page in catalog.outputs().items() if path not in there]
    else:
        seen = look_over(catalog, target.out)
        missing = seen.changed
    if not (interrupted or missing or catalog.has_dirty()):
        return
    with catalog.transaction():
        catalog.set_setting("out", "")
        catalog.mark_dirty(missing)
    if options.cluster:
        target = replace(target, catalog=catalog.snapshot(target.catalog.with_suffix(".copy")), copied=True)
    made = catalog.made_folders()
    stale, grown = _write_dirty(catalog, target, options, report, pool)
    if interrupted:
        now = catalog.outputs().keys()
        stale = sorted({*stale, *there} - now)
        remove_empty_folders(target.out)
    unsure = set(catalog.made_folders()) if interrupted else seen.unsure.union(map(folder_of, stale))
    report.count("removed", remove_files(target.out, (path for path in stale if not catalog.is_output(path))))
    with catalog.transaction():
        catalog.set_setting("out", str(target.out))
        catalog.note_made(seen.stamps | folder_stamps(made, grown, unsure, target.out))


def _write_dirty(
    catalog: Catalog, target: Target, options: BuildOptions, report: Report, pool: Pool | None
) -> tuple[list[str], Counter[str]]:
    """Write the pages that are dirty: (the files that they were before and are no more, how folders have grown)."""
    dirty = catalog.dirty()
    stale: list[str] = []
    grown: Counter[str] = Counter()
    done = 0
    for some in write_pages(target, dirty, pool):
        with catalog.transaction():
            stale += catalog.written([(*written.key, written.paths) for written in some])
        for written in some:
            grown.update(written.grown)
        report.count("written", sum(written.changed for written in some))
        done += len(some)
        options.progress("Writing", done, len(dirty))
    return stale, grown


def make_view(site: Site) -> View:
    """The site as its pages see it."""
    config = site.config
    above, below = menus(config.theme.lists)
    return View(
        title=config.title,
        description=config.description,
        language=config.language,
        address=config.address.rstrip("/") + "/" if config.address else "",
        accent=config.theme.accent,
        footer=config.theme.footer,
        licence=config.theme.licence,
        extensions=config.pages.extensions,
        home=config.theme.home,
        menu=above,
        ways=below,
        search=config.search,
        written=tuple(_written_pages(site.pages)),
        content=site.root / "content",
        templates=site.templates,
    )


def _written_pages(folder: Path) -> Iterator[WrittenPage]:
    names = asked_twice(os.listdir, folder) if folder.is_dir() else []
    for path in sorted(folder / name for name in names if name.endswith(".md")):
        try:
            title = load_article(path.read_text("utf-8", "replace")).article.title
        except FrontMatterError as error:
            raise SiteError(f"content/pages/{path.name}: {error}") from error
        yield WrittenPage(source=path.name, path=f"pages/{slug(path.stem)}.html", title=title or path.stem)


_CACHES = (
    "lock",
    "holder",
    "catalog.sqlite",
    "catalog.sqlite-wal",
    "catalog.sqlite-shm",
    "catalog.seal",
    "fixity",
    "templates",
)
"""The files of `.backfile/`."""


@contextmanager
def locked(site: Site, *, recorded: bool = True) -> Iterator[None]:
    """The site for one run alone; what it changes in `content/` is recorded (`fixity`).

    Raises SiteError where another one is at work, OSError where the disk fails.
    """
    site.cache.mkdir(parents=True, exist_ok=True)
    for name in _CACHES:
        set_aside(site.cache / name)
    holder = site.cache / "holder"
    try:
        with held(site.cache / "lock", _PATIENCE), limited(site.config.limits):
            if holder.exists() or not site.catalog.exists():
                _mend(site)
            holder.write_text(f" (process {os.getpid()})")
            yield
            if recorded:
                record(site.root / "content", site.cache / "fixity")
            holder.unlink(missing_ok=True)
    except HeldError as error:
        who = holder.read_text("utf-8", "replace") if holder.exists() else ""
        raise SiteError(f"another run{who} is at work in {site.root}. Wait for it to end, then try again") from error


def _mend(site: Site) -> None:
    """End what a run that was killed, or that the disk failed, left half-done."""
    from backfile.revising import finish_all

    sweep(site.root, below=False)
    sweep(site.root / "content")
    sweep(site.cache)
    finish_all(site.articles, site.receipts)
