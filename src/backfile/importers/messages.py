"""What mail and MHTML share: MIME messages (RFC 2045–2047, 5322), read by the standard library."""

from __future__ import annotations

import base64
import binascii
import quopri
import re
from collections.abc import Iterator
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from email.policy import compat32
from typing import Any

_HEADER = re.compile(rb"[!-9;-~]{1,76}:(?:[ \t]|\r?\n|[^\r\n])")
_BOUNDARY = re.compile(rb"\r?\n--([^\r\n]{1,100})\r?\n(?:[!-9;-~]{1,76}:[^\n]*\n)", re.I)
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")
_PARTS = 10_000
_HEAD = 64 * 1024


def has_mail_headers(head: bytes) -> bool:
    """True where a file starts with two or more mail headers."""
    lines = header_block(head).split(b"\n")
    return sum(bool(_HEADER.match(line)) for line in lines[:40]) >= 2 and bool(_HEADER.match(lines[0]))


def header_block(head: bytes) -> bytes:
    """The lines before the first empty one."""
    text = head.lstrip(b"\xef\xbb\xbf\r\n")
    end = re.search(rb"\r?\n\r?\n", text)
    return text[: end.start()] if end else text


def parse_message(data: bytes) -> Message:
    """A message; where it names no boundary, or one that is not in it, the boundary is found by its looks."""
    data = data.lstrip(b"\xef\xbb\xbf\r\n")
    message = message_from_bytes(data, policy=compat32)
    if message.is_multipart() or b"multipart/" not in header_block(data[:_HEAD]).lower():
        return message
    found = _BOUNDARY.search(data)
    if not found:
        return message
    whole = b'Content-Type: multipart/related; boundary="' + found[1].rstrip().replace(b'"', b"") + b'"\r\n\r\n'
    mended = message_from_bytes(whole + data[found.start() :].lstrip(b"\r\n"), policy=compat32)
    for name, value in message.items():
        if name.lower() != "content-type":
            mended[name] = value
    return mended


def leaf_parts(message: Message) -> Iterator[Message]:
    """The parts of a message that hold data, in order, also those inside other parts; attached messages are left."""
    waiting: list[Any] = [message]
    for _ in range(_PARTS):
        if not waiting:
            return
        part = waiting.pop()
        inner = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(inner, list):
            waiting.extend(reversed(inner))
        elif not isinstance(inner, list):
            yield part


def picture_parts(message: Message) -> Iterator[tuple[str, bytes]]:
    """(address, bytes) of the pictures of a message, by their place on the web and by their `cid:` (RFC 2392)."""
    for part in leaf_parts(message):
        place = str(part.get("Content-Location") or "").strip()
        identity = str(part.get("Content-ID") or "").strip("<> ")
        kind = part.get_content_type()
        if not (place or identity) or kind.startswith(("text/", "font/")) or "script" in kind:
            continue
        data, _ = part_data(part)
        yield place, data
        yield f"cid:{identity}" if identity else "", data


def part_data(part: Message) -> tuple[bytes, bool]:
    """A part's bytes, decoded as far as they go, and whether they were damaged."""
    raw = part.get_payload()
    data = raw.encode("utf-8", "surrogateescape") if isinstance(raw, str) else b""
    encoding = str(part.get("Content-Transfer-Encoding") or "").strip().lower()
    if encoding == "quoted-printable":
        return quopri.decodestring(data), False
    if encoding == "base64":
        return _from_base64(data)
    return data, False


def _from_base64(data: bytes) -> tuple[bytes, bool]:
    try:
        return base64.b64decode(b"".join(data.split()), validate=True), False
    except binascii.Error:
        clean = _NOT_BASE64.sub(b"", data)
        clean = clean[: len(clean) - (len(clean) % 4 == 1)]
        return base64.b64decode(clean + b"=" * (-len(clean) % 4)), True


def decoded_header(message: Message, name: str) -> str:
    """A header as text in one line."""
    value = message.get(name)
    if value is None:
        return ""
    try:
        text = str(make_header(decode_header(value)))
    except (HeaderParseError, LookupError, UnicodeError, ValueError):
        text = str(value)
    return " ".join(text.encode("utf-8", "replace").decode("utf-8").split())
