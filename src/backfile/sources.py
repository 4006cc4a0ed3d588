"""What several sources say of one page → one article, by a rule that does not depend on which of them came first.

The page itself comes first, then the saved files by their names. A word of one source fills what those before it leave
empty; tags, notes and highlights are those of all. So a list that could not be read at first and comes later ends in
the article of a run that read everything.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import reduce

from backfile.model import Article, Hints, Receipt, Said
from backfile.ready import both_saved, joined_texts
from backfile.receipts import StoredReceipt


def hints_of(article: Article) -> Hints:
    """What an article says besides its text, in the form of what a list says of it."""
    return Hints(
        title="" if article.link_only and article.title == bare_address(article.url) else article.title,
        description=article.description,
        authors=article.authors,
        published=article.published,
        publisher=article.publisher,
        lang=article.lang,
        tags=article.tags,
        saved=article.saved,
    )


def bare_address(url: str) -> str:
    """An address without its scheme: the title of an entry that has none."""
    return url.partition("://")[2]


def telling(article: Article, receipt: Receipt) -> Said:
    """What one source says: the page of an article, or the list in which its address stands."""
    if not article.link_only:
        return Said(hints=hints_of(article))
    return Said(origin=receipt.origin, member=receipt.member, url=article.url, hints=hints_of(article))


def said_of(stored: StoredReceipt, article: Article) -> tuple[Said, ...]:
    """All that was said of an article until now."""
    return stored.said or (telling(article, stored.receipt),)


def gathered(said: Iterable[Said], *, page: Said | None = None) -> tuple[Said, ...]:
    """The sources in their order, each thing said once; `page` takes the place of what the page said before."""
    found = [each for each in said if each.origin or not page]
    found = [page, *found] if page else found
    if not all(each.origin for each in found):
        found = [each for each in found if not each.origin or each.hints != Hints()]
    once: dict[Hints, Said] = {}
    for each in sorted(found, key=_order):
        once.setdefault(each.hints, each)
    return tuple(once.values())


def earlier(one: Said, receipt: Receipt) -> bool:
    """Whether a source stands before the one that a receipt names."""
    return _place(one) < _place(Said(origin=receipt.origin, member=receipt.member))


def retold(article: Article, said: tuple[Said, ...]) -> Article:
    """An article with what all its sources say of it, and nothing else in these fields."""
    hints = reduce(_joined, (each.hints for each in said))
    first = said[0]
    if article.link_only:
        where = f"{first.origin}#{first.member}" if first.member else first.origin
        article = replace(article, url=first.url, original=where)
    return replace(
        article,
        title=hints.title or (bare_address(first.url) if article.link_only else ""),
        description=hints.description,
        authors=hints.authors,
        published=hints.published,
        publisher=hints.publisher,
        lang=hints.lang,
        tags=hints.tags,
        saved=hints.saved,
    )


def retold_page(article: Article, said: tuple[Said, ...]) -> tuple[Article, tuple[Said, ...]]:
    """A page that was cleaned anew, with what lists say of it, and all that is said of it now."""
    if not said:
        return article, ()
    said = gathered(said, page=Said(hints=hints_of(article)))
    return retold(article, said), said if len(said) > 1 else ()


def _place(said: Said) -> tuple[str, int, str]:
    return (said.origin, len(said.member), said.member)


def _order(said: Said) -> tuple[tuple[str, int, str], str]:
    return (_place(said), repr(said))  # a file that was replaced says two things in one place


def _joined(first: Hints, second: Hints) -> Hints:
    return Hints(
        title=first.title or second.title,
        description=first.description or second.description,
        authors=first.authors or second.authors,
        published=first.published or second.published,
        publisher=first.publisher or second.publisher,
        lang=first.lang or second.lang,
        tags=joined_texts(first.tags, second.tags),
        saved=both_saved(first.saved, second.saved),
    )
