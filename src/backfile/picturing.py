"""Pictures that were not saved with their pages → content/media/, from where they stand on the web."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import islice
from pathlib import Path

from backfile.fetch.client import Client, UnavailableError
from backfile.fetch.guard import RefusedError
from backfile.fetch.options import FetchOptions
from backfile.fetching import PICTURE_BYTES, PICTURES
from backfile.importers.answers import unpacked
from backfile.markdown import load_article
from backfile.media.place import with_address
from backfile.media.store import store_pictures
from backfile.model import Article, Figure
from backfile.paths import web_address
from backfile.receipts import StoredReceipt
from backfile.recleaning import settle
from backfile.report import ReadError, Report
from backfile.revising import Revision, revise


def fetch_pictures(
    stored: Iterable[StoredReceipt],
    content: Path,
    options: FetchOptions,
    report: Report,
    progress: Callable[[str, int, int], None],
    limit: int,
) -> None:
    """Fetch the absent pictures of articles, of so many at most; what the user changed in them is kept.

    A picture that cannot be had is a warning, and stays absent. Raises OSError where the disk fails.
    """
    waiting = list(islice((each for each in stored if _absent(load_article(each.markdown).article)), limit))
    client = Client(allow_private=options.allow_private, delay=options.delay, timeout=options.timeout)
    try:
        for number, each in enumerate(waiting):
            progress("Fetching pictures", number, len(waiting))
            now = load_article(each.markdown).article
            article = _with_pictures(client, now, content / "media", report)
            if article != now:
                revision = Revision(stored=each, article=article, receipt=each.receipt)
                settle(each.article, revise(revision, content / "articles", content / "receipts"), report)
    finally:
        client.close()


def _absent(article: Article) -> list[Figure]:
    return [figure for figure in article.figures if not figure.file and web_address(figure.url)][:PICTURES]


def _with_pictures(client: Client, article: Article, media: Path, report: Report) -> Article:
    for figure in _absent(article):
        try:
            answer = client.get(figure.url, limit=PICTURE_BYTES)
            data = unpacked(answer.body, "", answer.header("content-encoding"))
        except (UnavailableError, RefusedError, ReadError) as error:
            report.warn(str(error), figure.url)
            continue
        (kept,) = store_pictures(media, [data])
        if kept.why:
            report.warn(f"is {kept.why}", figure.url)
            continue
        report.count("pictures")
        figures = tuple(replace(each, file=kept.file) if each == figure else each for each in article.figures)
        article = replace(article, figures=figures, body=with_address(article.body, figure.url, kept.file))
    return article
