"""Bookmark files: the Netscape format that browsers and bookmark services write, and Pocket's own list in HTML.

Neither is well-formed HTML: tags are read in their order, and nesting is only counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape

from backfile.cleaning.encodings import web_encoding
from backfile.importers.base import Importer, Item, Source
from backfile.importers.rows import flag, line_of, row_item, text_of, texts_of, title_of
from backfile.importers.when import any_date
from backfile.limits import limits
from backfile.model import Hints, Saved

_NETSCAPE = re.compile(rb"<!doctype\s+netscape-bookmark-file", re.I)
_POCKET = re.compile(rb"<title>\s*Pocket Export\s*</title>", re.I)
_TOKEN = re.compile(
    r"""<(/?)(a|dl|dd|dt|h1|h2|h3|li)\b((?:[^<>"']|"[^"]{0,9000}"|'[^']{0,9000}')*+|[^<>]*)>|<!--.{0,9000}?-->""",
    re.I | re.S,
)
_ATTRIBUTE = re.compile(r"""([\w-]{1,40})\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
_TAGS = re.compile(r"<[^<>]{0,1000}>")
_CHARSET = re.compile(rb"charset=[\"']?([\w-]{2,40})", re.I)
_SERVICES = ("Pinboard", "Shaarli", "Raindrop", "linkding", "Karakeep", "Linkwarden", "Diigo", "Delicious", "Wallabag")


@dataclass(kw_only=True, slots=True)
class _Entry:
    """A bookmark as it is being read."""

    attributes: dict[str, str]
    folder: str = ""
    title: str = ""
    note: str = ""


@dataclass(kw_only=True, slots=True)
class _Reader:
    """Where in the tree of folders reading is."""

    folders: list[str] = field(default_factory=list)
    heading: str = ""
    entry: _Entry | None = None

    def read(self, text: str) -> Iterator[_Entry]:
        """The bookmarks in order."""
        tokens = list(_TOKEN.finditer(text))
        ends = [token.start() for token in tokens[1:]] + [len(text)]
        for token, end in zip(tokens, ends, strict=True):
            if token[2] is None:
                continue
            inner = _plain(text[token.end() : end])
            name, closing = token[2].lower(), bool(token[1])
            if name in ("a", "dt", "dl", "h1", "h2", "h3", "li") and not (closing and name == "a") and self.entry:
                yield self.entry
                self.entry = None
            self._take(name, closing, token[3], inner)
        if self.entry:
            yield self.entry

    def _take(self, name: str, closing: bool, attributes: str, inner: str) -> None:
        if name in ("h1", "h2", "h3") and not closing:
            self.heading = inner if name == "h3" else ""
        elif name == "dl" and not closing:
            self.folders.append(self.heading)
            self.heading = ""
        elif name == "dl" and self.folders:
            self.folders.pop()
        elif name == "a" and not closing:
            values = {key.lower(): unescape(a or b or c) for key, a, b, c in _ATTRIBUTE.findall(attributes)}
            self.entry = _Entry(attributes=values, folder=" / ".join(filter(None, self.folders)), title=inner)
        elif name == "dd" and self.entry:
            self.entry.note = inner


def _plain(text: str) -> str:
    return unescape(_TAGS.sub("", text)).strip()


def _decoded(data: bytes) -> str:
    told = _CHARSET.search(data[:2000])
    try:
        return data.decode(web_encoding(told[1].decode("ascii")) or "utf-8" if told else "utf-8")
    except UnicodeDecodeError:
        return data.decode("utf-8", "replace")


def _netscape_items(source: Source) -> Iterator[Item]:
    text = _decoded(source.read(limits().export))
    by = next((name for name in _SERVICES if name.lower() in text[:2000].lower()), "bookmarks")
    for number, entry in enumerate(_Reader().read(text), 1):
        told = entry.attributes
        saved = Saved(
            by=by,
            date=any_date(told.get("add_date", "")),
            folder=line_of(entry.folder),
            state={"1": "unread"}.get(told.get("toread", told.get("unread", "")), ""),
            starred=flag(told.get("starred", "")) or flag(told.get("favorite", "")),
            note=text_of(entry.note),
        )
        url = told.get("href", "")
        hints = Hints(title=title_of(entry.title, url), tags=texts_of(told.get("tags", "")), saved=saved)
        yield row_item(source, f"bookmark {number}", url, hints)


def _pocket_items(source: Source) -> Iterator[Item]:
    text = _decoded(source.read(limits().export))
    archive = re.search(r"<h1>\s*Read Archive\s*</h1>", text, re.I)
    split = archive.start() if archive else len(text)
    number = 0
    for part, state in ((text[:split], "unread"), (text[split:], "read")):
        for entry in _Reader().read(part):
            number += 1
            url = entry.attributes.get("href", "")
            saved = Saved(by="Pocket", date=any_date(entry.attributes.get("time_added", "")), state=state)
            tags = texts_of(entry.attributes.get("tags", ""))
            hints = Hints(title=title_of(entry.title, url), tags=tags, saved=saved)
            yield row_item(source, f"row {number}", url, hints)


IMPORTERS = (
    Importer(name="pocket-html", rank=40, recognises=lambda h, n: bool(_POCKET.search(h[:4000])), items=_pocket_items),
    Importer(
        name="bookmarks", rank=41, recognises=lambda h, n: bool(_NETSCAPE.search(h[:4000])), items=_netscape_items
    ),
)
