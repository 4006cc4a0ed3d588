"""Files that hold files: every member is counted, none can lead anywhere, and none can blow up."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import random
import tarfile
import zipfile

import pytest

from backfile.importers import members
from backfile.importers.base import Failed, Passed, Warned
from backfile.limits import Limits, limited
from backfile.report import ReadError
from tests.importers.helpers import captures, imported, read, story
from tests.importers.test_warc import URL, answer, record


def zipped(files: dict[str, str | bytes], **more) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, **more) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def tarred(files: dict[str, str | bytes], mode: str = "w") -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:
        for name, text in files.items():
            data = text.encode() if isinstance(text, str) else text
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
        link = tarfile.TarInfo("link.html")
        link.type = tarfile.SYMTYPE
        link.linkname = "/etc/passwd"
        archive.addfile(link)
    return out.getvalue()


FILES = {
    "one.html": story("One", 1),
    "one_files/ad.html": story("An ad", 9),
    "../../two.html": story("Two", 2),
    "deep/three.warc.gz": gzip.compress(record(answer(story("Three", 3).encode()))),
    "picture.png": b"\x89PNG\r\n\x1a\n",
    "style.css": "p { color: red }",
    "empty.html": "",
    "inner.zip": zipped({"four.html": story("Four", 4)}),
    "broken.webarchive": b"bplist00",
}


@pytest.mark.parametrize("pack", ["zip", "tar", "tar.gz", "tar.xz", "tar.bz2"])
def test_a_bundle_gives_what_its_members_give(pack, make_site):
    mode = f"w:{pack[4:]}" if "." in pack else "w"
    data = zipped(FILES) if pack == "zip" else tarred(FILES, mode)
    site = make_site({f"content/saved/all.{pack}": data})
    result = imported(site)
    assert sorted(a.title for a in result.articles.values()) == sorted(["One", "Two", "Three", "Four"])
    counts = result.report.counts
    assert counts["failed"] == 1
    assert counts.total() == len(FILES) + (pack != "zip")
    originals = {a.title: a.original.partition("#")[2] for a in result.articles.values()}
    assert originals["Two"] == "../../two.html"
    assert originals["Three"] == "deep/three.warc.gz#urn:uuid:1"
    assert originals["Four"] == "inner.zip#four.html"
    assert not (site.root.parent / "two.html").exists()
    assert [n.where for n in result.report.notices if n.level == "warning"] == [
        f"content/saved/all.{pack}#broken.webarchive"
    ]


def test_members_of_one_name_are_all_read(tmp_path):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.html", story("First", 1))
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("a.html", story("Second", 2))
    path = tmp_path / "a.zip"
    path.write_bytes(out.getvalue())
    assert len({c.data for c in captures(path)}) == 2


def test_a_damaged_or_locked_member_costs_itself(tmp_path):
    data = bytearray(zipped({"a.html": story("A", 1), "b.html": story("B", 2)}))
    at = data.find(b"b.html") + 60
    data[at : at + 8] = b"\xff" * 8
    path = tmp_path / "a.zip"
    path.write_bytes(data)
    first, failed = read(path)[1]
    assert first.member == "a.html"
    assert (failed.member, type(failed)) == ("b.html", Failed)
    locked = bytearray(zipped({"a.html": story()}))
    locked[locked.find(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(locked)
    (failed,) = read(path)[1]
    assert "password" in failed.why
    path.write_bytes(zipped({"a.html": story()})[:-10])
    with pytest.raises(ReadError, match="damaged ZIP"):
        read(path)


def test_a_bomb_is_not_unpacked(tmp_path, monkeypatch):
    monkeypatch.setattr(members, "FREE", 1 << 20)
    path = tmp_path / "bomb.zip"
    path.write_bytes(zipped({f"{n}.html": "<html>" + "a" * (1 << 20) for n in range(9)}))
    with pytest.raises(ReadError, match="very much more"):
        read(path)


def test_containers_in_containers_end_somewhere(tmp_path):
    data = zipped({"a.html": story()})
    for _ in range(5):
        data = zipped({"a.zip": data})
    path = tmp_path / "a.zip"
    path.write_bytes(data)
    (failed,) = read(path)[1]
    assert "deep" in failed.why


def test_too_many_members_are_said(tmp_path):
    files = {f"{n}.html": story(number=n) for n in range(4)}
    path = tmp_path / "a.zip"
    path.write_bytes(zipped(files))
    with limited(Limits(members=2)):
        assert [type(item).__name__ for item in read(path)[1]] == ["Capture", "Capture", "Failed"]
        path.write_bytes(tarred(files))
        with pytest.raises(ReadError, match="more than 2"):
            read(path)


def test_a_large_member_is_read_as_a_stream(tmp_path):
    path = tmp_path / "a.zip"
    long = story() + "<!--" + "x" * (1 << 20) + "-->"
    path.write_bytes(zipped({"crawl.warc": record(answer(long.encode())), "b.html": story()}))
    with limited(Limits(page_mb=1)):
        members = [item.member for item in read(path)[1]]
    assert members == ["crawl.warc#urn:uuid:1", "b.html"]


def test_a_cut_off_tar_goes_as_far_as_it_goes(tmp_path):
    path = tmp_path / "a.tar.gz"
    noise = random.Random(1).randbytes(20_000)
    path.write_bytes(gzip.compress(tarred({"a.html": story("A"), "b.html": noise}))[:-9000])
    items = read(path)[1]
    assert items[0].member == "a.html"
    assert isinstance(items[-1], Failed)


def test_a_single_page_may_be_compressed(tmp_path):
    path = tmp_path / "page.html.gz"
    path.write_bytes(gzip.compress(story().encode()))
    name, (capture,) = read(path)
    assert (name, capture.data) == ("html", story().encode())
    path.write_bytes(gzip.compress(story().encode())[:-20])
    with pytest.raises(ReadError, match="compressed and damaged"):
        read(path)


@pytest.mark.parametrize(
    "data",
    [b"GIF89a", b"RIFF\0\0\0\0WEBPVP8 ", b"\0\0\0\x18ftypavif", b"<svg xmlns='x'><text>a</text></svg>", b"wOFF"],
)
def test_what_lies_beside_pages_is_no_page(data, tmp_path):
    path = tmp_path / "page.html"
    path.write_bytes(data)
    name, (item,) = read(path)
    assert name == "resource"
    assert isinstance(item, Passed)


PACKAGE = """<package xmlns="http://www.idpf.org/2007/opf"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:publisher>The Gazette</dc:publisher><dc:language>en</dc:language></metadata><manifest>
<item id="b" href="b%20b.xhtml" media-type="application/xhtml+xml"/>
<item id="a" href="a.xhtml" media-type="application/xhtml+xml"/>
<item id="gone" href="gone.xhtml" media-type="application/xhtml+xml"/></manifest>
<spine><itemref idref="a"/><itemref idref="b"/><itemref idref="gone"/><itemref idref="unknown"/></spine></package>"""
CONTAINER = '<container><rootfiles><rootfile full-path="OPS/p.opf"/></rootfiles></container>'


def test_epub_documents_come_in_reading_order(tmp_path):
    path = tmp_path / "news.epub"
    files = {"mimetype": "application/epub+zip", "META-INF/container.xml": CONTAINER, "OPS/p.opf": PACKAGE}
    path.write_bytes(zipped({**files, "OPS/a.xhtml": story("A", 1), "OPS/b b.xhtml": story("B", 2)}))
    a, b, failed, passed = read(path)[1]
    assert (a.member, b.member, a.hints.publisher, b.hints.lang) == (
        "OPS/a.xhtml",
        "OPS/b b.xhtml",
        "The Gazette",
        "en",
    )
    assert (failed.member, passed.count) == ("OPS/gone.xhtml", 2)
    path.write_bytes(zipped({"mimetype": "application/epub+zip"}))
    with pytest.raises(ReadError, match="damaged EPUB"):
        read(path)


def wacz(manifest: bool = True, good: bool = True, warc: bool = True, odd: bytes = b"") -> bytes:
    body = gzip.compress(record(answer(b"<p>" + b"A long enough line of text to be read. " * 20)))
    digest = hashlib.sha256(body if good else b"").hexdigest()
    resources = [{"path": "archive/a.warc.gz", "hash": f"sha256:{digest}"}, {"path": "gone", "hash": "sha256:00"}, 7]
    pages = f'{{"format": "json-pages-1.0"}}\nnot json\n{{"url": "{URL}", "title": "A title from the list"}}\n'
    files: dict[str, str | bytes] = {"pages/pages.jsonl": pages}
    if warc:
        files["archive/a.warc.gz"] = body
    if manifest:
        files["datapackage.json"] = json.dumps({"resources": resources})
    if odd:
        files |= {"datapackage.json": odd, "pages/pages.jsonl": odd}
    return zipped(files)


@pytest.mark.parametrize("odd", [b'{"a\xec": 1}', b"[" * 100_000], ids=["bytes", "deep"])
def test_odd_lists_cost_a_bundle_only_what_they_tell(tmp_path, odd):
    path = tmp_path / "a.wacz"
    path.write_bytes(wacz(odd=odd))
    assert any(isinstance(item, Warned) and "manifest" in item.what for item in read(path)[1])
    assert len(captures(path)) == 1
    path = tmp_path / "omnivore.zip"
    path.write_bytes(zipped({"metadata_0_to_20.json": odd, "content/x.html": "<p>x</p>"}))
    assert any(isinstance(item, Failed) and "list of items" in item.why for item in read(path)[1])


def test_wacz_pages_have_their_titles_and_digests_are_checked(tmp_path):
    path = tmp_path / "a.wacz"
    path.write_bytes(wacz())
    missing, capture = read(path)[1]
    assert "cannot be read" in missing.what
    assert (capture.url, capture.hints.title) == (URL, "A title from the list")
    assert capture.member == "archive/a.warc.gz#urn:uuid:1"
    path.write_bytes(wacz(good=False))
    assert any(isinstance(item, Warned) and "digest" in item.what for item in read(path)[1])
    path.write_bytes(wacz(manifest=False))
    assert any(isinstance(item, Warned) and "manifest" in item.what for item in read(path)[1])
    assert len(captures(path)) == 1
    path.write_bytes(wacz(warc=False))
    with pytest.raises(ReadError, match="without a WARC"):
        read(path)


def pdf(text: str) -> bytes:
    """A PDF of one page with a line of text, with its table of places right."""
    stream = f"BT /F1 12 Tf 20 700 Td ({text}) Tj ET".encode()
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        b"<</Title(A title)/Author(Ada)>>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj%s endobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 7\n0000000000 65535 f \n" + table
    return out + head + b"trailer<</Size 7/Root 1 0 R/Info 6 0 R>>\nstartxref\n%d\n%%%%EOF" % len(out)


def test_pdf_text_is_read_and_a_scan_is_said_to_be_one(tmp_path, monkeypatch):
    pytest.importorskip("pypdf")
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf("The harbour council met on Tuesday to vote on the bridge"))
    name, (capture,) = read(path)
    assert (name, capture.media_type) == ("pdf", "text/plain")
    assert b"harbour council" in capture.data
    assert (capture.hints.title, capture.hints.authors) == ("A title", ("Ada",))
    path.write_bytes(pdf(""))
    with pytest.raises(ReadError, match="without text"):
        read(path)
    path.write_bytes(b"%PDF-1.4\nbroken")
    with pytest.raises(ReadError, match="damaged PDF"):
        read(path)
    monkeypatch.setitem(__import__("sys").modules, "pypdf", None)
    with pytest.raises(ReadError, match=r"backfile\[pdf\]"):
        read(path)


def test_a_pdf_in_a_web_archive_is_read(tmp_path):
    pytest.importorskip("pypdf")
    path = tmp_path / "a.warc"
    text = "The harbour council met on Tuesday to vote on the bridge"
    path.write_bytes(
        record(answer(pdf(text), kind="application/pdf")) + record(answer(pdf(""), kind="application/pdf"), number=2)
    )
    capture, failed = read(path)[1]
    assert (capture.url, capture.media_type) == (URL, "text/plain")
    assert "scan" in failed.why


MAIL = (
    "From: The Gazette <news@gazette.example>\r\nSubject: =?utf-8?Q?Caf=C3=A9_news?=\r\n"
    "Date: Mon, 06 Jan 2025 08:00:00 +0100\r\nMessage-ID: <{id}@gazette.example>\r\nMIME-Version: 1.0\r\n"
    'Content-Type: multipart/alternative; boundary="B"\r\n\r\n--B\r\nContent-Type: text/plain\r\n\r\nShort\r\n'
    "--B\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{body}\r\n--B--\r\n"
)


def test_a_newsletter_is_a_page(make_site):
    body = story("x").replace("<title>x</title>", "").replace("<h1>x</h1>", "<p></p>")
    site = make_site({"content/saved/mail.eml": MAIL.format(id=1, body=body)})
    article = imported(site).only
    assert (article.title, article.published, article.publisher) == (
        "Café news",
        "2025-01-06T08:00:00+01:00",
        "The Gazette",
    )
    assert "harbour council" in article.body


def test_a_mailbox_is_read_message_by_message(tmp_path):
    letters = [f"From a@b Mon Jan  6 08:00:00 2025\n{MAIL.format(id=n, body=story(number=n))}\n" for n in range(3)]
    empty = "From a@b Mon Jan  6 08:00:00 2025\nSubject: a\nContent-Type: image/png\n\nxx\n"
    path = tmp_path / "mail"
    path.write_text("".join([*letters, empty]).replace("Short", ">From here\n\nFrom: nobody"), newline="")
    name, items = read(path)
    assert name == "mbox"
    assert [c.member for c in captures(path)] == [f"{n}@gazette.example" for n in range(3)]
    assert isinstance(items[-1], Passed)


def test_a_plain_mail_is_text(tmp_path):
    path = tmp_path / "a.eml"
    path.write_text("From: Jo\nSubject: Hello\nDate: bad\n\nThe harbour council met.\n")
    name, (capture,) = read(path)
    assert (name, capture.media_type, capture.captured) == ("mail", "text/plain", "")


def test_a_bundle_of_nothing_is_an_error(make_site):
    site = make_site({"content/saved/a.zip": zipped({"a.css": "p {}", "b.webarchive": b"bplist00"})})
    result = imported(site)
    assert result.report.counts == {"not an article": 1, "failed": 1}
    assert [n.what for n in result.report.notices if n.level == "error"] == [
        "holds no article (1 × style sheet, 1 × damaged)"
    ]
    site = make_site({"content/saved/a.zip": zipped({})})
    assert "nothing in it" in str(imported(site).report.notices[-1])


def test_many_damaged_parts_are_told_a_few_times(make_site):
    files = {f"{n}.webarchive": b"bplist00" for n in range(9)}
    notices = imported(make_site({"content/saved/a.zip": zipped({**files, "a.html": story()})})).report.notices
    assert sum("web archive" in n.what for n in notices) == 5
    assert any("4 more parts" in n.what for n in notices)


def test_more_pages_than_one_part_are_all_kept(make_site):
    files = {f"{n}.html": story(f"Story {n}", n) for n in range(40)}
    result = imported(make_site({"content/saved/a.zip": zipped(files)}), jobs=2)
    assert result.report.counts == {"added": 40}
    assert {a.title for a in result.articles.values()} == {f"Story {n}" for n in range(40)}
