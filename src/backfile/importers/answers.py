"""What a server answered, as web archives record it: bodies unpacked within bounds, digests checked."""

from __future__ import annotations

import base64
import hashlib
import re
import zlib
from collections.abc import Iterator

import brotli  # type: ignore[import-untyped]  # it comes without type hints
import zstandard

from backfile.limits import limits
from backfile.report import ReadError

_CHUNK = re.compile(rb"\s*([0-9A-Fa-f]{1,15})[ \t]*(?:;[^\r\n]{0,1000})?\r?\n")
_PAGES = ("text/html", "application/xhtml+xml", "application/vnd.wap.xhtml+xml")
_HTML = re.compile(rb"<(?:!doctype html|html)[\s>]", re.I)
_TYPE = re.compile(r"[\w.+-]{1,40}/[\w.+-]{1,60}")
_DIGESTS = {"sha1": 20, "sha256": 32, "sha-256": 32, "md5": 16, "sha512": 64}


def page_type(content_type: str, data: bytes) -> str:
    """`text/html`, `text/plain` or `application/pdf` for what may be a page; empty for anything else."""
    kind = content_type.partition(";")[0].strip().lower()
    if kind in _PAGES or (not _TYPE.fullmatch(kind) and _HTML.search(data[:1000])):
        return "text/html"
    return kind if kind in ("text/plain", "application/pdf") else ""


def kind_name(content_type: str) -> str:
    """What an answer that is no page holds, in a word that can be counted."""
    kind = content_type.partition(";")[0].strip().lower()
    main = kind.partition("/")[0]
    names = {"image": "picture", "font": "font", "audio": "sound", "video": "video"}
    if main in names:
        return names[main]
    if "css" in kind or "javascript" in kind or "ecmascript" in kind:
        return "style sheet" if "css" in kind else "script"
    if "font" in kind:
        return "font"
    return kind if _TYPE.fullmatch(kind) else "answer of no known kind"


def unpacked(data: bytes, transfer: str, encoding: str) -> bytes:
    """A body without its transfer and content encodings (RFC 9110 §8.4, RFC 9112 §7).

    Raises ReadError for what is damaged, of an unknown encoding, or larger than a page may be.
    """
    if "chunked" in transfer.lower():
        data = dechunked(data)
    for name in reversed([part.strip().lower() for part in encoding.split(",")]):
        data = _decoded(data, name)
    return data


def dechunked(data: bytes) -> bytes:
    """A chunked body as one piece; what is not chunked, though it was announced so, as it is."""
    first = _CHUNK.match(data)
    if not first:
        return data
    pieces = list(_chunks(data))
    return b"".join(pieces) if pieces else data


def _chunks(data: bytes) -> Iterator[bytes]:
    position = 0
    while found := _CHUNK.match(data, position):
        size = int(found[1], 16)
        if not size:
            return
        if found.end() + size > len(data) + 2 and not position:
            return
        yield data[found.end() : found.end() + size]
        position = found.end() + size
    if position < len(data):
        yield data[position:].lstrip(b"\r\n")


def _decoded(data: bytes, name: str) -> bytes:
    if name in ("", "identity", "none", "utf-8"):
        return data
    try:
        if name in ("gzip", "x-gzip"):
            return _inflated(data, 31) if data.startswith(b"\x1f\x8b") else data
        if name == "deflate":
            return _inflated(data, 15 if data[:1] == b"\x78" else -15)
        if name == "br":
            return _bounded(brotli.Decompressor().process(data, output_buffer_limit=limits().page + 1))
        if name == "zstd":
            return _bounded(_unpacked_zstd(data))
    except (zlib.error, brotli.error, zstandard.ZstdError) as error:
        if _HTML.search(data[:1000]):  # announced as packed, and is not
            return data
        raise ReadError(f"its body is damaged ({name})") from error
    if _HTML.search(data[:1000]):
        return data
    raise ReadError(f"its body is in an encoding that Backfile does not read ({name[:40]})")


def _inflated(data: bytes, bits: int) -> bytes:
    return _bounded(zlib.decompressobj(bits).decompress(data, limits().page + 1))


def _unpacked_zstd(data: bytes) -> bytes:
    """RFC 8878, with a window of 8 MB at most, as browsers allow (RFC 9659)."""
    unpacker = zstandard.ZstdDecompressor(max_window_size=8 << 20)
    with unpacker.stream_reader(data, read_across_frames=True) as reader:
        return bytes(reader.read(limits().page + 1))


def _bounded(data: bytes) -> bytes:
    if len(data) > limits().page:
        raise ReadError(f"its body is larger than {limits().page_mb} MB")
    return data


def digest_matches(told: str, *bodies: bytes) -> bool:
    """False where a digest (`sha1:BASE32`, `sha256:hex`) is of none of these bodies; one of another kind is passed."""
    name, _, value = told.strip().partition(":")
    length = _DIGESTS.get(name.lower())
    if not length or not value:
        return True
    wanted = _digest_bytes(value, length)
    return any(hashlib.new(name.lower().replace("-", ""), body).digest() == wanted for body in bodies)


def _digest_bytes(value: str, length: int) -> bytes:
    try:
        if len(value) == length * 2:
            return bytes.fromhex(value)
        if len(value.rstrip("=")) == (length * 8 + 4) // 5:
            return base64.b32decode(value.rstrip("=").upper() + "=" * (-len(value.rstrip("=")) % 8))
        return base64.b64decode(value)
    except ValueError:
        return b""
