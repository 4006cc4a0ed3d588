"""The command as a user meets it: run in a process of its own, with right and wrong input."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from click.testing import CliRunner

from backfile import cli
from backfile.pipeline import build_site
from tests.conftest import article, tree, write_files

PAGE = """<!doctype html><html lang="en"><head><title>Harbour reopens after storm - The Gazette</title>
<meta property="og:title" content="Harbour reopens after storm"><meta property="og:site_name" content="The Gazette">
<meta property="og:type" content="article">
<meta property="article:published_time" content="2024-05-06T07:08:09+02:00"></head><body>
<nav><ul><li><a href="/">Home</a></li><li><a href="/sport">Sport</a></li></ul></nav>
<article><h1>Harbour reopens after storm</h1>
<p>The harbour of the old town opened again on Monday, three days after the storm had closed it to ships of all
sizes.</p>
<p>Fishermen said that the damage was smaller than they had feared, and that most boats would go out again this
week.</p>
<p class="ad">Advertisement</p>
<p>The mayor thanked the crews who had worked through the night, and promised that the breakwater would be raised
by a metre.</p>
</article><footer><p>Copyright The Gazette</p></footer></body></html>
"""


def run(*arguments: str, cwd: Path | None = None, stdin: bytes = b"", **env: str) -> subprocess.CompletedProcess[bytes]:
    """The command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "backfile", *arguments],
        input=stdin,
        capture_output=True,
        cwd=cwd,
        env={**os.environ, **env},
        timeout=60,
        check=False,
    )


@pytest.fixture
def invoke(monkeypatch):
    """The command in this process: fast, and seen by coverage."""

    def call(*arguments: str, stdin: bytes | None = None):
        monkeypatch.setattr(sys, "argv", ["backfile", *arguments])
        runner = CliRunner()
        return runner.invoke(_Main(), [], input=stdin)

    return call


class _Main(cli.click.Command):
    """`main` as something that a runner can call."""

    def __init__(self) -> None:
        super().__init__("backfile")

    def main(self, *args, **kwargs):
        cli.main()


@pytest.fixture
def site(tmp_path):
    write_files(tmp_path, {"site/backfile.toml": 'title = "T"\n', "in/harbour.html": PAGE})
    return tmp_path / "site"


def test_from_nothing_to_a_site(tmp_path):
    """The four lines of the README."""
    made = run("init", "mine", cwd=tmp_path)
    assert (made.returncode, made.stderr) == (0, b"")
    write_files(tmp_path, {"mine/content/saved/deep/harbour.html": PAGE})
    before = tree(tmp_path / "mine/content/saved")
    done = run("build", cwd=tmp_path / "mine/content")
    assert done.returncode == 0, done.stderr
    address = done.stdout.decode().splitlines()[-1]
    assert address == (tmp_path / "mine/build/index.html").as_uri()
    assert "Harbour reopens after storm" in urllib.request.urlopen(address).read().decode()
    assert tree(tmp_path / "mine/content/saved") == before
    text = (tmp_path / "mine/content/articles/2024/05/harbour-reopens-after-storm.md").read_text()
    assert "Advertisement" not in text
    again = run("build", "--json", cwd=tmp_path / "mine")
    assert json.loads(again.stdout)["counts"]["written"] == 0


def test_init_touches_nothing_that_is_there(tmp_path, invoke):
    write_files(tmp_path, {"mine/content/pages/about.md": "my own"})
    assert invoke("init", str(tmp_path / "mine")).exit_code == 0
    assert (tmp_path / "mine/content/pages/about.md").read_text() == "my own"
    again = invoke("init", str(tmp_path / "mine"))
    assert again.exit_code == 2
    assert "is a site already" in again.stderr
    assert "is a file" in invoke("init", str(tmp_path / "mine/backfile.toml")).stderr


def test_add_copies_and_counts(site, tmp_path, invoke):
    first = invoke("add", str(tmp_path / "in"), "--site", str(site), "--json")
    assert first.exit_code == 0, first.stderr
    assert json.loads(first.stdout)["counts"] == {"added": 1, "copied": 1}
    assert (site / "content/saved/in/harbour.html").read_text() == PAGE
    second = invoke("add", str(tmp_path / "in"), "--site", str(site), "--json")
    assert json.loads(second.stdout)["counts"] == {"already there": 1}
    write_files(tmp_path, {"in/harbour.html": PAGE.replace("Monday", "Tuesday")})
    third = invoke("add", str(tmp_path / "in"), "--site", str(site), "--json")
    assert json.loads(third.stdout)["counts"] == {"added": 1, "copied": 1}
    assert len(tree(site / "content/articles")) == 2


def test_add_says_what_it_cannot_take(site, tmp_path, invoke):
    found = invoke("add", str(tmp_path / "nowhere"), str(site), "--site", str(site))
    assert found.exit_code == 1
    assert "nowhere: is not there" in found.stderr
    assert "holds the archive itself" in found.stderr


def test_pages_of_the_site_itself_are_not_added(site, invoke):
    write_files(site, {"content/saved/harbour.html": PAGE})
    assert invoke("build", "--site", str(site), "--quiet").exit_code == 0
    for what in ("build", "build/index.html"):
        found = invoke("add", str(site / what), "--site", str(site))
        assert found.exit_code == 1
        assert "was made from the archive. Name your saved pages" in found.stderr
    assert list(tree(site / "content/saved")) == ["harbour.html"]


def test_bad_files_cost_only_themselves(site, invoke):
    files = {
        "empty.html": b"",
        "picture.png": b"\x89PNG\r\n\x1a\n" + bytes(100),
        "good.html": PAGE.encode(),
        "words.html": b"<p>Hi</p>",
    }
    write_files(site, {f"content/saved/{name}": data for name, data in files.items()})
    time.sleep(0.1)  # files that are younger than a tick of the clock are read again
    done = invoke("build", "--site", str(site))
    assert done.exit_code == 1
    assert "empty.html: is empty" in done.stderr
    assert "picture.png: is no page: picture" in done.stderr
    assert "words.html: not an article" in done.stderr
    assert "1 added, 2 not an article, 1 failed" in done.stdout
    assert {n.removeprefix("content/saved/") for n in tree(site / "content/saved")} == files.keys()
    again = invoke("build", "--site", str(site))
    assert again.exit_code == 0
    assert "empty.html" not in again.stderr
    assert "1 saved file that could not be read before is passed over" in again.stderr
    assert "words.html: not an article" in again.stderr
    listed = invoke("check", "--site", str(site))
    assert "content/saved/empty.html  (is empty" in listed.stdout
    everything = invoke("build", "--site", str(site), "--all", "--quiet")
    assert "words.html" not in everything.stderr
    assert len(tree(site / "content/articles")) == 2


def test_strict_turns_warnings_into_failure(site, invoke):
    write_files(site, {"content/articles/2024/01/a.md": article(date="soon")})
    assert invoke("build", "--site", str(site)).exit_code == 0
    assert invoke("build", "--site", str(site), "--strict").exit_code == 1


def test_clean_is_a_filter(site, tmp_path):
    from_file = run("clean", str(tmp_path / "in/harbour.html"))
    from_pipe = run("clean", "-", stdin=PAGE.encode())
    assert from_file.stdout == from_pipe.stdout
    assert from_file.stdout.startswith(b"---\ntitle: Harbour reopens after storm\n")
    assert (from_file.returncode, from_file.stderr) == (0, b"")


def test_clean_as_json_has_the_promised_keys(tmp_path, site, invoke):
    options = ("--json", "--no-profiles", "--url", "https://e.org/a")
    result = json.loads(invoke("clean", str(tmp_path / "in/harbour.html"), *options).stdout)
    promised = "title description authors agencies published modified lang section tags publisher kind access"
    assert {*promised.split(), "text", "markdown", "figures", "confidence", "removed"} <= result.keys()
    assert result["published"] == "2024-05-06T07:08:09+02:00"
    assert result["modified"] is None
    assert {"step", "reason", "text"} == set(result["removed"][0])
    assert "The harbour of the old town" in result["text"].splitlines()[0]


def test_explain_lists_every_part(tmp_path, site, invoke):
    shown = invoke("explain", str(tmp_path / "in/harbour.html"))
    rows = [line.split("\t") for line in shown.stdout.splitlines()]
    assert {row[0] for row in rows} == {"kept", "removed"}
    assert any(row[0] == "removed" and row[3] == "Advertisement" for row in rows)
    page = invoke("explain", str(tmp_path / "in/harbour.html"), "--html").stdout
    assert "The harbour of the old town" in page
    assert "<script" not in page
    as_json = json.loads(invoke("explain", str(tmp_path / "in/harbour.html"), "--json").stdout)
    assert len(as_json) == len(rows)


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("build",), 2, "no backfile.toml in"),
        (("build", "--site", "nowhere"), 2, "has no backfile.toml"),
        (("clean", "nowhere.html"), 2, "cannot be read"),
        (("clean", "empty.html"), 2, "is empty"),
        (("biuld",), 2, "No such command"),
        (("build", "--jobs", "0"), 2, "--jobs"),
        (("add", "--delay", "nan", "https://example.org/"), 2, "not a number of seconds"),
    ],
)
def test_mistakes_get_one_clear_line(tmp_path, arguments, code, message):
    (tmp_path / "empty.html").write_bytes(b"")
    failed = run(*arguments, cwd=tmp_path)
    assert failed.returncode == code
    assert message in failed.stderr.decode()
    assert "Traceback" not in failed.stderr.decode()


def test_a_wrong_config_names_the_key(tmp_path, invoke):
    write_files(tmp_path, {"backfile.toml": "title = 3"})
    failed = invoke("build", "--site", str(tmp_path))
    assert failed.exit_code == 2
    assert "`title`: expected a text" in failed.stderr


def test_nothing_in_a_message_moves_the_terminal(site, invoke):
    write_files(site, {"content/saved/a\x1b[31m\u202e.html": b"<p>x</p>"})
    shown = invoke("build", "--site", str(site)).stderr
    assert "\x1b" not in shown
    assert "\u202e" not in shown


def test_an_empty_site_says_what_to_do(site, invoke):
    assert "No articles yet: put saved pages into" in invoke("build", "--site", str(site)).stdout


def test_help_starts_fast(tmp_path):
    heavy = "{'lxml', 'bs4', 'jinja2', 'rich', 'babel', 'yaml'}"
    code = f"import sys, backfile.cli; print(sorted({heavy} & set(sys.modules)))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout
    assert loaded.strip() == b"[]"


def test_carriage_returns_alone_are_line_ends_too(site, invoke):
    """Pages of very old systems; one such file must not end the build."""
    write_files(site, {"content/saved/old.html": PAGE.replace("\n", "\r").encode()})
    done = invoke("build", "--site", str(site))
    assert done.exit_code == 0, done.stderr
    assert "1 added" in done.stdout


def test_a_port_in_use_is_said_with_what_to_do(tmp_path):
    write_files(tmp_path, {"backfile.toml": ""})
    with socket.create_server(("127.0.0.1", 0)) as taken:
        failed = run("serve", "--no-open", "--port", str(taken.getsockname()[1]), cwd=tmp_path)
    assert failed.returncode == 2
    assert "--port" in failed.stderr.decode()
    assert "Traceback" not in failed.stderr.decode()


@pytest.mark.parametrize(("name", "words"), [("x" * 300, "shorter name"), ("no-such-file", "spelling")])
def test_errors_of_the_system_come_with_their_own_advice(tmp_path, name, words):
    failed = run("clean", name, cwd=tmp_path)
    assert failed.returncode == 2
    assert words in failed.stderr.decode()


def cpu_of(*command):
    """The least CPU time of five runs, in seconds."""
    resource = pytest.importorskip("resource", reason="no CPU times of children here")
    times = []
    for _ in range(5):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, *command], capture_output=True, check=True, timeout=60)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        times.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return min(times)


def test_help_loads_next_to_nothing():
    """150 ms of CPU on a quiet machine; a bare interpreter measures how loaded this one is."""
    assert cpu_of("-m", "backfile", "--help") < max(0.15, 16 * cpu_of("-c", "pass"))
    loaded = "import sys, backfile.cli; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True, timeout=60)
    heavy = {"lxml", "bs4", "jinja2", "babel", "msgspec", "rich", "nh3", "sqlite3", "multiprocessing", "markdown"}
    assert not heavy & set(done.stdout.split())


def test_a_build_with_no_news_loads_neither_cleaner_nor_templates(make_site):
    site = make_site({"content/saved/page.html": PAGE})
    build_site(site)
    build_site(site)
    code = (
        "import sys; from pathlib import Path; from backfile.config import load_site;"
        "from backfile.pipeline import build_site; build_site(load_site(Path(sys.argv[1]))); print(*sys.modules)"
    )
    command = [sys.executable, "-c", code, str(site.root)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert not {"jinja2", "bs4", "lxml", "babel", "nh3", "markdown"} & set(done.stdout.split())
