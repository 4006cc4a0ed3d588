"""When the article was first published and last updated: head and structured data first, the visible text only then."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from backfile.clean.lexicon import fold
from backfile.clean.metadata.sources import Claim, Sources, claims, trust
from backfile.clean.metadata.stamps import find_date, find_stamp, is_future, parse_stamp
from backfile.clean.metadata.zone import Line, Zone, is_silent

_PATH_DAY = re.compile(r"(?:^|[/_.-])((?:19|20)\d\d)[/_-]?(0?[1-9]|1[0-2])[/_-]?(0[1-9]|[12]\d|3[01]|[1-9](?=[/_-]))(?=$|[/_.-])")
_AGREEMENT = 4
"""What each further source of the same day adds to the trust in it."""
_MAX_LINE, _MAX_TIMES = 110, 12


@dataclass(frozen=True, kw_only=True, slots=True)
class Dates:
    """The two times, with every claim read for them."""

    published: str = ""
    modified: str = ""
    published_claims: tuple[Claim, ...] = ()
    modified_claims: tuple[Claim, ...] = ()


def choose_dates(sources: Sources, zone: Zone, address: str) -> Dates:
    """The times of an article. The page is searched for a date only where its head gives none."""
    published = _read(sources, "published")
    modified = _read(sources, "modified")
    if not published:
        shown, shown_updates = _visible(sources, zone)
        published = shown or _elsewhere(sources) or _in_address(sources, address)
        modified = modified or shown_updates
    first, last = _best(published), _best(modified)
    if first and last and last[:10] < first[:10]:
        last = ""
    return Dates(published=first, modified=last, published_claims=tuple(published), modified_claims=tuple(modified))


def _read(sources: Sources, field: str) -> list[Claim]:
    """The claims of head and structured data that are times, none of them after the capture."""
    found = []
    for claim in claims(sources, field):
        stamp = parse_stamp(claim.value, sources.reading)
        if stamp and claim.trust and not is_future(stamp, sources.captured):
            found.append(Claim(value=stamp, source=claim.source, trust=claim.trust))
    return found


def _best(found: list[Claim]) -> str:
    """The day that is trusted most, as the most precise of its claims gives it."""
    if not found:
        return ""
    top: dict[str, int] = {}
    sources: dict[str, set[str]] = {}
    for claim in found:
        day = claim.value[:10]
        top[day] = max(top.get(day, 0), claim.trust)
        sources.setdefault(day, set()).add(claim.source)
    best = max(top, key=lambda day: top[day] + _AGREEMENT * (len(sources[day]) - 1))
    same = [c for c in found if c.value[:10] == best]
    return max(same, key=lambda c: (_precision(c.value), c.trust)).value


def _precision(stamp: str) -> int:
    """Date 0, midnight 1, clock time 2, and one more for an offset."""
    if len(stamp) == 10:
        return 0
    return (1 if stamp[11:19] == "00:00:00" else 2) + (len(stamp) > 19)


def _visible(sources: Sources, zone: Zone) -> tuple[list[Claim], list[Claim]]:
    """The first date shown around the headline, and the first one that is said to be of an update."""
    published: list[Claim] = []
    modified: list[Claim] = []
    degree = trust("published")["visible"]
    for line in zone.lines():
        stamp, lead = _line_date(sources, line)
        if not stamp or is_future(stamp, sources.captured):
            continue
        claim = Claim(value=stamp, source="visible", trust=degree)
        (modified if _says_updated(sources, lead) else published).append(claim)
        if published:
            break
    return published[:1], modified[:1]


def _line_date(sources: Sources, line: Line) -> tuple[str, str]:
    """The date of a line and the words before it; of a `<time>` its attribute where it agrees or says more."""
    found = find_date(line.text, sources.reading) if len(line.text) <= _MAX_LINE else None
    shown = find_stamp(line.text, sources.reading) if found else ""
    times = [e for e in line.elements if e.tag == "time"]
    for element in times[:1]:
        stamp = time_of(sources, element)
        if stamp and (not shown or (shown[:10] == stamp[:10] and len(stamp) > len(shown))):
            before = line.text[: found[1]] if found else line.text
            return stamp, before
    return (shown, line.text[: found[1]]) if found else ("", "")


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


def _in_address(sources: Sources, address: str) -> list[Claim]:
    match = _PATH_DAY.search(urlsplit(address).path) if address else None
    if match is None:
        return []
    stamp = parse_stamp("-".join(match.groups()), sources.reading)
    if not stamp or is_future(stamp, sources.captured):
        return []
    return [Claim(value=stamp, source="address", trust=trust("published")["address"])]
