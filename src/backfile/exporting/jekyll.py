"""A Jekyll site's posts: files named by date; those without one are pages. https://jekyllrb.com/docs/posts/"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import PurePosixPath

from backfile.dates import day
from backfile.exporting.base import Exporter, Item, Job, flat_name, put, put_media
from backfile.markdown import dump_article

_RAW = "{% raw %}", "{% endraw %}"


def _write(items: Iterator[Item], job: Job) -> None:
    config = job.site.config
    put(job, "_config.yml", f"title: {json.dumps(config.title)}\nlang: {json.dumps(config.language)}\n")
    for item in items:
        date = day(item.article.published)
        stem = PurePosixPath(item.source).stem
        name = f"_posts/{date}-{stem}.md" if date and _is_plain(item.source) else f"articles/{flat_name(item)}.md"
        header, _, body = dump_article(item.article).removeprefix("---\n").partition("\n---\n")
        if "{%" in body or "{{" in body:  # the article's words, not Liquid's
            body = f"\n{_RAW[0]}{body}{_RAW[1]}\n"
        put(job, name, f"---\n{header}\n---\n{body}")
    put_media(job, "media")


def _is_plain(source: str) -> bool:
    """True for a file in the calendar, whose name is its month's alone."""
    return source[:4].isdigit()


EXPORTER = Exporter(name="jekyll", folder=True, write=_write)
