"""Cleaned pages → cleaned pages whose pictures are in content/media/.

Pictures are looked up here, in the process that reads saved files, and checked and written by the workers, a page's at
a time: with what is under way at once, memory stays flat.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from backfile.media.place import Found, find_pictures, with_pictures
from backfile.media.store import Stored
from backfile.model import FindPicture
from backfile.parts import Cleaning, Part
from backfile.workers import Pool, run

Finders = tuple[FindPicture | None, ...]
"""For each page of a part."""


@dataclass(kw_only=True, slots=True)
class _Waiting:
    """A part whose pictures are being checked."""

    part: Part
    cleanings: list[Cleaning]
    found: list[list[Found]]
    done: list[Cleaning] = field(default_factory=list)


def illustrated(
    parts: Iterable[tuple[Part, list[Cleaning], Finders]], media: Path | None, pool: Pool | None
) -> Iterator[tuple[Part, list[Cleaning]]]:
    """Parts with their pictures kept below `media`, in order; without a folder they are named and not kept.

    Raises OSError.
    """
    waiting: deque[_Waiting] = deque()
    for stored in run(pool, partial(_store, media), _pictures(parts, waiting)):
        yield from _finished(waiting)
        first = waiting[0]
        number = len(first.done)
        first.done.append(_placed(first.cleanings[number], first.found[number], stored))
    yield from _finished(waiting)


def _pictures(
    parts: Iterable[tuple[Part, list[Cleaning], Finders]], waiting: deque[_Waiting]
) -> Iterator[list[bytes | str]]:
    for part, cleanings, finders in parts:
        now = _Waiting(part=part, cleanings=cleanings, found=[])
        waiting.append(now)
        for cleaning, finder in zip(cleanings, finders, strict=True):
            article = cleaning.cleaned.article if cleaning.cleaned else None
            found = find_pictures(article.figures, cleaning.copies, finder) if article else []
            now.found.append([replace(each, data=b"") for each in found])
            yield [each.data for each in found]


def _finished(waiting: deque[_Waiting]) -> Iterator[tuple[Part, list[Cleaning]]]:
    while waiting and len(waiting[0].done) == len(waiting[0].cleanings):
        first = waiting.popleft()
        yield first.part, first.done


def _store(media: Path | None, pictures: list[bytes | str]) -> list[Stored]:
    if not pictures:
        return []
    from backfile.media.store import store_pictures  # with Pillow, which pages without pictures do without

    return store_pictures(media, pictures)


def _placed(cleaning: Cleaning, found: list[Found], stored: list[Stored]) -> Cleaning:
    if not cleaning.cleaned or not cleaning.cleaned.article.figures:
        return cleaning
    return replace(cleaning, cleaned=with_pictures(cleaning.cleaned, cleaning.copies, found, stored), copies={})
