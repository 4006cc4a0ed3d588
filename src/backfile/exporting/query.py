"""Which articles to export: words and fields, as in the search box."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence

from backfile.dates import day
from backfile.model import Article
from backfile.report import ReadError

_FIELDS: dict[str, Callable[[Article], Iterable[str]]] = {
    "author": lambda article: (*article.authors, *article.agencies),
    "publisher": lambda article: (article.publisher,),
    "tag": lambda article: article.tags,
    "lang": lambda article: (article.lang, article.lang.partition("-")[0]),
}
_DATE = re.compile(r"\d{4}(-\d\d){0,2}")


def matcher(query: Sequence[str]) -> Callable[[Article], bool]:
    """True for the articles that a query finds: all its words, `author: publisher: tag: lang: after: before:`, `-not`.

    Raises ReadError for a query that cannot be read.
    """
    tests = [_test(part) for part in query]
    return lambda article: all(test(article) for test in tests)


def _test(part: str) -> Callable[[Article], bool]:
    if part.startswith("-") and len(part) > 1:
        inner = _test(part[1:])
        return lambda article: not inner(article)
    name, colon, value = part.partition(":")
    if colon and name in ("after", "before"):
        if not _DATE.fullmatch(value):
            raise ReadError(f"{part} has no date. Write {name}:2020, {name}:2020-06 or {name}:2020-06-15")
        return lambda article: _in_time(day(article.published), name, value)
    if colon and name in _FIELDS:
        wanted = _fold(value)
        return lambda article: any(_fold(each) == wanted for each in _FIELDS[name](article))
    word = _fold(part)
    return lambda article: word in _fold(f"{article.title}\n{article.description}\n{article.body}")


def _in_time(date: str, name: str, value: str) -> bool:
    if not date:
        return False
    return date[: len(value)] >= value if name == "after" else date[: len(value)] < value


def _fold(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
