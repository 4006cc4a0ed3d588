"""Hand-written pages: `content/pages/*.md` (about, method, licence…), shown in the site's menu."""

from __future__ import annotations

from collections.abc import Iterator

from backfile.catalog import Catalog
from backfile.markdown import load_article
from backfile.model import Page
from backfile.pages.base import PageType, View
from backfile.prose import page_html


def _every(catalog: Catalog, view: View) -> Iterator[str]:
    yield from (page.source for page in view.written)


def _pages(catalog: Catalog, view: View, key: str) -> Iterator[Page]:
    for page in view.written:
        if page.source == key:
            article = load_article((view.content / "pages" / key).read_text("utf-8", "replace")).article
            body = page_html(article.body, view.extensions)
            yield Page(path=page.path, template="written.html", context={"title": page.title, "body": body})


PAGE_TYPE = PageType(name="written", every=_every, pages=_pages)
