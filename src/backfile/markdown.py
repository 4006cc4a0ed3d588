"""Article ⇄ the text of its `.md` file: YAML front matter, then CommonMark.

The keys mean the same to Hugo, Jekyll and Obsidian; everything that is Backfile's own stands in the one map `archive`.
Types are checked here: a field of the wrong kind costs only itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar, get_args

import msgspec

from backfile.dates import normal_date
from backfile.frontmatter import is_unopened, read_front_matter, scalar, split_front_matter
from backfile.model import Access, Article, Figure, Kind, Link, Saved

_BREAKS = re.compile(r"[ \t]*[\n\t][ \t\n]*")
_KINDS, _ACCESSES = get_args(Kind), get_args(Access)
_H1 = re.compile(r"#[ \t]+(\S[^\n]*)")


@dataclass(frozen=True, kw_only=True, slots=True)
class Loaded:
    """An article read from its file, with what was odd about it."""

    article: Article
    warnings: tuple[str, ...] = ()
    draft: bool = False
    """True where the user wants it left out of the site."""


def dump_article(article: Article) -> str:
    """The text of the article's `.md` file; `load_article` gives the same article back."""
    lines = ["---", *_front_matter(article), "---"]
    return "\n".join(lines) + "\n" + (f"\n{article.body}\n" if article.body else "")


def load_article(text: str) -> Loaded:
    """The article in the text of a `.md` file.

    A field of the wrong kind is left out and named in `warnings`; without front matter the whole text is the body.
    Raises FrontMatterError, with line and key where they are known, when the front matter as a whole cannot be read.
    """
    header, body, first_line = split_front_matter(text)
    fields = _Fields(read_front_matter(header, first_line))
    archive = _Fields(fields.mapping("archive"), "archive.")
    title = fields.text("title")
    if "title" not in fields:
        title, body = _title_from_body(body)
    article = Article(
        title=title,
        description=fields.text("description"),
        standfirst=archive.flag("standfirst", default=True) if fields.text("description") else False,
        authors=fields.texts("authors") or fields.texts("author"),
        agencies=fields.texts("agencies"),
        published=fields.date("date"),
        modified=fields.date("modified"),
        lang=fields.text("lang"),
        section=next(iter(fields.texts("categories")), ""),
        tags=fields.texts("tags"),
        publisher=fields.text("site"),
        url=fields.text("source"),
        captured=fields.date("captured"),
        kind=archive.choice("genre", _KINDS, "news"),
        access=archive.choice("access", _ACCESSES, "unknown"),
        figures=archive.values("figures", Figure),
        credits=archive.texts("credits"),
        related=archive.values("related", Link),
        notes=archive.texts("notes"),
        saved=archive.value("saved", Saved()),
        link_only=archive.flag("link_only", default=False),
        id=archive.text("id"),
        versions=archive.texts("versions"),
        pinned=archive.flag("pinned", default=False),
        translations=archive.texts("translations"),
        original=archive.text("original"),
        cleaned_by=archive.text("cleaned_by"),
        body=body,
    )
    draft = fields.flag("draft", default=False)
    lost = ("its first `---` line is missing",) if header and is_unopened(text) else ()
    return Loaded(article=article, warnings=(*lost, *fields.problems, *archive.problems), draft=draft)


def _front_matter(article: Article) -> Iterator[str]:
    yield f"title: {scalar(article.title)}"
    for key, value in (("date", article.published), ("modified", article.modified)):
        if value:
            yield f"{key}: {_date_scalar(value)}"
    yield from _list("authors", article.authors)
    yield from _list("agencies", article.agencies)
    yield from _list("tags", article.tags)
    yield from _list("categories", (article.section,) if article.section else ())
    for key, value in (
        ("lang", article.lang),
        ("description", article.description),
        ("source", article.url),
        ("site", article.publisher),
    ):
        if value:
            yield f"{key}: {scalar(value)}"
    if article.captured:
        yield f"captured: {_date_scalar(article.captured)}"
    own = list(_archive(article))
    if own:
        yield "archive:"
        yield from (f"  {line}" for line in own)


def _archive(article: Article) -> Iterator[str]:
    for key, value in (("id", article.id), ("original", article.original), ("cleaned_by", article.cleaned_by)):
        if value:
            yield f"{key}: {scalar(value)}"
    yield from _list("versions", article.versions)
    if article.pinned:
        yield "pinned: true"
    yield from _list("translations", article.translations)
    if article.kind != "news":
        yield f"genre: {scalar(article.kind)}"
    if article.access != "unknown":
        yield f"access: {scalar(article.access)}"
    if article.description and not article.standfirst:
        yield "standfirst: false"
    yield from _list("credits", article.credits)
    yield from _list("notes", article.notes)
    yield from _maps("figures", (_figure_fields(figure) for figure in article.figures))
    if article.link_only:
        yield "link_only: true"
    yield from _saved(article.saved)
    yield from _maps("related", ((("title", link.title), ("url", link.url)) for link in article.related))


def _saved(saved: Saved) -> Iterator[str]:
    if saved == Saved():
        return
    yield "saved:"
    for key, value in (("by", saved.by), ("date", saved.date), ("folder", saved.folder), ("state", saved.state)):
        if value:
            yield f"  {key}: {scalar(value)}"
    if saved.starred:
        yield "  starred: true"
    if saved.note:
        yield f"  note: {scalar(saved.note)}"
    yield from (f"  {line}" for line in _list("highlights", saved.highlights))


def _figure_fields(figure: Figure) -> tuple[tuple[str, str], ...]:
    return (
        ("url", figure.url),
        ("file", figure.file),
        ("alt", figure.alt),
        ("caption", figure.caption),
        ("credit", figure.credit),
        ("lead", "true" if figure.lead else ""),
    )


def _list(key: str, values: Iterable[str]) -> Iterator[str]:
    items = [f"  - {scalar(value)}" for value in values]
    if items:
        yield f"{key}:"
        yield from items


def _maps(key: str, items: Iterable[tuple[tuple[str, str], ...]]) -> Iterator[str]:
    """A list of maps; empty values are left out."""
    head = [f"{key}:"]
    for fields in items:
        yield from head
        head = []
        filled = [field for field in fields if field[1]] or [fields[0]]
        for dash, (name, value) in zip(("- ", *["  "] * len(filled)), filled, strict=False):
            yield f"  {dash}{name}: {value if name == 'lead' else scalar(value)}"


def _date_scalar(value: str) -> str:
    return value if normal_date(value) == value else scalar(value)


_T = TypeVar("_T")


def _title_from_body(body: str) -> tuple[str, str]:
    """The first `# heading` as title, taken out of the body, where the body starts with one."""
    found = _H1.match(body)
    if not found:
        return "", body
    return found[1].rstrip("# \t"), body[found.end() :].strip("\n")


class _Fields:
    """Typed reading of a map of strings; what does not fit is noted and left out."""

    def __init__(self, values: dict[str, Any], prefix: str = "") -> None:
        self._values = values
        self._prefix = prefix
        self.problems: list[str] = []

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def _wrong(self, key: str, expected: str) -> None:
        note = f"`{self._prefix}{key}` is not {expected}, and is left out"
        if note not in self.problems:
            self.problems.append(note)

    def text(self, key: str) -> str:
        """One line of text."""
        value = self._values.get(key, "")
        if isinstance(value, str):
            return (_BREAKS.sub(" ", value) if "\n" in value or "\t" in value else value).strip(" \t")
        self._wrong(key, "a text")
        return ""

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; a single text is a list of one, cut at its commas."""
        value = self._values.get(key, "")
        if isinstance(value, str):
            return tuple(part for part in (p.strip() for p in value.split(",")) if part)
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return tuple(item for item in value if item.strip())
        self._wrong(key, "a list of texts")
        return ()

    def date(self, key: str) -> str:
        """A date or a date and time in ISO 8601; common ways to write one are understood."""
        value = self.text(key)
        found = normal_date(value)
        if value and not found:
            self._wrong(key, "a date such as 2024-04-30 or 2024-04-30T16:00:34+02:00")
        return found

    def flag(self, key: str, *, default: bool) -> bool:
        """True or false."""
        value = self.text(key).casefold()
        if value in ("true", "yes", "on"):
            return True
        if value in ("false", "no", "off"):
            return False
        if value:
            self._wrong(key, "true or false")
        return default

    def choice(self, key: str, allowed: tuple[str, ...], default: Any) -> Any:
        """One of some words."""
        value = self.text(key)
        if value in allowed:
            return value
        if value:
            self._wrong(key, f"one of {', '.join(allowed)}")
        return default

    def mapping(self, key: str) -> dict[str, Any]:
        """A map."""
        value = self._values.get(key) or {}
        if isinstance(value, dict):
            return value
        self._wrong(key, "a map")
        return {}

    def value(self, key: str, default: _T) -> _T:
        """A map with the keys of a value."""
        value = self._values.get(key)
        if not value:
            return default
        try:
            return msgspec.convert(value, type(default), strict=False)
        except msgspec.ValidationError as error:
            self._wrong(key, f"a map as Backfile writes it ({error})")
            return default

    def values(self, key: str, kind: type[_T]) -> tuple[_T, ...]:
        """A list of maps with known keys."""
        value = self._values.get(key)
        if not value:
            return ()
        try:
            return msgspec.convert(value, tuple[kind, ...], strict=False)  # type: ignore[valid-type]  # kind is a value here
        except msgspec.ValidationError as error:
            self._wrong(key, f"a list of {kind.__name__.lower()}s ({error})")
            return ()
