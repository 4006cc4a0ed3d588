"""Language twins: one story of one publisher in several languages."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from backfile.catalog import Catalog
from backfile.clues import identifier, named, pages_of, pictures, site_of
from backfile.dates import day
from backfile.facts import facts_of, numbers_of
from backfile.files import text_of_file
from backfile.markdown import load_article
from backfile.model import Article, Entry
from backfile.receipts import read_receipt
from backfile.report import FrontMatterError

_DECLARED = 2.0
_TOLD = 0.2
"""The share of both texts' numbers and names in common (Dice), from which a shared number or picture is believed."""
_GRANTED = 1
"""What both texts count as having in common before they are looked at: of two that have hardly any number or name,
none can be the other's too, while of two that have many, none in common tells them apart."""
_TEXT = 400
"""Characters of both texts from which it is granted: of a few lines nothing is expected."""
_SURE = 0.4
"""The share from which twins may differ in length as much as without a shared number or picture."""
_ALONE = 0.35
"""The share of the shorter text's, where nothing else tells that two texts are one story."""
_LEAST = 6
_LEAST_NUMBERS = 2
_LENGTHS = 3.0
"""How many times as long as the other a text may be."""
_LENGTHS_TOLD = 1.8
"""The same, where a shared number or picture is all that tells."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Portrait:
    """What of an article is compared with another one."""

    entry: Entry
    article: Article
    named: frozenset[str]
    facts: frozenset[str]
    numbers: frozenset[str]

    @property
    def language(self) -> str:
        """Without region or script."""
        return self.article.lang.lower().partition("-")[0]


def twins(catalog: Catalog, content: Path, entry: Entry) -> list[Portrait]:
    """The same story in other languages, one article for each, in the order of their languages."""
    others = catalog.clued(entry)
    mine = portrait(content, entry) if others else None
    if not mine:
        return []
    best: dict[str, tuple[float, Portrait]] = {}
    for other in others:
        theirs = portrait(content, other)
        if theirs and (kin := kinship(mine, theirs)) > best.get(theirs.language, (0.0, theirs))[0]:
            best[theirs.language] = (kin, theirs)
    return [best[language][1] for language in sorted(best)]


def portrait(content: Path, entry: Entry) -> Portrait | None:
    """An article as it is compared; None where its file cannot be read by now."""
    try:
        article = load_article(text_of_file(content / "articles" / entry.source)).article
    except (OSError, FrontMatterError):
        return None
    receipt = read_receipt(content / "receipts", article.id) if article.id else None
    text = f"{article.title}\n{article.body}"
    return Portrait(
        entry=entry,
        article=article,
        named=named(article, receipt),
        facts=frozenset(facts_of(text)),
        numbers=frozenset(numbers_of(text)),
    )


def kinship(one: Portrait, other: Portrait) -> float:
    """How surely two articles tell one story in two languages; 0 where they are not taken for twins."""
    if one.language == other.language:
        return 0.0
    if _declares(one, other) or _declares(other, one):
        return _DECLARED
    if not site_of(one.article) or site_of(one.article) != site_of(other.article):
        return 0.0
    common = len(one.facts & other.facts)
    share = common / max(1, min(len(one.facts), len(other.facts)))
    shorter, longer = sorted((max(1, len(one.article.body)), max(1, len(other.article.body))))
    if _told(one.article, other.article):
        both = max(1, len(one.facts) + len(other.facts))
        granted = _GRANTED if shorter >= _TEXT else 0
        alike = (2 * common + granted) / (both + granted) >= _TOLD
        most = _LENGTHS if 2 * common >= _SURE * both else _LENGTHS_TOLD
        return 1 + 2 * common / both if alike and longer <= most * shorter else 0.0
    alone = common >= _LEAST and share >= _ALONE and len(one.numbers & other.numbers) >= _LEAST_NUMBERS
    return share if alone and longer <= _LENGTHS * shorter else 0.0


def _declares(one: Portrait, other: Portrait) -> bool:
    """True where the user calls the other one a translation, or the page does and something else agrees."""
    if not named(one.article, None).isdisjoint(pages_of(other.entry.source, other.article)):
        return True
    return _names(one, other) and (_names(other, one) or _agree(one, other))


def _names(one: Portrait, other: Portrait) -> bool:
    return not one.named.isdisjoint(pages_of(other.entry.source, other.article))


def _agree(one: Portrait, other: Portrait) -> bool:
    when = day(one.article.published)
    same_day = bool(when) and when == day(other.article.published)
    return same_day or not one.facts.isdisjoint(other.facts) or _told(one.article, other.article)


def _told(one: Article, other: Article) -> bool:
    number = identifier(one.url)
    return bool(number and number == identifier(other.url)) or not set(pictures(one)).isdisjoint(pictures(other))
