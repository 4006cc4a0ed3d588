"""What an exporter is, and what several of them need."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from backfile.config import Site
from backfile.files import write_replaceable
from backfile.model import Article
from backfile.report import Report


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """An article with its file below `content/articles/`."""

    source: str
    article: Article


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """Where an export goes."""

    site: Site
    out: Path
    """A folder or a file, as the exporter makes it."""
    report: Report


@dataclass(frozen=True, kw_only=True, slots=True)
class Exporter:
    """A format, or the content of another program."""

    name: str
    folder: bool
    """True where it makes a folder, False where a file."""
    write: Callable[[Iterator[Item], Job], None]
    """Writes articles as they come. Raises OSError, and ReadError where a library is missing."""


def flat_name(item: Item) -> str:
    """The name of an article's file with its folders in it: unique in an archive."""
    return item.source.removesuffix(".md").replace("/", "-")


def put(job: Job, name: str, text: str) -> None:
    """Write a text file of an exported folder."""
    path = job.out / name
    path.parent.mkdir(parents=True, exist_ok=True)
    write_replaceable(path, text.encode("utf-8", "replace"))


def put_media(job: Job, folder: str) -> None:
    """Copy the archive's pictures into an exported folder."""
    media = job.site.root / "content" / "media"
    if media.is_dir():
        shutil.copytree(media, job.out / folder, dirs_exist_ok=True)
