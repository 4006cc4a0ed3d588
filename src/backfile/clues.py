"""The clues by which an article and its twin in another language find each other in a large archive.

A clue is a number of 49 bits. Strong ones stand for a page: its own address, or one that its page names as a
translation. Weak ones stand for what two twins of one site have in common: the number in their addresses, their
pictures, and on one day the same numbers and names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from urllib.parse import urlsplit

from backfile.addresses import link_id
from backfile.dates import day
from backfile.facts import facts_of
from backfile.model import Article, Receipt

NONE = "none"
"""What a user writes instead of translations, where an article has none."""

_STRONG = 1 << 48
_SKETCH = 6
"""Numbers and names of a text by which it is looked for: those with the smallest digests (`sentences`)."""
_PICTURES = 3
_NAMED = 60
_IDENTIFIER = re.compile(r"\d{6,}")
_CALENDAR = re.compile(r"(?:19|20)\d\d[01]\d(?:[0-3]\d)?")
_ANY = re.compile(r"(?:\D{0,12}|[^.]{0,7}|\d{1,5}x\d{1,5})(?:\.\w{1,5})?")
"""Names of pictures that tell nothing: few letters, or a size."""
_SECOND_LEVEL = 3


def clues_of(source: str, article: Article, receipt: Receipt | None) -> tuple[int, ...]:
    """The clues of an article, in order; none without a language, which a twin must differ in."""
    if not article.lang or article.link_only or article.translations == (NONE,):
        return ()
    strong = {_digest("page", page) | _STRONG for page in (*pages_of(source, article), *named(article, receipt))}
    site = site_of(article)
    weak = {_digest(site, *each) for each in _shared(article)} if site else set()
    return tuple(sorted(strong | weak))


def pages_of(source: str, article: Article) -> tuple[str, ...]:
    """Under which names others can call an article their translation: its file, its address."""
    return tuple(filter(None, (source, link_id(article.url) if article.url else "")))


def named(article: Article, receipt: Receipt | None) -> frozenset[str]:
    """The articles that this one's user, or its page, calls its translations, as `pages_of` has them."""
    found = [*article.translations]
    found += [each.value for each in (receipt.candidates if receipt else ()) if each.field == "translation"]
    return frozenset(filter(None, (each if each.endswith(".md") else link_id(each) for each in found[:_NAMED])))


def site_of(article: Article) -> str:
    """Whose article it is, whatever the host of a language is called: the last names of its host, or the publisher."""
    labels = (urlsplit(article.url).hostname or "").split(".")
    if len(labels) < _SECOND_LEVEL:
        return ".".join(labels) or article.publisher.casefold()
    short = len(labels[-1]) == len("uk") and len(labels[-2]) <= len("com")
    return ".".join(labels[-3:] if short else labels[-2:])


def identifier(url: str) -> str:
    """The last long number in an address's path that is no date; empty where there is none."""
    found = [each for each in _IDENTIFIER.findall(urlsplit(url).path) if not _CALENDAR.fullmatch(each)]
    return found[-1] if found else ""


def pictures(article: Article) -> tuple[str, ...]:
    """The first pictures of an article: their files, and the last parts of their addresses, or all of a path whose
    last part could be any picture's."""
    names = (name for figure in article.figures[:_PICTURES] for name in (figure.file, _picture(figure.url)))
    return tuple(dict.fromkeys(filter(None, names)))


def _picture(url: str) -> str:
    path = urlsplit(url).path
    name = path.rpartition("/")[2]
    return path if _ANY.fullmatch(name) else name


def _shared(article: Article) -> Iterator[Sequence[str]]:
    number, when = identifier(article.url), day(article.published)
    if number:
        yield "identifier", number
    if when:
        yield from (("picture", when, name) for name in pictures(article))
        facts = sorted((_digest(each), each) for each in facts_of(f"{article.title}\n{article.body}"))
        yield from (("fact", when, each) for _, each in facts[:_SKETCH])


def _digest(*parts: str) -> int:
    return int.from_bytes(blake2b("\0".join(parts).encode("utf-8", "replace"), digest_size=6).digest())
