"""The person whose name ends the text, where nothing else on the page says who wrote it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from backfile.cleaning.blocks import HEADING, HIDDEN, LIST, QUOTE, TABLE, PageBlocks
from backfile.cleaning.lexicon import Lexicon
from backfile.cleaning.metadata.people import looks_like_person
from backfile.cleaning.metadata.title import same_form
from backfile.model import Candidate, PageMetadata

_NOT_SIGNED = HEADING | HIDDEN | LIST | QUOTE | TABLE
_BOLD = 0.5
_SURE = 0.6


def with_signature(found: PageMetadata, page: PageBlocks, chosen: Sequence[bool], words: Lexicon) -> PageMetadata:
    """The metadata with the name in bold under the last paragraph, where they name nobody but the publisher.

    An agency that signs goes before it.
    """
    firms = [same_form(c.value) for c in found.candidates if c.field == "publisher"]
    others = [name for name in found.authors if not any(same_form(name) in firm for firm in firms)]
    name = "" if found.agencies or others else _signature(page, chosen, words)
    if not name:
        return found
    told = Candidate(
        field="authors", value=name, source="signature", chosen=True, reason="ends the text", confidence=_SURE
    )
    before = (replace(c, chosen=False) if c.field == "authors" else c for c in found.candidates)
    return replace(found, authors=(name,), candidates=(*before, told))


def _signature(page: PageBlocks, chosen: Sequence[bool], words: Lexicon) -> str:
    """A person's name in bold, alone in the last block of the text or in the one that follows it in the same box."""
    last = max((n for n, yes in enumerate(chosen) if yes), default=-1)
    for x in page.blocks[last : last + 2] if last > 0 else ():
        beside = x.box.parent is page.blocks[last].box.parent
        if beside and x.strong > _BOLD and not x.flags & _NOT_SIGNED and looks_like_person(x.text, words):
            return x.text
    return ""
