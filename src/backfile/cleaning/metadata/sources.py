"""One page ready to be asked: every source of a field by its name in `trust.toml`, and the candidates it offers."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

from lxml.html import HtmlElement

from backfile.cleaning.lexicon import Lexicon
from backfile.cleaning.metadata.facts import Facts
from backfile.cleaning.metadata.jsonld import Node, Structured, is_news
from backfile.cleaning.metadata.stamps import Reading


@dataclass(frozen=True, kw_only=True, slots=True)
class Sources:
    """The sources of one page."""

    facts: Facts
    data: Structured
    offers: dict[str, list[str]]
    """Source as `trust.toml` names it → what it says; without those that need a search of their own."""
    words: Lexicon
    reading: Reading
    captured: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Claim:
    """A value that a source claims for a field, as read."""

    value: str
    source: str
    trust: int
    element: HtmlElement | None = None
    reason: str = ""
    """Why it was chosen or set aside, where that is more than its trust."""


@cache
def _tables() -> dict[str, dict[str, int]]:
    return tomllib.loads((resources.files(__name__.rpartition(".")[0]) / "trust.toml").read_text("utf-8"))


def trust(field: str) -> dict[str, int]:
    """Source → trust for a field, in the order of the table."""
    return _tables()[field]


@cache
def keys(kind: str) -> tuple[str, ...]:
    """The keys that some field is read from in this kind of source ("microdata": headline, author…)."""
    sources = {source for table in _tables().values() for source in table}
    return tuple(sorted(s.removeprefix(kind + " ") for s in sources if s.startswith(kind + " ")))


def offers(facts: Facts, data: Structured, marked: dict[str, list[str]]) -> dict[str, list[str]]:
    """What each source that a page has says, by its name."""
    found = {f"meta {key}": list(values) for key, values in facts.metas.items()}
    found.update({f"microdata {key}": marked[key] for key in keys("microdata") if key in marked})
    nodes: list[tuple[str, Node]] = [("json-ld", data.article), ("webpage", data.page)]
    if is_news(data.article):
        nodes.append(("news", data.article))
    for kind, node in nodes:
        found.update({f"{kind} {key}": data.texts(node, key) for key in keys(kind) if key in node})
    return found


def claims(sources: Sources, field: str) -> list[Claim]:
    """What the sources of a field that stand in head and structured data claim, as written."""
    return [
        Claim(value=value, source=source, trust=degree)
        for source, degree in trust(field).items()
        if source in sources.offers
        for value in sources.offers[source]
    ]
