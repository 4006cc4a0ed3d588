"""Lists of references for programs that manage them: BibTeX, RIS, CSL-JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from backfile.citation import bibtex, csl_json, ris
from backfile.exporting.base import Exporter, Item, Job
from backfile.model import Article


def _list(
    cite: Callable[[Article], str], between: str, around: tuple[str, str] = ("", "\n")
) -> Callable[[Iterator[Item], Job], None]:
    def write(items: Iterator[Item], job: Job) -> None:
        with job.out.open("x", encoding="utf-8", errors="replace") as file:
            file.write(around[0])
            for n, item in enumerate(items):
                file.write(f"{between if n else ''}{cite(item.article)}")
            file.write(around[1])

    return write


def _csl_item(article: Article) -> str:
    return csl_json(article)[1:-1]


EXPORTERS = (
    Exporter(name="bibtex", folder=False, write=_list(bibtex, "\n\n")),
    Exporter(name="ris", folder=False, write=_list(ris, "\n\n")),
    Exporter(name="csl-json", folder=False, write=_list(_csl_item, ",\n", ("[\n", "\n]\n"))),
)
