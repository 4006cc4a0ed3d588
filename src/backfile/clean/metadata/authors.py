"""Who wrote the article: the most trusted source that names people, agencies apart; the publisher if nobody else."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import takewhile
from typing import Any, cast

from lxml import etree
from lxml.html import HtmlElement

from backfile.clean.lexicon import fold
from backfile.clean.metadata.facts import words_of
from backfile.clean.metadata.jsonld import as_list, text_of
from backfile.clean.metadata.people import Byline, is_full_name, looks_like_person, read_byline, strip_cue
from backfile.clean.metadata.sources import Claim, Sources, trust
from backfile.clean.metadata.stamps import find_date
from backfile.clean.metadata.title import is_name
from backfile.clean.metadata.zone import PROSE, Line, Zone, is_silent

_SIGNED = re.compile(r"author|byline|contributor|auteur|autor(?!iz)|redakteur|journalist|writer", re.I)
_BESIDE = re.compile(
    r"bio|title|role|job|image|avatar|photo|social|desc|count|date|follow|box|authori|tooltip|related|more", re.I
)
_PROFILE = re.compile(
    r"/(?:authors?|autor(?:es|en|in)?|auteurs?|autori?|people|person|profiles?|profil|staff|team|journalist\w*|journaliste|"
    r"contributors?|writers?|reporters?|columnists?|by|redaktion|experts?)/[^/]",
    re.I,
)
_AUTHORLIKE = etree.XPath(
    "//@class[contains(., 'author') or contains(., 'byline')]/parent::* | //@rel[. = 'author']/parent::*"
)
_WEAK = 40
"""Sources trusted less are not asked where a desk of the publisher signs."""
_MAX_BYLINE, _MAX_NAMES, _MAX_MARKED = 160, 4, 30


@dataclass(frozen=True, kw_only=True, slots=True)
class Authors:
    """People (or desks), agencies, and the claims they were chosen from."""

    people: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    claims: tuple[Claim, ...] = ()


def choose_authors(sources: Sources, zone: Callable[[], Zone], names: frozenset[str]) -> Authors:
    """The authors of an article, given the forms of its publisher's names.

    The first source with a full name decides; else the first with a handle; else the first that names the publisher or
    its desk; an agency is the author only where it signs alone.
    """
    found: list[Claim] = []
    bylines: list[Byline] = []
    handles: tuple[str, ...] = ()
    for source, degree in trust("authors").items():
        if degree < _WEAK and any(is_name(desk, names) for byline in bylines for desk in byline.desks):
            continue
        texts = [text for text in _texts(sources, zone, source) if text]
        if not texts:
            continue
        byline = read_byline(texts, sources.words, inverted=source == "meta citation_author")
        bylines.append(byline)
        found.append(Claim(value=", ".join(byline.people + byline.wires), source=source, trust=degree))
        people = _without_publisher(byline.people, names)
        handles = handles or people
        if any(map(is_full_name, people)):
            handles = people
            break
    own = [p for b in bylines for p in b.people + b.desks if is_name(p, names)]
    wires = next((b.wires for b in bylines if b.wires), ())
    return Authors(
        people=handles or tuple(own[:1]) or wires,
        agencies=next((b.agencies for b in bylines if b.agencies), ()),
        claims=tuple(found),
    )


def _without_publisher(people: tuple[str, ...], names: frozenset[str]) -> tuple[str, ...]:
    """The people less the publisher; and less the towns that follow where it stands first."""
    kept = tuple(p for p in people if not is_name(p, names))
    return tuple(p for p in kept if " " in p or p.islower()) if kept and kept[0] != people[0] else kept


def _texts(sources: Sources, zone: Callable[[], Zone], source: str) -> Iterator[str]:
    match source:
        case "json-ld author":
            yield from _persons(sources, sources.data.article.get("author"))
        case "json-ld creator":
            yield from _persons(sources, sources.data.article.get("creator"))
        case "webpage author":
            yield from _persons(sources, sources.data.page.get("author"))
        case "meta twitter:data1":
            yield from _labelled(sources)
        case "byline":
            yield from _signed(sources, zone())
        case "visible":
            yield from _spoken(sources, zone())
        case "beside date":
            yield from _beside_date(sources, zone())
        case "marked":
            yield from _marked(sources)
        case _:
            yield from (text for text in sources.offers.get(source, ()) if len(text) <= _MAX_BYLINE)


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


def _signed(sources: Sources, zone: Zone) -> Iterator[str]:
    """The names in the first line around the headline that has an element marked as its byline."""
    for line in zone.lines():
        marked = [e for e in line.elements if is_signed(e)] if len(line.text) < PROSE else []
        for element in reversed(marked):
            text = min(words_of(element), line.text, key=len)
            if 1 < len(text) <= _MAX_BYLINE and 0 < len(read_byline([text], sources.words).people) <= _MAX_NAMES:
                yield from (words_of(e) for e in marked if e.tag == "a" == element.tag and e is not element)
                yield text
                return


def _marked(sources: Sources) -> Iterator[str]:
    """The name in an element marked as a byline anywhere in the page, if all such elements name the same people."""
    names: dict[str, None] = {}
    for element in cast(list[HtmlElement], _AUTHORLIKE(sources.facts.tree))[:_MAX_MARKED]:
        if is_signed(element) and not any(is_silent(a) for a in element.iterancestors()):
            text = words_of(element)
            if 1 < len(text) <= _MAX_BYLINE:
                names.update(dict.fromkeys(read_byline([text], sources.words).people))
    if len(names) <= 2:
        yield from names


def is_signed(element: HtmlElement) -> bool:
    """Whether an element's attributes say that it names the author."""
    if "author" in element.get("rel", "").split() or element.get("itemprop") == "author":
        return True
    if element.tag == "a" and _PROFILE.search(element.get("href", "")[:200]):
        return True
    names = f"{element.get('class', '')} {element.get('id', '')} {element.get('data-testid', '')}"
    return len(names) < 300 and bool(_SIGNED.search(names)) and not _BESIDE.search(names)


def _spoken(sources: Sources, zone: Zone) -> Iterator[str]:
    """What follows the first byline cue ("By", "Par") that starts a short line, or that is one by itself."""
    lines = list(zone.lines())
    for number, line in enumerate(lines):
        if len(line.text) >= PROSE:
            continue
        rest = strip_cue(line.text, sources.words)
        if fold(line.text) in sources.words.cues.get("byline", ()) and number + 1 < len(lines):
            rest = lines[number + 1].text
        if rest != line.text and len(rest) <= _MAX_BYLINE and not rest[:1].islower() and not rest[:1].isdigit():
            yield rest
            return


def _beside_date(sources: Sources, zone: Zone) -> Iterator[str]:
    """A person's name on the line of the date, or alone on the line before or after it."""
    after = tuple(takewhile(lambda line: len(line.text) < 2 * PROSE, zone.after))
    for lines in (after, zone.before):
        for number, line in enumerate(lines):
            found = find_date(line.text, sources.reading) if len(line.text) < PROSE else None
            if found is None:
                continue
            around = [line.text[: found[1]], line.text[found[2] :]]
            around += [n.text for n in lines[max(0, number - 1) : number + 2] if _may_sign(n)]
            name = next((t for t in (_bare(sources, text) for text in around) if t), "")
            if name:
                yield name
                return


def _may_sign(line: Line) -> bool:
    """Whether a line is no link, or one to a person's page."""
    return all(is_signed(e) for e in line.elements if e.tag == "a")


def _bare(sources: Sources, text: str) -> str:
    """The text, less the words that introduce a date, if only a person's name is left."""
    folded = text.casefold().rstrip(" :|,-–·•")
    for name in ("published", "updated"):
        for cue in sources.words.cues.get(name, ()):
            if folded.endswith(" " + cue):
                text, folded = text[: len(folded) - len(cue)], folded[: -len(cue)].rstrip()
    text = text.strip(" :|,-–·•/")
    return text if looks_like_person(text, sources.words) else ""
