"""`build --out ADDRESS`: a site at any address of fsspec, of which only what changed is sent."""

from __future__ import annotations

import gzip
import json
import os

import pytest
from click.testing import CliRunner
from fsspec.implementations.memory import MemoryFileSystem

from backfile import cli
from backfile.mirroring import RECORD, build_at
from backfile.pipeline import BuildOptions
from backfile.report import Report, SiteError
from backfile.site import MARK
from tests.conftest import article, tree
from tests.test_publishing import bucket, keys

__all__ = ["bucket"]


@pytest.fixture
def site(make_site):
    """A site of two articles, not built yet."""
    return make_site(
        {
            "content/articles/2025/01/one.md": article("One", "Some words. " * 20, date="2025-01-01"),
            "content/articles/2025/02/two.md": article("Two", date="2025-02-02"),
        }
    )


@pytest.fixture
def memory():
    """The store behind `memory://`, emptied."""
    MemoryFileSystem.store.clear()
    MemoryFileSystem.pseudo_dirs[:] = [""]
    yield MemoryFileSystem.store
    MemoryFileSystem.store.clear()
    MemoryFileSystem.pseudo_dirs[:] = [""]


def sent(site, address, **options):
    report = Report()
    build_at(site, address, BuildOptions(**options), report)
    return report.counts["sent"], report.counts["removed there"]


def built(site):
    """The files that belong at the address."""
    return {name: data for name, data in tree(site.build).items() if name != MARK}


def held(store, top="/site/"):
    return {name.removeprefix(top): file.getvalue() for name, file in store.items() if not name.endswith(RECORD)}


def test_an_address_gets_what_changed_and_loses_what_was_ours(site, memory):
    assert sent(site, "memory://site") == (len(built(site)), 0)
    assert held(memory) == built(site)
    assert sent(site, "memory://site") == (0, 0)
    MemoryFileSystem().pipe_file("/site/own.txt", b"not ours")
    (site.articles / "2025/02/two.md").unlink()
    some, gone = sent(site, "memory://site/")
    assert 0 < some < len(built(site))
    assert gone
    assert held(memory) == {**built(site), "own.txt": b"not ours"}
    assert sent(site, "memory://site", force=True) == (len(built(site)), 0)


def test_bytes_decide_not_times(site, memory):
    sent(site, "memory://site")
    os.utime(site.build / "index.html")
    (site.cache / "sent.json").write_text("{")
    assert sent(site, "memory://site") == (0, 0)


def test_a_folder_named_as_an_address(site, tmp_path):
    assert sent(site, (tmp_path / "there").as_uri()) == (len(built(site)), 0)
    assert {name: data for name, data in tree(tmp_path / "there").items() if name != RECORD} == built(site)
    assert sent(site, (tmp_path / "there").as_uri()) == (0, 0)


def test_what_the_archive_is_made_of_is_no_address(site):
    (site.root / "content/pages").mkdir()
    with pytest.raises(SiteError, match="where the archive itself is kept"):
        sent(site, (site.root / "content/pages").as_uri())
    assert not list((site.root / "content/pages").iterdir())


def test_files_of_others_are_refused_before_anything_is_built(site, memory):
    MemoryFileSystem().pipe_file("/site/index.html", b"not ours")
    with pytest.raises(SiteError, match="did not send"):
        sent(site, "memory://site")
    assert not site.build.exists()
    assert held(memory) == {"index.html": b"not ours"}


def test_a_damaged_record_is_no_licence(site, memory):
    MemoryFileSystem().pipe_file(f"/site/{RECORD}", b"nothing")
    with pytest.raises(SiteError, match="damaged"):
        sent(site, "memory://site")


def test_a_run_that_is_ended_amid_sending_is_finished_by_the_next(site, memory, monkeypatch):
    put = MemoryFileSystem.put_file
    order = []

    def failing(self, path, there, **kwargs):
        order.append(there.removeprefix("/site/"))
        if len(order) == 9:
            raise OSError("the line is down")
        put(self, path, there, **kwargs)

    monkeypatch.setattr(MemoryFileSystem, "put_file", failing)
    with pytest.raises(SiteError, match="the line is down"):
        sent(site, "memory://site")
    assert not any(name.endswith("index.html") for name in order)
    monkeypatch.setattr(MemoryFileSystem, "put_file", put)
    before = set(held(memory))
    (site.articles / "2025/02/two.md").unlink()
    assert sent(site, "memory://site")[0] == len(built(site))
    assert before <= set(held(memory)) == set(built(site))


def test_what_is_gone_by_other_hands_is_no_error(site, memory):
    sent(site, "memory://site")
    (site.articles / "2025/02/two.md").unlink()
    del memory["/site/2025/02/two.html"]
    assert sent(site, "memory://site")[1] > 1
    assert held(memory) == built(site)


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
def test_a_bucket(site, bucket):
    bucket.put_object(Bucket="news", Key="other/own.txt", Body=b"not ours")
    assert sent(site, "s3://news/archive") == (len(built(site)), 0)
    assert keys(bucket) == {"other/own.txt", f"archive/{RECORD}"} | {f"archive/{name}" for name in built(site)}
    page = bucket.get_object(Bucket="news", Key="archive/2025/01/one.html")
    assert page["ContentType"] == "text/html; charset=utf-8"
    assert page["Body"].read() == built(site)["2025/01/one.html"]
    record = bucket.get_object(Bucket="news", Key=f"archive/{RECORD}")["Body"].read()
    assert json.loads(gzip.decompress(record)).keys() == built(site).keys()
    assert sent(site, "s3://news/archive") == (0, 0)
    (site.articles / "2025/02/two.md").unlink()
    assert sent(site, "s3://news/archive")[1]
    assert keys(bucket) == {"other/own.txt", f"archive/{RECORD}"} | {f"archive/{name}" for name in built(site)}
    with pytest.raises(SiteError, match="holds files"):
        sent(site, "s3://news/other")
    with pytest.raises(SiteError, match="no bucket of that name"):
        sent(site, "s3://nobody/archive")


def test_from_the_command_line(site, memory):
    command = ["build", "--site", str(site.root), "--jobs", "1", "--out"]
    said = CliRunner().invoke(cli.commands, [*command, "memory://site"]).output
    assert f"{len(built(site))} sent" in said
    assert said.endswith("memory://site\n")
    assert held(memory) == built(site)
    error = CliRunner().invoke(cli.commands, [*command, "nowhere://site"]).exception
    assert isinstance(error, SiteError)
    assert "nowhere" in str(error)
