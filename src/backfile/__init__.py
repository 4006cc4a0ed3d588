"""Backfile turns saved news articles into a clean, browsable, searchable static archive.

    saved file → importers/ → Capture → cleaning/ → Article → markdown → .md + receipt
    .md → catalog → pages/ → render → site → build/

The `.md` file is the article: importing ends there and building starts there. Read `pipeline.py` first.

    >>> import backfile
    >>> cleaned = backfile.clean(b"<h1>A headline</h1> ...")
    >>> report = backfile.build("my-archive")
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from backfile.report import BackfileError, ConfigError, FrontMatterError, Notice, ReadError, Report, SiteError
from backfile.version import __version__

if TYPE_CHECKING:
    from backfile.model import Cleaned

__all__ = [
    "BackfileError",
    "ConfigError",
    "FrontMatterError",
    "Notice",
    "ReadError",
    "Report",
    "SiteError",
    "__version__",
    "build",
    "clean",
]


def clean(data: bytes, url: str | None = None, media_type: str | None = None, profiles: bool = True) -> Cleaned:
    """The article in one saved page, with its receipt: `.article`, `.receipt`, `.text`, `.refusal`, `.as_dict()`.

    `data` is the page as it was saved; `media_type` (`text/html`, `text/plain`) is found from the bytes where it is not
    given; `url` is the page's address where it is known; `profiles=False` leaves publisher profiles out.
    """
    from backfile.model import CleanOptions  # parsers are loaded by those who clean
    from backfile.saving import clean as clean_page
    from backfile.saving import page_of

    return clean_page(page_of(data, url or "", media_type or ""), CleanOptions(profiles=profiles))


def build(site_folder: str | Path) -> Report:
    """Import what is new in a site's `content/saved/` and write its `build/`; returns the account of it.

    Raises SiteError or ConfigError where the site cannot be used, OSError where a disk fails.
    """
    from backfile.config import load_site
    from backfile.pipeline import BuildOptions, build_site
    from backfile.workers import default_jobs

    return build_site(load_site(Path(site_folder)), BuildOptions(jobs=default_jobs()))
