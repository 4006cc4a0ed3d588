"""Where the pages and pictures of a WARC file stand, found in one pass when the first of them is asked for."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cached_property
from typing import Any, BinaryIO

from fastwarc.warc import ArchiveIterator, WarcRecordType

from backfile.importers.answers import page_type, unpacked
from backfile.importers.base import Source
from backfile.importers.pictures import address_key, loose_key
from backfile.limits import limits
from backfile.report import ReadError

_ANSWERS = WarcRecordType.response | WarcRecordType.resource


class WarcIndex:
    """Offsets by address and digest: 8 bytes a key, so that a file with a million records fits into memory."""

    def __init__(self, source: Source) -> None:
        self._source = source

    def find(self, address: str) -> bytes | None:
        """The bytes of the picture at an address, or of the largest copy of it under a like name."""
        pictures, largest, _ = self._places
        position = pictures.get(_key(address_key(address)))
        if position is None:
            loose = loose_key(address)
            position = largest[_key(loose)][1] if loose and _key(loose) in largest else None
        return None if position is None else self._body(position)

    def page_at(self, *names: str) -> int | None:
        """The offset of the page with one of these addresses or digests."""
        pages = self._places[2]
        return next((pages[_key(name)] for name in names if name and _key(name) in pages), None)

    @cached_property
    def _places(self) -> tuple[dict[bytes, int], dict[bytes, tuple[int, int]], dict[bytes, int]]:
        pictures: dict[bytes, int] = {}
        largest: dict[bytes, tuple[int, int]] = {}
        pages: dict[bytes, int] = {}
        try:
            with self._source.open() as file:
                for record in _answers(file):
                    uri = (record.headers.get("WARC-Target-URI") or "").strip("<> ")
                    place = (record.content_length, record.stream_pos)
                    if page_type(_type(record), b""):
                        digest = record.headers.get("WARC-Payload-Digest") or ""
                        pages.setdefault(_key(uri), record.stream_pos)
                        pages.setdefault(_key(digest), record.stream_pos)
                    elif _type(record).startswith("image/") and record.content_length <= limits().picture:
                        pictures.setdefault(_key(address_key(uri)), record.stream_pos)
                        loose = _key(loose_key(uri))
                        largest[loose] = max(place, largest.get(loose, place))
        except OSError:  # damaged: what stands before the damage is known
            pass
        return pictures, largest, pages

    def _body(self, position: int) -> bytes | None:
        try:
            record = self.record(position)
            return None if record is None else record[1]
        except (OSError, ReadError):
            return None

    def record(self, position: int) -> tuple[Any, bytes] | None:
        """(record, unpacked body) at an offset. Raises OSError and ReadError where it is damaged."""
        with self._source.open() as file:
            file.seek(position)
            for record in ArchiveIterator(file, parse_http=True):
                headers: Any = record.http_headers or {}
                body = record.reader.read(limits().page)
                transfer, encoding = headers.get("Transfer-Encoding") or "", headers.get("Content-Encoding") or ""
                return record, unpacked(body, transfer, encoding)
        return None


def _answers(file: BinaryIO) -> Iterator[Any]:
    for record in ArchiveIterator(file, parse_http=True, record_types=_ANSWERS):
        if record.http_headers is None or record.http_headers.status_code == 200:
            yield record


def _type(record: Any) -> str:
    headers = record.http_headers or record.headers
    return str(headers.get("Content-Type") or "").strip().lower()


def _key(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
