"""Bringing files in: copied or linked, said once, counted in words that fit."""

from __future__ import annotations

import errno
import gzip
import io
import os
import time
import zipfile

import pytest
import zstandard

from backfile.importers import file_source
from backfile.importers.answers import unpacked
from backfile.importers.base import Source
from backfile.importers.reading import Reading
from backfile.limits import limits
from backfile.pipeline import BuildOptions, import_only
from backfile.report import ReadError, Report
from backfile.terminal import print_counts, progress_bar
from tests.conftest import tree
from tests.importers.helpers import imported, read, story
from tests.importers.test_pictures import figure, page, picture, record


def add(site, *paths, **options) -> Report:
    report = Report()
    import_only(site, BuildOptions(**options), report, paths)
    return report


def test_a_file_is_linked_when_asked_and_copied_otherwise(make_site, tmp_path):
    page, other = tmp_path / "page.html", tmp_path / "other.html"
    page.write_text(story())
    other.write_text(story("Another bridge", 1))
    site = make_site()
    assert add(site, page, link=True).counts["linked"] == 1
    assert add(site, other).counts["copied"] == 1
    assert (site.saved / "page.html").samefile(page)
    assert not (site.saved / "other.html").samefile(other)
    assert add(site, page, other, link=True).counts["already there"] == 2


def test_a_file_is_copied_where_the_file_system_cannot_link(make_site, tmp_path, monkeypatch):
    page = tmp_path / "page.html"
    page.write_text(story())
    real = os.link

    def across(source, target, **how):
        if str(source) == str(page):
            raise OSError(18, "Invalid cross-device link")
        return real(source, target, **how)

    monkeypatch.setattr("os.link", across)
    site = make_site()
    assert add(site, page, link=True).counts["copied"] == 1
    assert (site.saved / "page.html").read_bytes() == page.read_bytes()


def test_two_files_of_one_name_are_both_kept(make_site, tmp_path):
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "page.html").write_text(story(folder))
    site = make_site()
    report = add(site, tmp_path / "a/page.html", tmp_path / "b/page.html")
    assert report.counts["copied"] == 2
    assert len(list(site.saved.iterdir())) == 2


def test_what_was_said_of_a_file_is_not_said_again_when_others_are_added(make_site, tmp_path):
    site = make_site({"content/saved/menu.html": "<html><body><ul><li><a href=/>Home</a></ul></body></html>"})
    time.sleep(0.1)  # a file that is younger may change unseen, and is read again
    assert [n.where for n in add(site).notices] == ["content/saved/menu.html"]
    page = tmp_path / "page.html"
    page.write_text(story())
    report = add(site, page)
    assert report.counts["added"] == 1
    assert report.notices == []


def test_one_is_not_many(capsys):
    report = Report()
    report.count("articles")
    report.count("added")
    print_counts(report, ("added", "articles"))
    assert capsys.readouterr().out == "1 added, 1 article\n"


def test_saved_files_are_counted_in_bytes_on_the_way(monkeypatch, capsys, make_site):
    seen: list[tuple[str, int, int]] = []
    site = make_site({"content/saved/a.html": story(), "content/saved/b.html": story("Another bridge", 1)})
    imported(site, progress=lambda *step: seen.append(step))
    sizes = [(site.saved / name).stat().st_size for name in ("a.html", "b.html")]
    assert seen[-1] == ("Cleaning", sum(sizes), sum(sizes))
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    with progress_bar(quiet=False) as progress:
        progress("Cleaning", 1_000_000, 2_000_000)
        progress("Writing", 1, 2)
    shown = capsys.readouterr().err
    assert "1.0/2.0 MB" in shown
    assert "1/2" in shown


def test_the_way_through_a_file_grows_and_later_looks_do_not_count(tmp_path):
    path = tmp_path / "a.bin"
    path.write_bytes(b"x" * 1000)
    reading = Reading(file_source(path, "a"))
    with reading.source.open() as file:
        file.read(400)
        assert reading.position() == 400
        with reading.source.open() as other:
            other.read()
            assert reading.position() == 400
    assert reading.position() == 0


class Failing(io.BytesIO):
    """A disk that fails at these reads."""

    def __init__(self, data: bytes, *failing: int) -> None:
        super().__init__(data)
        self.left, self.failing = 0, failing

    def read(self, size: int | None = -1, /) -> bytes:
        self.left += 1
        if self.left in self.failing:
            raise OSError(errno.EIO, "Input/output error")
        return super().read(size)


def test_a_disk_that_fails_once_is_asked_again():
    reading = Reading(Source(name="a", origin="a", open=lambda: Failing(b"x" * 100_000, 1, 3)))
    with reading.source.open() as file:
        assert file.read() == b"x" * 100_000
    assert reading.trouble is None


def test_what_a_reader_of_containers_takes_for_damage_is_told_from_it():
    """Python's own calls a ZIP whose directory cannot be read no ZIP."""
    reading = Reading(Source(name="a.zip", origin="a.zip", open=lambda: Failing(b"PK\x03\x04" + b"x" * 99, 1, 2)))
    with reading.source.open() as file, pytest.raises(zipfile.BadZipFile):
        zipfile.ZipFile(file)
    assert reading.trouble is not None
    assert reading.trouble.errno == errno.EIO


def test_bodies_packed_with_zstandard_are_read_within_bounds():
    assert unpacked(zstandard.compress(b"<p>hi"), "", "zstd") == b"<p>hi"
    with pytest.raises(ReadError, match="larger"):
        unpacked(zstandard.compress(b" " * (limits().page + 1)), "", "zstd")
    with pytest.raises(ReadError, match="damaged"):
        unpacked(b"junk", "", "zstd")


def revisit(uri: str, earlier: str) -> bytes:
    head = (
        f"WARC/1.0\r\nWARC-Type: revisit\r\nWARC-Record-ID: <urn:x:again>\r\nWARC-Date: 2024-06-05T10:00:00Z\r\n"
        f"WARC-Target-URI: {uri}\r\nWARC-Refers-To-Target-URI: {earlier}\r\n"
        "WARC-Profile: http://netpreserve.org/warc/1.0/revisit/identical-payload-digest\r\n"
        "Content-Type: application/http; msgtype=response\r\nContent-Length: 19\r\n\r\nHTTP/1.1 200 OK\r\n\r\n\r\n\r\n"
    )
    return head.encode()


@pytest.mark.parametrize(
    ("uri", "earlier", "found"),
    [
        (
            "https://other.example/copy",
            "https://news.example/a",
            ["https://news.example/a", "https://other.example/copy"],
        ),
        ("http://www.news.example/a", "https://news.example/a", ["https://news.example/a"]),
        ("https://other.example/copy", "https://news.example/absent", ["https://news.example/a"]),
    ],
)
def test_a_later_visit_gives_the_page_it_refers_to_under_another_address_only(uri, earlier, found, tmp_path):
    path = tmp_path / "a.warc.gz"
    first = gzip.decompress(record("https://news.example/a", "text/html", story().encode()))
    path.write_bytes(first + revisit(uri, earlier))
    items = read(path)[1]
    pages = [item for item in items if hasattr(item, "url")]
    assert [page.url for page in pages] == found
    assert len({page.data for page in pages}) == 1
    assert len(items) == 2


def saved_page(folder, picture: bytes):
    """A "complete" page: the file, and the folder of its pictures beside it."""
    (folder / "page_files").mkdir(parents=True)
    (folder / "page_files/a.jpg").write_bytes(picture)
    (folder / "page.html").write_text(page(figure("page_files/a.jpg")))
    return folder / "page.html"


def test_a_page_comes_with_the_folder_beside_it(make_site, tmp_path):
    site = make_site()
    one = saved_page(tmp_path / "one", picture(seed=1))
    assert add(site, one).counts["copied"] == 2
    assert (site.saved / "page_files/a.jpg").is_file()
    assert len(tree(site.root / "content/media")) == 1
    assert add(site, one).counts["already there"] == 2


def test_pages_of_one_name_do_not_take_each_others_pictures(make_site, tmp_path):
    site = make_site()
    one, other = saved_page(tmp_path / "one", picture(seed=1)), saved_page(tmp_path / "other", picture(seed=2))
    other.write_text(page(figure("page_files/a.jpg")).replace("at last", "at first"))
    assert add(site, one, other).counts["copied"] == 4
    apart = next(path.parent for path in site.saved.rglob("page.html") if path.parent != site.saved)
    assert (apart / "page_files/a.jpg").read_bytes() == picture(seed=2)
    assert len(tree(site.root / "content/media")) == 2
    assert add(site, one, other).counts["already there"] == 4
