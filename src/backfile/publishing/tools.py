"""What the ways of publishing share: other programs at work, and whose place it is."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Collection, Mapping, Sequence

from backfile.report import SiteError
from backfile.site import MARK


def check_deletable(names: Collection[str], place: str) -> None:
    """Raises SiteError where files are at a place, and among them is none that says it holds what Backfile made."""
    if names and MARK not in names:
        what = f"{place} holds files that Backfile did not publish, and --delete would remove them"
        raise SiteError(f"{what}. Look at the place; if it is the right one, publish once without --delete")


def run_tool(command: Sequence[str], env: Mapping[str, str] | None = None, stdin: bytes = b"") -> str:
    """What a program prints. Raises SiteError where it is not installed, or fails, with its own last words."""
    tool = command[0]
    if not shutil.which(tool):
        raise SiteError(f"publishing there takes {tool}, which is not installed. Install it, then try again")
    done = subprocess.run(command, input=stdin, capture_output=True, check=False, env={**os.environ, **(env or {})})
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise SiteError(f"{tool} failed: {' / '.join(said[:3]) or f'exit code {done.returncode}'}")
    return done.stdout.decode("utf-8", "replace")
