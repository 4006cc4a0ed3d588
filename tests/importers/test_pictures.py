"""Pictures of saved pages: found where they are, kept once, shown by the site; what is absent is said quietly."""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import plistlib
import random
import re
import tarfile
import zipfile
from email.mime.image import MIMEImage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

import pytest
from PIL import Image

from backfile.pipeline import BuildOptions, build_site, reclean
from backfile.report import Report
from tests.conftest import article, tree
from tests.importers.helpers import SENTENCES, imported

URL = "https://news.example/2024/05/bridge.html"
PICTURE_URL = "https://news.example/img/harbour-bridge-may-large.jpg"


def picture(kind: str = "JPEG", size: tuple[int, int] = (700, 500), seed: int = 1, **options) -> bytes:
    """A picture in a format, different for each seed."""
    noise = Image.frombytes("L", (64, 64), hashlib.shake_128(bytes([seed])).digest(64 * 64))
    out = io.BytesIO()
    noise.resize(size).convert("RGB").save(out, kind, **options)
    return out.getvalue()


def page(figure: str, head: str = "") -> str:
    """A page with a figure between two of its paragraphs."""
    first, *rest = [f"<p>{text}</p>" for text in SENTENCES * 2]
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A bridge at last</title>{head}</head><body>'
        f"<article><h1>A bridge at last</h1>{first}{figure}{''.join(rest)}</article></body></html>"
    )


def figure(src: str, more: str = "") -> str:
    return f'<figure><img src="{src}" alt="The bridge" {more}><figcaption>The bridge in May</figcaption></figure>'


def mhtml(html: str, parts: dict[str, bytes]) -> bytes:
    whole = MIMEMultipart("related")
    whole["From"] = "<Saved by Blink>"
    whole["Snapshot-Content-Location"] = URL
    body = MIMEText(html, "html", "utf-8")
    body["Content-Location"] = URL
    whole.attach(body)
    for name, data in parts.items():
        part = MIMEImage(data, "jpeg")
        part["Content-ID" if name.startswith("cid:") else "Content-Location"] = name.replace("cid:", "<") + (
            ">" if name.startswith("cid:") else ""
        )
        whole.attach(part)
    return whole.as_bytes()


def webarchive(html: str, parts: dict[str, bytes]) -> bytes:
    main = {"WebResourceData": html.encode(), "WebResourceURL": URL, "WebResourceMIMEType": "text/html"}
    others = [{"WebResourceData": data, "WebResourceURL": name} for name, data in parts.items()]
    return plistlib.dumps({"WebMainResource": main, "WebSubresources": others}, fmt=plistlib.FMT_BINARY)


def record(url: str, kind: str, body: bytes) -> bytes:
    block = b"HTTP/1.1 200 OK\r\nContent-Type: " + kind.encode() + b"\r\n\r\n" + body
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:x:{hashlib.md5(body).hexdigest()}>\r\n"
        f"WARC-Date: 2024-05-05T10:00:00Z\r\nWARC-Target-URI: {url}\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return gzip.compress(head.encode() + block + b"\r\n\r\n")


def warc(html: str, parts: dict[str, bytes]) -> bytes:
    """The page first: its pictures come after it, as a crawler meets them."""
    records = [record(URL, "text/html; charset=utf-8", html.encode())]
    return b"".join([*records, *(record(name, "image/jpeg", data) for name, data in parts.items())])


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def wacz(html: str, parts: dict[str, bytes], method: int) -> bytes:
    first, second = warc(html, {}), b"".join(record(name, "image/jpeg", data) for name, data in parts.items())
    members = {"datapackage.json": b"{}", "archive/a.warc.gz": first, "archive/b.warc.gz": second}
    return zipped(members, method)


def tarred(members: dict[str, bytes], packing: str = "") -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=f"w:{packing}") as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def mailbox(html: str, parts: dict[str, bytes]) -> bytes:
    begin, date = b"From a@b Thu May  2 10:00:00 2024\n", b"Date: Thu, 2 May 2024 10:00:00 +0000\n"
    other = begin + b"From: a@b\nSubject: Hello\n" + date + b"\nHi.\n\n"
    letter = mhtml(html, parts).replace(b"Saved by Blink", b"a@b").replace(b"\r\n", b"\n")
    head = begin + b"Subject: A bridge at last\n" + date
    return other + head + letter + b"\n\n" + other


def notebook(html: str, data: bytes) -> bytes:
    name, resource = hashlib.md5(data, usedforsecurity=False).hexdigest(), base64.encodebytes(data).decode()
    body = html.partition("<body>")[2].partition("</body>")[0].replace("PICTURE", name)
    note = (
        f"<note><title>A bridge at last</title><content><![CDATA[<en-note>{body}</en-note>]]></content>"
        "<created>20240502T100000Z</created><note-attributes><source>web.clip7</source>"
        f"<source-url>{URL}</source-url></note-attributes><resource>"
        f'<data encoding="base64">{resource}</data><mime>image/jpeg</mime></resource></note>'
    )
    other = "<note><title>Other</title><content><![CDATA[<en-note>x</en-note>]]></content></note>"
    return f'<?xml version="1.0"?><en-export>{other}{note}{other}</en-export>'.encode()


PAGE_WITH_FILES = {"s/b.html": page(figure("b_files/p.jpg"), f"<!-- saved from url=(0040){URL} -->").encode()}
FILES = {"s/b_files/p.jpg": picture()}
ENML = '<figure><en-media type="image/jpeg" hash="PICTURE"/><figcaption>The bridge in May</figcaption></figure>'
SAVED = f"<!-- saved from url=(0040){URL} -->"
CONTAINERS = {
    "files": {
        "b.html": page(figure("b_files/pic.jpg", f'srcset="{PICTURE_URL} 900w"'), SAVED).encode(),
        "b_files/pic.jpg": picture(),
    },
    "mhtml": {"b.mhtml": mhtml(page(figure(PICTURE_URL)), {PICTURE_URL: picture()})},
    "mhtml cid": {"b.mhtml": mhtml(page(figure("cid:x@y", f'data-src="{PICTURE_URL}"')), {"cid:x@y": picture()})},
    "webarchive": {"b.webarchive": webarchive(page(figure(PICTURE_URL)), {PICTURE_URL: picture()})},
    "warc": {"b.warc.gz": warc(page(figure(PICTURE_URL)), {PICTURE_URL: picture()})},
    "warc, another size": {
        "b.warc.gz": warc(page(figure(PICTURE_URL)), {PICTURE_URL.replace("-large", "-480x320"): picture()})
    },
    "warc, http": {"b.warc.gz": warc(page(figure(PICTURE_URL)), {PICTURE_URL.replace("https", "http"): picture()})},
    "wacz": {"b.wacz": wacz(page(figure(PICTURE_URL)), {PICTURE_URL: picture()}, zipfile.ZIP_STORED)},
    "packed wacz": {"b.wacz": wacz(page(figure(PICTURE_URL)), {PICTURE_URL: picture()}, zipfile.ZIP_DEFLATED)},
    "zip": {"b.zip": zipped({"s/b.html": page(figure("b_files/p.jpg"), SAVED).encode(), "s/b_files/p.jpg": picture()})},
    "tar": {"b.tar": tarred({**PAGE_WITH_FILES, **FILES})},
    "tar, packed, pictures first": {"b.tar.gz": tarred({**FILES, **PAGE_WITH_FILES}, "gz")},
    "mailbox": {"b.mbox": mailbox(page(figure("cid:x@y")), {"cid:x@y": picture()})},
    "notebook": {"b.enex": notebook(page(ENML), picture())},
    "warc in zip": {"b.zip": zipped({"b.warc.gz": warc(page(figure(PICTURE_URL)), {PICTURE_URL: picture()})})},
    "data": {"b.html": page(figure("data:image/jpeg;base64," + base64.b64encode(picture()).decode()), SAVED).encode()},
    "lazy": {
        "b.mhtml": mhtml(
            page(figure("data:image/gif;base64,R0lGODlhAQABAAAAACw=", f'data-src="{PICTURE_URL}"')),
            {PICTURE_URL: picture()},
        )
    },
    "noscript": {
        "b.mhtml": mhtml(
            page(
                f'<figure><noscript><img src="{PICTURE_URL}" alt="The bridge"></noscript>'
                "<figcaption>The bridge in May</figcaption></figure>"
            ),
            {PICTURE_URL: picture()},
        )
    },
    "picture": {
        "b.mhtml": mhtml(
            page(
                '<figure><picture><source srcset="https://news.example/img/absent-bridge-wide.webp 1600w">'
                f'<img src="{PICTURE_URL}" alt="The bridge"></picture>'
                "<figcaption>The bridge in May</figcaption></figure>"
            ),
            {PICTURE_URL: picture()},
        )
    },
}


@pytest.mark.parametrize("name", CONTAINERS)
def test_a_picture_is_found_where_it_was_saved(name, make_site):
    site = make_site({f"content/saved/{path}": data for path, data in CONTAINERS[name].items()})
    result = imported(site)
    (only,) = result.only.figures
    assert re.fullmatch(r"media/[0-9a-f]{2}/[0-9a-f]{32}\.jpg", only.file)
    assert (site.root / "content" / only.file).read_bytes()[:3] == b"\xff\xd8\xff"
    assert only.caption == "The bridge in May"
    assert not only.url or only.url.startswith("https://news.example/img/")
    assert f"]({only.file} " in result.only.body


def test_one_picture_of_two_pages_is_kept_once_and_shown_in_three_widths(make_site):
    wide = picture(size=(2000, 1200))
    pages = {
        f"content/saved/{n}.html": page(figure(f"{n}_files/p.jpg"), f"<meta name=n content={n}>").encode()
        for n in (1, 2)
    }
    site = make_site({**pages, **{f"content/saved/{n}_files/p.jpg": wide for n in (1, 2)}})
    build_site(site, BuildOptions())
    assert len(tree(site.root / "content/media")) == 1
    built = tree(site.build)
    copies = sorted(name for name in built if name.startswith("media/"))
    assert [Image.open(io.BytesIO(built[name])).size for name in copies] == [(1600, 960), (480, 288), (960, 576)]
    html = built["undated/a-bridge-at-last.html"].decode()
    assert 'width="2000" height="1200"' in html
    assert 'loading="lazy"' in html
    shown = set(re.findall(r'(?:src|srcset)="([^"]+)"', "".join(re.findall("<img[^>]+>", html)))) - {""}
    named = {part.split()[0] for value in shown for part in value.split(", ")}
    assert {name.removeprefix("../") for name in named} == set(copies)


def test_an_absent_picture_keeps_its_words_and_loads_nothing(make_site):
    site = make_site({"content/saved/b.html": page(figure(PICTURE_URL) + figure("pics/other.jpg"), SAVED)})
    build_site(site, BuildOptions())
    html = (site.build / "undated/a-bridge-at-last.html").read_text()
    assert "<img" not in html
    assert html.count('<figure class="absent">') == 2
    assert "The bridge in May" in html


def test_what_is_too_small_to_be_a_picture_of_the_article_is_left_out(make_site):
    dot = base64.b64encode(picture("PNG", (1, 1))).decode() + "=" * 2000
    html = page(f'<p><img src="b_files/p.png" alt="a"></p><img src="data:image/png;base64,{dot}">')
    icon = picture("PNG", (64, 64))
    site = make_site({"content/saved/b.html": html, "content/saved/b_files/p.png": icon})
    only = imported(site).only
    assert only.figures == ()
    assert "![" not in only.body


def test_a_file_that_is_no_picture_is_passed_for_the_next_copy(make_site):
    both = figure(
        "b_files/bad-bridge-picture.jpg", 'srcset="b_files/bad-bridge-picture.jpg 900w, b_files/good.jpg 300w"'
    )
    files = {"b.html": page(both), "b_files/bad-bridge-picture.jpg": "<html>no", "b_files/good.jpg": picture()}
    site = make_site({f"content/saved/{name}": data for name, data in files.items()})
    assert imported(site).only.figures[0].file


@pytest.mark.parametrize("src", ["../b.txt", "/etc/passwd", "file:///etc/passwd", "b_files/link.jpg", "%2e%2e/b.txt"])
def test_no_picture_is_taken_from_elsewhere(src, make_site, tmp_path):
    (tmp_path / "secret.jpg").write_bytes(picture())
    site = make_site({"content/saved/b/b.html": page(figure(src)), "content/saved/b.txt": picture()})
    (site.saved / "b/b_files").mkdir()
    (site.saved / "b/b_files/link.jpg").symlink_to(tmp_path / "secret.jpg")
    assert not any(each.file for each in imported(site).only.figures)


def test_a_picture_of_the_users_own_is_shown_and_watched(make_site):
    own = article("Mine", "![Our bridge](media/Our%20bridge.PNG)\n\nText.")
    site = make_site({"content/articles/2025/01/mine.md": own})
    build_site(site, BuildOptions())
    page_file = site.build / "2025/01/mine.html"
    assert "<img" not in page_file.read_text()
    (site.root / "content/media").mkdir()
    (site.root / "content/media/Our bridge.PNG").write_bytes(picture("PNG"))
    build_site(site, BuildOptions())
    src = re.search(r'<img src="\.\./\.\./(media/own/[\w-]+\.webp)"', page_file.read_text())
    assert src
    assert (site.build / src[1]).exists()
    (site.root / "content/media/Our bridge.PNG").unlink()
    build_site(site, BuildOptions())
    assert "<img" not in page_file.read_text()
    assert not list(site.build.glob("media/**/*.webp"))
    once = tree(site.build)
    build_site(site, BuildOptions(force=True))
    assert tree(site.build) == once


@pytest.mark.parametrize(
    "markup",
    [
        '<img src="https://evil.example/x.png">',
        '<img srcset="https://evil.example/x.png 2x">',
        '<img src="media/a.webp" srcset="media/a.webp 1w, //evil.example/x.webp 2w">',
        '<img src="media/../../x.webp">',
        "![x](https://evil.example/x.png)",
        "![x](//evil.example/x.png)",
        "a ![x](pic.jpg) b",
    ],
)
def test_no_picture_of_an_article_is_ever_loaded_from_outside(markup, make_site):
    site = make_site({"content/articles/a.md": article("A", markup)})
    build_site(site, BuildOptions())
    images = re.findall("<img[^>]*>", (site.build / "articles/a.html").read_text())
    assert not any("evil" in image or ".." in image or "pic.jpg" in image for image in images)


@pytest.mark.parametrize("dry", [False, True])
def test_cleaning_again_finds_the_pictures_again(dry, make_site):
    site = make_site({f"content/saved/{path}": data for path, data in CONTAINERS["warc"].items()})
    imported(site)
    before = tree(site.root / "content")
    for path in site.root.glob("content/media/*/*"):
        path.unlink()
    reclean(site, (), BuildOptions(), report := Report(), dry=dry)
    assert report.counts["unchanged"] == 1
    after = tree(site.root / "content")
    assert after == ({name: data for name, data in before.items() if "media/" not in name} if dry else before)


def animation() -> bytes:
    out = io.BytesIO()
    frames = [Image.new("RGB", (200, 150), colour) for colour in ("red", "blue")]
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:], duration=100)
    return out.getvalue()


DRAWING = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 200"><script>alert(1)</script><rect width="9"/></svg>'
)


AS_THEY_ARE = [("a.gif", animation(), ".gif"), ("a.svg", DRAWING, ".svg"), ("Own a.svg", DRAWING, ".svg")]


@pytest.mark.parametrize(("name", "data", "ending"), AS_THEY_ARE)
def test_drawings_and_animations_are_shown_as_they_are(name, data, ending, make_site):
    site = make_site({"content/saved/b.html": page(figure(f"b_files/{name}")), f"content/saved/b_files/{name}": data})
    build_site(site, BuildOptions())
    (copy,) = [each for each in tree(site.build) if each.startswith("media/")]
    assert copy.endswith(ending)
    assert b"script" not in (site.build / copy).read_bytes()
    html = (site.build / "undated/a-bridge-at-last.html").read_text()
    assert f'src="../{copy}"' in html
    assert "srcset" not in html


def test_what_shows_through_a_picture_still_does(make_site):
    out = io.BytesIO()
    Image.new("RGBA", (300, 200), (255, 0, 0, 60)).save(out, "PNG")
    site = make_site(
        {"content/saved/b.html": page(figure("b_files/a.png")), "content/saved/b_files/a.png": out.getvalue()}
    )
    build_site(site, BuildOptions())
    (copy,) = site.build.glob("media/*/*.webp")
    assert Image.open(io.BytesIO(copy.read_bytes())).mode == "RGBA"


def test_a_web_archive_damaged_after_its_picture_still_gives_it(make_site):
    whole = warc(page(figure(PICTURE_URL)), {PICTURE_URL: picture(), "https://news.example/x.jpg": picture(seed=3)})
    site = make_site({"content/saved/b.warc.gz": whole[:-200]})
    assert imported(site).only.figures[0].file


@pytest.mark.parametrize(
    "data", [picture("PNG")[:40], picture("JPEG")[:60], b"plain text", picture("TIFF"), b"<svg><script/></svg"]
)
def test_a_picture_that_is_there_and_cannot_be_kept_is_said(make_site, data):
    files = {"content/saved/a.html": page(figure("a_files/b.png")), "content/saved/a_files/b.png": data}
    found = imported(make_site(files))
    (told,) = [notice for notice in found.report.notices if notice.level == "warning"]
    assert "a_files/b.png is not kept" in told.what
    assert not found.only.figures[0].file


def test_many_pictures_that_cannot_be_kept_are_counted(make_site):
    figures = "".join(figure(f"a_files/{n}.png").replace("in May", f"in {n}") for n in range(9))
    names = {f"content/saved/a_files/{n}.png": b"no picture" for n in range(9)}
    told = [each.what for each in imported(make_site({"content/saved/a.html": page(figures), **names})).report.notices]
    assert len(told) == 4
    assert told[-1] == "6 more pictures are not kept"


@pytest.mark.parametrize(
    ("bound", "what"),
    [
        ("pictures_mb = 1", "all pictures of the page are larger than 1 MB"),
        ("megapixels = 1", "more than 1,000,000 pixels"),
        ("picture_mb = 1", ""),
    ],
)
def test_pictures_beyond_a_bound_are_not_kept(make_site, bound, what):
    noise = Image.frombytes("RGB", (1100, 1000), random.Random(1).randbytes(3_300_000))
    out = io.BytesIO()
    noise.save(out, "PNG")
    files = {"content/saved/a.html": page(figure("a_files/b.png")), "content/saved/a_files/b.png": out.getvalue()}
    site = make_site(files, config=f"[limits]\n{bound}\n")
    found = imported(site)
    assert [what in notice.what for notice in found.report.notices] == [True] * bool(what)
    assert not tree(site.root / "content/media")


def test_a_picture_that_is_damaged_later_costs_only_itself(make_site):
    files = {"content/saved/a.html": page(figure("a_files/b.jpg")), "content/saved/a_files/b.jpg": picture()}
    site = make_site(files)
    build_site(site, BuildOptions(jobs=0))
    whole = tree(site.build)
    (path,) = (site.root / "content/media").rglob("*.jpg")
    path.write_bytes(path.read_bytes()[:20_000])
    build_site(site, BuildOptions(jobs=0))
    assert tree(site.build).keys() == whole.keys()


def test_damaged_copies_of_pictures_are_made_anew(make_site):
    files = {"content/saved/a.html": page(figure("a_files/b.jpg")), "content/saved/a_files/b.jpg": picture()}
    site = make_site(files)
    build_site(site, BuildOptions(jobs=0))
    whole = tree(site.build)
    for copy in (site.cache / "media").rglob("*.webp"):
        copy.write_bytes(b"garbled")
    build_site(site, BuildOptions(jobs=0, force=True))
    assert tree(site.build) == whole
