"""The lines around and inside the body, told apart: headline, byline, dates, captions, credits, related headlines."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from backfile.cleaning.lexicon import Lexicon, fold
from backfile.cleaning.metadata.people import read_byline
from backfile.cleaning.metadata.stamps import Reading, find_date, find_stamp, is_future, reading
from backfile.cleaning.text.features import Seen, headline_words
from backfile.cleaning.text.headline import headline_above, headline_text
from backfile.cleaning.text.lines import plain
from backfile.cleaning.text.read import Measured
from backfile.model import Figure, Link

_BELOW = 6
"""How many lines below the body may hold its byline and date."""
_LONGEST_SUMMARY, _LONGEST_CAPTION, _NARROWLY = 500, 400, 0.35
_APART, _STRAY = 20, 0.15
"""How many lines may lie between two paragraphs of one article, and what share of the text may stand above them."""
_SEPARATOR = re.compile(r"\s*[:•·|–—-]\s*")
_BYLINE = ("byline", "the byline, kept as authors and agencies")
_PARTS = re.compile(r"\s*[|·•]\s*|\s[–—-]\s")
_PIECES = re.compile(r"\s*[|·•/]\s*|\s[–—-]\s|,\s")
_CLOCK = re.compile(r"\b\d{1,2}[:.h]\d{2}(?:\s?[ap]\.?m\b\.?)?|\b\d+\s?(?:min\w*|hours?|days?)\b[^|]{0,20}", re.I)
_NAME = re.compile(
    r"[^\W\d_][\w'’.-]+(?: (?:(?:van|von|de|den|der|la|le|el|da|di|du|al|bin|ten) ){0,2}[^\W\d_][\w'’.-]*){1,5}"
)
_PARTICLES = frozenset(("van", "von", "de", "den", "der", "la", "le", "el", "da", "di", "du", "al", "bin", "ten"))
_LONGEST_DATE_LINE, _LONGEST_BYLINE, _MOST_NAMES, _BESIDE = 130, 160, 4, 2
_LABELLED_LINE, _UNLABELLED_LINE = 80, 55
"""How many characters beside its dates a date line may have."""
_FAR = 25
"""How many lines below the headline byline and date may stand."""
_MAX_RELATED = 15


@dataclass(slots=True)
class Parts:
    """What was found, and for each line that is spoken for the reason that the receipt gives."""

    title: str = ""
    title_at: int = -1
    authors: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    published: str = ""
    modified: str = ""
    section: str = ""
    standfirst_at: int = -1
    figures: list[Figure] = field(default_factory=list)
    credits: list[str] = field(default_factory=list)
    related: list[Link] = field(default_factory=list)
    used: set[int] = field(default_factory=set)
    """Lines that stand in the article word for word."""
    reasons: dict[int, tuple[str, str]] = field(default_factory=dict)
    """Lines read as data: step and reason."""


def find_parts(measured: Measured, chances: list[float], keep: list[bool], captured: str) -> Parts:
    """Everything but the body. `keep` is changed where a kept line turns out to be one of the parts, or a line that
    was dropped narrowly to be the standfirst."""
    parts = Parts()
    body = [i for i, kept in enumerate(keep) if kept]
    if not body:
        return parts
    _find_title(parts, measured, keep, body)
    _find_credits(parts, measured, keep, body)
    body = [i for i, kept in enumerate(keep) if kept]
    if not body:
        return parts
    _find_captions(parts, measured, keep, body)
    _rescue_summary(parts, measured, chances, keep, body)
    body = [i for i, kept in enumerate(keep) if kept]
    _find_dates(parts, measured, keep, captured, body)
    _find_byline(parts, measured, keep, body)
    _find_standfirst(parts, measured, keep, body)
    _find_section(parts, measured, body)
    _find_related(parts, measured, keep, body)
    return parts


def _find_title(parts: Parts, measured: Measured, keep: list[bool], body: list[int]) -> None:
    seen = measured.seen
    prose = [i for i in body if seen[i].prose]
    at = measured.title_at
    run = _main_part(seen, prose) or body
    if at < 0 or at > run[0]:
        at = headline_above(seen, run[0], run)
    if at < 0:
        return
    lines = [s.line for s in seen]
    parts.title, parts.title_at = headline_text(lines, at), at
    parts.used.add(at)
    keep[at] = False
    bare = plain(parts.title)
    for i, s in enumerate(seen[: body[-1] + 1]):
        if i != at and plain(s.line.text) == bare:
            keep[i] = False
            parts.reasons[i] = ("headline", "repeats the headline")
    if measured.title_at >= 0 and at != 0 and not keep[0]:
        parts.reasons.setdefault(0, ("headline", "repeats the headline"))
    for i in range(at):
        if keep[i]:
            keep[i] = False
            parts.reasons.setdefault(i, ("outside", "stands above the headline"))


def _main_part(seen: list[Seen], prose: list[int]) -> list[int]:
    """The kept paragraphs without the few that stand far above the bulk of them."""
    total = sum(seen[i].prose for i in prose)
    start, before = 0, 0.0
    for k in range(1, len(prose)):
        before += seen[prose[k - 1]].prose
        if before > _STRAY * total:
            break
        if prose[k] - prose[k - 1] > _APART:
            start = k
    return prose[start:]


def _find_credits(parts: Parts, measured: Measured, keep: list[bool], body: list[int]) -> None:
    """ "Video editor • …" and the like, after the text."""
    for i in range(body[len(body) // 2], min(len(keep), body[-1] + _BELOW)):
        text = measured.seen[i].line.text
        if measured.seen[i].size > 90 or i in parts.used:
            continue
        pieces = _SEPARATOR.split(text, maxsplit=1)
        if len(pieces) == 2 and pieces[1] and fold(pieces[0]) in measured.words.cues.get("production", ()):
            parts.credits.append(f"{pieces[0]}: {pieces[1]}")
            parts.used.add(i)
            keep[i] = False


def _find_captions(parts: Parts, measured: Measured, keep: list[bool], body: list[int]) -> None:
    """Captions with a credit, and the same caption without it; the lead picture's where they stand above the text."""
    seen = measured.seen
    texts: dict[str, int] = {}
    first_prose = next((i for i in body if seen[i].prose and not seen[i].credited), body[0])
    for i in range(max(0, parts.title_at), body[-1] + 1):
        if (
            i in parts.used
            or i in parts.reasons
            or (keep[i] and (seen[i].full_stop or seen[i].size > _LONGEST_CAPTION))
        ):
            continue
        text = seen[i].line.text
        caption, credit = split_credit(text, measured.words) if not seen[i].reason else ("", "")
        if not credit or (keep[i] and not _plainly(text, credit)):
            texts.setdefault(plain(text), i)
            continue
        keep[i] = False
        first = texts.get(plain(caption)) if caption else None
        if first is not None:
            parts.used.add(first)
            parts.reasons.pop(first, None)
            parts.reasons[i] = ("caption", "repeats the caption; its credit is kept with the picture")
        elif caption:
            parts.reasons[i] = ("caption", "a picture's caption, kept with the picture")
        else:
            parts.reasons[i] = ("caption", "a picture's credit, kept with the picture")
        _add_figure(parts, caption, credit, lead=i < first_prose)


def _plainly(text: str, credit: str) -> bool:
    """Whether a colon or a copyright sign introduces the credit, and it is a short one."""
    return len(credit) <= 60 and text[: text.rfind(credit)].rstrip()[-1:] in (":", "©", "：")


def _add_figure(parts: Parts, caption: str, credit: str, *, lead: bool) -> None:
    for figure in parts.figures:
        if figure.credit == credit and (not caption or figure.caption == caption):
            return
    if caption or not parts.figures:
        lead = lead and not any(f.lead for f in parts.figures)
        parts.figures.append(Figure(caption=caption, credit=credit, lead=lead))


def split_credit(text: str, words: Lexicon) -> tuple[str, str]:
    """A caption and its credit, told apart by the words that introduce credits; no credit where there are none."""
    if len(text) > 700:
        return "", ""
    lowered = text.lower()
    if len(lowered) != len(text):
        return "", ""
    for cue in words.cues.get("photo", ()):
        at = lowered.rfind(cue)
        if at < 0 or (cue[0].isalnum() and at and lowered[at - 1].isalnum()):
            continue
        after = at + len(cue)
        if cue[-1].isalnum() and cue.isascii() and lowered[after : after + 1].isalnum():
            continue
        before = text[:at].rstrip(" ([|–—-/,:")
        credit = text[after:].strip(" :.)]|–—-,=：／/")
        ends = (
            not before
            or before[-1] in ".!?…。»”\"'|"
            or text[at - 1 : at] in "([|/"
            or text[:at].rstrip()[-1:] in "([|–—/"
        )
        if ends and 2 <= len(credit) <= 90 and credit[0] != "," and (not before or len(before) > 8):
            return before.strip(), credit
    return "", ""


def _zone(parts: Parts, measured: Measured, keep: list[bool], body: list[int]) -> list[int]:
    """The lines, other than paragraphs, where byline and date stand: from just above the headline to the second
    paragraph, then just below the text."""
    second = body[min(2, len(body) - 1)]
    top = max(0, (parts.title_at if parts.title_at >= 0 else body[0] - 8) - 4)
    above = [i for i in range(top, second + 1) if not (keep[i] and measured.seen[i].prose)]
    below = list(range(body[-1] + 1, min(len(keep), body[-1] + 1 + _BELOW)))
    if parts.title_at >= 0:
        above = [i for i in above if i <= parts.title_at + _FAR]
    return [i for i in above if i > parts.title_at] + [i for i in above if i < parts.title_at][::-1] + below


def _find_dates(parts: Parts, measured: Measured, keep: list[bool], captured: str, body: list[int]) -> None:
    how = reading(measured.words.months, measured.lang)
    for i in _zone(parts, measured, keep, body):
        text = measured.seen[i].line.text
        if len(text) > _LONGEST_DATE_LINE or i in parts.used or i in parts.reasons:
            continue
        found = [
            (kind, stamp) for kind, stamp in _dates_in(text, how, measured.words) if not is_future(stamp, captured)
        ]
        if i > body[-1]:
            found = [(kind, stamp) for kind, stamp in found if kind]
        if not found:
            continue
        _take_dates(parts, found)
        keep[i] = False
        parts.reasons[i] = ("date", "the date line, kept as data")
    if parts.published and parts.modified and parts.modified[:10] < parts.published[:10]:
        parts.modified = ""


def _take_dates(parts: Parts, found: list[tuple[str, str]]) -> None:
    """The dates of one line. Of two that nothing is said of, the earlier is of publication."""
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

    A line that says much besides dates and names is about something else: an event, an edition, a broadcast.
    """
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


def _find_byline(parts: Parts, measured: Measured, keep: list[bool], body: list[int]) -> None:
    """Who signs: a line that says so, else a line of nothing but a name between headline and text."""
    seen = measured.seen
    how = reading(measured.words.months, measured.lang)
    zone = [i for i in _zone(parts, measured, keep, body) if i not in parts.used and seen[i].size <= _LONGEST_BYLINE]
    zone = [i for i in zone if parts.reasons.get(i, ("date",))[0] == "date" and not seen[i].reason]
    for i in zone:
        signed = _signed(measured, i, how)
        byline = read_byline([signed], measured.words) if signed else None
        if byline and (byline.people or byline.agencies):
            parts.authors, parts.agencies = byline.people, byline.agencies
            parts.reasons[i] = _BYLINE
            keep[i] = False
            if fold(seen[i].line.text) in measured.words.cues.get("byline", ()):
                parts.reasons[i + 1] = _BYLINE
                keep[i + 1] = False
            return
    told = headline_words(" ".join(seen[i].line.text for i in (*body, parts.title_at) if i >= 0))
    named = [i for i in zone if parts.title_at < i <= body[-1] and _bare_name(measured, i, how, told)]
    dated = [i for i, reason in parts.reasons.items() if reason[0] == "date"]
    far = {i: min((abs(i - d) for d in dated), default=9) for i in named}
    named = [i for i in named if far[i] <= _BESIDE or seen[i].line.text.upper() != seen[i].line.text.lower()]
    for i in sorted(named, key=far.__getitem__)[:1]:
        byline = read_byline([_bare_name(measured, i, how, told)], measured.words)
        parts.authors, parts.agencies = byline.people, byline.agencies
        parts.reasons[i] = _BYLINE
        keep[i] = False


def _signed(measured: Measured, i: int, how: Reading) -> str:
    """The part of a line that is a byline by its first words; with the next line where it has nothing but them."""
    seen = measured.seen
    for piece in _PARTS.split(_undated(seen[i].line.text, how)):
        folded = fold(piece)
        if measured.words.cue(folded) != "byline":
            continue
        if folded in measured.words.cues["byline"]:
            following = _undated(seen[i + 1].line.text, how) if i + 1 < len(seen) and seen[i + 1].size < 80 else ""
            return f"{piece} {_leading_name(following, measured.words)}"
        return piece
    return ""


def _undated(text: str, how: Reading) -> str:
    for _ in range(3):
        found = find_date(text, how)
        if not found:
            break
        text = f"{text[: found[1]]} | {text[found[2] :]}"
    return _CLOCK.sub(" | ", text)


def _bare_name(measured: Measured, i: int, how: Reading, told: frozenset[str]) -> str:
    """The name that a line starts with and holds little beside, if it is none that the text speaks of."""
    s = measured.seen[i]
    if s.labelled or s.repeats > 3 or s.prose or s.line.bullet or s.cue in ("photo", "production"):
        return ""
    pieces = [piece for piece in _PIECES.split(_undated(s.line.text, how)) if piece.strip()]
    name = _leading_name(pieces[0], measured.words) if pieces else ""
    words = headline_words(name)
    return name if name and not words <= told and len(words & told) * 2 <= len(words) else ""


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


def _rescue_summary(parts: Parts, measured: Measured, chances: list[float], keep: list[bool], body: list[int]) -> None:
    """A sentence or two between headline and text that was dropped by little, and is no caption, is the standfirst."""
    first = next((i for i in body if measured.seen[i].prose), body[0])
    if parts.title_at < 0 or any(keep[i] and measured.seen[i].prose for i in range(parts.title_at, first)):
        return
    for i in range(first - 1, parts.title_at, -1):
        s = measured.seen[i]
        taken = i in parts.used or i in parts.reasons or s.labelled or s.repeats > 1
        if s.prose and s.full_stop and s.size <= _LONGEST_SUMMARY and not taken and chances[i] >= _NARROWLY:
            keep[i] = True
            return


def _find_standfirst(parts: Parts, measured: Measured, keep: list[bool], body: list[int]) -> None:
    """The first paragraph, where lines of the page's head or an advertisement stand between it and the text."""
    if len(body) < 3 or not 50 <= measured.seen[body[0]].size <= 500 or body[0] < parts.title_at:
        return
    between = range(body[0] + 1, body[1])
    heads = [i for i in between if parts.reasons.get(i, ("",))[0] in ("date", "byline")]
    marked = any(measured.seen[i].reason in ("advertising marker", "share buttons") for i in between)
    if heads or marked:
        parts.standfirst_at = body[0]


def _find_section(parts: Parts, measured: Measured, body: list[int]) -> None:
    at = parts.title_at if parts.title_at >= 0 else body[0]
    for i in (at - 1, at + 1):
        if 0 <= i < len(measured.seen) and measured.seen[i].menu and i not in parts.reasons and i not in parts.used:
            parts.section = measured.seen[i].line.text
            parts.reasons[i] = ("section", "the section, kept as data")
            return


def _find_related(parts: Parts, measured: Measured, keep: list[bool], body: list[int]) -> None:
    """The headlines under "read also", below the text."""
    seen = measured.seen
    for i in range(body[-1] + 1, min(len(seen), body[-1] + 60)):
        if seen[i].reason != "related headlines":
            continue
        for j in range(i + 1, min(len(seen), i + 1 + _MAX_RELATED)):
            s = seen[j]
            if s.reason or s.opener or s.menu or (s.words < 3 and s.size < 25) or s.size > 200:
                break
            if j not in parts.reasons:
                parts.related.append(Link(title=s.line.text))
                parts.used.add(j)
        if parts.related:
            return
