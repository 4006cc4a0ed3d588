"""An article out of any page that was saved as plain text.

    bytes → text → lines → measures → verdicts → parts and blocks → Article + receipt

There is no markup to lean on: a line is judged by its shape, its words, its place and its neighbours, and the page as a
sequence. Every line that is not in the article stands in the receipt with its reason.
"""

from __future__ import annotations

from dataclasses import replace

from backfile.cleaning.identity import capture_id, capture_receipt
from backfile.cleaning.language import detect_language
from backfile.cleaning.text.blocks import make_blocks
from backfile.cleaning.text.decode import decode_text
from backfile.cleaning.text.dumped import read_dump
from backfile.cleaning.text.found import Parts
from backfile.cleaning.text.lines import is_rule
from backfile.cleaning.text.notes import clean_note
from backfile.cleaning.text.parts import find_parts
from backfile.cleaning.text.read import Measured, measure
from backfile.cleaning.text.refusal import why_no_article
from backfile.cleaning.text.several import articles_in
from backfile.cleaning.text.verdicts import best_sequence, judge, with_edges, without_strays
from backfile.model import Article, Block, Capture, Cleaned, CleanOptions, Likelihoods, Removal
from backfile.version import __version__

__all__ = ["clean_text"]

_TOLD_BY = 1500
"""Characters from which the language is told."""
_OTHER = ("several", "another article of the same dump")
_REVIEW = 0.5
"""Below this confidence an article is to be looked over: `docs/architecture.md` says what that means."""


def clean_text(capture: Capture, options: CleanOptions) -> Cleaned:
    """The article in a text dump, with its receipt. Never raises for what the text says.

    `options` has nothing to say about text so far. `confidence` is the mean certainty of the verdicts around the body,
    lowered where there is little text.
    """
    del options
    decoded = decode_text(capture.data, capture.charset)
    if capture.media_type == "text/markdown":
        return clean_note(capture, decoded)
    lines, added = read_dump(decoded.text)
    measured = measure(lines)
    chances = judge(measured)
    keep = best_sequence(chances, measured.seen.size)
    keep = with_edges(measured.seen, chances, without_strays(measured.seen, keep))
    articles = articles_in(measured.seen, keep)
    others = _others(measured, keep, articles)
    parts = find_parts(measured, chances, keep, capture.captured, capture.hints.title)
    parts.reasons.update({i: _OTHER for i in others if i not in parts.used})
    blocks, owners = make_blocks(measured, keep, parts)
    size = sum(len(block.text) for block in blocks) + len(_standfirst(measured, parts))
    refusal = why_no_article(decoded.text, measured.seen, size)
    article = _article(capture, measured, parts, blocks, keep)
    notes = [Removal(step="encoding", reason=note, text="") for note in decoded.notes]
    removed = _removals([*notes, *added], measured, keep, parts, owners)
    receipt = replace(
        capture_receipt(capture, decoded.encoding),
        confidence=_confidence(measured, chances, keep),
        removed=tuple(removed.values()),
    )
    return Cleaned(
        article=article,
        receipt=receipt,
        text=_plain_text(article, blocks),
        refusal=refusal,
        warnings=() if refusal else _warnings(len(articles), receipt.confidence),
        likely=Likelihoods(
            blocks=_block_chances(chances, owners, len(blocks)),
            removed=tuple(chances[i] if i >= 0 else 0.0 for i in removed),
        ),
    )


def _warnings(articles: int, confidence: float) -> tuple[str, ...]:
    found = []
    if articles:
        found.append(f"holds {articles} articles; the longest is kept, the others stand in its receipt")
    if confidence < _REVIEW:
        found.append(f"only {confidence:.0%} sure of what is text: look it over")
    return tuple(found)


def _block_chances(chances: list[float], owners: dict[int, int], blocks: int) -> tuple[float, ...]:
    """For each block the chance of its least likely line."""
    least = [1.0] * blocks
    for line, block in owners.items():
        least[block] = min(least[block], chances[line])
    return tuple(least)


def _others(measured: Measured, keep: list[bool], articles: list[range]) -> list[int]:
    """The kept lines of all articles but the longest, which are no longer kept."""
    if not articles:
        return []
    longest = max(articles, key=lambda part: sum(measured.seen.prose[i] for i in part if keep[i]))
    others = [i for i, kept in enumerate(keep) if kept and i not in longest]
    for i in others:
        keep[i] = False
    return others


def _article(capture: Capture, measured: Measured, parts: Parts, blocks: list[Block], keep: list[bool]) -> Article:
    told = measured.lang and all(keep[i] for i in measured.told_by)
    body_text = "" if told else "\n".join(block.text for block in blocks)
    standfirst = _standfirst(measured, parts)
    return Article(
        title=parts.title,
        description=standfirst,
        standfirst=bool(standfirst),
        authors=parts.authors,
        agencies=parts.agencies,
        published=parts.published,
        modified=parts.modified,
        lang=measured.lang if told else detect_language(f"{standfirst}\n{body_text}"[:_TOLD_BY]) or measured.lang,
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


def _standfirst(measured: Measured, parts: Parts) -> str:
    return measured.seen.texts[parts.standfirst_at] if parts.standfirst_at >= 0 else ""


def _plain_text(article: Article, blocks: list[Block]) -> str:
    head = [article.description] if article.standfirst else []
    return "\n".join([*head, *(block.text for block in blocks)])


def _confidence(measured: Measured, chances: list[float], keep: list[bool]) -> float:
    kept = [i for i, k in enumerate(keep) if k]
    if not kept:
        return 0.0
    around = range(max(0, kept[0] - 5), min(len(keep), kept[-1] + 6))
    weight = sum(measured.seen.size[i] for i in around) or 1.0
    sure = sum(measured.seen.size[i] * (chances[i] if keep[i] else 1 - chances[i]) for i in around) / weight
    text = sum(measured.seen.size[i] for i in kept)
    return round(sure * min(1.0, text / 600), 3)


def _removals(
    added: list[Removal], measured: Measured, keep: list[bool], parts: Parts, owners: dict[int, int]
) -> dict[int, Removal]:
    """Every line that is not in the article word for word, by its number; what is no line below 0."""
    kept = [i for i, k in enumerate(keep) if k]
    first, last = (kept[0], kept[-1]) if kept else (len(keep), -1)
    found = dict(enumerate(added, -len(added)))
    upcoming = -1
    following = [-1] * len(keep)
    for i in range(last, first, -1):
        upcoming = owners.get(i, upcoming)
        following[i] = upcoming if i < last else -1
    for i, line in enumerate(measured.seen.lines):
        if keep[i] or i in parts.used:
            continue
        step, reason = parts.reasons.get(i) or _why(measured, i, first, last)
        found[i] = Removal(step=step, reason=reason, text=line.whole, before=following[i])
    return found


def _why(measured: Measured, i: int, first: int, last: int) -> tuple[str, str]:
    seen = measured.seen
    said, prose = seen.said[i], seen.prose[i]
    if said.reason:
        return "chrome", said.reason
    if said.opener and seen.size[i] < 200:
        return "chrome", said.opener
    if said.menu:
        return "chrome", "menu"
    if not seen.texts[i][0].isalnum() and is_rule(seen.texts[i]):
        return "chrome", "ornament"
    if first < i < last:
        return "inside", "not running text" if not prose else "does not belong to the text around it"
    where = "above" if i < first else "below"
    return "outside", f"text {where} the article" if prose else f"label or list {where} the article"
