"""Three-way merging of an article's file: what the machine changes and what the user changed, both kept.

The base is the machine's last text, as the receipt keeps it. Front matter is merged key by key, the body by paragraph,
and where both changed the same paragraphs by line. Where that fails too, the user's words stay: no word that the user
wrote ever disappears. The algorithm is diff3 (Khanna, Kunal and Pierce, "A Formal Investigation of Diff3", 2007), but
that changes which touch without overlapping do not disturb each other, as paragraphs do not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from backfile.frontmatter import read_front_matter, split_front_matter
from backfile.report import FrontMatterError

_KEY = re.compile(r"(\s*)([^\s#:][^:]*):")
_FENCE = re.compile(r"\s{0,3}(`{3,}|~{3,})")


@dataclass(frozen=True, kw_only=True, slots=True)
class Merged:
    """The text of a file after a merge."""

    text: str
    conflicts: tuple[str, ...] = ()
    """What both changed, where the user's version stayed: front matter keys, or the machine's paragraphs."""


def merge_files(base: str, mine: str, theirs: str) -> Merged:
    """Merge the machine's new text (`theirs`) into the user's file (`mine`), both made from `base`.

    A file whose front matter cannot be read stays whole as it is, as one conflict. A file with the line ends of Windows
    keeps them.
    """
    if mine in (base, theirs):
        return Merged(text=theirs)
    if theirs == base:
        return Merged(text=mine)
    if "\r\n" in mine:
        plain = mine.replace("\r\n", "\n")
        merged = merge_files(base, plain, theirs)
        return replace(merged, text=mine if merged.text == plain else merged.text.replace("\n", "\r\n"))
    try:
        old, own, new = (split_front_matter(text)[:2] for text in (base, mine, theirs))
        header, odd_keys = _merge_headers(old[0], own[0], new[0])
        read_front_matter(header)
    except FrontMatterError:
        return Merged(text=mine, conflicts=("front matter",))
    body, odd_parts = merge_texts(paragraphs(old[1]), paragraphs(own[1]), paragraphs(new[1]))
    written = f"---\n{header.strip()}\n---\n" if header.strip() else ""
    whole = "\n\n".join(body) + "\n" if body else ""
    return Merged(text="\n".join(part for part in (written, whole) if part), conflicts=(*odd_keys, *odd_parts))


def merge_texts(base: Sequence[str], mine: Sequence[str], theirs: Sequence[str]) -> tuple[list[str], list[str]]:
    """Merged paragraphs, and those of `theirs` that gave way to the user's."""
    result: list[str] = []
    conflicts: list[str] = []
    for old, own, new in _chunks(base, mine, theirs):
        if new in (own, old):
            result += own
        elif own == old:
            result += new
        elif not old:
            result += [*new, *own]
        else:
            both = _by_line(old, own, new)
            result += own if both is None else both
            conflicts += new if both is None else ()
    return result, conflicts


def paragraphs(body: str) -> list[str]:
    """A body cut at its blank lines; fenced code stays whole."""
    found: list[str] = []
    current: list[str] = []
    fence = ""
    for line in body.split("\n"):
        mark = _FENCE.match(line)
        if mark and not fence:
            fence = mark[1]
        elif mark and mark[1].startswith(fence) and not line.strip(" `~"):
            fence = ""
        if line.strip() or fence:
            current.append(line)
        elif current:
            found.append("\n".join(current))
            current = []
    return [*found, "\n".join(current)] if current else found


def _by_line(old: list[str], own: list[str], new: list[str]) -> list[str] | None:
    """Paragraphs merged by their lines, or None where both changed the same ones."""
    result: list[str] = []
    for before, mine, theirs in _chunks(*("\n\n".join(part).split("\n") for part in (old, own, new))):
        if theirs in (mine, before):
            result += mine
        elif mine == before:
            result += theirs
        else:
            return None
    return paragraphs("\n".join(result))


def _chunks(
    base: Sequence[str], mine: Sequence[str], theirs: Sequence[str]
) -> Iterator[tuple[list[str], list[str], list[str]]]:
    """(base, mine, theirs) stretch by stretch: untouched ones, and those that one of them changed, or both."""
    at = 0
    for start, end, own, new in _overlapping([*_hunks(base, theirs, 0), *_hunks(base, mine, 1)]):
        yield (list(base[at:start]),) * 3
        yield list(base[start:end]), _applied(base, start, end, own), _applied(base, start, end, new)
        at = end
    yield (list(base[at:]),) * 3


_Hunk = tuple[int, int, int, list[str]]
"""(start, end, whose, what stands there now): a change of `base[start:end]`."""


def _hunks(base: Sequence[str], other: Sequence[str], whose: int) -> list[_Hunk]:
    changes = SequenceMatcher(None, base, other, autojunk=False).get_opcodes()
    return [(start, end, whose, list(other[a:b])) for tag, start, end, a, b in changes if tag != "equal"]


def _overlapping(hunks: list[_Hunk]) -> Iterator[tuple[int, int, list[_Hunk], list[_Hunk]]]:
    """(start, end, mine, theirs): changes gathered where they overlap; those that only touch stay apart."""
    group: list[_Hunk] = []
    end = 0
    for hunk in sorted(hunks, key=lambda hunk: hunk[:3]):
        same_place = group and hunk[:2] == group[-1][:2]
        if group and hunk[0] >= end and not same_place:
            yield group[0][0], end, [h for h in group if h[2]], [h for h in group if not h[2]]
            group, end = [], 0
        group.append(hunk)
        end = max(end, hunk[1])
    if group:
        yield group[0][0], end, [h for h in group if h[2]], [h for h in group if not h[2]]


def _applied(base: Sequence[str], start: int, end: int, hunks: list[_Hunk]) -> list[str]:
    result: list[str] = []
    for a, b, _, there in hunks:
        result += [*base[start:a], *there]
        start = b
    return [*result, *base[start:end]]


def _merge_headers(base: str, mine: str, theirs: str) -> tuple[str, list[str]]:
    """The user's front matter with the machine's changes, key by key; and the keys that both changed."""
    old, own, new = (_keys(text) for text in (base, mine, theirs))
    conflicts: list[str] = []
    lines = dict(own)
    for name in new.keys() | old.keys():
        before, mine_now, theirs_now = old.get(name), own.get(name), new.get(name)
        if theirs_now in (before, mine_now):
            continue
        if mine_now != before:
            conflicts.append(name)
        elif theirs_now is None:
            lines.pop(name, None)
        else:
            lines[name] = theirs_now
    order = _order(list(own), list(new))
    return "\n".join(lines[name] for name in order if name in lines), sorted(conflicts)


def _order(own: list[str], new: list[str]) -> list[str]:
    """The user's order of keys, each new key after the one that it follows in the machine's text."""
    order = list(own)
    for previous, name in zip(["", *new], new, strict=False):
        if name not in order:
            order.insert(order.index(previous) + 1 if previous in order else 0, name)
    return order


def _keys(header: str) -> dict[str, str]:
    """Front matter as its keys with their lines; those of the map `archive` one by one, as `archive.id`."""
    found: dict[str, list[str]] = {}
    name = ""
    for line in header.strip("\n").split("\n") if header.strip() else ():
        key = _KEY.match(line)
        if key and not key[1]:
            name = key[2]
        elif key and key[1] == "  " and name.partition(".")[0] == "archive":
            name = f"archive.{key[2]}"
        while name in found and key and name.endswith(key[2]):
            name += " "  # a key given twice stays for the reader to complain of
        found.setdefault(name, []).append(line)
    return {name: "\n".join(lines) for name, lines in found.items()}
