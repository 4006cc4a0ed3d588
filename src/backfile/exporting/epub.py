"""An EPUB 3.3 book of articles, oldest first (W3C Recommendation "EPUB 3.3"; the container is OCF)."""

from __future__ import annotations

import html
import mimetypes
import uuid
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from lxml import etree
from lxml.html import fragment_fromstring

from backfile.dates import day, instant
from backfile.exporting.base import Exporter, Item, Job
from backfile.model import Article
from backfile.prose import article_html

_CONTAINER = """<?xml version="1.0" encoding="utf-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="book/book.opf" media-type="application/oebps-package+xml"/></rootfiles>
</container>
"""
_STYLE = (
    "body{line-height:1.5}figure{margin:1em 0}figcaption,.meta{font-size:.85em;color:#555}.standfirst{font-weight:600}"
)
_PAGE = """<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" lang="{lang}" xml:lang="{lang}">
<head><title>{title}</title><link rel="stylesheet" type="text/css" href="style.css"/></head>
<body>{body}</body>
</html>
"""
_EPOCH = (1980, 1, 1, 0, 0, 0)
_PICTURES = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp", "image/svg+xml"})


def _write(items: Iterator[Item], job: Job) -> None:
    config = job.site.config
    chapters = sorted(items, key=lambda item: (instant(item.article.published) or "9", item.source))
    media = job.site.root / "content" / "media"
    pictures: set[str] = set()
    with zipfile.ZipFile(job.out, "x", zipfile.ZIP_DEFLATED) as book:
        book.writestr(zipfile.ZipInfo("mimetype", _EPOCH), "application/epub+zip", zipfile.ZIP_STORED)
        _put(book, "META-INF/container.xml", _CONTAINER)
        _put(book, "book/style.css", _STYLE)
        for n, item in enumerate(chapters):
            body, used = _body(item.article, media)
            pictures |= used
            _put(book, f"book/{n}.xhtml", _page(item.article.title or "Untitled", item.article.lang, body))
        for name in sorted(pictures):
            book.writestr(zipfile.ZipInfo(f"book/media/{name}", _EPOCH), (media / name).read_bytes())
        _put(book, "book/nav.xhtml", _page(config.title, config.language, _contents(chapters)))
        _put(book, "book/book.opf", _package(config.title, config.language, chapters, pictures))


def _put(book: zipfile.ZipFile, name: str, text: str) -> None:
    book.writestr(zipfile.ZipInfo(name, _EPOCH), text.encode("utf-8", "replace"), zipfile.ZIP_DEFLATED)


def _page(title: str, lang: str, body: str) -> str:
    return _PAGE.format(title=html.escape(title), lang=html.escape(lang or "und"), body=body)


def _body(article: Article, media: Path) -> tuple[str, set[str]]:
    """A chapter as XHTML, and the names of the pictures in it."""
    names = ", ".join((*article.authors, *article.agencies))
    facts = " · ".join(filter(None, (names, article.publisher, article.published[:10])))
    head = f"<h1>{html.escape(article.title or 'Untitled')}</h1>"
    head += f'<p class="standfirst">{html.escape(article.description)}</p>' if article.standfirst else ""
    head += f'<p class="meta">{html.escape(facts)}</p>' if facts else ""
    tree = fragment_fromstring(f"<div>{head}{article_html(article.body)}</div>")
    used: set[str] = set()
    for picture in list(tree.iter("img")):
        name = picture.get("src", "").rpartition("media/")[2]
        file = media / name
        if name and file.is_file() and file.resolve().is_relative_to(media.resolve()) and _type(name) in _PICTURES:
            picture.set("src", f"media/{name}")
            for attribute in ("srcset", "sizes", "loading"):
                picture.attrib.pop(attribute, None)
            used.add(name)
        else:
            picture.drop_tree()
    if article.url:
        link = etree.SubElement(etree.SubElement(tree, "p", {"class": "meta"}), "a", href=article.url)
        link.text = article.url
    return etree.tostring(tree, encoding="unicode", method="xml"), used


def _contents(chapters: list[Item]) -> str:
    rows = "".join(
        f'<li><a href="{n}.xhtml">{html.escape(item.article.title or "Untitled")}</a></li>'
        for n, item in enumerate(chapters)
    )
    return f'<nav epub:type="toc"><ol>{rows}</ol></nav>'


def _package(title: str, lang: str, chapters: list[Item], pictures: set[str]) -> str:
    newest = max((day(item.article.published) for item in chapters), default="") or "1970-01-01"
    name = uuid.uuid5(uuid.NAMESPACE_URL, "\n".join([title, *(item.source for item in chapters)]))
    moment = datetime.fromisoformat(newest).replace(tzinfo=UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    entries = ['<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>']
    entries.append('<item id="style" href="style.css" media-type="text/css"/>')
    entries += [f'<item id="c{n}" href="{n}.xhtml" media-type="application/xhtml+xml"/>' for n in range(len(chapters))]
    entries += [
        f'<item id="p{n}" href="media/{html.escape(picture)}" media-type="{_type(picture)}"/>'
        for n, picture in enumerate(sorted(pictures))
    ]
    spine = "".join(f'<itemref idref="c{n}"/>' for n in range(len(chapters)))
    return f"""<?xml version="1.0" encoding="utf-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id" xml:lang="{html.escape(lang)}">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:identifier id="id">urn:uuid:{name}</dc:identifier>
<dc:title>{html.escape(title)}</dc:title>
<dc:language>{html.escape(lang)}</dc:language>
<meta property="dcterms:modified">{moment}</meta>
</metadata>
<manifest>{"".join(entries)}</manifest>
<spine><itemref idref="nav"/>{spine}</spine>
</package>
"""


def _type(name: str) -> str:
    return mimetypes.guess_type(name)[0] or "application/octet-stream"


EXPORTER = Exporter(name="epub", folder=False, write=_write)
