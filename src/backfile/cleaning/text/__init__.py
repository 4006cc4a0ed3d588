"""An article out of any page that was saved as plain text.

    bytes → text → lines → measures → verdicts → parts and blocks → Article + receipt

There is no markup to lean on: a line is judged by its shape, its words, its place and its neighbours, and the page as a
sequence. Every line that is not in the article stands in the receipt with its reason.
"""

from __future__ import annotations

import re
from dataclasses import replace

from backfile.cleaning.identity import capture_id, capture_receipt
from backfile.cleaning.language import detect_language
from backfile.cleaning.text.blocks import make_blocks
from backfile.cleaning.text.decode import Decoded, decode_text
from backfile.cleaning.text.lines import is_rule, read_lines
from backfile.cleaning.text.notes import clean_note
from backfile.cleaning.text.parts import Parts, find_parts
from backfile.cleaning.text.read import Measured, measure
from backfile.cleaning.text.verdicts import best_sequence, judge, with_edges, without_strays
from backfile.model import Article, Block, Capture, Cleaned, CleanOptions, Removal
from backfile.version import __version__

__all__ = ["clean_text"]

_FEWEST = 140
"""Characters of text that an article has at least."""
_ERROR = re.compile(r"^\W*(?:error\W*)?[45]\d\d\b|\b(?:404|403|500|502|503)\b")


def clean_text(capture: Capture, options: CleanOptions) -> Cleaned:
    """The article in a text dump, with its receipt. Never raises for what the text says.

    `options` has nothing to say about text so far. `confidence` is the mean certainty of the verdicts around the body,
    lowered where there is little text.
    """
    del options
    decoded = decode_text(capture.data, capture.charset)
    if capture.media_type == "text/markdown":
        return clean_note(capture, decoded)
    lines = read_lines(decoded.text)
    measured = measure(lines)
    chances = judge(measured)
    keep = best_sequence(chances, [s.size for s in measured.seen])
    keep = with_edges(measured.seen, chances, without_strays(measured.seen, keep))
    parts = find_parts(measured, chances, keep, capture.captured)
    blocks, owners = make_blocks(measured, keep, parts)
    refusal = _refusal(measured, parts, blocks)
    article = _article(capture, measured, parts, blocks)
    receipt = replace(
        capture_receipt(capture, decoded.encoding),
        confidence=_confidence(measured, chances, keep),
        removed=_removals(decoded, measured, keep, parts, owners),
    )
    return Cleaned(article=article, receipt=receipt, text=_plain_text(article, blocks), refusal=refusal)


def _article(capture: Capture, measured: Measured, parts: Parts, blocks: list[Block]) -> Article:
    body_text = "\n".join(block.text for block in blocks)
    standfirst = measured.seen[parts.standfirst_at].line.text if parts.standfirst_at >= 0 else ""
    return Article(
        title=parts.title,
        description=standfirst,
        standfirst=bool(standfirst),
        authors=parts.authors,
        agencies=parts.agencies,
        published=parts.published,
        modified=parts.modified,
        lang=detect_language(f"{standfirst}\n{body_text}") or measured.lang,
        section=parts.section,
        url=capture.url,
        captured=capture.captured,
        figures=tuple(parts.figures),
        credits=tuple(parts.credits),
        related=tuple(parts.related),
        id=capture_id(capture),
        original=f"{capture.origin}#{capture.member}" if capture.member else capture.origin,
        cleaned_by=__version__,
        body="\n\n".join(block.markdown for block in blocks),
    )


def _plain_text(article: Article, blocks: list[Block]) -> str:
    head = [article.description] if article.standfirst else []
    return "\n".join([*head, *(block.text for block in blocks)])


def _refusal(measured: Measured, parts: Parts, blocks: list[Block]) -> str:
    if not measured.seen:
        return "the file is empty"
    size = sum(measured.seen[i].size for i in (parts.standfirst_at,) if i >= 0) + sum(len(b.text) for b in blocks)
    if size >= _FEWEST:
        return ""
    if any(_ERROR.search(s.line.text) for s in measured.seen[:8] if s.size < 60):
        return "an error page"
    return "no running text: a menu or a list of headlines" if len(measured.seen) > 3 else "hardly any text"


def _confidence(measured: Measured, chances: list[float], keep: list[bool]) -> float:
    kept = [i for i, k in enumerate(keep) if k]
    if not kept:
        return 0.0
    around = range(max(0, kept[0] - 5), min(len(keep), kept[-1] + 6))
    weight = sum(measured.seen[i].size for i in around) or 1.0
    sure = sum(measured.seen[i].size * (chances[i] if keep[i] else 1 - chances[i]) for i in around) / weight
    text = sum(measured.seen[i].size for i in kept)
    return round(sure * min(1.0, text / 600), 3)


def _removals(
    decoded: Decoded, measured: Measured, keep: list[bool], parts: Parts, owners: dict[int, int]
) -> tuple[Removal, ...]:
    """Every line that is not in the article word for word."""
    kept = [i for i, k in enumerate(keep) if k]
    first, last = (kept[0], kept[-1]) if kept else (len(keep), -1)
    found = []
    upcoming = -1
    following: dict[int, int] = {}
    for i in range(len(keep) - 1, -1, -1):
        upcoming = owners.get(i, upcoming)
        following[i] = upcoming if first < i < last else -1
    for i, s in enumerate(measured.seen):
        if keep[i] or i in parts.used:
            continue
        step, reason = parts.reasons.get(i) or _why(measured, i, first, last)
        found.append(Removal(step=step, reason=reason, text=s.line.whole, before=following[i]))
    notes = [Removal(step="encoding", reason=note, text="") for note in decoded.notes]
    return (*notes, *found)


def _why(measured: Measured, i: int, first: int, last: int) -> tuple[str, str]:
    s = measured.seen[i]
    if s.reason:
        return "chrome", s.reason
    if s.opener and s.size < 200:
        return "chrome", s.opener
    if s.menu:
        return "chrome", "menu"
    if is_rule(s.line.text):
        return "chrome", "ornament"
    if first < i < last:
        return "inside", "not running text" if not s.prose else "does not belong to the text around it"
    where = "above" if i < first else "below"
    return "outside", f"text {where} the article" if s.prose else f"label or list {where} the article"
