"""A Hugo site's content: our front matter is Hugo's already. https://gohugo.io/content-management/front-matter/"""

from __future__ import annotations

import json
from collections.abc import Iterator

from backfile.exporting.base import Exporter, Item, Job, put, put_media
from backfile.markdown import dump_article


def _write(items: Iterator[Item], job: Job) -> None:
    config = job.site.config
    lines = [f"title = {json.dumps(config.title)}", f"languageCode = {json.dumps(config.language)}"]
    lines += [f"baseURL = {json.dumps(config.address or '/')}", "[taxonomies]"]
    lines += [f'{one} = "{many}"' for one, many in (("author", "authors"), ("tag", "tags"), ("category", "categories"))]
    put(job, "hugo.toml", "\n".join(lines) + "\n")
    for item in items:
        put(job, f"content/articles/{item.source}", dump_article(item.article))
    put_media(job, "static/media")


EXPORTER = Exporter(name="hugo", folder=True, write=_write)
