"""EPUB files (EPUB 3.3 §4.2): each document in reading order is a page of its own, as news readers make them."""

from __future__ import annotations

import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import unquote

from lxml import etree

from backfile.importers.base import Failed, Item, Passed, Source
from backfile.importers.members import DAMAGE, budget, printable
from backfile.importers.origin import page_capture
from backfile.importers.xmlsafe import local_name, parse_xml
from backfile.importers.zippart import beside_member
from backfile.limits import limits
from backfile.model import Hints
from backfile.report import ReadError

_DOCUMENTS = ("application/xhtml+xml", "text/html", "application/html+xml")


def is_epub(archive: zipfile.ZipFile, names: list[str]) -> bool:
    """True for a ZIP that says it is an EPUB."""
    return "META-INF/container.xml" in names or (
        "mimetype" in names and archive.getinfo("mimetype").file_size < 100 and b"epub" in archive.read("mimetype")
    )


def epub_items(archive: zipfile.ZipFile, source: Source) -> Iterator[Item]:
    """The documents of a book, in order. Raises ReadError where it does not say which they are."""
    folder, package = _package(archive)
    allowed = budget(sum(info.compress_size for info in archive.infolist()))
    beside = beside_member(source)
    publisher = _said(package, "publisher")
    hints = Hints(publisher=publisher, lang=_said(package, "language"))
    items = {e.get("id"): e for e in package.iter() if local_name(e) == "item"}
    spine = [items.get(e.get("idref")) for e in package.iter() if local_name(e) == "itemref"]
    documents = [e for e in spine if e is not None and e.get("media-type") in _DOCUMENTS]
    for element in documents:
        name = posixpath.normpath(posixpath.join(folder, unquote(element.get("href") or "")))
        try:
            if archive.getinfo(name).file_size > limits().page:
                yield Failed(why=f"larger than {limits().page_mb} MB", member=source.at(printable(name)))
                continue
            data = archive.read(name)
        except (KeyError, zipfile.BadZipFile, zlib.error, *DAMAGE) as error:
            yield Failed(why=f"missing or damaged ({str(error)[:120]})", member=source.at(printable(name)))
            continue
        allowed.take(len(data))
        page = page_capture(data, source, member=printable(name))
        yield replace(page, hints=hints, find_picture=beside(name))
    others = len(archive.namelist()) - len(documents)
    if others > 0:
        yield Passed(why="part of the book that is no document", count=others)


def _package(archive: zipfile.ZipFile) -> tuple[str, etree._Element]:
    """(folder, root) of the package document."""
    try:
        container = parse_xml(archive.read("META-INF/container.xml"))
        path = next((e.get("full-path") or "" for e in container.iter() if local_name(e) == "rootfile"), "")
        return posixpath.dirname(path), parse_xml(archive.read(path))
    except (KeyError, ReadError, zipfile.BadZipFile, zlib.error, *DAMAGE) as error:
        raise ReadError("is a damaged EPUB: it does not say what is in it. Download it again") from error


def _said(package: etree._Element, name: str) -> str:
    return next(((e.text or "").strip() for e in package.iter() if local_name(e) == name), "")
