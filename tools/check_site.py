"""Check a built site as its readers' programs would: `python tools/check_site.py BUILD [CHECK…]`.

    links        every link, asset and anchor resolves: from disk, at `/` and under `/a/b/`
    feeds        feeds, sitemap, JSON-LD and the archive's metadata are what their formats ask for
    html         the Nu HTML checker has no error and no warning
    pages        Chromium: accessibility, overflow, console, requests that leave the site; from disk and from a server
    lighthouse   an article and the home page, served: accessibility, best practices and SEO 100, performance 98

`html`, `pages` and `lighthouse` need Node or Java, and NODE_PATH: the `node_modules` of a folder after
`npm install vnu-jar playwright-core axe-core lighthouse`. Without a CHECK, all are done. `--all` gives `html`
every page instead of one of each kind. Ends with 1 and a line for each fault, or with 0.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import feedparser
from lxml import etree
from page_samples import sample_pages

TOP = Path(__file__).resolve().parents[1]
SCHEMAS = TOP / "tests" / "schemas"
PLACES = ("file:///usb/archive/", "https://example.org/", "https://example.org/a/b/")
WANTED = {"accessibility": 1.0, "best-practices": 1.0, "seo": 1.0, "performance": 0.98}
NEWS = {"@context", "@type", "headline"}
DATA_BLOCK = "Inline script violates Content Security Policy (meta tag)"
"""Said of JSON-LD, which is data: HTML asks the policy only of scripts that run, and pages have no other inside."""
LD = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)


class Page(HTMLParser):
    """Where a page leads, and where in it one can be led."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the addresses and the id of an element; `rel=canonical` names another place on purpose."""
        facts = {name: value or "" for name, value in attrs}
        self.ids.add(facts.get("id", ""))
        if facts.get("rel") != "canonical":
            self.links += [facts[name] for name in ("href", "src") if name in facts]
        self.links += [part.split()[0] for part in facts.get("srcset", "").split(",") if part.strip()]


def check_links(build: Path) -> Iterator[str]:
    """Links, assets and anchors of every page."""
    pages = {path.relative_to(build).as_posix(): Page(path.read_text("utf-8")) for path in build.rglob("*.html")}
    files = {path.relative_to(build).as_posix() for path in build.rglob("*") if path.is_file()}
    count = 0
    robots = (build / "robots.txt").read_text("utf-8")
    own = urlsplit(robots.partition("Sitemap: ")[2].strip().removesuffix("sitemap.xml")).path
    for place in PLACES:
        for name, page in pages.items():
            for written in page.links:
                link = place + written.removeprefix(own) if own and written.startswith(own) else written
                whole, anchor = urldefrag(urljoin(place + name, link))
                if not whole.startswith(place):
                    if not link.startswith(("http://", "https://", "mailto:")):
                        yield f"{name}: {link} leaves {place}"
                    continue
                count += 1
                target = unquote(whole[len(place) :])
                if target not in files:
                    yield f"{name}: {link} leads nowhere under {place}"
                elif anchor and target in pages and unquote(anchor) not in pages[target].ids:
                    yield f"{name}: {link} leads to no part of {target}"
    print(f"{len(pages)} pages, {count} links inside the site in {len(PLACES)} places")


def check_feeds(build: Path) -> Iterator[str]:
    """Feeds, sitemap, JSON-LD, metadata."""
    atom = etree.RelaxNG(etree.parse(SCHEMAS / "atom.rng"))
    sitemap = etree.XMLSchema(etree.parse(SCHEMAS / "sitemap.xsd"))
    feeds = sorted(build.rglob("feed.xml"))
    for path in feeds:
        found = feedparser.parse(path.read_bytes())
        if found.bozo:
            yield f"{path}: feedparser: {found.bozo_exception}"
        if not atom.validate(etree.parse(path)):
            yield f"{path}: {atom.error_log.last_error}"
        if path.parent.name == "changes":  # Atom only
            continue
        items = json.loads(path.with_suffix(".json").read_bytes())
        if items["version"] != "https://jsonfeed.org/version/1.1" or len(items["items"]) != len(found.entries):
            yield f"{path.with_suffix('.json')}: not the same as {path.name}"
    maps = [path for path in (build / "sitemap.xml", *build.glob("data/*.xml")) if path.exists()]
    for path in maps:
        if not sitemap.validate(etree.parse(path)):
            yield f"{path}: {sitemap.error_log.last_error}"
    described = 0
    for path in build.rglob("*.html"):
        for text in LD.findall(path.read_text("utf-8")):
            facts = json.loads(text)
            described += 1
            missing = NEWS - facts.keys() if facts.get("headline") else set()
            if missing or not str(facts.get("datePublished", "2000")).startswith(("1", "2")):
                yield f"{path}: JSON-LD lacks {', '.join(sorted(missing))}"
    chunks = json.loads((build / "archive.json").read_bytes())["chunks"]
    told = [facts for chunk in chunks for facts in json.loads((build / chunk).read_bytes())]
    for facts in told:
        if not (build / facts["page"]).is_file():
            yield f"archive.json: {facts['page']} is not there"
    print(f"{len(feeds)} feeds, {len(maps)} sitemaps, {described} JSON-LD, {len(told)} articles in archive.json")


def check_html(build: Path, *, every: bool) -> Iterator[str]:
    """The Nu HTML checker."""
    pages = sorted(build.rglob("*.html")) if every else list(sample_pages(build).values())
    jar = node_folder() / "vnu-jar" / "build" / "dist" / "vnu.jar"
    with served(build, "/") as address:  # a policy that allows what is of the page's own place needs a place
        addresses = [f"{address}{path.relative_to(build).as_posix()}" for path in pages]
        options = ["--format", "json", "--stdout", "--exit-zero-always"]
        command = ["java", "-Dnu.validator.servlet.allow-forbidden-hosts=true", "-jar", jar, *options]
        done = subprocess.run([*command, *addresses], capture_output=True, text=True, check=True, timeout=1800)
    for message in json.loads(done.stdout)["messages"]:
        if not message["message"].startswith(DATA_BLOCK):
            where = f"{message.get('url', '').removeprefix(address)}:{message.get('lastLine', 0)}"
            yield f"{where}: {message['type']}: {message['message']}: {message.get('extract', '')[:120]!r}"
    print(f"{len(pages)} pages through the Nu HTML checker")


def check_pages(build: Path) -> Iterator[str]:
    """Chromium, from disk with axe-core, then from a server under a path without it."""
    pages = sample_pages(build)
    yield from _browse([f"{name}={path.as_uri()}" for name, path in pages.items()], axe=True)
    with served(build, "/a/b/") as address:
        yield from _browse([f"{name}={address}{path.relative_to(build)}" for name, path in pages.items()], axe=False)


def _browse(pages: list[str], *, axe: bool) -> Iterator[str]:
    environment = {**os.environ, "AXE": "1" if axe else "0"}
    command = ["node", TOP / "tools" / "check-pages.cjs", *pages]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=3600)
    *faults, last = (done.stdout + done.stderr).strip().splitlines()
    yield from faults
    print(f"Chromium{' with axe-core' if axe else ', served'}: {last}")


def check_lighthouse(build: Path) -> Iterator[str]:
    """Lighthouse on a phone, as it is by default."""
    with served(build, "/") as address, tempfile.TemporaryDirectory() as folder:
        for name in ("home", "article"):
            out = Path(folder) / f"{name}.json"
            page = sample_pages(build)[name].relative_to(build)
            command = ["node", node_folder() / "lighthouse" / "cli" / "index.js", f"{address}{page}"]
            options = ["--quiet", "--output=json", f"--output-path={out}"]
            flags = "--chrome-flags=--headless --no-sandbox --disable-gpu --disable-quic"
            environment = {**os.environ, "CHROME_PATH": os.environ.get("CHROMIUM", "/usr/bin/chromium")}
            subprocess.run([*command, *options, flags], env=environment, check=True, timeout=300)
            found = json.loads(out.read_bytes())
            scores = {key: found["categories"][key]["score"] or 0 for key in WANTED}
            print(f"Lighthouse, {name}: {', '.join(f'{key} {score:.0%}' for key, score in scores.items())}")
            yield from (f"{name}: {key} {score}" for key, score in scores.items() if score < WANTED[key])
            if any(scores[key] < WANTED[key] for key in WANTED):
                yield from _audits(found)


def _audits(found: dict[str, object]) -> Iterator[str]:
    audits: dict[str, dict[str, object]] = found["audits"]  # type: ignore[assignment]  # as Lighthouse writes it
    for key, audit in audits.items():
        if audit["score"] is not None and audit["scoreDisplayMode"] in ("binary", "numeric") and audit["score"] != 1:
            yield f"  {key}: {audit['title']} {audit.get('displayValue', '')}"


class Handler(SimpleHTTPRequestHandler):
    """A quiet server of a folder under a path, and nothing more."""

    prefix = "/"

    def translate_path(self, path: str) -> str:
        """The file of an address."""
        return super().translate_path("/" + path.removeprefix(self.prefix))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the name is the library's
        """Say nothing."""


@contextmanager
def served(build: Path, prefix: str) -> Iterator[str]:
    """The address of a server of a folder on this machine, while it is needed."""
    kind = type("Served", (Handler,), {"prefix": prefix})
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(kind, directory=str(build)))
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}{prefix}"
    finally:
        server.shutdown()
        server.server_close()


def node_folder() -> Path:
    """The folder with the tools from npm. Ends the program where there is none."""
    folder = os.environ.get("NODE_PATH", "")
    if not folder:
        sys.exit("Set NODE_PATH to the node_modules of a folder with the tools (see --help)")
    return Path(folder)


def main() -> int:
    """Run the checks and count the faults."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=Path)
    parser.add_argument("checks", nargs="*", choices=("links", "feeds", "html", "pages", "lighthouse"))
    parser.add_argument("--all", action="store_true")
    options = parser.parse_args()
    build = options.build.resolve()
    checks: dict[str, Callable[[], Iterator[str]]] = {
        "links": partial(check_links, build),
        "feeds": partial(check_feeds, build),
        "html": partial(check_html, build, every=options.all),
        "pages": partial(check_pages, build),
        "lighthouse": partial(check_lighthouse, build),
    }
    faults = 0
    for name in options.checks or checks:
        for fault in checks[name]():
            faults += 1
            print(f"{name}: {fault}")
    print(f"{faults} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
