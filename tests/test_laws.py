"""Laws 2 and 3 of cleaning, over whole pages: no word is lost, and a cleaned article is clean."""

from __future__ import annotations

import html
import re
from collections import Counter
from pathlib import Path

import pytest

from backfile.cleaning.clean import clean_capture
from backfile.cleaning.page import parse_page
from backfile.model import Capture, Cleaned, CleanOptions
from backfile.prose import article_html
from backfile.saving import clean, first_page

PAGES = sorted((Path(__file__).parent / "pages").glob("*/saved.*"))
_WORD = re.compile(r"\w+")
_UNSEEN = "head|script|style|template|noscript"


def words_of(*texts: str) -> Counter[str]:
    return Counter(word for text in texts for word in _WORD.findall(text))


def kept_words(cleaned: Cleaned) -> Counter[str]:
    """Every word of the article and of its receipt."""
    article = cleaned.article
    fields = [article.title, article.description, article.section, *article.authors, *article.agencies, *article.tags]
    figures = [text for figure in article.figures for text in (figure.caption, figure.credit, figure.alt)]
    data = [*article.credits, *article.notes, *(link.title for link in article.related)]
    removed = [part.text for part in cleaned.receipt.removed]
    return words_of(cleaned.text, article.body, *fields, *figures, *data, *removed)


def page_words(path: Path) -> Counter[str]:
    data = path.read_bytes()
    if path.suffix == ".txt":
        return words_of(data.decode())
    tree = parse_page(data).tree
    unseen = tree.xpath(" | ".join(f"//{tag}" for tag in _UNSEEN.split("|")))
    for element in unseen:
        element.drop_tree()
    return words_of(*tree.itertext())


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.parent.name)
def test_law_2_no_word_is_lost(page):
    """Every visible word of the page is in the article or in the receipt."""
    cleaned = clean(first_page(page, ""), CleanOptions())
    lost = set(page_words(page)) - set(kept_words(cleaned))
    assert lost == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.parent.name)
def test_law_3_a_clean_article_stays_as_it_is(page):
    """The article as a bare page gives the same Markdown again."""
    article = clean(first_page(page, ""), CleanOptions()).article
    body = article_html(article.body)
    bare = (
        f"<!doctype html><html lang='{article.lang}'><head><title>{html.escape(article.title)}</title></head>"
        f"<body><article><h1>{html.escape(article.title)}</h1>{body}</article></body></html>"
    )
    again = clean_capture(Capture(data=bare.encode(), url=article.url)).article
    assert again.body == article.body
    assert again.title == article.title
