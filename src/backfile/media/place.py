"""Articles with the pictures that were found for them: the text and the figures name files of the archive."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from backfile.commonmark import destination
from backfile.limits import limits
from backfile.media.copies import Copy
from backfile.media.store import Stored
from backfile.model import Article, Cleaned, Figure, FindPicture, Removal
from backfile.paths import web_address

NO_ADDRESS = "#"
"""Stands in the text for a picture of which nothing but the words is there."""

_ICON = 100
"""Pixels: what is no wider and no higher, and has no words of its own, is an icon, an avatar or a tracking pixel."""
_WORDS = re.compile(r"!\[(?:[^\[\]\\\n]|\\.)*\]\(")
_HERE = "\0picture\0"
_AT_HERE = re.compile(rf"({_WORDS.pattern}){_HERE}(?=[ )])")
_TOLD = 3
_SHOWN = 100
_THREAD = 8
"""Pixels: what is no wider or no higher is a rule, a spacer or a tracking pixel."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """The bytes of a figure's picture, or its `data:` address."""

    figure: int
    """Which of the article's figures."""
    copy: Copy
    data: bytes | str
    """Nothing where it is not to be kept."""
    why: str = ""
    """Why it is not."""


def find_pictures(
    figures: Sequence[Figure], copies: Mapping[str, tuple[Copy, ...]], find: FindPicture | None
) -> list[Found]:
    """The best copy that is there of each figure's picture, within bounds."""
    from backfile.media.check import may_be_picture  # with Pillow, which most files do without

    found: list[Found] = []
    total = 0
    for number, figure in enumerate(figures[: limits().pictures]):
        other: Copy | None = None
        reason = "no picture that browsers show"
        for copy in copies.get(figure.url, ()):
            try:
                data = copy.written if copy.written.startswith("data:") else _look(copy, find)
            except OSError as error:
                other, reason = copy, f"cannot be read ({error.strerror}); `backfile reclean` looks for it again"
                continue
            if data and (isinstance(data, str) or may_be_picture(data)):
                total += len(data)
                small = total <= limits().pictures_mb << 20
                why = "" if small else f"all pictures of the page are larger than {limits().pictures_mb} MB"
                found.append(Found(figure=number, copy=copy, data=data if small else b"", why=why))
                break
            other = copy if data else other
        else:
            if other:
                found.append(Found(figure=number, copy=other, data=b"", why=reason))
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
    unkept: list[str] = []
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
        else:
            unkept.append(f"{_shown(each.copy)} is not kept: {each.why or kept.why}")
    rest = tuple(_without_bytes(figure) for n, figure in enumerate(figures) if n not in dropped)
    for figure in article.figures:
        if figure.url.startswith("data:"):
            body = with_address(body, figure.url, NO_ADDRESS)
    receipt = replace(cleaned.receipt, removed=(*cleaned.receipt.removed, *removed))
    article = replace(article, figures=rest, body=body)
    return replace(cleaned, article=article, receipt=receipt, warnings=(*cleaned.warnings, *_told(unkept)))


def _shown(copy: Copy) -> str:
    return "a picture in the page" if copy.written.startswith("data:") else f"the picture {copy.written[:_SHOWN]}"


def _told(unkept: Sequence[str]) -> Iterator[str]:
    """The first few, and how many more there are."""
    yield from unkept[:_TOLD]
    if len(unkept) > _TOLD:
        yield f"{len(unkept) - _TOLD:,} more pictures are not kept"


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
    marked = body.replace(destination(url), _HERE)  # an address may be a picture of many megabytes: no pattern holds it
    return _AT_HERE.sub(rf"\g<1>{file}", marked).replace(_HERE, destination(url))


def without_picture(body: str, url: str) -> str:
    """A Markdown text without the paragraphs that are the picture at an address."""
    address = destination(url)
    return "\n\n".join(part for part in body.split("\n\n") if not _starts_with_picture(part, address))


def _starts_with_picture(text: str, address: str) -> bool:
    words = _WORDS.match(text)
    return bool(words) and text.startswith((f"{address} ", f"{address})"), words.end() if words else 0)
