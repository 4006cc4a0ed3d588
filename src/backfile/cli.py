"""Arguments in, exit code out.

Exit codes: 0 done; 1 something asked for was not done (with `--strict`: or there was a warning); 2 wrong usage, a wrong
`backfile.toml`, or a site that cannot be used; 130 interrupted.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from backfile.report import BackfileError, Level, Report, advice
from backfile.terminal import (
    plain,
    print_counts,
    print_findings,
    print_json,
    print_notices,
    print_rows,
    progress_bar,
    report_as_dict,
)
from backfile.version import __version__

if TYPE_CHECKING:
    from backfile.config import Site
    from backfile.findings import Findings
    from backfile.model import Capture, Cleaned
    from backfile.pipeline import BuildOptions, Progress
    from backfile.revising import Result

_ACCOUNT = (
    "copied",
    "linked",
    "fetched",
    "pictures",
    "added",
    "updated",
    "another version",
    "link only",
    "already there",
    "deleted by you",
    "replaced",
    "merged",
    "in conflict",
    "unchanged",
    "original missing",
    "exported",
    "without a page to replay",
    "not an article",
    "failed",
    "written",
    "removed",
    "articles",
)

_site = click.option(
    "--site", "site_folder", type=click.Path(path_type=Path), help="The site folder (default: the nearest one upwards)."
)
_json = click.option("--json", "as_json", is_flag=True, help="Print JSON, for machines.")
_quiet = click.option("--quiet", "-q", is_flag=True, help="Print errors only.")
_strict = click.option("--strict", is_flag=True, help="Warnings fail the run too.")
_jobs = click.option("--jobs", type=click.IntRange(1, 64), default=None, help="Processes (default: one for each core).")
_cluster = click.option("--cluster", default="", metavar="ADDRESS", help="Work on a Dask cluster (tcp://…:8786).")
_profiles = click.option("--profiles/--no-profiles", default=True, help="Use what is known of some publishers' pages.")
_fetch_options = (
    click.option("--pictures", is_flag=True, help="Fetch the pictures of articles, too."),
    click.option(
        "--delay", type=click.FloatRange(0.0, 3600.0), default=1.0, help="Seconds between two requests to a host."
    ),
    click.option("--timeout", type=click.FloatRange(1.0, 600.0), default=25.0, help="Seconds for one answer."),
    click.option("--allow-private", is_flag=True, help="Fetch also from this machine and private networks."),
)
_url = click.option("--url", default="", help="The page's address, where the file does not tell.")


def _fetching(command: Callable[..., int]) -> Callable[..., int]:
    """The options of commands that fetch."""
    for option in reversed(_fetch_options):
        command = option(command)
    return command


def main() -> None:
    """The `backfile` command."""
    _open_closed_streams()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        code = commands.main(standalone_mode=False)
        sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except BackfileError as error:
        sys.stderr.write(f"error: {plain(str(error))}\n")
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        sys.stderr.write("interrupted: what was done is kept; run the same command again to go on\n")
        sys.exit(130)
    except BrokenPipeError:
        _drop_output()
        sys.exit(1)
    except OSError as error:
        sys.stderr.write(f"error: {plain(str(error))}. {advice(error)}, then run the same command again\n")
        _drop_output()
        sys.exit(1)
    sys.exit(code if isinstance(code, int) else 0)


def _open_closed_streams() -> None:
    """Give standard streams that the caller closed to nobody, lest a file of the archive takes their place."""
    while (spare := os.open(os.devnull, os.O_RDWR)) <= 2:
        pass
    os.close(spare)
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_RDWR), mode, encoding="utf-8"))


def _drop_output() -> None:
    """Let the interpreter's last flush go nowhere, where standard output takes nothing."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, message="backfile %(version)s")
def commands() -> None:
    """Turn saved news articles into a clean, browsable archive that is yours.

    \b
    backfile init my-archive
    cp ~/Downloads/*.html my-archive/content/saved/
    cd my-archive && backfile build
    """


@commands.command()
@click.argument("folder", type=click.Path(path_type=Path))
def init(folder: Path) -> int:
    """Make a new site in FOLDER."""
    from backfile.scaffold import make_site

    for path in make_site(folder):
        click.echo(f"wrote {path}")
    click.echo(f"Next: put saved pages into {folder / 'content' / 'saved'}, then run `backfile build --site {folder}`")
    return 0


@commands.command()
@click.argument("names", nargs=-1, metavar="[FILES, FOLDERS AND ADDRESSES]...")
@_site
@click.option(
    "--list",
    "lists",
    multiple=True,
    type=click.File(encoding="utf-8", errors="replace"),
    help="A file with addresses, one a line (- for standard input).",
)
@click.option("--link", is_flag=True, help="Hard-link files instead of copying them, where that is possible.")
@_fetching
@click.option("--all", "everything", is_flag=True, help="Import also what is not an article.")
@_strict
@_quiet
@_json
def add(
    names: tuple[str, ...], lists: tuple[TextIO, ...], site_folder: Path | None, everything: bool, **how: Any
) -> int:
    """Bring saved pages into the site, and clean them: copies of files and folders, and the pages at addresses."""
    from backfile.fetch.queue import is_address, read_list
    from backfile.pipeline import import_only

    if not (names or lists):
        raise click.UsageError("Name files, folders or addresses, or a list of addresses with --list")
    site = _load(site_folder)
    report = Report()
    paths = [Path(name) for name in names if not is_address(name)]
    urls = [name for name in names if is_address(name)] + [url for file in lists for url in read_list(file.read())]
    with progress_bar(quiet=how["quiet"] or how["as_json"]) as progress:
        import_only(site, _import_options(everything, how, progress), report, paths, urls)
    return _end(report, how)


@commands.command("fetch-missing")
@_site
@click.option("--limit", type=click.IntRange(1), default=200, show_default=True, help="How many pages at most.")
@_fetching
@_strict
@_quiet
@_json
def fetch_missing(site_folder: Path | None, limit: int, **how: Any) -> int:
    """Fetch the pages of which only the address is in the site; with --pictures also pictures that are absent."""
    from backfile.pipeline import fetch_missing as fetch

    site = _load(site_folder)
    report = Report()
    with progress_bar(quiet=how["quiet"] or how["as_json"]) as progress:
        fetch(site, _import_options(False, how, progress), report, limit)
    return _end(report, how)


def _import_options(everything: bool, how: dict[str, Any], progress: Progress) -> BuildOptions:
    from backfile.fetch.options import FetchOptions
    from backfile.pipeline import BuildOptions
    from backfile.workers import default_jobs

    fetch = FetchOptions(**{name: how[name] for name in ("pictures", "allow_private", "delay", "timeout")})
    link = how.get("link", False)
    return BuildOptions(jobs=default_jobs(), everything=everything, progress=progress, link=link, fetch=fetch)


@commands.command()
@_site
@click.option(
    "--out", type=click.Path(path_type=Path), help="Where to write the site (default: build/ in the site folder)."
)
@_jobs
@_cluster
@click.option("--force", is_flag=True, help="Write every page anew.")
@click.option("--all", "everything", is_flag=True, help="Import also what is not an article.")
@_strict
@_quiet
@_json
def build(site_folder: Path | None, out: Path | None, force: bool, everything: bool, **how: Any) -> int:
    """Clean what is new in content/saved/, and write the site."""
    from backfile.pipeline import BuildOptions, build_site
    from backfile.workers import default_jobs

    site = _load(site_folder)
    with progress_bar(quiet=how["quiet"] or how["as_json"]) as progress:
        options = BuildOptions(
            out=out,
            jobs=how["jobs"] or default_jobs(),
            cluster=how["cluster"],
            force=force,
            everything=everything,
            progress=progress,
        )
        report = build_site(site, options)
    code = _end(report, how)
    if not (how["quiet"] or how["as_json"]):
        if not report.counts["articles"]:
            click.echo(f"No articles yet: put saved pages into {site.saved} and build again")
        click.echo(((out or site.build) / "index.html").resolve().as_uri())
    return code


@commands.command()
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@_url
@_profiles
@_json
def clean(file: Path, url: str, profiles: bool, as_json: bool) -> int:
    """Print the article in FILE (- for standard input) as Markdown."""
    from backfile.markdown import dump_article

    cleaned = _cleaned(_page(file, url), profiles)
    if as_json:
        print_json(cleaned.as_dict())
    else:
        sys.stdout.write(dump_article(cleaned.article))
    return _refusal(file, cleaned)


@commands.command()
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@_url
@_profiles
@click.option("--html", "as_html", is_flag=True, help="Print the page itself, marked, as one HTML file.")
@_json
def explain(file: Path, url: str, profiles: bool, as_html: bool, as_json: bool) -> int:
    """Show why each block of FILE was kept or removed."""
    from backfile.explain import explain_rows

    capture = _page(file, url)
    cleaned = _cleaned(capture, profiles)
    if as_html:
        from backfile.cleaning.marked import marked_page

        sys.stdout.write(marked_page(capture, cleaned))
        return _refusal(file, cleaned)
    rows = list(explain_rows(cleaned))
    if as_json:
        print_json([
            {"verdict": r.verdict, "step": r.step, "reason": r.reason, "weight": r.weight, "text": r.text} for r in rows
        ])  # fmt: skip
    else:
        print_rows(rows)
    return _refusal(file, cleaned)


@commands.command(context_settings={"ignore_unknown_options": True})
@click.argument("query", nargs=-1, required=True, type=click.UNPROCESSED)
@_site
@click.option("--sort", type=click.Choice(["relevance", "date"]), default="relevance", help="Which come first.")
@click.option("--limit", type=click.IntRange(1), default=20, help="How many to show.")
@_json
def search(query: tuple[str, ...], site_folder: Path | None, sort: str, limit: int, as_json: bool) -> int:
    """Find articles in the built site, as its search page does.

    \b
    backfile search storm 'harbour OR port' -flood 'author:holt' after:2020
    """
    from backfile.search.told import print_answer, search_site

    told = search_site(_load(site_folder).build, " ".join(query), by_date=sort == "date", limit=limit)
    if as_json:
        print_json(told.as_dict())
    else:
        print_answer(told)
    return 1 if told.troubles else 0


@commands.command()
@click.argument("articles", nargs=-1)
@_site
@click.option("--dry-run", "dry", is_flag=True, help="Change nothing; only tell what would change.")
@_strict
@_quiet
@_json
def reclean(articles: tuple[str, ...], site_folder: Path | None, dry: bool, **how: bool) -> int:
    """Make ARTICLES (default: all) anew from their originals; what you edited in them stays."""
    from backfile.pipeline import BuildOptions
    from backfile.pipeline import reclean as clean_once_more
    from backfile.workers import default_jobs

    site = _load(site_folder)
    report = Report()
    with progress_bar(quiet=how["quiet"] or how["as_json"]) as progress:
        options = BuildOptions(jobs=1 if articles else default_jobs(), progress=progress)
        clean_once_more(site, articles, options, report, dry=dry)
    return _end(report, how)


@commands.command()
@click.argument("article")
@click.argument("parts", nargs=-1, required=True, type=int)
@_site
def restore(article: str, parts: tuple[int, ...], site_folder: Path | None) -> int:
    """Put removed PARTS back into ARTICLE for good, by their numbers on its page or in `backfile parts`."""
    from backfile.pipeline import decide
    from backfile.recleaning import put_back

    site = _load(site_folder)
    return _decided(decide(site, article, lambda source: put_back(site.articles, site.receipts, source, parts)))


@commands.command()
@click.argument("article")
@click.argument("text")
@_site
def drop(article: str, text: str, site_folder: Path | None) -> int:
    """Take TEXT out of ARTICLE for good; it can be put back with `backfile restore`."""
    from backfile.pipeline import decide
    from backfile.recleaning import take_out

    site = _load(site_folder)
    return _decided(decide(site, article, lambda source: take_out(site.articles, site.receipts, source, text)))


@commands.command()
@click.argument("article")
@_site
@_json
def parts(article: str, site_folder: Path | None, as_json: bool) -> int:
    """List what was removed from ARTICLE, with the numbers that `backfile restore` takes."""
    from backfile.recleaning import find_article, stored_of

    site = _load(site_folder)
    stored = stored_of(site.articles, site.receipts, find_article(site.articles, article))
    removed = [
        {"number": n, "step": r.step, "reason": r.reason, "text": r.text}
        for n, r in enumerate(stored.receipt.removed, 1)
    ]
    if as_json:
        print_json(removed)
    for part in () if as_json else removed:
        click.echo(f"{part['number']}\t{plain(str(part['reason']))}\t{plain(' '.join(str(part['text']).split()))}")
    return 0


@commands.command()
@click.argument("article")
@_site
@_json
def versions(article: str, site_folder: Path | None, as_json: bool) -> int:
    """List the captures of ARTICLE, oldest first; the one with a star is shown."""
    from backfile.recleaning import find_article
    from backfile.versions import list_versions

    site = _load(site_folder)
    rows = list_versions(site.articles, site.receipts, find_article(site.articles, article))
    if as_json:
        print_json(rows)
    for row in () if as_json else rows:
        star = "*" if row["leads"] else ""
        click.echo(plain(f"{row['id'][:8]}\t{row['when']}\t{star}\t{row['title']}\t{row['original']}"))
    return 0


@commands.command("pin")
@click.argument("article")
@click.argument("version")
@_site
def pin_version(article: str, version: str, site_folder: Path | None) -> int:
    """Show VERSION (an id of `backfile versions`) as ARTICLE, whatever comes later."""
    from backfile.pipeline import decide
    from backfile.versions import pin

    site = _load(site_folder)
    return _decided(decide(site, article, lambda source: pin(site.articles, site.receipts, source, version)))


@commands.command()
@click.argument("out", type=click.Path(path_type=Path))
@click.argument("query", nargs=-1)
@_site
@click.option("--for", "--format", "name", required=True, help="hugo, zola, pelican, jekyll, obsidian, epub, jsonl, …")
@_quiet
@_json
def export(out: Path, query: tuple[str, ...], site_folder: Path | None, name: str, **how: bool) -> int:
    """Write all articles, or those that QUERY finds, to OUT for another program.

    \b
    backfile export --for hugo ../my-hugo-site
    backfile export --format epub tide.epub tide publisher:"Harbour Post" after:2020
    """
    from backfile.exporting import export as write_export
    from backfile.exporting import exporters

    if name not in exporters():
        raise click.UsageError(f"there is no format {name}. There are: {', '.join(exporters())}")
    report = Report()
    write_export(_load(site_folder), name, out, query, report)
    return _end(report, {**how, "strict": False})


@commands.command()
@click.argument("sources", nargs=-1, required=True)
@click.option("-o", "--out", required=True, help="A folder, or any address that fsspec knows (s3://…).")
@click.option("--format", "form", type=click.Choice(["jsonl", "parquet", "markdown"]), default="jsonl")
@click.option("--slice", "megabytes", type=click.IntRange(1), default=64, help="Megabytes of a WARC file for one task.")
@_profiles
@_jobs
@_cluster
@_quiet
@_json
def extract(sources: tuple[str, ...], out: str, form: str, megabytes: int, profiles: bool, **how: Any) -> int:
    """Write the articles of large collections (WARC files, or any saved files) as data, without a site.

    Parts that are finished are not made again. The columns are described in docs/scaling.md.
    """
    from backfile.extracting import OUTCOMES, ExtractOptions
    from backfile.extracting import extract as extract_all
    from backfile.model import CleanOptions
    from backfile.workers import default_jobs, executor

    options = ExtractOptions(out=out, format=form, size=megabytes << 20, cleaning=CleanOptions(profiles=profiles))
    report = Report()
    with (
        progress_bar(quiet=how["quiet"] or how["as_json"]) as progress,
        executor(how["jobs"] or default_jobs(), how["cluster"]) as pool,
    ):
        extract_all(sources, options, report, pool, progress)
    return _end(report, {**how, "strict": False}, OUTCOMES)


@commands.command()
@_site
@click.option("--port", type=click.IntRange(0, 65535), default=8000, help="0 takes a free one.")
@click.option("--host", default="127.0.0.1", help="Where to listen; 0.0.0.0 lets other machines in.")
def serve(site_folder: Path | None, port: int, host: str) -> int:
    """Build the site, show it at an address of this machine, and follow changes until Ctrl-C."""
    import threading

    from backfile.config import load_site
    from backfile.pipeline import BuildOptions, build_site
    from backfile.serve import keep_built, preview_server, problems_of
    from backfile.workers import default_jobs

    site = _load(site_folder)
    report = build_site(site, BuildOptions(jobs=default_jobs()))
    print_notices(report.notices)
    with preview_server(site.build, port, host) as (server, news):
        news.problems = problems_of(report)
        shown = f"[{host}]" if ":" in host else host
        click.echo(f"http://{shown}:{server.server_port}/ (Ctrl-C ends it)")
        # One process: the server's threads must not be forked.
        keep_built(site.root, lambda: build_site(load_site(site.root), BuildOptions()), news, threading.Event())
    return 0


def _decided(result: Result) -> int:
    """Say what became of an article's file."""
    if result.conflicts:
        beside = f" Compare it with {result.beside}." if result.beside else ""
        sys.stderr.write(f"warning: the place was edited by you, so your text stays as it is.{beside}\n")
        return 1
    click.echo({"unchanged": "nothing to change", "merged": "done; your edits are kept"}.get(result.outcome, "done"))
    return 0


@commands.command()
@_site
@click.option("--quick", is_flag=True, help="Compare digests only; do not clean each page again.")
@click.option(
    "--accept",
    type=click.Path(path_type=Path),
    multiple=True,
    metavar="FILE",
    help="Record FILE as it is now, or as gone.",
)
@_quiet
@_json
def verify(site_folder: Path | None, quick: bool, accept: tuple[Path, ...], **how: bool) -> int:
    """Compare everything in content/ with what was recorded, and each article with its original.

    Exit code 1 where something is damaged, changed or gone. A line goes to content/fixity.log.
    """
    from backfile.pipeline import BuildOptions
    from backfile.verifying import verify_site
    from backfile.workers import default_jobs

    site = _load(site_folder)
    findings = verify_site(site, BuildOptions(jobs=default_jobs()), quick=quick, accepted=accept)
    return _told(findings, how, "error")


@commands.command()
@_site
@_strict
@_quiet
@_json
def check(site_folder: Path | None, **how: bool) -> int:
    """List what may want mending: links, pictures, dates, authors, duplicates, front matter.

    Exit code 1 where something is wrong; with --strict also where something is only doubtful.
    """
    from backfile.checking import check_site
    from backfile.pipeline import BuildOptions
    from backfile.workers import default_jobs

    site = _load(site_folder)
    findings = check_site(site, BuildOptions(jobs=default_jobs()))
    return _told(findings, how, *(("error", "warning") if how["strict"] else ("error",)))


def _told(findings: Findings, how: dict[str, Any], *failing: Level) -> int:
    """Show findings; the exit code is 1 where there are some of a failing level."""
    if how["as_json"]:
        print_json(findings.as_dict())
    elif not how["quiet"] or any(map(findings.of_level, failing)):
        print_findings(findings)
    return 1 if any(map(findings.of_level, failing)) else 0


def _load(folder: Path | None) -> Site:
    from backfile.config import find_site, load_site

    return load_site(folder or find_site(Path.cwd()))


def _page(file: Path, url: str) -> Capture:
    from backfile.saving import first_page, page_of

    return page_of(sys.stdin.buffer.read(), url) if str(file) == "-" else first_page(file, url)


def _cleaned(capture: Capture, profiles: bool) -> Cleaned:
    from backfile.media.place import with_pictures
    from backfile.model import CleanOptions
    from backfile.saving import clean as clean_page

    return with_pictures(clean_page(capture, CleanOptions(profiles=profiles)), {}, (), ())


def _refusal(file: Path, cleaned: Cleaned) -> int:
    if cleaned.refusal:
        sys.stderr.write(f"warning: {plain(str(file))}: not an article: {plain(cleaned.refusal)}\n")
    for warning in cleaned.warnings:
        sys.stderr.write(f"warning: {plain(str(file))}: {plain(warning)}\n")
    return 0


def _end(report: Report, how: dict[str, Any], names: Sequence[str] = _ACCOUNT) -> int:
    if how["as_json"]:
        print_json(report_as_dict(report))
    else:
        print_notices(n for n in report.notices if n.level == "error" or not how["quiet"])
        if not how["quiet"]:
            print_counts(report, names)
    return 1 if report.errors or (how["strict"] and report.warnings) else 0
