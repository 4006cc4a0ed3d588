"""When the article was first published and last updated: head and structured data first, the visible text only then."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from lxml.html import HtmlElement

from backfile.cleaning.lexicon import fold
from backfile.cleaning.metadata.facts import split_url
from backfile.cleaning.metadata.sources import Claim, Sources, claims, trust
from backfile.cleaning.metadata.stamps import find_date, find_stamp, is_before, is_future, is_local_form, parse_stamp
from backfile.cleaning.metadata.zone import PROSE, Line, Zone, is_silent, lines_to_end

_PATH_DAY = re.compile(
    r"/((?:19|20)\d\d)/(\d{1,2})/(\d{1,2})(?=/|$)"
    r"|(?<!\d)((?:19|20)\d\d)-(\d\d)-(\d\d)(?!\d)"
    r"|(?<![\dA-Za-z])((?:19|20)\d\d)(\d\d)(\d\d)(?![\dA-Za-z])"
)
_AGREEMENT = 1
"""What each further source of the same day adds to the trust in it."""
_DATED = re.compile(r"date|time|publish|posted|byline|datum|fecha|stamp|meta", re.I)
_MAX_LINE, _MAX_TIMES = 110, 12
_LINES_A_POINT, _PROSE_COST = 4, 16
"""Distance from the headline costs a point every so many lines; a paragraph after the first counts as so many lines."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Dates:
    """The two times, with every claim read for them."""

    published: str = ""
    modified: str = ""
    published_claims: tuple[Claim, ...] = ()
    modified_claims: tuple[Claim, ...] = ()


def choose_dates(sources: Sources, zone: Callable[[], Zone], address: str) -> Dates:
    """The times of an article. The page is searched for a date only where its head gives none."""
    published = _read(sources, "published")
    modified = _read(sources, "modified")
    if not published:
        shown, shown_updates = _visible(sources, zone())
        published = shown or _elsewhere(sources) or _in_address(sources, address) or _announced(sources, zone())
        modified = modified or shown_updates
    first, last = _best(published), _best(modified)
    if first and last and is_before(last, first):
        last = ""
    return Dates(published=first, modified=last, published_claims=tuple(published), modified_claims=tuple(modified))


def _read(sources: Sources, field: str) -> list[Claim]:
    """The claims of head and structured data that are times, none of them after the capture."""
    found = []
    for claim in claims(sources, field):
        stamp = parse_stamp(claim.value, sources.reading)
        if stamp and not is_future(stamp, sources.captured):
            found.append(Claim(value=stamp, source=claim.source, trust=claim.trust))
    return found


def _best(found: list[Claim]) -> str:
    """The day that is trusted most, as the most precise of its claims gives it; in local time where that is given."""
    if not found:
        return ""
    top: dict[str, int] = {}
    sources: dict[str, set[str]] = {}
    for claim in found:
        day = claim.value[:10]
        top[day] = max(top.get(day, 0), claim.trust)
        sources.setdefault(day, set()).add(claim.source)
    best = max(top, key=lambda day: top[day] + _AGREEMENT * (len(sources[day]) - 1))
    stamp = max((c for c in found if c.value[:10] == best), key=lambda c: (_precision(c.value), c.trust)).value
    return next((c.value for c in found if is_local_form(c.value, stamp)), stamp)


def _precision(stamp: str) -> int:
    """Date 0, midnight 1, clock time 2, and one more for an offset."""
    if len(stamp) == 10:
        return 0
    return (1 if stamp[11:19] == "00:00:00" else 2) + (len(stamp) > 19)


def _visible(sources: Sources, zone: Zone) -> tuple[list[Claim], list[Claim]]:
    """The likeliest date shown around the headline, and the first one that is said to be of an update."""
    published: list[tuple[int, Claim]] = []
    modified: list[Claim] = []
    degree = trust("published")["visible"]
    for line, distance in _by_distance(zone):
        stamp, lead, rest = _line_date(sources, line)
        if not stamp or is_future(stamp, sources.captured):
            continue
        claim = Claim(value=stamp, source="visible", trust=degree)
        if _says_updated(sources, lead):
            modified.append(claim)
        else:
            cued = 4 * _says_published(sources, lead)
            published.append((_likelihood(line, rest) + cued - distance, claim))
    best = max(published, key=lambda pair: pair[0], default=None)
    return [best[1]] if best and best[0] > 0 else [], modified[:1]


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
    marked = any(e.tag == "time" or _DATED.search(f"{e.get('class', '')} {e.get('id', '')}") for e in line.elements)
    return 4 + 4 * marked + (2 if len(rest) <= 12 else 0 if len(rest) <= 40 else -3)


def _line_date(sources: Sources, line: Line) -> tuple[str, str, str]:
    """The date of a line, the words before it and all its other words; a `<time>` counts where it says more."""
    found = find_date(line.text, sources.reading) if len(line.text) <= _MAX_LINE else None
    shown = find_stamp(line.text, sources.reading) if found else ""
    lead, rest = (line.text[: found[1]], line.text[: found[1]] + line.text[found[2] :]) if found else ("", "")
    for element in [e for e in line.elements if e.tag == "time"][:1]:
        stamp = time_of(sources, element)
        if stamp and not shown:
            return stamp, line.text, ""
        if stamp[:10] == shown[:10] and len(stamp) > len(shown):
            return stamp, lead, rest
    return shown, lead, rest


def time_of(sources: Sources, element: HtmlElement) -> str:
    """The time that a `<time>` element gives: its attribute, else its text."""
    for text in (element.get("datetime"), element.get("content"), "".join(element.itertext())):
        stamp = parse_stamp(text, sources.reading) if text else ""
        if stamp:
            return stamp
    return ""


def _says_updated(sources: Sources, lead: str) -> bool:
    """Whether the words before a date say that it is of an update; the last cue before it counts."""
    words = fold(lead)
    updated = max((words.rfind(cue) for cue in sources.words.cues.get("updated", ())), default=-1)
    published = max((words.rfind(cue) for cue in sources.words.cues.get("published", ()) if len(cue) > 3), default=-1)
    return updated >= 0 and (published < updated or _overlaps(sources, words, updated, published))


def _says_published(sources: Sources, lead: str) -> bool:
    """Whether the words before a date end with those that introduce a publication's."""
    words = fold(lead)
    return any(words == cue or words.endswith(" " + cue) for cue in sources.words.cues.get("published", ()))


def _overlaps(sources: Sources, words: str, updated: int, published: int) -> bool:
    cue = max((c for c in sources.words.cues["updated"] if words.startswith(c, updated)), key=len)
    return published < updated + len(cue)


def _elsewhere(sources: Sources) -> list[Claim]:
    """The first `<time>` of the page's article that is not inside something else."""
    degree = trust("published")["time"]
    for element in sources.facts.times[:_MAX_TIMES]:
        around = list(element.iterancestors())
        if any(is_silent(a) for a in around if a.tag not in ("aside", "figure", "form")):
            continue
        if element.get("pubdate") is None and not any(a.tag in ("article", "main", "header") for a in around):
            continue
        stamp = time_of(sources, element)
        if stamp and not is_future(stamp, sources.captured):
            return [Claim(value=stamp, source="time", trust=degree)]
    return []


def _announced(sources: Sources, zone: Zone) -> list[Claim]:
    """The first date anywhere below the headline that its line announces as the publication's."""
    for line in lines_to_end(zone):
        stamp, lead, _ = _line_date(sources, line)
        if not stamp or is_future(stamp, sources.captured):
            continue
        if _says_published(sources, lead) and not _says_updated(sources, lead):
            return [Claim(value=stamp, source="visible", trust=trust("published")["visible"])]
    return []


def _in_address(sources: Sources, address: str) -> list[Claim]:
    match = _PATH_DAY.search(split_url(address).path) if address else None
    if match is None:
        return []
    stamp = parse_stamp("-".join(filter(None, match.groups())), sources.reading)
    if not stamp or is_future(stamp, sources.captured):
        return []
    return [Claim(value=stamp, source="address", trust=trust("published")["address"])]
