"""Who signs a dump and when: the lines around the headline, or just below the text, that are byline or date."""

from __future__ import annotations

import re
from itertools import chain, takewhile

from backfile.cleaning.lexicon import Lexicon, fold
from backfile.cleaning.metadata.people import is_sentence, read_byline
from backfile.cleaning.metadata.stamps import Reading, find_date, find_stamp, is_future, reading
from backfile.cleaning.metadata.telling import tells_of_a_day
from backfile.cleaning.text.found import Parts
from backfile.cleaning.text.read import Measured
from backfile.cleaning.text.words import headline_words

_BELOW = 6
"""How many lines below the body may hold its byline and date."""
_BYLINE = ("byline", "the byline, kept as authors and agencies")
_PARTS = re.compile(r"\s*[|·•]\s*|\s[–—-]\s")
_PIECES = re.compile(r"\s*[|·•/]\s*|\s[–—-]\s|,\s")
_CLOCK = re.compile(r"\b\d{1,2}[:.h]\d{2}(?:\s?[ap]\.?m\b\.?)?|\b\d+\s?(?:min\w*|hours?|days?)\b[^|]{0,20}", re.I)
_FIGURE = re.compile("[0-9]")
_NAME = re.compile(
    r"[^\W\d_][\w'’.-]+(?: (?:(?:van|von|de|den|der|la|le|el|da|di|du|al|bin|ten) ){0,2}[^\W\d_][\w'’.-]*){1,5}"
)
_PARTICLES = frozenset(("van", "von", "de", "den", "der", "la", "le", "el", "da", "di", "du", "al", "bin", "ten"))
_LONGEST_DATE_LINE, _LONGEST_BYLINE, _MOST_NAMES, _BESIDE = 130, 160, 4, 2
_LABELLED_LINE, _UNLABELLED_LINE = 80, 55
"""How many characters beside its dates a date line may have."""
_ONLY_DATE = 40
"""How long the page's first line is at most that counts as a date line: a longer one is its title, or that of an
edition."""
_LABEL_ABOVE = 4
_FAR = 25
"""How many lines below the headline byline and date may stand."""


def _zone(parts: Parts, measured: Measured, keep: list[bool], body: list[int]) -> list[int]:
    """The lines, other than paragraphs, where byline and date stand: from just above the headline to the second
    paragraph, then just below the text."""
    second = body[min(2, len(body) - 1)]
    top = max(0, (parts.title_at if parts.title_at >= 0 else body[0] - 8) - 4)
    above = [i for i in range(top, second + 1) if not (keep[i] and measured.seen.prose[i])]
    below = list(
        takewhile(lambda i: not _leads_away(measured, i), range(body[-1] + 1, min(len(keep), body[-1] + 1 + _BELOW)))
    )
    if parts.title_at > 0:
        above = [i for i in above if i <= parts.title_at + _FAR]
    return [i for i in above if i > parts.title_at] + [i for i in above if i < parts.title_at][::-1] + below


def _leads_away(measured: Measured, i: int) -> bool:
    """Whether what stands below a line is of other stories."""
    said = measured.seen.said[i]
    return not {said.reason, said.opener}.isdisjoint(("related headlines", "most read"))


def find_dates(parts: Parts, measured: Measured, keep: list[bool], captured: str, body: list[int]) -> None:
    how = reading(measured.words.months, measured.lang)
    editions = _editions(measured, how)
    for i in _zone(parts, measured, keep, body):
        text = measured.seen.texts[i]
        if not measured.seen.digits[i] or len(text) > _LONGEST_DATE_LINE or i in parts.used or i in parts.reasons:
            continue
        found = [
            (kind, stamp) for kind, stamp in _dates_in(text, how, measured.words) if not is_future(stamp, captured)
        ]
        if i > body[-1] or (i == 0 and len(text) > _ONLY_DATE):
            found = [(kind, stamp) for kind, stamp in found if kind]
        found = [(kind, stamp) for kind, stamp in found if kind or stamp not in editions]
        if not found:
            continue
        if _runs_on(measured, parts, i) and not any(kind for kind, _ in found):
            found = [("updated", stamp) for _, stamp in found]
        _take_dates(parts, found, _first_comment(measured, how, body[-1]))
        keep[i] = False
        parts.reasons[i] = ("date", "the date line, kept as data")
    if parts.published and parts.modified and parts.modified[:10] < parts.published[:10]:
        parts.modified = ""


def _editions(measured: Measured, how: Reading) -> set[str]:
    """The days of printed editions that the page names."""
    cues = measured.words.cues.get("edition", ())
    seen = measured.seen
    named = [text for text, said in zip(seen.texts, seen.said, strict=True) if said.dated and _any(said.folded, cues)]
    return {find_stamp(text, how) for text in named}


def _any(folded: str, cues: tuple[str, ...]) -> bool:
    return any(cue in folded for cue in cues)


def _runs_on(measured: Measured, parts: Parts, i: int) -> bool:
    """Whether a label above a date or the headline says that the page is added to ("Live"): its date is an update's."""
    live = measured.words.cues.get("live", ())
    lines = {*range(max(0, i - _LABEL_ABOVE), i), *range(max(0, parts.title_at - 2), parts.title_at)}
    return any(fold(measured.seen.texts[k]) in live for k in lines)


def _first_comment(measured: Measured, how: Reading, last: int) -> str:
    """The earliest time of readers' comments below line `last`; empty where none is told with its clock time."""
    seen = measured.seen
    below = range(last + 1, len(seen.said))
    start = next((i for i in below if "comments" in (seen.said[i].reason, seen.said[i].opener)), len(seen.said))
    stamps = []
    for said, text in zip(seen.said[start:], seen.texts[start:], strict=True):
        if said.reason in ("related headlines", "most read"):
            break
        if said.dated and len(text) <= _ONLY_DATE + _LABELLED_LINE:
            stamps.append(find_stamp(text, how))
    return min((stamp for stamp in stamps if "T" in stamp), default="")


def _take_dates(parts: Parts, found: list[tuple[str, str]], comment: str) -> None:
    """The dates of one line. Of two that nothing is said of, the earlier is of publication; one later than the first
    `comment` is of an update."""
    if comment:
        found = [(kind or "updated" * (stamp[:10] > comment[:10]), stamp) for kind, stamp in found]
    bare = sorted(stamp for kind, stamp in found if not kind)
    for kind, stamp in found:
        if kind == "updated":
            parts.modified = parts.modified or stamp
        elif kind == "published":
            parts.published = parts.published or stamp
    if bare and not parts.published:
        parts.published = bare[0]
        if len(bare) > 1 and bare[-1][:10] != bare[0][:10]:
            parts.modified = parts.modified or bare[-1]


def _dates_in(text: str, how: Reading, words: Lexicon) -> list[tuple[str, str]]:
    """Each date of a line with what the words before it say: `published`, `updated` or nothing.

    A line that says much besides dates and names is about something else: an event, a broadcast. The day of a printed
    edition is not that of publication.
    """
    if _any(fold(text), words.cues.get("edition", ())):
        return []
    dates = []
    rest, others = text, len(text)
    for _ in range(3):
        found = find_date(rest, how)
        if not found:
            break
        _, start, end = found
        following = find_date(rest[end:], how)
        piece = rest[start : end + (following[1] if following else 60)]
        dates.append((_said(rest[:start], words), find_stamp(piece, how)))
        others -= end - start
        rest = rest[end:]
    labelled = any(kind for kind, _ in dates)
    first = find_date(text, how)
    if first and tells_of_a_day(text, text[: first[1]], words, how):
        return []
    return dates if others <= (_LABELLED_LINE if labelled else _UNLABELLED_LINE) else []


def _said(lead: str, words: Lexicon) -> str:
    folded = fold(lead)
    where = {
        kind: max((folded.rfind(cue) + len(cue) for cue in words.cues.get(kind, ()) if _has(folded, cue)), default=0)
        for kind in ("published", "updated")
    }
    if where["updated"] >= where["published"] and where["updated"]:
        return "updated"
    return "published" if where["published"] else ""


def _has(folded: str, cue: str) -> bool:
    """Whether a cue stands among the words before a date; one of two or three letters must be all there is."""
    if len(cue) <= 3 and cue.isascii():
        return folded == cue
    at = folded.rfind(cue)
    return at >= 0 and (at == 0 or not folded[at - 1].isalnum() or not cue.isascii())


def find_byline(parts: Parts, measured: Measured, keep: list[bool], body: list[int]) -> None:
    """Who signs: a line that says so, else a line of nothing but a name between headline and text."""
    seen = measured.seen
    how = reading(measured.words.months, measured.lang)
    zone = [i for i in _zone(parts, measured, keep, body) if i not in parts.used and seen.size[i] <= _LONGEST_BYLINE]
    zone = [i for i in zone if parts.reasons.get(i, ("date",))[0] == "date" and not seen.said[i].reason]
    zone = [i for i in zone if not is_sentence(seen.texts[i], measured.words)]
    for i in zone:
        signed = _signed(measured, i, how)
        byline = read_byline([signed], measured.words) if signed else None
        if byline and (byline.people or byline.agencies):
            parts.authors, parts.agencies = byline.people, byline.agencies
            parts.reasons[i] = _BYLINE
            keep[i] = False
            if fold(seen.texts[i]) in measured.words.cues.get("byline", ()):
                parts.reasons[i + 1] = _BYLINE
                keep[i + 1] = False
            return
    names = {i: _bare_name(measured, i, how) for i in zone if parts.title_at < i <= body[-1]}
    named = [i for i, name in names.items() if name]
    told = frozenset(chain.from_iterable([seen.spelled[i] for i in (*body, parts.title_at) if i >= 0] if named else ()))
    named = [i for i in named if not _is_told(headline_words(names[i]), told)]
    dated = [i for i, reason in parts.reasons.items() if reason[0] == "date"]
    far = {i: min((abs(i - d) for d in dated), default=9) for i in named}
    named = [i for i in named if far[i] <= _BESIDE or seen.texts[i].upper() != seen.texts[i].lower()]
    for i in sorted(named, key=far.__getitem__)[:1]:
        byline = read_byline([names[i]], measured.words)
        parts.authors, parts.agencies = byline.people, byline.agencies
        parts.reasons[i] = _BYLINE
        keep[i] = False


def _signed(measured: Measured, i: int, how: Reading) -> str:
    """The part of a line that is a byline by its first words; with the next line where it has nothing but them."""
    seen = measured.seen
    for piece in _PARTS.split(_undated(seen.texts[i], how)):
        folded = fold(piece)
        if measured.words.cue(folded) != "byline":
            continue
        if folded in measured.words.cues["byline"]:
            following = _undated(seen.texts[i + 1], how) if i + 1 < len(seen.texts) and seen.size[i + 1] < 80 else ""
            return f"{piece} {_leading_name(following, measured.words)}"
        return piece
    return ""


def _undated(text: str, how: Reading) -> str:
    if not _FIGURE.search(text):
        return text
    for _ in range(3):
        found = find_date(text, how)
        if not found:
            break
        text = f"{text[: found[1]]} | {text[found[2] :]}"
    return _CLOCK.sub(" | ", text)


def _bare_name(measured: Measured, i: int, how: Reading) -> str:
    """The name that a line starts with and holds little beside."""
    seen = measured.seen
    said = seen.said[i]
    if seen.texts[i].endswith(","):  # it greets someone
        return ""
    if said.labelled or seen.repeats[i] > 3 or seen.prose[i] or seen.lines[i].bullet:
        return ""
    if said.cue in ("photo", "production"):
        return ""
    pieces = [piece for piece in _PIECES.split(_undated(seen.texts[i], how)) if piece.strip()]
    return _leading_name(pieces[0], measured.words) if pieces else ""


def _is_told(words: frozenset[str], told: frozenset[str]) -> bool:
    """Whether a name is one that the text speaks of."""
    return words <= told or len(words & told) * 2 > len(words)


def _leading_name(text: str, words: Lexicon) -> str:
    """Two to four capitalised words at the start, where nothing follows but a role."""
    found = _NAME.match(text.strip())
    if found is None:
        return ""
    rest = fold(text.strip()[found.end() :])
    tokens = found[0].split()
    if not all(_capital(token) for token in tokens[:2]):
        return ""
    roles = words.cues.get("roles", ())
    for cut in range(len(tokens), 1, -1):
        tail = f"{' '.join(tokens[cut:])} {rest}".strip().casefold()
        if cut > _MOST_NAMES or not all(_capital(token) for token in tokens[:cut]):
            continue
        if not tail or any(role in tail for role in roles):
            return " ".join(tokens[:cut])
    return ""


def _capital(token: str) -> bool:
    return token[0].isupper() or token in _PARTICLES or token.upper() == token.lower()
