"""What lies beside saved pages and is none: pictures, fonts, sounds, style sheets, indexes. It is counted, not read."""

from __future__ import annotations

import re
from collections.abc import Iterator

from backfile.importers.base import Importer, Item, Passed, Source

_SIGNATURES = (
    (b"\x89PNG\r\n", "picture"), (b"GIF8", "picture"), (b"\xff\xd8\xff", "picture"), (b"\0\0\1\0", "picture"),
    (b"II*\0", "picture"), (b"MM\0*", "picture"), (b"wOFF", "font"), (b"wOF2", "font"), (b"OTTO", "font"),
    (b"\0\1\0\0\0", "font"), (b"ID3", "sound"), (b"OggS", "sound"), (b"fLaC", "sound"), (b"\x1aE\xdf\xa3", "video"),
    (b"FLV\1", "video"), (b"SQLite format 3\0", "database"), (b"\x7fELF", "program"),
)  # fmt: skip
_BY_NAME = {
    ".css": "style sheet", ".js": "script", ".mjs": "script", ".map": "script", ".svg": "picture", ".svgz": "picture",
    ".cdx": "index", ".cdxj": "index", ".idx": "index", ".ncx": "table of contents", ".opf": "list of contents",
    ".woff": "font", ".ttf": "font", ".eot": "font", ".ico": "picture", ".toml": "settings", ".yml": "settings",
    ".yaml": "settings", ".ini": "settings", ".py": "program", ".sh": "program", ".exe": "program", ".tsx": "program",
}  # fmt: skip
_SVG = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!DOCTYPE svg[^>]*>\s*)?<svg[\s>]")
_CDX = re.compile(rb"\A(?: CDX |\S{3,500}\) ?\S* \d{14} )")
_MARKUP = re.compile(rb"<(?:!doctype html|html|head|body)[\s>]", re.I)


def _kind(head: bytes, name: str) -> str:
    for signature, kind in _SIGNATURES:
        if kind and head.startswith(signature):
            return kind
    if head[:4] == b"RIFF":
        return {b"WEBP": "picture", b"WAVE": "sound"}.get(head[8:12], "video")
    if head[4:8] == b"ftyp":
        return "picture" if head[8:12] in (b"avif", b"heic", b"mif1", b"avis") else "video"
    if _SVG.match(head[:8192]):
        return "picture"
    if _CDX.match(head[:2000]):
        return "index"
    ending = re.search(r"\.\w{1,8}$", name.lower())
    return "" if not ending or _MARKUP.search(head) else _BY_NAME.get(ending[0], "")


def _recognises(head: bytes, name: str) -> bool:
    return bool(_kind(head, name))


def _items(source: Source) -> Iterator[Item]:
    with source.open() as file:
        yield Passed(why=_kind(file.read(8192), source.name) or "part of a page")


IMPORTERS = (Importer(name="resource", rank=5, recognises=_recognises, items=_items, container=False),)
