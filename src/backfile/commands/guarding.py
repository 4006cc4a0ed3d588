"""`verify`, `check`: is the archive sound?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from backfile.commands.options import (
    json_option,
    load,
    quiet_option,
    site_option,
    strict_option,
)
from backfile.report import Level
from backfile.terminal import (
    print_findings,
    print_json,
)

if TYPE_CHECKING:
    from backfile.findings import Findings


@click.command()
@site_option
@click.option("--quick", is_flag=True, help="Compare digests only; do not clean each page again.")
@click.option(
    "--accept",
    type=click.Path(path_type=Path),
    multiple=True,
    metavar="FILE",
    help="Record FILE as it is now, or as gone.",
)
@quiet_option
@json_option
def verify(site_folder: Path | None, quick: bool, accept: tuple[Path, ...], **how: bool) -> int:
    """Compare everything in content/ with what was recorded, and each article with its original.

    Exit code 1 where something is damaged, changed or gone. A line goes to content/fixity.log.

    \b
    backfile verify --quick
    backfile verify --accept content/articles/2021/03/river-wall.md
    """
    from backfile.pipeline import BuildOptions
    from backfile.verifying import verify_site
    from backfile.workers import default_jobs

    site = load(site_folder)
    findings = verify_site(site, BuildOptions(jobs=default_jobs()), quick=quick, accepted=accept)
    return _told(findings, how, "error")


@click.command()
@site_option
@strict_option
@quiet_option
@json_option
def check(site_folder: Path | None, **how: bool) -> int:
    """List what may want mending: links, pictures, dates, authors, duplicates, front matter.

    Exit code 1 where something is wrong; with --strict also where something is only doubtful.

    \b
    backfile check --strict
    """
    from backfile.checking import check_site
    from backfile.pipeline import BuildOptions
    from backfile.workers import default_jobs

    site = load(site_folder)
    findings = check_site(site, BuildOptions(jobs=default_jobs()))
    return _told(findings, how, *(("error", "warning") if how["strict"] else ("error",)))


def _told(findings: Findings, how: dict[str, Any], *failing: Level) -> int:
    """Show findings; the exit code is 1 where there are some of a failing level."""
    if how["as_json"]:
        print_json(findings.as_dict())
    elif not how["quiet"] or any(map(findings.of_level, failing)):
        print_findings(findings)
    return 1 if any(map(findings.of_level, failing)) else 0


COMMANDS = (
    verify,
    check,
)
