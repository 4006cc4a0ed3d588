"""An article's file → the catalog's entry."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from pathlib import Path

from backfile.catalog import Read
from backfile.clues import clues_of
from backfile.limits import limits
from backfile.markdown import Loaded, load_article
from backfile.media.names import media_addresses, media_name
from backfile.model import Article, Entry, Receipt
from backfile.paths import article_output
from backfile.receipts import read_stored
from backfile.report import FrontMatterError, Level, Notice, ReadError, advice
from backfile.scanning import Seen
from backfile.sentences import sentence_prints
from backfile.words import count_words, key_terms

_ADDRESS = re.compile(r"\]\((?:[^()\n]|\([^()\n]{0,200}\))*\)")
_PICTURE = re.compile(rf"!\[(?:[^\[\]\\\n]|\\.)*{_ADDRESS.pattern}")
_LIST_MARK = re.compile(r"\n\s{0,99}(?:[-+]|\d{1,9}[.)])\s")
_SIGNS = "\\*_`>#[]|"
_LINK = re.compile(r"(?<!!)\[[^\[\]\n]{0,500}\]\((https?://[^()\s<>]{4,2000})[)\s]")
_LINKS = 500
"""Links of one article that are followed: no article has more, but a list of links may."""
_OPENING = 220
"""Characters."""


def read_article(folder: Path, source: str, seen: Seen) -> Read:
    """Read one file below `content/articles/`; never raises for what is wrong with it: `notices` say it."""
    try:
        if seen.size > limits().article:
            return _failed(
                source, seen, f"larger than {limits().article_mb} MB", "Split it, or move it out of content/articles"
            )
        data = (folder / source).read_bytes()
    except OSError as error:
        again = replace(seen, stamp="")
        return _failed(source, again, f"cannot be read ({error.strerror})", advice(error))
    digest = hashlib.sha256(data).hexdigest()
    notices: list[Notice] = []
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        text = data.decode("utf-8", "replace")
        notices.append(
            _notice(source, f"not UTF-8 text at byte {error.start}", "Damaged characters show as �; save it as UTF-8")
        )
    if not text.strip("\ufeff\0 \t\r\n"):
        notices.append(_notice(source, "is empty", "Put it back from a copy, or delete it"))
    try:
        loaded = load_article(text)
    except FrontMatterError as error:
        return Read(
            source=source, seen=seen, sha256=digest, entry=None, notices=(_notice(source, str(error), level="error"),)
        )
    notices.extend(_notice(source, warning, "Mend it in the front matter") for warning in loaded.warnings)
    known = digest
    try:
        receipt = _receipt(folder, loaded.article.id)
    except ReadError:  # the article is read again until its receipt can be
        receipt, known, seen = None, "", replace(seen, stamp="")
    entry = None if loaded.draft else entry_of(source, digest, loaded, _words_removed(receipt))
    prints = sentence_prints(loaded.article.body) if entry and not entry.link_only else ()
    clues = clues_of(source, loaded.article, receipt) if entry else ()
    return Read(source=source, seen=seen, sha256=known, entry=entry, notices=tuple(notices), prints=prints, clues=clues)


def entry_of(source: str, sha256: str, loaded: Loaded, removed: int = -1) -> Entry:
    """What the catalog keeps of an article; `removed` counts the words of its page that are not in it."""
    article = loaded.article
    plain = _plain(article.body)
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
        words=count_words(plain),
        lead=next((figure for figure in article.figures if figure.lead), None),
        media=_media(article),
        id=article.id,
        versions=article.versions,
        links=() if article.link_only else tuple(dict.fromkeys(_LINK.findall(article.body)))[:_LINKS],
        link_only=article.link_only,
        opening="" if article.description else _shortened(plain),
        terms=() if article.link_only else key_terms(article.title, article.tags, plain, article.lang),
        removed=removed,
    )


def _plain(body: str) -> str:
    """The words of a body, without markup. Each pattern begins with a fixed sign, and so is found as fast as that."""
    text = _ADDRESS.sub(" ", _PICTURE.sub(" ", _LIST_MARK.sub(" ", f"\n{body}")))
    for sign in _SIGNS:
        text = text.replace(sign, " ")
    return " ".join(text.split())


def _receipt(folder: Path, capture_id: str) -> Receipt | None:
    stored = read_stored(folder.parent / "receipts", capture_id) if capture_id else None
    return stored.receipt if stored else None


def _words_removed(receipt: Receipt | None) -> int:
    return sum(count_words(part.text) for part in receipt.removed) if receipt else -1


def _media(article: Article) -> tuple[str, ...]:
    leads = (figure.file for figure in article.figures if figure.lead)
    names = (media_name(address) for address in (*leads, *media_addresses(article.body)))
    return tuple(dict.fromkeys(filter(None, names)))


def _shortened(text: str) -> str:
    return text if len(text) <= _OPENING else text[:_OPENING].rsplit(" ", 1)[0] + " …"


def _failed(source: str, seen: Seen, what: str, hint: str) -> Read:
    return Read(source=source, seen=seen, sha256="", entry=None, notices=(_notice(source, what, hint, "error"),))


def _notice(source: str, what: str, hint: str = "", level: Level = "warning") -> Notice:
    return Notice(level=level, what=what, where=f"content/articles/{source}", hint=hint)
