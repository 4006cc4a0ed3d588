"""What there is to tell the user: notices, the report that counts them, and the few errors.

BackfileError            anything that one clear line explains
├── ConfigError          backfile.toml is wrong
├── SiteError            the site folder cannot be used (missing, locked, not ours)
├── ReadError            a saved file cannot be read as what it is
└── FrontMatterError     an article's front matter is wrong
"""

from __future__ import annotations

import errno
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

Level = Literal["info", "warning", "error"]


class BackfileError(Exception):
    """A problem that is the input's or the user's; its message says what, where and what to do."""


class ConfigError(BackfileError):
    """`backfile.toml` holds something wrong; the message lists every problem of the file."""


class SiteError(BackfileError):
    """The site folder cannot be used as asked."""


class ReadError(BackfileError):
    """A saved file cannot be read."""


class FrontMatterError(BackfileError):
    """An article's front matter cannot be read; the message names line and key."""


_ADVICE = {
    errno.ENOENT: "Check the spelling of its name",
    errno.EACCES: "Check its permissions",
    errno.EPERM: "Check its permissions",
    errno.EROFS: "It is on a disk that can only be read; name a folder on another one",
    errno.ENOSPC: "Free some space",
    errno.EDQUOT: "Free some space: your quota is used up",
    errno.EFBIG: "Files may not become so large here; see `ulimit -f`",
    errno.EIO: "Look after the disk, or the connection to it",
    errno.ENAMETOOLONG: "Give it a shorter name",
    errno.EISDIR: "A folder stands where a file should; name a file, or move the folder away",
    errno.ENOTDIR: "A file stands where a folder should; move it away",
    errno.EADDRINUSE: "Another program uses this port; choose one with --port, or 0 for a free one",
    errno.EMFILE: "Raise the number of files that may be open; see `ulimit -n`",
    errno.ENOMEM: "Close other programs, or use fewer --jobs",
    errno.ELOOP: "It is a link that leads back to itself; delete it",
}


def advice(error: OSError) -> str:
    """What to do about an error of the system's."""
    return _ADVICE.get(error.errno or 0, "Check permissions, free space and the disk")


@dataclass(frozen=True, kw_only=True, slots=True)
class Notice:
    """One line for the user."""

    level: Level
    what: str
    where: str = ""
    hint: str = ""
    """What to do about it."""

    def __str__(self) -> str:
        head = f"{self.where}: {self.what}" if self.where else self.what
        return f"{head}. {self.hint}" if self.hint else head


@dataclass(kw_only=True, slots=True)
class Report:
    """The account of one run: how many of what, and the notices. Grows while the run goes on."""

    counts: Counter[str] = field(default_factory=Counter)
    notices: list[Notice] = field(default_factory=list)
    articles: list[str] = field(default_factory=list)
    """Files below `content/articles/` to which what was read led, the first thousand."""

    def count(self, what: str, n: int = 1) -> None:
        """Add `n` to the account under `what` ("added", "already there", "failed"…)."""
        self.counts[what] += n

    def add(self, notices: Iterable[Notice]) -> None:
        """Take notices in."""
        self.notices.extend(notices)

    def warn(self, what: str, where: str = "", hint: str = "") -> None:
        """Note something the user should look at; with `--strict` it fails the run."""
        self.notices.append(Notice(level="warning", what=what, where=where, hint=hint))

    def error(self, what: str, where: str = "", hint: str = "") -> None:
        """Note something asked for that was not done."""
        self.notices.append(Notice(level="error", what=what, where=where, hint=hint))

    @property
    def warnings(self) -> int:
        """How many warnings were noted."""
        return sum(n.level == "warning" for n in self.notices)

    @property
    def errors(self) -> int:
        """How many errors were noted."""
        return sum(n.level == "error" for n in self.notices)
