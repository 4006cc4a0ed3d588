"""The pictures in the body: taken with the words about them, and put back as plain `<figure><img></figure>`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bs4 import BeautifulSoup, Tag

from backfile.clean.convert.links import attribute, web_address
from backfile.clean.figures.captions import Words, names_of, take_following, take_words, text_of
from backfile.clean.figures.names import told
from backfile.clean.figures.sources import best_source, file_name, same_picture_key
from backfile.model import Figure, Removal

_LEVELS = 10
_FRAME_TEXT = 1200
_ICON = 60
_LOOSE_TEXT = 300


@dataclass(frozen=True, kw_only=True, slots=True)
class Taken:
    """The figures of a body in order, and what was said around pictures without being about them."""

    figures: tuple[Figure, ...] = ()
    removed: tuple[Removal, ...] = ()


def take_figures(root: Tag, base_url: str, lead_url: str = "") -> Taken:
    """Rewrite the pictures in `root` as `<figure><img src alt title></figure>`, the caption in `title`, their captions and
    credits no longer in the flow; give them as figures. `lead_url` is the page's lead picture, which is so marked."""
    taker = _Taker(root, base_url, lead_url)
    for image in _pictures(root):
        taker.take(image)
    return Taken(figures=tuple(taker.figures), removed=tuple(taker.removed))


def _pictures(root: Tag) -> list[Tag]:
    """Every picture element, those in `noscript` too, in document order."""
    for tag in root.find_all("noscript"):
        markup = tag.string
        if markup and "<img" in markup:
            tag.clear()
            tag.extend(list(BeautifulSoup(markup, "html.parser").contents))
    return [tag for tag in root.find_all(("img", "amp-img")) if isinstance(tag, Tag)]


class _Taker:
    def __init__(self, root: Tag, base_url: str, lead_url: str) -> None:
        self.root = root
        self.base_url = base_url
        self.lead_key = same_picture_key(lead_url) if lead_url else ""
        self.figures: list[Figure] = []
        self.removed: list[Removal] = []
        self.seen: dict[str, int] = {}
        self.sources: dict[int, str] = {}

    def take(self, image: Tag) -> None:
        if image.decomposed or image.parent is None:
            return
        url = self.source(image)
        if not url or _is_decoration(image, url) or self.is_elsewhere(image):
            _drop(image)
            return
        key = same_picture_key(url)
        frame, whole = self.frame(image, key)
        if frame is not image:
            words = take_words(frame, whole=whole)
            more = take_following(frame) if not words.caption or not words.credit else Words()
            words = Words(words.caption or more.caption, words.credit or more.credit)
        else:
            words = take_following(image)
        alt = " ".join(attribute(image, "alt").split())
        if key in self.seen:
            self.enrich(self.seen[key], words, alt)
            _drop(image)
        else:
            self.seen[key] = len(self.figures)
            self.figures.append(Figure(url=url, alt=alt, caption=words.caption, credit=words.credit, lead=key == self.lead_key))
            self.put(image, frame)
        if whole:
            self.clear(frame)

    def enrich(self, n: int, words: Words, alt: str) -> None:
        old = self.figures[n]
        self.figures[n] = Figure(
            url=old.url,
            alt=old.alt or alt,
            caption=old.caption or words.caption,
            credit=old.credit or words.credit,
            lead=old.lead,
        )

    def source(self, image: Tag) -> str:
        known = self.sources.get(id(image))
        if known is None:
            parent = image.parent
            elements = [_attributes(image)]
            if parent is not None and parent.name == "picture":
                elements += [_attributes(tag) for tag in parent.find_all("source")]
            known = self.sources[id(image)] = best_source(elements, self.base_url)
        return known

    def is_elsewhere(self, image: Tag) -> bool:
        """Whether the picture belongs to a teaser, an advertisement or another part of the site."""
        for n, parent in enumerate(image.parents):
            if parent is self.root or n > _LEVELS:
                return False
            if parent.name in ("aside", "nav", "footer", "button") or told(names_of(parent), "other"):
                return True
            if parent.name == "a" and web_address(attribute(parent, "href"), self.base_url):
                text = text_of(parent, 200)
                if len(text) > 20 and parent.find(("figcaption",)) is None and image.find_parent("figure") is None:
                    return True
        return False

    def frame(self, image: Tag, key: str) -> tuple[Tag, bool]:
        """The element that holds the picture and the words about it, and whether all its words are about it."""
        figure = None
        for n, parent in enumerate(image.parents):
            if parent is self.root or n > _LEVELS:
                break
            if parent.name == "figure":
                figure = parent
                break
        if figure is not None and len(text_of(figure, _FRAME_TEXT * 2)) <= _FRAME_TEXT * 2 and self.is_alone(figure, key):
            return figure, True
        node = image
        for _ in range(_LEVELS):
            parent = node.parent
            if parent is None or parent is self.root or parent.name in ("li", "td", "body") or not self.is_alone(parent, key):
                break
            text = text_of(parent, _FRAME_TEXT)
            if text:
                if len(text) < _FRAME_TEXT and (told(names_of(parent), "frame") or _has_words(parent)):
                    return parent, False
                break
            node = parent
        return node, False

    def is_alone(self, tag: Tag, key: str) -> bool:
        images = tag.find_all(("img", "amp-img"), limit=12)
        for other in images:
            url = self.source(other) if isinstance(other, Tag) else ""
            if url and same_picture_key(url) != key and not _is_decoration(other, url):
                return False
        return True

    def put(self, image: Tag, frame: Tag) -> None:
        figure = self.figures[-1]
        new = Tag(name="figure")
        img = Tag(name="img", attrs={"src": figure.url, "alt": figure.alt})
        if figure.caption:
            img["title"] = figure.caption
        new.append(img)
        _splittable(frame, self.root).insert_before(new)
        _drop(image)
        if frame is not image and not text_of(frame, 1) and not frame.find(("img", "iframe", "video", "table")):
            frame.decompose()

    def clear(self, frame: Tag) -> None:
        if frame.decomposed or frame.find(("iframe", "table", "blockquote", "video")):
            return
        text = text_of(frame)
        if len(text) <= _LOOSE_TEXT:
            if text:
                self.removed.append(Removal(step="figures", reason="picture controls", text=text))
            if not frame.find("img"):
                frame.decompose()


def _has_words(tag: Tag) -> bool:
    return any(told(names_of(child), "caption") or told(names_of(child), "credit") for child in tag.find_all(True, limit=40))


def _splittable(frame: Tag, root: Tag) -> Tag:
    """The element before which a block can stand: out of the links and marks that hold only the picture."""
    node = frame
    for _ in range(_LEVELS):
        parent = node.parent
        if parent is None or parent is root or parent.name not in ("a", "span", "b", "i", "em", "strong", "picture"):
            break
        node = parent
    return node


def _drop(image: Tag) -> None:
    parent = image.parent
    if parent is not None and parent.name == "picture":
        parent.decompose()
    else:
        image.decompose()


def _attributes(tag: Tag) -> dict[str, str]:
    return {name: " ".join(value) if isinstance(value, list) else str(value) for name, value in tag.attrs.items()}


def _is_decoration(image: Tag, url: str) -> bool:
    width, height = attribute(image, "width"), attribute(image, "height")
    if any(size.isascii() and size.isdigit() and len(size) < 6 and int(size) <= _ICON for size in (width, height)):
        return True
    if told(names_of(image), "decoration") or told(file_name(url), "file"):
        return True
    return any(told(names_of(parent), "decoration") for parent in _near(image))


def _near(image: Tag) -> Iterator[Tag]:
    for n, parent in enumerate(image.parents):
        if n > 2 or parent.name in ("figure", "article", "body"):
            return
        yield parent
