"""Addresses → content/saved/fetched/, with what became of each in the report."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from backfile.cleaning.clean import clean_capture
from backfile.fetch.client import Answer, Client, UnavailableError
from backfile.fetch.guard import RefusedError
from backfile.fetch.keep import digest_of, earlier, keep_answers
from backfile.fetch.options import Fetched, FetchOptions
from backfile.fetch.queue import in_turn
from backfile.importers.answers import kind_name, page_type, unpacked
from backfile.model import Capture, Cleaned
from backfile.paths import web_address
from backfile.report import ReadError, Report

PICTURES = 60
"""Of one page."""
PICTURE_BYTES = 20 << 20


def fetch_pages(
    urls: Iterable[str],
    saved: Path,
    options: FetchOptions,
    report: Report,
    progress: Callable[[str, int, int], None],
) -> list[Fetched]:
    """Fetch pages into `saved`; an address that cannot be had is an error in the report, and the rest goes on.

    Raises OSError where the disk fails.
    """
    waiting = list(in_turn(urls))
    found: list[Fetched] = []
    client = Client(allow_private=options.allow_private, delay=options.delay, timeout=options.timeout)
    try:
        for number, url in enumerate(waiting):
            progress("Fetching", number, len(waiting))
            try:
                page = _fetch(client, url, saved, options, report)
            except (UnavailableError, RefusedError, ReadError) as error:
                report.error(str(error), url)
                report.count("failed")
                continue
            report.count("fetched" if page else "already there")
            found += [page] if page else []
    finally:
        client.close()
    return found


def _fetch(client: Client, url: str, saved: Path, options: FetchOptions, report: Report) -> Fetched | None:
    """A page that is new; None where it is as it was. Raises the errors of `Client.get`, ReadError and OSError."""
    before = earlier(saved, url)
    answer = client.get(url, before.conditions if before else None)
    if before and (answer.status == 304 or digest_of(answer) == before.digest):
        return None
    if answer.status != 200:
        raise UnavailableError(f"the host answers with status {answer.status}")
    cleaned = _cleaned(answer)
    if cleaned.article.access == "locked":
        hint = "Save it in a browser that may read it, and add the file"
        report.warn("is behind a paywall: only its beginning may be there", url, hint)
    pictures = list(_pictures(client, cleaned)) if options.pictures and not cleaned.refusal else []
    keep_answers(saved, [answer, *pictures])
    return Fetched(asked=url, url=answer.url)


def _cleaned(answer: Answer) -> Cleaned:
    """The article in an answer. Raises ReadError where it is none that can be read."""
    kind = answer.header("content-type")
    data = unpacked(answer.body, "", answer.header("content-encoding"))
    if not page_type(kind, data):
        raise ReadError(f"is no page ({kind_name(kind)})")
    if not data.strip():
        raise ReadError("is an empty page")
    return clean_capture(Capture(data=data, media_type=page_type(kind, data), url=answer.url))


def _pictures(client: Client, cleaned: Cleaned) -> Iterator[Answer]:
    """The pictures of an article that can be had."""
    addresses = dict.fromkeys(web_address(figure.url) for figure in cleaned.article.figures)
    for address in list(filter(None, addresses))[:PICTURES]:
        try:
            answer = client.get(address, limit=PICTURE_BYTES)
        except (UnavailableError, RefusedError):  # it stays absent, and its words are shown
            continue
        if answer.header("content-type").startswith("image/"):
            yield answer
