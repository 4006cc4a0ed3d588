"""What can be seen of each line of a dump, in numbers: its own shape, its words, its place and its neighbours."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from backfile.clean.lexicon import Lexicon, common_words, fold
from backfile.clean.text.lines import Line, plain

_STOPS = ".!?…。！？؟।"
_CLOSERS = "\"'”’»)]›』」）】*"
_OPENERS = "\"“„«‹『「'‘”"
_WORDS = re.compile(r"\w+(?:['’]\w+)?")
_DENSE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_HANGUL = re.compile(r"[\uac00-\ud7af]")
_CONTACT = re.compile(r"https?://|www\.|\S@\S+\.\w|(?<!\w)@\w|\.(?:com|org|net)\b")
_DATE = re.compile(r"\b(?:19|20)\d\d\b|\d{1,2}[./:]\d{2}|\d+[年月日년월일]")
_COMMAS = re.compile(r"[,;，、；،](?!\d)")
_REASONS = ("share buttons", "comments", "related headlines", "most read", "subscription", "newsletter")


@dataclass(slots=True)
class Seen:
    """One line with what was measured on it."""

    line: Line
    size: float
    """Length in characters; a sign of Chinese or Japanese counts for 2.2, one of Korean for 1.6."""
    words: int
    prose: float
    """How many of its characters belong to running text: 0 for a label, its size for a sentence."""
    reason: str
    opener: str
    menu: bool
    cue: str
    repeats: int
    own: list[float]


FEATURES = (
    "size", "words", "prose", "full_stop", "stops_inside", "commas", "common", "starts_lower", "capitals", "shouting", "digits",
    "date", "contact", "copyright", "bars", "quote", "colon", "question", "bullet", "ordered", "indent", "gap", "gap_after",
    "cells", "repeats", "phrase", "phrase_kind", "opener", "menu", "cue", "role", "like_title", "bare_address",
)  # fmt: skip


def see(lines: list[Line], words: Lexicon, lang: str, title_words: frozenset[str]) -> list[Seen]:
    """Each line with its own measures; `title_words` are those of the page's headline, where it is known."""
    folded = [fold(line.text) if len(line.text) < 160 else line.text.casefold() for line in lines]
    counts = Counter(folded)
    common = common_words(lang) if lang else common_words("en")
    seen = []
    for i, line in enumerate(lines):
        gap_after = lines[i + 1].gap if i + 1 < len(lines) else 9
        seen.append(_seen(line, folded[i], counts[folded[i]], gap_after, words, common, title_words))
    return seen


def _seen(
    line: Line, folded: str, repeats: int, gap_after: int, lexicon: Lexicon, common: frozenset[str], title: frozenset[str]
) -> Seen:
    text = line.text
    short = len(text) < 160
    size = _size(text)
    tokens = _WORDS.findall(text)
    lowered = [t.lower().replace("’", "'") for t in tokens]
    n = len(tokens)
    reason = lexicon.reason(text) if len(text) < 90 else ""
    opener = lexicon.opener(text) if not reason and len(text) < 220 else ""
    cue = _cue(folded, lexicon) if short else ""
    end = text.rstrip(_CLOSERS)[-1:]
    full_stop = end in _STOPS and end != ""
    inside = sum(text.count(s) for s in _STOPS) - (1 if full_stop else 0)
    commas = len(_COMMAS.findall(text))
    dense = size > len(text) * 1.3
    known = 0.35 if dense else (sum(w in common for w in lowered) / n if n else 0.0)
    sentence = full_stop or inside > 0 or commas > 0
    prose = size if (size >= 90 and (known > 0.12 or sentence)) or (size >= 45 and full_stop and known > 0.1) else 0.0
    capitals = sum(t[0].isupper() for t in tokens) / n if n else 0.0
    letters = sum(map(len, tokens)) or 1
    digits = sum(c.isdigit() for c in text) / letters if any(map(str.isdigit, text)) else 0.0
    title_share = len(title.intersection(lowered)) / max(len(title), n) if title and short and n else 0.0
    own = [
        size,
        float(n),
        prose,
        float(full_stop),
        float(inside),
        float(commas),
        known,
        float(text[:1].islower()),
        capitals,
        float(text.isupper() and n > 0),
        digits,
        float(bool(_DATE.search(text))) if short else 0.0,
        float(bool(_CONTACT.search(text))),
        float("©" in text or "(c)" in folded or "ⓒ" in text),
        float(text.count("|") + text.count("·") + text.count("»") + text.count("›")),
        float(text[:1] in _OPENERS),
        float(end == ":" or end == "："),
        float(end in "?？؟"),
        float(bool(line.bullet)),
        float(line.bullet[:1].isdigit()),
        float(min(line.indent, 20)),
        float(min(line.gap, 4)),
        float(min(gap_after, 4)),
        float(min(line.cells, 6)),
        float(min(repeats, 6)),
        float(bool(reason)),
        float(_REASONS.index(reason) + 1) if reason in _REASONS else 0.0,
        float(bool(opener)),
        float(folded in lexicon.menus),
        float(_CUES.index(cue) + 1) if cue else 0.0,
        float(n <= 12 and any(role in folded for role in lexicon.cues.get("roles", ()))) if short else 0.0,
        title_share,
        float(folded.startswith(("http", "www")) or (n <= 3 and bool(_CONTACT.search(text)))),
    ]
    return Seen(line, size, n, prose, reason, opener, own[28] > 0, cue, repeats, own)


_CUES = ("byline", "published", "updated", "photo", "production", "reading", "translator")


def _cue(folded: str, lexicon: Lexicon) -> str:
    """What the words introduce that a short line starts with."""
    for name in _CUES:
        for cue in lexicon.cues.get(name, ()):
            if folded.startswith(cue) and (len(folded) == len(cue) or not folded[len(cue)].isalnum() or not cue.isascii()):
                return name
    return ""


def _size(text: str) -> float:
    if text.isascii():
        return float(len(text))
    return len(text) + 1.2 * len(_DENSE.findall(text)) + 0.6 * len(_HANGUL.findall(text))


CONTEXT = (
    "place", "before_mass", "after_mass", "mass2", "mass5", "mass12", "back3", "ahead3", "back8", "ahead8", "shorts_back",
    "shorts_ahead", "after_title", "phrases_near", "prev_size", "next_size", "prev_stop", "next_stop", "prev_phrase", "next_phrase",
    "prev_bullet", "next_bullet", "bullets_near", "peak", "to_peak", "same_shape", "lines",
)  # fmt: skip


def surroundings(seen: list[Seen], title_at: int) -> list[list[float]]:
    """For each line what stands around it. `title_at` is the line of the headline, -1 where none was found."""
    n = len(seen)
    prose = [min(s.prose, 600.0) for s in seen]
    total = sum(prose) or 1.0
    sums = [0.0]
    for p in prose:
        sums.append(sums[-1] + p)

    def mass(a: int, b: int) -> float:
        return sums[min(n, max(0, b))] - sums[min(n, max(0, a))]

    smooth = [mass(i - 5, i + 6) for i in range(n)]
    peak = max(range(n), key=lambda i: smooth[i]) if n else 0
    top = (smooth[peak] if smooth else 0.0) or 1.0
    back = _short_runs(seen)
    ahead = _short_runs(seen[::-1])[::-1]
    rows = []
    for i, s in enumerate(seen):
        before = seen[i - 1] if i else None
        after = seen[i + 1] if i + 1 < n else None
        rows.append([
            i / n,
            mass(0, i) / total,
            mass(i + 1, n) / total,
            mass(i - 2, i + 3),
            smooth[i],
            mass(i - 12, i + 13),
            mass(i - 3, i),
            mass(i + 1, i + 4),
            mass(i - 8, i),
            mass(i + 1, i + 9),
            float(back[i]),
            float(ahead[i]),
            float(max(-20, min(60, i - title_at))) if title_at >= 0 else -30.0,
            float(sum(bool(o.reason or o.opener or o.menu) for o in seen[max(0, i - 4) : i + 5])),
            before.size if before else 0.0,
            after.size if after else 0.0,
            before.own[3] if before else 0.0,
            after.own[3] if after else 0.0,
            float(bool(before and (before.reason or before.opener or before.menu))),
            float(bool(after and (after.reason or after.opener or after.menu))),
            float(bool(before and before.line.bullet)),
            float(bool(after and after.line.bullet)),
            float(sum(bool(o.line.bullet) for o in seen[max(0, i - 4) : i + 5])),
            smooth[i] / top,
            float(max(-60, min(60, i - peak))),
            float(_same_shape(seen, i)),
            float(min(n, 600)),
        ])  # fmt: skip
    return rows


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
    return frozenset(t.lower().replace("’", "'") for t in _WORDS.findall(text))


def same_line(first: str, second: str) -> bool:
    """Whether two lines say the same, white space and punctuation aside."""
    return plain(first) == plain(second) != ""
