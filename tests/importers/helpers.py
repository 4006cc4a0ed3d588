"""What tests of importers share: small pages, and an import of one file into a site."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from backfile.importers import file_source, find_importer
from backfile.importers.base import Item
from backfile.markdown import load_article
from backfile.model import Article, Capture
from backfile.pipeline import BuildOptions, import_only
from backfile.report import Report

SENTENCES = (
    "The harbour council met on Tuesday to vote on the new bridge, which will cost four million euros.",
    "Residents had asked for a crossing since the ferry stopped, said the mayor, who has backed the plan for years.",
    "Work begins in March and should be done by the end of next summer, if the river stays low enough.",
    "Two councillors voted against it, because they fear for the old trees along the western bank.",
)


def story(title: str = "A bridge at last", number: int = 0, head: str = "") -> str:
    """A small page with an article, different for each number."""
    paragraphs = "".join(f"<p>{text} ({number})</p>" for text in SENTENCES * 2)
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>{head}</head><body>'
        f"<nav><a href='/'>Home</a></nav><article><h1>{title}</h1>{paragraphs}</article></body></html>"
    )


def read(path: Path) -> tuple[str, list[Item]]:
    """The importer's name and the items of a file."""
    importer, source = find_importer(file_source(path, path.name))
    return importer.name, list(importer.items(source))


def captures(path: Path) -> list[Capture]:
    """The pages of a file."""
    return [item for item in read(path)[1] if isinstance(item, Capture)]


@dataclass
class Result:
    """What an import left behind."""

    report: Report
    articles: dict[str, Article] = field(default_factory=dict)

    @property
    def only(self) -> Article:
        """The one article."""
        (article,) = self.articles.values()
        return article


def imported(site, **options) -> Result:
    """Import a site's saved files; the articles that are there then, by their file."""
    report = Report()
    import_only(site, BuildOptions(**options), report)
    found = {
        path.relative_to(site.articles).as_posix(): load_article(path.read_text()).article
        for path in sorted(site.articles.rglob("*.md"))
    }
    return Result(report=report, articles=found)
