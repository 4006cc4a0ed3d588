"""Markdown notes, as a web clipper saves them: front matter read as fields, the body kept as it is."""

from __future__ import annotations

import re
from dataclasses import replace

from backfile.cleaning.identity import capture_id, capture_receipt
from backfile.cleaning.language import detect_language
from backfile.cleaning.text.decode import Decoded
from backfile.markdown import Loaded, load_article
from backfile.model import Article, Capture, Cleaned
from backfile.report import FrontMatterError
from backfile.version import __version__

_MARKUP = re.compile(r"^(?:#{1,6} +|> ?|[-*+] +|\d+\. +)+|(?<!!)\[([^\[\]]*)\]\([^()\s]*\)|\*\*|__|`", re.M)
_PICTURE = re.compile(r"!\[[^\[\]]*\]\([^()]*\)")
_WIKI = re.compile(r"^\[\[(.*)\]\]$")


def clean_note(capture: Capture, decoded: Decoded) -> Cleaned:
    """The article that a note holds. Nothing is removed: whoever made the note chose its text."""
    loaded = _load(decoded.text)
    said = loaded.article
    text = _plain(said.body)
    article = replace(
        said,
        authors=tuple(_WIKI.sub(r"\1", name) for name in said.authors),
        standfirst=False,
        lang=said.lang or detect_language(text),
        url=said.url or capture.url,
        captured=said.captured or capture.captured,
        id=capture_id(capture),
        original=f"{capture.origin}#{capture.member}" if capture.member else capture.origin,
        cleaned_by=__version__,
    )
    receipt = replace(
        capture_receipt(capture, decoded.encoding),
        url=article.url,
        captured=article.captured,
        confidence=1.0 if text else 0.0,
    )
    return Cleaned(article=article, receipt=receipt, text=text, refusal="" if text else "the note is empty")


def _load(text: str) -> Loaded:
    try:
        return load_article(text)
    except FrontMatterError as problem:
        return Loaded(article=Article(title="", body=text.strip()), warnings=(str(problem),))


def _plain(body: str) -> str:
    """The body without its markup, one paragraph a line."""
    lines = (_MARKUP.sub(r"\1", _PICTURE.sub("", line)).strip() for line in body.split("\n"))
    return "\n".join(line for line in lines if line)
