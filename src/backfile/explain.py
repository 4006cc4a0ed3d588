"""Why each part of a page was kept or removed: the receipt as rows of a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from backfile.model import Candidate, Cleaned, Removal


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One part of the page."""

    verdict: str
    """`kept` or `removed`."""
    step: str
    reason: str
    text: str


def explain_rows(cleaned: Cleaned) -> Iterator[Row]:
    """The fields, then every part of the page: what stood outside the body, then the body with what was cut from it."""
    removed = cleaned.receipt.removed
    yield from _fields(cleaned.receipt.candidates)
    yield from (_removed(part) for part in removed if part.before < 0)
    article = cleaned.article
    yield Row(verdict="kept", step="field", reason="headline", text=article.title)
    if article.standfirst:
        yield Row(verdict="kept", step="field", reason="standfirst", text=article.description)
    blocks = article.body.split("\n\n") if article.body else []
    for index, block in enumerate(blocks):
        yield from (_removed(part) for part in removed if part.before == index)
        yield Row(verdict="kept", step="body", reason="", text=block)
    yield from (_removed(part) for part in removed if part.before >= len(blocks))


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


def _removed(part: Removal) -> Row:
    return Row(verdict="removed", step=part.step, reason=part.reason, text=part.text)
