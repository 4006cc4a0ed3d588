"""Articles with the pictures that were found for them: the text and the figures name files of the archive."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from backfile.commonmark import destination
from backfile.media.copies import Copy
from backfile.media.store import Stored
from backfile.model import Article, Cleaned, Figure, FindPicture, Removal
from backfile.paths import web_address

PICTURES = 100
"""Of one article; more are left where they are."""
TOTAL = 48 << 20
"""Bytes of the pictures of one article."""

NO_ADDRESS = "#"
"""Stands in the text for a picture of which nothing but the words is there."""

_ICON = 100
"""Pixels: what is no wider and no higher, and has no words of its own, is an icon, an avatar or a tracking pixel."""
_THREAD = 8
"""Pixels: what is no wider or no higher is a rule, a spacer or a tracking pixel."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """The bytes of a figure's picture, or its `data:` address."""

    figure: int
    """Which of the article's figures."""
    copy: Copy
    data: bytes | str


def find_pictures(
    figures: Sequence[Figure], copies: Mapping[str, tuple[Copy, ...]], find: FindPicture | None
) -> list[Found]:
    """The best copy that is there of each figure's picture, within bounds."""
    from backfile.media.check import may_be_picture  # with Pillow, which most files do without

    found: list[Found] = []
    total = 0
    for number, figure in enumerate(figures[:PICTURES]):
        for copy in copies.get(figure.url, ()):
            data = copy.written if copy.written.startswith("data:") else _look(copy, find)
            if data and (isinstance(data, str) or may_be_picture(data)):
                total += len(data)
                if total <= TOTAL:
                    found.append(Found(figure=number, copy=copy, data=data))
                break
    return found


def _look(copy: Copy, find: FindPicture | None) -> bytes | None:
    if find is None:
        return None
    return find(copy.written) or (find(copy.address) if copy.address != copy.written else None)


def with_pictures(
    cleaned: Cleaned, copies: Mapping[str, tuple[Copy, ...]], found: Sequence[Found], stored: Sequence[Stored]
) -> Cleaned:
    """A cleaned capture whose article names its pictures' files; icons and tracking pixels are taken out."""
    article = cleaned.article
    figures = list(article.figures)
    body = article.body
    removed: list[Removal] = []
    dropped: set[int] = set()
    for each, kept in zip(found, stored, strict=True):
        figure = figures[each.figure]
        if kept.file and _is_icon(figure, kept):
            dropped.add(each.figure)
            body = without_picture(body, figure.url)
            what = f"a picture of {kept.width} × {kept.height} pixels"
            removed.append(Removal(step="pictures", reason=what, text=figure.alt))
        elif kept.file:
            body = with_address(body, figure.url, kept.file)
            url = _web_original(figure.url, copies.get(figure.url, ()), each.copy)
            figures[each.figure] = replace(figure, url=url, file=kept.file)
    rest = tuple(_without_bytes(figure) for n, figure in enumerate(figures) if n not in dropped)
    for figure in article.figures:
        if figure.url.startswith("data:"):
            body = with_address(body, figure.url, NO_ADDRESS)
    receipt = replace(cleaned.receipt, removed=(*cleaned.receipt.removed, *removed))
    return replace(cleaned, article=replace(article, figures=rest, body=body), receipt=receipt)


def _is_icon(figure: Figure, kept: Stored) -> bool:
    if min(kept.width, kept.height) <= _THREAD:
        return not figure.caption
    return max(kept.width, kept.height) <= _ICON and not (figure.caption or figure.credit)


def _without_bytes(figure: Figure) -> Figure:
    """A figure without a picture that was in its address and could not be kept."""
    return replace(figure, url="") if figure.url.startswith("data:") else figure


def _web_original(url: str, copies: Sequence[Copy], used: Copy) -> str:
    """Where the picture stood on the web: not where a file beside the page would stand, had the page been there."""
    candidates = [Copy(used.written, used.address), *copies]
    for copy in candidates:
        if copy.written.startswith(("http://", "https://", "//")) and web_address(copy.address):
            return copy.address
    made_absolute = any(copy.address == url for copy in copies) and _is_beside(used)
    return "" if made_absolute or not web_address(url) else url


def _is_beside(copy: Copy) -> bool:
    return not copy.written.startswith("/") and ":" not in copy.written.partition("/")[0]


def with_files_of(article: Article, known: Article) -> Article:
    """An article with the files that another text of it names for the same addresses: pictures that were fetched."""
    files = {figure.url: figure.file for figure in known.figures if figure.url and figure.file}
    body = article.body
    for figure in article.figures:
        if not figure.file and figure.url in files:
            body = with_address(body, figure.url, files[figure.url])
    figures = tuple(replace(f, file=f.file or files.get(f.url, "")) for f in article.figures)
    return replace(article, body=body, figures=figures)


def with_address(body: str, url: str, file: str) -> str:
    """A Markdown text in which the pictures at an address are those of another."""
    if not url:
        return body
    return re.sub(rf"(!\[(?:[^\[\]\\\n]|\\.)*\]\(){re.escape(destination(url))}(?=[ )])", rf"\g<1>{file}", body)


def without_picture(body: str, url: str) -> str:
    """A Markdown text without the paragraphs that are the picture at an address."""
    start = re.compile(rf"!\[(?:[^\[\]\\\n]|\\.)*\]\({re.escape(destination(url))}[ )]")
    return "\n\n".join(part for part in body.split("\n\n") if not start.match(part))
