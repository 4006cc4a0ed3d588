"""Publishing against the real tools: rsync to a folder, a daemon and a shell; a bucket of a stand-in for S3; git."""

from __future__ import annotations

import gzip
import os
import shutil
import socket
import subprocess
import time
from pathlib import Path

import brotli
import pytest

from backfile import cli
from backfile.pipeline import build_site
from backfile.publishing import PublishOptions, publish
from backfile.report import Report, SiteError
from tests.conftest import article, tree, write_files

needs_rsync = pytest.mark.skipif(not shutil.which("rsync"), reason="rsync is not installed")


@pytest.fixture
def site(make_site):
    """A built site of two articles."""
    made = make_site(
        {
            "content/articles/2025/01/one.md": article("One", "Some words. " * 200, date="2025-01-01"),
            "content/articles/2025/02/two.md": article("Two", date="2025-02-02"),
        }
    )
    build_site(made)
    return made


def sent(site, target, **options):
    report = Report()
    publish(site, target, PublishOptions(**options), report)
    return report.counts["sent"], report.counts["removed there"]


def change(site):
    """One article goes, which leaves a stale page where nothing is removed."""
    (site.articles / "2025/02/two.md").unlink()
    build_site(site)


@needs_rsync
def test_a_folder_gets_what_changed_and_keeps_what_is_not_ours(site, tmp_path):
    there = tmp_path / "there"
    target = there.as_uri()
    assert sent(site, target, dry=True)[0] == len(tree(site.build))
    assert not there.exists()
    assert sent(site, target)[0] == len(tree(site.build))
    assert tree(there) == tree(site.build)
    os.utime(site.build / "index.html")
    assert sent(site, target) == (0, 0)
    change(site)
    write_files(there, {"own.txt": "not ours"})
    some, none = sent(site, target)
    assert 0 < some < len(tree(site.build))
    assert none == 0
    assert (there / "2025/02/two.html").exists()
    assert sent(site, target, delete=True)[0] == 0
    assert tree(there) == tree(site.build)


@needs_rsync
def test_nothing_is_removed_from_a_place_that_nothing_was_published_at(site, tmp_path):
    theirs = {"letters/one.txt": "mine", "index.html": "also mine"}
    write_files(tmp_path / "Documents", theirs)
    target = (tmp_path / "Documents").as_uri()
    for dry in (True, False):
        with pytest.raises(SiteError, match="--delete would remove them"):
            sent(site, target, delete=True, dry=dry)
    assert tree(tmp_path / "Documents") == {name: text.encode() for name, text in theirs.items()}
    (tmp_path / "empty").mkdir()
    assert sent(site, (tmp_path / "empty").as_uri(), delete=True)[0] == len(tree(site.build))


@needs_rsync
@pytest.mark.parametrize("place", [".", "..", "content", "content/articles", "templates", ".backfile/compressed"])
def test_the_archive_itself_is_no_place_to_publish_at(site, place):
    before = tree(site.root)
    with pytest.raises(SiteError, match="Name a folder of its own"):
        sent(site, (site.root / place).resolve().as_uri(), delete=True)
    assert tree(site.root) == before


@needs_rsync
def test_compressed_files_go_along(site, tmp_path):
    there = tmp_path / "there"
    assert sent(site, there.as_uri(), compress=True, delete=True)[0] > len(tree(site.build))
    page = (site.build / "2025/01/one.html").read_bytes()
    assert gzip.decompress((there / "2025/01/one.html.gz").read_bytes()) == page
    assert brotli.decompress((there / "2025/01/one.html.br").read_bytes()) == page
    before = tree(there)
    shutil.rmtree(site.cache / "compressed")
    assert sent(site, there.as_uri(), compress=True, delete=True) == (0, 0)
    assert tree(there) == before
    change(site)
    sent(site, there.as_uri(), compress=True, delete=True)
    assert not (there / "2025/02/two.html.gz").exists()


@needs_rsync
def test_a_daemon(site, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    (tmp_path / "module").mkdir()
    who = f"uid = {os.getuid()}\ngid = {os.getgid()}\n"
    settings = f"use chroot = no\n{who}[www]\npath = {tmp_path / 'module'}\nread only = no\n"
    write_files(tmp_path, {"rsyncd.conf": settings})
    command = ["rsync", "--daemon", "--no-detach", f"--config={tmp_path / 'rsyncd.conf'}"]
    server = subprocess.Popen([*command, f"--port={port}", "--address=127.0.0.1"])
    try:
        wait_for(port)
        target = f"rsync://127.0.0.1:{port}/www/archive"
        assert sent(site, target)[0] == len(tree(site.build))
        assert tree(tmp_path / "module/archive") == tree(site.build)
        assert sent(site, target) == (0, 0)
    finally:
        server.terminate()
        server.wait(20)


def wait_for(port):
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    pytest.fail("nothing answers")


@needs_rsync
def test_a_shell(site, tmp_path, monkeypatch):
    """A stand-in for ssh that does here what it is told to do there."""
    told = tmp_path / "told"
    write_files(
        tmp_path, {"bin/ssh": f'#!/bin/sh\necho "$@" > {told}\nwhile [ "$1" != rsync ]; do shift; done\nexec "$@"\n'}
    )
    (tmp_path / "bin/ssh").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    there = tmp_path / "a folder"
    assert sent(site, f"ssh://me@host:2222{there.as_posix().replace(' ', '%20')}")[0] == len(tree(site.build))
    assert tree(there) == tree(site.build)
    assert "-p 2222" in told.read_text()
    assert "host" in told.read_text()


def forget_stores():
    """A store that was opened keeps the address it had then, which another server does not have."""
    pytest.importorskip("s3fs").S3FileSystem.clear_instance_cache()


@pytest.fixture
def bucket(monkeypatch):
    """A server that speaks like S3, with one bucket."""
    boto3 = pytest.importorskip("boto3")
    moto = pytest.importorskip("moto.server")
    moto_backends = pytest.importorskip("moto.backends")
    server = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
    client = boto3.client("s3", endpoint_url=f"http://{host}:{port}")
    client.create_bucket(Bucket="news")
    yield client
    moto_backends.get_backend("s3").reset()
    server.stop()
    forget_stores()


def keys(bucket):
    return {item["Key"] for item in bucket.list_objects_v2(Bucket="news").get("Contents", ())}


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
def test_a_bucket_gets_what_changed(site, bucket):
    bucket.put_object(Bucket="news", Key="other/own.txt", Body=b"not ours")
    assert sent(site, "s3://news/archive", dry=True)[0] == len(tree(site.build))
    assert keys(bucket) == {"other/own.txt"}
    assert sent(site, "s3://news/archive", compress=True)[0] > len(tree(site.build))
    page = bucket.get_object(Bucket="news", Key="archive/2025/01/one.html")
    assert page["ContentType"] == "text/html; charset=utf-8"
    assert page["Body"].read() == (site.build / "2025/01/one.html").read_bytes()
    small = bucket.get_object(Bucket="news", Key="archive/2025/01/one.html.gz")
    assert (small["ContentType"], small["ContentEncoding"]) == ("text/html; charset=utf-8", "gzip")
    assert sent(site, "s3://news/archive", compress=True) == (0, 0)
    change(site)
    some, none = sent(site, "s3://news/archive")
    assert 0 < some < len(tree(site.build))
    assert none == 0
    assert "archive/2025/02/two.html" in keys(bucket)
    assert sent(site, "s3://news/archive", delete=True)[0] == 0
    assert keys(bucket) == {f"archive/{name}" for name in tree(site.build)} | {"other/own.txt"}
    with pytest.raises(SiteError, match="--delete would remove them"):
        sent(site, "s3://news/other", delete=True)
    assert "other/own.txt" in keys(bucket)


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
def test_a_bucket_that_is_not_there_is_one_clear_line(site, bucket):
    with pytest.raises(SiteError, match="Look at the bucket's name"):
        sent(site, "s3://nobody/archive")
    with pytest.raises(SiteError, match="needs a bucket"):
        sent(site, "s3://")


def git(folder: Path, *arguments: str) -> str:
    command = ["git", "-C", str(folder), "-c", "user.name=T", "-c", "user.email=t@example.org", *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout.strip()


@pytest.fixture
def remote(site, tmp_path, monkeypatch):
    """A bare repository, to which the site's is a clone."""
    for name in ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"):
        monkeypatch.setenv(name, os.devnull)
    bare = tmp_path / "remote.git"
    git(tmp_path, "init", "--quiet", "--bare", str(bare))
    git(site.root, "init", "--quiet")
    git(site.root, "remote", "add", "origin", str(bare))
    write_files(site.root, {".gitignore": "/build/\n/.backfile/\n"})
    git(site.root, "add", "backfile.toml")
    return bare


def test_a_branch_holds_the_site_and_nothing_else_is_touched(site, remote, tmp_path):
    before = git(site.root, "status", "--porcelain")
    assert sent(site, "gh-pages", dry=True)[0] == len(tree(site.build)) + 1
    assert git(remote, "branch", "--list") == ""
    assert sent(site, "gh-pages")[0] == len(tree(site.build)) + 1
    git(tmp_path, "clone", "--quiet", "--branch=gh-pages", str(remote), "shown")
    shown = tree(tmp_path / "shown")
    files = {name: data for name, data in shown.items() if not name.startswith(".git/")}
    assert files == {**tree(site.build), ".nojekyll": b""}
    assert git(site.root, "status", "--porcelain") == before
    assert sent(site, "gh-pages") == (0, 0)
    assert git(remote, "rev-list", "--count", "gh-pages") == "1"


def test_a_branch_grows_and_keeps_its_domain(site, remote, tmp_path):
    sent(site, "gh-pages")
    git(tmp_path, "clone", "--quiet", "--branch=gh-pages", str(remote), "shown")
    write_files(tmp_path, {"shown/CNAME": "news.example.org\n"})
    git(tmp_path / "shown", "add", "CNAME")
    git(tmp_path / "shown", "commit", "--quiet", "-m", "Choose a domain")
    git(tmp_path / "shown", "push", "--quiet")
    change(site)
    some, gone = sent(site, "gh-pages")
    assert some > 0
    assert gone > 0
    assert git(remote, "show", "gh-pages:CNAME") == "news.example.org"
    assert git(remote, "rev-list", "--count", "gh-pages") == "3"
    assert "2025/02/two.html" not in git(remote, "ls-tree", "-r", "--name-only", "gh-pages")


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("ftp://host/x", "is no place to publish at"),
        ("rsync://-oProxyCommand=x/y", "not a host and a folder"),
        ("ssh://-oProxyCommand=x/y", "not a host and a folder"),
        ("ssh://host", "not a host and a folder"),
        ("file://relative", "names no folder"),
        ("file://relative/folder", "names no folder"),
        ("file:///", "names no folder"),
        ("file://", "names no folder"),
        ("ssh://host:door/x", "port is not a number"),
        ("gh-pages", "in no repository of git"),
    ],
)
def test_targets_that_are_none(site, target, message, monkeypatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(site.root.parent))
    with pytest.raises(SiteError, match=message):
        sent(site, target)


def test_a_tool_that_is_not_there_and_a_remote_that_is_none(site, remote, monkeypatch):
    with pytest.raises(SiteError, match="git failed"):
        sent(site, "gh-pages", remote="nowhere")
    with pytest.raises(SiteError, match="not a remote"):
        sent(site, "gh-pages", remote="--upload-pack=x")
    monkeypatch.setenv("PATH", "")
    with pytest.raises(SiteError, match="takes rsync, which is not installed"):
        sent(site, "file:///nowhere")


def test_the_command_says_what_it_did(site, remote, capsys, monkeypatch):
    arguments = ["backfile", "publish", "gh-pages", "--site", str(site.root)]
    monkeypatch.setattr("sys.argv", arguments)
    for told in (f"{len(tree(site.build)) + 1} sent\n", "nothing to do\n"):
        with pytest.raises(SystemExit, match="0"):
            cli.main()
        assert capsys.readouterr().out == told
    shutil.rmtree(site.build)
    with pytest.raises(SystemExit, match="2"):
        cli.main()
    assert "Run `backfile build` first" in capsys.readouterr().err
