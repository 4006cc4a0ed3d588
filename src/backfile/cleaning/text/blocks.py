"""Kept lines → the blocks of the body: paragraphs, headings, lists, quotations."""

from __future__ import annotations

from backfile.cleaning.text.features import Seen
from backfile.cleaning.text.found import Parts
from backfile.cleaning.text.lines import Line
from backfile.cleaning.text.read import Measured
from backfile.commonmark import escape_text
from backfile.model import Block

_LONGEST_HEADING = 110
_HEADING_ENDS = "?!？！"
_QUOTES = '"“„«‹『「‘'


def make_blocks(measured: Measured, keep: list[bool], parts: Parts) -> tuple[list[Block], dict[int, int]]:
    """The blocks of the body, without the standfirst, and for each line the index of the block that it went into."""
    kept = [i for i, k in enumerate(keep) if k and i != parts.standfirst_at]
    blocks: list[Block] = []
    owners: dict[int, int] = {}
    position = 0
    while position < len(kept):
        run = _items(measured.seen, kept, position)
        if run:
            block = _list([measured.seen.lines[i] for i in run])
        else:
            run = kept[position : position + 1]
            block = _single(measured.seen, kept, position)
        owners.update(dict.fromkeys(run, len(blocks)))
        blocks.append(block)
        position += len(run)
    return blocks, owners


def _items(seen: Seen, kept: list[int], position: int) -> list[int]:
    """The lines of the list that starts here; none where no list does."""
    run: list[int] = []
    for i in kept[position:]:
        line = seen.lines[i]
        if not line.bullet or (run and bool(line.bullet[0].isdigit()) != bool(seen.lines[run[0]].bullet[0].isdigit())):
            break
        run.append(i)
    return run


def _list(items: list[Line]) -> Block:
    lines = []
    for item in items:
        mark = item.bullet.replace(")", ".") if item.bullet[0].isdigit() else "-"
        lines.append(f"{mark} {escape_text(item.text)}")
    return Block(kind="list", markdown="\n".join(lines), text="\n".join(item.text for item in items))


def _single(seen: Seen, kept: list[int], position: int) -> Block:
    text = seen.texts[kept[position]]
    if text.startswith("> ") and len(text) > 2:
        return Block(kind="quote", markdown=f"> {escape_text(text[2:])}", text=text[2:])
    if _is_heading(seen, kept, position):
        return Block(kind="heading", markdown=f"## {escape_text(text)}", text=text)
    return Block(kind="paragraph", markdown=escape_text(text), text=text)


def _is_heading(seen: Seen, kept: list[int], position: int) -> bool:
    """A short line without a full stop, directly above running text."""
    i = kept[position]
    text = seen.texts[i]
    if seen.prose[i] or seen.size[i] > _LONGEST_HEADING or text[0] in _QUOTES or position + 1 >= len(kept):
        return False
    if (seen.stops(i) and text[-1] not in _HEADING_ENDS) or text[-1] in ",;:，、：":
        return False
    before = kept[position - 1] if position else -1
    return seen.prose[kept[position + 1]] > 0 and (
        before < 0 or seen.prose[before] > 0 or seen.lines[before].bullet != ""
    )
