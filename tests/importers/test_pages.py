"""Single pages: where they came from, when they were saved, and what saving put into them."""

from __future__ import annotations

import base64
import io
import plistlib
import random
import zipfile

import pytest

from backfile.companions import parts_of_pages
from backfile.importers.base import Passed, Warned
from backfile.report import ReadError
from tests.importers.helpers import captures, imported, read, story

URL = "https://news.example/bridge"
MARKS = {
    "SingleFile": (
        f"<!--\n Page saved with SingleFile \n url: {URL} \n saved date: Wed May 05 2021 10:00:00 GMT+0200 (CEST)\n-->",
        "2021-05-05T10:00:00+02:00",
    ),
    "SingleFile of old": (f"<!--\n Archive processed by SingleFile \n url: {URL} \n-->", ""),
    "a browser": (f"<!-- saved from url=(0027){URL} -->", ""),
    "monolith": (
        f"<!-- Saved from {URL} at 2023-01-02T03:04:05Z using monolith v2.8.1 -->",
        "2023-01-02T03:04:05+00:00",
    ),
}


@pytest.mark.parametrize("tool", MARKS)
def test_the_mark_of_the_saving_tool_gives_address_and_time(tool, tmp_path):
    mark, when = MARKS[tool]
    page = tmp_path / "page.html"
    page.write_text(story().replace("<head>", f"{mark}<head>"))
    (capture,) = captures(page)
    assert (capture.url, capture.captured) == (URL, when)


def test_webscrapbook_notes_its_source_on_the_root(tmp_path):
    page = tmp_path / "page.html"
    page.write_text(
        story().replace("<html", f'<html data-scrapbook-source="{URL}" data-scrapbook-create="20200102030405678"')
    )
    assert [(c.url, c.captured) for c in captures(page)] == [(URL, "2020-01-02T03:04:05+00:00")]


@pytest.mark.parametrize("url", ["javascript:alert(1)", "file:///home/me/page.html", "http://localhost/x"])
def test_an_address_that_is_not_of_the_web_is_none(url, tmp_path):
    page = tmp_path / "page.html"
    page.write_text(f"<!-- saved from url=(0021){url} -->" + story())
    assert captures(page)[0].url == ""


def test_a_page_that_is_a_zip_as_well_is_read_as_the_page_inside(tmp_path):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("index.html", f"<!--\n Page saved with SingleFile \n url: {URL} \n-->{story('Inside')}")
    page = tmp_path / "page.html"
    page.write_bytes(b"<!doctype html><html><body>Please wait<!--" + packed.getvalue())
    (capture,) = captures(page)
    assert capture.url == URL
    assert b"Inside" in capture.data
    page.write_bytes(b"<!doctype html><html><body>Please wait<!--" + packed.getvalue()[10:])
    assert b"Please wait" in captures(page)[0].data


def wayback_copy(marks: str) -> str:
    tools = "<!-- BEGIN WAYBACK TOOLBAR INSERT --><div>4 captures</div><!-- END WAYBACK TOOLBAR INSERT -->"
    link = '<a href="https://web.archive.org/web/20120216182711/http://www.stol.example/more">More</a>'
    picture = '<img src="/web/20120216182711im_/http://www.stol.example/a.jpg">'
    page = story(head=marks).replace("<article>", f"{tools}<article>{link}{picture}")
    return page.replace("</body>", "</body><!-- FILE ARCHIVED ON 18:27:11 Feb 16, 2012 AND RETRIEVED FROM -->")


@pytest.mark.parametrize(
    "marks",
    [
        '<script>__wm.wombat("http://www.stol.example:80/art","20120216182711","https://web.archive.org/");</script>',
        '<link rel="canonical" href="https://web.archive.org/web/20120216182711/http://www.stol.example/art">',
    ],
)
def test_a_wayback_copy_becomes_the_page_it_was(marks, tmp_path):
    page = tmp_path / "page.html"
    page.write_text(wayback_copy(marks))
    (capture,) = captures(page)
    assert (capture.url, capture.captured) == ("http://www.stol.example/art", "2012-02-16T18:27:11+00:00")
    assert b"4 captures" not in capture.data
    assert b"web/2012" not in capture.data.replace(b"20120216182711,", b"")
    assert b'href="http://www.stol.example/more"' in capture.data
    assert b'src="http://www.stol.example/a.jpg"' in capture.data


def test_a_wayback_copy_saved_by_a_browser_keeps_the_time_of_the_copy(tmp_path):
    page = tmp_path / "page.html"
    page.write_text(f"<!-- saved from url=(0060)https://web.archive.org/web/20120216182711/{URL} -->" + story())
    assert [(c.url, c.captured) for c in captures(page)] == [(URL, "2012-02-16T18:27:11+00:00")]


def test_a_copy_of_archive_today_becomes_the_page_it_was(tmp_path):
    page = tmp_path / "page.html"
    head = f'<link rel="canonical" href="https://archive.ph/2020.06.01-123456/{URL}">'
    bar = '<div id="HEADER">Saved from</div><div id="CONTENT">'
    page.write_text(story(head=head).replace("<article>", f"{bar}<article>"))
    (capture,) = captures(page)
    assert (capture.url, capture.captured) == (URL, "2020-06-01T12:34:56+00:00")
    assert b"Saved from" not in capture.data


def test_a_page_about_the_wayback_machine_is_left_as_it_is(tmp_path):
    text = story().replace("</article>", "<a href='https://web.archive.org/web/20120216182711/http://a.example/'>a</a>")
    page = tmp_path / "page.html"
    page.write_text(text)
    assert captures(page)[0].data == text.encode()


def test_parts_of_complete_pages_are_no_pages(make_site):
    names = {"a.html", "a_files/ad.html", "b.htm", "b-Dateien/x/y.html", "my_files/c.html"}
    assert parts_of_pages(names) == {"a_files/ad.html", "b-Dateien/x/y.html"}
    site = make_site({"content/saved/a.html": story(), "content/saved/a_files/ad.html": story("An ad", 2)})
    assert imported(site).only.title == "A bridge at last"


def mhtml(parts: list[tuple[str, str, bytes]], head: str = "From: <Saved by Blink>\r\n", boundary: str = "X") -> bytes:
    lines = [
        head.encode(),
        f"Snapshot-Content-Location: {URL}\r\nSubject: =?utf-8?Q?A_caf=C3=A9?=\r\n".encode(),
        b"Date: Mon, 17 Dec 2018 11:18:02 -0000\r\nMIME-Version: 1.0\r\n",
        f'Content-Type: multipart/related; type="text/html"; boundary="{boundary}"\r\n\r\n'.encode(),
    ]
    for kind, encoding, data in parts:
        lines.append(
            f"\r\n--X\r\nContent-Type: {kind}\r\nContent-Transfer-Encoding: {encoding}\r\n"
            f"Content-Location: {URL if 'html' in kind else 'https://news.example/a.png'}\r\n\r\n".encode()
        )
        lines.append(data)
    return b"".join([*lines, b"\r\n--X--\r\n"])


@pytest.mark.parametrize("boundary", ["X", "", "wrong"])
@pytest.mark.parametrize("encoding", ["quoted-printable", "base64", "binary"])
def test_mhtml_gives_page_address_title_and_time(encoding, boundary, tmp_path):
    body = story().encode()
    coded = {"base64": base64.encodebytes(body), "binary": body, "quoted-printable": body.replace(b"=", b"=3D")}
    page = tmp_path / "page.any"
    page.write_bytes(
        mhtml([("image/png", "base64", b"AAAA"), ("text/html", encoding, coded[encoding])], boundary=boundary)
    )
    name, items = read(page)
    (capture,) = items
    assert name == "mhtml"
    assert capture.data.strip() == body
    assert (capture.url, capture.captured) == (URL, "2018-12-17T11:18:02+00:00")
    assert capture.hints.title == "A café"


def test_damaged_mhtml_goes_as_far_as_it_goes(tmp_path):
    whole = mhtml([("text/html", "base64", base64.encodebytes(story().encode()))])
    page = tmp_path / "page.mhtml"
    page.write_bytes(whole[: len(whole) // 2])
    warned, capture = read(page)[1]
    assert isinstance(warned, Warned)
    assert capture.data in story().encode()
    page.write_bytes(whole[:200])
    with pytest.raises(ReadError, match="cut off"):
        read(page)


def webarchive(page: str, frames: list[str], form: plistlib.PlistFormat) -> bytes:
    def resource(text: str, number: int) -> dict:
        return {
            "WebMainResource": {
                "WebResourceData": text.encode(),
                "WebResourceURL": f"{URL}{number}",
                "WebResourceMIMEType": "text/html",
                "WebResourceTextEncodingName": "UTF-8",
            }
        }

    inner = [resource(text, n) for n, text in enumerate(frames, 1)]
    return plistlib.dumps({**resource(page, 0), "WebSubframeArchives": inner}, fmt=form)


@pytest.mark.parametrize("form", [plistlib.FMT_BINARY, plistlib.FMT_XML])
def test_webarchive_gives_page_and_frames(form, tmp_path):
    path = tmp_path / "page"
    path.write_bytes(webarchive(story(), [story("Frame", 1), story("Frame", 1)], form))
    name, (main, frame, again) = read(path)
    assert name == "webarchive"
    assert (main.url, main.charset, main.member) == (f"{URL}0", "UTF-8", "")
    assert (frame.url, frame.member) == (f"{URL}1", "frame 1")
    assert isinstance(again, Passed)


@pytest.mark.parametrize(
    "data",
    [
        b"bplist00",
        webarchive(story(), [], plistlib.FMT_BINARY)[:-40],
        plistlib.dumps("text", fmt=plistlib.FMT_BINARY),
        plistlib.dumps({"WebMainResource": {"WebResourceData": 7}}, fmt=plistlib.FMT_BINARY),
    ],
)
def test_a_damaged_webarchive_is_said_to_be(data, tmp_path):
    path = tmp_path / "page.webarchive"
    path.write_bytes(data)
    with pytest.raises(ReadError, match="page"):
        read(path)


NOTE = """---
title: "A bridge"
source: "https://news.example/bridge"
author:
  - "[[Ada Writer]]"
  - "[[people/Jo|Jo Doe]]"
published: 2025-01-06
created: 2025-02-07
description: "It is open"
tags:
  - "clippings"
  - "river"
---

The *harbour* council met.

![A bridge](https://news.example/a.jpg)
"""


def test_a_clipped_note_is_an_article_already(make_site):
    site = make_site({"content/saved/A bridge.md": NOTE})
    article = imported(site).only
    assert (article.title, article.url) == ("A bridge", URL)
    assert article.authors == ("Ada Writer", "Jo Doe")
    assert (article.published, article.captured) == ("2025-01-06", "2025-02-07")
    assert (article.description, article.tags) == ("It is open", ("river",))
    assert article.body == "The *harbour* council met.\n\n![A bridge](https://news.example/a.jpg)"
    assert article.original == "content/saved/A bridge.md"


def test_a_note_without_a_source_is_read_as_text(tmp_path):
    path = tmp_path / "todo.md"
    path.write_text("# Things\n\n- milk\n")
    name, (capture,) = read(path)
    assert (name, capture.media_type) == ("note", "text/markdown")


@pytest.mark.parametrize("data", [b"", b" \r\n\0", b"\x1f\x8b\x08damaged"])
def test_an_empty_file_is_said_to_be(data, tmp_path):
    path = tmp_path / "page.html"
    path.write_bytes(data)
    with pytest.raises(ReadError, match="empty or damaged"):
        read(path)


@pytest.mark.parametrize("seed", range(8))
def test_random_bytes_are_no_page_whatever_their_name_is(make_site, seed):
    data = random.Random(seed).randbytes(60_000)
    found = imported(make_site({"content/saved/a.html": data}))
    assert not found.articles
    assert [notice.level for notice in found.report.notices] == ["error"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8", "cp1252"])
def test_a_page_with_many_control_characters_is_still_a_page(make_site, encoding):
    text = story().replace("e", "e\x01")
    assert imported(make_site({"content/saved/a.html": text.encode(encoding)})).articles
