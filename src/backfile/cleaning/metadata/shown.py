"""The dates that readers see: around the headline, in a `<time>` of the article, in a box made for a date."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, cast

from lxml import etree
from lxml.html import HtmlElement

from backfile.cleaning.lexicon import fold
from backfile.cleaning.metadata.facts import squeeze, words_of
from backfile.cleaning.metadata.sources import Claim, Sources, trust
from backfile.cleaning.metadata.stamps import find_date, find_stamp, is_future, parse_stamp
from backfile.cleaning.metadata.telling import opening, tells_of_a_day
from backfile.cleaning.metadata.zone import PROSE, Line, Zone, is_comment, is_silent

_DATED = re.compile(r"date|time|publish|posted|byline|datum|fecha|stamp|meta", re.I)
_UPDATED = re.compile(r"modif|updat|changed|aktualis", re.I)
_PUBLISHED = re.compile(r"publ|posted|creat|issued", re.I)
_DATE_BOX = re.compile(
    r"(?:^|[\s_-])(?:date|datum|dateline|fecha|posted|published|pubdate|timestamp)(?:$|[\s_-])", re.I
)
_OTHERS_DATE = re.compile(
    r"comment|teaser|card|recent|related|item|list|event|widget|product|sidebar|reply|review", re.I
)
_YEARS = etree.XPath(
    "/html/body//text()[string-length(.) < 110][contains(., '20') or contains(., '19')]"
    "[not(parent::script or parent::style)]"
)
"""The short texts that may hold a year."""
_REMARK = re.compile(r"comment|reply|review|copyright", re.I)
_MAX_TEXTS, _MAX_BESIDE = 300, 12
_MAX_LINE, _MAX_REST, _MAX_TIMES, _MAX_AROUND, _MAX_DATES = 110, 40, 12, 12, 3
_LINES_A_POINT, _PROSE_COST = 4, 16
"""Distance from the headline costs a point every so many lines; a paragraph after the first counts as so many lines."""
_BETWEEN = 5
"""Letters that may stand between such a cue and the date ("posted on the")."""
_CUED = 4
_CLEAR = 6
"""Likelihood from which on a date may speak against the one in the head."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """What the page shows around its headline."""

    published: Claim | None = None
    clear: bool = False
    """Whether its line says by marks or words that it dates the article."""
    modified: Claim | None = None
    days: frozenset[str] = frozenset()
    """Every day that these lines give."""


def around_headline(sources: Sources, zone: Zone, known: str, *, update_known: bool) -> Shown:
    """The likeliest date shown around the headline, and the first one that is said to be of an update.

    Reading ends where the page shows the day of the time `known`, and with `update_known` also that of any update.
    """
    best, likeliest = None, 0
    modified: Claim | None = None
    days: set[str] = set()
    degree = trust("published")["visible"]
    lines = _by_distance(zone, lambda: known[:10] in days and (update_known or modified is not None))
    dated = ((line, distance, date) for line, distance in lines for date in _line_dates(sources, line))
    for line, distance, (stamp, lead, rest) in dated:
        if is_future(stamp, sources.captured):
            continue
        days.add(stamp[:10])
        claim = Claim(value=stamp, source="visible", trust=degree)
        if says_updated(sources, lead) or _marks_update(line.elements):
            modified = modified or claim
            continue
        if tells_of_a_day(line.text, lead, sources.words, sources.reading):
            continue
        likelihood = _likelihood(line, rest) + _CUED * says_published(sources, lead) - distance
        if likelihood > likeliest:
            best, likeliest = claim, likelihood
    return Shown(published=best, clear=likeliest >= _CLEAR, modified=modified, days=frozenset(days))


def _by_distance(zone: Zone, enough: Callable[[], bool]) -> Iterator[tuple[Line, int]]:
    """The lines with their distance from the headline, paragraphs of the article counting much more."""
    distance = prose = 0
    for line in zone.after:
        if enough():
            return
        yield line, distance // _LINES_A_POINT
        prose += len(line.text) >= PROSE
        distance += _PROSE_COST if len(line.text) >= PROSE and prose > 1 else 1
    for number, line in enumerate(reversed(zone.before)):
        yield line, number // 2


def _likelihood(line: Line, rest: str) -> int:
    """How much a line with a date looks like the one that dates the article: marked as such, and little else on it."""
    marked = any(e.tag == "time" or _DATED.search(_names(e)) for e in line.elements)
    return 4 + 4 * marked + (2 if len(rest) <= 12 else 0 if len(rest) <= _MAX_REST else -3)


def _names(element: HtmlElement) -> str:
    return f"{element.get('class', '')} {element.get('id', '')} {element.get('itemprop', '')}"


def _marks_update(elements: tuple[HtmlElement, ...]) -> bool:
    """Whether the names of the elements made for a date say "updated", and none of them anything else."""
    dated = [name for name in map(_names, elements) if _UPDATED.search(name) or _DATED.search(name)]
    return bool(dated) and all(_UPDATED.search(name) and not _PUBLISHED.search(name) for name in dated)


def _line_dates(sources: Sources, line: Line) -> Iterator[tuple[str, str, str]]:
    """The dates of a line, each with the words before it and all other words; a `<time>` counts where it says more."""
    time = next((e for e in line.elements if e.tag == "time"), None)
    marked = time_of(sources, time) if time is not None else ""
    text, start = line.text if len(line.text) <= _MAX_LINE else opening(line.text), 0
    for _ in range(_MAX_DATES):
        found = find_date(text[start:], sources.reading)
        if not found:
            break
        lead, rest = text[start : start + found[1]], text[: start + found[1]] + text[start + found[2] :]
        shown = find_stamp(text[start:], sources.reading)
        yield (marked if marked[:10] == shown[:10] and len(marked) > len(shown) else shown), lead, rest
        start += found[2]
    if marked and not start:
        yield marked, line.text, ""


def time_of(sources: Sources, element: HtmlElement) -> str:
    """The time that a `<time>` element gives: its attribute, else its text."""
    for text in (element.get("datetime"), element.get("content"), "".join(element.itertext())):
        stamp = parse_stamp(text, sources.reading) if text else ""
        if stamp:
            return stamp
    return ""


def says_updated(sources: Sources, lead: str) -> bool:
    """Whether the words before a date say that it is of an update; the last cue before it counts."""
    words = fold(lead)
    updated = max((words.rfind(cue) for cue in sources.words.cues.get("updated", ())), default=-1)
    published = max((words.rfind(cue) for cue in sources.words.cues.get("published", ()) if len(cue) > 3), default=-1)
    return updated >= 0 and (published < updated or _overlaps(sources, words, updated, published))


def says_published(sources: Sources, lead: str) -> bool:
    """Whether the words before a date end with those that introduce a publication's, or nearly."""
    words = " " + fold(lead)
    ends = (words.rfind(" " + cue) + len(cue) + 1 for cue in sources.words.cues.get("published", ()) if cue in words)
    return any(end > 0 and len(words) - end <= _BETWEEN for end in ends)


def _overlaps(sources: Sources, words: str, updated: int, published: int) -> bool:
    cue = max((c for c in sources.words.cues["updated"] if words.startswith(c, updated)), key=len)
    return published < updated + len(cue)


def in_time(sources: Sources) -> Claim | None:
    """The first `<time>` of the page's article that is not inside something else, nor of an update."""
    for element in sources.facts.times[:_MAX_TIMES]:
        around = list(element.iterancestors())
        if _is_anothers(around):
            continue
        if any(is_silent(a) for a in around if a.tag not in ("aside", "figure", "form")):
            continue
        if element.get("pubdate") is None and not any(a.tag in ("article", "main", "header") for a in around):
            continue
        stamp = time_of(sources, element)
        lead = " ".join((around[0].text or "").split()) if around else ""
        if stamp and not (_marks_update((element,)) or says_updated(sources, lead)):
            return _believed(sources, stamp, "time")
    return None


def elsewhere(sources: Sources) -> Claim | None:
    """A date that stands away from the headline.

    The first one that its words announce as the publication's; else the only day of all dates that stand by
    themselves, those of comments and updates aside; else the only day in boxes made for a date.
    """
    announced = ""
    single: dict[str, str] = {}
    boxed: dict[str, str] = {}
    for text in cast(list[str], _YEARS(sources.facts.tree))[:_MAX_TEXTS]:
        element = cast(Any, text).getparent()
        around = (element, *islice(element.iterancestors(), _MAX_AROUND))
        if _is_anothers(around):
            continue
        for stamp, lead, rest in _line_dates(sources, Line(text=squeeze(text), elements=())):
            before = words_of(around[1])[:_MAX_LINE].partition(squeeze(text))[0] if len(around) > 1 else ""
            if says_updated(sources, f"{before} {lead}") or _marks_update((element,)):
                continue
            if tells_of_a_day(text, f"{before} {lead}", sources.words, sources.reading):
                continue
            if says_published(sources, lead or before) and not any(map(is_silent, around)):
                announced = announced or stamp
            if len(rest) <= _MAX_BESIDE and not _is_named(around, _REMARK):
                single.setdefault(stamp[:10], stamp)
            if _DATE_BOX.search(element.get("class", "")) and not _is_named(around, _OTHERS_DATE):
                boxed.setdefault(stamp[:10], stamp)
    stamps = next(
        (s for s in ([announced] if announced else [], [*single.values()], [*boxed.values()]) if len(s) == 1), []
    )
    return _believed(sources, stamps[0], "visible") if stamps else None


def _is_anothers(around: Sequence[HtmlElement]) -> bool:
    """Whether what stands in these elements is another article's, or of the day a page was made.

    It is in a comment, in an `article` inside a list, an `aside` or a menu, or in the site's header rather than the
    article's.
    """
    if any(map(is_comment, around)):
        return True
    tags = [element.tag for element in around]
    if "article" in tags:
        return not {"aside", "li", "nav"}.isdisjoint(tags[tags.index("article") :])
    header = around[tags.index("header")] if "header" in tags and "main" not in tags else None
    return header is not None and next(header.iter("h1", "h2"), None) is None


def _is_named(elements: tuple[HtmlElement, ...], pattern: re.Pattern[str]) -> bool:
    return any(pattern.search(_names(e)) for e in elements if e.tag not in ("html", "body"))


def _believed(sources: Sources, stamp: str, source: str) -> Claim | None:
    if is_future(stamp, sources.captured):
        return None
    return Claim(value=stamp, source=source, trust=trust("published")[source])
