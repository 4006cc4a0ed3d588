"""Addresses of pages: two that lead to the same page have one canonical form."""

from __future__ import annotations

import hashlib
import ipaddress
import re
import tomllib
from functools import cache
from importlib.resources import files
from urllib.parse import unquote, urlsplit

_WAYBACK = re.compile(r"(?:https?:)?(?://)?(?:web\.archive\.org)?/web/(\d{4,14})(?:[a-z]{2}_)?/(.+)", re.S)
_WAYBACK_HOSTED = re.compile(r"https?://(?:web\.|www\.)?archive\.org/web/(\d{4,14})\*?(?:[a-z]{2}_)?/(.+)", re.S)
_TODAY = re.compile(
    r"https?://(?:www\.)?archive\.(?:today|ph|is|li|fo|md|vn)/"
    r"(?:o/\w{4,8}/|(\d{14})/|newest/|oldest/)?(https?:.+)",
    re.S,
)
_AMP_CACHE = re.compile(
    r"https?://(?:www\.google\.[a-z.]{2,6}/amp/|[\w-]+\.cdn\.ampproject\.org/[a-z]/)(?:s/)?(.+)", re.S
)
_AMP_PATH = re.compile(r"(?:/amp|\.amp|/amp\.html|\.amp\.html)/?$")
_INDEX = re.compile(r"/(?:index|default)\.(?:html?|php|aspx?)$", re.I)


def is_web_address(url: str) -> bool:
    """True for an http(s) address of the public web; names without a dot and numbers are a private network's."""
    try:
        parts = urlsplit(url.strip())
        host = parts.hostname or ""
    except ValueError:
        return False
    if parts.scheme not in ("http", "https") or "." not in host.strip(".") or re.search(r"[\s\\<>\"]", parts.netloc):
        return False
    last = host.rstrip(".").rpartition(".")[2]
    if re.fullmatch(r"(?:0x)?[\da-f]*\d|local|localhost|internal|localdomain", last):
        return _is_public(host)
    return True


def _is_public(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return False


def is_front_page(url: str) -> bool:
    """True where an address names a whole site and no page of it."""
    parts = urlsplit(url)
    return not _INDEX.sub("", parts.path).strip("/") and not parts.query and not parts.fragment.startswith("!")


def unarchived(url: str) -> tuple[str, str]:
    """(the original address, the time as up to 14 digits) of a copy at a web archive; (url, "") for another address."""
    for pattern in (_WAYBACK_HOSTED, _WAYBACK, _TODAY):
        found = pattern.match(url)
        if found and re.match(r"(?:https?:/{1,2})?[\w-]+\.", found[2]):
            original = re.sub(r"^(https?):/+", r"\1://", found[2])
            return original if "://" in original else f"http://{original}", found[1] or ""
    return url, ""


def canonical(url: str) -> str:
    """The form that all addresses of one page share; empty for what is no web address.

    Undone are: web archives, AMP and its caches, `www.` and `m.`, http and https, default ports, fragments, tracking
    parameters, a slash at the end, `index.html`. It is a key for comparing, not an address to fetch.
    """
    url, _ = unarchived(url.strip())
    cached = _AMP_CACHE.match(url)
    if cached:
        url = f"https://{cached[1]}"
    if not is_web_address(url):
        return ""
    parts = urlsplit(url)
    host = (parts.hostname or "").rstrip(".").removeprefix("www.")
    host = next((host[len(name) :] for name in _data()["hosts"] if _is_prefix(host, name)), host)
    try:
        port = parts.port
    except ValueError:
        port = None
    if port not in (None, 80, 443):
        host += f":{port}"
    path = _INDEX.sub("", _AMP_PATH.sub("", unquote(parts.path, errors="surrogateescape"))).rstrip("/")
    query = "&".join(part for part in parts.query.split("&") if part and not _is_noise(part.casefold()))
    anchor = f"#{parts.fragment}" if parts.fragment.startswith("!") else ""
    return f"{host}{path}{'?' if query else ''}{query}{anchor}"


def link_id(url: str) -> str:
    """The id of an address, one for all its forms: 16 hex digits, or empty for what is no web address."""
    key = canonical(url)
    return hashlib.sha256(f"link {key}".encode("utf-8", "surrogatepass")).hexdigest()[:16] if key else ""


def _is_prefix(host: str, name: str) -> bool:
    return host.startswith(name) and host.count(".") > 1


def _is_noise(part: str) -> bool:
    name = part.partition("=")[0]
    starts, names, layout = _noise()
    return name in names or name.startswith(starts) or part in layout or name in layout


@cache
def _noise() -> tuple[tuple[str, ...], frozenset[str], frozenset[str]]:
    names = _data()["tracking"]
    starts = tuple(name[:-1] for name in names if name.endswith("*"))
    return starts, frozenset(name for name in names if not name.endswith("*")), frozenset(_data()["layout"])


@cache
def _data() -> dict[str, list[str]]:
    return tomllib.loads(files("backfile").joinpath("addresses.toml").read_text("utf-8"))
