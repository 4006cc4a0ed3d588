"""The archive → other programs' formats. One file a format or a program; each defines `EXPORTER` (or `EXPORTERS`)."""

from __future__ import annotations

import pkgutil
import shutil
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from pathlib import Path

from backfile.config import Site
from backfile.exporting.base import Exporter, Item, Job
from backfile.exporting.query import wanted
from backfile.files import TEMPORARY
from backfile.markdown import load_article
from backfile.report import FrontMatterError, Report, SiteError
from backfile.scanning import scan

_NAME = 200
"""Letters of a file's name, to which something can still be added."""


@cache
def exporters() -> dict[str, Exporter]:
    """Every exporter of this folder, by name."""
    modules = (import_module(f"{__name__}.{info.name}") for info in pkgutil.iter_modules(__path__))
    found = [each for module in modules for each in _of(module)]
    return {each.name: each for each in sorted(found, key=lambda each: each.name)}


def export(site: Site, name: str, out: Path, query: str | None, report: Report) -> None:
    """Write the articles that a query finds in the built site (all, where there is none) in a format.

    It is made beside `out` and gets its name when it is whole. Raises SiteError where `out` is there already or
    in the archive, ReadError for a query or a format that cannot be had, OSError.
    """
    exporter = exporters()[name]
    if site.overlaps(out) or out.resolve().is_relative_to(site.build.resolve()):
        raise SiteError(f"{out} is a place of the archive's own. Name one outside of it")
    if out.exists() and not (exporter.folder and out.is_dir() and not any(out.iterdir())):
        raise SiteError(f"{out} is there already. Name a file or a folder that is not, so that nothing is overwritten")
    is_wanted = wanted(site, query, report)
    out = out.resolve()
    out.parent.mkdir(parents=True, exist_ok=True)
    unfinished = out.with_name(f"{out.name[:_NAME]}{TEMPORARY}")
    _remove(unfinished)
    try:
        exporter.write(_items(site, is_wanted, report), Job(site=site, out=unfinished, report=report))
        _rename(unfinished, out)
    finally:
        _remove(unfinished)


def _rename(unfinished: Path, out: Path) -> None:
    """Give an export its name; into a folder that is there already, its parts go one by one."""
    if not out.is_dir():
        unfinished.rename(out)
        return
    for part in sorted(unfinished.iterdir()):
        part.rename(out / part.name)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _items(site: Site, is_wanted: Callable[[str], bool], report: Report) -> Iterator[Item]:
    found = False
    for source in filter(is_wanted, sorted(scan(site.articles, ".md"))):
        try:
            loaded = load_article((site.articles / source).read_text("utf-8", "replace"))
        except FrontMatterError as error:
            report.error(f"is left out: {error}", f"content/articles/{source}")
            continue
        if not loaded.draft:
            found = True
            report.count("exported")
            yield Item(source=source, article=loaded.article)
    if not found:
        report.warn("no article is what was asked for, so the export is empty", hint="Ask for less, or for other words")


def _of(module: object) -> tuple[Exporter, ...]:
    one = getattr(module, "EXPORTER", None)
    return (one,) if one else getattr(module, "EXPORTERS", ())
