"""`init`, `build`, `serve`: the site."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from backfile.commands.options import (
    cluster_option,
    end,
    jobs_option,
    json_option,
    load,
    quiet_option,
    site_option,
    strict_option,
)
from backfile.terminal import (
    print_notices,
    progress_bar,
)

if TYPE_CHECKING:
    pass


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
def init(folder: Path) -> int:
    """Make a new site in FOLDER."""
    from backfile.scaffold import make_site

    for path in make_site(folder):
        click.echo(f"wrote {path}")
    click.echo(f"Next: put saved pages into {folder / 'content' / 'saved'}, then run `backfile build --site {folder}`")
    return 0


@click.command()
@site_option
@click.option(
    "--out", type=click.Path(path_type=Path), help="Where to write the site (default: build/ in the site folder)."
)
@jobs_option
@cluster_option
@click.option("--force", is_flag=True, help="Write every page anew.")
@click.option("--all", "everything", is_flag=True, help="Import also what is not an article.")
@strict_option
@quiet_option
@json_option
def build(site_folder: Path | None, out: Path | None, force: bool, everything: bool, **how: Any) -> int:
    """Clean what is new in content/saved/, and write the site."""
    from backfile.pipeline import BuildOptions, build_site
    from backfile.workers import default_jobs

    site = load(site_folder)
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
    code = end(report, how)
    if not (how["quiet"] or how["as_json"]):
        if not report.counts["articles"]:
            click.echo(f"No articles yet: put saved pages into {site.saved} and build again")
        click.echo(((out or site.build) / "index.html").resolve().as_uri())
    return code


@click.command()
@site_option
@click.option("--port", type=click.IntRange(0, 65535), default=8000, help="0 takes a free one.")
@click.option("--host", default="127.0.0.1", help="Where to listen; 0.0.0.0 lets other machines in.")
def serve(site_folder: Path | None, port: int, host: str) -> int:
    """Build the site, show it at an address of this machine, and follow changes until Ctrl-C."""
    import threading

    from backfile.config import load_site
    from backfile.pipeline import BuildOptions, build_site
    from backfile.serve import keep_built, preview_server, problems_of
    from backfile.workers import default_jobs

    site = load(site_folder)
    report = build_site(site, BuildOptions(jobs=default_jobs()))
    print_notices(report.notices)
    with preview_server(site.build, port, host) as (server, news):
        news.problems = problems_of(report)
        shown = f"[{host}]" if ":" in host else host
        click.echo(f"http://{shown}:{server.server_port}/ (Ctrl-C ends it)")
        # One process: the server's threads must not be forked.
        keep_built(site.root, lambda: build_site(load_site(site.root), BuildOptions()), news, threading.Event())
    return 0


COMMANDS = (
    init,
    build,
    serve,
)
