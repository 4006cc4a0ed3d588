"""Rows → one file a part: JSON lines, Parquet, or a folder's worth of Markdown as a ZIP file.

Every row has the same columns, in this order; what is not known is empty (`""`, `[]`), never left out:

    id           16 hex digits of the capture: the same page saved twice has one id
    source       address of the file it was read from
    member       where in it: a WARC record's id, an archive's member, a row
    url          the article's own address
    captured     ISO 8601, as precise as the capture says
    title, description, section, publisher, lang, kind, access
    published, modified      ISO 8601, as precise as the page says
    authors, agencies, tags  lists of text
    text         plain, one paragraph a line
    markdown     CommonMark
    figures      list of {url, caption, credit, alt}
    confidence   0 to 1: how sure the cleaner is of the body
    version      of the cleaner
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from backfile.markdown import dump_article
from backfile.model import Capture, Cleaned
from backfile.paths import slug
from backfile.report import SiteError
from backfile.version import __version__

Write = Callable[[Capture, Cleaned], None]
"""Adds a row."""

_GROUP = 500
"""Rows that Parquet keeps together, and that are in memory at once."""
_TEXTS = ("id", "source", "member", "url", "captured", "title", "description", "section", "publisher")
_MORE_TEXTS = ("lang", "kind", "access", "published", "modified")
_LISTS = ("authors", "agencies", "tags")
_FIGURE = ("url", "caption", "credit", "alt")


def row_of(capture: Capture, cleaned: Cleaned) -> dict[str, Any]:
    """The row of an article."""
    article = cleaned.article
    return {
        "id": cleaned.receipt.id,
        "source": capture.origin,
        "member": capture.member,
        "url": article.url,
        "captured": article.captured,
        **{name: getattr(article, name) for name in (*_TEXTS[5:], *_MORE_TEXTS)},
        **{name: list(getattr(article, name)) for name in _LISTS},
        "text": cleaned.text,
        "markdown": article.body,
        "figures": [{name: getattr(figure, name) for name in _FIGURE} for figure in article.figures],
        "confidence": cleaned.receipt.confidence,
        "version": __version__,
    }


@contextmanager
def jsonl_writer(path: Path) -> Iterator[Write]:
    """One JSON object a line, in UTF-8."""
    with path.open("wb") as file:
        yield lambda capture, cleaned: _ignore(file.write(msgspec.json.encode(row_of(capture, cleaned)) + b"\n"))


@contextmanager
def parquet_writer(path: Path) -> Iterator[Write]:
    """A Parquet file compressed by Zstandard. Raises SiteError where pyarrow is missing."""
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise SiteError("Parquet takes pyarrow. Install it: pip install 'backfile[extract]'") from error
    text, texts = pa.string(), pa.list_(pa.string())
    schema = pa.schema(
        [
            *((name, text) for name in (*_TEXTS, *_MORE_TEXTS)),
            *((name, texts) for name in _LISTS),
            ("text", text),
            ("markdown", text),
            ("figures", pa.list_(pa.struct([(name, text) for name in _FIGURE]))),
            ("confidence", pa.float64()),
            ("version", text),
        ]
    )
    rows: list[dict[str, Any]] = []
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:

        def write(capture: Capture, cleaned: Cleaned) -> None:
            rows.append(row_of(capture, cleaned))
            if len(rows) == _GROUP:
                flush()

        def flush() -> None:
            writer.write_table(pa.Table.from_pylist(rows, schema))
            rows.clear()

        yield write
        if rows:
            flush()


@contextmanager
def markdown_writer(path: Path) -> Iterator[Write]:
    """The `.md` files as an archive would have them, in a ZIP file: a store of objects has few large ones then."""
    there: set[str] = set()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as folder:

        def write(capture: Capture, cleaned: Cleaned) -> None:
            name = f"{slug(cleaned.article.title)}-{cleaned.receipt.id}.md"
            if name in there:  # the same capture once more
                return
            there.add(name)
            info = zipfile.ZipInfo(name)  # with no time of writing: the same input gives the same bytes
            info.compress_type = zipfile.ZIP_DEFLATED
            folder.writestr(info, dump_article(cleaned.article).encode("utf-8", "surrogatepass"))

        yield write


def _ignore(_: object) -> None:
    """For a writer that gives back what nobody asks for."""


FORMATS = {
    "jsonl": (jsonl_writer, ".jsonl"),
    "parquet": (parquet_writer, ".parquet"),
    "markdown": (markdown_writer, ".zip"),
}
"""Name → (writer, ending)."""
