"""The addresses of pictures: which copy is the best, and which addresses name the same picture."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from backfile.cleaning.convert.links import picture_address

Attributes = Mapping[str, str]

_LAZY = re.compile(r"src|original|lazy|image|img|full|large|hi-?res|photo|picture|zoom", re.I)
_PLACEHOLDERS = (
    "blank", "spacer", "placeholder", "transparent", "1x1", "pixel.", "/loading", "lazyload", "lazy-load", "lazy_load",
    "dummy", "trans.gif", "grey.gif", "default.",
)  # fmt: skip
_FILE = re.compile(r"\.(?:jpe?g|png|webp|avif|gif|svg)\b", re.I)
_CANDIDATE = re.compile(r"\s*([^\s,]\S*[^\s,])(?:\s+(\d+(?:\.\d+)?)([wx])[^,]*)?\s*(?:,|$)")
_SIZE = re.compile(
    r"(?:^|[-_.])(?:\d+x\d+|\d+[wh]|w\d+|h\d+|\d+px|@?[1-4]x|s\d{3,4}[a-z]?|scaled|large|medium|small|thumb(?:nail)?)"
    r"(?=$|[-_.])",
    re.I,
)
_UNUSUAL = re.compile(r"[^a-z0-9_]+")
_SIZE_FOLDER = re.compile(r"/\d{2,4}(?=/)")
_RUN = re.compile(r"[a-z0-9-]{16,}")
_TELLING = 8
_DIGITS = 5
_WIDE = 600
_TEXT_LIMIT = 20_000
_NO_ADDRESS = frozenset(["alt", "title", "class", "sizes", "data-sizes"])


def best_source(elements: Iterable[Attributes], base_url: str) -> str:
    """The address of the best copy among an `img` and the `source` elements beside it: the widest that any offers."""
    return next(filter(None, (picture_address(url, base_url) for url in all_sources(elements))), "")


def all_sources(elements: Iterable[Attributes]) -> list[str]:
    """Every copy that an `img` and the `source` elements beside it offer, as written, the widest first."""
    offers = sorted((o for attributes in elements for o in _offers(attributes)), key=lambda offer: -offer[1])
    return [url for url, _ in offers if not _is_placeholder(url)]


@lru_cache(maxsize=1024)
def same_picture_key(url: str) -> str:
    """What the addresses of all sizes of a picture have in common: its file name where that is a telling one."""
    if url.startswith("data:"):
        return f"{url[:200]}{len(url)}"
    path = unquote(url).partition("#")[0]
    inner = max(path.rfind("http://"), path.rfind("https://"))
    path, query = _split(path[inner:] if inner > 0 else path)
    stem = _plain(PurePosixPath(path).stem)
    if len(stem) >= _TELLING or sum(map(str.isdigit, stem)) >= _DIGITS:
        return stem
    return _plain(_SIZE_FOLDER.sub("/", path)) + ("" if stem and "." in path else query)


def loose_picture_key(url: str) -> str:
    """The longest part of a picture's file name: the same for crops that a site has named apart."""
    return max(_RUN.findall(same_picture_key(url)), key=len, default="")


def _plain(name: str) -> str:
    return _UNUSUAL.sub("-", _SIZE.sub("", name.casefold())).strip("-")


def is_wide(attributes: Attributes) -> bool:
    """Whether an `img` says that it is, or can be, as wide as a column of text."""
    width = attributes.get("width", "")
    if width.isascii() and width.isdigit() and int(width[:6]) >= _WIDE:
        return True
    return any(width >= _WIDE for _, width in _offers(attributes))


def is_picture_file(url: str) -> bool:
    """Whether an address is that of a picture, by its file name."""
    return bool(_FILE.search(file_name(url)))


def file_name(url: str) -> str:
    """The last part of an address's path, or of its query; empty for a picture that is in the address itself."""
    if url.startswith("data:"):
        return ""
    path, query = _split(unquote(url))
    name = path.rsplit("/", 1)[-1]
    return name if name else query.rsplit("/", 1)[-1]


def _split(url: str) -> tuple[str, str]:
    try:
        parts = urlsplit(url)
    except ValueError:
        return url, ""
    return parts.path, parts.query


def _offers(attributes: Attributes) -> Iterator[tuple[str, float]]:
    """Addresses with their widths in pixels where known; lazy attributes before `src`, which then is a stand-in."""
    for name, value in attributes.items():
        if name == "src" and value.startswith("data:"):
            yield value, 0.1
            continue
        if not value or len(value) > _TEXT_LIMIT or name in _NO_ADDRESS or "{" in value:
            continue
        if name.endswith("srcset"):
            yield from _set(value)
        elif name == "src":
            yield value, 0.2
        elif name.startswith("data-") and _LAZY.search(name) and _looks_like_address(value):
            yield value, 0.5


def _looks_like_address(value: str) -> bool:
    return (value.startswith(("http", "/")) or bool(_FILE.search(value))) and " " not in value.strip()


def _set(value: str) -> Iterator[tuple[str, float]]:
    for match in _CANDIDATE.finditer(value):
        number = float(match[2]) if match[2] else 1.0
        yield match[1], number * 500 if match[3] == "x" else number


def _is_placeholder(url: str) -> bool:
    if url.startswith("data:"):
        return len(url) < 2000 or url.startswith("data:image/svg")
    name = url.lower()
    return any(word in name for word in _PLACEHOLDERS)
