"""Answers in the terminal."""

from __future__ import annotations

import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from backfile.report import ReadError
from backfile.search.answer import answer
from backfile.search.query import parse
from backfile.search.reader import AGAIN, Hit, Index
from backfile.terminal import plain


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """The first answers, and what there is to say of the question."""

    count: int
    """How many answers there are."""
    hits: tuple[tuple[Hit, tuple[str, ...]], ...]
    """Each with what it lacks of the question."""
    unknown: dict[str, str]
    common: tuple[str, ...]
    loose: bool
    """True where few articles have all the words, and those that lack one are among these."""
    troubles: tuple[str, ...]

    @property
    def notes(self) -> list[str]:
        """What a person should know of the answers, a line each."""
        meant = {word: f" Did you mean “{plain(known)}”?" if known else "" for word, known in self.unknown.items()}
        return [
            *(f"“{plain(word)}” is in no article.{hint}" for word, hint in meant.items()),
            *(["articles that lack one of the words are listed too"] if self.loose else []),
            *(
                f"“{plain(word)}” is in very many articles: only those where it weighs most are ranked"
                for word in self.common
            ),
        ]

    def as_dict(self) -> dict[str, Any]:
        """The same as JSON-ready values."""
        names = ("path", "published", "language", "publisher", "authors", "tags", "url")
        hits = [
            {"title": hit.title, **{name: asdict(hit)[name] for name in names}, "lacks": list(lacks)}
            for hit, lacks in self.hits
        ]
        return {
            "count": self.count,
            "hits": hits,
            "unknown": self.unknown,
            "common": list(self.common),
            "loose": self.loose,
            "troubles": list(self.troubles),
        }


def search_site(build: Path, text: str, *, by_date: bool, limit: int | None) -> Told:
    """Ask a built site. Raises ReadError where it has no index that can be used, or a time in the question is none."""
    question = parse(text)
    for odd in question.odd:
        raise ReadError(f"{odd}: not a time. Write a year, a month or a day, like after:2020, after:2020-06")
    index = Index(site=build)
    found = answer(index, question, by_date=by_date)
    known = ((index.hit(each.place), each.lacks) for each in found.found[:limit])
    hits = tuple((hit, lacks) for hit, lacks in known if hit)
    return Told(
        count=len(found.found),
        hits=hits,
        unknown=found.unknown,
        common=tuple(found.common),
        loose=found.loose,
        troubles=tuple(index.troubles),
    )


def print_answer(told: Told) -> None:
    """Three lines an answer, four where it lacks a word; notes and troubles on standard error."""
    for hit, lacks in told.hits:
        facts = " · ".join(part for part in (hit.publisher, hit.published, ", ".join(hit.authors)) if part)
        sys.stdout.write(f"{plain(hit.title) or hit.path}\n  {plain(facts)}\n  {hit.path}\n")
        if lacks:
            sys.stdout.write(f"  without {plain(', '.join(lacks))}\n")
    for note in told.notes:
        sys.stderr.write(f"note: {note}\n")
    for trouble in told.troubles:
        sys.stderr.write(f"warning: {plain(trouble)}. Results may be incomplete. {AGAIN}\n")
    sys.stdout.write(f"{told.count:,} found\n")
