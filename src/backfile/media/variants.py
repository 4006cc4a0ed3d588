"""Pictures of the archive as the site shows them: WebP in up to three widths, made once and kept in a cache."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path, PurePosixPath

from PIL import Image, ImageOps

from backfile.files import asked_twice, write_replaceable
from backfile.limits import limits
from backfile.media.check import BROKEN, FORMATS, Checked, NoPictureError, check, encoded, measured
from backfile.media.names import FOLDER
from backfile.paths import slug

_WIDTHS = (480, 960, 1600)
_QUALITY = 80
_DIGEST = 32
_STEP = 1.2
"""How much wider than the copy before it a copy is at least."""
_OURS = re.compile(r"[0-9a-f]{2}/[0-9a-f]{32}\.(?:jpg|png|gif|webp|avif|svg)")
RECIPE = "2"
"""Changes with how copies are made, so that a cache of another recipe is not used."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """A picture as a page shows it."""

    width: int
    height: int
    copies: tuple[tuple[str, int], ...]
    """(file below the site's root, width in pixels), the narrowest first."""


def shown(folder: Path, name: str) -> Shown | None:
    """How a picture below `content/media` is shown; None where it is absent or no picture."""
    found = _read(folder / name, ours=bool(_OURS.fullmatch(name)))
    if found is None:
        return None
    as_it_is = _as_it_is(found)
    paths = ((f".{found.ending}", found.width),) if as_it_is else ((f"-{w}.webp", w) for w in _widths(found.width))
    stem = _stem(name)
    return Shown(width=found.width, height=found.height, copies=tuple((f"{stem}{end}", width) for end, width in paths))


def copies(folder: Path, name: str, cache: Path) -> Iterator[tuple[str, bytes]]:
    """(file below the site's root, bytes) of every copy of a picture; none where it is absent or no picture."""
    facts = shown(folder, name)
    found = _read(folder / name, ours=bool(_OURS.fullmatch(name)))
    if not facts or not found:
        return
    data = asked_twice(Path.read_bytes, folder / name)
    if _as_it_is(found):
        yield facts.copies[0][0], check(data).data
        return
    digest = hashlib.sha256(data).hexdigest()[:32]
    for path, width in facts.copies:
        kept = cache / RECIPE / digest[:2] / f"{digest}-{width}.webp"
        copy = _kept(kept)
        if not copy:
            copy = _narrowed(data, width, facts)
            if copy:
                with suppress(OSError):  # a cache, which is not what was asked for
                    write_replaceable(kept, hashlib.sha256(copy).digest() + copy)
        yield path, copy or _blank(width, facts)


def _kept(path: Path) -> bytes:
    """A copy from the cache; nothing where it is absent, or not as it was written."""
    try:
        whole = path.read_bytes()
    except OSError:
        return b""
    digest, data = whole[:_DIGEST], whole[_DIGEST:]
    return data if hashlib.sha256(data).digest() == digest else b""


def _as_it_is(found: Checked) -> bool:
    """Drawings are sharp in every width; animations would stand still."""
    return found.moving or found.ending == "svg"


def _narrowed(data: bytes, width: int, facts: Shown) -> bytes:
    """A copy of this width; nothing where the picture was damaged since it came."""
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            image.draft("RGB", (width * 2, _height(width, facts) * 2))
            turned = ImageOps.exif_transpose(image)
            mode = "RGBA" if turned.has_transparency_data else "RGB"
            profile = turned.info.get("icc_profile") if turned.mode in ("RGB", "RGBA") else None
            size = (width, _height(width, facts))
            small = turned.convert(mode).resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)
            small.info = {"icc_profile": profile} if profile else {}
            return encoded(small, quality=_QUALITY)
    except BROKEN:
        return b""


def _blank(width: int, facts: Shown) -> bytes:
    """A grey field in place of a damaged picture, which `verify` names: its page stays a page."""
    return encoded(Image.new("RGB", (width, _height(width, facts)), (128, 128, 128)), quality=_QUALITY)


def _height(width: int, facts: Shown) -> int:
    return max(1, round(facts.height * width / facts.width))


def _widths(width: int) -> tuple[int, ...]:
    full = min(width, _WIDTHS[-1])
    return (*(each for each in _WIDTHS if each * _STEP <= full), full)


def _stem(name: str) -> str:
    """The copies' path without what tells them apart; names that are not ours get a mark, so no two are alike."""
    if _OURS.fullmatch(name):
        return f"{FOLDER}/{name.rpartition('.')[0]}"
    mark = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    return f"{FOLDER}/own/{slug(PurePosixPath(name).stem, 'picture')}-{mark}"


def _read(path: Path, *, ours: bool) -> Checked | None:
    try:
        stat = asked_twice(Path.stat, path)
        small = stat.st_size <= limits().picture
        return asked_twice(lambda each: _facts(each, (stat.st_mtime_ns, stat.st_size), ours), path) if small else None
    except OSError:
        return None


@lru_cache(4096)
def _facts(path: Path, stamp: tuple[int, int], ours: bool) -> Checked | None:
    """What a file is, without its bytes. Those of ours were decoded when they came: their first bytes tell enough.

    Raises OSError where the disk fails, which is not remembered.
    """
    try:
        return measured(path) if ours and path.suffix != ".svg" else replace(check(path.read_bytes()), data=b"")
    except NoPictureError:
        return None
    except BROKEN as error:
        if isinstance(error, OSError) and error.errno:  # Pillow raises it for damage too, without a number
            raise
        return None
