"""What the page is: its language, publisher, address, kind and access."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

from backfile.clean.lexicon import fold
from backfile.clean.metadata.facts import Facts
from backfile.clean.metadata.jsonld import Structured, as_list, text_of, types
from backfile.clean.metadata.sources import Claim, Sources, claims
from backfile.clean.metadata.title import same_form
from backfile.model import Access, Kind

_LANG = re.compile(r"([a-zA-Z]{2,3})(?:[-_]([a-zA-Z]{4}))?(?:[-_]([a-zA-Z]{2}|\d{3}))?(?:[-_.@].*)?\Z")
_KIND_OF_TYPE: dict[str, Kind] = {
    "LiveBlogPosting": "live",
    "OpinionNewsArticle": "opinion",
    "Interview": "interview",
    "ImageGallery": "gallery",
    "MediaGallery": "gallery",
    "VideoGallery": "gallery",
}
_LOCKED = ("locked", "premium", "paid", "subscriber", "subscribers", "subscription", "closed", "plus", "hard", "false", "no")
_METERED = ("metered", "meter", "registered", "registration", "freemium")
_FREE = ("free", "open", "unlocked", "public", "true", "yes")
_TIERS = ("article:content_tier", "og:article:content_tier", "content_tier", "product:availability_tier", "article:accessibility")
_PUBLISHERS = ("publisher", "sourceOrganization")
_SITES = frozenset({"WebSite", "Organization", "NewsMediaOrganization", "Corporation"})


def language(facts: Facts, data: Structured) -> str:
    """The language as a BCP 47 tag with script and region only where given; empty where the page names none."""
    html = facts.tree.getroottree().getroot()
    offered = [
        *as_list(data.article.get("inLanguage")),
        html.get("lang") or html.get("{http://www.w3.org/XML/1998/namespace}lang") or html.get("xml:lang"),
        facts.meta("content-language"),
        facts.meta("og:locale"),
        facts.meta("dc.language", "dcterms.language", "language", "inlanguage"),
        *as_list(data.page.get("inLanguage")),
    ]
    tags = [tag for tag in (language_tag(text_of(value)) for value in offered) if tag]
    if not tags:
        return ""
    primary = max({t.partition("-")[0] for t in tags}, key=lambda p: (sum(t.partition("-")[0] == p for t in tags), tags[0].startswith(p)))
    return next(t for t in tags if t.partition("-")[0] == primary)


def language_tag(text: str) -> str:
    """`pt_BR` → `pt-BR`; empty for what is no language tag."""
    match = _LANG.match(text.split(",")[0].strip())
    if match is None:
        return ""
    primary, script, region = match.groups()
    parts = (primary.lower(), (script or "").title(), (region or "").upper())
    return "-".join(p for p in parts if p) if primary.lower() not in ("xx", "und", "x") else ""


def address(facts: Facts, data: Structured, url: str) -> str:
    """The article's own address: canonical link, og:url, structured data, else the capture's."""
    canonical = [link.href for link in facts.links if "canonical" in link.rel]
    main = data.article.get("mainEntityOfPage")
    own = [text_of(main.get("@id") or main.get("url")) if isinstance(main, dict) else text_of(main)]
    for found in (*canonical, facts.meta("og:url"), *own, text_of(data.article.get("url")), url):
        absolute = urljoin(url, found) if url and found else found
        parts = _split(absolute)
        if parts and parts[1] and (parts[0] in ("http", "https")):
            if len(parts[2].strip("/")) > 0 or not url:
                return absolute
    return url


def _split(url: str) -> tuple[str, str, str] | None:
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return None
    return parts.scheme, parts.netloc, parts.path


def publisher(sources: Sources) -> tuple[str, tuple[Claim, ...]]:
    """The publisher's name as people write it, with every claim."""
    found = [c for c in claims(sources, "publisher") if c.trust and _is_publisher_name(c.value)]
    if not found:
        return "", ()
    weight: dict[str, int] = {}
    for claim in found:
        form = same_form(claim.value)
        weight[form] = weight.get(form, 0) + claim.trust
    best = max(weight, key=lambda form: weight[form])
    return next(c.value for c in found if same_form(c.value) == best), tuple(found)


def _is_publisher_name(name: str) -> bool:
    return bool(same_form(name)) and len(name) <= 60 and not name.startswith(("http:", "https:", "@", "/"))


def publisher_forms(facts: Facts, data: Structured, where: str) -> frozenset[str]:
    """The forms of every name the publisher goes by on this page, its domain's among them."""
    names = [v for key in ("og:site_name", "application-name", "apple-mobile-web-app-title", "publisher", "dc.publisher") for v in facts.metas.get(key, ())]
    names.extend(v.lstrip("@") for v in facts.metas.get("twitter:site", ()))
    for node in data.nodes:
        names.extend(text_of(data.resolve(p)) for key in _PUBLISHERS for p in as_list(node.get(key)))
        if types(node) & _SITES:
            names.append(text_of(node.get("name")))
    parts = _split(where)
    host = (parts[1] if parts else "").lower().rpartition("@")[2].partition(":")[0].removeprefix("www.")
    labels = [label for label in host.split(".")[:-1] if len(label) > 3]
    return frozenset(filter(None, map(same_form, [*names, host, *labels])))


def access(facts: Facts, data: Structured) -> Access:
    """Free, metered or locked where the page says so."""
    tier = fold(facts.meta(*_TIERS))
    for words, value in ((_METERED, "metered"), (_LOCKED, "locked"), (_FREE, "free")):
        if tier in words:
            return value  # type: ignore[return-value]
    for node in (data.article, data.page):
        flag = node.get("isAccessibleForFree")
        if flag is not None:
            return "free" if str(flag).rsplit("/", 1)[-1].lower() in ("true", "1", "yes") else "locked"
    return "unknown"


def kind(facts: Facts, data: Structured, section: str) -> Kind:
    """What sort of article it is, by its schema.org types, og:type and section; news where nothing says otherwise."""
    named = types(data.article)
    for name, value in _KIND_OF_TYPE.items():
        if name in named:
            return value
    return "news"
