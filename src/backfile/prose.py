"""Markdown → HTML that can do nothing but be read.

Articles are CommonMark with pipe tables on a compiled engine; hand-written pages are Python-Markdown with its
extensions, which is what people expect who write pages by hand. Both pass the same allow-list sanitizer as the last
step: whatever wrote the Markdown, no script, handler, frame, form, style or remote load comes out. Nothing may change
the HTML after it.
"""

from __future__ import annotations

import html
import re
import threading
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import nh3
import pyromark

from backfile.config import EXTENSIONS
from backfile.limits import limits
from backfile.marks import marked, with_marks
from backfile.model import Figure
from backfile.paths import web_address

if TYPE_CHECKING:
    from markdown import Markdown

    from backfile.media.variants import Shown

_OPTIONS = pyromark.Options.ENABLE_TABLES
_TAGS = {
    *("p", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre", "code", "hr", "br"),
    *("em", "strong", "a", "img", "sup", "sub", "del", "ins", "mark", "abbr", "cite", "q", "kbd", "small"),
    *("table", "thead", "tbody", "tr", "th", "td", "caption", "dl", "dt", "dd", "div", "span"),
    *("figure", "figcaption", "ruby", "rt", "rp", "bdi", "bdo", "time"),
}
_ATTRIBUTES = {
    "a": {"href", "title", "hreflang", "data-originalurl", "data-versionurl", "data-versiondate"},
    "img": {"src", "srcset", "sizes", "alt", "title", "width", "height", "loading", "decoding"},
    "ol": {"start"},
    "th": {"colspan", "rowspan", "align"},
    "td": {"colspan", "rowspan", "align"},
    "time": {"datetime"},
    "*": {"id", "dir", "lang", "tabindex"},
}
_CLASSES = {
    "figure": {"absent"},
    "a": {"here", "live"},
    "span": {"caption", "credit", "original"},
    "div": {"scroll", "toc", "admonition", "footnote", "note", "warning", "tip"},
}
_GONE_WITH_CONTENT = {
    "script",
    "style",
    "svg",
    "math",
    "template",
    "noscript",
    "iframe",
    "object",
    "textarea",
    "title",
    "select",
    "xmp",
}
_OURS = r"(?:\.\./){0,20}media/[\w/-]{1,200}\.(?:webp|svg|gif|avif)"
_ADDRESSES = {
    "src": re.compile(_OURS, re.ASCII),
    "srcset": re.compile(rf"{_OURS} \d{{1,6}}w(?:, {_OURS} \d{{1,6}}w){{0,9}}", re.ASCII),
}


def _only_ours(tag: str, name: str, value: str) -> str | None:
    """No picture but the copies that a build makes, whatever the HTML in an article says, and no order of its own."""
    if name == "tabindex":
        return value if value == "0" and tag in ("pre", "div") else None
    pattern = _ADDRESSES.get(name) if tag == "img" else None
    return None if pattern and not pattern.fullmatch(value) else value


_CLEANER = nh3.Cleaner(
    tags=_TAGS,
    attributes=_ATTRIBUTES,
    allowed_classes=_CLASSES,
    clean_content_tags=_GONE_WITH_CONTENT,
    url_schemes={"http", "https", "mailto"},
    link_rel="nofollow noopener noreferrer",
    id_prefix="t-",
    attribute_filter=_only_ours,
)
_FIGURE = re.compile(r'<p><img src="([^"]*)" alt="([^"]*)"(?: title="([^"]*)")? /></p>')
_PICTURE = re.compile(r'<img src="([^"]*)" alt="([^"]*)"(?: title="[^"]*")? />')
_SIZES = "(max-width: 48rem) 100vw, 44rem"
_HEADING = re.compile(r"<(/?)h([1-6])(?=[ >])")
_BLOCK = re.compile(r"<(p|h[2-6])>(?=([^\n]{0,160}))")
_ANY_TAG = re.compile(r"<[^<>]*>?")
_LETTERS = re.compile(r"[^\W_]+")
_ANCHOR = 60
"""Letters of which an id is made."""
_LINK = re.compile(r'<a href="(https?://[^"]*)">((?:[^<]|<(?!/?a[ >]))*)</a>')
_STEP = re.compile(r"<(?:/|(?!img|br|hr)[a-z])")
"""Elements within elements: sanitizers and browsers take a time that grows with the square of their depth."""
_LOCAL_LINK = re.compile(r'(<a [^<>]{0,200}?href=")#(?!t-)')


@dataclass(frozen=True, kw_only=True, slots=True)
class Ours:
    """The archive's own copy of a page that an article links to."""

    path: str
    """From the page that links."""
    wayback: str
    date: str
    title: str


def article_html(
    markdown: str,
    figures: Sequence[Figure] = (),
    pictures: Mapping[str, Shown] | None = None,
    root: str = "",
    ours: Mapping[str, Ours] | None = None,
    highlights: Sequence[str] = (),
) -> str:
    """The body of an article as safe HTML.

    `figures` gives the credits of its pictures, `pictures` those that the archive has by their address (`media/…`),
    `root` leads from the page to the site's root, and `ours` has the copies to which links lead instead of the web.
    `highlights` are passages to be marked.
    """
    known = {name: figure for figure in figures for name in (figure.file, figure.url) if name}
    there = pictures or {}
    rendered = _in_steps(pyromark.html(with_marks(markdown, highlights), options=_OPTIONS))
    if _too_deep(rendered):
        return f"<pre>{html.escape(markdown)}</pre>"
    rendered = _with_anchors(rendered)  # before what depends on the rest of the archive
    if ours:
        rendered = _LINK.sub(lambda found: _to_our_copy(found, ours), rendered)
    with_figures = _FIGURE.sub(lambda found: _figure(found, known, there, root), rendered)
    whole = _PICTURE.sub(lambda found: _inline_picture(found, there, root), with_figures)
    return _CLEANER.clean(marked(_scrollable(whole), markdown))


def page_html(markdown: str, extensions: tuple[str, ...] = EXTENSIONS) -> str:
    """A hand-written page as safe HTML."""
    engine = _python_markdown(extensions, threading.get_ident())
    engine.reset()
    try:
        rendered = _in_steps(engine.convert(with_marks(markdown)))
    except RecursionError:  # what it was at is still in the engine
        _python_markdown.cache_clear()
        rendered = ""
    if _too_deep(rendered) or (markdown.strip() and not rendered):
        return f"<pre>{html.escape(markdown)}</pre>"
    return _CLEANER.clean(marked(_LOCAL_LINK.sub(r"\1#t-", _scrollable(rendered)), markdown))


def _scrollable(rendered: str) -> str:
    """Tables and code that may be wider than a screen can be reached, and so moved, by keyboard."""
    if "<table>" in rendered:
        framed = rendered.replace("<table>", '<div class="scroll" tabindex="0"><table>')
        rendered = framed.replace("</table>", "</table></div>")
    return rendered.replace("<pre>", '<pre tabindex="0">')


def _too_deep(rendered: str) -> bool:
    """Whether elements stand so deep in each other that the text had better be shown as it was written."""
    depth, most = 0, limits().nesting
    for found in _STEP.finditer(rendered) if rendered.count("<") > most else ():
        depth += -1 if found[0] == "</" else 1
        if depth > most:
            return True
    return False


def _in_steps(rendered: str) -> str:
    """Headings below the page's own, none of which skips a level: readers by ear find their way by them."""
    level = 1

    def step(found: re.Match[str]) -> str:
        nonlocal level
        if not found[1]:
            level = min(max(int(found[2]), 2), level + 1)
        return f"<{found[1]}h{level}"

    return _HEADING.sub(step, rendered)


def _with_anchors(rendered: str) -> str:
    """Paragraphs and headings with ids made from the letters they begin with, so that they outlive a new cleaning."""
    seen: dict[int, int] = {}

    def anchor(found: re.Match[str]) -> str:
        name, opening = found.groups()
        if "<" in opening:
            opening = _ANY_TAG.sub("", opening.partition(f"</{name}>")[0])
        letters = "".join(_LETTERS.findall(opening[:80]))
        if len(letters) < _ANCHOR:
            letters = "".join(_LETTERS.findall(opening))
        if not letters:
            return found[0]
        digest = zlib.crc32(letters.casefold()[:_ANCHOR].encode("utf-8", "surrogatepass"))
        seen[digest] = count = seen.get(digest, 0) + 1
        return f'<{name} id="{digest:x}{f".{count}" if count > 1 else ""}">'

    return _BLOCK.sub(anchor, rendered)


def figure_html(figure: Figure, pictures: Mapping[str, Shown] | None = None, root: str = "") -> str:
    """A figure as HTML; a picture that is not in the archive shows as its caption and a link to where it stood."""
    words = "".join(
        f'<span class="{kind}">{html.escape(text)}</span> '
        for kind, text in (("caption", figure.caption), ("credit", figure.credit))
        if text
    )
    alt, there = html.escape(figure.alt), (pictures or {}).get(figure.file)
    if there:
        inner = picture_html(there, alt, root)
        return f"<figure>{inner}{f'<figcaption>{words.strip()}</figcaption>' if words else ''}</figure>"
    source = html.escape(web_address(figure.url))
    label = words or (f'<span class="caption">{alt}</span> ' if alt else "")
    where = f'<span class="original"><a href="{source}">{html.escape(_host(figure.url))}</a></span>' if source else ""
    return f'<figure class="absent"><figcaption>{label}{where}</figcaption></figure>' if label or where else ""


def _to_our_copy(found: re.Match[str], ours: Mapping[str, Ours]) -> str:
    """A link to our copy, with the live and the archived address beside it and in the attributes of Robust Links.

    Specification: robustlinks.mementoweb.org/spec.
    """
    url = html.unescape(found[1])
    copy = ours.get(url)
    if not copy:
        return found[0]
    live, wayback, title = html.escape(url), html.escape(copy.wayback), html.escape(copy.title)
    date = f' data-versiondate="{copy.date}"' if copy.date else ""
    robust = f'data-originalurl="{live}" data-versionurl="{wayback}"{date}'
    beside = f'<sup><a class="live" href="{live}">↗</a> <a class="live" href="{wayback}">⟲</a></sup>'
    return f'<a class="here" href="{copy.path}" title="{title}" {robust}>{found[2]}</a>{beside}'


def picture_html(picture: Shown, alt: str, root: str) -> str:
    """A picture in as many widths as there are; `alt` is HTML."""
    copies = [(f"{root}{path}", width) for path, width in picture.copies]
    several = f' srcset="{", ".join(f"{path} {width}w" for path, width in copies)}" sizes="{_SIZES}"'
    size = f'width="{picture.width}" height="{picture.height}" loading="lazy" decoding="async"'
    return f'<img src="{copies[-1][0]}"{several if len(copies) > 1 else ""} alt="{alt}" {size}>'


def _figure(found: re.Match[str], known: Mapping[str, Figure], pictures: Mapping[str, Shown], root: str) -> str:
    url, alt, caption = (html.unescape(part or "") for part in found.groups())
    figure = known.get(url, Figure(url=url))
    return figure_html(Figure(url=figure.url, file=url, alt=alt, caption=caption, credit=figure.credit), pictures, root)


def _inline_picture(found: re.Match[str], pictures: Mapping[str, Shown], root: str) -> str:
    url, alt = found.groups()
    there = pictures.get(html.unescape(url))
    if there:
        return picture_html(there, alt, root)
    address = html.escape(web_address(html.unescape(url)))
    return f'<a href="{address}">{alt or address}</a>' if address else alt


def _host(url: str) -> str:
    return url.split("/")[2] if url.count("/") > 2 else url


@lru_cache(8)
def _python_markdown(extensions: tuple[str, ...], thread: int) -> Markdown:
    """An engine of the thread's own: it remembers what it is at."""
    from markdown import Markdown  # only sites with hand-written pages pay for it

    return Markdown(extensions=list(extensions), output_format="html")
