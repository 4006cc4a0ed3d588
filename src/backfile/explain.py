"""Why each part of a page was kept or removed: the receipt as rows of a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from backfile.model import Candidate, Cleaned, Likelihoods, Removal


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One part of the page."""

    verdict: str
    """`kept` or `removed`; of what a page offers for a field, `kept` or `offered`."""
    step: str
    reason: str
    text: str
    weight: float | None = None
    """How likely it is text of the article, 0 to 1, where the cleaner says so."""


def explain_rows(cleaned: Cleaned) -> Iterator[Row]:
    """The fields, then every part of the page: what stood outside the body, then the body with what was cut from it."""
    yield from _fields(cleaned.receipt.candidates)
    likely = cleaned.likely or Likelihoods()
    removed = [_removed(part, _at(likely.removed, i)) for i, part in enumerate(cleaned.receipt.removed)]
    places = [part.before for part in cleaned.receipt.removed]
    yield from (row for row, place in zip(removed, places, strict=True) if place < 0)
    article = cleaned.article
    yield Row(verdict="kept", step="field", reason="headline", text=article.title)
    if article.standfirst:
        yield Row(verdict="kept", step="field", reason="standfirst", text=article.description)
    blocks = article.body.split("\n\n") if article.body else []
    for index, block in enumerate(blocks):
        yield from (row for row, place in zip(removed, places, strict=True) if place == index)
        weight = _at(likely.blocks, index)
        yield Row(verdict="kept", step="body", reason=_percent(weight), text=block, weight=weight)
    yield from (row for row, place in zip(removed, places, strict=True) if place >= len(blocks))


def field_rows(cleaned: Cleaned) -> Iterator[Row]:
    """Everything that the page offers for each field, the value that was taken first, and why it was."""
    candidates = cleaned.receipt.candidates
    for name in dict.fromkeys(c.field for c in candidates):
        for each in sorted((c for c in candidates if c.field == name), key=lambda c: not c.chosen):
            why = f": {each.reason}, confidence {each.confidence:.2f}" if each.chosen else ""
            yield Row(
                verdict="kept" if each.chosen else "offered",
                step=name,
                reason=f"{each.source}{why}",
                text=each.value,
                weight=each.confidence if each.chosen else None,
            )


def _fields(candidates: Sequence[Candidate]) -> Iterator[Row]:
    """A row for each field that has a value: where it comes from, why that one, and how sure it is."""
    for name in dict.fromkeys(c.field for c in candidates):
        found = [c for c in candidates if c.field == name]
        chosen = next((c for c in found if c.chosen), None)
        if chosen:
            others = len({c.value for c in found if not c.chosen})
            why = f"{name} from {chosen.source}: {chosen.reason}, confidence {chosen.confidence:.2f}"
            yield Row(
                verdict="kept",
                step="field",
                reason=why + (f", {others} other{'s' * (others > 1)} offered" if others else ""),
                text=chosen.value,
            )


def _removed(part: Removal, weight: float | None) -> Row:
    reason = f"{part.reason} ({_percent(weight)})" if weight is not None else part.reason
    return Row(verdict="removed", step=part.step, reason=reason, text=part.text, weight=weight)


def _at(weights: Sequence[float], index: int) -> float | None:
    return weights[index] if index < len(weights) else None


def _percent(weight: float | None) -> str:
    return "" if weight is None else f"{weight:.0%} likely text"
