"""What a search costs in a browser, beside Pagefind on the same pages: `benchmarks/search.py page`.

Headless Chromium, a new profile for each page that is opened, so that nothing is remembered. Bytes are those of scripts
and index files as a server sends them, without HTML and styles. Times are the browser's: from asking to the first ten
results in the page; for Pagefind, which draws nothing itself, to the texts of its first ten results.
"""

from __future__ import annotations

import functools
import http.server
import json
import random
import shutil
import statistics
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar
from urllib.parse import quote

from backfile.search.letters import split
from backfile.search.reader import Index

sys.path.append(str(Path(__file__).parents[1]))
from tests.browser.driven import Tab, driven

FIRST = "document.documentElement.dataset.searched"
NEXT = """new Promise((done) => {
  const root = document.documentElement, box = document.getElementById("q");
  new MutationObserver((_, watcher) => { watcher.disconnect(); done(performance.now() - began); })
    .observe(root, { attributeFilter: ["data-searched"] });
  box.value = %s;
  const began = performance.now();
  %s.dispatchEvent(new Event("%s", { cancelable: true, bubbles: true }));
})"""
PAGEFIND = """(async () => {
  const began = performance.now();
  const pagefind = await import("/pagefind/pagefind.js");
  const ask = async (query) => {
    const found = await pagefind.search(query);
    return Promise.all(found.results.slice(0, 10).map((each) => each.data()));
  };
  window.ask = ask;
  await ask(%s);
  return performance.now() - began;
})()"""
PAGEFIND_NEXT = """(async () => {
  const began = performance.now();
  await window.ask(%s);
  return performance.now() - began;
})()"""


class _Files(http.server.SimpleHTTPRequestHandler):
    """A folder, with Pagefind's beside it, and how many bytes of what was sent."""

    protocol_version = "HTTP/1.1"
    beside: Path | None = None
    sent: ClassVar[dict[str, int]] = {}

    def translate_path(self, path: str) -> str:
        if self.beside and path.startswith("/pagefind/"):
            return str(self.beside / path.partition("?")[0].removeprefix("/pagefind/"))
        return super().translate_path(path)

    def send_header(self, keyword: str, value: str) -> None:
        if keyword == "Content-Length" and not self.path.partition("?")[0].endswith((".html", ".css", ".svg", "/")):
            self.sent[self.path] = int(value)
        super().send_header(keyword, value)

    def log_message(self, *_: object) -> None:
        """Nothing is logged."""


@contextmanager
def served(build: Path, beside: Path | None) -> Iterator[tuple[str, dict[str, int]]]:
    """(address of a folder on this machine, path → bytes sent so far)."""
    sent: dict[str, int] = {}
    handler = type("Handler", (_Files,), {"beside": beside, "sent": sent})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(handler, directory=str(build)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", sent
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def questions(build: Path, count: int) -> list[tuple[str, str]]:
    """Two words of an article, and two of another."""
    index, rng = Index(site=build), random.Random(3)
    places = [place for segment in index.layout.segments for place in index.facets(segment).places]
    found: list[str] = []
    for place in rng.sample(places, min(len(places), 8 * count)):
        hit = index.hit(place)
        words = [word for word in dict.fromkeys(split(hit.text if hit else "")) if len(word) > 4]
        if len(words) > 8:
            found.append(" ".join(rng.sample(words, 2)))
    return list(zip(found[:count], found[count : 2 * count], strict=False))


def tell(what: str, values: list[float], unit: str) -> None:
    """One line: middle, and the worst but one in twenty."""
    ranked = sorted(values)
    worst = ranked[int(0.95 * (len(ranked) - 1))]
    print(f"  {what:38} median {statistics.median(ranked):7.1f}  p95 {worst:7.1f} {unit}")


def ours(chromium: str, base: str, asked: list[tuple[str, str]], sent: dict[str, int]) -> None:
    """Open the page with a question, ask another one, then type a third letter by letter."""
    first, second, typed, size = [], [], [], []
    for one, other in asked:
        sent.clear()
        with fresh(chromium) as tab:
            tab.open(f"{base}/search.html?q={quote(one)}+")
            tab.wait(f"{FIRST} && document.querySelector('#results li')")
            first.append(float(str(tab.ask(FIRST))))
            tab.wait("document.querySelector('#facets li')")
            size.append(sum(sent.values()) / 1000)
            form = 'document.getElementById("ask")'
            second.append(float(str(tab.ask(NEXT % (json.dumps(f"{other} "), form, "submit")))))
            tab.ask(NEXT % (json.dumps(other[:-2]), "box", "input"))
            typed.append(float(str(tab.ask(NEXT % (json.dumps(other[:-1]), "box", "input")))))
    tell("first results", first, "ms")
    tell("next question", second, "ms")
    tell("a letter more (with 60 ms of waiting)", typed, "ms")
    if any(size):
        tell("bytes of a fresh question", size, "kB")


def pagefind(chromium: str, base: str, asked: list[tuple[str, str]], sent: dict[str, int]) -> None:
    """The same of Pagefind, by its own functions."""
    first, second, size = [], [], []
    for one, other in asked:
        with fresh(chromium) as tab:
            tab.open(f"{base}/404.html")
            sent.clear()
            first.append(float(str(tab.ask(PAGEFIND % json.dumps(one)))))
            size.append(sum(sent.values()) / 1000)
            second.append(float(str(tab.ask(PAGEFIND_NEXT % json.dumps(other)))))
    tell("first results", first, "ms")
    tell("next question", second, "ms")
    tell("bytes of a fresh question", size, "kB")


@contextmanager
def fresh(chromium: str) -> Iterator[Tab]:
    """A browser that remembers nothing."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile, driven(chromium, Path(profile)) as tab:
        yield tab


def page(build: Path, beside: Path | None, count: int) -> None:
    """Measure a built site, over http from this machine and from disk, and Pagefind's index of its pages."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if not chromium:
        sys.exit("skipped: there is no Chromium on this machine")
    asked = questions(build, count)
    with served(build, beside) as (base, sent):
        print(f"http, {len(asked)} questions")
        ours(chromium, base, asked, sent)
        if beside:
            print("Pagefind, http")
            pagefind(chromium, base, asked, sent)
        sent.clear()
    print("file")
    ours(chromium, build.as_uri(), asked, {})
