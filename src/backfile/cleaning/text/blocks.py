"""Kept lines → the blocks of the body: paragraphs, headings, lists, quotations."""

from __future__ import annotations

from backfile.cleaning.text.features import Seen
from backfile.cleaning.text.parts import Parts
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
            block = _list([measured.seen[i] for i in run])
        else:
            run = kept[position : position + 1]
            block = _single(measured.seen, kept, position)
        owners.update(dict.fromkeys(run, len(blocks)))
        blocks.append(block)
        position += len(run)
    return blocks, owners


def _items(seen: list[Seen], kept: list[int], position: int) -> list[int]:
    """The lines of the list that starts here; none where no list does."""
    run: list[int] = []
    for i in kept[position:]:
        line = seen[i].line
        if not line.bullet or (run and bool(line.bullet[0].isdigit()) != bool(seen[run[0]].line.bullet[0].isdigit())):
            break
        run.append(i)
    return run


def _list(items: list[Seen]) -> Block:
    lines = []
    for s in items:
        mark = s.line.bullet.replace(")", ".") if s.line.bullet[0].isdigit() else "-"
        lines.append(f"{mark} {escape_text(s.line.text)}")
    return Block(kind="list", markdown="\n".join(lines), text="\n".join(s.line.text for s in items))


def _single(seen: list[Seen], kept: list[int], position: int) -> Block:
    text = seen[kept[position]].line.text
    if text.startswith("> ") and len(text) > 2:
        return Block(kind="quote", markdown=f"> {escape_text(text[2:])}", text=text[2:])
    if _is_heading(seen, kept, position):
        return Block(kind="heading", markdown=f"## {escape_text(text)}", text=text)
    return Block(kind="paragraph", markdown=escape_text(text), text=text)


def _is_heading(seen: list[Seen], kept: list[int], position: int) -> bool:
    """A short line without a full stop, directly above running text."""
    s = seen[kept[position]]
    if s.prose or s.size > _LONGEST_HEADING or s.line.text[:1] in _QUOTES or position + 1 >= len(kept):
        return False
    end = s.line.text[-1:]
    if (s.full_stop and end not in _HEADING_ENDS) or end in ",;:，、：":
        return False
    following = seen[kept[position + 1]]
    before = seen[kept[position - 1]] if position else None
    return following.prose > 0 and (before is None or before.prose > 0 or before.line.bullet != "")
