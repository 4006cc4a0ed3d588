"""What the page is: its language, publisher, address, kind and access."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Any, cast
from urllib.parse import urljoin

from lxml.html import HtmlElement

from backfile.cleaning.lexicon import Lexicon, fold
from backfile.cleaning.metadata.facts import Facts, split_url, words_of
from backfile.cleaning.metadata.jsonld import Structured, as_list, text_of, types
from backfile.cleaning.metadata.sources import Claim, Sources, claims
from backfile.cleaning.metadata.title import names_shown, same_form
from backfile.model import Access, Kind

_LANG = re.compile(r"([a-zA-Z]{2,3})(?:[-_]([a-zA-Z]{4}))?(?:[-_]([a-zA-Z]{2}|\d{3}))?(?:[-_.@].*)?\Z")
_ARCHIVED = re.compile(r"\A(?:https?://[^/]+)?/web/\d{4,14}\w{0,3}/")
"""What a web archive puts before the addresses in its captures."""
_FRONTS = ("", "/", "./", "index.html", "/index.html", "/index.php")
_NO_LANGUAGE = ("und", "mul", "zxx", "xx", "x")
_LABEL_END = re.compile(r"\s*[:|–—]\s+|\s+-\s+")
_CUED_KINDS: tuple[Kind, ...] = ("opinion", "live", "interview", "press release", "gallery", "video")
_MAX_NAME, _MAX_TRANSLATIONS, _MAX_H1 = 60, 60, 8
_CLAIM = 50
"""The trust in claims of which the first, or most, decide."""


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads((resources.files(__name__.rpartition(".")[0]) / "about.toml").read_text("utf-8"))


def language(facts: Facts, data: Structured, where: str) -> tuple[str, tuple[Claim, ...]]:
    """The language as a BCP 47 tag, script and region only where given; empty where the page names none.

    Most of the page's claims decide on the language; the first of these gives the region.
    """
    html = facts.tree.getroottree().getroot()
    written = html.get("lang") or html.get("{http://www.w3.org/XML/1998/namespace}lang") or html.get("xml:lang")
    offered = [("json-ld inLanguage", value) for value in as_list(data.article.get("inLanguage"))]
    offered.append(("html lang", written))
    offered += [(f"meta {key}", facts.meta(key)) for key in _table()["language"]["metas"]]
    offered += [("link hreflang", link.hreflang) for link in facts.links if link.hreflang and link.href == where]
    offered += [("webpage inLanguage", value) for value in as_list(data.page.get("inLanguage"))]
    found = [Claim(value=language_tag(text_of(value)), source=source, trust=_CLAIM) for source, value in offered]
    found = [claim for claim in found if claim.value]
    primaries = [claim.value.partition("-")[0] for claim in found]
    best = max(primaries, key=primaries.count, default="")
    return next((c.value for c, primary in zip(found, primaries, strict=True) if primary == best), ""), tuple(found)


def language_tag(text: str) -> str:
    """`pt_BR` → `pt-BR`; empty for what is no language tag."""
    match = _LANG.match(text.split(",")[0].strip())
    if match is None or match[1].lower() in _NO_LANGUAGE:
        return ""
    primary, script, region = match.groups()
    return "-".join(filter(None, (primary.lower(), (script or "").title(), (region or "").upper())))


def address(facts: Facts, data: Structured, url: str) -> tuple[str, tuple[Claim, ...]]:
    """The article's own address: canonical link, og:url, structured data, else the capture's.

    A front page's address is believed only where the capture has none of its own.
    """
    main = data.article.get("mainEntityOfPage")
    offered = [("link canonical", link.href) for link in facts.links if "canonical" in link.rel]
    offered.append(("meta og:url", facts.meta("og:url")))
    own = text_of(main.get("@id") or main.get("url")) if isinstance(main, dict) else text_of(main)
    offered.append(("json-ld mainEntityOfPage", own))
    offered.append(("json-ld url", text_of(data.article.get("url"))))
    found = [Claim(value=_absolute(url, link), source=source, trust=_CLAIM) for source, link in offered if link]
    found = [claim for claim in found if _is_page(claim.value, front=not url)]
    return (found[0].value if found else url), tuple(found)


def translations(facts: Facts, where: str) -> tuple[Claim, ...]:
    """The addresses of the same article in other languages."""
    links = [x for x in facts.links if "alternate" in x.rel and language_tag(x.hreflang) and x.href != where]
    reason = "the same article in another language"
    return tuple(
        Claim(value=x.href, source=f"link hreflang {x.hreflang}", trust=_CLAIM, reason=reason)
        for x in links[:_MAX_TRANSLATIONS]
    )


def _is_page(address: str, *, front: bool) -> bool:
    """Whether an address leads to a page of the web, other than a site's front page unless that is allowed."""
    parts = split_url(address)
    return parts.scheme in ("http", "https") and bool(parts.netloc) and (front or bool(parts.path.strip("/")))


def _absolute(url: str, link: str) -> str:
    try:
        return urljoin(url, link) if url else link
    except ValueError:
        return ""


def description(sources: Sources) -> tuple[str, tuple[Claim, ...]]:
    """The most trusted description; where that was cut off, one that goes on with the same words."""
    found = claims(sources, "description")
    first = found[0].value if found else ""
    start = first.rstrip(".… ")
    if start != first and first.endswith(("…", "...")):
        first = max((c.value for c in found if c.value.startswith(start)), key=len)
    return first, tuple(found)


def publisher(sources: Sources) -> tuple[str, tuple[Claim, ...]]:
    """The publisher's name as people write it, with every claim."""
    found = [c for c in claims(sources, "publisher") if _is_publisher_name(c.value)]
    weight: dict[str, int] = {}
    for claim in found:
        form = same_form(claim.value)
        weight[form] = weight.get(form, 0) + claim.trust
    best = max(weight, key=lambda form: weight[form], default="")
    return next((c.value for c in found if same_form(c.value) == best), ""), tuple(found)


def _is_publisher_name(name: str) -> bool:
    return bool(same_form(name)) and len(name) <= _MAX_NAME and not name.startswith(("http:", "https:", "@", "/"))


def publisher_forms(facts: Facts, data: Structured, where: str) -> frozenset[str]:
    """The forms of every name the publisher goes by on this page, its domain's among them."""
    names = [v for key in _table()["publisher"]["metas"] for v in facts.metas.get(key, ())]
    names.extend(v.lstrip("@") for v in facts.metas.get("twitter:site", ()))
    for node in data.nodes:
        names.extend(text_of(data.resolve(p)) for p in as_list(node.get("publisher")))
        if types(node) & set(_table()["publisher"]["types"]):
            names.append(text_of(node.get("name")))
    names.extend(words_of(h1) for h1 in facts.h1 if _leads_home(h1))
    names.extend(names_shown(facts.title, facts.metas.get("og:title", ()), map(words_of, facts.h1[:_MAX_H1])))
    host = (split_url(where).hostname or "").removeprefix("www.")
    labels = [label for label in host.split(".")[:-1] if len(label) > 3]
    return frozenset(filter(None, map(same_form, [*names, host, *labels])))


def _leads_home(heading: HtmlElement) -> bool:
    """Whether a heading is a link to the site's front page: its name, not a headline."""
    link = next(heading.iter("a"), None)
    if link is None:
        link = next(heading.iterancestors("a"), None)
    href = _ARCHIVED.sub("", link.get("href", "")) if link is not None else ""
    return bool(href) and not href.startswith(("#", "?")) and split_url(href).path in _FRONTS


def access(facts: Facts, data: Structured) -> Access:
    """Free, metered or locked where the page says so."""
    table = _table()["access"]
    tier = fold(facts.meta(*table["metas"]))
    for value in ("metered", "locked", "free"):
        if tier in table[value]:
            return value
    for node in (data.article, data.page):
        flag = str(node.get("isAccessibleForFree", "")).rsplit("/", 1)[-1].lower()
        if flag in table["free"]:
            return "free"
        if flag in table["locked"]:
            return "locked"
    return "unknown"


def kind(sources: Sources, title: str, section: str) -> Kind:
    """What sort of article it is, by its types, its section and the label before its title; else news."""
    facts, data = sources.facts, sources.data
    table = _table()["kinds"]
    named = next((table[t] for t in [*sorted(types(data.article)), facts.meta("og:type").lower()] if t in table), "")
    if named:
        return cast(Kind, named)
    if fold(facts.meta("article:opinion")) == "true":
        return "opinion"
    labels = set(map(fold, _labels(sources, title, section)))
    return next((value for value in _CUED_KINDS if labels & _cues(sources.words, value)), "news")


def _cues(words: Lexicon, value: Kind) -> frozenset[str]:
    return frozenset(words.cues.get(value.replace(" ", "_"), ()))


def _labels(sources: Sources, title: str, section: str) -> Iterator[str]:
    """What stands as a label on the article: its section, its genre, the first words of the title before a colon."""
    yield section
    yield from sources.data.texts(sources.data.article, "genre")
    yield from sources.data.texts(sources.data.article, "articleSection")
    label = _LABEL_END.split(title, maxsplit=1)
    if len(label) == 2:
        yield label[0]
