"""`clean`, `explain`, `search`: looking without changing anything."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from backfile.commands.options import (
    Asking,
    cleaning,
    json_option,
    load,
    own_option,
    profiles_option,
    site_option,
    url_option,
)
from backfile.terminal import (
    plain,
    print_json,
    print_rows,
)

if TYPE_CHECKING:
    from backfile.model import Capture, Cleaned, CleanOptions


@click.command()
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@url_option
@profiles_option
@own_option
@json_option
def clean(file: Path, url: str, profiles: bool, site_folder: Path | None, as_json: bool) -> int:
    """Print the article in FILE (- for standard input) as Markdown.

    \b
    backfile clean page.html > article.md
    curl -s https://… | backfile clean - --json
    """
    from backfile.markdown import dump_article

    cleaned = _cleaned(_page(file, url), cleaning(site_folder, profiles=profiles))
    if as_json:
        print_json(cleaned.as_dict())
    elif not cleaned.article.body:
        why = cleaned.refusal or "it holds no text"
        sys.stderr.write(f"error: {plain(str(file))}: no article: {plain(why)}. Look at it with `backfile explain`\n")
        return 1
    else:
        sys.stdout.write(dump_article(cleaned.article))
    return _refusal(file, cleaned)


@click.command()
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@url_option
@profiles_option
@own_option
@click.option("--html", "as_html", is_flag=True, help="Print the page itself, marked, as one HTML file.")
@click.option("--fields", is_flag=True, help="Show all that the page offers for title, authors, dates… and the choice.")
@json_option
def explain(file: Path, url: str, as_html: bool, fields: bool, as_json: bool, **how: Any) -> int:
    """Show why each block of FILE was kept or removed.

    \b
    backfile explain page.html
    backfile explain --fields page.html
    backfile explain --html page.html > marked.html
    """
    from backfile.explain import explain_rows, field_rows

    capture = _page(file, url)
    cleaned = _cleaned(capture, cleaning(how["site_folder"], profiles=how["profiles"]))
    if as_html:
        from backfile.cleaning.marked import marked_page

        sys.stdout.write(marked_page(capture, cleaned))
        return _refusal(file, cleaned)
    rows = list((field_rows if fields else explain_rows)(cleaned))
    if as_json:
        print_json([
            {"verdict": r.verdict, "step": r.step, "reason": r.reason, "weight": r.weight, "text": r.text} for r in rows
        ])  # fmt: skip
    else:
        print_rows(rows)
    return _refusal(file, cleaned)


@click.command(cls=Asking)
@click.argument("query", nargs=-1, required=True)
@site_option
@click.option("--sort", type=click.Choice(["relevance", "date"]), default="relevance", help="Which come first.")
@click.option("--limit", type=click.IntRange(1), default=20, help="How many to show.")
@json_option
def search(query: tuple[str, ...], site_folder: Path | None, sort: str, limit: int, as_json: bool) -> int:
    """Find articles in the built site, as its search page does.

    \b
    backfile search storm 'harbour OR port' -flood 'author:holt' after:2020
    """
    from backfile.search.told import print_answer, search_site

    told = search_site(load(site_folder).build, " ".join(query), by_date=sort == "date", limit=limit)
    if as_json:
        print_json(told.as_dict())
    else:
        print_answer(told)
    return 1 if told.troubles else 0


def _page(file: Path, url: str) -> Capture:
    from backfile.saving import first_page, page_of

    return page_of(sys.stdin.buffer.read(), url) if str(file) == "-" else first_page(file, url)


def _cleaned(capture: Capture, options: CleanOptions) -> Cleaned:
    from backfile.media.place import with_pictures
    from backfile.saving import clean as clean_page

    return with_pictures(clean_page(capture, options), {}, (), ())


def _refusal(file: Path, cleaned: Cleaned) -> int:
    if cleaned.refusal:
        sys.stderr.write(f"warning: {plain(str(file))}: not an article: {plain(cleaned.refusal)}\n")
    for warning in cleaned.warnings:
        sys.stderr.write(f"warning: {plain(str(file))}: {plain(warning)}\n")
    return 0


COMMANDS = (
    clean,
    explain,
    search,
)
