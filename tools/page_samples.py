"""One built page of each kind, and every article at the edges of a demo: what checks and screenshots look at."""

from __future__ import annotations

from pathlib import Path

KINDS = {
    "home": "index.html",
    "calendar": "calendar/index.html",
    "year": "20[0-9][0-9]/index.html",
    "month": "20[0-9][0-9]/[0-1][0-9]/index.html",
    "day": "2024/05/22/index.html",
    "undated": "undated/index.html",
    "publishers": "publishers/index.html",
    "publisher": "publishers/*/index.html",
    "publisher-year": "publishers/*/20[0-9][0-9].html",
    "topics": "tags/index.html",
    "topics-letter": "tags/a-z-*.html",
    "topic": "tags/coast/index.html",
    "author": "authors/*/index.html",
    "languages": "languages/index.html",
    "language": "languages/*/index.html",
    "links": "links/index.html",
    "link": "links/*/index.html",
    "on-this-day": "on-this-day/index.html",
    "day-of-year": "on-this-day/05-22.html",
    "changes": "changes/index.html",
    "versions": "versions/**/*.html",
    "missing": "missing/index.html",
    "statistics": "statistics/index.html",
    "search": "search*.html",
    "written": "pages/*.html",
    "not-found": "404.html",
    "article": "20[0-9][0-9]/[0-1][0-9]/*.html",
}


def sample_pages(build: Path) -> dict[str, Path]:
    """Name → a page of a built site, for each kind of page that it has."""
    found = {}
    for name, pattern in KINDS.items():
        pages = sorted(path for path in build.glob(pattern) if name != "article" or path.name != "index.html")
        if pages:
            found[name] = (
                max(pages, key=lambda path: (path.stat().st_size, path.as_posix())) if "*" in pattern else pages[-1]
            )
    plain = [path for path in build.glob(KINDS["article"]) if path.name != "index.html" and "ed9e" not in path.name]
    if plain:
        found["article"] = sorted(plain)[len(plain) // 2]
    edges = sorted(path for path in build.rglob("*-ed9e.html"))
    return found | {f"edge-{path.stem[:30]}": path for path in edges}
