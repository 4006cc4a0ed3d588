"""One page ready to be asked: every source of a field by its name in `trust.toml`, and the candidates it offers."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

from lxml.html import HtmlElement

from backfile.clean.lexicon import Lexicon
from backfile.clean.metadata.facts import Facts
from backfile.clean.metadata.jsonld import Structured
from backfile.clean.metadata.stamps import Reading


@dataclass(frozen=True, kw_only=True, slots=True)
class Sources:
    """The sources of one page."""

    facts: Facts
    data: Structured
    marked: dict[str, list[tuple[str, HtmlElement]]]
    words: Lexicon
    reading: Reading
    url: str = ""
    captured: str = ""

    def values(self, source: str) -> list[str]:
        """What a source of `trust.toml` says; nothing for those that need a search of their own."""
        kind, _, key = source.partition(" ")
        match kind:
            case "meta":
                return list(self.facts.metas.get(key, ()))
            case "json-ld":
                return self.data.texts(self.data.article, key)
            case "webpage":
                return self.data.texts(self.data.page, key)
            case "microdata":
                return [value for value, _ in self.marked.get(key.lower(), ())]
            case _:
                return []


@cache
def trust(field: str) -> dict[str, int]:
    """Source → trust for a field, in the order of the table."""
    table = tomllib.loads((resources.files(__name__.rpartition(".")[0]) / "trust.toml").read_text("utf-8"))
    return dict(table[field])


@dataclass(frozen=True, kw_only=True, slots=True)
class Claim:
    """A value that a source claims for a field, as read."""

    value: str
    source: str
    trust: int
    element: HtmlElement | None = None


def claims(sources: Sources, field: str) -> list[Claim]:
    """What the sources of a field that stand in head and structured data claim, as written."""
    return [
        Claim(value=value, source=source, trust=degree)
        for source, degree in trust(field).items()
        for value in sources.values(source)
    ]
