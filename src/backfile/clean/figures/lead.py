"""The lead picture: in the body, in the article's header, or only in the page's head."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import lxml.html
from bs4 import BeautifulSoup

from backfile.clean.figures.sources import best_source, same_picture_key
from backfile.clean.figures.take import take_figures
from backfile.model import Figure

_LEVELS = 6
_TEXT = 900


def lead_figure(
    page: lxml.html.HtmlElement, body: lxml.html.HtmlElement | None, figures: Sequence[Figure], lead_url: str, base_url: str
) -> tuple[Figure, ...]:
    """The pictures of the article that stand outside its body, the lead picture first.

    `page` is the whole tree, `body` the part that became the body, `figures` what was found there, `lead_url` the
    picture that the head names.
    """
    key = same_picture_key(lead_url) if lead_url else ""
    known = {same_picture_key(figure.url) for figure in figures}
    if key and key in known:
        return ()
    for image in page.iter("img"):
        if _is_inside(image, body):
            break
        url = best_source([dict(image.attrib)], base_url)
        if url and key and same_picture_key(url) == key:
            found = _with_words(image, base_url, lead_url)
            if found:
                return found[:1]
    if lead_url and not figures:
        return (Figure(url=lead_url, lead=True),)
    return ()


def _is_inside(element: lxml.html.HtmlElement, body: lxml.html.HtmlElement | None) -> bool:
    return body is not None and any(parent is body for parent in _ancestors(element))


def _ancestors(element: lxml.html.HtmlElement) -> Iterator[lxml.html.HtmlElement]:
    yield from element.iterancestors()


def _with_words(image: lxml.html.HtmlElement, base_url: str, lead_url: str) -> tuple[Figure, ...]:
    """The picture with its caption and credit, read from the part of the page around it."""
    around = image
    for n, parent in enumerate(image.iterancestors()):
        if n >= _LEVELS or len("".join(parent.itertext()).strip()) > _TEXT:
            break
        around = parent
        if parent.tag == "figure":
            break
    markup = lxml.html.tostring(around, encoding="unicode", with_tail=False)
    soup = BeautifulSoup(f"<div>{markup}</div>", "lxml")
    root = soup.find("div")
    return take_figures(root, base_url, lead_url).figures if root is not None else ()
