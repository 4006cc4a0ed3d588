"""Who wrote the article: the most trusted source that names people; agencies apart; the publisher only when nobody else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lxml.html import HtmlElement

from backfile.clean.lexicon import fold
from backfile.clean.metadata.facts import words_of
from backfile.clean.metadata.jsonld import as_list, text_of
from backfile.clean.metadata.people import Byline, read_byline
from backfile.clean.metadata.sources import Claim, Sources, trust
from backfile.clean.metadata.title import same_form
from backfile.clean.metadata.zone import PROSE, Zone

_SIGNED = re.compile(r"(?:^|[\s_-])(?:p-author|author|authors|byline|autor|autoren|auteur|auteurs|autore|autores|writer|writers|contributor|reporter)(?:$|[\s_-])|byline|author-?name", re.I)
_MAX_BYLINE = 160


@dataclass(frozen=True, kw_only=True, slots=True)
class Authors:
    """People (or desks), agencies, and the claims they were chosen from."""

    people: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    claims: tuple[Claim, ...] = ()


def choose_authors(sources: Sources, zone: Zone, names: frozenset[str]) -> Authors:
    """The authors of an article, given the forms of its publisher's names."""
    found: list[Claim] = []
    agencies: tuple[str, ...] = ()
    desks: tuple[str, ...] = ()
    for source, degree in trust("authors").items():
        texts = list(_texts(sources, zone, source))
        if not texts:
            continue
        byline = read_byline(texts, sources.words)
        found.append(Claim(value=", ".join(byline.people + byline.agencies), source=source, trust=degree))
        people = tuple(p for p in byline.people if same_form(p) not in names)
        agencies = agencies or byline.agencies
        if people:
            return Authors(people=people, agencies=agencies, claims=tuple(found))
        desks = desks or byline.people
    return Authors(people=desks[:1], agencies=agencies, claims=tuple(found))


def _texts(sources: Sources, zone: Zone, source: str) -> Iterator[str]:
    match source:
        case "json-ld author":
            yield from _persons(sources, sources.data.article.get("author"))
        case "json-ld creator":
            yield from _persons(sources, sources.data.article.get("creator"))
        case "webpage author":
            yield from _persons(sources, sources.data.page.get("author"))
        case "meta twitter:data1":
            yield from _labelled(sources)
        case "rel" | "byline":
            yield from _signed(zone)
        case "visible":
            yield from _spoken(sources, zone)
        case _:
            yield from sources.values(source)


def _persons(sources: Sources, value: Any) -> Iterator[str]:
    for item in as_list(value):
        person = sources.data.resolve(item)
        if isinstance(person, dict) and not person.get("name"):
            given = [text_of(person.get(k)) for k in ("givenName", "familyName")]
            yield " ".join(filter(None, given)) or text_of(person.get("alternateName"))
        elif isinstance(person, dict):
            yield from (text_of(n) for n in as_list(person["name"]))
        else:
            yield text_of(person)


def _labelled(sources: Sources) -> Iterator[str]:
    """The value beside a label of Twitter's card, if the label introduces a byline."""
    for number in ("1", "2"):
        label = fold(sources.facts.meta(f"twitter:label{number}"))
        if label in sources.words.cues.get("byline", ()):
            yield sources.facts.meta(f"twitter:data{number}")


def _signed(zone: Zone) -> Iterator[str]:
    """The texts of the elements around the headline that are marked as its byline, the innermost."""
    for line in zone.lines():
        marked = [e for e in line.elements if is_signed(e)]
        if marked:
            text = words_of(marked[-1])
            if 1 < len(text) <= _MAX_BYLINE:
                yield text
                return


def is_signed(element: HtmlElement) -> bool:
    """Whether an element's attributes say that it names the author."""
    if "author" in element.get("rel", "").split() or element.get("itemprop") == "author":
        return True
    names = f"{element.get('class', '')} {element.get('id', '')} {element.get('data-testid', '')}"
    return len(names) < 300 and bool(_SIGNED.search(names))


def _spoken(sources: Sources, zone: Zone) -> Iterator[str]:
    """What follows the first byline cue ("By", "Par") that starts a short line."""
    for line in zone.lines():
        if len(line.text) >= PROSE:
            continue
        folded = line.text.casefold()
        for cue in sources.words.cues.get("byline", ()):
            rest = line.text[len(cue) :].lstrip(" :")
            if folded.startswith(cue) and rest and not folded[len(cue)].isalnum() and not rest[0].islower():
                yield rest
                return
