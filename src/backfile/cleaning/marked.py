"""A saved page with what cleaning kept, removed and read as a field made visible: `backfile explain --html`.

One HTML file that loads nothing and runs nothing: the page's words in their order, each block escaped text in a box
whose colour and label say what became of it. Nothing of the page's own markup gets into it.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape
from itertools import groupby
from typing import Literal

from backfile.cleaning.blocks import HIDDEN, TextBlock, page_blocks
from backfile.cleaning.page import decode_page, parse_page
from backfile.model import Article, Capture, Cleaned, Figure

Fate = Literal["kept", "removed", "field", "unmarked"]

_WORD = re.compile(r"\w+")
_RUN = 4
_MOSTLY = 0.6
_NAME_WORDS = 12
_STYLE = """
body{margin:0 auto;max-width:52rem;padding:1rem;font:1rem/1.5 system-ui,sans-serif;color:#1a1a1a;background:#fff}
section{border-left:.4rem solid;margin:.5rem 0;padding:.1rem .8rem;overflow-wrap:anywhere}
section p{margin:.4rem 0}
.h{font-weight:bold}
.why{font-size:.8rem;font-weight:bold}
.kept{background:#e7f6e7;border-color:#1e7b34}
.removed{background:#fdeaea;border-color:#b3261e}
.field{background:#e6effc;border-color:#1b5fb8}
.unmarked{background:#f3f3f3;border-color:#8a8a8a}
table{border-collapse:collapse;font-size:.85rem}
td,th{border:1px solid #ccc;padding:.2rem .5rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}
@media (prefers-color-scheme:dark){body{background:#161616;color:#eee}
.kept{background:#12351b}.removed{background:#47191a}.field{background:#15294a}.unmarked{background:#2a2a2a}td,th{border-color:#555}}
"""
_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_POLICY = f"default-src 'none'; style-src 'sha256-{_HASH}'; base-uri 'none'; form-action 'none'"
_LABELS: dict[Fate, str] = {"kept": "kept", "removed": "removed", "field": "read as", "unmarked": "not accounted for"}


@dataclass(frozen=True, kw_only=True, slots=True)
class _Piece:
    """A block of the page and what became of it."""

    fate: Fate
    why: str
    text: str
    heading: bool = False


def marked_page(capture: Capture, cleaned: Cleaned) -> str:
    """The page in `capture` with the fates that `cleaned` tells, as one HTML document of its own."""
    pieces = _judged(_blocks(capture), cleaned)
    title = cleaned.article.title or capture.origin or "A saved page"
    return "\n".join(
        (
            "<!DOCTYPE html>",
            '<html lang="en">',
            '<head><meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{escape(_POLICY)}">',
            '<meta name="referrer" content="no-referrer">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(title)} – explained</title>",
            f"<style>{_STYLE}</style></head>",
            "<body>",
            *_summary(cleaned, title),
            *_sections(pieces),
            "</body></html>",
            "",
        )
    )


def _blocks(capture: Capture) -> Iterator[tuple[str, bool]]:
    """The visible blocks of the capture, and which of them are headings."""
    if capture.media_type.startswith("text/") and capture.media_type != "text/html":
        text, _, _ = decode_page(capture.data, capture.charset)
        yield from ((line.strip(), False) for line in text.splitlines() if line.strip())
        return
    for block in page_blocks(parse_page(capture.data, capture.charset).tree).blocks:
        if not block.flags & HIDDEN:
            yield from ((line, _is_heading(block)) for line in block.text.split("\n") if _WORD.search(line))


def _is_heading(block: TextBlock) -> bool:
    return block.box.tag in ("h1", "h2", "h3", "h4", "h5", "h6")


def _judged(blocks: Iterable[tuple[str, bool]], cleaned: Cleaned) -> list[_Piece]:
    kept = _words(cleaned.text)
    spaced = f" {' '.join(kept)} "
    runs = set(_runs(kept))
    reasons: dict[str, str] = {}
    for removal in cleaned.receipt.removed:
        reasons.setdefault(" ".join(_words(removal.text)), f"{removal.step}: {removal.reason}")
    removed = [(f" {text} ", reason) for text, reason in reasons.items()]
    fields = dict(_fields(cleaned.article))
    out = []
    for text, heading in blocks:
        words = _words(text)
        plain = " ".join(words)
        fate, why = _fate(plain, fields, reasons)
        if fate == "unmarked" and f" {plain} " in spaced:
            fate, why = "kept", ""
        if fate == "unmarked":
            why = next((reason for held, reason in removed if plain and f" {plain} " in held), "")
            fate = "removed" if why else "unmarked"
        if fate == "unmarked" and _share(words, runs) >= _MOSTLY:
            fate = "kept"
        if fate == "unmarked" and len(words) <= _NAME_WORDS:
            fate, why = _names(f" {plain} ", cleaned.article)
        out.append(_Piece(fate=fate, why=why, text=text, heading=heading))
    return out


def _fate(plain: str, fields: dict[str, str], reasons: dict[str, str]) -> tuple[Fate, str]:
    """What is told of exactly this text."""
    if plain in fields:
        return "field", fields[plain]
    if plain in reasons:
        return "removed", reasons[plain]
    return "unmarked", ""


def _fields(article: Article) -> Iterator[tuple[str, str]]:
    values = [("title", article.title), ("section", article.section), *(("author", name) for name in article.authors)]
    for figure in article.figures:
        values += _figure_values(figure)
    for name, value in reversed(values):
        if value:
            yield " ".join(_words(value)), name


def _figure_values(figure: Figure) -> list[tuple[str, str]]:
    both = f"{figure.caption} {figure.credit}" if figure.caption and figure.credit else ""
    return [("caption", figure.caption), ("credit", figure.credit), ("caption and credit", both)]


def _names(spaced: str, article: Article) -> tuple[Fate, str]:
    """Whether a short block signs the article ("By Jane Doe")."""
    people = (*article.authors, *article.agencies)
    found = any(f" {name} " in spaced for name in (" ".join(_words(person)) for person in people) if name)
    return ("field", "author") if found else ("unmarked", "")


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _runs(words: list[str]) -> Iterator[tuple[str, ...]]:
    return zip(*(words[n:] for n in range(_RUN)), strict=False)


def _share(words: list[str], runs: set[tuple[str, ...]]) -> float:
    """How much of a block's word sequences stand in the article."""
    own = list(_runs(words))
    return sum(run in runs for run in own) / len(own) if own else 0.0


def _summary(cleaned: Cleaned, title: str) -> Iterator[str]:
    receipt = cleaned.receipt
    yield f"<h1>{escape(title)}</h1>"
    if cleaned.refusal:
        yield f"<p><strong>Not an article: {escape(cleaned.refusal)}.</strong></p>"
    profile = f"profile {receipt.profile}" if receipt.profile else ""
    facts = (receipt.origin, receipt.member, f"confidence {receipt.confidence:.2f}", profile)
    yield f"<p>{escape(' · '.join(filter(None, facts)))}</p>"
    yield (
        "<p>Green is the article, red was removed, blue was read as a field; "
        "grey stands in neither the article nor the receipt.</p>"
    )
    if receipt.candidates:
        yield "<details><summary>Fields and where they come from</summary><table>"
        yield "<tr><th>field</th><th>value</th><th>source</th><th>chosen</th><th>why</th></tr>"
        for found in receipt.candidates:
            cells = (found.field, found.value, found.source, "yes" if found.chosen else "", found.reason)
            yield f"<tr>{''.join(f'<td>{escape(value)}</td>' for value in cells)}</tr>"
        yield "</table></details>"


def _sections(pieces: Iterable[_Piece]) -> Iterator[str]:
    for (fate, why), group in groupby(pieces, key=lambda piece: (piece.fate, piece.why)):
        label = f"{_LABELS[fate]}{': ' if why and fate == 'removed' else ' ' if why else ''}{why}"
        yield f'<section class="{fate}" title="{escape(label)}"><p class="why">{escape(label)}</p>'
        for piece in group:
            yield f'<p class="{"h" if piece.heading else "p"}" dir="auto">{escape(piece.text)}</p>'
        yield "</section>"
