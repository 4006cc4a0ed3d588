"""content/saved/ → content/articles/: every saved file that is new is read, cleaned and kept."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path, PurePosixPath

from backfile.catalog import Catalog, Seen, scan
from backfile.clean import clean_capture
from backfile.importers import importer_for
from backfile.importers.base import HEAD
from backfile.importers.html import looks_like_html
from backfile.model import Capture, Cleaned, CleanOptions
from backfile.report import Notice, ReadError
from backfile.store import keep
from backfile.workers import run

SAVED = "content/saved"


@dataclass(frozen=True, kw_only=True, slots=True)
class Imported:
    """What one saved file gave."""

    origin: str
    cleaned: tuple[Cleaned, ...] = ()
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Account:
    """What became of one saved file: outcome → how many, and what there is to say."""

    origin: str
    outcomes: tuple[str, ...]
    notices: tuple[Notice, ...] = ()


def scan_saved(root: Path) -> dict[str, Seen]:
    """Every saved file by its path from the site folder; the parts of "complete" pages (`…_files/`) are passed over."""
    found = scan(root / SAVED)
    return {f"{SAVED}/{name}": seen for name, seen in found.items() if not _is_part(name)}


def import_files(root: Path, origins: list[str], options: CleanOptions, pool: Executor | None) -> Iterator[Imported]:
    """Read and clean saved files, in order. Bad input costs only itself."""
    return run(pool, partial(import_file, root, options), origins)


def import_file(root: Path, options: CleanOptions, origin: str) -> Imported:
    """Read and clean one saved file."""
    path = root / origin
    try:
        captures = list(importer_for(path).captures(path, origin))
    except ReadError as error:
        return Imported(origin=origin, notices=(Notice(level="error", what=str(error), where=origin),))
    except OSError as error:
        what = f"cannot be read ({error.strerror})"
        return Imported(
            origin=origin, notices=(Notice(level="error", what=what, where=origin, hint="Check its permissions"),)
        )
    return Imported(origin=origin, cleaned=tuple(clean_capture(capture, options) for capture in captures))


def clean_bytes(data: bytes, url: str, media_type: str, *, profiles: bool) -> Cleaned:
    """Clean one page; its media type is found from the bytes where it is not given."""
    kind = media_type or ("text/html" if looks_like_html(data[:HEAD], "") else "text/plain")
    return clean_capture(Capture(data=data, media_type=kind, url=url), CleanOptions(profiles=profiles))


def clean_file(path: Path, url: str, *, profiles: bool) -> Cleaned:
    """Clean the first page in a file. Raises ReadError, with the file's name, where it cannot be read."""
    try:
        capture = next(importer_for(path).captures(path, ""), None)
    except ReadError as error:
        raise ReadError(f"{path} {error}") from error
    except OSError as error:
        raise ReadError(f"{path} cannot be read ({error.strerror}). Check its name and permissions") from error
    if not capture:
        raise ReadError(f"{path} holds no page")
    return clean_capture(replace(capture, url=url or capture.url), CleanOptions(profiles=profiles))


def settle(imported: Imported, root: Path, *, everything: bool) -> Account:
    """Keep what a saved file gave; what is not an article is kept only with `everything`. Raises OSError."""
    outcomes: list[str] = []
    notices = list(imported.notices)
    outcomes += ["failed"] * len(imported.notices)
    for cleaned in imported.cleaned:
        if cleaned.refusal and not everything:
            outcomes.append("not an article")
            notices.append(_refused(imported.origin, cleaned.refusal))
            continue
        outcomes.append(keep(cleaned, root / "content" / "articles", root / "content" / "receipts").outcome)
    return Account(origin=imported.origin, outcomes=tuple(outcomes), notices=tuple(notices))


def remember(catalog: Catalog, account: Account, seen: Seen) -> None:
    """Note that a saved file is done with."""
    refused = any(outcome in ("not an article", "failed") for outcome in account.outcomes)
    with catalog.transaction():
        catalog.remember_saved(account.origin, seen, account.notices, refused=refused)


def _refused(origin: str, why: str) -> Notice:
    hint = "Save the article's own page, or import it all the same with --all"
    return Notice(level="warning", what=f"not an article: {why}", where=origin, hint=hint)


def _is_part(name: str) -> bool:
    return any(part.endswith(("_files", "_fichiers", "-Dateien")) for part in PurePosixPath(name).parts[:-1])
