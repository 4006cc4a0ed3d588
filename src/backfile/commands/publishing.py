"""`publish`: the built site to where it is read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from backfile.commands.options import end, json_option, load, quiet_option, site_option
from backfile.report import Report


@click.command()
@click.argument("target")
@site_option
@click.option("--delete", is_flag=True, help="Remove what is there and not in the site (gh-pages: always).")
@click.option("--compress", is_flag=True, help="Send .gz and .br beside files of text, for servers that give them out.")
@click.option("--dry-run", "dry", is_flag=True, help="Change nothing there; only tell what would change.")
@click.option("--remote", default="origin", show_default=True, help="Of git, for gh-pages: its name, or an address.")
@quiet_option
@json_option
def publish(target: str, site_folder: Path | None, quiet: bool, as_json: bool, **chosen: Any) -> int:
    """Send the built site to TARGET, only what changed.

    \b
    backfile publish gh-pages                         # commits to that branch and pushes it
    backfile publish ssh://me@host/srv/www/archive    # rsync through ssh
    backfile publish rsync://host/module/archive --delete
    backfile publish s3://bucket/archive              # pip install 'backfile[s3]'
    backfile publish file:///media/stick/archive
    """
    from backfile.publishing import PublishOptions
    from backfile.publishing import publish as send

    report = Report()
    send(load(site_folder), target, PublishOptions(**chosen), report)
    return end(report, {"quiet": quiet, "as_json": as_json, "strict": False}, ("sent", "removed there"))


COMMANDS = (publish,)
