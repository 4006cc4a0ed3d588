"""Addresses as they are given: among files, in lists, of many hosts."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")


def is_address(text: str) -> bool:
    """True for what is meant as an address rather than as a file, also where it is none of the web's."""
    return bool(_SCHEME.match(text)) and not Path(text).exists()


def read_list(text: str) -> Iterator[str]:
    """The addresses of a list: one a line, what follows a blank and lines with `#` in front are passed over."""
    for line in text.splitlines():
        words = line.strip("\ufeff \t").split()
        if words and not words[0].startswith("#"):
            yield words[0]


def in_turn(urls: Iterable[str]) -> Iterator[str]:
    """The addresses without repeats, one of each host in turn: the wait for one host is spent on the others."""
    hosts: dict[str, deque[str]] = {}
    for url in dict.fromkeys(urls):
        hosts.setdefault(_host(url), deque()).append(url)
    waiting = deque(hosts.values())
    while waiting:
        some = waiting.popleft()
        yield some.popleft()
        if some:
            waiting.append(some)


def _host(url: str) -> str:
    try:
        return urlsplit(url).netloc
    except ValueError:
        return ""
