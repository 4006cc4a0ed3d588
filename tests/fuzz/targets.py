"""What is fuzzed: functions that take any bytes, and fail where a law is broken or an error escapes."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from itertools import islice

import lxml.html

from backfile.importers import find_importer
from backfile.importers.base import Source
from backfile.markdown import dump_article, load_article
from backfile.model import Capture, CleanOptions
from backfile.prose import article_html, page_html
from backfile.report import FrontMatterError, ReadError
from backfile.saving import clean

_NAMES = ("page.html", "page.mhtml", "list.csv", "export.json", "feed.xml", "note.md", "mail.mbox", "archive.zip", "x")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_SCHEME = re.compile(r"[\x00-\x20]*([a-z][a-z0-9+.-]*):", re.IGNORECASE)


def importers(data: bytes) -> None:
    """Any file gives items, or one clear error."""
    name, data = _NAMES[data[0] % len(_NAMES)] if data else "x", data[1:]
    try:
        importer, source = find_importer(Source(name=name, origin=name, open=lambda: io.BytesIO(data)))
        for _ in islice(importer.items(source), 10_000):
            pass
    except (ReadError, OSError):
        pass


def cleaner(data: bytes) -> None:
    """Any page gives an article that its file's text gives back."""
    kind = "text/html" if not data or data[0] % 4 else "text/plain"
    cleaned = clean(Capture(data=data[1:], media_type=kind, url="https://a.example/b"), CleanOptions())
    _round_trip(dump_article(cleaned.article))


def front_matter(data: bytes) -> None:
    """Any text is an article whose text gives it back, or one clear error."""
    text = data.decode("utf-8", "replace")
    _round_trip(text if text.startswith("---") else f"---\n{text}\n---\n")


def markdown_to_html(data: bytes) -> None:
    """Any Markdown gives HTML that can do nothing."""
    text = data.decode("utf-8", "replace")
    for render in (article_html, page_html):
        _harmless(render(text))


def _round_trip(text: str) -> None:
    try:
        article = load_article(text).article
    except FrontMatterError:
        return
    assert load_article(dump_article(article)).article == article


def _harmless(html: str) -> None:
    for element in lxml.html.fragment_fromstring(_CONTROLS.sub("\ufffd", html), create_parent="div").iter("*"):
        assert element.tag not in (
            "script",
            "style",
            "iframe",
            "object",
            "embed",
            "form",
            "svg",
            "math",
            "base",
            "meta",
        )
        for name, value in element.items():
            assert not name.lower().startswith("on"), name
            scheme = _SCHEME.match(value) if name in ("href", "src") else None
            assert not scheme or scheme[1].lower() in ("http", "https", "mailto"), value


TARGETS: dict[str, Callable[[bytes], None]] = {
    "importers": importers,
    "cleaner": cleaner,
    "front_matter": front_matter,
    "markdown_to_html": markdown_to_html,
}
