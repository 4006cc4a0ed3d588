"""A Zola site's content: TOML front matter. https://www.getzola.org/documentation/content/page/"""

from __future__ import annotations

import json
from collections.abc import Iterator

from backfile.exporting.base import Exporter, Item, Job, flat_name, put, put_media
from backfile.model import Article

_SECTION = '+++\ntitle = "Articles"\nsort_by = "date"\n+++\n'


def _write(items: Iterator[Item], job: Job) -> None:
    config = job.site.config
    names = "".join(f'\n[[taxonomies]]\nname = "{name}"\n' for name in ("tags", "authors", "categories"))
    address = json.dumps(config.address.rstrip("/") or "/")
    put(job, "zola.toml", f"base_url = {address}\ntitle = {json.dumps(config.title)}\n{names}")
    put(job, "content/articles/_index.md", _SECTION)
    for item in items:
        header = "\n".join(_front_matter(item.article))
        put(job, f"content/articles/{flat_name(item)}.md", f"+++\n{header}\n+++\n\n{item.article.body}\n")
    put_media(job, "static/media")


def _front_matter(article: Article) -> Iterator[str]:
    yield f"title = {json.dumps(article.title)}"
    if article.description:
        yield f"description = {json.dumps(article.description)}"
    for key, date in (("date", article.published), ("updated", article.modified)):
        if date:
            yield f"{key} = {_date(date)}"
    yield "[taxonomies]"
    section = (article.section,) if article.section else ()
    for key, values in (("tags", article.tags), ("authors", article.authors), ("categories", section)):
        if values:
            yield f"{key} = {json.dumps(list(values))}"
    yield "[extra]"
    facts = (("source", article.url), ("publisher", article.publisher), ("lang", article.lang), ("id", article.id))
    yield from (f"{key} = {json.dumps(value)}" for key, value in facts if value)
    if article.agencies:
        yield f"agencies = {json.dumps(list(article.agencies))}"


def _date(date: str) -> str:
    """TOML knows days, local times with seconds, and times with an offset."""
    clock = date[11:19]
    return f"{date[:16]}:00{date[16:]}" if len(date) > 10 and clock[5:6] != ":" else date


EXPORTER = Exporter(name="zola", folder=True, write=_write)
