"""Names and paths made from outside text, and relative links: nothing else joins paths that come from outside."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from functools import lru_cache
from pathlib import PurePosixPath
from urllib.parse import quote

from slugify import slugify

SLUG_LENGTH = 80
"""Characters: file names stay far below the 255 bytes that file systems allow, also with a suffix."""

_CLEAN = re.compile(r"[a-z0-9][a-z0-9_-]{0,119}")
_WEB = re.compile(r"https?://[^/?#\s]", re.IGNORECASE)
_BREAKING = re.compile(r"[\s<>\"\x00-\x1f\x7f]")
_PLAIN_PATH = re.compile(r"[A-Za-z0-9_.~/-]*")
_SIMPLE_NAME = re.compile(r"[\w\s'’.,-]+")
# Names that Windows keeps for devices, and names that the site itself uses.
_RESERVED = frozenset(
    {"con", "prn", "aux", "nul", "index", "404", "archive"}
    | {f"{device}{n}" for device in ("com", "lpt") for n in range(1, 10)}
)


def slug(text: str, fallback: str = "article") -> str:
    """A short name for a file or an address: lower-case ASCII letters, digits and hyphens, never empty or reserved."""
    name = slugify(text[:400], max_length=SLUG_LENGTH, word_boundary=True, backend="text-unidecode") or fallback
    return f"{name}-" if name in _RESERVED else name


@lru_cache(65_536)
def shelf_slug(name: str) -> str:
    """The address part of a list by name (tag, author, publisher).

    Names that differ in case, accents or punctuation share a list; names that only a transliteration makes alike
    ("C++" and "C#", two names in Chinese) get a mark of their own.
    """
    folded = unicodedata.normalize("NFKC", name).casefold().strip()
    base = slug(name, fallback="name")
    latin = _SIMPLE_NAME.fullmatch(folded) and all(ord(c) < 0x250 or not c.isalpha() for c in folded)
    return base if latin and not base.startswith("name") else f"{base}-{_digest(folded, 6)}"


def article_output(source: str) -> str:
    """The page of an article, from its file's path below `content/articles/`.

    `2025/01/slug.md` gives `2025/01/slug.html`; files outside the calendar come below `articles/`. Parts that are not
    plain lower-case names get a mark made from the whole path, so no two files share a page on any file system.
    """
    parts = PurePosixPath(source.removesuffix(".md")).parts
    in_calendar = len(parts) == 3 and re.fullmatch(r"\d{4}", parts[0]) and re.fullmatch(r"\d\d", parts[1])
    undated = len(parts) == 2 and parts[0] == "undated"
    prefix = () if in_calendar or undated else ("articles",)
    clean = [_safe_part(part) for part in parts]
    if list(parts) != clean:
        clean[-1] = f"{clean[-1]}-{_digest(source, 8)}"
    return "/".join((*prefix, *clean)) + ".html"


def letter_steps(path: str) -> str:
    """Where a page stands in an alphabet: its name's first two letters, then two hex digits that part like names."""
    name = path.rpartition("/")[2].removesuffix(".html").replace("-", "").replace("_", "")
    return f"{name[:2]:0<2}{_digest(path, 2)}"


def root_of(path: str) -> str:
    """What leads from a page back to the site's root: `../` as often as the page is deep."""
    return "../" * path.count("/")


def url_path(path: str) -> str:
    """A path of the site as it stands in a link."""
    return path if _PLAIN_PATH.fullmatch(path) else quote(path)


def _safe_part(part: str) -> str:
    if _CLEAN.fullmatch(part) and part not in _RESERVED:
        return part
    return slug(part)


def _digest(text: str, length: int) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:length]


def web_address(url: str) -> str:
    """An address that may stand in a link (http or https), or an empty string."""
    found = url.strip()
    return found if _WEB.match(found) and not _BREAKING.search(found) else ""
