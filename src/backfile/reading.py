"""An article's file → the catalog's entry."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from pathlib import Path

from backfile.catalog import Read
from backfile.markdown import Loaded, load_article
from backfile.model import Entry
from backfile.paths import article_output
from backfile.report import FrontMatterError, Level, Notice
from backfile.scanning import Seen

SIZE_LIMIT = 16 * 1024 * 1024
"""Bytes of one article's file."""

_PICTURE = re.compile(r"!\[[^\]\n]*\]\([^)\n]*\)")
_ADDRESS = re.compile(r"\]\([^)\n]*\)")
_LIST_MARK = re.compile(r"\n\s*(?:[-+]|\d+[.)])\s")
_SIGNS = "\\*_`>#[]|"
_OPENING = 220
"""Characters."""


def read_article(folder: Path, source: str, seen: Seen) -> Read:
    """Read one file below `content/articles/`; never raises for what is wrong with it: `notices` say it."""
    try:
        if seen.size > SIZE_LIMIT:
            return _failed(
                source, seen, f"larger than {SIZE_LIMIT >> 20} MB", "Split it, or move it out of content/articles"
            )
        data = (folder / source).read_bytes()
    except OSError as error:
        again = replace(seen, stamp="")
        return _failed(source, again, f"cannot be read ({error.strerror})", "Check its permissions")
    digest = hashlib.sha256(data).hexdigest()
    notices: list[Notice] = []
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        text = data.decode("utf-8", "replace")
        notices.append(
            _notice(source, f"not UTF-8 text at byte {error.start}", "Damaged characters show as �; save it as UTF-8")
        )
    try:
        loaded = load_article(text)
    except FrontMatterError as error:
        return Read(
            source=source, seen=seen, sha256=digest, entry=None, notices=(_notice(source, str(error), level="error"),)
        )
    notices.extend(_notice(source, warning, "Mend it in the front matter") for warning in loaded.warnings)
    entry = None if loaded.draft else entry_of(source, digest, loaded)
    return Read(source=source, seen=seen, sha256=digest, entry=entry, notices=tuple(notices))


def entry_of(source: str, sha256: str, loaded: Loaded) -> Entry:
    """What the catalog keeps of an article."""
    article = loaded.article
    words = _words(article.body)
    return Entry(
        source=source,
        output=article_output(source),
        sha256=sha256,
        title=article.title,
        description=article.description,
        authors=article.authors,
        agencies=article.agencies,
        published=article.published,
        modified=article.modified,
        lang=article.lang,
        section=article.section,
        tags=article.tags,
        publisher=article.publisher,
        url=article.url if article.url.startswith(("http://", "https://")) else "",
        kind=article.kind,
        words=len(words),
        lead=next((figure for figure in article.figures if figure.lead), None),
        id=article.id,
        link_only=article.link_only,
        opening="" if article.description else _shortened(" ".join(words[:_OPENING])),
    )


def _words(body: str) -> list[str]:
    """The words of a body, without markup. Each pattern begins with a fixed sign, and so is found as fast as that."""
    text = _ADDRESS.sub(" ", _PICTURE.sub(" ", _LIST_MARK.sub(" ", f"\n{body}")))
    for sign in _SIGNS:
        text = text.replace(sign, " ")
    return text.split()


def _shortened(text: str) -> str:
    return text if len(text) <= _OPENING else text[:_OPENING].rsplit(" ", 1)[0] + " …"


def _failed(source: str, seen: Seen, what: str, hint: str) -> Read:
    return Read(source=source, seen=seen, sha256="", entry=None, notices=(_notice(source, what, hint, "error"),))


def _notice(source: str, what: str, hint: str = "", level: Level = "warning") -> Notice:
    return Notice(level=level, what=what, where=f"content/articles/{source}", hint=hint)
