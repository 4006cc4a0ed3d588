"""Who wrote the article: the most trusted source that names people, agencies apart; the publisher if nobody else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile
from typing import Any, cast

from lxml import etree
from lxml.html import HtmlElement

from backfile.cleaning.lexicon import fold
from backfile.cleaning.metadata.facts import words_of
from backfile.cleaning.metadata.jsonld import as_list, text_of
from backfile.cleaning.metadata.people import (
    Byline,
    is_full_name,
    is_sentence,
    looks_like_person,
    name_cues,
    read_byline,
    strip_cue,
)
from backfile.cleaning.metadata.sources import Claim, Sources, trust
from backfile.cleaning.metadata.stamps import find_date
from backfile.cleaning.metadata.title import same_form
from backfile.cleaning.metadata.zone import PROSE, Line, Zone, is_silent

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
    "(/html/body/descendant::*/@class[contains(., 'author') or contains(., 'byline')])[position() <= 30]/parent::*"
    " | (/html/body/descendant::a/@rel[. = 'author'])[position() <= 30]/parent::*"
)
_WEAK = 40
"""Sources trusted less are not asked where a handle or a desk of the publisher signs."""
_MAX_OWN_WORDS = 6
_MAX_BYLINE, _MAX_NAMES, _MAX_MARKED = 160, 4, 30


@dataclass(frozen=True, kw_only=True, slots=True)
class Authors:
    """People (or desks), agencies, and the claims they were chosen from."""

    people: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    claims: tuple[Claim, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Signature:
    """What one source says of who wrote the article."""

    source: str
    trust: int
    byline: Byline
    people: tuple[str, ...]
    """The byline's people, without the publisher."""
    own: tuple[str, ...]
    """The names of the publisher and its desks."""


def choose_authors(sources: Sources, zone: Zone, names: frozenset[str]) -> Authors:
    """The authors of an article, given the forms of its publisher's names."""
    signatures = list(_signatures(sources, zone, names))
    return Authors(
        people=_decide(signatures),
        agencies=next((s.byline.agencies for s in signatures if s.byline.agencies), ()),
        claims=tuple(
            Claim(value=", ".join(s.byline.people + s.byline.desks + s.byline.wires), source=s.source, trust=s.trust)
            for s in signatures
        ),
    )


def _signatures(sources: Sources, zone: Zone, names: frozenset[str]) -> Iterator[Signature]:
    """The sources that say something, most trusted first, up to the first with a person's full name."""
    signed = False
    for source, degree in trust("authors").items():
        texts = [text for text in _texts(sources, zone, source) if text] if degree >= _WEAK or not signed else []
        if texts:
            byline = read_byline(texts, sources.words, inverted=source == "meta citation_author")
            said = byline.people or byline.desks or byline.wires
            whole = [text for text in texts if same_form(text) in names or (not said and is_own(text, names))]
            own = (*whole, *(name for name in byline.people + byline.desks if is_own(name, names)))
            people = _without_publisher(byline.people, names)
            yield Signature(source=source, trust=degree, byline=byline, people=people, own=own)
            signed = signed or bool(people) or any(name in own for name in byline.desks)
            if any(map(is_full_name, people)):
                return


def _decide(signatures: list[Signature]) -> tuple[str, ...]:
    """A full name goes before a handle, then the publisher, then a desk; agencies stand apart.

    Where the publisher signs, handles that only weak sources give do not count.
    """
    own = [name for s in signatures for name in s.own]
    full = [s.people for s in signatures if any(map(is_full_name, s.people))]
    handles = [s.people for s in signatures if s.people and (s.trust >= _WEAK or not own)]
    desks = [s.byline.desks for s in signatures if s.byline.desks]
    return next((names for names in (*full, *handles, tuple(own[:1]), *desks) if names), ())


def _without_publisher(people: tuple[str, ...], names: frozenset[str]) -> tuple[str, ...]:
    """The people less the publisher; and less the towns that follow where it stands first."""
    kept = tuple(p for p in people if not is_own(p, names))
    return tuple(p for p in kept if is_full_name(p) or p.islower()) if kept and kept[0] != people[0] else kept


def is_own(name: str, names: frozenset[str]) -> bool:
    """Whether a name is the publisher's, alone or with other words around it ("The Times Staff")."""
    words = name.split()[:_MAX_OWN_WORDS]
    heads = (same_form(" ".join(words[:n])) for n in range(1, len(words) + 1))
    tails = (same_form(" ".join(words[n:])) for n in range(1, len(words)))
    return any(form in names for form in (*heads, *tails))


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
        case "byline":
            yield from _signed(sources, zone)
        case "visible":
            yield from _spoken(sources, zone)
        case "beside date":
            yield from _beside_date(sources, zone)
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
        if label in name_cues(sources.words).labels:
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
    return _names_signer(f"{element.get('class', '')} {element.get('id', '')} {element.get('data-testid', '')}")


@lru_cache(4096)
def _names_signer(names: str) -> bool:
    return len(names) < 300 and bool(_SIGNED.search(names)) and not _BESIDE.search(names)


def _spoken(sources: Sources, zone: Zone) -> Iterator[str]:
    """What follows the first byline cue ("By", "Par") that starts a short line, or that is one by itself."""
    lines = list(zone.lines())
    for number, line in enumerate(lines):
        if len(line.text) >= PROSE or is_sentence(line.text, sources.words):
            continue
        rest = strip_cue(line.text, name_cues(sources.words))
        if fold(line.text) in name_cues(sources.words).labels and number + 1 < len(lines):
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
            if found is None or is_sentence(line.text, sources.words):
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
