"""Section and tags, less what publishers write there for their machines."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import resources
from typing import Any

from backfile.cleaning.lexicon import fold
from backfile.cleaning.metadata.jsonld import as_list, text_of, types
from backfile.cleaning.metadata.sources import Claim, Sources, claims
from backfile.cleaning.metadata.title import same_form

_SPLIT = re.compile(r"\s*[,;|、，؛،\n]\s*")
_INTERNAL = re.compile(r"\d+\Z|\w+[:=]\S|.*[{}<>\\]|[\w-]*_[\w-]*\Z|https?:|/|[0-9a-f-]{20,}\Z")
_PATH = re.compile(r"\s*[/>|»]\s*")
MAX_TAG, MAX_TAGS = 60, 40


@cache
def _table() -> dict[str, list[str]]:
    tables = tomllib.loads((resources.files(__name__.rpartition(".")[0]) / "about.toml").read_text("utf-8"))
    return dict(tables["topics"])


def choose_tags(sources: Sources, title: str, others: Iterable[str]) -> tuple[tuple[str, ...], tuple[Claim, ...]]:
    """The tags of the most trusted source that has any, each once, with every claim.

    `others` are the names of publisher and authors: they are no topics.
    """
    signed = set(map(same_form, others))
    found = claims(sources, "tags")
    chosen: dict[str, dict[str, str]] = {}
    for claim in found:
        of_source = chosen.setdefault(claim.source, {})
        for tag in split_tags(claim.value):
            form = same_form(tag)
            if form not in signed and (" " not in tag or form != same_form(title)):
                of_source.setdefault(fold(tag), tag)
    best = next((tags for tags in chosen.values() if tags), {})
    return tuple(best.values())[:MAX_TAGS], tuple(found)


def split_tags(text: str) -> Iterator[str]:
    """The tags in a text: split at commas and their like, without ids and `key:value` pairs."""
    for part in _SPLIT.split(text):
        label, _, rest = part.partition(": ")
        tag = (rest if fold(label) in _table()["labels"] else part).strip(" \"'“”#.[]")
        if tag and len(tag) <= MAX_TAG and not _INTERNAL.match(tag):
            yield tag


def choose_section(sources: Sources, title: str, names: frozenset[str]) -> tuple[str, tuple[Claim, ...]]:
    """The section, as the most trusted source writes it; else the first breadcrumb after the front page's."""
    found = [*claims(sources, "section"), *_breadcrumbs(sources, title)]
    for claim in found:
        section = _section(claim.value)
        if section and same_form(section) not in names and fold(section) not in _table()["no_sections"]:
            return section, tuple(found)
    return "", tuple(found)


def _section(text: str) -> str:
    """The section in a path like `news/world`, its last part; in a list its first."""
    parts = [p for p in _PATH.split(text.partition(",")[0].strip()) if p]
    section = parts[-1] if parts else ""
    return section if len(section) <= MAX_TAG and not _INTERNAL.match(section) else ""


def _breadcrumbs(sources: Sources, title: str) -> Iterator[Claim]:
    for node in sources.data.nodes:
        lists = [node] if "BreadcrumbList" in types(node) else [sources.data.resolve(node.get("breadcrumb"))]
        for crumbs in lists:
            names = _crumb_names(crumbs) if isinstance(crumbs, dict) else []
            headlines = {same_form(title), same_form(text_of(sources.data.article.get("headline")))}
            inner = [n for n in names[1:] if same_form(n) not in headlines and len(n) <= MAX_TAG]
            if inner:
                yield Claim(value=inner[0], source="breadcrumb", trust=40)
                return


def _crumb_names(crumbs: dict[str, Any]) -> list[str]:
    items = [i for i in as_list(crumbs.get("itemListElement")) if isinstance(i, dict)]
    names = (text_of(i.get("name")) or text_of(i.get("item")) for i in items)
    return [n for n in names if n and not n.startswith(("http:", "https:"))]
