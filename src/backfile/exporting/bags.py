"""The whole archive as a BagIt bag (RFC 8493): originals, articles, receipts and media under checksums."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from backfile.exporting.base import Exporter, Item, Job
from backfile.receipts import read_stored, receipt_path
from backfile.report import ReadError


def _write(items: Iterator[Item], job: Job) -> None:
    try:
        import bagit
    except ImportError as error:
        raise ReadError('BagIt needs a library. Install it with `pip install "backfile[preserve]"`') from error
    root = job.site.root
    for item in items:
        for file in _files(root, item):
            target = job.out / file
            if (root / file).is_file() and not target.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(root / file, target)
    for name in ("backfile.toml", "content/media", "content/pages"):
        if (root / name).is_dir():
            shutil.copytree(root / name, job.out / name)
        elif (root / name).is_file():
            shutil.copy2(root / name, job.out / name)
    bagit.make_bag(str(job.out), {"External-Description": job.site.config.title}, checksums=["sha256", "sha512"])


def _files(root: Path, item: Item) -> Iterator[str]:
    """An article's file, its receipts and originals, from the site folder."""
    yield f"content/articles/{item.source}"
    receipts = root / "content" / "receipts"
    for identity in (item.article.id, *item.article.versions):
        stored = read_stored(receipts, identity) if identity else None
        if stored:
            yield receipt_path(Path("content/receipts"), identity).as_posix()
            yield stored.receipt.origin


EXPORTER = Exporter(name="bagit", folder=True, write=_write)
