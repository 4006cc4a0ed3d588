"""Answers in the terminal."""

from __future__ import annotations

import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from backfile.report import ReadError
from backfile.search.answer import answer
from backfile.search.query import odd_times, parse
from backfile.search.reader import AGAIN, Hit, Index
from backfile.terminal import plain


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """The first answers, and what there is to say of the question."""

    count: int
    """How many answers there are."""
    hits: tuple[Hit, ...]
    unknown: dict[str, str]
    common: tuple[str, ...]
    loose: bool
    """True where few articles have all the words, and those that lack one are among these."""
    troubles: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """The same as JSON-ready values."""
        names = ("path", "published", "language", "publisher", "authors", "tags", "url")
        hits = [{"title": hit.title, **{name: asdict(hit)[name] for name in names}} for hit in self.hits]
        return {
            "count": self.count,
            "hits": hits,
            "unknown": self.unknown,
            "common": list(self.common),
            "loose": self.loose,
            "troubles": list(self.troubles),
        }


def search_site(build: Path, text: str, *, by_date: bool, limit: int) -> Told:
    """Ask a built site. Raises ReadError where it has no index that can be used, or a time in the question is none."""
    for odd in odd_times(text):
        raise ReadError(f"{odd}: not a time. Write a year, a month or a day, like after:2020, after:2020-06")
    index = Index(site=build)
    found = answer(index, parse(text), by_date=by_date)
    hits = tuple(hit for hit in (index.hit(each.place) for each in found.found[:limit]) if hit)
    return Told(
        count=len(found.found),
        hits=hits,
        unknown=found.unknown,
        common=tuple(found.common),
        loose=found.loose,
        troubles=tuple(index.troubles),
    )


def print_answer(told: Told) -> None:
    """Three lines an answer; notes and troubles on standard error."""
    for hit in told.hits:
        facts = " · ".join(part for part in (hit.publisher, hit.published, ", ".join(hit.authors)) if part)
        sys.stdout.write(f"{plain(hit.title) or hit.path}\n  {plain(facts)}\n  {hit.path}\n")
    for word, meant in told.unknown.items():
        hint = f" Did you mean “{plain(meant)}”?" if meant else ""
        sys.stderr.write(f"note: “{plain(word)}” is in no article.{hint}\n")
    if told.loose:
        sys.stderr.write("note: articles that lack one of the words are listed too\n")
    for word in told.common:
        sys.stderr.write(
            f"note: “{plain(word)}” is in very many articles: only those where it weighs most are ranked\n"
        )
    for trouble in told.troubles:
        sys.stderr.write(f"warning: {plain(trouble)}. Results may be incomplete. {AGAIN}\n")
    sys.stdout.write(f"{told.count:,} found\n")
