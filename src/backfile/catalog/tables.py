"""The catalog's tables, and the file that holds them: opened only where it can be trusted, made anew otherwise."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from backfile.version import __version__

_SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE folder (prefix TEXT PRIMARY KEY, stamp TEXT) WITHOUT ROWID;
CREATE TABLE file (source TEXT PRIMARY KEY, size INTEGER, stamp TEXT, sha256 TEXT, notices BLOB) WITHOUT ROWID;
CREATE TABLE article (
    id INTEGER PRIMARY KEY, source TEXT UNIQUE, sort TEXT, words INTEGER, removed INTEGER, data BLOB, page TEXT,
    outlet INTEGER, prints BLOB
);
CREATE INDEX article_by_page ON article (page) WHERE page <> '';
CREATE INDEX article_by_time ON article (sort, source);
CREATE INDEX article_by_length ON article (words, removed);
CREATE TABLE standing (
    shelf TEXT, key TEXT, day TEXT, article INTEGER, name TEXT, sort TEXT, PRIMARY KEY (shelf, key, day, article)
) WITHOUT ROWID;
CREATE INDEX publisher_by_time ON standing (key, sort) WHERE shelf = 'publisher';
CREATE INDEX standing_of_article ON standing (article);
CREATE TABLE list (shelf TEXT, key TEXT, name TEXT, n INTEGER, PRIMARY KEY (shelf, key)) WITHOUT ROWID;
CREATE TABLE link (target TEXT, article INTEGER, url TEXT, PRIMARY KEY (target, article, url)) WITHOUT ROWID;
CREATE INDEX link_of_article ON link (article);
CREATE TABLE cited (target TEXT PRIMARY KEY, n INTEGER) WITHOUT ROWID;
CREATE INDEX cited_most ON cited (n) WHERE n > 1;
CREATE TABLE term (
    term INTEGER, minute INTEGER, article INTEGER, PRIMARY KEY (term, minute, article)
) WITHOUT ROWID;
CREATE TABLE print (
    print INTEGER, outlet INTEGER, article INTEGER, PRIMARY KEY (print, outlet, article)
) WITHOUT ROWID;
CREATE TABLE clue (
    clue INTEGER, language TEXT, article INTEGER, PRIMARY KEY (clue, language, article)
) WITHOUT ROWID;
CREATE INDEX clue_of_article ON clue (article);
CREATE TABLE dirty (type TEXT, key TEXT, PRIMARY KEY (type, key)) WITHOUT ROWID;
CREATE TABLE saved (origin TEXT PRIMARY KEY, size INTEGER, stamp TEXT, refused INTEGER, notices BLOB) WITHOUT ROWID;
CREATE TABLE batch (id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE medium (name TEXT PRIMARY KEY, size INTEGER, stamp TEXT) WITHOUT ROWID;
CREATE TABLE address (id TEXT PRIMARY KEY, source TEXT) WITHOUT ROWID;
CREATE INDEX address_of_article ON address (source);
CREATE TABLE output (
    folder TEXT, name TEXT, type TEXT, key TEXT, PRIMARY KEY (folder, name)
) WITHOUT ROWID;
CREATE TABLE made (folder TEXT PRIMARY KEY, stamp TEXT) WITHOUT ROWID;
CREATE INDEX output_of_page ON output (type, key);
"""
_FORMAT = f"21 {__version__}"
"""Changes with the tables and with the version, whose pages may differ. What is only a link has -1 words."""


IN_USE = "in use"


def connect(path: Path, seal: str) -> sqlite3.Connection | None:
    """The database as it is, or None where it cannot be trusted.

    The seal tells how the file was left. A seal that says "in use" is a killed run's: SQLite's own journal makes
    the file whole again. Any other difference means that something else has written to it.
    """
    killed = seal == IN_USE
    if not path.exists() or not (killed or seal == stamp(path)):
        return None
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        _configure(connection)
        found = connection.execute("SELECT value FROM meta WHERE key = 'format'").fetchone()
        sound = not killed or connection.execute("PRAGMA quick_check(1)").fetchone() == ("ok",)
        if sound and found == (_FORMAT,):
            return connection
    except sqlite3.DatabaseError:
        pass
    connection.close()
    return None


def create(path: Path) -> sqlite3.Connection:
    for ending in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
    connection = sqlite3.connect(path, isolation_level=None)
    _configure(connection)
    connection.executescript(f"BEGIN; {_SCHEMA} INSERT INTO meta VALUES ('format', '{_FORMAT}'); COMMIT;")
    return connection


def _configure(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA cache_size = -65536")


def stamp(path: Path) -> str:
    stat = path.stat()
    return f"{stat.st_size} {stat.st_mtime_ns}"


def read_seal(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (FileNotFoundError, UnicodeDecodeError):
        return ""
