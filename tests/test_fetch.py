"""Fetching from a server of our own on this machine: politeness, limits, what is kept, what is refused."""

from __future__ import annotations

import gzip
import ipaddress
import itertools
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from fastwarc.warc import ArchiveIterator

from backfile.fetch.client import Client, UnavailableError, waiting_time
from backfile.fetch.guard import RefusedError, check_address, is_public
from backfile.fetch.options import FetchOptions
from backfile.fetch.queue import in_turn, is_address, read_list
from backfile.fetch.robots import read_robots
from backfile.markdown import load_article
from backfile.pipeline import BuildOptions, build_site, fetch_missing, import_only, reclean
from backfile.report import Report
from tests.importers.helpers import story
from tests.importers.test_pictures import page, picture

HTML = {"Content-Type": "text/html; charset=utf-8"}


class Site(ThreadingHTTPServer):
    """Answers by path: (status, headers, body), or a list of them, one for each request."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers: dict[str, object] = {}
        self.seen: list[tuple[float, str, dict[str, str]]] = []
        self.root = f"http://127.0.0.1:{self.server_port}"

    def paths(self) -> list[str]:
        return [path for _, path, _ in self.seen if path != "/robots.txt"]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        server = self.server
        server.seen.append((time.monotonic(), self.path, {k.lower(): v for k, v in self.headers.items()}))
        found = server.answers.get(self.path, (404, {}, b""))
        if isinstance(found, list):
            found = found.pop(0) if len(found) > 1 else found[0]
        status, headers, body = found(self) if callable(found) else found
        self.send_response(status)
        for key, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(key, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


@pytest.fixture
def web():
    server = Site()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def client():
    made = Client(allow_private=True, delay=0.0, timeout=5.0)
    yield made
    made.close()


def added(site, *urls: str, **options) -> Report:
    report = Report()
    fetch = FetchOptions(**{"allow_private": True, "delay": 0.0, "timeout": 5.0, **options})
    import_only(site, BuildOptions(fetch=fetch), report, urls=urls)
    return report


def articles(site):
    return [load_article(path.read_text()).article for path in sorted(site.articles.rglob("*.md"))]


def test_a_page_is_kept_as_it_was_sent_and_becomes_an_article(make_site, web):
    body = gzip.compress(story().encode(), mtime=0)
    web.answers["/a"] = (200, {**HTML, "Content-Encoding": "gzip"}, body)
    site = make_site()
    report = added(site, f"{web.root}/a")
    assert (report.counts["fetched"], report.counts["added"], report.errors) == (1, 1, 0)
    (path,) = site.saved.rglob("*.warc.gz")
    with path.open("rb") as file:
        kept = [(record.http_headers.status_code, record.reader.read()) for record in ArchiveIterator(file)]
    assert kept == [(200, body)]
    with path.open("rb") as file:
        assert all(record.verify_payload_digest() for record in ArchiveIterator(file))
    assert articles(site)[0].captured
    assert web.seen[0][1] == "/robots.txt"
    assert web.seen[0][2]["user-agent"].startswith("Backfile/")


def test_the_same_address_again_asks_for_a_change_only(make_site, web):
    def answer(request):
        if request.headers.get("If-None-Match") == '"1"':
            return 304, {}, b""
        return 200, {**HTML, "ETag": '"1"'}, story().encode()

    web.answers["/a"] = answer
    web.answers["/b"] = (200, HTML, story("Another bridge", 1).encode())
    site = make_site()
    added(site, f"{web.root}/a", f"{web.root}/b")
    report = added(site, f"{web.root}/a", f"{web.root}/b")
    assert report.counts["already there"] == 2
    assert len(list(site.saved.rglob("*.warc.gz"))) == 2
    web.answers["/b"] = (200, HTML, story("A third bridge", 2).encode())
    assert added(site, f"{web.root}/b").counts["fetched"] == 1
    assert added(site, f"{web.root}/b").counts["already there"] == 1


def test_pictures_come_with_the_page_when_asked(make_site, web):
    figure = f'<figure><img src="{web.root}/p.jpg" alt="x"><figcaption>The bridge</figcaption></figure>'
    web.answers["/a"] = (200, HTML, page(figure).encode())
    web.answers["/p.jpg"] = (200, {"Content-Type": "image/jpeg"}, picture())
    site = make_site()
    added(site, f"{web.root}/a", pictures=True)
    assert articles(site)[0].figures[0].file
    plain = make_site()
    added(plain, f"{web.root}/a?again")
    assert web.paths().count("/p.jpg") == 1


def test_an_entry_is_replaced_by_its_page_also_through_a_redirect(make_site, web, monkeypatch):
    monkeypatch.setattr("backfile.addresses.is_web_address", lambda url: url.startswith("http"))
    monkeypatch.setattr("backfile.importers.rows.is_web_address", lambda url: url.startswith("http"))
    monkeypatch.setattr("backfile.ready.is_web_address", lambda url: url.startswith("http"))
    monkeypatch.setattr("backfile.importers.origin.is_web_address", lambda url: url.startswith("http"))
    monkeypatch.setattr("backfile.importers.warc.is_web_address", lambda url: url.startswith("http"))
    web.answers["/short"] = (302, {"Location": "/long"}, b"")
    web.answers["/long"] = (200, HTML, story().encode())
    site = make_site(
        {"content/saved/list.csv": f"title,url,time_added,tags,status\nA,{web.root}/short,1,river,archive\n"}
    )
    import_only(site, BuildOptions(), Report())
    assert articles(site)[0].link_only
    report = Report()
    fetch_missing(site, BuildOptions(fetch=FetchOptions(allow_private=True, delay=0.0)), report, 10)
    (only,) = articles(site)
    assert not only.link_only
    assert only.tags == ("river",)
    assert only.saved.state == "read"
    report = Report()
    fetch_missing(site, BuildOptions(fetch=FetchOptions(allow_private=True, delay=0.0)), report, 10)
    assert report.counts["fetched"] == 0


def test_what_several_articles_cite_is_fetched_where_it_is_asked_for(make_site, web):
    web.answers["/cited"] = (200, HTML, story().encode())
    citing = f"---\ntitle: One\n---\n\nAs [they said]({web.root}/cited) and [he]({web.root}/once).\n"
    site = make_site({
        "content/articles/one.md": citing,
        "content/articles/two.md": citing.replace("/once", "/other").replace("One", "Two"),
    })  # fmt: skip
    build_site(site, BuildOptions())
    options = BuildOptions(fetch=FetchOptions(allow_private=True, delay=0.0))
    for cited in (False, True, True):
        fetch_missing(site, options, Report(), 10, cited=cited)
        assert web.paths().count("/cited") == cited
    assert not {"/once", "/other"} & set(web.paths())
    assert len(articles(site)) == 3


def test_robots_txt_is_respected(make_site, web):
    web.answers["/robots.txt"] = (200, {}, b"User-agent: *\nDisallow: /private/\nAllow: /private/open\n")
    web.answers["/private/a"] = web.answers["/private/open"] = (200, HTML, story().encode())
    report = added(make_site(), f"{web.root}/private/a", f"{web.root}/private/open")
    assert (report.counts["failed"], report.counts["fetched"]) == (1, 1)
    assert web.paths() == ["/private/open"]


@pytest.mark.parametrize("status", [500, 503, 429])
def test_a_host_whose_robots_txt_cannot_be_had_is_left_alone(status, client, web):
    web.answers["/robots.txt"] = (status, {}, b"")
    web.answers["/a"] = (200, HTML, b"x")
    with pytest.raises(UnavailableError, match=r"robots\.txt"):
        client.get(f"{web.root}/a")
    assert web.paths() == []


def test_requests_to_a_host_keep_their_distance(web):
    client = Client(allow_private=True, delay=0.2)
    web.answers["/a"] = (200, HTML, b"x")
    for _ in range(2):
        client.get(f"{web.root}/a")
    client.close()
    times = [when for when, _, _ in web.seen]
    assert all(later - before >= 0.19 for before, later in itertools.pairwise(times))


def test_retry_after_is_waited_for(client, web):
    web.answers["/a"] = [(429, {"Retry-After": "1"}, b""), (200, HTML, b"x")]
    start = time.monotonic()
    assert client.get(f"{web.root}/a").status == 200
    assert time.monotonic() - start >= 1


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ((429, {"Retry-After": "99999"}, b""), "come back in"),
        ((404, {}, b""), "status 404"),
        ((200, {"Content-Length": str(99 << 20)}, b""), "larger than"),
        ((302, {"Location": "/a"}, b""), "redirects"),
        ((302, {}, b""), "status 302"),
    ],
)
def test_what_gives_no_page_says_why(answer, why, client, web):
    web.answers["/a"] = answer
    with pytest.raises(UnavailableError, match=why):
        client.get(f"{web.root}/a")


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://127.0.0.1/", "http://u@127.0.0.1/", "//[/"])
def test_redirects_lead_to_the_web_only(target, client, web):
    web.answers["/a"] = (302, {"Location": target}, b"")
    with pytest.raises(RefusedError):
        client.get(f"{web.root}/a")


@pytest.mark.parametrize(
    ("kind", "body", "why"),
    [
        ("image/png", b"\x89PNG", "is no page"),
        ("text/html", b" ", "empty"),
        ("text/html", gzip.compress(b" " * (80 << 20)), "larger"),
    ],
)
def test_what_is_no_page_is_not_kept(kind, body, why, make_site, web):
    encoding = {"Content-Encoding": "gzip"} if len(body) > 10 else {}
    web.answers["/a"] = (200, {"Content-Type": kind, **encoding}, body)
    site = make_site()
    report = added(site, f"{web.root}/a")
    assert why in report.notices[0].what
    assert not list(site.saved.rglob("*.warc.gz"))


def test_a_slow_answer_ends(web):
    def slow(request):
        request.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        for _ in range(100):
            request.wfile.write(b"x")
            time.sleep(0.1)
        raise ConnectionError

    web.handle_error = lambda *args: None
    web.answers["/a"] = slow
    client = Client(allow_private=True, delay=0.0, timeout=1.0)
    start = time.monotonic()
    with pytest.raises(UnavailableError, match="too long"):
        client.get(f"{web.root}/a")
    client.close()
    assert time.monotonic() - start < 4


def test_this_machine_is_not_asked_unless_allowed(web):
    client = Client(delay=0.0)
    web.answers["/a"] = (200, HTML, b"x")
    for host in ("127.0.0.1", "localhost", "2130706433"):
        with pytest.raises((RefusedError, UnavailableError)):
            client.get(f"http://{host}:{web.server_port}/a")
    client.close()
    assert web.seen == []


def test_what_is_connected_to_is_what_was_checked(web, monkeypatch):
    answers = ["93.184.215.14", "93.184.215.14", "127.0.0.1"]
    asked: list[str] = []

    def changing(host, port, *args, **kwargs):
        if host == "rebind.example":
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (answers.pop(0), port))]
        asked.append(host)
        raise OSError(f"closed network: {host}")

    monkeypatch.setattr(socket, "getaddrinfo", changing)
    client = Client(delay=0.0, timeout=1.0)
    with pytest.raises(UnavailableError):
        client.get(f"http://rebind.example:{web.server_port}/a")
    client.close()
    assert web.seen == []


PRIVATE = (
    "127.0.0.1", "10.1.2.3", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "224.0.0.1", "::1", "fe80::1",
    "fc00::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "ff02::1", "240.0.0.1",
)  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses_are_known_in_every_disguise(address):
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"])
def test_public_addresses_are_public(address):
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "url", ["gopher://a.example/", "http://", "http://a b/", "http://a.example:99999/", "https://u:p@a.example/"]
)
def test_what_is_no_address_of_the_web_is_refused(url):
    with pytest.raises(RefusedError):
        check_address(url)


ROBOTS = """
User-agent: Other
Disallow: /

User-agent: *
User-agent: Elsewhere
Crawl-delay: 2.5
Disallow: /a
Allow: /a/b
Disallow: /*.pdf$
Disallow: /q?x=*&y
Disallow:
Disallow: /caf%C3%A9
"""


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/", True), ("/a", False), ("/a/c", False), ("/a/b", True), ("/a/b/c", True), ("/x.pdf", False),
        ("/x.pdf?1", True), ("/q?x=1&y=2", False), ("/q?x=1", True), ("/café", False), ("/robots.txt", True),
    ],
)  # fmt: skip
def test_the_longest_rule_decides(path, allowed):
    rules = read_robots(ROBOTS, "Backfile")
    assert rules.allows(f"https://a.example{path}") is allowed
    assert rules.delay == 2.5


def test_rules_for_us_go_before_those_for_all():
    rules = read_robots("User-agent: *\nDisallow: /\nUser-agent: BACKFILE\nDisallow: /x\nCrawl-delay: soon", "Backfile")
    assert rules.allows("https://a.example/")
    assert not rules.allows("https://a.example/x")
    assert rules.delay == 0.0


def test_lists_and_names():
    text = "\ufeff# mine\nhttps://a.example/ A title\n\n  b.example \n"
    assert list(read_list(text)) == [
        "https://a.example/",
        "b.example",
    ]
    assert list(in_turn(["https://a/1", "https://a/2", "https://b/1", "https://a/1"])) == [
        "https://a/1",
        "https://b/1",
        "https://a/2",
    ]
    assert is_address("https://a.example/x")
    assert is_address("data:text/html,x")
    assert not is_address("folder/page.html")
    assert not is_address("C:\\pages")


def test_absent_pictures_come_later_when_asked_and_edits_stay(make_site, web):
    absent = f"{web.root}/gone.jpg"
    shown = {f"{web.root}/p.jpg": "The bridge", absent: "The ferry", f"{web.root}/no.jpg": "The bank"}
    figures = "".join(
        f'<figure><img src="{url}" alt="x"><figcaption>{words}</figcaption></figure>' for url, words in shown.items()
    )
    web.answers["/p.jpg"] = (200, {"Content-Type": "image/jpeg"}, picture())
    web.answers["/no.jpg"] = (200, {"Content-Type": "image/jpeg"}, b"no picture")
    site = make_site({"content/saved/a.html": page(figures)})
    import_only(site, BuildOptions(), Report())
    (path,) = site.articles.rglob("*.md")
    path.write_text(path.read_text() + "\nMy own words.\n")
    options = BuildOptions(fetch=FetchOptions(allow_private=True, delay=0.0, pictures=True))
    report = Report()
    fetch_missing(site, options, report, 10)
    article = articles(site)[0]
    assert [bool(figure.file) for figure in article.figures] == [True, False, False]
    assert article.body.endswith("My own words.")
    assert f"]({article.figures[0].file} " in article.body
    assert report.counts["pictures"] == 1
    assert {notice.where for notice in report.notices} >= {absent, f"{web.root}/no.jpg"}
    report = Report()
    reclean(site, (), BuildOptions(), report)
    assert articles(site)[0] == article


def test_rules_may_stand_elsewhere_be_packed_or_be_absent(web):
    rules = gzip.compress(b"User-agent: backfile\nDisallow: /x")
    web.answers["/robots.txt"] = (301, {"Location": "/rules"}, b"")
    web.answers["/rules"] = (200, {"Content-Encoding": "gzip"}, rules)
    web.answers["/x"] = web.answers["/y"] = (200, HTML, b"x")
    client = Client(allow_private=True, delay=0.0)
    assert client.get(f"{web.root}/y").status == 200
    with pytest.raises(UnavailableError, match=r"robots\.txt"):
        client.get(f"{web.root}/x")
    client.close()
    web.answers["/robots.txt"] = (301, {"Location": "/robots.txt"}, b"")
    client = Client(allow_private=True, delay=0.0)
    assert client.get(f"{web.root}/x").status == 200
    client.close()


def test_rules_that_cannot_be_unpacked_are_none(client, web):
    web.answers["/robots.txt"] = (200, {"Content-Encoding": "zz"}, b"\1\2")
    web.answers["/x"] = (200, HTML, b"x")
    assert client.get(f"{web.root}/x").body == b"x"


@pytest.mark.parametrize(
    ("told", "wait"),
    [("7", 7.0), ("soon", 2.0), ("", 2.0), ("Wed, 21 Oct 2015 07:28:00 GMT", 0.0), ("Wed, 21 Oct 2015 07:28:00", 0.0)],
)
def test_how_long_a_host_asks_to_wait(told, wait):
    assert waiting_time(told, 2.0) == wait


def test_an_endless_answer_is_cut(web):
    def endless(request):
        request.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        for _ in range(2000):
            request.wfile.write(b"8000\r\n" + b"x" * 0x8000 + b"\r\n")
        raise ConnectionError

    web.handle_error = lambda *args: None
    web.answers["/a"] = endless
    client = Client(allow_private=True, delay=0.0)
    with pytest.raises(UnavailableError, match="larger"):
        client.get(f"{web.root}/a", limit=1 << 20)
    client.close()


def test_a_paywall_is_said_and_its_page_is_kept(make_site, web):
    locked = '<script type="application/ld+json">{"@type":"NewsArticle","isAccessibleForFree":false}</script>'
    web.answers["/a"] = (200, HTML, story(head=locked).encode())
    site = make_site()
    report = added(site, f"{web.root}/a")
    assert any("paywall" in notice.what for notice in report.notices)
    assert report.counts["fetched"] == 1
