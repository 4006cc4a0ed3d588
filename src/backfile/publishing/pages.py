"""Publishing on a branch of git that a host shows as pages (GitHub Pages, and others like it)."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from backfile.config import Site
from backfile.publishing.tools import run_tool
from backfile.report import Report, SiteError

BRANCH = "gh-pages"
_KEPT = "CNAME"
"""The file in which GitHub keeps the domain that was chosen for the pages."""


def push_branch(site: Site, remote: str, report: Report, *, dry: bool) -> None:
    """Commit the built site to the branch `gh-pages` and push it. Raises SiteError.

    An index of its own is used: the user's branch, files and staged changes stay as they are. git itself sends only
    what the remote lacks. `.nojekyll` lets GitHub show files as they are.
    """
    if remote.startswith("-"):
        raise SiteError(f"{remote} is not a remote of git. Name one, such as origin")
    with tempfile.TemporaryDirectory() as folder:
        git = _Git(site, Path(folder) / "index")
        parent = git.fetched(remote)
        git.run("add", "--all", "--force", "--", ".")
        git.stage(".nojekyll", git.run("hash-object", "-w", "--stdin"))
        kept = git.run("ls-tree", "--format=%(objectname)", parent, _KEPT) if parent else ""
        if kept and not (site.build / _KEPT).exists():
            git.stage(_KEPT, kept)
        made = git.run("write-tree")
        changed = (
            git.run("diff-tree", "-r", "--name-status", "--no-renames", parent, made).splitlines() if parent else []
        )
        if not parent:
            changed = git.run("ls-files").splitlines()
        report.count("removed there", sum(line.startswith("D\t") for line in changed))
        report.count("sent", sum(not line.startswith("D\t") for line in changed))
        if not changed or dry:
            return
        parents = ("-p", parent) if parent else ()
        commit = git.run(*git.signed(), "commit-tree", made, *parents, "-m", "Publish the archive")
        git.run("push", "--quiet", remote, f"{commit}:refs/heads/{BRANCH}")


class _Git:
    """git in the repository of a site, with an index of its own and the built site as its files."""

    def __init__(self, site: Site, index: Path) -> None:
        where = ["git", "-C", str(site.root), "rev-parse", "--absolute-git-dir"]
        try:
            folder = run_tool(where).strip()
        except SiteError as error:
            what = f"{site.root} is in no repository of git ({error}). Make one with `git init`, and add a remote"
            raise SiteError(what) from error
        self._base = ["git", f"--git-dir={folder}", f"--work-tree={site.build}", "-c", "core.autocrlf=false"]
        self._env = {"GIT_INDEX_FILE": str(index)}
        self._build = site.build

    def run(self, *arguments: str) -> str:
        """What git prints. Raises SiteError."""
        return run_tool([*self._base[:1], "-C", str(self._build), *self._base[1:], *arguments], self._env).strip()

    def stage(self, name: str, blob: str) -> None:
        """Put a blob into the index."""
        self.run("update-index", "--add", "--cacheinfo", f"100644,{blob},{name}")

    def fetched(self, remote: str) -> str:
        """The newest commit of the remote's branch; empty where it has none."""
        if not self.run("ls-remote", "--heads", remote, f"refs/heads/{BRANCH}"):
            return ""
        self.run("fetch", "--quiet", "--no-tags", remote, f"refs/heads/{BRANCH}")
        return self.run("rev-parse", "FETCH_HEAD")

    def signed(self) -> tuple[str, ...]:
        """Who commits, where git does not know it."""
        known = subprocess.run([*self._base, "config", "user.email"], capture_output=True, check=False).returncode == 0
        return () if known else ("-c", "user.name=Backfile", "-c", "user.email=backfile@localhost")
