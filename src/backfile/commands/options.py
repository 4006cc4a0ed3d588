"""The options and endings that several commands share."""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from backfile.report import Report
from backfile.terminal import account, print_counts, print_json, print_notices, progress_bar, report_as_dict

if TYPE_CHECKING:
    from backfile.config import Site
    from backfile.model import CleanOptions
    from backfile.pipeline import Progress

ACCOUNT = (
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


site_option = click.option(
    "--site", "site_folder", type=click.Path(path_type=Path), help="The site folder (default: the nearest one upwards)."
)


own_option = click.option(
    "--site",
    "site_folder",
    type=click.Path(path_type=Path),
    help="The site whose publisher files and settings are used (default: the nearest one upwards, if any).",
)


json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON, for machines.")


quiet_option = click.option("--quiet", "-q", is_flag=True, help="Print errors only.")


strict_option = click.option("--strict", is_flag=True, help="Warnings fail the run too.")


jobs_option = click.option(
    "--jobs", type=click.IntRange(1, 64), default=None, help="Processes (default: one for each core)."
)


cluster_option = click.option("--cluster", default="", metavar="ADDRESS", help="Work on a Dask cluster (tcp://…:8786).")


profiles_option = click.option(
    "--profiles/--no-profiles", default=True, help="Use what is known of some publishers' pages."
)


class Seconds(click.FloatRange):
    """A span of time: `nan` is a number to Python, and within every range."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The number. Fails for what is none."""
        number = super().convert(value, param, ctx)
        if math.isnan(number):
            self.fail(f"{value} is not a number of seconds.", param, ctx)
        return float(number)


_FETCHING = (
    click.option("--pictures", is_flag=True, help="Fetch the pictures of articles, too."),
    click.option("--delay", type=Seconds(0.0, 3600.0), default=1.0, help="Seconds between two requests to a host."),
    click.option("--timeout", type=Seconds(1.0, 600.0), default=25.0, help="Seconds for one answer."),
    click.option("--allow-private", is_flag=True, help="Fetch also from this machine and private networks."),
)


url_option = click.option("--url", default="", help="The page's address, where the file does not tell.")


class Asking(click.Command):
    """A command that takes a question: `-storm` is a word of it, not the options s, t, o…"""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take the arguments apart."""
        if "--" not in args:
            words = [arg for arg in args if re.match(r"-[^-].", arg)]
            args = [*(arg for arg in args if arg not in words), "--", *words]
        return super().parse_args(ctx, args)


def fetching(command: Callable[..., int]) -> Callable[..., int]:
    """The options of commands that fetch."""
    for option in reversed(_FETCHING):
        command = option(command)
    return command


def load(folder: Path | None) -> Site:
    from backfile.config import find_site, load_site

    return load_site(folder or find_site(Path.cwd()))


def cleaning(folder: Path | None, *, profiles: bool) -> CleanOptions:
    """How pages are cleaned where no site is needed: as the site wants that is named, or that one stands in."""
    from backfile.config import CONFIG_NAME
    from backfile.model import CleanOptions
    from backfile.rules import cleaning_of

    here = Path.cwd()
    inside = any((each / CONFIG_NAME).is_file() for each in (here, *here.parents))
    found = cleaning_of(load(folder)) if folder or inside else CleanOptions()
    return replace(found, profiles=found.profiles and profiles)


@contextmanager
def running(report: Report, how: dict[str, Any]) -> Iterator[Progress]:
    """A bar for a run; where the user ends it, what was done until then is told before all else ends."""
    try:
        with progress_bar(quiet=how["quiet"] or how["as_json"]) as progress:
            yield progress
    except KeyboardInterrupt:
        if not how["quiet"]:
            sys.stderr.write(f"\nso far: {account(report, ACCOUNT) or 'nothing yet'}\n")
        raise


def end(report: Report, how: dict[str, Any], names: Sequence[str] = ACCOUNT) -> int:
    if how["as_json"]:
        print_json(report_as_dict(report))
    else:
        print_notices(n for n in report.notices if n.level == "error" or not how["quiet"])
        if not how["quiet"]:
            print_counts(report, names)
    return 1 if report.errors or (how["strict"] and report.warnings) else 0
