"""The originals as a WACZ file, which web archive viewers replay: captures as WARC records, articles as pages.

Formats: WARC 1.1 (ISO 28500:2017), WACZ 1.1.1 (specs.webrecorder.net).
"""

from __future__ import annotations

import gzip
import io
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from fastwarc.warc import WarcRecord, WarcRecordType

from backfile.dates import instant
from backfile.exporting.base import Exporter, Item, Job
from backfile.model import Capture
from backfile.paths import web_address
from backfile.receipts import StoredReceipt, read_stored
from backfile.recleaning import originals
from backfile.report import ReadError
from backfile.store import urls_of

_UNKNOWN = "1970-01-01T00:00:00"


def _write(items: Iterator[Item], job: Job) -> None:
    if find_spec("wacz") is None:
        raise ReadError('WACZ needs a library. Install it with `pip install "backfile[preserve]"`')
    with tempfile.TemporaryDirectory() as folder:
        warc, pages = Path(folder, "data.warc.gz"), Path(folder, "pages.jsonl")
        stored = _receipts(items, job)
        with warc.open("wb") as file, pages.open("w", encoding="utf-8") as listing:
            listing.write('{"format": "json-pages-1.0", "id": "pages", "title": "Articles"}\n')
            for receipt, capture in originals(job.site.root, stored, job.report):
                url = _address(receipt)
                time = f"{instant(capture.captured) or _UNKNOWN}Z"
                file.write(_record(url, time, capture))
                page = {"id": receipt.receipt.id, "url": url, "ts": time, "title": _title(receipt)}
                listing.write(f"{json.dumps(page, ensure_ascii=False)}\n")
        title = job.site.config.title
        _make_wacz(["create", "-o", str(job.out), "-p", str(pages), "--title", title, str(warc)])


def _make_wacz(arguments: list[str]) -> None:
    """The library in a process of its own: it prints, and leaves files open. Raises ReadError where it fails."""
    code = "import sys; from wacz.main import main; sys.exit(main())"
    result = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False)
    if result.returncode:
        raise ReadError(
            f"the WACZ file could not be made: {(result.stderr.strip() or 'no reason given').splitlines()[-1]}"
        )


def _receipts(items: Iterator[Item], job: Job) -> list[StoredReceipt]:
    """The receipts of articles whose pages have an address: without one there is nothing to replay it at."""
    found: list[StoredReceipt] = []
    for item in items:
        for identity in (item.article.id, *item.article.versions):
            stored = read_stored(job.site.receipts, identity) if identity else None
            if stored and stored.receipt.sha256 and _address(stored):
                found.append(stored)
            else:
                job.report.count("without a page to replay")
    return found


def _address(stored: StoredReceipt) -> str:
    """Where the capture was taken, or the address that the page gives as its own."""
    return next(filter(None, map(web_address, (stored.receipt.url, *urls_of(stored)))), "")


def _record(url: str, time: str, capture: Capture) -> bytes:
    """A capture as a WARC record, compressed by itself."""
    record = WarcRecord()
    record.init_headers(WarcRecordType.resource)
    record.headers["WARC-Target-URI"] = url
    record.headers["WARC-Date"] = time
    record.headers["Content-Type"] = capture.media_type
    record.set_bytes_content(capture.data)
    plain = io.BytesIO()
    record.write(plain, checksum_data=True)
    return gzip.compress(plain.getvalue(), mtime=0)


def _title(stored: StoredReceipt) -> str:
    return next((line.removeprefix("title: ").strip('"') for line in stored.markdown.split("\n")[1:3]), "")


EXPORTER = Exporter(name="wacz", folder=False, write=_write)
