"""What a search costs in a browser, beside Pagefind on the same pages: `benchmarks/search.py page`.

Headless Chromium, a new profile for each page that is opened, so that nothing is remembered. Bytes are those of
scripts and index files as a server sends them, without HTML and styles. Times are those of the browser: from asking to
the first result in the page, and to the five shown at once; for Pagefind, which draws nothing itself, to the texts of
its first ten results.
"""

from __future__ import annotations

import json
import random
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

from backfile.search.letters import split
from backfile.search.reader import Index

sys.path.append(str(Path(__file__).parents[1]))
from tests.browser.driven import Tab, driven

REST, PAUSE = 2.0, 0.3  # seconds until a new browser, and a page that draws what was found, have come to rest
FIRST = "document.documentElement.dataset.searched"
# When the first result and the last of those shown at once came, by the page's clock; `searched` says how long it took.
WATCH = """(() => {
  new MutationObserver((changes) => {
    for (const { type, addedNodes } of changes) {
      if (type === "attributes") window.ended = performance.now();
      else if ([...addedNodes].some((node) => node.matches?.("#results > li"))) window.first ||= performance.now();
    }
  }).observe(document, { subtree: true, childList: true, attributeFilter: ["data-searched"] });
})()"""
TIMES = f"[first - ended + Number({FIRST}), Number({FIRST})]"
NEXT = """new Promise((done) => {
  const box = document.getElementById("q");
  const wait = () => window.ended ? done([first - began, ended - began]) : setTimeout(wait, 5);
  box.value = %s;
  window.first = window.ended = 0;
  const began = performance.now();
  %s.dispatchEvent(new Event("%s", { cancelable: true, bubbles: true }));
  wait();
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

PAGEFIND_PAGES = """window.ask(%s).then((found) => JSON.stringify(found.map((page) => page.raw_url)))"""
NGINX = """daemon off; pid {here}/pid; error_log {here}/errors; worker_processes 1;
events {{ worker_connections 64; }}
http {{
  include /etc/nginx/mime.types; default_type application/octet-stream;
  log_format sent "$body_bytes_sent $uri"; access_log {here}/sent sent;
  client_body_temp_path {here}; proxy_temp_path {here}; fastcgi_temp_path {here};
  uwsgi_temp_path {here}; scgi_temp_path {here};
  server {{ listen 127.0.0.1:{port}; root {build}; location /pagefind/ {{ alias {beside}/; }} }}
}}
"""


class Served:
    """A folder at an address of this machine, with Pagefind's beside it, and how many bytes of it were sent."""

    def __init__(self, address: str, log: Path) -> None:
        self.address, self._log = address, log

    def forget(self) -> None:
        """Count from here."""
        self._log.write_bytes(b"")

    def bytes(self) -> int:
        """Of scripts and index files since then, as the server wrote them down."""
        lines = (line.split(maxsplit=1) for line in self._log.read_text().splitlines())
        return sum(int(size) for size, path in lines if not path.endswith((".html", ".css", ".svg", "/")))


@contextmanager
def served(build: Path, beside: Path | None) -> Iterator[Served]:
    """By nginx: Python's own server takes longer over a file than the browser does."""
    program = shutil.which("nginx") or sys.exit("skipped: there is no nginx on this machine")
    with socket.create_server(("127.0.0.1", 0)) as free, tempfile.TemporaryDirectory() as here:
        port = free.getsockname()[1]
        Path(here, "nginx.conf").write_text(NGINX.format(here=here, port=port, build=build, beside=beside or here))
        log = Path(here, "sent")
        log.touch()
        free.close()
        Path(here).chmod(0o755)
        server = subprocess.Popen([program, "-c", f"{here}/nginx.conf", "-e", f"{here}/errors"])
        try:
            for _ in range(100):
                with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                    break
                time.sleep(0.05)
            yield Served(f"http://127.0.0.1:{port}", log)
        finally:
            server.terminate()
            server.wait()


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
    print(f"  {what:48} median {statistics.median(ranked):7.1f}  p95 {worst:7.1f} {unit}")


def ours(chromium: str, base: str, asked: list[tuple[str, str]], site: Served | None) -> None:
    """Open the page with a question, ask another one, then type a third letter by letter."""
    first, second, typed, size = [], [], [], []
    for one, other in asked:
        with fresh(chromium) as tab:
            if site:
                site.forget()
            tab.send("Page.enable")
            tab.send("Page.addScriptToEvaluateOnNewDocument", source=WATCH)
            tab.open(f"{base}/search.html?q={quote(one)}+")
            tab.wait("window.ended && window.first")
            first.append(tab.ask(TIMES))
            tab.wait("document.querySelector('#facets summary')")
            time.sleep(PAUSE)
            if site:
                size.append(site.bytes() / 1000)
            form = 'document.getElementById("ask")'
            second.append(tab.ask(NEXT % (json.dumps(f"{other} "), form, "submit")))
            time.sleep(PAUSE)
            tab.ask(NEXT % (json.dumps(other[:-2]), "box", "input"))
            time.sleep(PAUSE)
            typed.append(tab.ask(NEXT % (json.dumps(other[:-1]), "box", "input")))
    for what, times in (
        ("fresh question", first),
        ("next question", second),
        ("a letter more, 60 ms of waiting", typed),
    ):
        tell(f"{what}: first result", [one for one, _ in times], "ms")
        tell(f"{what}: all five", [five for _, five in times], "ms")
    if site:
        tell("bytes of a fresh question", size, "kB")


def pagefind(chromium: str, asked: list[tuple[str, str]], site: Served) -> None:
    """The same of Pagefind, by its own functions."""
    first, second, size = [], [], []
    for one, other in asked:
        with fresh(chromium) as tab:
            tab.open(f"{site.address}/404.html")
            site.forget()
            first.append(float(str(tab.ask(PAGEFIND % json.dumps(one)))))
            time.sleep(PAUSE)
            size.append(site.bytes() / 1000)
            second.append(float(str(tab.ask(PAGEFIND_NEXT % json.dumps(other)))))
    tell("first results", first, "ms")
    tell("next question", second, "ms")
    tell("bytes of a fresh question", size, "kB")


def ranked(build: Path, beside: Path, asked: list[str]) -> list[list[str]]:
    """Paths of the first ten pages that Pagefind finds for each question."""
    chromium = shutil.which("chromium") or sys.exit("skipped: there is no Chromium on this machine")
    with served(build, beside) as site, fresh(chromium) as tab:
        tab.open(f"{site.address}/404.html")
        tab.ask(PAGEFIND % '""')
        return [json.loads(str(tab.ask(PAGEFIND_PAGES % json.dumps(words)))) for words in asked]


@contextmanager
def fresh(chromium: str) -> Iterator[Tab]:
    """A browser that remembers nothing, and has come to rest: what it does as it starts is not part of a search."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile, driven(chromium, Path(profile)) as tab:
        time.sleep(REST)
        yield tab


def page(build: Path, beside: Path | None, count: int) -> None:
    """Measure a built site, over http from this machine and from disk, and Pagefind's index of its pages."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if not chromium:
        sys.exit("skipped: there is no Chromium on this machine")
    asked = questions(build, count)
    with served(build, beside) as site:
        print(f"http, {len(asked)} questions")
        ours(chromium, site.address, asked, site)
        if beside:
            print("Pagefind, http")
            pagefind(chromium, asked, site)
    print("file")
    ours(chromium, build.as_uri(), asked, None)
