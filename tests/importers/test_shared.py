"""Real files from elsewhere, and hostile ones; they stand beside a developer's checkout and are not ours to ship."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from backfile.importers.base import Failed, Passed, Warned
from backfile.model import CleanOptions
from backfile.report import ReadError
from backfile.saving import clean
from tests.importers.helpers import captures, read

KINDS = {
    ".mhtml": "mhtml", ".webarchive": "webarchive", ".warc": "warc", ".warc.gz": "warc", ".wacz": "zip", ".eml": "mail",
    ".mbox": "mbox", ".enex": "evernote", ".rdf": "zotero", ".rss": "feed", ".csv": "table", ".json": "json",
    ".xml": "feed", ".gif": "resource", ".cdxj": "resource", ".tar.gz": "tar", ".md": "note", ".txt": "text",
}  # fmt: skip
FACTS = {
    "wayback/archive.org.he.xinhuanet.com.25340717.html": (
        "http://www.he.xinhuanet.com/news/2012-06/04/content_25340717.htm",
        "2012-06-11T02:42:52+00:00",
        "约定无期限",
    ),
    "html/saved-battery-news.de.ultium-cells.html": ("https://battery-news.de/index.php/2022/12/06/", "", "Ultium"),
    "mhtml/blink-wikipedia.mhtml": ("https://en.wikipedia.org/wiki/Node.js", "2018-12-17T11:18:49+00:00", "Node.js"),
    "webarchive/blog-post.webarchive": ("https://christiantietze.de/posts/2022/11/", "", "NSTableView"),
}


def kind_of(path: Path) -> str:
    """What a sample is, by what those who gave it say."""
    if path.suffix == ".html":
        text = path.read_bytes()[:2000].lower()
        if b"netscape-bookmark" in text:
            return "bookmarks"
        return "pocket-html" if b"pocket export" in text else "html"
    return next(kind for ending, kind in sorted(KINDS.items(), key=lambda k: -len(k[0])) if path.name.endswith(ending))


def test_every_sample_is_known_for_what_it_is(shared):
    if not (shared / "samples").is_dir():
        pytest.skip("the samples are not beside this checkout")
    wrong = []
    for path in sorted(p for p in (shared / "samples").rglob("*") if p.is_file()):
        try:
            name, items = read(path)
        except ReadError:
            name, items = "mhtml", []  # one of them is an empty page
        if name != kind_of(path):
            wrong.append((path.name, name))
        if path.suffix != ".gz":
            assert all(clean(c, CleanOptions()) for c in items if not isinstance(c, Failed | Passed | Warned))
    assert wrong == []


@pytest.mark.parametrize("name", FACTS)
def test_address_time_and_title_are_as_in_the_file(name, shared):
    path = shared / "samples" / name
    if not path.exists():
        pytest.skip("the samples are not beside this checkout")
    url, when, title = FACTS[name]
    capture = captures(path)[0]
    assert capture.url.startswith(url)
    assert capture.captured == when
    assert title in clean(capture, CleanOptions()).article.title


def hostile_rows() -> list[dict]:
    manifest = Path(__file__).parents[3] / "shared/hostile/manifest.jsonl"
    if not manifest.exists():
        return []
    rows = [json.loads(line) for line in manifest.read_text("utf-8").splitlines()]
    return [row for row in rows if row.get("file", "").startswith(("containers/", "feeds/")) and row["bytes"] >= 0]


def test_hostile_containers_give_what_they_should(shared):
    rows = [row for row in hostile_rows() if (shared / "hostile" / row["file"]).is_file()]
    if not rows:
        pytest.skip("the hostile files are not beside this checkout")
    wrong = []
    for row in rows:
        path = shared / "hostile" / row["file"]
        if row["class"].endswith("singlefile"):
            continue  # one page each: what matters there is cleaning
        try:
            items = read(path)[1]
        except ReadError:
            items = [Failed(why="as a whole")]
        pages = [clean(c, CleanOptions()) for c in items if not isinstance(c, Failed | Passed | Warned)]
        token = row.get("token") or ""
        came = any(token in page.article.body for page in pages) if token else False
        allowed = {row["expect"], row.get("or")}
        rejected = any(isinstance(item, Failed) for item in items) or all(page.refusal for page in pages)
        if not (came or (not token and rejected) or ("reject-with-clear-error" in allowed and rejected)) and token:
            wrong.append((row["file"], row["expect"]))
        leak = row.get("leak")
        assert not leak or all(leak not in page.article.body for page in pages)
    assert wrong == []
