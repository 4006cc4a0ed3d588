"""Safari's web archives: property lists, binary or XML, read by the standard library."""

from __future__ import annotations

import plistlib
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from xml.parsers.expat import ExpatError

from backfile.addresses import is_web_address
from backfile.importers.base import Importer, Item, Passed, Source
from backfile.importers.origin import page_capture
from backfile.importers.pictures import among
from backfile.model import Capture
from backfile.report import ReadError

_FRAMES = 200
_DAMAGED = "is not a whole web archive: it is cut off or damaged. Save the page again"


def _recognises(head: bytes, name: str) -> bool:
    if head.startswith(b"bplist0"):
        return True
    return b"<plist" in head[:1000] and (b"WebMainResource" in head or name.lower().endswith(".webarchive"))


def _items(source: Source) -> Iterator[Item]:
    found = _archive(source)
    pictures = among(lambda: _parts(_archive(source)))
    for item in _pages(found, source):
        yield replace(item, find_picture=pictures) if isinstance(item, Capture) else item


def _archive(source: Source) -> Any:
    try:
        return plistlib.loads(source.read())
    except (plistlib.InvalidFileException, ExpatError, ValueError, TypeError, KeyError, IndexError) as error:
        raise ReadError(_DAMAGED) from error
    except (RecursionError, OverflowError, MemoryError, AttributeError, UnicodeDecodeError) as error:
        raise ReadError(_DAMAGED) from error


def _parts(found: dict[str, Any]) -> Iterator[tuple[str, bytes]]:
    """(address, bytes) of what the page and its frames are made of."""
    for archive in (found, *_frames(found)):
        parts = archive.get("WebSubresources")
        for part in parts if isinstance(parts, list) else ():
            data = part.get("WebResourceData") if isinstance(part, dict) else None
            if isinstance(data, bytes):
                yield str(part.get("WebResourceURL") or ""), data


def _pages(found: Any, source: Source) -> Iterator[Item]:
    if not isinstance(found, dict) or not isinstance(found.get("WebMainResource"), dict):
        raise ReadError("is a property list without a page in it. Save the page as a web archive")
    main = _page(found["WebMainResource"], source)
    if main is None:
        raise ReadError("holds no page: its main part is not HTML. Save the article's own page")
    yield main
    seen = {main.data}
    for number, frame in enumerate(_frames(found), 1):
        page = _page(frame["WebMainResource"], source, f"frame {number}")
        if page is None or page.data in seen:
            yield Passed(why="frame without a page" if page is None else "frame that is there twice")
        else:
            seen.add(page.data)
            yield page


def _page(resource: dict[str, Any], source: Source, member: str = "") -> Capture | None:
    data, url = resource.get("WebResourceData"), resource.get("WebResourceURL")
    kind = str(resource.get("WebResourceMIMEType") or "text/html")
    if not isinstance(data, bytes) or not data.strip():
        return None
    if kind not in ("text/html", "application/xhtml+xml") and b"<html" not in data[:2000].lower():
        return None
    charset = resource.get("WebResourceTextEncodingName")
    address = url if isinstance(url, str) and is_web_address(url) else ""
    capture = page_capture(data, source, member=member, url=address)
    return replace(capture, charset=charset if isinstance(charset, str) else "")


def _frames(archive: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The pages in frames, also those in frames of frames."""
    waiting = [archive]
    seen = 0
    while waiting and seen < _FRAMES:
        inner = waiting.pop().get("WebSubframeArchives")
        for frame in inner if isinstance(inner, list) else ():
            if isinstance(frame, dict) and isinstance(frame.get("WebMainResource"), dict):
                seen += 1
                waiting.append(frame)
                yield frame


IMPORTERS = (Importer(name="webarchive", rank=20, recognises=_recognises, items=_items, container=False),)
