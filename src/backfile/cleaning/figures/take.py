"""The pictures in the body: taken with the words about them, and put back as plain `<figure><img></figure>`."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bs4 import BeautifulSoup, Tag

from backfile.cleaning.convert.links import attribute
from backfile.cleaning.figures.captions import Words, all_text, take_following, take_words, told_by_image
from backfile.cleaning.figures.dom import has, tags
from backfile.cleaning.figures.places import Places
from backfile.cleaning.figures.sources import best_source, same_picture_key
from backfile.model import Figure, Removal

_LOOSE_TEXT = 300
_IMAGES = ("img", "amp-img")
_KEPT = ("img", "iframe", "video", "table", "blockquote")


@dataclass(frozen=True, kw_only=True, slots=True)
class Taken:
    """The figures of a body in order, and what was said around pictures without being about them."""

    figures: tuple[Figure, ...] = ()
    removed: tuple[Removal, ...] = ()


def take_figures(root: Tag, base_url: str, lead_url: str = "") -> Taken:
    """The figures in `root`, which is rewritten: each picture becomes `<figure><img src alt title></figure>` with its
    caption in `title`, and the words of captions and credits no longer stand in the text.

    `lead_url` is the picture that the page's head names: the figure that shows it is marked as the lead.
    """
    images = [(image, _source(image, base_url)) for image in _images(root)]
    taker = _Taker(Places(root, base_url, images), lead_url)
    for image, url in images:
        taker.take(image, url)
    return Taken(figures=tuple(taker.figures), removed=tuple(taker.removed))


def _images(root: Tag) -> list[Tag]:
    """Every picture element, those in `noscript` too, in document order."""
    found = list(tags(root, ("noscript", "source", *_IMAGES)))
    if all(tag.name in _IMAGES for tag in found):
        return found
    for tag in found:
        if tag.name == "source" and tag.contents:  # to the parser, what follows a `source` stands in it
            tag.insert_after(*[child.extract() for child in list(tag.contents)])
        elif tag.name == "noscript" and "<img" in (tag.string or ""):
            markup = str(tag.string)
            tag.clear()
            tag.extend(list(BeautifulSoup(markup, "html.parser").contents))
    return list(tags(root, _IMAGES))


def _source(image: Tag, base_url: str) -> str:
    copies = [image]
    if image.parent is not None and image.parent.name == "picture":
        copies += tags(image.parent, ("source",))
    return best_source([{name: attribute(tag, name) for name in tag.attrs} for tag in copies], base_url)


class _Taker:
    """What has been taken so far."""

    def __init__(self, places: Places, lead_url: str) -> None:
        self.places = places
        self.lead_key = same_picture_key(lead_url) if lead_url else ""
        self.figures: list[Figure] = []
        self.removed: list[Removal] = []
        self.seen: dict[str, int] = {}

    def take(self, image: Tag, url: str) -> None:
        if image.parent is None:  # it stood in something that is gone
            return
        if not url or self.places.is_decoration(image, url) or self.places.is_elsewhere(image):
            _drop(image)
            return
        key = same_picture_key(url)
        frame, whole = self.places.frame(image, key)
        words = _words(image, frame, whole=whole)
        alt = " ".join(attribute(image, "alt").split())
        if self.is_repeated(key, words):
            self.enrich(self.seen[key], words, alt)
            _drop(image)
        else:
            self.seen.setdefault(key, len(self.figures))
            figure = Figure(url=url, alt=alt, caption=words.caption, credit=words.credit, lead=key == self.lead_key)
            self.figures.append(figure)
            _outside_marks(frame, self.places.root).insert_before(_plain(figure))
            _drop(image)
        self.clear(frame, whole=whole)

    def is_repeated(self, key: str, words: Words) -> bool:
        """Whether this picture has been taken already, and is not shown again with other words."""
        if key not in self.seen:
            return False
        caption = self.figures[self.seen[key]].caption
        return not words.caption or not caption or words.caption in caption or caption in words.caption

    def enrich(self, n: int, words: Words, alt: str) -> None:
        """Add to a figure what another copy of its picture tells."""
        old = self.figures[n]
        caption, credit = max(old.caption, words.caption, key=len), old.credit or words.credit
        self.figures[n] = replace(old, alt=old.alt or alt, caption=caption, credit=credit)
        if words.credit not in f"{caption} {credit}":
            self.removed.append(Removal(step="figures", reason="another credit of a picture", text=words.credit))

    def clear(self, frame: Tag, *, whole: bool) -> None:
        """Remove what is left of a picture's frame where that is nothing, or only controls ("1 / 5", "Enlarge")."""
        if frame.decomposed or has(frame, _KEPT):
            return
        text = all_text(frame, _LOOSE_TEXT)
        if text and (not whole or len(text) > _LOOSE_TEXT):
            return
        if text:
            self.removed.append(Removal(step="figures", reason="picture controls", text=text))
        frame.decompose()


def _words(image: Tag, frame: Tag, *, whole: bool) -> Words:
    """What the frame, what follows it, and then the picture itself say."""
    words = take_words(frame, whole=whole) if frame is not image else Words()
    for more in (take_following, lambda _: told_by_image(image)):
        if not (words.caption and words.credit):
            other = more(frame)
            words = Words(words.caption or other.caption, words.credit or other.credit)
    return words


def _plain(figure: Figure) -> Tag:
    new = Tag(name="figure")
    attributes = {"src": figure.url, "alt": figure.alt, "title": figure.caption}
    new.append(Tag(name="img", attrs={name: value for name, value in attributes.items() if value or name == "alt"}))
    return new


def _outside_marks(frame: Tag, root: Tag) -> Tag:
    """The element before which a block can stand: out of the links and marks around the picture."""
    node = frame
    while node.parent is not None and node.parent is not root and node.parent.name in _MARKS:
        node = node.parent
    return node


_MARKS = ("a", "span", "b", "i", "em", "strong", "picture", "noscript")


def _drop(image: Tag) -> None:
    parent = image.parent
    if parent is not None and parent.name == "picture":
        parent.decompose()
    else:
        image.decompose()
