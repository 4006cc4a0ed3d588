"""Where a picture stands: what is its frame, and whether it belongs to the article at all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bs4 import Tag

from backfile.cleaning.convert.links import attribute, web_address
from backfile.cleaning.figures.captions import names_of, text_of
from backfile.cleaning.figures.dom import has, tags
from backfile.cleaning.figures.names import told
from backfile.cleaning.figures.sources import file_name, is_picture_file, same_picture_key

_LEVELS = 10
_FRAME_TEXT = 1200
_BOX_TEXT = 2500
_OWN_TEXT = 300
_SHORT_TEXT = 120
_SIGNED_TEXT = 800
_LINK_TEXT = 20
_TEASER_LEVELS = 4
_ICON = 60
_MANY = 40
_OUTER_LEVELS = 3
_CAPTIONS = ("figcaption",)
_WITHIN = ("a", "p", "span", "button")
_NEVER_ABOUT = ("h1", "h2", "h3", "h4", "ul", "ol", "dl", "iframe", "time", "table", "form")


class Places:
    """The pictures of a body by the elements that hold them."""

    def __init__(self, root: Tag, base_url: str, images: Sequence[tuple[Tag, str]]) -> None:
        self.root = root
        self.base_url = base_url
        self.keys: dict[int, set[str]] = {}
        for image, url in images:
            if url and not self.is_decoration(image, url):
                key = same_picture_key(url)
                for parent in self.above(image):
                    self.keys.setdefault(id(parent), set()).add(key)

    def above(self, tag: Tag) -> Iterator[Tag]:
        """The nearest elements around one, inside the body."""
        for n, parent in enumerate(tag.parents):
            if parent is self.root or n > _LEVELS:
                return
            yield parent

    def is_decoration(self, image: Tag, url: str) -> bool:
        """Whether the picture is an icon, a logo, an author's portrait or the like."""
        for size in (attribute(image, "width"), attribute(image, "height")):
            if size.isascii() and size.isdigit() and int(size[:6]) <= _ICON:
                return True
        name = file_name(url)
        if told(names_of(image), "decoration") or told(name, "file"):
            return True
        if name.endswith(".svg") and image.find_parent("figure") is None:
            return True
        for n, parent in enumerate(self.above(image)):
            if n > 2 or parent.name in ("figure", "article"):
                break
            if told(names_of(parent), "decoration"):
                return True
        return False

    def is_elsewhere(self, image: Tag) -> bool:
        """Whether the picture belongs to a teaser, an advertisement or another part of the site."""
        for parent in self.above(image):
            other = parent.name in ("aside", "nav") or (parent.name != "figure" and told(names_of(parent), "other"))
            if other and len(text_of(parent, _BOX_TEXT)) <= _BOX_TEXT:
                return True
            if parent.name == "a" and (href := web_address(attribute(parent, "href"), self.base_url)):
                return not is_picture_file(href) and self.is_teaser(parent, image)
        return False

    def is_teaser(self, link: Tag, image: Tag) -> bool:
        """Whether a picture in a link goes with a headline in the same link, or beside it with the same address."""
        if image.find_parent("figure") is None and not has(link, _CAPTIONS) and len(text_of(link, 200)) > _LINK_TEXT:
            return True
        href = attribute(link, "href")
        if _host(web_address(href, self.base_url)) != _host(self.base_url):
            return False
        for n, parent in enumerate(self.above(link)):
            if n >= _TEASER_LEVELS:
                break
            others = (other for other in tags(parent, ("a",)) if attribute(other, "href") == href)
            if any(other is not link and len(text_of(other, 200)) > _LINK_TEXT for other in others):
                return True
        return False

    def frame(self, image: Tag, key: str) -> tuple[Tag, bool]:
        """The element that holds a picture and the words about it, and whether all its words are about it."""
        node = image
        for parent in self.above(image):
            if parent.name in ("td", "body") or self.keys.get(id(parent), {key}) != {key}:
                break
            text = text_of(parent, _FRAME_TEXT * 2)
            if not text:
                node = parent
                continue
            if parent.name == "figure" and len(text) <= _FRAME_TEXT * 2 and not self.has_outer_caption(parent, key):
                return parent, True
            if len(text) > _FRAME_TEXT:
                break
            has_words = _has_words(parent)
            about = _is_about(parent, text, _SIGNED_TEXT if has_words else _OWN_TEXT)
            if has_words or (about and not self.has_outer_caption(parent, key)):
                return parent, about
            if not about and parent.name not in _WITHIN:
                break
        return node, False

    def has_outer_caption(self, frame: Tag, key: str) -> bool:
        """Whether a caption stands right outside of a frame that has none."""
        if _has_words(frame):
            return False
        for n, outer in enumerate(self.above(frame)):
            if n >= _OUTER_LEVELS or self.keys.get(id(outer)) != {key}:
                break
            if has(outer, _CAPTIONS):
                return len(text_of(outer, _FRAME_TEXT)) <= _FRAME_TEXT
        return False


def _host(url: str) -> str:
    return url.partition("://")[2].partition("/")[0].removeprefix("www.").casefold()


def _has_words(tag: Tag) -> bool:
    for n, child in enumerate(child for child in tag.descendants if isinstance(child, Tag)):
        if n > _MANY:
            break
        names = names_of(child)
        if child.name == "figcaption" or (names and (told(names, "caption") or told(names, "credit"))):
            return True
    return False


def _is_about(frame: Tag, text: str, limit: int) -> bool:
    """Whether the few words in an element of its own with a picture are about the picture."""
    if len(text) > limit or frame.name in ("p", "a", "td") or has(frame, _NEVER_ABOUT):
        return False
    if sum(len(text_of(link, _OWN_TEXT)) for link in tags(frame, ("a",))) * 2 > len(text):
        return False
    # Paragraphs are prose, but for a short one, or a caption and a credit in what is called a picture's box.
    allowed = 2 if told(names_of(frame), "frame") else int(len(text) <= _SHORT_TEXT)
    return sum(1 for _ in tags(frame, ("p",))) <= allowed
