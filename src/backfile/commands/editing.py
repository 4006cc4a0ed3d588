"""`reclean`, `parts`, `restore`, `drop`, `versions`, `pin`, `cite`: the articles that are there."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from backfile.commands.options import (
    end,
    json_option,
    load,
    quiet_option,
    running,
    site_option,
    strict_option,
)
from backfile.report import Report
from backfile.terminal import (
    plain,
    print_json,
)

if TYPE_CHECKING:
    from backfile.revising import Result


_rule_option = click.option("--rule", is_flag=True, help="Decide so for all articles of the same site, now and later.")
_yes_option = click.option("--yes", is_flag=True, help="With --rule: do not ask.")


@click.command()
@click.argument("articles", nargs=-1)
@site_option
@click.option("--dry-run", "dry", is_flag=True, help="Change nothing; only tell what would change.")
@strict_option
@quiet_option
@json_option
def reclean(articles: tuple[str, ...], site_folder: Path | None, dry: bool, **how: bool) -> int:
    """Make ARTICLES (default: all) anew from their originals; what you edited in them stays.

    \b
    backfile reclean --dry-run
    backfile reclean 2021/03/river-wall.md
    """
    from backfile.pipeline import BuildOptions
    from backfile.pipeline import reclean as clean_once_more
    from backfile.workers import default_jobs

    site = load(site_folder)
    report = Report()
    with running(report, how) as progress:
        options = BuildOptions(jobs=1 if articles else default_jobs(), progress=progress)
        clean_once_more(site, articles, options, report, dry=dry)
    return end(report, how)


@click.command()
@click.argument("article")
@site_option
@json_option
def parts(article: str, site_folder: Path | None, as_json: bool) -> int:
    """List what was removed from ARTICLE, with the numbers that `backfile restore` takes.

    \b
    backfile parts 2021/03/river-wall.md
    backfile parts river-wall
    """
    from backfile.recleaning import find_article, stored_of

    site = load(site_folder)
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


@click.command()
@click.argument("article")
@click.argument("parts", nargs=-1, required=True, type=int)
@site_option
@_rule_option
@_yes_option
def restore(article: str, parts: tuple[int, ...], site_folder: Path | None, rule: bool, yes: bool) -> int:
    """Put removed PARTS back into ARTICLE for good, by their numbers on its page or in `backfile parts`.

    \b
    backfile restore river-wall 3 4
    """
    if rule:
        if len(parts) > 1:
            raise click.UsageError("--rule takes one part at a time, since the numbers change with each.")
        return _ruled(article, site_folder, yes, number=parts[0])
    from backfile.pipeline import decide
    from backfile.recleaning import put_back

    site = load(site_folder)
    return _decided(decide(site, article, lambda source: put_back(site.articles, site.receipts, source, parts)))


@click.command()
@click.argument("article")
@click.argument("text")
@site_option
@_rule_option
@_yes_option
def drop(article: str, text: str, site_folder: Path | None, rule: bool, yes: bool) -> int:
    """Take TEXT out of ARTICLE for good; it can be put back with `backfile restore`.

    \b
    backfile drop river-wall "Subscribe to our newsletter!"
    """
    if rule:
        return _ruled(article, site_folder, yes, words=text)
    from backfile.pipeline import decide
    from backfile.recleaning import take_out

    site = load(site_folder)
    return _decided(decide(site, article, lambda source: take_out(site.articles, site.receipts, source, text)))


@click.command()
@click.argument("article")
@site_option
@json_option
def versions(article: str, site_folder: Path | None, as_json: bool) -> int:
    """List the captures of ARTICLE, oldest first; the one with a star is shown.

    \b
    backfile versions river-wall
    """
    from backfile.recleaning import find_article
    from backfile.versions import list_versions

    site = load(site_folder)
    rows = list_versions(site.articles, site.receipts, find_article(site.articles, article))
    if as_json:
        print_json(rows)
    for row in () if as_json else rows:
        star = "*" if row["leads"] else ""
        click.echo(plain(f"{row['id'][:8]}\t{row['when']}\t{star}\t{row['title']}\t{row['original']}"))
    if not rows:
        click.echo("info: this article has no receipt: it was not made from a saved page", err=True)
    return 0


@click.command("pin")
@click.argument("article")
@click.argument("version")
@site_option
def pin_version(article: str, version: str, site_folder: Path | None) -> int:
    """Show VERSION (an id of `backfile versions`) as ARTICLE, whatever comes later.

    \b
    backfile pin river-wall 3f2a91c0
    """
    from backfile.pipeline import decide
    from backfile.versions import pin

    site = load(site_folder)
    return _decided(decide(site, article, lambda source: pin(site.articles, site.receipts, source, version)))


def _ruled(article: str, site_folder: Path | None, yes: bool, *, number: int = 0, words: str = "") -> int:
    """Make a choice the rule of a site, when the user has seen what it changes."""
    from backfile.pipeline import decide_for_all
    from backfile.recleaning import choice_of

    def agree(names: list[str]) -> None:
        click.echo(f"This changes {len(names)} {'article' if len(names) == 1 else 'articles'}:")
        for name in names:
            click.echo(f"  {plain(name)}")
        if not yes and not _agreed():
            click.echo("No rule was made, and nothing changed. --yes answers for you")
            raise click.exceptions.Exit(1)

    site = load(site_folder)
    results = decide_for_all(site, article, lambda stored: choice_of(stored, number=number, words=words), agree)
    worst = max([_decided(result) for result in results if result.conflicts], default=0)
    rest = [result for result in results if not result.conflicts]
    return max(worst, _decided(max(rest, key=lambda result: result.outcome == "merged")) if rest else 0)


def _agreed() -> bool:
    try:
        return click.confirm("Make it a rule?")
    except click.Abort:  # nobody is there to answer
        click.echo()
        return False


@click.command()
@click.argument("article")
@click.argument("words")
@site_option
@json_option
def cite(article: str, words: str, site_folder: Path | None, as_json: bool) -> int:
    """Cite the sentence of ARTICLE that holds WORDS: its text, its article, where it stands and stood.

    \b
    backfile cite 2024/04/the-tide "four million euros"
    """
    from dataclasses import asdict

    from backfile.quoting import quotation
    from backfile.recleaning import find_article

    site = load(site_folder)
    address = site.config.address.rstrip("/") + "/" if site.config.address else ""
    found = quotation(site.articles, site.receipts, find_article(site.articles, article), words, address)
    if as_json:
        print_json(asdict(found))
        return 0
    click.echo(f"“{plain(found.sentence)}”\n{plain(found.citation)}")
    told = {
        "Published": found.published,
        "Saved": found.saved,
        "Original": found.original,
        "Archived": found.archived,
        "Here": found.page,
        "SHA-256 of the original": found.sha256,
        "SHA-256 of the article": found.sha256_of_text,
    }
    for name, value in told.items():
        if value:
            click.echo(plain(f"{name}: {value}"))
    return 0


def _decided(result: Result) -> int:
    """Say what became of an article's file."""
    if result.conflicts:
        beside = f" Compare it with {result.beside}." if result.beside else ""
        sys.stderr.write(f"warning: the place was edited by you, so your text stays as it is.{beside}\n")
        return 1
    click.echo({"unchanged": "nothing to change", "merged": "done; your edits are kept"}.get(result.outcome, "done"))
    return 0


COMMANDS = (
    reclean,
    parts,
    restore,
    drop,
    versions,
    pin_version,
    cite,
)
