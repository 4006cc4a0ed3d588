"""XML lists: RSS, Atom and RDF feeds with their articles, OPML outlines, and Zotero's RDF.

They are read by lxml with entities off: a feed that is broken XML is repaired as far as it goes, and lxml is here
anyway. Bodies pass through the cleaner like any page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from urllib.parse import urljoin

from lxml import etree

from backfile.importers.base import Importer, Item, Passed, Source
from backfile.importers.origin import page_capture
from backfile.importers.pictures import relative_name
from backfile.importers.rows import line_of, row_item, text_of, texts_of, title_of
from backfile.importers.when import any_date
from backfile.importers.xmlsafe import child_text, children, local_name, parse_xml
from backfile.limits import limits
from backfile.model import Capture, FindPicture, Hints, Saved

_FEED = re.compile(rb"<(?:rss|feed|rdf:RDF)[\s>]", re.I)
_OPML = re.compile(rb"<opml[\s>]", re.I)
_ZOTERO = b"zotero.org/namespaces/export#"
_SNAPSHOTS = (".html", ".htm", ".xhtml")
_BODIES = ("encoded", "content", "description", "summary")
_AUTHOR = re.compile(r"^[^@\s]+@[^@\s]+\s*\(([^()]+)\)$")


def _recognises_feed(head: bytes, name: str) -> bool:
    start = head[:8192].lstrip(b"\xef\xbb\xbf \r\n\t")
    return start.startswith(b"<") and bool(_FEED.search(start)) and b"<html" not in start[:1000].lower()


def _feed_items(source: Source) -> Iterator[Item]:
    root = parse_xml(source.read(limits().export))
    channel = next((e for e in root if local_name(e) == "channel"), root)
    base = child_text(channel, "link") or _atom_link(channel)
    publisher, lang = child_text(channel, "title"), child_text(channel, "language") or root.get(_LANG, "")
    number = 0
    for entry in root.iter():
        if local_name(entry) not in ("item", "entry"):
            continue
        number += 1
        hints = Hints(
            title=title_of(_plain(child_text(entry, "title"))),
            description=line_of(_plain(child_text(entry, "description", "summary")))[:1000],
            authors=_authors(entry),
            published=any_date(child_text(entry, "pubDate", "published", "date", "issued", "updated")),
            publisher=line_of(publisher),
            lang=lang,
            tags=_categories(entry),
            saved=Saved(by="feed"),
        )
        link = child_text(entry, "link") or _atom_link(entry) or _permalink(entry)
        body = max((_body(entry, name) for name in _BODIES), key=len)
        yield row_item(source, f"item {number}", urljoin(base, link) if link else "", hints, body)


_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def _atom_link(element: etree._Element) -> str:
    links = [e for e in children(element, "link") if e.get("href")]
    own = [e for e in links if e.get("rel", "alternate") == "alternate"]
    return (own or links)[0].get("href") or "" if links else ""


def _permalink(entry: etree._Element) -> str:
    guid = next(iter(children(entry, "guid")), None)
    text = (guid.text or "").strip() if guid is not None and guid.get("isPermaLink") != "false" else ""
    return text if text.startswith(("http://", "https://")) else ""


def _authors(entry: etree._Element) -> tuple[str, ...]:
    found = []
    for element in entry:
        if local_name(element) in ("author", "creator"):
            name = child_text(element, "name") or "".join(str(t) for t in element.itertext())
            found.append(_AUTHOR.sub(r"\1", line_of(name)))
    return tuple(dict.fromkeys(name for name in found if name and "@" not in name))


def _categories(entry: etree._Element) -> tuple[str, ...]:
    return texts_of([e.get("term") or "".join(str(t) for t in e.itertext()) for e in children(entry, "category")])


def _body(entry: etree._Element, name: str) -> str:
    for element in children(entry, name):
        if len(element):
            return "".join(etree.tostring(child, encoding="unicode", with_tail=True) for child in element)
        return (element.text or "").strip()
    return ""


def _plain(text: str) -> str:
    return re.sub(r"<[^<>]{0,2000}>", " ", text)


def _opml_items(source: Source) -> Iterator[Item]:
    root = parse_xml(source.read(limits().export))
    number = 0
    for outline in root.iter():
        if local_name(outline) != "outline":
            continue
        number += 1
        if outline.get("xmlUrl"):
            yield Passed(why="feed that is subscribed to")
            continue
        url = outline.get("url") or outline.get("htmlUrl") or ""
        if url:
            saved = Saved(by="OPML", date=any_date(outline.get("created") or ""))
            hints = Hints(title=title_of(outline.get("text") or outline.get("title"), url), saved=saved)
            yield row_item(source, f"outline {number}", url, hints)
        else:
            yield Passed(why="heading of an outline")


def _zotero_items(source: Source) -> Iterator[Item]:
    root = parse_xml(source.read(limits().export))
    subjects = {key: element for element in root for attr, key in _items(element) if attr.endswith("}about")}
    linked = {ref for element in root for ref in _resources(element, "link")}
    for number, element in enumerate((e for e in root if local_name(e)), 1):
        name = local_name(element)
        if name == "Attachment" and linked.intersection(value for _, value in _items(element)):
            yield Passed(why="file of another item")
            continue
        url = _zotero_url(element)
        if name in ("Collection", "Memo") or (not url and not child_text(element, "title")):
            yield Passed(why="collection or note")
            continue
        notes = [child_text(subjects[ref], "value") for ref in _resources(element, "isReferencedBy") if ref in subjects]
        saved = Saved(
            by="Zotero",
            date=any_date(child_text(element, "dateSubmitted")),
            note=text_of("\n\n".join(_plain(note) for note in notes if note)),
        )
        hints = Hints(
            title=title_of(child_text(element, "title")),
            description=line_of(child_text(element, "abstract"))[:2000],
            authors=_people(element),
            published=any_date(child_text(element, "date")),
            lang=child_text(element, "language"),
            tags=texts_of([e.text for e in element.iter() if local_name(e) == "subject" and e.text]),
            saved=saved,
        )
        page = _attached(source, element, subjects)
        if page is None:
            yield row_item(source, f"item {number}", url, hints)
        else:
            yield replace(page, url=page.url or url, hints=hints, member=source.at(f"item {number}"))


def _attached(source: Source, element: etree._Element, subjects: dict[str, etree._Element]) -> Capture | None:
    """The saved page of an item: its own file, or that of an attachment which no item of its own stands for."""
    attachments = [subjects[ref] for ref in _resources(element, "link") if ref in subjects]
    for each in (element, *attachments):
        for path in _resources(each, "path", "resource"):
            data = source.beside(path) if source.beside and path.lower().endswith(_SNAPSHOTS) else None
            if data and source.beside:
                folder = path.rpartition("/")[0]
                page = page_capture(data, source, url=_zotero_url(each))
                return replace(page, find_picture=partial(_in_folder, source.beside, folder))
    return None


def _in_folder(beside: FindPicture, folder: str, address: str) -> bytes | None:
    name = relative_name(address)
    return beside(f"{folder}/{name}") if name else None


def _resources(element: etree._Element, *names: str) -> Iterator[str]:
    for child in (child for name in names for child in children(element, name)):
        yield from (value for key, value in _items(child) if key.endswith("}resource"))


def _zotero_url(element: etree._Element) -> str:
    for identifier in children(element, "identifier"):
        for value in identifier.iter():
            if local_name(value) == "value" and (value.text or "").strip().startswith(("http://", "https://")):
                return (value.text or "").strip()
    return ""


def _items(element: etree._Element) -> list[tuple[str, str]]:
    return [(str(key), str(value)) for key, value in element.attrib.items()]


def _people(element: etree._Element) -> tuple[str, ...]:
    found = []
    for person in element.iter():
        if local_name(person) == "Person":
            parts = (child_text(person, "givenName", "givenname"), child_text(person, "surname"))
            found.append(" ".join(filter(None, parts)))
    return tuple(dict.fromkeys(filter(None, found)))


IMPORTERS = (
    Importer(name="zotero", rank=44, recognises=lambda head, name: _ZOTERO in head[:8192], items=_zotero_items),
    Importer(name="opml", rank=45, recognises=lambda head, name: bool(_OPML.search(head[:4000])), items=_opml_items),
    Importer(name="feed", rank=46, recognises=_recognises_feed, items=_feed_items),
)
