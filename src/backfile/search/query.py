"""What a person types → a question: words, phrases, alternatives, what must not be there, fields and times.

The page's script reads a question by the same rules; `docs/search.md` states them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, cast

from backfile.search.letters import paired_pattern, split

Field = Literal["author", "publisher", "tag", "lang"]

_BLANK = re.compile("[\t\n\r\u00a0\u3000]")
_PART = re.compile(r'(-?)(?:(author|publisher|tag|lang|after|before):)?(?:"([^"]*)"?|([^ "]+))')
_DATE = re.compile("(?!0000)[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?")
_LONGEST = 1000
"""Characters of a question; what follows is not read."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Clause:
    """Words one after another: a single one, or a phrase."""

    words: tuple[str, ...]
    prefix: bool = False
    """True where the one word stands for all that begin so."""
    last: bool = False
    """True for a word still being typed: it is a beginning where it is not known as a whole."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Filter:
    """A field that must have (or not have) these words; `exact`: these and no others."""

    field: Field
    words: tuple[str, ...]
    exact: bool
    negative: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """What an article must be to answer."""

    groups: tuple[tuple[Clause, ...], ...] = ()
    """Of each group one clause must be there."""
    without: tuple[Clause, ...] = ()
    filters: tuple[Filter, ...] = ()
    after: str = ""
    """The first day, as `2020`, `2020-06` or `2020-06-01`."""
    before: str = ""
    """The first day that is too late."""
    odd: tuple[str, ...] = ()
    """Times that are none, as they were typed: `after:soon`. Nothing answers such a question."""

    @property
    def is_empty(self) -> bool:
        """True where nothing is asked."""
        return self == Question()


def parse(text: str) -> Question:
    """The question in a text. What means nothing is passed over, but for times, which would narrow it: `odd`."""
    groups: list[tuple[Clause, ...]] = []
    without: list[Clause] = []
    filters: list[Filter] = []
    times = {"after": "", "before": ""}
    odd: list[str] = []
    joined = False
    typed = _BLANK.sub(" ", text[:_LONGEST])
    for found in _PART.finditer(typed):
        minus, field, quoted, bare = found.groups()
        if bare == "OR" and not minus and not field:
            joined = True
            continue
        value = quoted if bare is None else bare
        if field in times and _DATE.fullmatch(value):
            times[field] = value
        elif field in times:
            odd.append(found[0])
        elif field:
            words = tuple(split(value))
            if words:
                exact = bare is None
                filters.append(Filter(field=cast(Field, field), words=words, exact=exact, negative=bool(minus)))
        else:
            clause = _clause(value, bare is not None, found.end() == len(typed) and bare is not None)
            if clause and minus:
                without.append(clause)
            elif clause and joined and groups:
                groups[-1] = (*groups[-1], clause)
            elif clause:
                groups.append((clause,))
        joined = False
    return Question(groups=tuple(groups), without=tuple(without), filters=tuple(filters), odd=tuple(odd), **times)


def _clause(text: str, bare: bool, last: bool) -> Clause | None:
    words = split(text)
    if not words:
        return None
    if len(words) > 1 and paired_pattern().match(words[-1]) and len(words[-1]) == 1 and len(words[-2]) == 2:
        words.pop()  # the last character of a run stands in the pair before it
    single = len(words) == 1
    pair = bool(paired_pattern().fullmatch(words[0]))
    return Clause(words=tuple(words), prefix=single and (pair or (bare and text.endswith("*"))), last=single and last)
