"""`add`, `fetch-missing`: what comes into the archive."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from backfile.commands.options import (
    end,
    fetching,
    json_option,
    load,
    quiet_option,
    running,
    site_option,
    strict_option,
)
from backfile.report import Report

if TYPE_CHECKING:
    from backfile.pipeline import BuildOptions, Progress


@click.command()
@click.argument("names", nargs=-1, metavar="[FILES, FOLDERS AND ADDRESSES]...")
@site_option
@click.option(
    "--list",
    "lists",
    multiple=True,
    type=click.File(encoding="utf-8", errors="replace"),
    help="A file with addresses, one a line (- for standard input).",
)
@click.option("--link", is_flag=True, help="Hard-link files instead of copying them, where that is possible.")
@fetching
@click.option("--all", "everything", is_flag=True, help="Import also what is not an article.")
@strict_option
@quiet_option
@json_option
def add(
    names: tuple[str, ...], lists: tuple[TextIO, ...], site_folder: Path | None, everything: bool, **how: Any
) -> int:
    """Bring saved pages into the site, and clean them: copies of files and folders, and the pages at addresses.

    \b
    backfile add ~/Downloads/*.html pocket.zip
    backfile add https://www.gazette.example/2025/tide.html
    backfile add --list addresses.txt --pictures
    """
    from backfile.fetch.queue import is_address, read_list
    from backfile.pipeline import import_only

    if not (names or lists):
        raise click.UsageError("Name files, folders or addresses, or a list of addresses with --list")
    site = load(site_folder)
    report = Report()
    paths = [Path(name) for name in names if not is_address(name)]
    urls = [name for name in names if is_address(name)] + [url for file in lists for url in read_list(file.read())]
    with running(report, how) as progress:
        import_only(site, _import_options(everything, how, progress), report, paths, urls)
    return end(report, how)


@click.command("fetch-missing")
@site_option
@click.option("--limit", type=click.IntRange(1), default=200, show_default=True, help="How many pages at most.")
@click.option("--cited", is_flag=True, help="Fetch also the pages that two articles or more link to.")
@fetching
@strict_option
@quiet_option
@json_option
def fetch_missing(site_folder: Path | None, limit: int, cited: bool, **how: Any) -> int:
    """Fetch the pages of which only the address is in the site; with --pictures also pictures that are absent.

    \b
    backfile fetch-missing --limit 50
    backfile fetch-missing --cited
    backfile fetch-missing --pictures
    """
    from backfile.pipeline import fetch_missing as fetch

    site = load(site_folder)
    report = Report()
    with running(report, how) as progress:
        fetch(site, _import_options(False, how, progress), report, limit, cited=cited)
    return end(report, how)


def _import_options(everything: bool, how: dict[str, Any], progress: Progress) -> BuildOptions:
    from backfile.fetch.options import FetchOptions
    from backfile.pipeline import BuildOptions
    from backfile.workers import default_jobs

    fetch = FetchOptions(**{name: how[name] for name in ("pictures", "allow_private", "delay", "timeout")})
    link = how.get("link", False)
    return BuildOptions(jobs=default_jobs(), everything=everything, progress=progress, link=link, fetch=fetch)


COMMANDS = (
    add,
    fetch_missing,
)
