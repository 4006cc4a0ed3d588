"""A sentence of an article with all that it takes to find it again and to show that it stood there."""

from __future__ import annotations

import hashlib
import html
import re
from dataclasses import dataclass
from pathlib import Path

from backfile.choices import body_blocks, plain_text
from backfile.citation import plain
from backfile.dates import day
from backfile.markdown import load_article
from backfile.model import Article
from backfile.paths import article_output, url_path, web_address
from backfile.prose import article_html
from backfile.receipts import read_receipt
from backfile.report import ReadError

_BETWEEN = re.compile(r"(?<=[.!?…])\s+|(?<=[.!?…][\"'”’»)\]])\s+|(?<=[。！？])(?![”’」』）])|(?<=[。！？][”’」』）])")
"""Between two sentences; a full stop inside a number or an address is none."""
_ANCHORED = re.compile(r'<(p|h[2-6]) id="([^"]+)"[^<>]*>(.*?)</\1>', re.DOTALL)
_TAG = re.compile(r"<[^<>]*>")


@dataclass(frozen=True, kw_only=True, slots=True)
class Quotation:
    """What `backfile cite` tells. Fields that nothing is known of are empty."""

    sentence: str
    citation: str
    published: str
    saved: str
    original: str
    archived: str
    """Where the Wayback Machine keeps the page, near the day of publication."""
    page: str
    """The archive's page with the paragraph: an address where the site has one, else a path below `build/`."""
    sha256: str
    """Of the saved original's bytes."""
    sha256_of_text: str
    """Of the article's file."""


def quotation(articles: Path, receipts: Path, source: str, words: str, address: str) -> Quotation:
    """The sentence of an article that holds these words. Raises ReadError where none does, or several do."""
    data = (articles / source).read_bytes()
    article = load_article(data.decode("utf-8", "replace")).article
    sentence = _sentence(article, words)
    receipt = read_receipt(receipts, article.id) if article.id else None
    original = web_address(article.url)
    anchor = _anchor(article, sentence)
    return Quotation(
        sentence=sentence,
        citation=plain(article),
        published=article.published,
        saved=article.captured,
        original=original,
        archived=f"https://web.archive.org/web/{day(article.published).replace('-', '') or '*'}/{original}"
        if original
        else "",
        page=f"{address}{url_path(article_output(source))}{f'#{anchor}' if anchor else ''}",
        sha256=receipt.sha256 if receipt else "",
        sha256_of_text=hashlib.sha256(data).hexdigest(),
    )


def _sentence(article: Article, words: str) -> str:
    wanted = " ".join(words.split())
    found = [
        sentence
        for block in body_blocks(article.body)
        for sentence in _BETWEEN.split(plain_text(block))
        if wanted and wanted in sentence
    ]
    if len(found) == 1:
        return found[0]
    where = f"in {len(found)} sentences of" if found else "in no sentence of"
    raise ReadError(f"“{wanted[:60]}” stands {where} the article. Give words as they stand in one sentence")


def _anchor(article: Article, sentence: str) -> str:
    for _, anchor, inner in _ANCHORED.findall(article_html(article.body, article.figures)):
        if sentence in " ".join(html.unescape(_TAG.sub("", inner)).split()):
            return str(anchor)
    return ""
