"""Addresses as a saved page writes them, made absolute."""

from __future__ import annotations

import re
from urllib.parse import urljoin

from bs4 import Tag

_BLANKS = re.compile(r"[\t\n\r]+")
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.I)


def attribute(tag: Tag, name: str) -> str:
    """An attribute's value as one string, empty where it is not given."""
    value = tag.attrs.get(name, "")
    return " ".join(value) if isinstance(value, list) else str(value).strip()


def web_address(href: str, base_url: str) -> str:
    """The absolute address of a link that leads out of the page (http, https, mailto), else an empty string."""
    href = _BLANKS.sub("", href).strip()
    if not href or href.startswith("#"):
        return ""
    url = _joined(href, base_url)
    scheme = _scheme(url)
    if scheme == "mailto":
        return url
    return url if scheme in ("http", "https") and len(url) > len("https://") else ""


def picture_address(src: str, base_url: str) -> str:
    """The address of a picture: absolute where it can be, relative for a file saved beside the page."""
    src = _BLANKS.sub("", src).strip()
    url = _joined(src, base_url) if src else ""
    return url if _scheme(url) in ("http", "https", "data", "cid", "") else ""


def _joined(href: str, base_url: str) -> str:
    if href[:8].lower().startswith(("http://", "https://")) or not base_url:
        return href
    try:
        return urljoin(base_url, href)
    except ValueError:  # brackets that hold no IPv6 address
        return ""


def _scheme(url: str) -> str:
    match = _SCHEME.match(url)
    return match[1].lower() if match else ""
