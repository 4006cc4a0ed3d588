"""MHTML pages (RFC 2557) as Chrome, Firefox add-ons, Internet Explorer and others save them; damaged ones as far as
they go: a part without its end is read to the end of the file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from email.message import Message

from backfile.addresses import is_web_address
from backfile.importers.base import Importer, Item, Source, Warned
from backfile.importers.messages import (
    decoded_header,
    has_mail_headers,
    header_block,
    leaf_parts,
    parse_message,
    part_data,
    picture_parts,
)
from backfile.importers.origin import page_capture
from backfile.importers.pictures import among
from backfile.importers.when import mail_date
from backfile.model import Hints
from backfile.report import ReadError

_SAVED_BY = re.compile(rb"^(?:From:\s*<?Saved by|Snapshot-Content-Location:|X-Snapshot-|X-MAF-)", re.I | re.M)
_RELATED = re.compile(rb"^content-type:\s*multipart/related", re.I | re.M)
_FIRST_LOCATION = re.compile(rb"^content-location:\s*(?:https?|file):", re.I | re.M)
_MAILED = re.compile(rb"^(?:message-id|received|return-path|delivered-to):", re.I | re.M)
_HTML = ("text/html", "application/xhtml+xml")


def recognises(head: bytes, name: str) -> bool:
    """True for a mail-like file that a browser wrote."""
    if not has_mail_headers(head):
        return False
    headers = header_block(head)
    if _SAVED_BY.search(headers):
        return True
    named = name.lower().endswith((".mhtml", ".mht"))
    located = _FIRST_LOCATION.search(head[: len(headers) + 4000])
    return bool(named or (_RELATED.search(headers) and located and not _MAILED.search(headers)))


def _items(source: Source) -> Iterator[Item]:
    message = parse_message(source.read())
    parts = [part for part in leaf_parts(message) if part.get_content_type() in _HTML]
    root = _root(message, parts)
    if root is None:
        raise ReadError("holds no page: it is cut off or damaged. Save the page again")
    data, damaged = part_data(root)
    if not data.strip():
        raise ReadError("holds an empty page: it is cut off or damaged. Save the page again")
    if damaged or root.defects or message.defects:
        yield Warned(what="is damaged; what could be read of it is kept", member=source.member)
    url = str(message.get("Snapshot-Content-Location") or root.get("Content-Location") or "").strip()
    capture = page_capture(
        data, source, url=url if is_web_address(url) else "", captured=mail_date(str(message.get("Date") or ""))
    )
    title = decoded_header(message, "Subject")
    charset = root.get_content_charset("") or ""
    charset = "" if charset == "x-user-defined" else charset
    pictures = among(lambda: picture_parts(parse_message(source.read())))
    yield replace(capture, charset=charset, hints=Hints(title=title), find_picture=pictures)


def _root(message: Message, parts: list[Message]) -> Message | None:
    """The page: the part the message names as its start, the one at its address, or the first."""
    start = message.get_param("start")
    address = message.get("Snapshot-Content-Location")
    for part in parts:
        if (start and part.get("Content-ID") == start) or (address and part.get("Content-Location") == address):
            return part
    return parts[0] if parts else None


IMPORTERS = (Importer(name="mhtml", rank=30, recognises=recognises, items=_items, container=False),)
