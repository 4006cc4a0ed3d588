"""Where a saved HTML page came from and when it was saved, as the tools that save pages note it in the page.

Marks of SingleFile, browsers' "save as", monolith, WebScrapBook, the Wayback Machine and archive.today. What a web
archive put into the page is taken out again, and its links lead where they led before.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from html import unescape

from backfile.addresses import is_web_address, unarchived
from backfile.importers.base import Source
from backfile.importers.when import stamp_date
from backfile.model import Capture

_HEAD = 16_384
_COMMENT_HEAD = 64 * 1024
_SAVED_FROM = re.compile(rb"<!--\s*saved from url=\(\d{1,6}\)(\S{1,4000}?)\s*-->", re.I)
_SINGLE_FILE = re.compile(rb"<!--\s*(?:Page saved with|Archive processed by) SingleFile")
_SF_URL = re.compile(rb"^\s*url:\s*(\S{1,4000})", re.M)
_SF_DATE = re.compile(rb"^\s*saved date:\s*(.{10,80})$", re.M)
_JS_DATE = re.compile(r"\w{3} (\w{3} \d{1,2} \d{4} \d\d:\d\d:\d\d) GMT([+-]\d{4})")
_MONOLITH = re.compile(rb"<!--\s*Saved from (\S{1,4000}) at (\S{10,40}) using monolith")
_SCRAPBOOK = re.compile(rb"""\sdata-scrapbook-(source|create)=["']([^"']{1,4000})["']""")
_WOMBAT = re.compile(rb"""__wm\.wombat\(\s*["']([^"']{4,4000})["']\s*,\s*["'](\d{14})["']""")
_ARCHIVED_ON = re.compile(rb"FILE ARCHIVED ON (\d\d:\d\d:\d\d [A-Z][a-z]{2} \d\d, \d{4}) AND RETRIEVED")
_TOOLBAR = (b"<!-- BEGIN WAYBACK TOOLBAR INSERT -->", b"<!-- END WAYBACK TOOLBAR INSERT -->")
_WAYBACK_MARKS = (b"__wm.wombat", b"FILE ARCHIVED ON", _TOOLBAR[0])
_INJECTED = (b"<script", b"<!-- End Wayback Rewrite JS Include -->")
_PREFIX = re.compile(
    rb"(?:(?:https?:)?//web\.archive\.org)?/web/(\d{14})(?:[a-z]{2}_)?/(?=https?:|//|mailto:|data:)"
    rb"|https?:\\/\\/web\.archive\.org\\/web\\/\d{14}(?:[a-z]{2}_)?\\/(?=https?:|\\/\\/)"
)
_FIRST_LINK = re.compile(rb"/web/(\d{14})(?:[a-z]{2}_)?/(https?://[^\s\"'<>]{4,2000})")
_TODAY = re.compile(
    rb"""(?:href|content)=["']?https?://archive\.(?:today|ph|is|li|fo|md|vn)/"""
    rb"""(\d{4})\.?(\d\d)\.?(\d\d)-?(\d{6})/(https?://[^\s"'<>]{4,4000})"""
)
_TODAY_BAR = (b'<div id="HEADER"', b'<div id="CONTENT"')


@dataclass(frozen=True, kw_only=True, slots=True)
class Provenance:
    """A page as it was on the web, with its address and the time of its saving; empty where the page does not say."""

    data: bytes
    url: str = ""
    captured: str = ""


def page_capture(data: bytes, source: Source, *, member: str = "", url: str = "", captured: str = "") -> Capture:
    """A capture of a saved page. What the page says of its origin wins over what the container says."""
    found = provenance(data)
    return Capture(
        data=found.data,
        url=found.url or url,
        captured=found.captured or captured,
        origin=source.origin,
        member=source.at(member) if member else source.member,
    )


def provenance(data: bytes) -> Provenance:
    """Where a page says it comes from."""
    url, captured = _said(data)
    original, stamp = unarchived(url)
    if stamp:
        url, captured = original, stamp_date(stamp)
    archived = _wayback(data) or _archive_today(data)
    if archived:
        return Provenance(data=archived.data, url=archived.url or url, captured=archived.captured or captured)
    return Provenance(data=data, url=url if is_web_address(url) else "", captured=captured)


def _said(data: bytes) -> tuple[str, str]:
    """(address, time) in the mark of the tool that saved the page."""
    found = _SINGLE_FILE.search(data[:_COMMENT_HEAD])
    if found:
        note = data[found.end() : data.find(b"-->", found.end(), found.end() + _HEAD)]
        url, date = _SF_URL.search(note), _SF_DATE.search(note)
        return _text(url[1]) if url else "", _js_date(_text(date[1])) if date else ""
    head = data[:_HEAD]
    if found := _MONOLITH.search(head):
        return _text(found[1]), stamp_date(_text(found[2]))
    if found := _SAVED_FROM.search(head):
        return _text(found[1]), ""
    marks = {key: _text(value) for key, value in _SCRAPBOOK.findall(head)}
    return marks.get(b"source", ""), stamp_date(marks.get(b"create", "")[:14])


def _wayback(data: bytes) -> Provenance | None:
    """The page in a copy from the Wayback Machine, without what was put in; None for another page."""
    if not any(mark in data for mark in _WAYBACK_MARKS):
        return None
    wombat = _WOMBAT.search(data[:_COMMENT_HEAD])
    told = _ARCHIVED_ON.search(data)
    if not (wombat or told or _TOOLBAR[0] in data):
        return None
    url, stamp = (_text(wombat[1]), _text(wombat[2])) if wombat else ("", "")
    if not stamp and told:
        stamp = datetime.strptime(_text(told[1]), "%H:%M:%S %b %d, %Y").strftime("%Y%m%d%H%M%S")
    if not url and stamp:
        url = _own_address(data, stamp)
    data = _cut(data, *_TOOLBAR)
    end = data.find(_INJECTED[1])
    start = data.find(_INJECTED[0])
    if 0 <= start < end:
        data = data[:start] + data[end + len(_INJECTED[1]) :]
    return Provenance(data=_PREFIX.sub(b"", data), url=_without_port(url), captured=stamp_date(stamp))


def _own_address(data: bytes, stamp: str) -> str:
    """The page's address by its canonical link, which the archive has rewritten with the page's own time."""
    for tag in re.finditer(rb"<(?:link|meta)\b[^>]{0,600}(?:canonical|og:url)[^>]{0,4000}>", data[:_COMMENT_HEAD]):
        found = _FIRST_LINK.search(tag[0])
        if found and _text(found[1]) == stamp:
            return _text(found[2])
    return ""


def _archive_today(data: bytes) -> Provenance | None:
    """The page in a copy from archive.today, without its bar; None for another page."""
    found = _TODAY.search(data[:_COMMENT_HEAD]) if b"://archive." in data[:_COMMENT_HEAD] else None
    if not found:
        return None
    year, month, day, clock, url = (_text(part) for part in found.groups())
    start, end = (data.find(mark) for mark in _TODAY_BAR)
    if 0 <= start < end:
        data = data[:start] + data[end:]
    return Provenance(data=data, url=url, captured=stamp_date(year + month + day + clock))


def _cut(data: bytes, begin: bytes, end: bytes) -> bytes:
    start = data.find(begin)
    stop = data.find(end, start)
    return data[:start] + data[stop + len(end) :] if 0 <= start < stop else data


def _without_port(url: str) -> str:
    return re.sub(r"^(http://[^/:]+):80(?=/|$)|^(https://[^/:]+):443(?=/|$)", lambda m: m[1] or m[2], url)


def _js_date(text: str) -> str:
    """A date as JavaScript prints it."""
    found = _JS_DATE.search(text)
    if not found:
        return stamp_date(text)
    try:
        return datetime.strptime(f"{found[1]} {found[2]}", "%b %d %Y %H:%M:%S %z").isoformat()
    except ValueError:
        return ""


def _text(data: bytes) -> str:
    return unescape(data.decode("utf-8", "replace")).strip()
