"""A Pelican site's content: a header of lines. https://docs.getpelican.com/en/latest/content.html"""

from __future__ import annotations

from collections.abc import Iterator

from backfile.exporting.base import Exporter, Item, Job, flat_name, put, put_media
from backfile.model import Article


def _write(items: Iterator[Item], job: Job) -> None:
    config = job.site.config
    settings = {
        "SITENAME": config.title,
        "SITEURL": config.address.rstrip("/"),
        "DEFAULT_LANG": config.language,
        "TIMEZONE": "UTC",
        "PATH": "content",
        "STATIC_PATHS": ["media"],
        "ARTICLE_PATHS": ["articles"],
        "DEFAULT_DATE": (1970, 1, 1),
    }
    put(job, "pelicanconf.py", "".join(f"{name} = {value!r}\n" for name, value in settings.items()))
    for item in items:
        header = "\n".join(f"{key}: {_line(value)}" for key, value in _header(item) if value)
        put(job, f"content/articles/{flat_name(item)}.md", f"{header}\n\n{item.article.body}\n")
    put_media(job, "content/media")


def _header(item: Item) -> Iterator[tuple[str, str]]:
    article: Article = item.article
    yield "Title", article.title or "Untitled"
    yield "Date", article.published.replace("T", " ")[:16]
    yield "Modified", article.modified.replace("T", " ")[:16]
    yield "Authors", "; ".join(name.replace(";", ",") for name in article.authors)
    yield "Tags", ", ".join(tag.replace(",", " ") for tag in article.tags)
    yield "Category", article.section
    yield "Slug", flat_name(item)
    yield "Lang", article.lang
    yield "Summary", article.description
    yield "Source", article.url
    yield "Publisher", article.publisher


def _line(value: str) -> str:
    return " ".join(value.split())


EXPORTER = Exporter(name="pelican", folder=True, write=_write)
