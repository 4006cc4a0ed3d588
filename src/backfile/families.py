"""Wire families: the articles of several outlets that run one dispatch."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from backfile.catalog import Catalog
from backfile.files import text_of_file
from backfile.markdown import load_article
from backfile.model import Article, Entry
from backfile.report import FrontMatterError
from backfile.sentences import sentences

MOST = 200
"""Members of a family, lest a sentence that everybody prints makes one of the whole archive."""

_SHARE = 0.25
"""Of the shorter text's sentences, that a member has in common with another one."""
_LEAST = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class Member:
    """An article of a family."""

    entry: Entry
    article: Article
    sentences: frozenset[str]
    """The letters of its sentences."""


def family(catalog: Catalog, articles: Path, entry: Entry) -> list[Member]:
    """The family of an article, the first to print it first; empty where it has none."""
    if not catalog.copies(entry):
        return []
    first = _member(articles, entry)
    members = {entry.source: first} if first else {}
    waiting = [first] if first else []
    while waiting and len(members) < MOST:
        one = waiting.pop()
        for other in catalog.copies(one.entry):
            if other.source in members:
                continue
            member = _member(articles, other)
            if member and is_copy(one.sentences, member.sentences):
                members[other.source] = member
                waiting.append(member)
    return sorted(members.values(), key=_age) if len(members) > 1 else []


def around(catalog: Catalog, entry: Entry) -> Iterator[str]:
    """The files of all articles whose family an article may be in, its own among them."""
    found = {entry.source}
    waiting = [entry]
    while waiting and len(found) < MOST:
        for other in catalog.copies(waiting.pop()):
            if other.source not in found:
                found.add(other.source)
                waiting.append(other)
    yield from sorted(found)


def is_copy(one: frozenset[str], other: frozenset[str]) -> bool:
    """True where two texts, given by the letters of their sentences, are of one dispatch."""
    shared, shorter = len(one & other), min(len(one), len(other))
    return shared >= min(_LEAST, shorter) and shared >= _SHARE * shorter and shared > 0


def _member(articles: Path, entry: Entry) -> Member | None:
    try:
        article = load_article(text_of_file(articles / entry.source)).article
    except (OSError, FrontMatterError):
        return None
    return Member(entry=entry, article=article, sentences=frozenset(sentences(article.body)))


def _age(member: Member) -> tuple[str, str]:
    return (member.entry.published or "9", member.entry.source)
