"""Which blocks are the article's: the fitted model's opinion, then rules that look at the whole choice."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from backfile.cleaning.blocks import (
    ARTICLE,
    ASIDE,
    BUTTON,
    FIGURE,
    FOOTER,
    FORM,
    HEADING,
    HIDDEN,
    LIST,
    NAV,
    QUOTE,
    TABLE,
    Box,
    PageBlocks,
    TextBlock,
)
from backfile.cleaning.body.features import MOST_JUDGED, Anchors, block_features
from backfile.cleaning.body.forest import probabilities
from backfile.cleaning.body.layout import outer_article
from backfile.cleaning.body.phrases import is_correction, signature
from backfile.cleaning.body.structures import notes, posts, structures
from backfile.cleaning.lexicon import fold
from backfile.limits import limits

_TAKEN = 0.45
_PARAGRAPH = 8
_SENTENCE = 10
_BESIDE = 0.35
_MINORITY = 0.35
_BOXES_UP = 4
_FIRST_SHARE = 0.2
_ECHO_WORDS = 7
_ECHO_BLOCKS = 400
_ECHO_MORE = 20
_HEADING_WORDS = 20
_WORD = re.compile(r"\w+")
_POST = re.compile(r"\bpost-(\d+)\b")
_DATA = ("table", "dl")
_SEVERAL = 3
_ALIKE = 0.7
_ENDS = 6
_SIGNATURE_WORDS = 14
_AFTERWORD = 8
_LINKED = 0.5
_NEVER_TEXT = HIDDEN | NAV | FOOTER | FORM | FIGURE
_NEVER_STANDFIRST = _NEVER_TEXT | ASIDE | BUTTON
_DOUBTFUL = 0.25
_SAID = 0.8
_OPENING = 20
_ABOVE = 12


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """The article's blocks on a page."""

    chosen: tuple[bool, ...]
    """For each block of the page."""
    likely: tuple[float, ...]
    """For each block the probability that it is the article's text."""
    reasons: dict[int, str] = field(default_factory=dict)
    """Block number → why it was taken out although it looks like the article's text."""

    confidence: float = 0.0
    """How much of the text that is or may be the article's is in the choice as it is, 0 to 1."""


def choose_body(page: PageBlocks, anchors: Anchors) -> Choice:
    """The blocks that are the article's text, headings and standfirst included, title and captions not."""
    rows = block_features(page, anchors)
    likely = probabilities(rows)
    judged = [i for i, row in enumerate(rows) if row is not None]
    if len(judged) >= MOST_JUDGED:
        _follow_looks(page.blocks, likely, judged[-1] + 1)
    return settle(page, anchors, likely)


def _follow_looks(blocks: list[TextBlock], likely: list[float], start: int) -> None:
    """From `start` on, each block is as likely as those before it that look the same are on the average."""
    looks: dict[tuple[str, ...], list[float]] = defaultdict(list)
    for x, p in zip(blocks[:start], likely, strict=False):
        looks[_plain_look(x)].append(p)
    means = {look: sum(found) / len(found) for look, found in looks.items()}
    for x in blocks[start:]:
        likely[x.index] = means.get(_plain_look(x), 0.0)


def _plain_look(x: TextBlock) -> tuple[str, ...]:
    parent = x.box.parent or x.box
    return (x.box.tag, x.box.names, parent.tag, parent.names)


def settle(page: PageBlocks, anchors: Anchors, likely: Sequence[float]) -> Choice:
    """The choice that follows from the probabilities."""
    chosen = [p >= _TAKEN for p in likely]
    for x in _described(page.blocks, anchors.description, likely):
        chosen[x.index] = True
    reasons: dict[int, str] = {}
    for rule in (
        _same_look, _whole, _one_article, _shown, _no_boxes, _corrected,
        _no_stencils, _no_title, _no_signature, _no_echo,
        _no_last_heading, _not_endless,
    ):  # fmt: skip
        rule(page.blocks, chosen, anchors, reasons)
    return Choice(
        chosen=tuple(chosen), likely=tuple(likely), reasons=reasons, confidence=_confidence(page.blocks, chosen, likely)
    )


def _described(blocks: list[TextBlock], description: str, likely: Sequence[float]) -> list[TextBlock]:
    """Doubtful blocks right before the text that say what the page's description says: its standfirst."""
    told = frozenset(_WORD.findall(description.lower()))
    first = next((x.index for x in blocks if likely[x.index] >= _TAKEN and x.words > _OPENING), 0)
    found = []
    for x in blocks[max(0, first - _ABOVE) : first] if told else ():
        if _DOUBTFUL <= likely[x.index] < _TAKEN and x.words >= _PARAGRAPH and x.linked < _LINKED:
            words = _WORD.findall(x.text.lower())
            if not x.flags & _NEVER_STANDFIRST and sum(map(told.__contains__, words)) >= _SAID * len(words):
                found.append(x)
    return found


def _same_look(blocks: list[TextBlock], chosen: list[bool], anchors: Anchors, reasons: dict[int, str]) -> None:
    """Paragraphs that look like most of the text are text, in whichever of several containers they stand."""
    looks: dict[tuple[str, ...], list[TextBlock]] = defaultdict(list)
    for x in blocks:
        if x.words >= _PARAGRAPH and x.linked < 0.3 and not x.flags & (HIDDEN | LIST | TABLE | QUOTE | FIGURE):
            looks[_ancestry(x)].append(x)
    for alike in looks.values():
        size = sum(x.size for x in alike)
        taken = sum(x.size for x in alike if chosen[x.index])
        if len(alike) > 2 and 0 < size - taken < _MINORITY * size:
            for x in alike:
                chosen[x.index] = True


def _whole(blocks: list[TextBlock], chosen: list[bool], anchors: Anchors, reasons: dict[int, str]) -> None:
    """Tables and lists are text in all their parts where most of it is; so are posts in the text, and its notes."""
    picked = [x.index for x in blocks if chosen[x.index]]
    if not picked:
        return
    homes = Counter(x.box.parent.order for x in blocks if chosen[x.index] and x.box.parent)
    for home, parts in structures(blocks[picked[0] : picked[-1] + 1]):
        size = sum(x.size for x in parts)
        left = [x for x in parts if not chosen[x.index]]
        mostly = sum(x.size for x in left) < size / 2 or (home.tag in _DATA and _stands_amid(home, homes))
        if mostly and sum(x.linked * x.size for x in left) < size / 4:
            for x in left:
                chosen[x.index] = not x.flags & (HIDDEN | ASIDE)
    inside = blocks[picked[0] : picked[-1]]
    code = [x for x in inside if x.box.tag == "pre" and not x.flags & HIDDEN and _stands_amid(x.box, homes)]
    for x in (*code, *posts(inside), *notes(blocks, chosen)):
        chosen[x.index] = True


def _stands_amid(box: Box, homes: Counter[int]) -> bool:
    """Whether a box, or the one or two wrapped around it, stands beside several blocks of the text."""
    step: Box | None = box.parent
    for _ in range(3):
        if step is not None and homes[step.order] >= _SEVERAL:
            return True
        step = step.parent if step is not None else None
    return False


def _ancestry(x: TextBlock) -> tuple[str, ...]:
    """How a block looks by the names on it and on the three boxes around it, and the article it stands in."""
    found = [x.box.tag]
    box: Box | None = x.box
    for _ in range(_BOXES_UP):
        if box is not None:
            found.append(box.names)
            box = box.parent
    article = outer_article(x.box) if x.box.flags & ARTICLE else None
    return (*found, str(article.order) if article else "")


def _one_article(blocks: list[TextBlock], chosen: list[bool], anchors: Anchors, reasons: dict[int, str]) -> None:
    """Where the next article follows with a headline of its own, the text ends; other posts are not in it."""
    end = _next_article(blocks, chosen)
    own = next((_post(x) for x in blocks if chosen[x.index] and x.words >= _PARAGRAPH), "")
    for x in blocks:
        if chosen[x.index] and (x.index >= end or (own and _post(x) not in ("", own))):
            chosen[x.index] = False
            reasons[x.index] = "another article"


def _post(x: TextBlock) -> str:
    """The number that WordPress gives to the post that a block stands in."""
    box: Box | None = x.box if x.flags & ARTICLE else None
    while box is not None and box.flags & ARTICLE:
        found = _POST.search(box.names) if box.tag == "article" else None
        if found:
            return found[1]
        box = box.parent
    return ""


def _next_article(blocks: list[TextBlock], chosen: list[bool]) -> int:
    """The number of the block that heads a second article after most of the text; how many there are if none does."""
    total = sum(x.size for x in blocks if chosen[x.index])
    before = 0.0
    first: Box | None = None
    for x in blocks:
        if chosen[x.index]:
            before += x.size
            first = first or outer_article(x.box)
        elif (
            x.box.tag == "h1" and first and before > _FIRST_SHARE * total and outer_article(x.box) not in (None, first)
        ):
            return x.index
    return len(blocks)


def _shown(blocks: list[TextBlock], chosen: list[bool], anchors: Anchors, reasons: dict[int, str]) -> None:
    """Hidden text is the article's only where hardly any is shown."""
    shown = sum(x.size for x in blocks if chosen[x.index] and not x.flags & HIDDEN)
    hidden = [x for x in blocks if chosen[x.index] and x.flags & HIDDEN]
    if hidden and shown > sum(x.size for x in hidden):
        for x in hidden:
            chosen[x.index] = False
            reasons[x.index] = "hidden"


def _no_boxes(blocks: list[TextBlock], chosen: list[bool], anchors: Anchors, reasons: dict[int, str]) -> None:
    """Boxes beside the text are not in it."""
    beside = [x for x in blocks if chosen[x.index] and x.flags & ASIDE]
    if sum(x.size for x in beside) < _BESIDE * sum(x.size for x in blocks if chosen[x.index]):
        for x in beside:
            chosen[x.index] = False
            reasons[x.index] = "a box beside the text"


def _corrected(blocks: list[TextBlock], chosen: list[bool], anchors: Anchors, reasons: dict[int, str]) -> None:
    """What corrects the text belongs to it where it stands in the same box, right before, amid or after it."""
    picked = [x.index for x in blocks if chosen[x.index]]
    if not picked:
        return
    homes = Counter(x.box.parent.order for x in blocks if chosen[x.index] and x.box.parent)
    for x in blocks[max(0, picked[0] - _SEVERAL) : picked[-1] + _AFTERWORD]:
        if not chosen[x.index] and x.words >= _PARAGRAPH and not x.flags & _NEVER_TEXT and is_correction(x.text):
            chosen[x.index] = x.linked < _LINKED and _stands_amid(x.box, homes)


def _no_stencils(blocks: list[TextBlock], chosen: list[bool], anchors: Anchors, reasons: dict[int, str]) -> None:
    """What stands three times on a page is no sentence of an author: stand-ins for embeds, notes about consent."""
    picked = [x for x in blocks if chosen[x.index] and not x.flags & (LIST | TABLE)]
    told = Counter(x.text for x in picked)
    homes = Counter((x.box.parent or x.box).order for x in picked).most_common(1)
    follows = {one.index: other for one, other in pairwise(picked)}
    for x in reversed(picked):
        after = follows.get(x.index)
        heads = x.flags & HEADING and after is not None and not chosen[after.index]
        at_home = (x.box.parent or x.box).order == homes[0][0]
        if told[x.text] > 2 and not at_home and (x.words >= _SENTENCE or heads):
            chosen[x.index] = False
            reasons[x.index] = "repeated on the page"


def _no_title(blocks: list[TextBlock], chosen: list[bool], anchors: Anchors, reasons: dict[int, str]) -> None:
    """The headline is a field of its own."""
    title = fold(anchors.title)
    if not title:
        return
    for x in [x for x in blocks if chosen[x.index]][:3]:
        if fold(x.text) == title or (x.box.tag == "h1" and _alike(fold(x.text), title)):
            chosen[x.index] = False
            reasons[x.index] = "repeats the headline"


def _alike(one: str, other: str) -> bool:
    """Whether two headlines share most of their words."""
    a, b = set(_WORD.findall(one)), set(_WORD.findall(other))
    return len(a & b) >= _ALIKE * min(len(a), len(b))


def _no_signature(blocks: list[TextBlock], chosen: list[bool], anchors: Anchors, reasons: dict[int, str]) -> None:
    """Lines at both ends that only say who wrote the article and when are fields."""
    picked = [x for x in blocks if chosen[x.index]]
    names = [fold(name) for name in anchors.authors]
    for x in (*picked[:_ENDS], *picked[-_ENDS:]):
        told = signature(x.text, names) if x.words <= _SIGNATURE_WORDS and not x.flags & (QUOTE | TABLE) else ""
        if told and sum(chosen) > _ENDS:
            chosen[x.index] = False
            reasons[x.index] = told


def _no_echo(blocks: list[TextBlock], chosen: list[bool], anchors: Anchors, reasons: dict[int, str]) -> None:
    """A pull quote says again, in a look of its own, what a paragraph says."""
    picked = [x for x in blocks if chosen[x.index] and x.words >= _ECHO_WORDS][:_ECHO_BLOCKS]
    texts = [_bare(x.text) for x in picked]
    whole = "\n".join(texts)
    for x, words in zip(picked, texts, strict=True):
        if x.flags & (LIST | TABLE | HEADING) or whole.count(words) < 2:
            continue
        for other, said in zip(picked, texts, strict=True):
            if (
                words in said
                and len(said) > len(words) + _ECHO_MORE
                and _look(other) != _look(x)
                and chosen[other.index]
            ):
                chosen[x.index] = False
                reasons[x.index] = "repeats a part of the text"
                break


def _look(x: TextBlock) -> tuple[str, str, int]:
    return (x.box.tag, x.box.names, (x.box.parent or x.box).order)


def _bare(text: str) -> str:
    return text.strip("«»“”„\"'‘’‹›…. –—-").casefold()


def _no_last_heading(blocks: list[TextBlock], chosen: list[bool], anchors: Anchors, reasons: dict[int, str]) -> None:
    """A heading with nothing under it heads what was left out."""
    last = [x for x in blocks if chosen[x.index]][-2:]
    if len(last) == 2 and last[1].flags & HEADING and not last[0].flags & HEADING and last[1].words <= _HEADING_WORDS:
        chosen[last[1].index] = False
        reasons[last[1].index] = "a heading with nothing under it"


def _not_endless(blocks: list[TextBlock], chosen: list[bool], anchors: Anchors, reasons: dict[int, str]) -> None:
    """What is longer than any article is a list or a machine's: the time that a page takes has an end."""
    for x in blocks[limits().blocks :]:
        chosen[x.index] = False
        reasons[x.index] = "beyond the longest article"


def _confidence(blocks: list[TextBlock], chosen: list[bool], likely: Sequence[float]) -> float:
    """The expected F1 of the choice by the model's own probabilities, by size of text."""
    right = taken = true = 0.0
    for x, yes, p in zip(blocks, chosen, likely, strict=True):
        mass = x.size * p
        true += mass
        if yes:
            right += mass
            taken += x.size
    return round(2 * right / (taken + true), 3) if taken else 0.0
