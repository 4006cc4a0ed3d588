"""The page of a wire family: one dispatch in several outlets, who ran it when, and what each made of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from backfile.catalog import Catalog
from backfile.compare import Passage, compare, text_paragraphs
from backfile.families import around, family
from backfile.model import Entry, Page
from backfile.pages.base import PageType, View


@dataclass(frozen=True, kw_only=True, slots=True)
class Print:
    """A member of a family, as its page shows it."""

    entry: Entry
    agencies: tuple[str, ...]
    """Those that it names."""
    changes: tuple[Passage, ...] = ()
    """Against the first to print it; none for that one, and for one that prints the same."""

    def count(self, kind: str) -> int:
        """How many paragraphs are `added`, `removed` or `changed`."""
        return sum(passage.kind == kind for passage in self.changes)


def page_of_family(first: Entry) -> str:
    """The page of the family of which an article is the first."""
    return f"families/{first.output}"


def _text_keys(catalog: Catalog, entry: Entry) -> Iterator[str]:
    if not entry.link_only:
        yield from around(catalog, entry)


def _every(catalog: Catalog, view: View) -> Iterator[str]:
    yield from catalog.with_copies()


def _pages(catalog: Catalog, view: View, source: str) -> Iterator[Page]:
    entry = catalog.entry(source)
    members = family(catalog, view.content / "articles", entry) if entry else []
    if not entry or not members or members[0].entry.source != source:
        return
    texts = [text_paragraphs(member.article.body) for member in members]
    prints = [
        Print(
            entry=member.entry,
            agencies=member.article.agencies,
            changes=tuple(compare(texts[0], text)) if text != texts[0] else (),
        )
        for member, text in zip(members, texts, strict=True)
    ]
    named = sorted({agency for each in prints for agency in each.agencies})
    context = {"entry": entry, "prints": prints, "agencies": named}
    yield Page(path=page_of_family(entry), template="family.html", context=context)


PAGE_TYPE = PageType(name="family", text_keys=_text_keys, every=_every, pages=_pages)
