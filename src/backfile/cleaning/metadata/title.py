"""The headline: what the page's titles agree on, without the publisher's name and without teaser variants.

The headline that readers see is the anchor. A title of the head votes for that variant of itself (less its first or
last parts) which an anchor shares; where none does, for itself less the publisher's name.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from lxml.html import HtmlElement

from backfile.cleaning.metadata.facts import words_of
from backfile.cleaning.metadata.sources import Claim, Sources, claims, trust

_SEPARATOR = re.compile(
    r"(\s+[|–—‒:·•»«›>/~⋆★*-]{1,2}\s+|\s*[|｜»•∣ㅣ]\s*|(?<=\w)[-–—]\s+|(?<=[\u3000-\u9fff\uac00-\ud7af\uff01\uff1f])[-–_](?=\w)|:\s+|：|\s+@\s+)"
)
_NO_LETTER = re.compile(r"[\W_]+")
_WORD = re.compile(r"\w{4,}|[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{2}")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_MAX_UNSPACED = 6
"""Characters of a publisher's name in scripts that write no blanks."""
_ANCHORS = ("json-ld headline", "microdata headline", "meta citation_title", "meta parsely-title", "meta headline")
_MAX_TITLE, _MAX_H1, _MAX_HEADINGS, _MAX_PUBLISHER_WORDS = 400, 8, 40, 6
_EDITORS_OWN = 100
"""What is added to the votes for a headline that only editors can have written."""
_HALF = 0.5
_STRANGER = 0.35
"""What is left of the trust in an `h1` that shares no word with the titles of the head."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Headline:
    """The title with the claims that spoke for it, and the element that shows it where one does."""

    title: str
    element: HtmlElement | None
    votes: tuple[Claim, ...]


@lru_cache(4096)
def same_form(title: str) -> str:
    """The letters and digits of a title alone: what makes two titles the same."""
    return _NO_LETTER.sub("", unicodedata.normalize("NFKC", title).casefold())


def choose_title(sources: Sources, names: frozenset[str]) -> Headline:
    """The headline of a page, given the forms of its publisher's names."""
    head = [c for c in claims(sources, "title") if len(c.value) <= _MAX_TITLE and same_form(c.value) not in names]
    if sources.facts.title:
        head.append(Claim(value=sources.facts.title, source="title", trust=trust("title")["title"]))
    shown = _shown(sources, head, names)
    anchors = {same_form(c.value) for c in shown}
    anchors.update(same_form(without_names(c.value, names)) for c in head if c.source in _ANCHORS)
    votes = shown[:1] + [_vote(claim, anchors, names) for claim in head]
    votes = _once(v for v in votes if same_form(v.value))
    if not votes:
        return Headline(title="", element=None, votes=())
    weight: dict[str, int] = {}
    for vote in votes:
        form = same_form(vote.value)
        weight[form] = weight.get(form, 0) + vote.trust
    own = _editors_own(votes)
    if own:
        weight[own] += _EDITORS_OWN
    best = max(weight, key=lambda form: weight[form])
    title = next(v.value for v in votes if same_form(v.value) == best)
    element = next((c.element for c in shown if same_form(c.value) == best), None)
    if element is None:
        element = _heading(sources, best, shown)
    return Headline(title=title, element=element, votes=tuple(votes))


def _editors_own(votes: list[Claim]) -> str:
    """The form of a news article's headline in the structured data, where the page shows its `<title>` instead.

    A `<title>` is written for search engines; a headline that differs from it was written by editors.
    """
    forms = {vote.source: same_form(vote.value) for vote in votes}
    own, title = forms.get("news headline", ""), forms.get("title")
    return own if own != title == forms.get("h1") else ""


def _once(votes: Iterator[Claim]) -> list[Claim]:
    """One vote a source: the first."""
    kept: dict[str, Claim] = {}
    for vote in votes:
        kept.setdefault(vote.source, vote)
    return list(kept.values())


def _vote(claim: Claim, anchors: set[str], names: frozenset[str]) -> Claim:
    value = next((v for v in variants(claim.value) if same_form(v) in anchors), None)
    if value is None:
        value = without_names(claim.value, names, short_ends=claim.source == "title")
    return Claim(value=value, source=claim.source, trust=claim.trust)


def variants(title: str) -> Iterator[str]:
    """The title, then less its last parts, then less its first ones, longest first."""
    pieces = _SEPARATOR.split(title)
    yield title
    last = min(len(pieces), 17)
    for end in range(last - 2, 0, -2):
        yield "".join(pieces[:end]).strip()
    for start in range(2, last, 2):
        yield "".join(pieces[start:]).strip()
    for start in range(2, last, 2):
        for end in range(last - 2, start, -2):
            yield "".join(pieces[start:end]).strip()


def without_names(title: str, names: frozenset[str], *, short_ends: bool = False) -> str:
    """The title less the publisher's names at its ends; with `short_ends` also less a short last part of any name."""
    pieces = _SEPARATOR.split(title)
    while len(pieces) > 2 and is_name(pieces[-1], names):
        pieces = pieces[:-2]
        short_ends = False
    while len(pieces) > 2 and is_name(pieces[0], names):
        pieces = pieces[2:]
        short_ends = False
    if short_ends and len(pieces) > 2 and pieces[-2].strip() in ("|", "-", "–", "—", "•", "·", "｜", "»", "_"):
        rest = "".join(pieces[:-2])
        if len(pieces[-1].split()) <= 3 < len(rest.split()) or len(pieces[-1]) <= _MAX_UNSPACED < len(
            _UNSPACED.findall(rest)
        ):
            pieces = pieces[:-2]
    return "".join(pieces).strip()


def names_shown(title: str, others: Iterable[str], headings: Iterable[str]) -> Iterator[str]:
    """The headings that stand before or behind another title of the head in `<title>`: names of the site."""
    pieces = [same_form(piece) for piece in _SEPARATOR.split(title)[::2]]
    known = {same_form(other) for other in others}
    ends = {pieces[-1]: "".join(pieces[:-1]), pieces[0]: "".join(pieces[1:])}
    return (heading for heading in headings if ends.get(same_form(heading)) in known)


def is_name(part: str, names: frozenset[str]) -> bool:
    """Whether a part of a title is the publisher's name, or little more than it."""
    form = same_form(part)
    if not form:
        return True
    if len(part.split()) > _MAX_PUBLISHER_WORDS:
        return False
    return form in names or any(len(n) > 2 and (n in form or (len(form) > 3 and form in n)) for n in names)


def _shown(sources: Sources, head: list[Claim], names: frozenset[str]) -> list[Claim]:
    """The headlines that readers see, likeliest first: those that the titles of the head know, then in page order.

    Where no `h1` has most of its words in common with these, lesser headings count that they know: wholly, where an
    `h1` has a word of theirs.
    """
    known = _known(head)
    whole = {same_form(claim.value) for claim in head}
    words = {w for c in head for w in _WORD.findall(c.value.casefold())}
    shown: list[tuple[float, Claim]] = []
    likeliest = 0.0
    for element in sources.facts.h1[:_MAX_H1]:
        text, support = _best_reading(element, known, names)
        if text:
            share = 1.0 if support or not words else _share(text, words)
            shown.append((support, _heading_claim("h1", text, element, 1 if share else _STRANGER)))
            likeliest = max(likeliest, share)
    if likeliest <= _HALF:
        for element in islice(sources.facts.tree.iter("h2", "h3", "h4"), _MAX_HEADINGS):
            text, support = _best_reading(element, known, names)
            if support and " " in text and (not likeliest or same_form(text) in whole):
                shown.append((support, _heading_claim("h2", text, element, 1)))
    shown.sort(key=lambda pair: (-pair[0], -pair[1].trust))
    return [claim for _, claim in shown]


def _share(text: str, words: set[str]) -> float:
    """How many of a heading's words are among these, of 1."""
    own = _WORD.findall(text.casefold())
    return sum(word in words for word in own) / len(own) if own else 0.0


def _heading_claim(source: str, text: str, element: HtmlElement, share: float) -> Claim:
    return Claim(value=text, source=source, trust=int(trust("title")[source] * share), element=element)


def _best_reading(element: HtmlElement, known: dict[str, float], names: frozenset[str]) -> tuple[str, float]:
    """The reading of a heading that the head supports most, with that support; empty for the publisher's name."""
    readings = [t for t in _readings(element) if same_form(t) not in names | {""} and len(t) <= _MAX_TITLE]
    text = max(readings, key=lambda t: known.get(same_form(t), 0), default="")
    return text, known.get(same_form(text), 0) if text else 0


def _known(head: list[Claim]) -> dict[str, float]:
    """Form → how far the titles of the head support it: a part of a title less than the whole."""
    known: dict[str, float] = {}
    for claim in head:
        if claim.source != "microdata headline":
            whole = len(same_form(claim.value))
            for form in {same_form(v) for v in variants(claim.value)} - {""}:
                known[form] = known.get(form, 0) + claim.trust * len(form) / whole
    return known


def _readings(element: HtmlElement) -> Iterator[str]:
    """The text of a heading, then of its parts: a kicker or an author may stand inside."""
    text = words_of(element)
    yield text
    if len(text) > _MAX_TITLE:
        return
    children = [child for child in element if isinstance(child.tag, str)]
    if not children:
        return
    pieces = [words_of(child) for child in children]
    tails = [(child.tail or "").strip() for child in children]
    yield " ".join(filter(None, [(element.text or "").strip(), *tails]))
    for skip in range(1, min(len(children), 5) + 1):
        yield " ".join(filter(None, [t for pair in zip(pieces[skip:], tails[skip:], strict=True) for t in pair]))
    yield from sorted(pieces, key=len, reverse=True)[:4]


def _heading(sources: Sources, form: str, shown: list[Claim]) -> HtmlElement | None:
    """Another heading with the same words; else the likeliest `h1` that has to do with the head's titles."""
    headings = islice(sources.facts.tree.iter("h2", "h3", "h4"), _MAX_HEADINGS)
    same = next((element for element in headings if same_form(words_of(element)) == form), None)
    if same is not None:
        return same
    return next((c.element for c in shown if c.trust == trust("title")["h1"]), None)
