"""Players and posts of third parties: the address of the original instead of the player's.

`players.toml` says which hosts have players in articles and where their originals are.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

from bs4 import Tag

from backfile.cleaning.convert.links import attribute, web_address

_SOURCES = ("src", "data-src", "data-lazy-src", "data-original", "data-url", "data")


class Player(NamedTuple):
    """A host's player. `path` is matched from the start of the address's path; `original` is filled from its groups,
    or from the query parameter that it names after `?`, or is empty where the player's own address will do."""

    host: str
    path: re.Pattern[str]
    original: str


def original(tag: Tag, base_url: str) -> tuple[str, str]:
    """The address of what an element plays and a label for it; two empty strings where it is no known player."""
    url = next(filter(None, (web_address(address, base_url) for address in _addresses(tag))), "")
    found = _original(url) if url and tag.name not in ("video", "audio") else url
    if not found:
        return "", ""
    label = " ".join(attribute(tag, "title").split())
    return found, label or found.partition("://")[2].removeprefix("www.").rstrip("/")


def _addresses(tag: Tag) -> list[str]:
    video = attribute(tag, "videoid") or attribute(tag, "data-videoid")
    if video and "-" in tag.name:
        return [f"https://{'player.vimeo.com/video' if 'vimeo' in tag.name else 'www.youtube.com/embed'}/{video}"]
    post = attribute(tag, "data-tweetid")
    if post:
        return [f"https://twitter.com/i/status/{post}"]
    found = [attribute(tag, name) for name in _SOURCES]
    if tag.name in ("video", "audio"):
        found += [attribute(source, "src") for source in tag.find_all("source", limit=3)]
    return found


def _original(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    host = parts.netloc.lower()
    for player in _players():
        if host == player.host or host.endswith("." + player.host):
            match = player.path.match(parts.path)
            if match:
                return _filled(player, match, url, parts.query)
    return ""


def _filled(player: Player, match: re.Match[str], url: str, query: str) -> str:
    if not player.original:
        return url
    if player.original.startswith("?"):
        return web_address(parse_qs(query).get(player.original[1:], [""])[0], "")
    return match.expand(player.original)


@cache
def _players() -> tuple[Player, ...]:
    data = tomllib.loads(resources.files(__package__).joinpath("players.toml").read_text("utf-8"))
    return tuple(Player(row["host"], re.compile(row["path"]), row["original"]) for row in data["player"])
