"""The recipe: one page's tree → PageMetadata."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from lxml.html import HtmlElement

from backfile.cleaning.lexicon import lexicon
from backfile.cleaning.metadata import about
from backfile.cleaning.metadata.authors import choose_authors
from backfile.cleaning.metadata.dates import choose_dates
from backfile.cleaning.metadata.facts import Facts, gather, words_of
from backfile.cleaning.metadata.jsonld import Structured, structured
from backfile.cleaning.metadata.marked import marked_values
from backfile.cleaning.metadata.sources import Claim, Sources, claims, keys, offers
from backfile.cleaning.metadata.stamps import reading
from backfile.cleaning.metadata.title import choose_title, same_form, variants
from backfile.cleaning.metadata.topics import choose_section, choose_tags
from backfile.cleaning.metadata.zone import Zone
from backfile.model import Candidate, PageMetadata

_TIMES = ("published", "modified")
_LISTS = ("authors", "tags", "image")
_MOST_TRUST = 95
"""No single source makes a value certain."""
_MAX_COMPARED = 400
"""Characters up to which values are compared by their letters."""


def read_metadata(tree: HtmlElement, *, url: str = "", captured: str = "") -> PageMetadata:
    """The metadata of the article on a page, with every candidate; what the page does not say stays empty.

    `url` is the capture's address and `captured` its ISO time where known: no date after it is believed. The tree is
    not changed.
    """
    facts = gather(tree)
    titles = _titles(facts)
    data = structured(facts.scripts, lambda headline: same_form(headline) in titles)
    where, addresses = about.address(facts, data, url)
    lang, langs = about.language(facts, data, where)
    words = lexicon(*_languages(lang))
    sources = Sources(
        facts=facts,
        data=data,
        offers=offers(facts, data, marked_values(facts, frozenset(keys("microdata")))),
        words=words,
        reading=reading(words.months, lang),
        captured=captured,
    )
    names = about.publisher_forms(facts, data, where)
    headline = choose_title(sources, names)
    zone = Zone(tree, headline.element)
    authors = choose_authors(sources, zone, names)
    dates = choose_dates(sources, zone, where)
    publisher, publishers = about.publisher(sources)
    section, sections = choose_section(sources, headline.title, names)
    tags, tag_claims = choose_tags(sources, headline.title, (publisher, *authors.people))
    description, descriptions = about.description(sources)
    images = claims(sources, "image")
    image = images[0].value if images else ""
    return PageMetadata(
        title=headline.title,
        description=description,
        authors=authors.people,
        agencies=authors.agencies,
        published=dates.published,
        modified=dates.modified,
        lang=lang,
        section=section,
        tags=tags,
        publisher=publisher,
        url=where,
        kind=about.kind(sources, headline.title, section),
        access=about.access(facts, data),
        image=image,
        article_body=_body(data),
        candidates=(
            *_candidates("title", headline.votes, [headline.title]),
            *_candidates("authors", authors.claims, authors.people + authors.agencies),
            *_candidates("published", dates.published_claims, [dates.published]),
            *_candidates("modified", dates.modified_claims, [dates.modified]),
            *_candidates("publisher", publishers, [publisher]),
            *_candidates("section", sections, [section]),
            *_candidates("tags", tag_claims, tags),
            *_candidates("description", descriptions, [description]),
            *_candidates("image", images, [image]),
            *_candidates("lang", langs, [lang]),
            *_candidates("url", addresses, [where]),
            *_candidates("translation", about.translations(facts, where), []),
        ),
    )


def _titles(facts: Facts) -> frozenset[str]:
    """The forms of the titles that the article's node may bear."""
    titles = [facts.meta("og:title"), *variants(facts.title), *map(words_of, facts.h1[:3])]
    return frozenset(filter(None, map(same_form, titles)))


def _languages(lang: str) -> tuple[str, ...]:
    """The page's language and English, which is on every page; all languages where it names none that we know."""
    primary = lang.partition("-")[0]
    return tuple(dict.fromkeys((primary, "en"))) if primary and lexicon(primary).months else ()


def _body(data: Structured) -> str:
    body = data.article.get("articleBody")
    return body if isinstance(body, str) else ""


def _candidates(field: str, found: Iterable[Claim], chosen: Iterable[str]) -> list[Candidate]:
    """The claims as candidates; chosen are those that say one of the values chosen."""
    claims = list(found)
    values = {value for value in chosen if value}
    forms = {same_form(value) for value in values if len(value) <= _MAX_COMPARED}
    picked = [claim.value in values or not forms.isdisjoint(_forms(claim.value)) for claim in claims]
    sure = _confidence(field, claims, picked)
    return [
        Candidate(
            field=field,
            value=claim.value,
            source=claim.source,
            chosen=yes,
            reason=claim.reason or f"trust {claim.trust} of 100",
            confidence=sure if yes else 0.0,
        )
        for claim, yes in zip(claims, picked, strict=True)
    ]


def _confidence(field: str, claims: Sequence[Claim], picked: Sequence[bool]) -> float:
    """How sure the chosen value is: its sources taken as independent, less half the trust of the best that differs.

    Of a list like tags the other values are no objection, and two times of one day are none to each other.
    """
    said = {claim.value[:10] for claim, yes in zip(claims, picked, strict=True) if yes}
    doubt, against = 1.0, 0
    sources: set[str] = set()
    for claim, yes in zip(claims, picked, strict=True):
        same = yes or (field in _TIMES and claim.value[:10] in said)
        if same and claim.source not in sources:
            sources.add(claim.source)
            doubt *= 1 - min(claim.trust, _MOST_TRUST) / 100
        elif not same and field not in _LISTS:
            against = max(against, min(claim.trust, _MOST_TRUST))
    return round((1 - doubt) * (1 - against / 200), 2)


def _forms(value: str) -> Iterator[str]:
    """The forms of a value and of the parts of a list."""
    if len(value) <= _MAX_COMPARED:
        yield same_form(value)
        if ", " in value:
            yield from map(same_form, value.split(", "))
