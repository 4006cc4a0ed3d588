"""The page of one article."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from markupsafe import Markup

from backfile.catalog import UNDATED, Catalog
from backfile.citation import citations, coins, json_ld, plain
from backfile.commonmark import destination
from backfile.dates import day
from backfile.families import around, family
from backfile.i18n import language_tag
from backfile.markdown import load_article
from backfile.model import Entry, Figure, Page, Receipt
from backfile.pages.base import PageType, View
from backfile.pages.family import page_of_family
from backfile.pages.related import related, touched
from backfile.pages.shelves import ALL, SHELVES, Node, standings
from backfile.pages.twins import page_of_twins
from backfile.pages.versions import page_of_versions
from backfile.paths import root_of, url_path, web_address
from backfile.prose import Ours, article_html, figure_html
from backfile.receipts import read_receipt
from backfile.twins import twins
from backfile.words import count_signs

if TYPE_CHECKING:
    from backfile.media.variants import Shown

_WORDS_A_MINUTE = 230
_UNSPACED = frozenset({"ja", "zh", "yue", "th", "lo", "km", "my"})
"""Languages that write no spaces between words: readers count their signs."""
KINDS = {
    "opinion": "Opinion",
    "live": "Live blog",
    "interview": "Interview",
    "press release": "Press release",
    "gallery": "Picture gallery",
    "video": "Video",
}
"""Kinds of articles that are told, with their names in English."""
_LONG_TITLE = 120
"""Characters. A longer headline is set smaller."""


def _keys(catalog: Catalog, entry: Entry) -> Iterator[str]:
    yield from (near.source for near in (*catalog.neighbours(entry), *_beside(catalog, entry)) if near)
    yield from (other.source for other in (*catalog.linked(entry).values(), *catalog.citing(entry)))
    yield from touched(catalog, entry)


def _text_keys(catalog: Catalog, entry: Entry) -> Iterator[str]:
    yield entry.source
    yield from around(catalog, entry) if not entry.link_only else ()
    yield from catalog.all_clued(entry)


def _every(catalog: Catalog, view: View) -> Iterator[str]:
    yield from catalog.sources()


def _pages(catalog: Catalog, view: View, source: str) -> Iterator[Page]:
    entry = catalog.entry(source)
    if not entry:
        return
    text = (view.content / "articles" / source).read_text("utf-8", "replace")
    article = load_article(text).article
    receipt = read_receipt(view.content / "receipts", article.id) if article.id else None
    original = web_address(entry.url)
    lead = _lead(article.figures, article.body)
    pictures = _pictures(view, entry)
    root = root_of(entry.output)
    members = [member.entry for member in family(catalog, view.content / "articles", entry)]
    context = {
        "entry": entry,
        "article": article,
        "original": original,
        "wayback": _wayback(original, entry),
        "body": Markup(
            article_html(article.body, article.figures, pictures, root, _ours(catalog, entry), article.saved.highlights)
        ),
        "citing": catalog.citing(entry),
        "family": members,
        "family_page": page_of_family(members[0]) if members else "",
        "twins": [(other.entry, page_of_twins(entry, other.language)) for other in twins(catalog, view.content, entry)],
        "image": _image(view, lead, pictures),
        "lead": Markup(figure_html(lead, pictures, root)) if lead else "",
        "shelves": _shelves(entry),
        "day_page": "" if entry.link_only else Node(shelf=ALL, key="", period=day(entry.published) or UNDATED).path,
        "long_title": len(entry.title) > _LONG_TITLE,
        "history": page_of_versions(entry) if entry.versions else "",
        "removed": _by_reason(receipt),
        "time": catalog.neighbours(entry),
        "publisher": _beside(catalog, entry),
        "related": related(catalog, entry),
        "minutes": round(entry.words / _WORDS_A_MINUTE) or 1 if entry.words else 0,
        "characters": count_signs(article.body) if _primary(entry.lang) in _UNSPACED else 0,
        "foreign": _primary(entry.lang) not in ("", _primary(view.language)),
        "kinds": KINDS,
        "citation": plain(article),
        "citations": citations(article),
        "coins": coins(article),
        "json_ld": json_ld(article),
    }
    yield Page(path=entry.output, template="article.html", context=context)


def _primary(language: str) -> str:
    return language_tag(language).lower().partition("-")[0]


def _beside(catalog: Catalog, entry: Entry) -> tuple[Entry | None, Entry | None]:
    """The articles just before and just after from the same publisher."""
    key = next((standing.key for standing in standings(entry) if standing.shelf == "publisher"), "")
    return catalog.neighbours(entry, key) if key else (None, None)


def _ours(catalog: Catalog, entry: Entry) -> dict[str, Ours]:
    """The links of an article whose pages are in the archive too."""
    root = root_of(entry.output)
    return {
        url: Ours(
            path=root + url_path(other.output),
            wayback=_wayback(url, other),
            date=day(other.published),
            title=other.title,
        )
        for url, other in (catalog.linked(entry) if entry.links else {}).items()
    }


def _lead(figures: tuple[Figure, ...], body: str) -> Figure | None:
    """The lead picture, where the body does not show it already."""
    lead = next((figure for figure in figures if figure.lead), None)
    return None if lead and any(name and f"]({destination(name)}" in body for name in (lead.file, lead.url)) else lead


def _pictures(view: View, entry: Entry) -> dict[str, Shown]:
    """Address in the article → the picture that the archive has there."""
    if not entry.media:
        return {}
    from backfile.media.variants import shown  # with Pillow, which articles without pictures do without

    found = {name: shown(view.content / "media", name) for name in entry.media}
    return {destination(f"media/{name}"): picture for name, picture in found.items() if picture}


def _image(view: View, lead: Figure | None, pictures: Mapping[str, Shown]) -> str:
    """The whole address of the lead picture, for cards; empty where the archive does not have it on the web."""
    there = pictures.get(destination(lead.file)) if lead and lead.file and view.address else None
    return f"{view.address}{url_path(there.copies[-1][0])}" if there else ""


def _wayback(original: str, entry: Entry) -> str:
    """The address of the Wayback Machine's copy nearest to the day of publication, or of its list of copies."""
    if not original:
        return ""
    return f"https://web.archive.org/web/{day(entry.published).replace('-', '') or '*'}/{original}"


def _shelves(entry: Entry) -> dict[str, list[tuple[str, str]]]:
    """Shelf → (name, page) of the lists in which the article stands."""
    found: dict[str, list[tuple[str, str]]] = {shelf: [] for shelf in SHELVES}
    for standing in standings(entry):
        if standing.shelf in found:
            found[standing.shelf].append((standing.name, Node(shelf=standing.shelf, key=standing.key).path))
    return found


def _by_reason(receipt: Receipt | None) -> dict[str, list[tuple[int, str]]]:
    """Reason → (number in the receipt, from 1; text) of the removed parts, in the order of the page."""
    reasons: dict[str, list[tuple[int, str]]] = {}
    for number, removal in enumerate(receipt.removed if receipt else (), 1):
        reasons.setdefault(removal.reason, []).append((number, removal.text))
    return reasons


PAGE_TYPE = PageType(name="article", keys=_keys, text_keys=_text_keys, every=_every, pages=_pages)
