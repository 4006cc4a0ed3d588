"""Arguments in, exit code out.

Exit codes: 0 done; 1 something asked for was not done (with `--strict`: or there was a warning); 2 wrong usage, a wrong
`backfile.toml`, or a site that cannot be used; 130 interrupted.
"""

from __future__ import annotations

import os
import sys
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from backfile.report import BackfileError, Report
from backfile.terminal import plain, print_counts, print_json, print_notices, print_rows, progress_bar, report_as_dict
from backfile.version import __version__

if TYPE_CHECKING:
    from backfile.config import Site
    from backfile.model import Capture, Cleaned

_ACCOUNT = (
    "copied",
    "added",
    "updated",
    "link only",
    "already there",
    "deleted by you",
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
_profiles = click.option("--profiles/--no-profiles", default=True, help="Use what is known of some publishers' pages.")
_url = click.option("--url", default="", help="The page's address, where the file does not tell.")


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
        sys.stderr.write(
            f"error: {plain(str(error))}. Check permissions and free space, then run the same command again\n"
        )
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
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@_site
@click.option("--all", "everything", is_flag=True, help="Import also what is not an article.")
@_strict
@_quiet
@_json
def add(paths: tuple[Path, ...], site_folder: Path | None, everything: bool, **how: bool) -> int:
    """Copy files and folders of saved pages into the site, and clean them."""
    from backfile.pipeline import BuildOptions, import_only
    from backfile.workers import default_jobs

    site = _load(site_folder)
    report = Report()
    with progress_bar(quiet=how["quiet"] or how["as_json"]) as progress:
        import_only(site, BuildOptions(jobs=default_jobs(), everything=everything, progress=progress), report, paths)
    return _end(report, how)


@commands.command()
@_site
@click.option(
    "--out", type=click.Path(path_type=Path), help="Where to write the site (default: build/ in the site folder)."
)
@click.option("--jobs", type=click.IntRange(1, 64), default=None, help="Processes (default: one for each core).")
@click.option("--force", is_flag=True, help="Write every page anew.")
@click.option("--all", "everything", is_flag=True, help="Import also what is not an article.")
@_strict
@_quiet
@_json
def build(
    site_folder: Path | None, out: Path | None, jobs: int | None, force: bool, everything: bool, **how: bool
) -> int:
    """Clean what is new in content/saved/, and write the site."""
    from backfile.pipeline import BuildOptions, build_site
    from backfile.workers import default_jobs

    site = _load(site_folder)
    with progress_bar(quiet=how["quiet"] or how["as_json"]) as progress:
        options = BuildOptions(
            out=out, jobs=jobs or default_jobs(), force=force, everything=everything, progress=progress
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
        print_json([{"verdict": r.verdict, "step": r.step, "reason": r.reason, "text": r.text} for r in rows])
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
@_site
@click.option("--port", type=click.IntRange(0, 65535), default=8000, help="0 takes a free one.")
def serve(site_folder: Path | None, port: int) -> int:
    """Build the site, then show it at an address of this machine until Ctrl-C."""
    from backfile.pipeline import BuildOptions, build_site
    from backfile.serve import preview_server
    from backfile.workers import default_jobs

    site = _load(site_folder)
    print_notices(build_site(site, BuildOptions(jobs=default_jobs())).notices)
    with preview_server(site.build, port) as server:
        click.echo(f"http://127.0.0.1:{server.server_port}/ (Ctrl-C ends it)")
        server.serve_forever()
    return 0


def _load(folder: Path | None) -> Site:
    from backfile.config import find_site, load_site

    return load_site(folder or find_site(Path.cwd()))


def _page(file: Path, url: str) -> Capture:
    from backfile.saving import first_page, page_of

    return page_of(sys.stdin.buffer.read(), url) if str(file) == "-" else first_page(file, url)


def _cleaned(capture: Capture, profiles: bool) -> Cleaned:
    from backfile.model import CleanOptions
    from backfile.saving import clean as clean_page

    return clean_page(capture, CleanOptions(profiles=profiles))


def _refusal(file: Path, cleaned: Cleaned) -> int:
    if cleaned.refusal:
        sys.stderr.write(f"warning: {plain(str(file))}: not an article: {plain(cleaned.refusal)}\n")
    return 0


def _end(report: Report, how: dict[str, Any]) -> int:
    if how["as_json"]:
        print_json(report_as_dict(report))
    else:
        print_notices(n for n in report.notices if n.level == "error" or not how["quiet"])
        if not how["quiet"]:
            print_counts(report, _ACCOUNT)
    return 1 if report.errors or (how["strict"] and report.warnings) else 0
