"""What an article is made of, between HTML and Markdown: a tree of few kinds whose depth is bounded by its reader."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias


class Run(NamedTuple):
    """A stretch of text in one style. A text of one line feed is a line break."""

    text: str
    strong: bool = False
    em: bool = False
    code: bool = False
    href: str = ""

    def saying(self, text: str) -> Run:
        """The same style with another text."""
        return Run(text, self.strong, self.em, self.code, self.href)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph."""

    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; `level` as the page has it, 1 to 6."""

    level: int
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Quote:
    """A quotation or an embedded post."""

    children: list[Node] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class List:
    """A list; `start` is the first number, -1 for bullets."""

    start: int
    items: list[list[Node]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells, all rows of one length; the first row is the header."""

    rows: tuple[tuple[tuple[Run, ...], ...], ...]


@dataclass(frozen=True, slots=True)
class Code:
    """Preformatted text."""

    text: str


@dataclass(frozen=True, slots=True)
class Picture:
    """An image that stands by itself."""

    url: str
    alt: str = ""
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Embed:
    """A player of a third party, as a link to the original."""

    url: str
    label: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A break between two parts of the text."""


Node: TypeAlias = Paragraph | Heading | Quote | List | Table | Code | Picture | Embed | Rule
