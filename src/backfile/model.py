"""The values that pass from stage to stage: frozen, one type a stage, nothing filled in later.

    saved file → Capture → Cleaned (Article + Receipt) → .md and .json → Entry (in the catalog) → Page

Times are ISO 8601 strings exactly as precise as their source (`2024-04-30`, `2024-04-30T16:00:34+02:00`): a clock
time or an offset that the page does not give is not made up. An empty string means "not given".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from backfile.cleaning.publishers import Profile

Kind = Literal["news", "opinion", "live", "interview", "press release", "gallery", "video"]
Access = Literal["free", "metered", "locked", "unknown"]
FindPicture = Callable[[str], bytes | None]
"""Gives the bytes of the picture at an address, as a page writes it or made absolute; None where they are not there.

Raises OSError where they are there and cannot be read.
"""
BlockKind = Literal["paragraph", "heading", "list", "quote", "figure", "table", "code", "rule", "embed"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Saved:
    """What the service or program in which a person saved a page knows of the saving."""

    by: str = ""
    """The service: `Pocket`, `wallabag`…"""
    date: str = ""
    folder: str = ""
    state: str = ""
    """`read`, `unread`, or empty."""
    starred: bool = False
    note: str = ""
    """The person's own words."""
    highlights: tuple[str, ...] = ()
    """Passages the person marked, with their own remark after ` — ` where there is one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Hints:
    """What a container says of a page besides its bytes: used where the page itself is silent; tags are added."""

    title: str = ""
    description: str = ""
    authors: tuple[str, ...] = ()
    published: str = ""
    publisher: str = ""
    lang: str = ""
    tags: tuple[str, ...] = ()
    saved: Saved = Saved()


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """What one source says of a page, and where it says so."""

    origin: str = ""
    """The saved file, relative to the site folder; empty for the page itself."""
    member: str = ""
    url: str = ""
    """The page's address as it stands there."""
    hints: Hints = Hints()


@dataclass(frozen=True, kw_only=True, slots=True)
class Capture:
    """One saved copy of one page, with its address and time where known."""

    data: bytes
    media_type: str = "text/html"
    charset: str = ""
    """The encoding that the transport declared (HTTP header, MIME part), not the page's own claim."""
    url: str = ""
    captured: str = ""
    origin: str = ""
    """The saved file, relative to the site folder, with `/`."""
    member: str = ""
    """Where the page stands inside a container: record id, archive member, row."""
    hints: Hints = Hints()
    find_picture: FindPicture | None = field(default=None, repr=False, compare=False)
    """The pictures that were saved with the page, where there are some; it does not go to other processes."""

    @property
    def is_link(self) -> bool:
        """True where there is an address and nothing of its page."""
        return not self.data and bool(self.url)


@dataclass(frozen=True, kw_only=True, slots=True)
class Figure:
    """A picture of the article. `url` is empty where the capture tells of a picture without giving its address."""

    url: str = ""
    file: str = ""
    """The picture below `content/`: `media/ab/….jpg`; empty where it is not in the archive."""
    alt: str = ""
    caption: str = ""
    credit: str = ""
    lead: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """A headline with its address (empty where the capture gives none)."""

    title: str = ""
    url: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Block:
    """One block of an article's body."""

    kind: BlockKind
    markdown: str
    """CommonMark, without blank lines around it."""
    text: str
    """The same as plain text, a line for each paragraph or list item; empty for figures, rules and embeds."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Article:
    """An article: what a `.md` file in `content/articles/` says."""

    title: str
    description: str = ""
    standfirst: bool = False
    """True where the page shows `description` to its readers under the headline, False where only its head has it."""
    authors: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    published: str = ""
    modified: str = ""
    lang: str = ""
    section: str = ""
    tags: tuple[str, ...] = ()
    publisher: str = ""
    url: str = ""
    """The article's own address on the web."""
    captured: str = ""
    kind: Kind = "news"
    access: Access = "unknown"
    figures: tuple[Figure, ...] = ()
    credits: tuple[str, ...] = ()
    """Production credits that are not the byline ("Video editor: …")."""
    related: tuple[Link, ...] = ()
    """Related headlines that the page offered: data, not text."""
    notes: tuple[str, ...] = ()
    """Author notes and biographies: data, not text."""
    saved: Saved = Saved()
    link_only: bool = False
    """True where only the address is there, until a capture of it comes."""
    id: str = ""
    """The capture's id, which is also its receipt's; empty for a hand-written article."""
    versions: tuple[str, ...] = ()
    """The ids of the other captures of this story, whose texts are in their receipts."""
    pinned: bool = False
    """True where the user chose this capture: a newer one does not take its place."""
    translations: tuple[str, ...] = ()
    """What the user says of its twins in other languages: addresses, articles' files, or only `none`."""
    original: str = ""
    """The saved file it came from (`Capture.origin`), `#` and the member where it is in a container."""
    cleaned_by: str = ""
    """The version of the cleaner."""
    body: str = ""
    """CommonMark."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Removal:
    """A part of the page's visible text that is not in the article."""

    step: str
    """The stage of cleaning that took it out: `outside`, `chrome`, `byline`…"""
    reason: str
    """Why, in words for the reader: "share buttons", "repeats the headline"…"""
    text: str
    before: int = -1
    """The index of the body block before which it stood; -1 where it stood outside the body."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """A value that the page offers for a field, and where it stands."""

    field: str
    value: str
    source: str
    """`json-ld`, `meta article:published_time`, `visible text`, `address`…"""
    chosen: bool = False
    reason: str = ""
    confidence: float = 0.0
    """Of a chosen value, 0 to 1: how far its sources are trusted and agree, less what speaks against it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Receipt:
    """What the machine read, produced and removed for one capture."""

    id: str
    origin: str = ""
    member: str = ""
    sha256: str = ""
    """Of the capture's bytes."""
    size: int = 0
    media_type: str = ""
    encoding: str = ""
    url: str = ""
    captured: str = ""
    cleaned_by: str = ""
    profile: str = ""
    """The publisher profile used, if any."""
    confidence: float = 0.0
    """0 to 1: how sure the cleaner is of the body."""
    candidates: tuple[Candidate, ...] = ()
    removed: tuple[Removal, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """What the user decided of a part of a page; it outlives every new cleaning."""

    action: Literal["restore", "drop"]
    text: str
    """Of the part, as the receipt or the article has it."""
    after: str = ""
    """The beginning of the block of the article behind which it stood: where a restored part goes back to, should
    the page not show it any more."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Likelihoods:
    """How likely each part of a page is text of the article, 0 to 1, as the cleaner judged it."""

    blocks: tuple[float, ...] = ()
    """One for each block of the body."""
    removed: tuple[float, ...] = ()
    """One for each of the receipt's removals."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Cleaned:
    """The result of cleaning one capture."""

    article: Article
    receipt: Receipt
    text: str
    """The article as plain text, one paragraph a line: standfirst where the page shows one with it, headings,
    paragraphs, lists, quotations; no captions, no byline; white space as single blanks."""
    refusal: str = ""
    """Why this is not an article ("a list of headlines", "a consent wall"); empty when it is one."""
    warnings: tuple[str, ...] = ()
    """What the user should look at, each in a few words."""
    likely: Likelihoods | None = None
    """None where the cleaner judged otherwise than part by part."""

    def as_dict(self) -> dict[str, Any]:
        """The result as JSON-ready values, with the keys that scorers and scripts rely on.

        `authors` are those who sign: people, or the agencies where no person does.
        """
        article, receipt = self.article, self.receipt
        return {
            "title": article.title,
            "description": article.description,
            "authors": list(article.authors or article.agencies),
            "agencies": list(article.agencies),
            "published": article.published or None,
            "modified": article.modified or None,
            "lang": article.lang,
            "section": article.section,
            "tags": list(article.tags),
            "publisher": article.publisher,
            "url": article.url or None,
            "kind": article.kind,
            "access": article.access,
            "text": self.text,
            "markdown": article.body,
            "figures": [
                {"url": f.url, "caption": f.caption, "credit": f.credit, "alt": f.alt} for f in article.figures
            ],
            "confidence": receipt.confidence,
            "refusal": self.refusal,
            "removed": [{"step": r.step, "reason": r.reason, "text": r.text} for r in receipt.removed],
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class CleanOptions:
    """What a caller may choose about cleaning."""

    profiles: bool = True
    """Use publisher profiles."""
    rules: Mapping[str, tuple[Choice, ...]] = field(default_factory=dict)
    """Domain → what the user decided for all its articles."""
    own: tuple[Profile, ...] = ()
    """The site's own publisher profiles, before those that come along."""
    site_rules: str = ""
    """A folder of site rules in FiveFilters' format, used where there is no profile; empty for none."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PageMetadata:
    """What a page's head, structured data and header say of the article, chosen, with every candidate."""

    title: str = ""
    description: str = ""
    authors: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    published: str = ""
    modified: str = ""
    lang: str = ""
    section: str = ""
    tags: tuple[str, ...] = ()
    publisher: str = ""
    url: str = ""
    kind: Kind = "news"
    access: Access = "unknown"
    image: str = ""
    """The address of the lead picture as the head gives it."""
    article_body: str = ""
    """schema.org `articleBody`: an anchor for finding the body, never the body."""
    candidates: tuple[Candidate, ...] = field(default=())


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """An article as the catalog knows it: everything that lists, feeds and neighbours need, without the body."""

    source: str
    """The article's file below `content/articles/`, with `/`."""
    output: str
    """Its page, relative to the site's root."""
    sha256: str
    """Of the file's bytes."""
    title: str
    description: str = ""
    authors: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    published: str = ""
    modified: str = ""
    lang: str = ""
    section: str = ""
    tags: tuple[str, ...] = ()
    publisher: str = ""
    url: str = ""
    kind: Kind = "news"
    words: int = 0
    lead: Figure | None = None
    media: tuple[str, ...] = ()
    """The pictures that it shows, below `content/media/`."""
    id: str = ""
    link_only: bool = False
    """True where only the address is there: listed apart from articles."""
    versions: tuple[str, ...] = ()
    """The ids of the other captures of this story."""
    links: tuple[str, ...] = ()
    """The addresses on the web that its text links to."""
    opening: str = ""
    """The first words of the body as plain text, for lists where there is no description."""
    terms: tuple[str, ...] = ()
    """What it is about, the most telling first (`words.key_terms`)."""
    removed: int = -1
    """How many words of the saved page are not in the article; -1 where no receipt tells."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """One file of the site, ready to be rendered."""

    path: str
    """Relative to the site's root, with `/`."""
    template: str = ""
    """The template that renders it; empty where `data` is the file."""
    context: dict[str, Any] = field(default_factory=dict)
    """What the template is given besides the site."""
    data: bytes = b""
