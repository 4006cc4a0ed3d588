"""Which articles to export: all, or those that the built site's search finds."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable

from backfile.catalog import read_catalog
from backfile.config import Site
from backfile.paths import article_output
from backfile.report import Report
from backfile.scanning import scan
from backfile.search.told import search_site

_AGAIN = "Run `backfile build`, then export again"


def wanted(site: Site, query: str | None, report: Report) -> Callable[[str], bool]:
    """True for the files of the articles that answer a query in the built site, or of all where there is none.

    What the search has to say of the query, and that the site is older than the articles, is warned of. Raises
    ReadError for a query that cannot be read, or a site that has no search index.
    """
    if query is None:
        return lambda source: True
    told = search_site(site.build, query, by_date=False, limit=None)
    pages = {hit.path for hit, _ in told.hits}
    for note in told.notes:
        report.warn(note)
    for trouble in told.troubles:
        report.warn(trouble, hint=_AGAIN)
    if later := _later(site):
        report.warn(f"{later} articles are not as they were when the site was built, which was asked", hint=_AGAIN)
    return lambda source: article_output(source) in pages


def _later(site: Site) -> int:
    """How many articles the site was not built with; 0 where that is not known."""
    try:
        with read_catalog(site.catalog) as catalog:
            return sum(
                catalog.sha256(source) != hashlib.sha256((site.articles / source).read_bytes()).hexdigest()
                for source in scan(site.articles, ".md")
            )
    except sqlite3.DatabaseError:  # a cache, which the next build makes anew
        return 0
