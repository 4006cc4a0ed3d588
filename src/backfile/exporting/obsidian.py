"""An Obsidian vault: a note an article, named by its headline, with the properties of Obsidian Web Clipper.

https://help.obsidian.md/properties
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from backfile.dates import day
from backfile.exporting.base import Exporter, Item, Job, put, put_media
from backfile.frontmatter import scalar
from backfile.model import Article

_FORBIDDEN = re.compile(r'[\\/:*?"<>|#^\[\]\x00-\x1f]+')
_NOT_TAG = re.compile(r"[^\w/-]+")
_LONGEST = 120


def _write(items: Iterator[Item], job: Job) -> None:
    taken: set[str] = set()
    for item in items:
        put(job, f"{_name(item, taken)}.md", f"---\n{_properties(item.article)}\n---\n\n{item.article.body}\n")
    put_media(job, "media")


def _name(item: Item, taken: set[str]) -> str:
    """The headline as a file name that every system takes, with the article's id where another has it."""
    plain = " ".join(_FORBIDDEN.sub(" ", item.article.title).split()).strip(". ")
    name = plain.encode()[:_LONGEST].decode("utf-8", "ignore").rstrip(". ") or "Untitled"
    name = name if name.casefold() not in taken else f"{name} ({item.article.id[:6] or len(taken)})"
    taken.add(name.casefold())
    return name


def _properties(article: Article) -> str:
    lines = [f"title: {scalar(article.title)}"]
    facts = (
        ("source", article.url),
        ("published", day(article.published)),
        ("created", day(article.captured)),
        ("description", article.description),
        ("publisher", article.publisher),
        ("lang", article.lang),
    )
    lines += [f"{key}: {scalar(value)}" for key, value in facts if value]
    tags = tuple(filter(None, (_NOT_TAG.sub("-", tag).strip("-") for tag in article.tags)))
    for key, values in (("author", tuple(f"[[{name}]]" for name in article.authors)), ("tags", tags)):
        if values:
            lines += [f"{key}:", *(f"  - {scalar(value)}" for value in values)]
    return "\n".join(lines)


EXPORTER = Exporter(name="obsidian", folder=True, write=_write)
