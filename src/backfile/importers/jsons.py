"""Exports that are JSON: wallabag, Omnivore, Linkwarden, Karakeep, Readability, elCurator, Firefox, JSON Feed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from backfile.importers.base import Importer, Item, Source
from backfile.importers.rows import flag, highlights_of, line_of, row_item, text_of, texts_of, title_of, wrong_row
from backfile.importers.when import any_date
from backfile.limits import limits
from backfile.model import Hints, Saved
from backfile.report import ReadError

Row = dict[str, Any]
_QUOTE = re.compile(r"^> ?", re.M)
_DEPTH = 200
"""Folders in folders."""


def _recognises(head: bytes, name: str) -> bool:
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    return start[:1] in (b"{", b"[") and bool(re.match(rb"[\[{]\s*(?:[\"{\[\]}]|$)", start))


def _items(source: Source) -> Iterator[Item]:
    try:
        found = msgspec.json.decode(source.read(limits().export).removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ReadError(f"is damaged JSON ({str(error)[:100]}). Export it again") from error
    for known, rows in _FORMATS:
        if known(found):
            yield from rows(source, found)
            return
    raise ReadError("is JSON of no export that Backfile knows. See docs/importing.md for those it reads")


def omnivore_hints(row: Row, highlights: tuple[str, ...] = ()) -> Hints:
    """What Omnivore's metadata say of an item. Its publishing time is left out: it is often that of saving."""
    saved = Saved(
        by="Omnivore",
        date=any_date(row.get("savedAt")),
        state={"archived": "read", "active": "unread"}.get(str(row.get("state")).casefold(), ""),
        highlights=highlights,
    )
    return Hints(
        title=title_of(row.get("title")),
        description=line_of(row.get("description")),
        authors=texts_of([row.get("author")]),
        tags=texts_of(row.get("labels"), "name"),
        saved=saved,
    )


def quoted(text: str) -> tuple[str, ...]:
    """The quoted passages of Omnivore's file of highlights, each with the remark under it."""
    found: list[str] = []
    for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n")):
        clean = " ".join(_QUOTE.sub("", part).split())
        if not clean:
            continue
        if part.lstrip().startswith(">") or not found:
            found.append(clean)
        else:
            found[-1] += f" — {clean}"
    return tuple(found)


def _omnivore(source: Source, rows: Any) -> Iterator[Item]:
    for number, row in enumerate(rows, 1):
        if isinstance(row, dict):
            slug = str(row.get("slug") or "")
            look = source.beside if slug else None
            body = (look(f"content/{slug}.html") or look(f"contents/{slug}.html") or b"") if look else b""
            marks = quoted((look(f"highlights/{slug}.md") or b"").decode("utf-8", "replace")) if look else ()
            hints = omnivore_hints(row, marks)
            yield row_item(source, slug or f"row {number}", row.get("url"), hints, body.decode("utf-8", "replace"))
        else:
            yield wrong_row(source, f"row {number}")


def _wallabag(source: Source, found: Any) -> Iterator[Item]:
    rows = found if isinstance(found, list) else [v for k, v in found.items() if k.isdigit()]
    for number, row in enumerate(rows, 1):
        if not isinstance(row, dict):
            yield wrong_row(source, f"row {number}")
            continue
        notes = [n for n in row.get("annotations") or () if isinstance(n, dict)]
        saved = Saved(
            by="wallabag",
            date=any_date(row.get("created_at")),
            state="read" if flag(row.get("is_archived", row.get("is_read"))) else "unread",
            starred=flag(row.get("is_starred", row.get("is_fav"))),
            highlights=highlights_of((n.get("quote"), n.get("text")) for n in notes),
        )
        hints = Hints(
            title=title_of(row.get("title")),
            authors=texts_of(row.get("published_by") or []),
            published=any_date(row.get("published_at")),
            lang=line_of(row.get("language")).replace("_", "-"),
            tags=texts_of(row.get("tags") or [], "label"),
            saved=saved,
        )
        body = "" if row.get("is_not_parsed") else str(row.get("content") or "")
        url = row.get("given_url") if not row.get("url") else row.get("url")
        yield row_item(source, str(row.get("id") or f"row {number}"), url, hints, body)


def _linkwarden(source: Source, found: Any) -> Iterator[Item]:
    folders = [c for c in found["collections"] if isinstance(c, dict)]
    by_id = {folder.get("id"): folder for folder in folders}
    pinned = {p.get("id") for p in found.get("pinnedLinks") or () if isinstance(p, dict)}
    for folder in folders:
        path = _path(folder, by_id)
        for number, row in enumerate(folder.get("links") or (), 1):
            place = f"{path} {number}"
            if not isinstance(row, dict):
                yield wrong_row(source, place)
                continue
            saved = Saved(
                by="Linkwarden",
                date=any_date(row.get("importDate") or row.get("createdAt")),
                folder=path,
                starred=row.get("id") is not None and row.get("id") in pinned,
                note=text_of(row.get("description")),
            )
            hints = Hints(
                title=title_of(row.get("name")),
                description=line_of(row.get("metaDescription")),
                tags=texts_of(row.get("tags") or [], "name"),
                saved=saved,
            )
            body = text_of(row.get("textContent"))
            yield row_item(source, place, row.get("url"), hints, _paragraphs(body))


def _path(folder: Row, by_id: dict[Any, Row]) -> str:
    names: list[str] = []
    here: Row | None = folder
    while here is not None and len(names) < _DEPTH:
        names.insert(0, line_of(here.get("name")))
        here = by_id.get(here.get("parentId"))
    return " / ".join(filter(None, names))


def _paragraphs(text: str) -> str:
    return "".join(f"<p>{line.replace('&', '&amp;').replace('<', '&lt;')}</p>" for line in text.splitlines() if line)


def _karakeep(source: Source, found: Any) -> Iterator[Item]:
    lists = {each.get("id"): line_of(each.get("name")) for each in found.get("lists") or () if isinstance(each, dict)}
    for number, row in enumerate(found["bookmarks"], 1):
        if not isinstance(row, dict):
            yield wrong_row(source, f"row {number}")
            continue
        told = row.get("content")
        content: Row = told if isinstance(told, dict) else {}
        folders = [lists.get(each, "") for each in row.get("lists") or () if isinstance(each, str | int)]
        saved = Saved(
            by="Karakeep",
            date=any_date(row.get("createdAt")),
            folder=next(filter(None, folders), ""),
            state="read" if flag(row.get("archived")) else "",
            note=text_of(row.get("note")),
        )
        hints = Hints(title=title_of(row.get("title")), tags=texts_of(row.get("tags") or [], "name"), saved=saved)
        body = _paragraphs(text_of(content.get("text")))
        yield row_item(source, f"row {number}", content.get("url") or content.get("sourceUrl"), hints, body)


def _readability(source: Source, found: Any) -> Iterator[Item]:
    for number, row in enumerate(found["bookmarks"], 1):
        if not isinstance(row, dict):
            yield wrong_row(source, f"row {number}")
            continue
        saved = Saved(
            by="Readability",
            date=any_date(row.get("date_added")),
            state="read" if flag(row.get("archive")) else "unread",
            starred=flag(row.get("favorite")),
        )
        hints = Hints(title=title_of(row.get("article__title")), saved=saved)
        yield row_item(source, f"row {number}", row.get("article__url"), hints)


def _plain_rows(source: Source, rows: Any) -> Iterator[Item]:
    """Lists of maps with `url` and `title`, as elCurator, Pinboard and others write them."""
    for number, row in enumerate(rows, 1):
        if not isinstance(row, dict):
            yield wrong_row(source, f"row {number}")
            continue
        by = "Pinboard" if "href" in row else "elCurator" if "is_saved" in row else "JSON list"
        tags = row.get("tags") or []
        saved = Saved(
            by=by,
            date=any_date(row.get("created_at") or row.get("time") or row.get("date") or row.get("created")),
            state={"yes": "unread", "no": "read"}.get(str(row.get("toread")), ""),
            note=text_of(row.get("extended") or row.get("description") if "extended" not in row else row["extended"]),
        )
        title = row.get("description") if "href" in row else row.get("title")
        hints = Hints(
            title=title_of(title), tags=texts_of(tags.split() if isinstance(tags, str) else tags, "name"), saved=saved
        )
        yield row_item(source, f"row {number}", row.get("href") or row.get("url"), hints)


def _firefox(source: Source, found: Any) -> Iterator[Item]:
    waiting: list[tuple[Any, str]] = [(found, "")]
    number = 0
    while waiting:
        node, path = waiting.pop()
        if not isinstance(node, dict):
            continue
        inner = node.get("children")
        if isinstance(inner, list):
            name = line_of(node.get("title"))
            where = " / ".join(filter(None, (path, name))) if path.count(" / ") < _DEPTH else path
            waiting.extend((child, where) for child in reversed(inner))
        elif node.get("uri"):
            number += 1
            saved = Saved(by="Firefox", date=any_date(node.get("dateAdded")), folder=path)
            hints = Hints(title=title_of(node.get("title")), tags=texts_of(node.get("tags") or ""), saved=saved)
            yield row_item(source, f"row {number}", node["uri"], hints)


def _json_feed(source: Source, found: Any) -> Iterator[Item]:
    for number, row in enumerate(found.get("items") or (), 1):
        if not isinstance(row, dict):
            yield wrong_row(source, f"item {number}")
            continue
        authors = row.get("authors") or ([row["author"]] if isinstance(row.get("author"), dict) else [])
        hints = Hints(
            title=title_of(row.get("title")),
            description=line_of(row.get("summary")),
            authors=texts_of(authors, "name"),
            published=any_date(row.get("date_published")),
            publisher=line_of(found.get("title")),
            lang=line_of(row.get("language") or found.get("language")),
            tags=texts_of(row.get("tags") or []),
            saved=Saved(by="feed"),
        )
        body = str(row.get("content_html") or "") or _paragraphs(text_of(row.get("content_text")))
        url = row.get("url") or row.get("external_url")
        yield row_item(source, line_of(row.get("id")) or f"item {number}", url, hints, body)


def _first(found: Any) -> Row:
    rows = found if isinstance(found, list) else []
    return next((row for row in rows if isinstance(row, dict)), {})


def _first_of(found: Any, key: str) -> Row:
    return _first(found.get(key)) if isinstance(found, dict) else {}


_Format = tuple[Callable[[Any], bool], Callable[[Source, Any], Iterator[Item]]]
_FORMATS: tuple[_Format, ...] = (
    (lambda f: {"slug", "savedAt"} <= _first(f).keys(), _omnivore),
    (lambda f: "content" in _first(f) and {"is_archived", "is_read"} & _first(f).keys() != set(), _wallabag),
    (lambda f: isinstance(f, dict) and "0" in f and isinstance(f["0"], dict) and "is_read" in f["0"], _wallabag),
    (lambda f: isinstance(f, dict) and isinstance(f.get("collections"), list), _linkwarden),
    (lambda f: "article__url" in _first_of(f, "bookmarks"), _readability),
    (lambda f: isinstance(f, dict) and isinstance(f.get("bookmarks"), list), _karakeep),
    (lambda f: isinstance(f, dict) and (f.get("root") == "placesRoot" or "typeCode" in f), _firefox),
    (lambda f: isinstance(f, dict) and "jsonfeed.org" in str(f.get("version")), _json_feed),
    (lambda f: bool({"url", "href"} & _first(f).keys()), _plain_rows),
)

IMPORTERS = (Importer(name="json", rank=50, recognises=_recognises, items=_items),)
