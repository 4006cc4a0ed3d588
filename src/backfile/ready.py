"""Captures that need no cleaning: an address without a page, and a note that is an article already.

Also what a container says of a page, brought into its article.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace

from backfile.addresses import is_front_page, is_web_address, link_id
from backfile.cleaning.identity import capture_id
from backfile.markdown import load_article
from backfile.model import Article, Capture, Cleaned, Hints, Receipt, Saved
from backfile.report import FrontMatterError
from backfile.version import __version__

_WIKILINK = re.compile(r"\[\[(?:[^\[\]|]*\|)?([^\[\]|]+)\]\]")
_CLIPPED = frozenset({"clippings", "clipping", "web-clip", "webclip"})


def ready_link(capture: Capture) -> Cleaned:
    """The entry for a page of which only the address is there."""
    hints = capture.hints
    identity = link_id(capture.url)
    article = Article(
        title=hints.title or capture.url.partition("://")[2],
        description=hints.description,
        authors=hints.authors,
        published=hints.published,
        lang=hints.lang,
        publisher=hints.publisher,
        url=capture.url,
        tags=hints.tags,
        saved=hints.saved,
        link_only=True,
        id=identity,
        original=_original(capture),
        cleaned_by=__version__,
    )
    refusal = ""
    if not is_web_address(capture.url):
        refusal = "not an address of the public web"
    elif is_front_page(capture.url):
        refusal = "the front page of a site"
    return Cleaned(article=article, receipt=_receipt(capture, identity), text="", refusal=refusal)


def ready_note(capture: Capture) -> Cleaned | None:
    """The article in a Markdown note whose front matter says where it comes from; None for other texts."""
    try:
        found = load_article(capture.data.decode("utf-8", "replace")).article
    except FrontMatterError:
        return None
    if not is_web_address(found.url):
        return None
    identity = capture_id(capture)
    article = replace(
        found,
        authors=tuple(_WIKILINK.sub(r"\1", author).strip() for author in found.authors),
        tags=tuple(tag for tag in found.tags if tag.casefold() not in _CLIPPED),
        standfirst=False,
        id=identity,
        original=_original(capture),
        cleaned_by=__version__,
    )
    text = "\n".join(line for line in found.body.splitlines() if line.strip())
    refusal = "" if text else "the note is empty"
    return Cleaned(article=article, receipt=_receipt(capture, identity), text=text, refusal=refusal)


def with_hints(article: Article, hints: Hints) -> Article:
    """An article with what its container says: the page's own word first, tags and highlights of both."""
    if hints == Hints():
        return article
    return replace(
        article,
        title=article.title or hints.title,
        description=article.description or hints.description,
        authors=article.authors or hints.authors,
        published=article.published or hints.published,
        publisher=article.publisher or hints.publisher,
        lang=article.lang or hints.lang,
        tags=joined_texts(article.tags, hints.tags),
        saved=both_saved(article.saved, hints.saved),
    )


def both_saved(first: Saved, second: Saved) -> Saved:
    """What two sources know of the saving: the first one's word where they differ, notes and highlights of both."""
    notes = joined_texts((first.note,) if first.note else (), (second.note,) if second.note else ())
    return Saved(
        by=first.by or second.by,
        date=first.date or second.date,
        folder=first.folder or second.folder,
        state=first.state or second.state,
        starred=first.starred or second.starred,
        note="\n\n".join(n for n in notes if not any(n in other for other in notes if other != n)),
        highlights=joined_texts(first.highlights, second.highlights),
    )


def joined_texts(first: tuple[str, ...], second: tuple[str, ...]) -> tuple[str, ...]:
    """Texts of two sources, each once whatever its case."""
    known = {text.casefold() for text in first}
    return (*first, *(text for text in dict.fromkeys(second) if text.casefold() not in known))


def _original(capture: Capture) -> str:
    return f"{capture.origin}#{capture.member}" if capture.member else capture.origin


def _receipt(capture: Capture, identity: str) -> Receipt:
    return Receipt(
        id=identity,
        origin=capture.origin,
        member=capture.member,
        sha256=hashlib.sha256(capture.data).hexdigest() if capture.data else "",
        size=len(capture.data),
        media_type="" if capture.is_link else capture.media_type,
        url=capture.url,
        captured=capture.captured,
        cleaned_by=__version__,
        confidence=0.0 if capture.is_link else 1.0,
    )
