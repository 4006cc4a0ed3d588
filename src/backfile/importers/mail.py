"""Newsletters and other mail: one message (`.eml`) or a mailbox (`.mbox`, RFC 4155)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from email.message import Message
from email.utils import parseaddr
from functools import partial
from typing import BinaryIO

from backfile.importers.base import Failed, Importer, Item, Passed, Source
from backfile.importers.messages import (
    decoded_header,
    has_mail_headers,
    leaf_parts,
    parse_message,
    part_data,
    picture_parts,
)
from backfile.importers.pictures import among
from backfile.importers.when import mail_date
from backfile.importers.wrap import meta_tags
from backfile.limits import limits
from backfile.model import Capture, Hints

_FROM_LINE = re.compile(rb"From [^\n]{0,998}\n[!-9;-~]{1,76}:")
_QUOTED_FROM = re.compile(rb"^>(>*From )", re.M)
_MAIL = re.compile(rb"^(?:from|subject|date|received|message-id):", re.I | re.M)


def _is_mailbox(head: bytes, name: str) -> bool:
    return bool(_FROM_LINE.match(head.replace(b"\r\n", b"\n")))


def _is_message(head: bytes, name: str) -> bool:
    return has_mail_headers(head) and bool(
        re.search(rb"^(?:from|subject|date|received|message-id):", head, re.I | re.M)
    )


def _message_items(source: Source) -> Iterator[Item]:
    item = _capture(parse_message(source.read()), source, source.member)
    pictures = among(lambda: picture_parts(parse_message(source.read())))
    yield replace(item, find_picture=pictures) if isinstance(item, Capture) else item


def _mailbox_items(source: Source) -> Iterator[Item]:
    with source.open() as file:
        for offset, data in _messages(file):
            member = f"byte {offset}"
            if data is None:
                yield Failed(why=f"a message larger than {limits().page_mb} MB is left out", member=source.at(member))
                continue
            message = _in_mailbox(data)
            identity = str(message.get("Message-ID") or "").strip().strip("<>") or member
            item = _capture(message, source, source.at(identity))
            if isinstance(item, Capture) and source.lasting and any(picture_parts(message)):
                item = replace(item, find_picture=among(partial(_pictures_at, source, offset)))
            yield item


def _in_mailbox(data: bytes) -> Message:
    return parse_message(_QUOTED_FROM.sub(rb"\1", data))


def _pictures_at(source: Source, offset: int) -> list[tuple[str, bytes]]:
    """The pictures of the message that begins there in a mailbox."""
    with source.open() as file:
        file.seek(offset)
        _, data = next(_messages(file))
        return list(picture_parts(_in_mailbox(data or b"")))


def _messages(file: BinaryIO) -> Iterator[tuple[int, bytes | None]]:
    """(offset, bytes) of each message of a mailbox; None for one that is too large."""
    lines: list[bytes] = []
    start = offset = size = 0
    blank = True
    for line in iter(lambda: file.readline(1 << 20), b""):
        if blank and line.startswith(b"From ") and offset:
            yield start, b"".join(lines) if size <= limits().page else None
            lines, size, start = [], 0, offset
        elif not (line.startswith(b"From ") and offset == start):
            size += len(line)
            if size <= limits().page:
                lines.append(line)
        blank = line in (b"\n", b"\r\n")
        offset += len(line)
    yield start, b"".join(lines) if size <= limits().page else None


def _capture(message: Message, source: Source, member: str) -> Item:
    parts = [part for part in leaf_parts(message) if not part.get_filename()]
    html = next((part for part in parts if part.get_content_type() == "text/html"), None)
    best = html or next((part for part in parts if part.get_content_type() == "text/plain"), None)
    if best is None:
        return Passed(why="mail without a text")
    title = decoded_header(message, "Subject")
    sender = parseaddr(decoded_header(message, "From"))[0]
    date = mail_date(str(message.get("Date") or ""))
    data, _ = part_data(best)
    charset = best.get_content_charset("") or ""
    hints = Hints(title=title, published=date, publisher=sender)
    if html is not None:
        data = meta_tags(hints) + data
    return Capture(
        data=data,
        media_type="text/html" if html is not None else "text/plain",
        charset=charset,
        captured=date,
        origin=source.origin,
        member=member,
        hints=hints,
    )


IMPORTERS = (
    Importer(name="mbox", rank=31, recognises=_is_mailbox, items=_mailbox_items),
    Importer(name="mail", rank=32, recognises=_is_message, items=_message_items, container=False),
)
