"""ARC files, which the Internet Archive wrote before WARC: a line with address, place, time, type and length, then
the server's answer (archive.org/web/researcher/ArcFileFormat.php, versions 1 and 2)."""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Iterator
from email.parser import BytesHeaderParser
from typing import BinaryIO, cast

from backfile.addresses import is_web_address
from backfile.importers.answers import kind_name, page_type, unpacked
from backfile.importers.base import Failed, Importer, Item, Passed, Source
from backfile.importers.warc import answer_item
from backfile.importers.when import stamp_date
from backfile.limits import limits
from backfile.model import Capture
from backfile.report import ReadError

_LINE = re.compile(rb"(\S{1,8000}) (\S{0,100}) (\d{14}) ([^\n]{1,300}?) (\d{1,15})\r?\n")
_STATUS = re.compile(rb"HTTP/\S+ (\d{3})")


def _recognises(head: bytes, name: str) -> bool:
    return head.startswith(b"filedesc:")


def _items(source: Source) -> Iterator[Item]:
    with source.open() as raw:
        packed = raw.read(2) == b"\x1f\x8b"
        raw.seek(0)
        file = cast(BinaryIO, gzip.GzipFile(fileobj=raw)) if packed else raw
        try:
            yield from _records(file, source)
        except (zlib.error, EOFError, gzip.BadGzipFile) as error:
            yield Failed(why=f"the rest is damaged ({error})", member=source.member)


def _records(file: BinaryIO, source: Source) -> Iterator[Item]:
    offset = 0
    while line := file.readline(10_000):
        here, offset = offset, offset + len(line)
        found = _LINE.fullmatch(line)
        if not found:
            if line.strip():
                yield Failed(why="a line that is no record of an ARC file", member=source.at(f"byte {here}"))
                return
            continue
        size = int(found[5])
        block = file.read(min(size, limits().page))
        rest = size - len(block)
        while rest > 0 and (skipped := len(file.read(min(rest, 1 << 20)))):
            rest -= skipped
        offset += size
        if found[1].startswith(b"filedesc:"):
            yield Passed(why="description of the file")
        elif len(block) < size:
            yield Failed(why="a record that is cut off or too large", member=source.at(f"byte {here}"))
        else:
            yield _item(found, block, source, f"byte {here}")


def _item(line: re.Match[bytes], block: bytes, source: Source, place: str) -> Item:
    head, _, body = block.replace(b"\r\n\r\n", b"\n\n", 1).partition(b"\n\n")
    status = _STATUS.match(head)
    if not status or status[1] != b"200":
        return Passed(why=f"status {status[1].decode()}" if status else "answer without a status")
    headers = BytesHeaderParser().parsebytes(head.partition(b"\n")[2])
    content_type = str(headers.get("Content-Type") or line[4].decode("latin-1"))
    try:
        data = unpacked(body, str(headers.get("Transfer-Encoding") or ""), str(headers.get("Content-Encoding") or ""))
    except ReadError as error:
        return Failed(why=str(error), member=source.at(place))
    kind = page_type(content_type, data)
    if not kind or not data.strip():
        return Passed(why=kind_name(content_type))
    url = line[1].decode("utf-8", "replace")
    facts = Capture(
        data=b"",
        url=url if is_web_address(url) else "",
        captured=stamp_date(line[3].decode()),
        charset=str(headers.get_content_charset("") or ""),
    )
    return answer_item(data, kind, source, place, facts)


IMPORTERS = (Importer(name="arc", rank=11, recognises=_recognises, items=_items),)
