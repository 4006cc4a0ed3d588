"""Answers → WARC files in content/saved/: what a host sent is the original, byte for byte."""

from __future__ import annotations

import base64
import gzip
import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from fastwarc.warc import ArchiveIterator

from backfile.fetch.client import Answer
from backfile.files import write_new
from backfile.paths import slug

FOLDER = "fetched"
"""Below content/saved."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Earlier:
    """What an earlier fetch of an address gave."""

    conditions: dict[str, str]
    """Headers that ask for a change only (RFC 9110 §13.1)."""
    digest: str
    """Of the body as it was sent."""


def earlier(saved: Path, url: str) -> Earlier | None:
    """The newest file of an address, where there is one that can be read."""
    files = sorted((saved / FOLDER).glob(f"*/*-{_mark(url)}*.warc.gz"), key=lambda path: path.name)
    try:
        with files[-1].open("rb") as file:
            for record in ArchiveIterator(file, parse_http=True):
                headers = record.http_headers
                told = {} if headers is None else {key.lower(): value for key, value in headers.astuples()}
                pairs = (("If-None-Match", told.get("etag")), ("If-Modified-Since", told.get("last-modified")))
                digest = record.headers.get("WARC-Payload-Digest") or ""
                return Earlier(conditions={key: value for key, value in pairs if value}, digest=digest)
    except (IndexError, OSError):
        pass
    return None


def digest_of(answer: Answer) -> str:
    """The digest of an answer's body, as WARC files write it."""
    return f"sha1:{base64.b32encode(hashlib.sha1(answer.body).digest()).decode()}"


def keep_answers(saved: Path, answers: Sequence[Answer]) -> Path:
    """Write a page's answer, and those of its pictures after it, into one file. Raises OSError."""
    page = answers[0]
    parts = urlsplit(page.asked)
    stamp = "".join(filter(str.isdigit, page.when.partition("+")[0]))
    name = f"{slug(parts.path, 'page')[:60]}-{_mark(page.asked)}-{stamp}.warc.gz"
    path = saved / FOLDER / slug(parts.hostname or "", "host") / name
    write_new(path, b"".join(_record(answer) for answer in answers))
    return path


def _record(answer: Answer) -> bytes:
    lines = [f"HTTP/1.1 {answer.status} {answer.reason}"]
    lines += [f"{key}: {value}" for key, value in answer.headers if key.lower() != "transfer-encoding"]
    block = "\r\n".join(lines).encode("latin-1", "replace") + b"\r\n\r\n" + answer.body
    digest = digest_of(answer)
    fields = (
        ("WARC-Type", "response"),
        ("WARC-Record-ID", f"<{uuid.uuid5(uuid.NAMESPACE_URL, f'{answer.url} {answer.when} {digest}').urn}>"),
        ("WARC-Date", f"{answer.when[:19]}Z"),
        ("WARC-Target-URI", answer.url),
        ("WARC-Payload-Digest", digest),
        ("Content-Type", "application/http; msgtype=response"),
        ("Content-Length", str(len(block))),
    )
    head = "".join(f"{key}: {value}\r\n" for key, value in fields)
    return gzip.compress(b"WARC/1.1\r\n" + head.encode() + b"\r\n" + block + b"\r\n\r\n", mtime=0)


def _mark(url: str) -> str:
    return hashlib.sha256(url.encode("utf-8", "surrogatepass")).hexdigest()[:10]
