"""Large collections → data: parts, accounts, runs that go on, addresses, slices, clusters."""

from __future__ import annotations

import gzip
import io
import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
from distributed import Client, LocalCluster

from backfile.config import load_site
from backfile.extracting import ACCOUNTS, ExtractOptions, extract
from backfile.extracting.tasks import Slice, opened, tasks_of
from backfile.pipeline import BuildOptions, build_site
from backfile.report import Report, SiteError
from backfile.stores import files_at, read_file
from backfile.workers import executor
from tests.conftest import article, tree, write_files
from tests.importers.helpers import story
from tests.test_publishing import forget_stores

PAGES = 12


def record(url: str, kind: str, body: bytes) -> bytes:
    """One answer as a WARC record."""
    answer = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2024-05-06T07:08:09Z\r\n"
        f"WARC-Record-ID: <urn:test:{url}>\r\nContent-Type: application/http; msgtype=response\r\n"
        f"Content-Length: {len(answer)}\r\n\r\n"
    )
    return head.encode() + answer + b"\r\n\r\n"


def warc(pages: int = PAGES, compressed: bool = True) -> bytes:
    """A WARC file with pages, a picture and a wall."""
    found = [(f"https://news.example/{n}", "text/html", story(f"Bridge {n}", n).encode()) for n in range(pages)]
    found += [("https://news.example/p.png", "image/png", b"\x89PNG"), ("https://news.example/w", "text/html", b"<p>x")]
    return b"".join(gzip.compress(record(*each), mtime=0) if compressed else record(*each) for each in found)


def extracted(sources, out, pool=None, **options):
    report = Report()
    extract([str(s) for s in sources], ExtractOptions(out=str(out), **options), report, pool, lambda *_: None)
    return report


def rows(out):
    lines = [line for path in sorted(Path(out).glob("*.jsonl")) for line in path.read_text("utf-8").splitlines()]
    return [json.loads(line) for line in lines]


@pytest.fixture
def collection(tmp_path):
    write_files(tmp_path, {"in/made.warc.gz": warc(), "in/deep/page.html": story("Alone", 99), "in/.hidden": "x"})
    return tmp_path / "in"


def test_every_record_is_in_the_account(collection, tmp_path):
    report = extracted([collection], tmp_path / "out")
    assert report.counts["extracted"] == PAGES + 1
    records = PAGES + 2 + 1
    assert report.counts.total() == records
    assert sorted(row["title"] for row in rows(tmp_path / "out"))[:2] == ["Alone", "Bridge 0"]
    row = next(row for row in rows(tmp_path / "out") if row["title"] == "Bridge 3")
    assert row["url"] == "https://news.example/3"
    assert row["source"].endswith("made.warc.gz")
    assert row["member"]
    assert "four million euros" in row["text"]


def test_a_second_run_makes_nothing_again_and_counts_the_same(collection, tmp_path):
    first = extracted([collection], tmp_path / "out")
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*") if path.is_file()}
    again = extracted([collection], tmp_path / "out")
    assert again.counts == first.counts
    assert {path: path.stat().st_mtime_ns for path in before} == before
    next((tmp_path / "out" / ACCOUNTS).iterdir()).unlink()
    assert extracted([collection], tmp_path / "out").counts == first.counts


@pytest.mark.parametrize("size", [300, 1500, 10**9])
def test_slices_hold_every_record_once(collection, tmp_path, size):
    whole = extracted([collection], tmp_path / "whole")
    report = extracted([collection], tmp_path / "out", size=size)
    assert report.counts == whole.counts
    assert sorted(row["id"] for row in rows(tmp_path / "out")) == sorted(row["id"] for row in rows(tmp_path / "whole"))
    tasks = list(tasks_of([str(collection / "made.warc.gz")], size))
    assert b"".join(opened(task).read() for task in tasks) == (collection / "made.warc.gz").read_bytes()
    assert len(tasks) > 1 or size == 10**9


def test_what_is_not_compressed_by_record_is_one_task(tmp_path):
    write_files(tmp_path, {"plain.warc": warc(compressed=False), "whole.warc.gz": gzip.compress(warc(3, False))})
    assert len(list(tasks_of([str(tmp_path / "plain.warc")], 500))) == 1
    assert len(list(tasks_of([str(tmp_path / "whole.warc.gz")], 500))) == 1


def test_a_slice_is_a_file():
    part = Slice(io.BytesIO(b"0123456789"), 2, 7)
    assert part.readable()
    assert part.seekable()
    assert part.read() == b"23456"
    assert part.seek(-2, io.SEEK_END) == 3
    assert part.read(9) == b"56"
    assert part.seek(-1, io.SEEK_CUR) == part.tell() == 4
    part.close()
    part.close()


def test_parquet_has_the_columns_that_are_promised(collection, tmp_path):
    import pyarrow.parquet as pq

    extracted([collection], tmp_path / "out", format="parquet")
    extracted([collection], tmp_path / "json")
    paths = sorted((tmp_path / "out").glob("*.parquet"))
    table = [row for path in paths for row in pq.read_table(path).to_pylist()]
    assert sorted(table, key=lambda row: row["id"]) == sorted(rows(tmp_path / "json"), key=lambda row: row["id"])
    assert list(table[0]) == list(rows(tmp_path / "json")[0])
    again = {path.name: path.read_bytes() for path in paths}
    extracted([collection], tmp_path / "again", format="parquet")
    assert {path.name: path.read_bytes() for path in (tmp_path / "again").glob("*.parquet")} == again


def test_markdown_parts_hold_the_files_of_an_archive(collection, tmp_path):
    write_files(collection, {"made.warc.gz": warc() + warc()})
    report = extracted([collection], tmp_path / "out", format="markdown")
    assert report.counts["extracted"] == 2 * PAGES + 1
    names = [name for path in (tmp_path / "out").glob("*.zip") for name in zipfile.ZipFile(path).namelist()]
    assert len(names) == PAGES + 1
    assert all(name.endswith(".md") for name in names)


def test_a_file_that_cannot_be_read_is_told_and_tried_again(collection, tmp_path):
    write_files(collection, {"odd.bin": b"\x00\x01\x02" * 100})
    report = extracted([collection], tmp_path / "out")
    assert report.errors == 1
    assert "odd.bin" in report.notices[0].where
    assert report.counts["extracted"] == PAGES + 1
    (collection / "odd.bin").write_text(story("Mended", 7))
    assert extracted([collection], tmp_path / "out").counts["extracted"] == PAGES + 2


def test_addresses_of_stores_work_like_folders(collection, tmp_path):
    from fsspec.implementations.memory import MemoryFileSystem

    memory = MemoryFileSystem()
    memory.pipe_file("/in/made.warc.gz", warc())
    try:
        report = extracted(["memory://in"], "memory://out", size=1500)
        assert report.counts["extracted"] == PAGES
        assert extracted(["memory://in"], "memory://out", size=1500).counts == report.counts
        parts = [name for name in files_at("memory://out") if name.endswith(".jsonl")]
        assert len(parts) > 1
        assert sum(read_file(part).count(b"\n") for part in parts) == PAGES
        local = extracted([collection.as_uri()], (tmp_path / "out").as_uri())
        assert local.counts["extracted"] == PAGES + 1
    finally:
        memory.rm("/", recursive=True)
    with pytest.raises(SiteError, match="nosuch"):
        files_at("nosuch://x/y")


def test_the_command_tells_what_became_of_records(collection, tmp_path):
    command = [sys.executable, "-m", "backfile", "extract", str(collection), "-o", str(tmp_path / "out"), "--jobs", "2"]
    done = subprocess.run(command, capture_output=True, timeout=120, check=False)
    assert done.stdout.decode() == f"{PAGES + 1} extracted, 2 not an article\n", done.stderr
    assert done.returncode == 0


@pytest.fixture(scope="module")
def cluster():
    with LocalCluster(
        n_workers=3, threads_per_worker=1, dashboard_address=None, protocol="tcp", processes=True
    ) as found:
        yield found


@pytest.mark.filterwarnings("default")
def test_a_cluster_gives_the_same_bytes_and_survives_a_lost_worker(cluster, collection, tmp_path, make_site):
    alone = extracted([collection], tmp_path / "alone", size=1500)
    with Client(cluster) as client, executor(1, cluster.scheduler_address) as pool:
        workers = client.scheduler_info()["workers"].values()
        pids = list(client.run(os.getpid).values())
        assert len(pids) == len(list(workers)) == 3
        pool.executor.submit(time.sleep, 3)
        os.kill(pids[0], signal.SIGKILL)
        report = extracted([collection], tmp_path / "out", pool, size=1500)
    assert report.counts == alone.counts
    assert {n: d for n, d in tree(tmp_path / "out").items() if ACCOUNTS not in n} == {
        n: d for n, d in tree(tmp_path / "alone").items() if ACCOUNTS not in n
    }
    site = make_site(
        {
            "content/saved/page.html": story(),
            **{f"content/articles/2025/02/a{n}.md": article(f"A{n}", date="2025-02-01") for n in range(130)},
        }
    )
    build_site(site, BuildOptions(cluster=cluster.scheduler_address))
    one = tree(site.build)
    build_site(load_site(site.root), BuildOptions(force=True))
    assert tree(site.build) == one


def test_a_cluster_that_is_not_there_is_one_clear_line(monkeypatch):
    monkeypatch.setattr("backfile.workers._PATIENCE", 0.2)
    with pytest.raises(SiteError, match="no Dask scheduler answers"), executor(1, "tcp://127.0.0.1:9"):
        pass


@pytest.mark.filterwarnings("default")
def test_a_store_of_objects_works_like_a_folder(monkeypatch):
    import boto3
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        keys = {"AWS_ACCESS_KEY_ID": "any", "AWS_SECRET_ACCESS_KEY": "any", "AWS_DEFAULT_REGION": "us-east-1"}
        for name, value in {**keys, "AWS_ENDPOINT_URL": f"http://{host}:{port}"}.items():
            monkeypatch.setenv(name, value)
        client = boto3.client("s3")
        client.create_bucket(Bucket="shelf")
        client.put_object(Bucket="shelf", Key="in/made.warc.gz", Body=warc())
        report = extracted(["s3://shelf/in"], "s3://shelf/out", size=1500)
        assert report.counts["extracted"] == PAGES
        assert extracted(["s3://shelf/in"], "s3://shelf/out", size=1500).counts == report.counts
        parts = [name for name in files_at("s3://shelf/out") if name.endswith(".jsonl")]
        assert sum(read_file(part).count(b"\n") for part in parts) == PAGES
    finally:
        server.stop()
        forget_stores()
