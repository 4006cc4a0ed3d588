"""What a host allows robots to fetch (RFC 9309)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit

SIZE_LIMIT = 500 * 1024
"""Bytes that are read of a robots.txt (RFC 9309 §2.5)."""

_LINE = re.compile(r"\s*([a-z-]{1,40})\s*:\s*([^#]*)", re.I)
_RULES = 5000
_PARTS = 40


@dataclass(frozen=True, kw_only=True, slots=True)
class Robots:
    """The rules for one robot."""

    rules: tuple[tuple[str, bool], ...] = ()
    """(pattern of paths, whether it allows)"""
    delay: float = 0.0
    """Seconds between requests, as far as the host names them."""

    def allows(self, url: str) -> bool:
        """Whether an address may be fetched: the longest rule that matches it decides, an equal one allows."""
        parts = urlsplit(url)
        path = _normal(parts.path or "/") + (f"?{_normal(parts.query)}" if parts.query else "")
        if path == "/robots.txt":
            return True
        best = max(((len(p), allowed) for p, allowed in self.rules if _matches(p, path)), default=(0, True))
        return best[1]


NOTHING = Robots(rules=(("/", False),))
"""The rules of a host whose robots.txt cannot be had: it forbids everything (RFC 9309 §2.3.1.4)."""


def read_robots(text: str, name: str) -> Robots:
    """The rules for a robot with a name; those for `*` where none are for it."""
    own: list[tuple[str, bool]] = []
    others: list[tuple[str, bool]] = []
    delays = {True: 0.0, False: 0.0}
    groups: set[bool] = set()
    named = heads = False
    for line in text.splitlines():
        found = _LINE.match(line)
        if not found:
            continue
        key, value = found[1].lower(), found[2].strip()
        if key == "user-agent":
            groups = groups if heads else set()
            heads = True
            if value == "*" or value.lower() == name.lower():
                groups.add(value != "*")
            named = named or value.lower() == name.lower()
        elif key in ("allow", "disallow", "crawl-delay"):
            heads = False
            for mine in groups:
                if key == "crawl-delay":
                    delays[mine] = _seconds(value)
                elif value and len(own) + len(others) < _RULES:
                    (own if mine else others).append((_normal(value), key == "allow"))
    return Robots(rules=tuple(own if named else others), delay=delays[named])


def _normal(path: str) -> str:
    return quote(unquote(path, errors="surrogateescape"), safe="/*$?&=:@!'()+,;~-._%", errors="surrogateescape")


def _matches(pattern: str, path: str) -> bool:
    """`*` stands for anything, `$` at the end for the end."""
    ended = pattern.endswith("$")
    first, *rest = pattern.removesuffix("$").split("*")[:_PARTS]
    if not path.startswith(first):
        return False
    at = len(first)
    for n, part in enumerate(rest):
        if ended and n == len(rest) - 1:
            return path.endswith(part) and len(path) - len(part) >= at
        found = path.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    return not ended or at == len(path)


def _seconds(value: str) -> float:
    try:
        return max(0.0, float(value))
    except ValueError:
        return 0.0
