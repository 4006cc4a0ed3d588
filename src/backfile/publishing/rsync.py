"""Publishing with rsync: to its daemon, through ssh, or to a folder of this machine."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import unquote, urlsplit

from backfile.publishing.tools import check_deletable, run_tool
from backfile.report import Report, SiteError

_HOST = re.compile(r"(?:[\w.+][\w.+-]*@)?[\w.][\w.-]*")


def send_by_rsync(folders: Sequence[Path], target: str, report: Report, *, delete: bool, dry: bool) -> None:
    """Bring what is at `target` to the files of the folders. Raises SiteError.

    Files are compared by their bytes: times say nothing where a site was built anew. What goes is removed last.
    """
    place, shell = _destination(target)
    if delete:
        _check_ours(place, shell)
    command = [
        "rsync",
        "--recursive",
        "--checksum",
        "--times",
        "--omit-dir-times",
        "--chmod=D755,F644",
        "--timeout=120",
    ]
    command += ["--out-format=%o %n", *(["--delete-delay"] if delete else []), *(["--dry-run"] if dry else []), *shell]
    told = run_tool([*command, "--", *(f"{folder}/" for folder in folders), place]).splitlines()
    files = [line.partition(" ")[0] for line in told if not line.endswith("/")]
    report.count("sent", files.count("send"))
    report.count("removed there", files.count("del."))


def _check_ours(place: str, shell: Sequence[str]) -> None:
    """Raises SiteError where something is there, and nothing says that Backfile put it there."""
    try:
        told = run_tool(["rsync", "--list-only", "--timeout=120", *shell, "--", place]).splitlines()
    except SiteError:  # there is no such folder yet, or sending fails for the same reason
        return
    check_deletable({line.rpartition(" ")[2] for line in told} - {"."}, place)


def folder_of(target: str) -> Path:
    """The folder that a `file:` address names. Raises SiteError where it names none."""
    parts = urlsplit(target)
    folder = Path(unquote(parts.path))
    if parts.netloc not in {"", "localhost"} or folder == Path(folder.anchor):
        raise SiteError(f"{target} names no folder. Write it with its whole path, like file:///srv/www/archive")
    return folder


def _destination(target: str) -> tuple[str, list[str]]:
    """A target as rsync writes it, with the options that it takes."""
    parts = urlsplit(target)
    if parts.scheme == "file":
        return f"{folder_of(target)}/", []
    if not _HOST.fullmatch(parts.netloc.partition(":")[0]) or not parts.path.strip("/"):
        raise SiteError(f"{target}: not a host and a folder. Write it like {parts.scheme}://host/folder")
    if parts.scheme == "rsync":
        return f"{target.rstrip('/')}/", []
    host = parts.netloc.partition(":")[0]
    return f"{host}:{unquote(parts.path).rstrip('/')}/", ["--protect-args", *_shell(target)]


def _shell(target: str) -> list[str]:
    try:
        port = urlsplit(target).port
    except ValueError as error:
        raise SiteError(f"{target}: its port is not a number. Write it like ssh://host:22/folder") from error
    return [f"--rsh=ssh -p {port}"] if port else []
