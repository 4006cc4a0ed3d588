"""WACZ files (Web Archive Collection Zipped 1.1.1): WARC files with a list of pages and the digests of all files."""

from __future__ import annotations

import hashlib
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any, BinaryIO, cast

import msgspec

from backfile.addresses import canonical
from backfile.importers.base import Failed, Item, Source, Warned
from backfile.importers.members import DAMAGE, budget, member_source, printable
from backfile.importers.pictures import in_turn
from backfile.importers.warc import warc_items
from backfile.importers.warcindex import WarcIndex
from backfile.importers.zippart import lasting_open
from backfile.model import Capture, Hints
from backfile.report import ReadError

_BLOCK = 1 << 20
_LIST_LIMIT = 64 << 20


def is_wacz(archive: zipfile.ZipFile, names: list[str]) -> bool:
    """True for a ZIP with WARC files where WACZ has them."""
    warcs = any(name.startswith("archive/") for name in names)
    return "datapackage.json" in names or (warcs and any(name.startswith("pages/") for name in names))


def wacz_items(archive: zipfile.ZipFile, source: Source) -> Iterator[Item]:
    """The pages in the WARC files of a WACZ, with the titles of its list. Raises ReadError where it holds no WARC file.

    Pages that are not in the list are kept, too: the list has the address before a redirect, the record the one after.
    """
    files = [i for i in archive.infolist() if i.file_size > 1 and not i.filename.endswith("/")]
    warcs = [i for i in files if i.filename.startswith("archive/")]
    if not warcs:
        raise ReadError("is a WACZ file without a WARC file in it. Download it again")
    yield from _check_digests(archive, source)
    titles = _titles(archive)
    allowed = budget(sum(info.compress_size for info in warcs))
    members = [_member(archive, info, source) for info in warcs]
    pictures = in_turn(*(WarcIndex(member).find for member in members if member.lasting))
    for info, member in zip(warcs, members, strict=True):
        allowed.take(info.file_size)
        try:
            for item in warc_items(member, pictures):
                title = titles.get(canonical(item.url), "") if isinstance(item, Capture) else ""
                yield replace(item, hints=Hints(title=title)) if title and isinstance(item, Capture) else item
        except (zipfile.BadZipFile, zlib.error, *DAMAGE) as error:
            yield Failed(why=f"damaged ({str(error)[:120]})", member=member.member)


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, source: Source) -> Source:
    again = lasting_open(source, archive, info)
    return member_source(source, info.filename, again or partial(_stream, archive, info), lasting=again is not None)


def _stream(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> BinaryIO:
    return cast(BinaryIO, archive.open(info))


def _check_digests(archive: zipfile.ZipFile, source: Source) -> Iterator[Item]:
    """A warning for each file that is not the one that the manifest tells of."""
    try:
        found = msgspec.json.decode(_small(archive, "datapackage.json"))
    except (KeyError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        yield Warned(what="has no manifest that can be read, so its digests are not checked", member=source.member)
        return
    resources = found.get("resources") if isinstance(found, dict) else None
    for resource in resources if isinstance(resources, list) else ():
        path, told = _told(resource)
        try:
            if path and told and _sha256(archive, path) != told:
                yield Warned(what="its bytes are not those of its digest", member=source.at(printable(path)))
        except (KeyError, zipfile.BadZipFile, zlib.error, *DAMAGE):
            yield Warned(what="is named in the manifest and cannot be read", member=source.at(printable(path)))


def _told(resource: Any) -> tuple[str, str]:
    """(path, SHA-256 in hex) of a file of the manifest."""
    if not isinstance(resource, dict):
        return "", ""
    name, _, value = str(resource.get("hash") or "").partition(":")
    return str(resource.get("path") or ""), value.lower() if name.lower() == "sha256" else ""


def _sha256(archive: zipfile.ZipFile, path: str) -> str:
    digest = hashlib.sha256()
    with archive.open(path) as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _titles(archive: zipfile.ZipFile) -> dict[str, str]:
    """The titles of the pages that the user visited, by their addresses in canonical form."""
    found: dict[str, str] = {}
    for name in archive.namelist():
        if not (name.startswith("pages/") and name.endswith(".jsonl")):
            continue
        try:
            lines = _small(archive, name).splitlines()
        except KeyError:
            continue
        for line in lines:
            try:
                row = msgspec.json.decode(line)
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
                continue
            if isinstance(row, dict) and isinstance(row.get("url"), str) and isinstance(row.get("title"), str):
                found[canonical(row["url"])] = row["title"]
    return found


def _small(archive: zipfile.ZipFile, name: str) -> bytes:
    """A member's bytes. Raises KeyError where it is missing, damaged or too large."""
    try:
        if archive.getinfo(name).file_size > _LIST_LIMIT:
            raise KeyError(name)
        return archive.read(name)
    except (zipfile.BadZipFile, zlib.error, *DAMAGE) as error:
        raise KeyError(name) from error
