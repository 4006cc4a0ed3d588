"""When the article was first published and last updated: what the head says, checked against what the page shows."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from backfile.cleaning.metadata.facts import split_url
from backfile.cleaning.metadata.shown import around_headline, elsewhere, in_time
from backfile.cleaning.metadata.sources import Claim, Sources, claims, trust
from backfile.cleaning.metadata.stamps import (
    is_before,
    is_days_before,
    is_future,
    is_local_form,
    local_form,
    parse_stamp,
)
from backfile.cleaning.metadata.zone import Zone

_PATH_DAY = re.compile(
    r"/((?:19|20)\d\d)/(\d{1,2})/(\d{1,2})(?=/|$)"
    r"|(?<!\d)((?:19|20)\d\d)-(\d\d)-(\d\d)(?!\d)"
    r"|(?<![\dA-Za-z])((?:19|20)\d\d)(\d\d)(\d\d)(?![\dA-Za-z])"
)
_AGREEMENT = 1
"""What each further source of the same day adds to the trust in it."""
_SHOWN = 3
"""What the same day, clearly shown on the page, adds."""
_SEEN = ("visible", "time", "address")
_WEAK = 84
"""Sources of the head trusted less often give the day of a change: any clear date on the page goes first."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Dates:
    """The two times, with every claim read for them."""

    published: str = ""
    modified: str = ""
    published_claims: tuple[Claim, ...] = ()
    modified_claims: tuple[Claim, ...] = ()


def choose_dates(sources: Sources, zone: Zone, address: str) -> Dates:
    """The times of an article.

    The head's are believed before those shown, except that a page which clearly shows an earlier day was published
    then: its head gives the day of a new edition, or the same moment in another zone.
    """
    published, future = _read(sources, "published")
    modified, later = _read(sources, "modified")
    shown = around_headline(sources, zone, _best(published), update_known=bool(modified))
    first = _best(published, shown.published.value[:10] if shown.published and shown.clear else "")
    weak = max((claim.trust for claim in published), default=0) < _WEAK
    found = shown.published or (_unless(in_time(sources), _best(modified)) if weak else None)
    if not published:
        update = _best(modified or _listed(shown.modified))
        published = _listed(found or _in_address(sources, address) or _unless(elsewhere(sources), update))
        first = _best(published)
    elif found:
        stamp = found.value
        local = local_form(first, stamp) if stamp[:10] != first[:10] else ""
        clear = (shown.clear or not shown.published) and first[:10] not in shown.days
        overruled = clear and (stamp[:10] < first[:10] or (weak and stamp[:10] != first[:10]))
        reason = "the same moment in local time" if local else "clearer than what the head says" if overruled else ""
        published.append(replace(found, reason=reason))
        first = local or (stamp if overruled else first)
    modified += _listed(shown.modified)
    if first and (_is_contradicted(first, published, modified) or _is_older(first, published, sources, address)):
        first = ""
    last = _best(modified)
    if first and last and is_before(last, first):
        last = ""
    return Dates(
        published=first,
        modified=last,
        published_claims=(*published, *future),
        modified_claims=(*modified, *later),
    )


def _is_contradicted(first: str, published: list[Claim], modified: list[Claim]) -> bool:
    """Whether one source alone gives the day, as late as an update's, and another a much earlier one."""
    support = {claim.source for claim in published if claim.value[:10] == first[:10]}
    is_update = any(claim.value[:10] <= first[:10] for claim in modified)
    return len(support) == 1 and is_update and any(is_days_before(claim.value, first) for claim in published)


def _is_older(first: str, published: list[Claim], sources: Sources, address: str) -> bool:
    """Whether the address, which is given once, names a much earlier day than the head, whose day no reader sees."""
    claim = _in_address(sources, address)
    is_seen = any(c.source in _SEEN and c.value[:10] == first[:10] for c in published)
    return claim is not None and not is_seen and is_days_before(claim.value, first)


def _unless(found: Claim | None, modified: str) -> Claim | None:
    """A date that is only marked as one, unless it is the update's."""
    return found if found and found.value[:10] != modified[:10] else None


def _listed(claim: Claim | None) -> list[Claim]:
    return [claim] if claim else []


def _read(sources: Sources, field: str) -> tuple[list[Claim], list[Claim]]:
    """The claims of head and structured data that are times; apart those that lie after the capture."""
    found, future = [], []
    for claim in claims(sources, field):
        stamp = parse_stamp(claim.value, sources.reading)
        if stamp and is_future(stamp, sources.captured):
            future.append(replace(claim, value=stamp, trust=0, reason="lies after the capture"))
        elif stamp:
            found.append(replace(claim, value=stamp))
    return found, future


def _best(found: list[Claim], shown: str = "") -> str:
    """The day that is trusted most, as the most precise of its claims gives it; in local time where that is given.

    The day that the page clearly shows is trusted more.
    """
    if not found:
        return ""
    top: dict[str, int] = {}
    sources: dict[str, set[str]] = {}
    for claim in found:
        day = claim.value[:10]
        top[day] = max(top.get(day, 0), claim.trust)
        sources.setdefault(day, set()).add(claim.source)
    best = max(top, key=lambda day: top[day] + _AGREEMENT * (len(sources[day]) - 1) + _SHOWN * (day == shown))
    stamp = max((c for c in found if c.value[:10] == best), key=lambda c: (_precision(c.value), c.trust)).value
    return next((c.value for c in found if is_local_form(c.value, stamp)), stamp)


def _precision(stamp: str) -> int:
    """Date 0, midnight 1, clock time 2, and one more for an offset."""
    if len(stamp) == 10:
        return 0
    return (1 if stamp[11:19] == "00:00:00" else 2) + (len(stamp) > 19)


def _in_address(sources: Sources, address: str) -> Claim | None:
    match = _PATH_DAY.search(split_url(address).path) if address else None
    stamp = parse_stamp("-".join(filter(None, match.groups())), sources.reading) if match else ""
    if not stamp or is_future(stamp, sources.captured):
        return None
    return Claim(value=stamp, source="address", trust=trust("published")["address"])
