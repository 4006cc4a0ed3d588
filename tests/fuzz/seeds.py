"""Bytes to start from, a few of each kind."""

from __future__ import annotations

import io
import tarfile
import zipfile

from tests.conftest import article
from tests.faults.harness import bookmarks, page

PAGE = page("Ships in the harbour", "ships").encode()
MAIL = b"From: a@b.example\r\nSubject: =?utf-8?q?Ships?=\r\nMIME-Version: 1.0\r\nContent-Type: "
MULTIPART = (
    MAIL + b'multipart/related; boundary="x"; type="text/html"\r\nSnapshot-Content-Location: https://a.example/\r\n\r\n'
    b"--x\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<p>Ships=20\r\n--x--\r\n"
)
WARC = (
    b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:x:1>\r\nWARC-Target-URI: https://a.example/b\r\n"
    b"WARC-Date: 2024-01-02T03:04:05Z\r\nContent-Type: application/http; msgtype=response\r\nContent-Length: 62\r\n\r\n"
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>Ships there.</p>\r\n\r\n"
)


def _zip() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a/page.html", PAGE)
        archive.writestr("list.csv", "title,url\nShips,https://a.example/s\n")
    return packed.getvalue()


def _tar() -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        member = tarfile.TarInfo("page.html")
        member.size = len(PAGE)
        archive.addfile(member, io.BytesIO(PAGE))
    return packed.getvalue()


FILES = [
    PAGE,
    bookmarks(("a", "A", "x, y")).encode(),
    MULTIPART,
    WARC,
    _zip(),
    _tar(),
    b"bplist00\xd1\x01\x02_\x10\x0fWebMainResource\xd0\x08\x0b\x1d\0\0\0\0\0\0\x01\x01",
    b"title,url,time_added,tags,status\nShips,https://a.example/s,1709629200,a|b,unread\n",
    b'[{"title": "Ships", "url": "https://a.example/s", "tags": ["a"], "content": "<p>Words</p>"}]',
    b'<?xml version="1.0"?><rss version="2.0"><channel><item><title>Ships</title><link>https://a.example/s</link>'
    b"<description>&lt;p&gt;Words&lt;/p&gt;</description></item></channel></rss>",
    b'<?xml version="1.0"?><en-export><note><title>Ships</title><content><![CDATA[<en-note>Words</en-note>]]></content>'
    b"</note></en-export>",
    article("Ships", tags="[a, b]", source="https://a.example/s").encode(),
]
PAGES = [PAGE, b'<meta charset=latin1><h1>A</h1><div itemprop="articleBody"><p>' + b"W\xf6rter und mehr. " * 60]
HEADERS = [
    article("Ships", date="2024-01-02", tags="[a, b]").encode(),
    b'title: "a\\u0041"\narchive:\n  id: 0123456789abcdef\n  figures:\n    - url: a\n      lead: true\ntags:\n  - a\n',
    b"title: >\n  folded\n  text\nauthors: &a [x, y]\nagencies: *a\n",
]
MARKDOWN = [
    b"# A\n\n> quoted **strong** [link](https://a.example 'title')\n\n- one\n  1. two\n\n![p](x.png \"c\")\n"
    b"\n| a | b |\n|--|--|\n| 1 | 2 |\n",
    b'<script>alert(1)</script>\n\n<a href="javascript:x" onclick=y>z</a> <svg><style><img onerror=x>\n\n[a]: data:x\n',
    b"!!! note\n    text\n\n{: onclick=x}\n\nTerm\n:   meaning\n\n*[AB]: Long\n\nAB[^1]\n\n[^1]: foot\n",
]
SEEDS = {"importers": FILES, "cleaner": PAGES, "front_matter": HEADERS, "markdown_to_html": MARKDOWN}
