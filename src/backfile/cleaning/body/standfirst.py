"""The standfirst: what the page shows under its headline as a summary of the article."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from backfile.cleaning.blocks import ASIDE, FIGURE, FOOTER, FORM, HEADING, HIDDEN, LIST, NAV, PageBlocks, TextBlock

_NAMES = re.compile(
    r"standfirst|chapo|chapeau|\bdek\b|(?:sub|under)[-_]?(?:title|head|line)|\blede\b|\blead\b|teaser|summary|intro|excerpt|vorspann"
    r"|perex|sommario|occhiello|entradilla|bajada|ingress|manchet|deck",
    re.IGNORECASE,
)
_WORD = re.compile(r"\w+")
_LEAST, _MOST = 25, 900
_FIRST = 4
_ALIKE = 0.7
_SAME = 0.85
_ELSEWHERE = HIDDEN | NAV | FOOTER | FIGURE | ASIDE | FORM


def standfirst_blocks(page: PageBlocks, kept: Sequence[bool], description: str) -> list[TextBlock]:
    """The kept blocks that are the standfirst: before the body and unlike it, and told so by names, by boldness, or by
    the description in the page's head."""
    picked = [x for x in page.blocks if kept[x.index]]
    if len(picked) < 3:
        return []
    alike = Counter(_look(x) for x in picked)
    common = alike.most_common(1)[0][0]
    told = frozenset(_WORD.findall(description.casefold()))
    found: list[TextBlock] = []
    for x in picked[:_FIRST]:
        if _look(x) == common or x.flags & LIST or not _LEAST <= len(x.text) <= _MOST:
            break
        if alike[_look(x)] <= 2 and (
            _describes(x, told) or _is_named(x) or (x.strong > 0.9 or (x.flags & HEADING and not found))
        ):
            found.append(x)
        else:
            break
    if found and found[-1].flags & HEADING and not _describes(found[-1], told) and not _is_named(found[-1]):
        found.pop()
    return found


def described_block(page: PageBlocks, kept: Sequence[bool], description: str) -> list[TextBlock]:
    """The block above the text that says just what the description in the page's head says, where one does."""
    told = frozenset(_WORD.findall(description.casefold()))
    for x in page.blocks if told else ():
        if kept[x.index]:
            break
        if x.flags & _ELSEWHERE or not _LEAST <= len(x.text) <= _MOST:
            continue
        said = frozenset(_WORD.findall(x.text.casefold()))
        if len(said) > 4 and len(said & told) >= _SAME * max(len(said), len(told)):
            return [x]
    return []


def _look(x: TextBlock) -> tuple[str, str, int, bool]:
    return (x.box.tag, x.box.names, (x.box.parent or x.box).order, x.strong > 0.9)


def _describes(x: TextBlock, told: frozenset[str]) -> bool:
    words = _WORD.findall(x.text.casefold())
    return bool(told) and len(words) > 3 and sum(w in told for w in words) >= _ALIKE * len(words)


def _is_named(x: TextBlock) -> bool:
    parent = x.box.parent or x.box
    return bool(_NAMES.search(x.box.names) or _NAMES.search(parent.names))
