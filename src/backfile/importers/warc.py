"""WARC files (ISO 28500), compressed by record, as a whole or not at all, read by FastWARC.

Records are read one at a time. After a damaged one reading goes on at the next that can be found.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, BinaryIO

from fastwarc.warc import ArchiveIterator, WarcRecordType

from backfile.addresses import canonical, is_web_address
from backfile.importers.answers import dechunked, digest_matches, kind_name, page_type, unpacked
from backfile.importers.base import Failed, Importer, Item, Passed, Source, Warned
from backfile.importers.origin import page_capture
from backfile.importers.pdf import pdf_capture
from backfile.importers.warcindex import WarcIndex
from backfile.importers.when import iso_date
from backfile.limits import limits
from backfile.model import Capture, FindPicture
from backfile.report import ReadError

_MARK = re.compile(rb"WARC/1\.\d\r?\n|\x1f\x8b\x08")
_WINDOW = 1 << 20
_RESTARTS = 1000


def _recognises(head: bytes, name: str) -> bool:
    return head.startswith(b"WARC/")


def warc_items(source: Source, pictures: FindPicture | None = None) -> Iterator[Item]:
    """The pages in a WARC file, and why its other records are none. `pictures` finds those that other files hold."""
    index = WarcIndex(source) if source.lasting else None
    find = pictures or (index.find if index else None)
    for item in _items(source, index):
        yield replace(item, find_picture=find) if isinstance(item, Capture) else item


def _items(source: Source, index: WarcIndex | None) -> Iterator[Item]:
    with source.open() as file:
        start: int | None = 0
        quiet = False
        for _ in range(_RESTARTS):
            walk = _Walk(base=start or 0, index=index)
            try:
                yield from walk.items(file, source)
                return
            except OSError as error:
                if walk.found or not quiet:
                    yield Failed(why=f"a damaged record ({error})", member=source.at(f"after byte {walk.position}"))
                quiet = True
            start = next_record(file, walk.position + 1)
            if start is None:
                return
        yield Failed(why="damaged in very many places; the rest is left", member=source.at(f"byte {start}"))


@dataclass(slots=True)
class _Walk:
    """One run over the records from an offset on."""

    base: int
    index: WarcIndex | None = None
    position: int = 0
    """Of the record last begun."""
    found: int = 0

    def items(self, file: BinaryIO, source: Source) -> Iterator[Item]:
        """The items from here on. Raises OSError where the file is damaged."""
        self.position = self.base
        file.seek(self.base)
        for record in ArchiveIterator(file, parse_http=False):
            self.position = record.stream_pos
            if record.record_type == WarcRecordType.revisit:
                yield _revisited(record, source, self.index)
            else:
                yield from _record_items(record, source, self.position)
            self.found += 1


def _record_items(record: Any, source: Source, position: int) -> Iterator[Item]:
    kind = str(record.record_type)
    if kind not in ("response", "resource", "conversion"):
        yield Passed(why=f"{kind} record")
        return
    place = (record.headers.get("WARC-Record-ID") or f"byte {position}").strip("<>")
    uri = (record.headers.get("WARC-Target-URI") or "").strip().strip("<>")
    length = (record.headers.get("Content-Length") or "").strip()
    if not length.isdecimal():
        yield Failed(why=f"a damaged record: its length is `{length[:40]}`", member=source.at(place))
        return
    sound = _block_is_sound(record)
    if kind == "response":
        record.parse_http()
    status = record.http_headers.status_code if record.http_headers else None
    if kind == "response" and status != 200:
        yield Passed(why=f"status {status}" if status else "answer without a status")
        return
    content_type = _content_type(record)
    if not page_type(content_type, b"<html>") or (kind != "response" and not _may_be_page(uri, content_type)):
        yield Passed(why=kind_name(content_type))
        return
    if record.content_length > limits().page:
        yield Failed(why=f"larger than {limits().page_mb} MB", member=source.at(place))
        return
    body = record.reader.read(limits().page)
    if len(body) < record.content_length and not body.strip():
        yield Failed(why="a damaged record: it is cut off before its page", member=source.at(place))
        return
    if len(body) < record.content_length:
        yield Warned(what="is damaged: cut off; what there is of it is kept", member=source.at(place))
    elif not sound:
        yield Warned(what="its bytes are not those of its digest", member=source.at(place))
    yield from _page_items(record, source, place, body)


def _revisited(record: Any, source: Source, index: WarcIndex | None) -> Item:
    """The page that a record of a later visit refers to, where the file has it and only under another address."""
    uri = (record.headers.get("WARC-Target-URI") or "").strip().strip("<>")
    earlier = (record.headers.get("WARC-Refers-To-Target-URI") or "").strip().strip("<>")
    place = (record.headers.get("WARC-Record-ID") or f"byte {record.stream_pos}").strip("<>")
    if index is None or (earlier and canonical(earlier) == canonical(uri)):
        return Passed(why="later visit of a page")
    position = index.page_at(record.headers.get("WARC-Payload-Digest") or "", earlier)
    try:
        found = None if position is None else index.record(position)
    except (OSError, ReadError) as error:
        return Failed(why=f"a later visit of a page that is damaged ({error})", member=source.at(place))
    if found is None:
        return Passed(why="later visit of a page that is not in the file")
    first, data = found
    if canonical((first.headers.get("WARC-Target-URI") or "").strip("<> ")) == canonical(uri):
        return Passed(why="later visit of a page")
    kind = page_type(_content_type(first), data)
    if not kind or not is_web_address(uri):
        return Passed(why="later visit of what is no page")
    captured = iso_date(record.headers.get("WARC-Date") or "")
    return answer_item(data, kind, source, place, Capture(data=b"", url=uri, captured=captured))


def _page_items(record: Any, source: Source, place: str, body: bytes) -> Iterator[Item]:
    headers = record.http_headers or {}
    told = record.headers.get("WARC-Payload-Digest") or ""
    transfer, encoding = headers.get("Transfer-Encoding") or "", headers.get("Content-Encoding") or ""
    if told and len(body) == record.content_length and not digest_matches(told, body, dechunked(body)):
        yield Warned(what="its bytes are not those of its digest", member=source.at(place))
    try:
        data = unpacked(body, transfer, encoding)
    except ReadError as error:
        yield Failed(why=str(error), member=source.at(place))
        return
    kind = page_type(_content_type(record), data)
    if not kind or not data.strip():
        yield Passed(why="empty answer" if not data.strip() else kind_name(_content_type(record)))
        return
    uri = (record.headers.get("WARC-Target-URI") or "").strip().strip("<>")
    url = uri if is_web_address(uri) else ""
    captured = iso_date(record.headers.get("WARC-Date") or "")
    charset = (record.http_charset or "") if record.http_headers else ""
    yield answer_item(
        data, kind, source, place, replace(Capture(data=b""), url=url, captured=captured, charset=charset)
    )


def answer_item(data: bytes, kind: str, source: Source, place: str, facts: Capture) -> Item:
    """The page in an answer of a server, with address, time and encoding from `facts`."""
    if kind == "text/html":
        page = page_capture(data, source, member=place, url=facts.url, captured=facts.captured)
        return replace(page, charset=facts.charset)
    whole = replace(facts, data=data, media_type=kind, origin=source.origin, member=source.at(place))
    if kind == "text/plain":
        return whole
    try:
        return pdf_capture(whole)
    except ReadError as error:
        return Failed(why=str(error), member=source.at(place))


def _block_is_sound(record: Any) -> bool:
    """False where the whole block is not that of its digest; a digest of an unknown kind proves nothing."""
    told = (record.headers.get("WARC-Block-Digest") or "").lower()
    if not told.startswith(("sha1:", "sha256:", "md5:")) or record.content_length > limits().page:
        return True
    return bool(record.verify_block_digest())


def records_unlike_their_digests(file: BinaryIO) -> Iterator[str]:
    """Where the records stand whose bytes are not those of their digest, whatever they hold. Raises OSError."""
    for record in ArchiveIterator(file, parse_http=False):
        if not _block_is_sound(record):
            yield (record.headers.get("WARC-Record-ID") or f"byte {record.stream_pos}").strip("<>")


def _content_type(record: Any) -> str:
    if record.http_headers:
        return str(record.http_headers.get("Content-Type") or "")
    return str(record.headers.get("Content-Type") or "")


def _may_be_page(uri: str, content_type: str) -> bool:
    """Whether a record that no server answered is of a page: logs and screenshots are kept as such records, too."""
    return is_web_address(uri) or page_type(content_type, b"") == "text/html"


def next_record(file: BinaryIO, position: int) -> int | None:
    """Where the next record may start at or after an offset."""
    file.seek(position)
    before = b""
    while block := file.read(_WINDOW):
        window = before + block
        for found in _MARK.finditer(window):
            if found[0].startswith(b"WARC") or _starts_record(window[found.start() : found.start() + 4096]):
                return position - len(before) + found.start()
        position += len(block)
        before = window[-4096:] if len(window) > 4096 else window
        if len(block) < _WINDOW:
            return None
    return None


def _starts_record(data: bytes) -> bool:
    try:
        return zlib.decompressobj(31).decompress(data, 5) == b"WARC/"
    except zlib.error:
        return False


IMPORTERS = (Importer(name="warc", rank=10, recognises=_recognises, items=warc_items),)
