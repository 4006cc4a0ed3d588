"""The recipe for a saved web page, top to bottom: bytes → tree → blocks → body → article and receipt."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from bs4 import Tag

from backfile.clean.blocks import HIDDEN, PageBlocks, TextBlock, page_blocks
from backfile.clean.body.choose import choose_body
from backfile.clean.body.cut import cut
from backfile.clean.body.features import Anchors
from backfile.clean.convert import to_blocks
from backfile.clean.figures import lead_figure, take_figures
from backfile.clean.identity import capture_id
from backfile.clean.metadata import read_metadata
from backfile.clean.page import parse_page
from backfile.model import Article, Block, Capture, Cleaned, CleanOptions, PageMetadata, Receipt, Removal
from backfile.version import __version__


def clean_html(capture: Capture, options: CleanOptions) -> Cleaned:
    """The article on a saved page. Never raises for what the page says."""
    parsed = parse_page(capture.data, capture.charset)
    found = read_metadata(parsed.tree, url=capture.url, captured=capture.captured)
    page = page_blocks(parsed.tree)
    anchors = Anchors(title=found.title, description=found.description, article_body=found.article_body)
    chosen, likely = choose_body(page, anchors)
    root = cut(page, chosen)
    figures = take_figures(root, found.url or capture.url, found.image)
    first = next((x.slots[0][0] for x, yes in zip(page.blocks, chosen, strict=True) if yes), None)
    header = lead_figure(first, figures.figures, found.image, found.url or capture.url)
    blocks = to_blocks(root, found.url or capture.url)
    removed = (*_outside(page, chosen), *figures.removed)
    sure = [p for p, yes in zip(likely, chosen, strict=True) if yes]
    identity = capture_id(capture)
    article = Article(
        title=found.title,
        description=found.description,
        authors=found.authors,
        agencies=found.agencies,
        published=found.published,
        modified=found.modified,
        lang=found.lang,
        section=found.section,
        tags=found.tags,
        publisher=found.publisher,
        url=found.url or capture.url,
        captured=capture.captured,
        kind=found.kind,
        access=found.access,
        figures=(*header, *figures.figures),
        id=identity,
        original=f"{capture.origin}#{capture.member}" if capture.member else capture.origin,
        cleaned_by=__version__,
        body="\n\n".join(block.markdown for block in blocks),
    )
    receipt = Receipt(
        id=identity,
        origin=capture.origin,
        member=capture.member,
        sha256=hashlib.sha256(capture.data).hexdigest(),
        size=len(capture.data),
        media_type=capture.media_type,
        encoding=parsed.encoding,
        url=capture.url,
        captured=capture.captured,
        cleaned_by=__version__,
        confidence=round(sum(sure) / len(sure), 3) if sure else 0.0,
        candidates=found.candidates,
        removed=removed,
    )
    return Cleaned(article=article, receipt=receipt, text=_text(blocks), refusal="" if sure else "no article text found")


def _text(blocks: Sequence[Block]) -> str:
    return "\n".join(block.text for block in blocks if block.text)


def _outside(page: PageBlocks, chosen: Sequence[bool]) -> list[Removal]:
    return [
        Removal(step="outside", reason="not the article", text=x.text)
        for x, yes in zip(page.blocks, chosen, strict=True)
        if not yes and not x.flags & HIDDEN
    ]
