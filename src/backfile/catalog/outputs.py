"""The files of the site: those that were written, and the pages whose files are still to be."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence


class Outputs:
    """The catalog as the build asks that writes the site."""

    _db: sqlite3.Connection
    fresh: bool

    def mark_dirty(self, pages: Iterable[tuple[str, str]]) -> None:
        """Note (page type, key) pairs whose files must be written."""
        self._db.executemany("INSERT OR IGNORE INTO dirty VALUES (?, ?)", pages)

    def dirty(self) -> list[tuple[str, str]]:
        """(page type, key) pairs still to be written, in order."""
        return self._db.execute("SELECT type, key FROM dirty ORDER BY type, key").fetchall()

    def has_dirty(self) -> bool:
        """True where pages are still to be written."""
        return self._db.execute("SELECT 1 FROM dirty LIMIT 1").fetchone() is not None

    def outputs(self) -> dict[str, tuple[str, str]]:
        """path → (page type, key) of every file of the site that was written."""
        rows = self._db.execute("SELECT folder || name, type, key FROM output")
        return {path: (kind, key) for path, kind, key in rows}

    def outputs_in(self, folder: str) -> dict[str, tuple[str, str]]:
        """name → (page type, key) of every file that was written directly into a folder (with `/` at its end)."""
        rows = self._db.execute("SELECT name, type, key FROM output WHERE folder = ?", (folder,))
        return {name: (kind, key) for name, kind, key in rows}

    def is_output(self, path: str) -> bool:
        """True where a file of the site is some page's."""
        query = "SELECT 1 FROM output WHERE folder = ? AND name = ?"
        return self._db.execute(query, _parted(path)).fetchone() is not None

    def made_folders(self) -> dict[str, str]:
        """The folders of the site, with the stamp that each had after the last build."""
        return dict(self._db.execute("SELECT folder, stamp FROM made").fetchall())

    def note_made(self, stamps: Mapping[str, str]) -> None:
        """Note how folders of the site look after a build; those without files of the site are forgotten."""
        self._db.executemany("INSERT OR REPLACE INTO made VALUES (?, ?)", stamps.items())
        empty = "DELETE FROM made WHERE folder = ?1 AND NOT EXISTS (SELECT 1 FROM output WHERE folder = ?1)"
        self._db.executemany(empty, ((folder,) for folder in stamps))

    def written(self, pages: Sequence[tuple[str, str, tuple[str, ...]]]) -> list[str]:
        """Note the files that pages now are, as (page type, key, paths).

        The files that they were before and are no more come back, to be removed.
        """
        stale: list[str] = []
        new: list[tuple[str, str, str, str]] = []
        for kind, key, paths in pages:
            query = "SELECT folder || name FROM output WHERE type = ? AND key = ?"
            was = set() if self.fresh else {path for (path,) in self._db.execute(query, (kind, key))}
            stale += sorted(was.difference(paths))
            new += ((*_parted(path), kind, key) for path in paths if path not in was)
        self._db.executemany("DELETE FROM output WHERE folder = ? AND name = ?", map(_parted, stale))
        self._db.executemany("INSERT OR REPLACE INTO output VALUES (?, ?, ?, ?)", new)
        self._db.executemany("INSERT OR IGNORE INTO made VALUES (?, '')", sorted({(folder,) for folder, *_ in new}))
        self._db.executemany("DELETE FROM dirty WHERE type = ? AND key = ?", (page[:2] for page in pages))
        return stale

    def pages_like(self, kind: str, prefix: str) -> list[tuple[str, str]]:
        """(page type, key) of the written pages whose key starts with a prefix."""
        query = "SELECT DISTINCT type, key FROM output WHERE type = ? AND substr(key, 1, ?) = ?"
        return self._db.execute(query, (kind, len(prefix), prefix)).fetchall()


def folder_of(path: str) -> str:
    """The folder of a path of the site, with `/` at its end; empty for the top."""
    folder, slash, _ = path.rpartition("/")
    return folder + slash


def _parted(path: str) -> tuple[str, str]:
    """A path of the site as folder and name."""
    folder = folder_of(path)
    return folder, path[len(folder) :]
