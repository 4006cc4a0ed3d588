"""The lines around and inside the body, told apart: headline, byline, dates, captions, credits, related headlines."""

from __future__ import annotations

import re
from collections.abc import Sequence

from backfile.cleaning.lexicon import fold
from backfile.cleaning.text.features import Seen
from backfile.cleaning.text.found import Parts
from backfile.cleaning.text.headline import find_headline
from backfile.cleaning.text.lines import plain
from backfile.cleaning.text.read import Measured
from backfile.cleaning.text.signed import find_byline, find_dates
from backfile.cleaning.text.weights import current
from backfile.model import Figure, Link

_BELOW = 6
"""How many lines below the body may hold its production credits."""
_LONGEST_SUMMARY, _LONGEST_CAPTION, _NARROWLY = 500, 400, 0.35
_APART, _STRAY = 20, 0.15
"""How many lines may lie between two paragraphs of one article, and what share of the text may stand above them."""
_SEPARATOR = re.compile(r"\s*[:•·|–—-]\s*")
_MAX_RELATED = 15


def find_parts(measured: Measured, chances: list[float], keep: list[bool], captured: str, told: str = "") -> Parts:
    """Everything but the body. `keep` is changed where a kept line turns out to be one of the parts, or a line that
    was dropped narrowly to be the standfirst. `told` is the title that the file around the page gives."""
    parts = Parts()
    body = [i for i, kept in enumerate(keep) if kept]
    if not body:
        return parts
    _find_title(parts, measured, chances, keep, told)
    _find_credits(parts, measured, keep, body)
    body = [i for i, kept in enumerate(keep) if kept]
    if not body:
        return parts
    _find_captions(parts, measured, keep, body)
    _rescue_summary(parts, measured, chances, keep, body)
    body = [i for i, kept in enumerate(keep) if kept]
    find_dates(parts, measured, keep, captured, body)
    find_byline(parts, measured, keep, body)
    _find_standfirst(parts, measured, keep, body)
    _find_section(parts, measured, keep, body)
    _find_related(parts, measured, keep, body)
    return parts


def _find_title(parts: Parts, measured: Measured, chances: Sequence[float], keep: list[bool], told: str) -> None:
    seen = measured.seen
    body = [i for i, kept in enumerate(keep) if kept]
    run = main_part(seen, body)
    headline = find_headline(seen, chances, run, current().headline, told)
    if headline is None:
        return
    at = headline.shown
    parts.title, parts.title_at = headline.title.text, at
    for line in {at, headline.title.at}:
        keep[line] = False
        parts.reasons[line] = ("headline", "another form of the headline")
    if not headline.title.cut:
        parts.used.add(headline.title.at)
    bare = plain(parts.title)
    size = len(parts.title)
    for i in range(body[-1] + 1):
        near = size - 8 <= len(seen.texts[i]) <= size + 8
        if near and i not in parts.used and plain(seen.texts[i]) == bare:
            keep[i] = False
            parts.reasons[i] = ("headline", "repeats the headline")
    if measured.title_at >= 0 and at != 0 and not keep[0]:
        parts.reasons.setdefault(0, ("headline", "repeats the headline"))
    for i in range(at):
        if keep[i] and i < run[0]:
            keep[i] = False
            parts.reasons.setdefault(i, ("outside", "stands above the headline"))


def main_part(seen: Seen, body: list[int]) -> list[int]:
    """The kept paragraphs without the few that stand far above the bulk of them; all kept lines where none is one."""
    prose = [i for i in body if seen.prose[i]]
    total = sum(seen.prose[i] for i in prose)
    start, before = 0, 0.0
    for k in range(1, len(prose)):
        before += seen.prose[prose[k - 1]]
        if before > _STRAY * total:
            break
        if prose[k] - prose[k - 1] > _APART:
            start = k
    return prose[start:] or body


def _find_credits(parts: Parts, measured: Measured, keep: list[bool], body: list[int]) -> None:
    """ "Video editor • …" and the like, after the text."""
    for i in range(body[len(body) // 2], min(len(keep), body[-1] + _BELOW)):
        text = measured.seen.texts[i]
        if measured.seen.size[i] > 90 or i in parts.used:
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
    places = [i for i in range(max(0, parts.title_at), body[-1] + 1) if not (keep[i] and _is_text(seen, i))]
    whole = "\n".join([seen.texts[i] for i in places]).lower()
    cues = [cue for cue in measured.words.cues.get("photo", ()) if cue in whole]
    first_prose = next((i for i in body if seen.prose[i] and not _credited(measured, i)), body[0])
    for i in places:
        if i in parts.used or i in parts.reasons:
            continue
        text = seen.texts[i]
        caption, credit = split_credit(text, cues) if not seen.said[i].reason else ("", "")
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


def _is_text(seen: Seen, i: int) -> bool:
    """Whether a kept line is no caption: a sentence, or too long."""
    return seen.stops(i) or seen.size[i] > _LONGEST_CAPTION


def _credited(measured: Measured, i: int) -> bool:
    """Whether a line names the source of a picture ("Photo: …", "©")."""
    text = measured.seen.texts[i]
    return "©" in text or bool(split_credit(text, measured.words.cues.get("photo", ()))[1])


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


def split_credit(text: str, cues: Sequence[str]) -> tuple[str, str]:
    """A caption and its credit, told apart by the `cues` that introduce credits; no credit where there are none."""
    if len(text) > 700:
        return "", ""
    lowered = text.lower()
    if len(lowered) != len(text):
        return "", ""
    for cue in cues:
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


def _rescue_summary(parts: Parts, measured: Measured, chances: list[float], keep: list[bool], body: list[int]) -> None:
    """A sentence or two between headline and text that was dropped by little, and is no caption, is the standfirst."""
    seen = measured.seen
    first = next((i for i in body if seen.prose[i]), body[0])
    if parts.title_at < 0 or any(keep[i] and measured.seen.prose[i] for i in range(parts.title_at, first)):
        return
    for i in range(first - 1, parts.title_at, -1):
        taken = i in parts.used or i in parts.reasons or seen.said[i].labelled or seen.repeats[i] > 1
        summary = seen.prose[i] and seen.stops(i) and seen.size[i] <= _LONGEST_SUMMARY
        if summary and not taken and chances[i] >= _NARROWLY:
            keep[i] = True
            return


def _find_standfirst(parts: Parts, measured: Measured, keep: list[bool], body: list[int]) -> None:
    """The first paragraph, where lines of the page's head or an advertisement stand between it and the text."""
    if len(body) < 3 or not 50 <= measured.seen.size[body[0]] <= 500 or body[0] < parts.title_at:
        return
    between = range(body[0] + 1, body[1])
    heads = [i for i in between if parts.reasons.get(i, ("",))[0] in ("date", "byline")]
    marked = any(measured.seen.said[i].reason in ("advertising marker", "share buttons") for i in between)
    if heads or marked:
        parts.standfirst_at = body[0]


def _find_section(parts: Parts, measured: Measured, keep: list[bool], body: list[int]) -> None:
    at = parts.title_at if parts.title_at >= 0 else body[0]
    for i in (at - 1, at + 1):
        if 0 <= i < len(keep) and measured.seen.said[i].menu and i not in parts.reasons and i not in parts.used:
            parts.section = measured.seen.texts[i]
            parts.reasons[i] = ("section", "the section, kept as data")
            return


def _find_related(parts: Parts, measured: Measured, keep: list[bool], body: list[int]) -> None:
    """The headlines under "read also", below the text."""
    seen = measured.seen
    for i in range(body[-1] + 1, min(len(keep), body[-1] + 60)):
        if seen.said[i].reason != "related headlines":
            continue
        for j in range(i + 1, min(len(keep), i + 1 + _MAX_RELATED)):
            if seen.said[j].labelled or (seen.words[j] < 3 and seen.size[j] < 25) or seen.size[j] > 200:
                break
            if j not in parts.reasons:
                parts.related.append(Link(title=seen.texts[j]))
                parts.used.add(j)
        if parts.related:
            return
