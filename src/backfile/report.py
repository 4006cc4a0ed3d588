"""What there is to tell the user: notices, the report that counts them, and the few errors.

BackfileError            anything that one clear line explains
├── ConfigError          backfile.toml is wrong
├── SiteError            the site folder cannot be used (missing, locked, not ours)
├── ReadError            a saved file cannot be read as what it is
└── FrontMatterError     an article's front matter is wrong
"""

from __future__ import annotations

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
