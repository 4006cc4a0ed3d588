"""Records of web archives: every page once, everything else counted, damage costing only itself."""

from __future__ import annotations

import base64
import gzip
import hashlib
import zlib

import brotli
import pytest

from backfile.importers.answers import dechunked, digest_matches, kind_name
from backfile.importers.base import Failed, Passed, Warned
from backfile.limits import Limits, limited
from tests.importers.helpers import captures, imported, read, story

URL = "https://news.example/bridge"


def record(body: bytes, kind: str = "response", uri: str = URL, number: int = 1, **more: str) -> bytes:
    if kind == "response":
        more = {"Content_Type": "application/http; msgtype=response", **more}
    lines = [
        "WARC/1.0",
        f"WARC-Type: {kind}",
        f"WARC-Target-URI: {uri}",
        f"WARC-Record-ID: <urn:uuid:{number}>",
        "WARC-Date: 2021-05-05T10:00:00Z",
        *(f"{key.replace('_', '-')}: {value}" for key, value in more.items()),
        f"Content-Length: {len(body)}",
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body + b"\r\n\r\n"


def answer(body: bytes, status: str = "200 OK", kind: str = "text/html; charset=utf-8", **more: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", *(f"{k.replace('_', '-')}: {v}" for k, v in more.items())]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


PAGE = story().encode()


def chunked(body: bytes) -> bytes:
    return (
        b"".join(b"%x\r\n%s\r\n" % (len(body[n : n + 99]), body[n : n + 99]) for n in range(0, len(body), 99))
        + b"0\r\n\r\n"
    )


BODIES = {
    "plain": answer(PAGE),
    "chunked": answer(chunked(PAGE), Transfer_Encoding="chunked"),
    "said to be chunked": answer(PAGE, Transfer_Encoding="chunked"),
    "gzip": answer(gzip.compress(PAGE), Content_Encoding="gzip"),
    "chunked gzip": answer(chunked(gzip.compress(PAGE)), Transfer_Encoding="chunked", Content_Encoding="gzip"),
    "said to be gzip": answer(PAGE, Content_Encoding="gzip"),
    "deflate": answer(zlib.compress(PAGE), Content_Encoding="deflate"),
    "raw deflate": answer(zlib.compress(PAGE)[2:-4], Content_Encoding="deflate"),
    "brotli": answer(brotli.compress(PAGE), Content_Encoding="br"),
    "said to be brotli": answer(PAGE, Content_Encoding="br"),
    "said to be unknown": answer(PAGE, Content_Encoding="x-snappy"),
    "odd type": answer(PAGE, kind="html"),
}


@pytest.mark.parametrize("how", BODIES)
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_a_page_comes_out_as_it_was_served(how, pack, tmp_path):
    path = tmp_path / "crawl.warc"
    path.write_bytes(pack(record(BODIES[how])))
    name, (capture,) = read(path)
    assert name == "warc"
    assert capture.data == PAGE
    assert (capture.url, capture.captured, capture.member) == (URL, "2021-05-05T10:00:00+00:00", "urn:uuid:1")


def test_what_is_no_page_is_counted(make_site):
    parts = [
        record(b"software: x", "warcinfo"),
        record(answer(PAGE)),
        record(b"GET / HTTP/1.1\r\n\r\n", "request"),
        record(answer(b"", "404 Not Found"), number=2),
        record(answer(b"\xff\xd8", kind="image/jpeg"), number=3),
        record(answer(b"{}", kind="application/json"), number=4),
        record(answer(b"f", kind="application/font-woff"), number=5),
        record(answer(b"  "), number=6),
        record(b"no http", number=7),
        record(b"", "revisit", number=8),
        record(b"a log", "resource", "urn:X-log", number=9, Content_Type="text/plain"),
    ]
    site = make_site({"content/saved/crawl.warc.gz": b"".join(map(gzip.compress, parts))})
    result = imported(site)
    assert result.report.counts == {"added": 1, "not an article": 10}
    (notice,) = result.report.notices
    assert notice.level == "info"
    for why in ("request record", "status 404", "picture", "font", "application/json", "empty answer", "text/plain"):
        assert f"1 × {why}" in notice.what or "10 of 11" in notice.what
    assert result.only.original == "content/saved/crawl.warc.gz#urn:uuid:1"
    assert imported(site).report.counts == {}


def test_resources_and_conversions_are_pages(tmp_path):
    path = tmp_path / "a.warc"
    text = b"The harbour council met."
    path.write_bytes(
        record(PAGE, "resource", Content_Type="text/html")
        + record(text, "conversion", "<https://news.example/two>", 2, Content_Type="text/plain")
    )
    page, plain = captures(path)
    assert (page.media_type, page.data) == ("text/html", PAGE)
    assert (plain.media_type, plain.url, plain.data) == ("text/plain", "https://news.example/two", text)


def sha1(data: bytes) -> str:
    return "sha1:" + base64.b32encode(hashlib.sha1(data, usedforsecurity=False).digest()).decode()


@pytest.mark.parametrize(
    ("digests", "warned"),
    [
        ({"WARC_Payload_Digest": sha1(PAGE)}, 0),
        ({"WARC_Payload_Digest": "sha256:" + hashlib.sha256(PAGE).hexdigest()}, 0),
        ({"WARC_Payload_Digest": sha1(b"other")}, 1),
        ({"WARC_Payload_Digest": "blake9:zz"}, 0),
        ({"WARC_Payload_Digest": "sha1:!"}, 1),
        ({"WARC_Block_Digest": sha1(answer(PAGE))}, 0),
        ({"WARC_Block_Digest": sha1(b"other")}, 1),
        ({"WARC_Block_Digest": "blake9:zz"}, 0),
    ],
)
def test_digests_are_checked_and_the_page_is_kept(digests, warned, tmp_path):
    path = tmp_path / "a.warc"
    path.write_bytes(record(answer(PAGE), **digests))
    items = read(path)[1]
    assert sum(isinstance(item, Warned) and "digest" in item.what for item in items) == warned
    assert captures(path)[0].data == PAGE


def test_digests_in_every_spelling():
    raw = hashlib.sha1(PAGE, usedforsecurity=False).digest()
    assert digest_matches("sha1:" + raw.hex(), PAGE)
    assert digest_matches("sha1:" + base64.b64encode(raw).decode(), PAGE)
    assert digest_matches("nothing", PAGE)


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_a_damaged_record_costs_itself(pack, tmp_path):
    whole = [pack(record(answer(story(number=n).encode()), number=n)) for n in range(4)]
    broken = whole[1][:12] + b"\xff" * 40 + whole[1][52:]
    path = tmp_path / "a.warc"
    path.write_bytes(whole[0] + broken + whole[2] + b"JUNK\r\n" * 3 + whole[3][:-60])
    items = read(path)[1]
    found = [item.member for item in items if hasattr(item, "data")]
    assert found[:2] == ["urn:uuid:0", "urn:uuid:2"]
    failed = [item for item in items if isinstance(item, Failed)]
    assert 1 <= len(failed) <= 3
    assert all("damaged" in item.why for item in failed)
    assert any(isinstance(item, Warned) and "cut off" in item.what for item in items)


def test_a_length_that_is_none_is_said(tmp_path):
    path = tmp_path / "a.warc"
    path.write_bytes(
        record(answer(PAGE)) + record(answer(PAGE), number=2).replace(b"Content-Length: ", b"Content-Length: -")
    )
    items = read(path)[1]
    assert any(isinstance(item, Failed) and "length" in item.why for item in items)
    assert len(captures(path)) == 1


def test_a_body_is_never_unpacked_beyond_bounds(tmp_path):
    bomb = bytes(2 << 20)
    path = tmp_path / "a.warc"
    path.write_bytes(
        record(answer(gzip.compress(bomb), Content_Encoding="gzip"))
        + record(answer(brotli.compress(bomb), Content_Encoding="br"), number=2)
        + record(answer(b"\x1f\x8b\x08damaged", Content_Encoding="gzip"), number=3)
        + record(answer(b"packed", Content_Encoding="zstd"), number=4)
    )
    with limited(Limits(page_mb=1)):
        whys = [item.why for item in read(path)[1] if isinstance(item, Failed)]
    assert [why.split()[-3:] for why in whys[:2]] == [["than", "1", "MB"]] * 2
    assert "damaged" in whys[2]
    assert "zstd" in whys[3]


def test_chunks_that_lie_lose_nothing():
    assert dechunked(b"5\r\nhello\r\n5\r\nwor") == b"hellowor"
    assert dechunked(b"5\r\nhello\r\nno size") == b"hellono size"
    assert dechunked(b"fffff\r\nhello") == b"fffff\r\nhello"


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("text/css", "style sheet"),
        ("application/javascript; x", "script"),
        ("video/mp4", "video"),
        ("<b>", "answer of no known kind"),
    ],
)
def test_kinds_have_names_that_can_be_counted(kind, name):
    assert kind_name(kind) == name


def arc(*pages: tuple[str, bytes]) -> bytes:
    head = b"1 0 Example\nURL IP-address Archive-date Content-type Archive-length\n"
    records = [b"filedesc://a.arc 0.0.0.0 20050101000000 text/plain %d\n%s" % (len(head), head)]
    for url, body in pages:
        records.append(b"%s 1.2.3.4 20050102030405 text/html %d\n%s\n" % (url.encode(), len(body), body))
    return b"\n".join(records)


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_arc_files_of_old(pack, tmp_path):
    path = tmp_path / "a.arc.gz"
    path.write_bytes(
        pack(arc((URL, answer(PAGE)), (URL, answer(b"", "302 Found")), (URL, answer(b"x", kind="image/png"))))
    )
    name, items = read(path)
    assert name == "arc"
    assert [item.why for item in items if isinstance(item, Passed)] == [
        "description of the file",
        "status 302",
        "picture",
    ]
    (capture,) = captures(path)
    assert (capture.data, capture.url, capture.captured) == (PAGE, URL, "2005-01-02T03:04:05+00:00")
    assert capture.charset == "utf-8"


def test_a_damaged_arc_goes_as_far_as_it_goes(tmp_path):
    path = tmp_path / "a.arc"
    whole = arc((URL, answer(PAGE)), (URL, answer(PAGE)))
    path.write_bytes(whole[:-100])
    assert [type(item).__name__ for item in read(path)[1]] == ["Passed", "Capture", "Failed"]
    path.write_bytes(whole + b"\njunk\n")
    assert isinstance(read(path)[1][-1], Failed)
    path.write_bytes(gzip.compress(whole)[:-300])
    assert isinstance(read(path)[1][-1], Failed)
