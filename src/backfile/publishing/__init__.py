"""The built site → where it is published, by the tools that are made for it; only what changed is sent.

A file a way of publishing. Nothing there is removed unless it is asked for; a branch of git keeps what it was anyway.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from backfile.config import Site
from backfile.pipeline import locked
from backfile.publishing.compressed import compress_into
from backfile.publishing.pages import push_branch
from backfile.publishing.rsync import folder_of, send_by_rsync
from backfile.publishing.s3 import send_to_s3
from backfile.report import Report, SiteError


@dataclass(frozen=True, kw_only=True, slots=True)
class PublishOptions:
    """What a caller may choose about publishing."""

    delete: bool = False
    """Remove what is there and not in the site."""
    compress: bool = False
    """Send `.gz` and `.br` beside files of text, for servers that give them out."""
    dry: bool = False
    """Change nothing there."""
    remote: str = "origin"
    """Of git, for `gh-pages`: its name, or an address."""


Send = Callable[[Sequence[Path], str, PublishOptions, Report], None]
_WAYS: dict[str, Send] = {
    "rsync://": lambda folders, to, how, report: send_by_rsync(folders, to, report, delete=how.delete, dry=how.dry),
    "s3://": lambda folders, to, how, report: send_to_s3(folders, to, report, delete=how.delete, dry=how.dry),
}
_WAYS["ssh://"] = _WAYS["file://"] = _WAYS["rsync://"]


def publish(site: Site, target: str, options: PublishOptions, report: Report) -> None:
    """Send the built site to `target`.

    Raises SiteError for a target that is none, or a tool that is not there or fails.
    """
    if not (site.build / "index.html").is_file():
        raise SiteError(f"{site.build} holds no site yet. Run `backfile build` first")
    way = next((send for start, send in _WAYS.items() if target.startswith(start)), None)
    if target != "gh-pages" and not way:
        raise SiteError(f"{target} is no place to publish at. Write rsync://…, ssh://…, file:///…, s3://… or gh-pages")
    if target.startswith("file://") and site.overlaps(folder_of(target)):
        raise SiteError(f"{target} holds the archive itself, or is part of it. Name a folder of its own")
    with locked(site, recorded=False):
        if way is None:
            push_branch(site, options.remote, report, dry=options.dry)
            return
        folders = [site.build]
        if options.compress:
            folders.append(compress_into(site.build, site.cache / "compressed"))
        way(folders, target, options, report)
