"""A new site folder."""

from __future__ import annotations

from pathlib import Path

from backfile.config import CONFIG_NAME
from backfile.files import sweep, write_new
from backfile.report import SiteError

_CONFIG = """\
# The settings of this archive. Every line that starts with # shows a default; take the # away to change it.

title = "My archive"
# description = ""          # a line under the title
# language = "en"           # of the site's own words: en, fr…
# address = ""              # where it is published, e.g. "https://example.org/archive/": for feeds

# [theme]
# accent = ""               # a CSS colour for links, e.g. "#8a1c1c" or "teal"
# footer = ""               # a line at the foot of every page
# licence = ""              # what may be done with the texts, told beside each article
# home = ["latest", "chart", "publishers", "tags", "authors", "on-this-day"]   # also: sections, agencies, languages
# lists = ["calendar", "publishers", "tags", "authors", "sections", "agencies", "languages", "on-this-day",
#          "statistics", "links"]                   # what the menus show, in this order, the first four above

# [pages]
# extensions = ["toc", "footnotes", "tables", "attr_list", "admonition", "def_list", "abbr", "sane_lists"]
# # of Python-Markdown, for content/pages. There are also fenced_code, md_in_html, nl2br and smarty.

# [cleaning]
# profiles = true           # use what is known of some publishers' pages
"""
_ABOUT = """\
---
title: About this archive
---

Articles that I saved, cleaned of everything around them. The originals are kept unchanged beside them.

This page is `content/pages/about.md`. Edit it, or delete it; every `.md` file in that folder becomes a page in the
menu.
"""


def make_site(folder: Path) -> list[Path]:
    """Make a site folder, or complete one, without touching a file that is there; returns the files it wrote.

    Raises SiteError where `folder` is a file, or has a `backfile.toml` already.
    """
    if folder.exists() and not folder.is_dir():
        raise SiteError(f"{folder} is a file. Name a folder for the new site")
    sweep(folder, below=False)
    sweep(folder / "content" / "pages", below=False)
    if (folder / CONFIG_NAME).exists():
        raise SiteError(
            f"{folder} is a site already. Put saved pages into {folder / 'content' / 'saved'} and run `backfile build`"
        )
    for part in ("content/saved", "content/articles", "content/pages"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    # The settings come last: they make the folder a site, so that a run that was ended can be done again.
    files = {"content/pages/about.md": _ABOUT, ".gitignore": "/build/\n/.backfile/\n", CONFIG_NAME: _CONFIG}
    return [folder / name for name, text in files.items() if _write(folder / name, text)]


def _write(path: Path, text: str) -> bool:
    try:
        write_new(path, text.encode())
    except FileExistsError:
        return False
    return True
