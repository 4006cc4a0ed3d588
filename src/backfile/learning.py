"""A publisher's template, learnt from the archive itself: what stands in many of its articles is no article's text.

A block counts that stands word for word in several articles of one site and in none of another one: a sentence that
outlets share is a wire copy's, not a template's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from backfile.choices import Text, body_blocks, plain_text, read_text, without_block
from backfile.markdown import load_article
from backfile.model import Receipt
from backfile.receipts import StoredReceipt
from backfile.report import FrontMatterError
from backfile.store import urls_of

STEP = "recurs"
"""The step of removals that were learnt."""

_LEAST = 3
_PAGES = 5
"""Articles of a site, from which there is something to learn."""
_SHARE = 0.3
_HEADING_SHARE = 0.6
"""Headings such as "Background" stand in many articles and are theirs."""
_LONGEST = 120
"""Words."""
_MOST = 0.5
"""Of an article's letters: where more of them recur, they are its text, which other pages have too."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Template:
    """What recurs in a site's articles."""

    host: str
    pages: int
    blocks: Mapping[str, int]
    """Text of a block → in how many articles it stands."""


def host_of(stored: StoredReceipt) -> str:
    """The site from which a page was saved, or an empty string."""
    return next((urlsplit(url).hostname or "" for url in urls_of(stored)), "").removeprefix("www.")


def learn(receipts: Iterable[StoredReceipt]) -> dict[str, Template]:
    """Host → what recurs in its articles. Captures of one story count once."""
    sources: dict[str, set[str]] = defaultdict(set)
    standing: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    headings: set[str] = set()
    for stored in receipts:
        host = host_of(stored)
        sources[host].add(stored.article)
        for text, heading in _blocks(stored):
            standing[text][host].add(stored.article)
            if heading:
                headings.add(text)
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for text, hosts in standing.items():
        (host, articles), *others = hosts.items()
        share = _HEADING_SHARE if text in headings else _SHARE
        if (
            len(sources[host]) >= _PAGES
            and host
            and not others
            and len(articles) >= max(_LEAST, share * len(sources[host]))
        ):
            found[host][text] = len(articles)
    return {host: Template(host=host, pages=len(sources[host]), blocks=blocks) for host, blocks in found.items()}


def without_template(text: Text, template: Template | None) -> Text:
    """A text without what recurs in its site's articles; as it is where that would be most of it."""
    if not template or _is_most(text, template):
        return text
    index = 0
    while index < len(text.blocks):
        words = plain_text(text.blocks[index])
        count = template.blocks.get(words, 0)
        if not count:
            index += 1
            continue
        reason = f"recurs in {count} of {template.pages} pages of {template.host}"
        text = without_block(text, index, words, (STEP, reason))
    return text


def _is_most(text: Text, template: Template) -> bool:
    blocks = [plain_text(block) for block in text.blocks]
    blocks += [part.text for part in text.removed if part.step == STEP]
    return sum(len(block) for block in blocks if block in template.blocks) > _MOST * sum(map(len, blocks))


def without_learnt(text: Text, receipt: Receipt) -> Text:
    """A text without what its receipt says was learnt."""
    learnt = {part.text: part.reason for part in receipt.removed if part.step == STEP}
    index = 0
    while learnt and index < len(text.blocks):
        words = plain_text(text.blocks[index])
        if words in learnt:
            text = without_block(text, index, words, (STEP, learnt[words]))
        else:
            index += 1
    return text


def _blocks(stored: StoredReceipt) -> Iterable[tuple[str, bool]]:
    """(text, is a heading) of the blocks of a capture, with those that were taken out for recurring."""
    try:
        body = load_article(stored.markdown).article.body
    except FrontMatterError:
        body = ""
    for block in body_blocks(body):
        text = plain_text(block)
        if text and text.count(" ") < _LONGEST:
            yield text, block.startswith("#")
    yield from ((part.text, False) for part in stored.receipt.removed if part.step == STEP)


def text_of(stored: StoredReceipt) -> Text:
    """The machine's text of a capture and what it removed."""
    return read_text(load_article(stored.markdown).article.body, stored.receipt.removed)
