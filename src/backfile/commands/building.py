"""`init`, `build`, `serve`: the site."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from backfile.commands.options import (
    ACCOUNT,
    cluster_option,
    end,
    jobs_option,
    json_option,
    load,
    quiet_option,
    running,
    site_option,
    strict_option,
)
from backfile.report import Report
from backfile.terminal import print_notices


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), default=".")
@click.option("--bare", is_flag=True, help="Without the hello page and the sample.")
@click.option("--github", is_flag=True, help="Add a workflow that publishes the site on GitHub Pages.")
def init(folder: Path, bare: bool, github: bool) -> int:
    """Make a new site in FOLDER (default: here).

    \b
    backfile init my-archive
    backfile init my-archive --github      # also for a site that is there
    """
    from backfile.scaffold import make_site, outer_site

    written = make_site(folder, bare=bare, github=github)
    if outer := outer_site(folder):
        click.echo(f"warning: {folder} is inside the site {outer}, which stays as it is", err=True)
    for path in written:
        click.echo(f"wrote {path}")
    if not written:
        click.echo("nothing to do: all of it is there")
        return 0
    place = "" if folder == Path() else f" --site {folder}"
    click.echo(f"Next: put saved pages into {folder / 'content' / 'saved'}, then run `backfile build{place}`")
    return 0


@click.command()
@site_option
@click.option("--out", metavar="PLACE", help="A folder (default: build/ in the site folder), or an address (s3://…).")
@jobs_option
@cluster_option
@click.option("--force", is_flag=True, help="Write every page anew.")
@click.option("--all", "everything", is_flag=True, help="Import also what is not an article.")
@strict_option
@quiet_option
@json_option
def build(site_folder: Path | None, out: str | None, force: bool, everything: bool, **how: Any) -> int:
    """Clean what is new in content/saved/, and write the site.

    \b
    backfile build
    backfile build --out /media/stick/archive
    backfile build --out s3://bucket/archive      # in build/, and what changed is sent; any address of fsspec
    """
    from backfile.pipeline import BuildOptions, build_site
    from backfile.stores import is_remote
    from backfile.workers import default_jobs

    site = load(site_folder)
    report = Report()
    address = out if out and is_remote(out) else ""
    folder = Path(out) if out and not address else None
    with running(report, how) as progress:
        options = BuildOptions(
            out=folder,
            jobs=how["jobs"] or default_jobs(),
            cluster=how["cluster"],
            force=force,
            everything=everything,
            progress=progress,
        )
        if address:
            from backfile.mirroring import build_at

            build_at(site, address, options, report)
        else:
            build_site(site, options, report)
    code = end(report, how, (*ACCOUNT, "sent", "removed there"))
    if not (how["quiet"] or how["as_json"]):
        if not report.counts["articles"]:
            click.echo(f"No articles yet: put saved pages into {site.saved} and build again,")
            click.echo("or name files, folders or addresses: `backfile add ~/Downloads/page.html`")
        click.echo(address or ((folder or site.build) / "index.html").resolve().as_uri())
    return code


@click.command()
@site_option
@click.option("--port", type=click.IntRange(0, 65535), default=8000, help="0 takes a free one.")
@click.option("--host", default="127.0.0.1", help="Where to listen; 0.0.0.0 lets other machines in.")
@click.option("--open/--no-open", "shown", default=None, help="Open the browser (default: from a terminal only).")
def serve(site_folder: Path | None, port: int, host: str, shown: bool | None) -> int:
    """Build the site, show it at an address of this machine, and follow changes until Ctrl-C.

    Pages, texts and addresses can be added from the browser, at the second address that is printed.

    \b
    backfile serve
    backfile serve --port 0 --no-open
    """
    import threading

    from backfile.config import load_site
    from backfile.door import DOOR
    from backfile.pipeline import BuildOptions, build_site
    from backfile.serve import keep_built, preview_server, problems_of
    from backfile.workers import default_jobs

    site = load(site_folder)
    report = build_site(site, BuildOptions(jobs=default_jobs()))
    print_notices(report.notices)
    with preview_server(site.build, port, host, site.root) as (server, news, has_door):
        news.problems = problems_of(report)
        address = f"http://{f'[{host}]' if ':' in host else host}:{server.server_port}/"
        click.echo(f"{address} (Ctrl-C ends it)")
        if has_door:
            click.echo(f"{address.rstrip('/')}{DOOR} (add pages)")
        if sys.stdout.isatty() if shown is None else shown:
            click.launch(address)
        # One process: the server's threads must not be forked.
        keep_built(site.root, lambda: build_site(load_site(site.root), BuildOptions()), news, threading.Event())
    return 0


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> int:
    """Print what lets a SHELL complete commands and options.

    \b
    echo 'eval "$(backfile completion bash)"' >> ~/.bashrc
    backfile completion fish > ~/.config/fish/completions/backfile.fish
    """
    from click.shell_completion import get_completion_class

    root = click.get_current_context().find_root().command
    found = get_completion_class(shell)
    if found is None:
        raise click.UsageError(f"no completion for {shell}")
    click.echo(found(root, {}, "backfile", "_BACKFILE_COMPLETE").source())
    return 0


COMMANDS = (init, build, serve, completion)
