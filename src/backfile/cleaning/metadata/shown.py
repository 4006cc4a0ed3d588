"""The dates that readers see: around the headline, in a `<time>` of the article, in a box made for a date."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, cast

from lxml import etree
from lxml.html import HtmlElement

from backfile.cleaning.lexicon import fold
from backfile.cleaning.metadata.facts import words_of
from backfile.cleaning.metadata.sources import Claim, Sources, trust
from backfile.cleaning.metadata.stamps import find_date, find_stamp, is_future, parse_stamp
from backfile.cleaning.metadata.zone import PROSE, Line, Zone, is_silent, lines_to_end

_DATED = re.compile(r"date|time|publish|posted|byline|datum|fecha|stamp|meta", re.I)
_UPDATED = re.compile(r"modif|updat|changed|aktualis", re.I)
_PUBLISHED = re.compile(r"publ|posted|creat|issued", re.I)
_DATE_BOX = re.compile(r"(?:^|[\s_-])(?:date|datum|dateline|fecha|posted|published|pubdate|timestamp)(?:$|[\s_-])", re.I)
_OTHERS_DATE = re.compile(r"comment|teaser|card|recent|related|item|list|event|widget|product|sidebar|reply|review", re.I)
_DATELINE = re.compile(r"\(?([^.|–—:()]{0,25}?[^|–—:()]{6,30}?\d{4})(?:\)|\s?[|–—:]|\.\s)")
_BOXES = etree.XPath(
    "(//@class[contains(., 'date') or contains(., 'Date') or contains(., 'posted') or contains(., 'datum')"
    " or contains(., 'fecha') or contains(., 'publish')])[position() <= 40]/parent::*"
)
_SHORT = etree.XPath(
    "//body//text()[string-length(.) >= 8 and string-length(.) < 60][not(parent::script or parent::style)]"
)
_REMARK = re.compile(r"comment|reply|review|copyright", re.I)
_DIGIT = re.compile(r"\d")
_MAX_SHORT, _MAX_BESIDE = 3000, 12
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


def around_headline(sources: Sources, zone: Zone) -> Shown:
    """The likeliest date shown around the headline, and the first one that is said to be of an update."""
    best, likeliest = None, 0
    modified: Claim | None = None
    days: set[str] = set()
    degree = trust("published")["visible"]
    dated = ((line, distance, date) for line, distance in _by_distance(zone) for date in _line_dates(sources, line))
    for line, distance, (stamp, lead, rest) in dated:
        if is_future(stamp, sources.captured):
            continue
        days.add(stamp[:10])
        claim = Claim(value=stamp, source="visible", trust=degree)
        if says_updated(sources, lead) or _marks_update(line.elements):
            modified = modified or claim
            continue
        likelihood = _likelihood(line, rest) + _CUED * says_published(sources, lead) - distance
        if likelihood > likeliest:
            best, likeliest = claim, likelihood
    return Shown(published=best, clear=likeliest >= _CLEAR, modified=modified, days=frozenset(days))


def _by_distance(zone: Zone) -> Iterator[tuple[Line, int]]:
    """The lines with their distance from the headline, paragraphs of the article counting much more."""
    distance = prose = 0
    for line in zone.after:
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
    text, start = line.text if len(line.text) <= _MAX_LINE else _opening(line.text), 0
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


def _opening(text: str) -> str:
    """What stands before the sign that ends the dateline of a paragraph ("Berlin, 25 January 2022 – …")."""
    match = _DATELINE.match(text)
    return match[1] if match else ""


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
    return any(0 < end and len(words) - end <= _BETWEEN for end in ends)


def _overlaps(sources: Sources, words: str, updated: int, published: int) -> bool:
    cue = max((c for c in sources.words.cues["updated"] if words.startswith(c, updated)), key=len)
    return published < updated + len(cue)


def in_time(sources: Sources) -> Claim | None:
    """The first `<time>` of the page's article that is not inside something else, nor of an update."""
    for element in sources.facts.times[:_MAX_TIMES]:
        around = list(element.iterancestors())
        if any(is_silent(a) for a in around if a.tag not in ("aside", "figure", "form")):
            continue
        if element.get("pubdate") is None and not any(a.tag in ("article", "main", "header") for a in around):
            continue
        stamp = time_of(sources, element)
        lead = " ".join((around[0].text or "").split()) if around else ""
        if stamp and not (_marks_update((element,)) or says_updated(sources, lead)):
            return _believed(sources, stamp, "time")
    return None


def in_box(sources: Sources) -> Claim | None:
    """The one day that every box made for a date gives, boxes of teasers and comments aside."""
    stamps: dict[str, str] = {}
    for element in cast(list[HtmlElement], _BOXES(sources.facts.tree)):
        if not _DATE_BOX.search(element.get("class", "")) or _marks_update((element,)):
            continue
        around = (element, *islice(element.iterancestors(), _MAX_AROUND))
        if any(_OTHERS_DATE.search(_names(a)) for a in around if a.tag not in ("html", "body")):
            continue
        line = Line(text=words_of(element), elements=(element,))
        for stamp, lead, rest in _line_dates(sources, line):
            if len(rest) <= _MAX_REST and not says_updated(sources, lead):
                stamps.setdefault(stamp[:10], stamp)
    return _believed(sources, next(iter(stamps.values())), "visible") if len(stamps) == 1 else None


def alone(sources: Sources) -> Claim | None:
    """The one day of all dates on the page that stand by themselves, those of comments and updates aside."""
    stamps: dict[str, str] = {}
    for text in cast(list[str], _SHORT(sources.facts.tree))[:_MAX_SHORT]:
        found = find_date(text, sources.reading) if _DIGIT.search(text) else None
        if found is None or len(text) - (found[2] - found[1]) > _MAX_BESIDE:
            continue
        element = cast(Any, text).getparent()
        around = (element, *islice(element.iterancestors(), _MAX_AROUND))
        lead = f"{words_of(around[1])[:_MAX_LINE] if len(around) > 1 else ''} "
        if any(_REMARK.search(_names(a)) for a in around if a.tag not in ("html", "body")):
            continue
        if not says_updated(sources, lead.partition(text.strip())[0] + text[: found[1]]):
            stamps.setdefault(found[0], find_stamp(text, sources.reading))
    return _believed(sources, next(iter(stamps.values())), "visible") if len(stamps) == 1 else None


def announced(sources: Sources, zone: Zone) -> Claim | None:
    """The first date anywhere below the headline that its line announces as the publication's."""
    for line in lines_to_end(zone):
        for stamp, lead, _ in _line_dates(sources, line):
            if says_published(sources, lead) and not says_updated(sources, lead):
                return _believed(sources, stamp, "visible")
    return None


def _believed(sources: Sources, stamp: str, source: str) -> Claim | None:
    if is_future(stamp, sources.captured):
        return None
    return Claim(value=stamp, source=source, trust=trust("published")[source])
