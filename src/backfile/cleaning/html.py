"""The recipe for a saved web page, top to bottom: bytes → tree → blocks → body → article and receipt."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate

from lxml.html import HtmlElement

from backfile.cleaning.blocks import HIDDEN, PageBlocks, page_blocks
from backfile.cleaning.body.choose import Choice, choose_body
from backfile.cleaning.body.cut import cut, drop_beside
from backfile.cleaning.body.features import Anchors
from backfile.cleaning.body.signed import with_signature
from backfile.cleaning.body.standfirst import described_block, standfirst_blocks
from backfile.cleaning.body.state import show_unscripted, state_markup
from backfile.cleaning.body.times import with_entry_times
from backfile.cleaning.chrome.account import Account, Known, account
from backfile.cleaning.chrome.strip import strip_chrome
from backfile.cleaning.convert import to_blocks
from backfile.cleaning.figures import lead_figure, take_figures
from backfile.cleaning.identity import capture_receipt
from backfile.cleaning.lexicon import Lexicon, lexicon
from backfile.cleaning.metadata import read_metadata
from backfile.cleaning.metadata.people import names_agency, read_byline
from backfile.cleaning.page import parse_page
from backfile.cleaning.profile import (
    fit_profile,
    profile_dropped,
    profile_standfirst,
    with_profile_body,
    with_profile_fields,
)
from backfile.cleaning.rules.apply import fit_rules, with_rule_fields
from backfile.cleaning.verdict import refusal
from backfile.model import Article, Block, Capture, Cleaned, CleanOptions, Figure, PageMetadata, Removal
from backfile.version import __version__

_LITTLE = 60


def clean_html(capture: Capture, options: CleanOptions) -> Cleaned:
    """The article on a saved page, with its receipt. Never raises for what the page says."""
    parsed = parse_page(capture.data, capture.charset)
    found = read_metadata(parsed.tree, url=capture.url, captured=capture.captured)
    base_url = found.url or capture.url
    words = _lexicon(found.lang)
    profile = fit_profile(parsed.tree, base_url, found.published, options.own) if options.profiles else None
    profile = profile or (fit_rules(parsed.tree, base_url, options.site_rules) if options.site_rules else None)
    found = with_rule_fields(with_profile_fields(found, profile), profile)
    page, choice, unread = _body(parsed.tree, found)
    choice = with_profile_body(page, choice, profile)
    found = with_signature(found, page, choice.chosen, words)
    choice = with_entry_times(page, choice) if found.kind == "live" else choice
    top = (
        profile_standfirst(page, choice.chosen, profile)
        or standfirst_blocks(page, choice.chosen, found.description)
        or described_block(page, choice.chosen, found.description)
    )
    above = {x.index for x in top}
    inside = [yes and n not in above for n, yes in enumerate(choice.chosen)]
    kept = [yes or n in above for n, yes in enumerate(inside)]
    root = cut(page, inside, profile_dropped(page, profile))
    taken = take_figures(root, base_url, found.image)
    drop_beside(root)
    first = next((x for x, yes in zip(page.blocks, inside, strict=True) if yes), None)
    figures = (*lead_figure(page, first, taken.figures, found.image, base_url), *taken.figures)
    stripped = strip_chrome(root, words)
    blocks = to_blocks(root, base_url)
    known = Known(title=found.title, authors=found.authors, words=words, base_url=base_url, reasons=choice.reasons)
    rest = account(page, kept, known)
    found = _with_agencies(found, rest, words)
    standfirst = "\n".join(x.text for x in top)
    said = tuple(Removal(step="encoding", reason=note, text="") for note in parsed.notes)
    receipt = replace(
        capture_receipt(capture, parsed.encoding),
        profile=profile.name if profile else "",
        confidence=choice.confidence,
        candidates=found.candidates,
        removed=(*said, *unread, *_placed(rest.removed, blocks, len(standfirst.split())), *taken.removed, *stripped),
    )
    # A summary that stands apart from the text and only repeats the head's description is a field, not text.
    opening = "\n".join(x.text for x in top if choice.chosen[x.index])
    text = "\n".join(line for line in (opening, *(block.text for block in blocks)) if line)
    article = replace(_article(capture, found, rest, figures, (standfirst, blocks)), id=receipt.id)
    return Cleaned(article=article, receipt=receipt, text=text, refusal=refusal(page, choice.chosen, found, words))


def _body(tree: HtmlElement, found: PageMetadata) -> tuple[PageBlocks, Choice, tuple[Removal, ...]]:
    """The page's blocks and which are the article's.

    Where it shows hardly any text, those for readers without scripts, or those of the markup in its scripts, and then
    also what it shows instead.
    """
    page = page_blocks(tree)
    anchors = Anchors(
        title=found.title, description=found.description, article_body=found.article_body, authors=found.authors
    )
    choice = choose_body(page, anchors)
    if _size(page, choice) >= _LITTLE:
        return page, choice, ()
    if show_unscripted(tree):
        page = page_blocks(tree)
        choice = choose_body(page, anchors)
    markup = state_markup(tree) if _size(page, choice) < _LITTLE else ""
    if markup:
        inner = page_blocks(parse_page(f"<body><h1></h1><article>{markup}</article></body>".encode()).tree)
        inner_choice = choose_body(inner, anchors)
        if _size(inner, inner_choice) > _LITTLE:
            shown = "\n".join(x.text for x in page.blocks if not x.flags & HIDDEN)
            return (
                inner,
                inner_choice,
                (Removal(step="outside", reason="stands in for the text", text=shown),) * bool(shown),
            )
    return page, choice, ()


def _size(page: PageBlocks, choice: Choice) -> int:
    """Words chosen."""
    return sum(x.words for x in page.blocks if choice.chosen[x.index])


def _lexicon(lang: str) -> Lexicon:
    """The phrases of the page's language and of English, which pages in all languages use."""
    code = lang.partition("-")[0].lower()
    return lexicon(code, "en") if code and code != "en" else lexicon("en")


def _with_agencies(found: PageMetadata, rest: Account, words: Lexicon) -> PageMetadata:
    """The metadata with the agencies that the visible byline names, where the page's data name none."""
    signed = [] if found.agencies else [part.text for part in rest.removed if part.step == "byline"]
    bylines = [text for text in signed if names_agency(text)]
    agencies = read_byline(bylines, words).agencies if bylines else found.agencies
    return replace(found, agencies=tuple(name for name in agencies if name not in found.authors)) if agencies else found


def _article(
    capture: Capture, found: PageMetadata, rest: Account, figures: tuple[Figure, ...], text: tuple[str, Sequence[Block]]
) -> Article:
    standfirst, blocks = text
    return Article(
        title=found.title,
        description=standfirst or found.description,
        standfirst=bool(standfirst),
        authors=found.authors,
        agencies=found.agencies,
        published=found.published,
        modified=found.modified,
        lang=found.lang,
        section=found.section,
        tags=found.tags,
        publisher=found.publisher,
        url=found.url or capture.url,
        captured=capture.captured,
        kind=found.kind,
        access=found.access,
        figures=figures,
        related=rest.related,
        notes=rest.notes,
        original=f"{capture.origin}#{capture.member}" if capture.member else capture.origin,
        cleaned_by=__version__,
        body="\n\n".join(block.markdown for block in blocks if block.markdown),
    )


def _placed(removed: Sequence[Removal], blocks: Sequence[Block], offset: int) -> list[Removal]:
    """Removals counted in words of text before them, as removals before a block of the body."""
    if all(r.before < 0 for r in removed):
        return list(removed)
    ends = list(accumulate(len(block.text.split()) for block in blocks))
    return [r if r.before < 0 else replace(r, before=bisect_right(ends, max(r.before - offset, 0))) for r in removed]
