"""The messages of the interface: what templates and page types say in English, and what a catalog lacks of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from jinja2.ext import babel_extract

from backfile.i18n import catalog_path

_KEYWORDS = ("_", "n_")

Message = str | tuple[str, ...]
"""One form, or (one, many)."""


def reasons() -> list[str]:
    """What receipts give as reasons of removals."""
    lines = (Path(__file__).parent / "reasons.txt").read_text("utf-8").splitlines()
    return [line for line in lines if not line.startswith("#")]


def template_messages(folders: Iterable[Path]) -> set[Message]:
    """Every message of the templates in some folders."""
    return {message for folder in folders for path in sorted(folder.glob("*.*ml")) for message in _of_file(path)}


def untranslated(language: str, messages: Iterable[Message]) -> list[Message]:
    """The messages that a language's catalog does not translate, in order. Raises FileNotFoundError without one."""
    with catalog_path(language).open("rb") as file:
        catalog = read_po(file, locale=language)
    return sorted((message for message in messages if not _is_translated(catalog, message)), key=str)


def _of_file(path: Path) -> Iterator[Message]:
    with path.open("rb") as file:
        for _line, _function, message, _comments in babel_extract(file, _KEYWORDS, [], {"trimmed": "false"}):
            forms = tuple(form for form in (message if isinstance(message, tuple) else (message,)) if form)
            if forms:  # a message that is only known at run time has none
                yield forms if len(forms) > 1 else forms[0]


def _is_translated(catalog: Catalog, message: Message) -> bool:
    found = catalog.get(message[0] if isinstance(message, tuple) else message)
    if not found or found.fuzzy:
        return False
    forms = found.string if isinstance(found.string, tuple) else (found.string,)
    return bool(forms) and all(forms)
