"""What can be seen of each line of a dump, in numbers: its own shape, its words, its place and its neighbours."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache

from backfile.cleaning.lexicon import Lexicon, common_words, fold
from backfile.cleaning.text.lines import Line

_STOPS = ".!?…。！？؟।"
_CLOSERS = "\"'”’»)]›』」）】*"
_OPENERS = "\"“„«‹『「'‘”"
_WORDS = re.compile(r"\w+(?:['’]\w+)?")
_DENSE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_HANGUL = re.compile(r"[\uac00-\ud7af]")
_CONTACT = re.compile(r"https?://|www\.|\S@\S+\.\w|(?<!\w)@\w|\.(?:com|org|net)\b")
_DATE = re.compile(r"\b(?:19|20)\d\d\b|\d{1,2}[./:]\d{2}|\d+[年月日년월일]")
_COMMAS = re.compile(r"[,;，、；،](?!\d)")
INNER_STOP = re.compile(r"[.!?…](?=\s)|[。！？؟।](?=.)")
_LABEL = 160
"""Longer lines are not looked up in the lexicon."""
_REACH = 12
"""How many lines away from running text a line is still judged."""

OWN = (
    "size", "words", "prose", "full_stop", "stops_inside", "commas", "common", "starts_lower", "capitals",
    "shouting", "digits", "date", "contact", "copyright", "bars", "quote", "colon", "question", "bullet",
    "ordered", "indent", "gap", "gap_after", "cells", "repeats", "phrase", "phrase_kind", "opener", "menu", "cue",
    "role", "like_title", "bare_address",
)  # fmt: skip
CONTEXT = (
    "place", "before_mass", "after_mass", "mass2", "mass5", "mass12", "back3", "ahead3", "back8", "ahead8",
    "shorts_back", "shorts_ahead", "after_title", "phrases_near", "prev_size", "next_size", "prev_stop",
    "next_stop", "prev_phrase", "next_phrase", "prev_bullet", "next_bullet", "bullets_near", "peak", "to_peak",
    "same_shape", "lines", "since_comments", "since_related", "since_offer", "since_share", "dates_near",
    "prev2_size", "next2_size", "total_mass", "said_before", "said_again", "level", "comment_marks",
)  # fmt: skip
FEATURES = OWN + CONTEXT

_REASONS = ("share buttons", "comments", "related headlines", "most read", "subscription", "newsletter", "follow links",
            "cookies", "advertising marker", "legal notice", "player controls", "tag list", "menu")  # fmt: skip
_CUES = ("byline", "published", "updated", "photo", "production", "reading", "translator")
_SINCE = (
    frozenset({"comments"}),
    frozenset({"related headlines", "most read"}),
    frozenset({"newsletter", "subscription", "cookies", "legal notice", "follow links"}),
    frozenset({"share buttons", "tag list"}),
)


@dataclass(slots=True)
class Seen:
    """One line with what was measured on it."""

    line: Line
    folded: str
    size: float
    """Length in characters; a sign of Chinese or Japanese counts for 2.2, one of Korean for 1.6."""
    words: int
    prose: float
    """How many of its characters belong to running text: 0 for a label, its size for a sentence."""
    full_stop: bool
    common: float
    """The share of its words that are among the commonest of the language."""
    reason: str
    """Why it is chrome, where its words alone say so."""
    opener: str
    menu: bool
    cue: str
    dated: bool
    repeats: int
    credited: bool
    """Whether it names the source of a picture ("Photo: …", "©")."""

    @property
    def labelled(self) -> bool:
        """Whether the lexicon has anything to say of it."""
        return bool(self.reason or self.opener or self.menu)


def see(lines: list[Line], words: Lexicon, lang: str) -> list[Seen]:
    """Each line with its measures."""
    folded = [fold(line.text) if len(line.text) < _LABEL else line.text.casefold() for line in lines]
    counts = Counter(folded)
    common = common_words(lang or "en")
    credit = _credit_pattern(words.cues.get("photo", ()))
    seen = [_seen(line, text, counts[text], words, common) for line, text in zip(lines, folded, strict=True)]
    for s in seen:
        s.credited = s.size < 500 and ("©" in s.line.text or (":" in s.folded and credit.search(s.folded) is not None))
    return seen


@cache
def _credit_pattern(cues: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, cues or ("photo",))) + r") ?:")


def _seen(line: Line, folded: str, repeats: int, lexicon: Lexicon, common: frozenset[str]) -> Seen:
    text = line.text
    size = _size(text)
    reason = lexicon.folded_reason(folded) if len(text) < 90 else ""
    opener = lexicon.folded_opener(folded[:200]) if not reason and len(text) < 220 else ""
    end = text.rstrip(_CLOSERS)[-1:]
    full_stop = end != "" and end in _STOPS
    known, prose = 0.0, 0.0
    tokens = text.count(" ") + 1
    if size >= 45:
        if size > len(text) * 1.3:
            known = 0.35 if full_stop or "。" in text or "、" in text else 0.1
        else:
            found = _WORDS.findall(text.lower().replace("’", "'"))
            known = sum(map(common.__contains__, found)) / max(1, len(found))
        if size >= 90:
            prose = size if known > 0.12 or full_stop or _COMMAS.search(text) else 0.0
        elif full_stop and known > 0.1:
            prose = size
    short = len(text) < _LABEL
    return Seen(
        line, folded, size, tokens, prose, full_stop, known, reason, opener, folded in lexicon.menus,
        lexicon.cue(folded) if short else "", short and _DATE.search(text) is not None, repeats, False,
    )  # fmt: skip


def _size(text: str) -> float:
    if text.isascii():
        return float(len(text))
    return len(text) + 1.2 * len(_DENSE.findall(text)) + 0.6 * len(_HANGUL.findall(text))


def rows_of(seen: list[Seen], lexicon: Lexicon, title_at: int, title_words: frozenset[str]) -> list[list[float]]:
    """For each line its measures and those of its surroundings, named by `FEATURES`.

    A line with no running text near it gets an empty row: it is not judged. `title_at` is the line of the headline, -1
    where none was found; `title_words` are its words.
    """
    around = _surroundings(seen, title_at)
    roles = lexicon.cues.get("roles", ())
    return [_own(seen, i, roles, title_words) + context if context else [] for i, context in enumerate(around)]


def _own(seen: list[Seen], i: int, roles: tuple[str, ...], title: frozenset[str]) -> list[float]:
    s = seen[i]
    text, folded = s.line.text, s.folded
    tokens = _WORDS.findall(text)
    n = len(tokens)
    short = len(text) < _LABEL
    end = text.rstrip(_CLOSERS)[-1:]
    letters = sum(map(len, tokens)) or 1
    inside = len(INNER_STOP.findall(text))
    like = 0.0
    if title and short and n:
        like = len(title.intersection(t.lower().replace("’", "'") for t in tokens)) / max(len(title), n)
    gap_after = seen[i + 1].line.gap if i + 1 < len(seen) else 9
    contact = _CONTACT.search(text) is not None
    return [
        s.size, float(n), s.prose, float(s.full_stop), float(inside), float(len(_COMMAS.findall(text))), s.common,
        float(text[:1].islower()),
        sum(t[0].isupper() for t in tokens) / n if n else 0.0,
        float(text.isupper() and n > 0),
        sum(map(str.isdigit, text)) / letters if short else 0.0,
        float(s.dated), float(contact), float("©" in text or "(c)" in folded or "ⓒ" in text),
        float(text.count("|") + text.count("·") + text.count("»") + text.count("›")),
        float(text[:1] in _OPENERS), float(end in (":", "：")), float(end != "" and end in "?？؟"),
        float(bool(s.line.bullet)), float(s.line.bullet[:1].isdigit()),
        float(min(s.line.indent, 20)), float(min(s.line.gap, 4)), float(min(gap_after, 4)), float(min(s.line.cells, 6)),
        float(min(s.repeats, 6)), float(bool(s.reason)),
        float(_REASONS.index(s.reason) + 1) if s.reason in _REASONS else 0.0,
        float(bool(s.opener)), float(s.menu), float(_CUES.index(s.cue) + 1) if s.cue else 0.0,
        float(short and n <= 12 and any(role in folded for role in roles)),
        like, float(contact and n <= 8),
    ]  # fmt: skip


def _surroundings(seen: list[Seen], title_at: int) -> list[list[float]]:
    n = len(seen)
    sums = [0.0]
    for s in seen:
        sums.append(sums[-1] + min(s.prose, 600.0))
    total = sums[-1] or 1.0

    def mass(a: int, b: int) -> float:
        return sums[min(n, max(0, b))] - sums[min(n, max(0, a))]

    smooth = [mass(i - 5, i + 6) for i in range(n)]
    peak = max(range(n), key=smooth.__getitem__, default=0)
    top = smooth[peak] if n and smooth[peak] else 1.0
    back, ahead = _short_runs(seen), _short_runs(seen[::-1])[::-1]
    since = _since(seen)
    labels = _running([s.labelled for s in seen])
    bullets = _running([bool(s.line.bullet) for s in seen])
    dates = _running([s.dated for s in seen])
    again = _again(seen)
    levels = _levels(seen)
    marks = _running([(s.reason or s.opener) == "comments" and s.size > 9 for s in seen])
    rows: list[list[float]] = []
    for i in range(n):
        near = mass(i - _REACH, i + _REACH + 1)
        if near == 0:
            rows.append([])
            continue
        low, high = max(0, i - 4), min(n, i + 5)
        rows.append([
            i / n, sums[i] / total, (sums[-1] - sums[i + 1]) / total, mass(i - 2, i + 3), smooth[i], near,
            mass(i - 3, i), mass(i + 1, i + 4), mass(i - 8, i), mass(i + 1, i + 9), float(back[i]), float(ahead[i]),
            float(max(-20, min(60, i - title_at))) if title_at >= 0 else -30.0,
            float(labels[high] - labels[low]), *_neighbours(seen, i), float(bullets[high] - bullets[low]),
            smooth[i] / top, float(max(-60, min(60, i - peak))), float(_same_shape(seen, i)), float(min(n, 600)),
            *since[i], float(dates[high] - dates[low]),
            seen[i - 2].size if i > 1 else 0.0, seen[i + 2].size if i + 2 < n else 0.0, min(sums[-1], 30000.0),
            *again[i], levels[i], float(min(3, marks[i])),
        ])  # fmt: skip
    return rows


def _neighbours(seen: list[Seen], i: int) -> list[float]:
    before = seen[i - 1] if i else None
    after = seen[i + 1] if i + 1 < len(seen) else None
    return [
        before.size if before else 0.0,
        after.size if after else 0.0,
        float(before.full_stop) if before else 0.0,
        float(after.full_stop) if after else 0.0,
        float(before.labelled) if before else 0.0,
        float(after.labelled) if after else 0.0,
        float(bool(before and before.line.bullet)),
        float(bool(after and after.line.bullet)),
    ]


def _running(flags: list[bool]) -> list[int]:
    sums = [0]
    for flag in flags:
        sums.append(sums[-1] + flag)
    return sums


def _since(seen: list[Seen]) -> list[list[float]]:
    """For each line how far above it the last marker of each kind stands (`_SINCE`)."""
    last = [-99] * len(_SINCE)
    rows = []
    for i, s in enumerate(seen):
        rows.append([float(min(60, i - at)) for at in last])
        if s.reason or s.opener:
            for k, kinds in enumerate(_SINCE):
                if s.reason in kinds or s.opener in kinds:
                    last[k] = i
    return rows


def _again(seen: list[Seen]) -> list[list[float]]:
    """For each line how far above and below it the same words stand, 30 at most."""
    rows = []
    before, after = _last_same(seen), _last_same(seen[::-1])[::-1]
    for one, other in zip(before, after, strict=True):
        rows.append([one, other])
    return rows


def _last_same(seen: list[Seen]) -> list[float]:
    last: dict[str, int] = {}
    found = []
    for i, s in enumerate(seen):
        found.append(float(min(30, i - last.get(s.folded, i - 30))))
        last[s.folded] = i
    return found


def _levels(seen: list[Seen]) -> list[float]:
    """How each line is indented beside the page's running text: 0 at its level, 1 deeper, -1 less deep."""
    shares: Counter[int] = Counter()
    for s in seen:
        if s.prose:
            shares[s.line.indent] += int(s.prose)
    usual = shares.most_common(1)[0][0] if shares else 0
    return [float((s.line.indent > usual) - (s.line.indent < usual)) for s in seen]


def _short_runs(seen: list[Seen]) -> list[int]:
    """For each line how many lines without prose stand directly before it, 12 at most."""
    runs = []
    run = 0
    for s in seen:
        runs.append(min(run, 12))
        run = 0 if s.prose else run + 1
    return runs


def _same_shape(seen: list[Seen], i: int) -> int:
    """How many of the three lines on each side are labels of about the same length: a menu, a list of headlines."""
    size = seen[i].size
    if seen[i].prose:
        return 0
    around = seen[max(0, i - 3) : i] + seen[i + 1 : i + 4]
    return sum(not o.prose and abs(o.size - size) <= 8 + size / 4 for o in around)


def headline_words(text: str) -> frozenset[str]:
    """The words of a headline as lines are compared with it."""
    return frozenset(_WORDS.findall(text.lower().replace("’", "'")))


def terms(text: str, common: frozenset[str]) -> frozenset[str]:
    """The words that say what a line is about: not the commonest, four letters or more; pairs of signs where words are
    not set apart."""
    if _DENSE.search(text) and len(_DENSE.findall(text)) * 2 > len(text):
        return frozenset(text[k : k + 2] for k in range(len(text) - 1))
    return frozenset(w for w in _WORDS.findall(text.lower().replace("’", "'")) if len(w) > 3 and w not in common)
