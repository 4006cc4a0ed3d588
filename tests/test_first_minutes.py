"""What a stranger meets: a new site, help, colours, completion, interruptions, mistakes of ours."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tomllib

import click
import pytest

from backfile import cli
from backfile.config import Site, SiteConfig, parse_config
from backfile.pipeline import build_site
from backfile.recleaning import find_article
from backfile.report import Notice, ReadError, Report
from backfile.terminal import coloured, print_notices
from tests.conftest import article, tree, write_files
from tests.test_cli import PAGE, invoke, run
from tests.test_preview import Terminal

__all__ = ["invoke"]


def all_commands(group=cli.commands, names=()):
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from all_commands(command, (*names, name))
        else:
            yield (*names, name), command


def test_init_writes_a_commented_config_a_page_and_a_sample(tmp_path, invoke):
    site = tmp_path / "mine"
    assert invoke("init", str(site)).exit_code == 0
    config = (site / "backfile.toml").read_text()
    assert parse_config(config) == SiteConfig()
    shown = "".join(line.removeprefix("# ") + "\n" for line in config.splitlines()[2:])
    keys = tomllib.loads(shown)
    assert parse_config(shown) == SiteConfig()
    assert {"title", "description", "language", "address", "search", "theme", "cleaning"} <= keys.keys()
    built = invoke("build", "--site", str(site))
    assert "1 added" in built.stdout
    page = (site / "build/2025/01/how-a-saved-page-becomes-an-article.html").read_text()
    assert "About this archive" in page
    assert "Ada Sample" in page
    text = (site / "content/articles/2025/01/how-a-saved-page-becomes-an-article.md").read_text()
    for chrome in ("Advertisement", "Share on Facebook", "Terms of use"):
        assert chrome not in text


def test_init_bare_and_here(tmp_path):
    done = run("init", "--bare", cwd=tmp_path)
    assert sorted(tree(tmp_path)) == [".gitignore", "backfile.toml"]
    assert b"run `backfile build`\n" in done.stdout


def test_init_within_a_site_is_refused(tmp_path, invoke):
    invoke("init", str(tmp_path / "mine"))
    inner = invoke("init", str(tmp_path / "mine/content/other"))
    assert inner.exit_code == 2
    assert "is inside the site" in inner.stderr
    assert not (tmp_path / "mine/content/other").exists()
    beside = invoke("init", str(tmp_path / "mine/other"))
    assert beside.exit_code == 0
    assert "is inside the site" in beside.stderr


def test_init_for_github_also_in_a_site_that_is_there(tmp_path, invoke):
    yaml = pytest.importorskip("yaml")
    site = tmp_path / "mine"
    invoke("init", str(site))
    before = tree(site)
    assert invoke("init", str(site), "--github").stdout.startswith("wrote ")
    assert invoke("init", str(site), "--github").stdout == "nothing to do: all of it is there\n"
    after = tree(site)
    added = after.keys() - before.keys()
    assert added == {".github/workflows/pages.yml"}
    assert {name: after[name] for name in before} == before
    workflow = yaml.safe_load(after[".github/workflows/pages.yml"])
    steps = workflow["jobs"]["publish"]["steps"]
    assert all(step["uses"].startswith("actions/") for step in steps if "uses" in step)
    assert {"run": "backfile build"} in steps
    assert workflow["permissions"]["contents"] == "read"


@pytest.mark.parametrize(("names", "command"), [pytest.param(*pair, id=" ".join(pair[0])) for pair in all_commands()])
def test_every_command_has_help_with_an_example(names, command):
    example = f"backfile {' '.join(names)}"
    assert example in command.get_help(click.Context(command, info_name="-")).split("Options:")[0]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_printed_and_completes(shell, invoke):
    done = invoke("completion", shell)
    assert done.exit_code == 0
    assert "_BACKFILE_COMPLETE" in done.stdout


def test_completion_knows_commands():
    done = run(_BACKFILE_COMPLETE="bash_complete", COMP_WORDS="backfile bu", COMP_CWORD="1")
    assert done.stdout == b"plain,build\n"


def test_colours_are_for_terminals_that_want_them(monkeypatch, capsys):
    for name in ("NO_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    terminal = Terminal()
    assert coloured("error", terminal) == "\x1b[31merror\x1b[0m"
    assert coloured("other", terminal) == "other"
    for name, value in (("NO_COLOR", "1"), ("TERM", "dumb")):
        monkeypatch.setenv(name, value)
        assert coloured("error", terminal) == "error"
        monkeypatch.delenv(name)
    print_notices([Notice(level="error", what="gone")])
    assert capsys.readouterr().err == "error: gone\n"


def test_an_interruption_tells_what_was_done(make_site, monkeypatch, capsys):
    site = make_site({"content/saved/page.html": PAGE})

    def interrupted(*_args, **_more):
        raise KeyboardInterrupt

    monkeypatch.setattr("backfile.pipeline.write_site", interrupted)
    monkeypatch.setattr(sys, "argv", ["backfile", "build", "--site", str(site.root), "--jobs", "1"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 130
    assert list(filter(None, capsys.readouterr().err.splitlines())) == [
        "so far: 1 added",
        "interrupted: what was done is kept; run the same command again to go on",
    ]


@pytest.mark.skipif(os.name == "nt", reason="no process groups here")
def test_ctrl_c_ends_all_processes_without_a_traceback(make_site):
    site = make_site({f"content/saved/{n}.html": PAGE.replace("Monday", f"Monday {n}") for n in range(300)})
    command = [sys.executable, "-m", "backfile", "build", "--jobs", "2", "--site", str(site.root)]
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell starts what is in its background deaf
    running = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True)
    signal.signal(signal.SIGINT, before)
    try:
        for _ in range(600):
            if list(site.articles.rglob("*.md")) or running.poll() is not None:
                break
            signal.sigtimedwait([], 0.05)
        os.killpg(running.pid, signal.SIGINT)
        _, said = running.communicate(timeout=60)
    finally:
        running.kill()
        running.wait(20)
    assert b"Traceback" not in said
    assert running.returncode == 130, said
    assert b"interrupted: what was done is kept" in said
    report = build_site(site)
    assert report.counts["articles"] == len(list(site.articles.rglob("*.md")))


def test_a_mistake_of_ours_is_one_line_unless_debugged(monkeypatch, capsys, tmp_path):
    def broken(*_args, **_more):
        raise ZeroDivisionError("what\nnow")

    monkeypatch.setattr("backfile.scaffold.make_site", broken)
    for arguments, traced in ((("init", "x"), False), (("--debug", "init", "x"), True)):
        monkeypatch.setattr(sys, "argv", ["backfile", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capsys.readouterr().err
        assert ended.value.code == 70
        assert ("Traceback" in said) is traced
        last = said.splitlines()[-1]
        assert last.startswith("error: Backfile made a mistake (ZeroDivisionError in test_first_minutes.py, line")
        assert "Report it" in last


def test_clean_says_where_there_is_no_article(tmp_path, invoke):
    write_files(tmp_path, {"none.html": "<html><body></body></html>", "few.html": "<p>Hi there.</p>"})
    empty = invoke("clean", str(tmp_path / "none.html"))
    assert (empty.exit_code, empty.stdout) == (1, "")
    assert "none.html: no article: " in empty.stderr
    few = invoke("clean", str(tmp_path / "few.html"))
    assert "not an article" in few.stderr or "no article" in few.stderr


@pytest.mark.parametrize("odd", ["after:foo", "before:2020-13", "-after:x", 'after:"last year"', "after:20"])
def test_a_time_that_is_none_is_refused(make_site, invoke, odd):
    site = make_site({"content/articles/2025/01/a.md": article()})
    build_site(site)
    failed = invoke("search", "words", odd, "--site", str(site.root))
    assert failed.exit_code == 2
    assert f"{odd.split(chr(32))[0]}" in failed.stderr
    assert "not a time" in failed.stderr
    assert invoke("search", "words", "after:2020-02", "--site", str(site.root)).exit_code == 0


def test_an_article_is_named_in_many_ways(make_site):
    site = make_site(
        {
            "content/articles/2025/01/tide.md": article(),
            "content/articles/2025/01/ebb.md": article(),
            "content/articles/2024/09/ebb.md": article(),
        }
    )
    page = "2025/01/tide.html"
    full = (site.build / page).as_uri()
    for name in ("tide", "tide.md", "01/tide", page, f"build/{page}", full, f"http://127.0.0.1:8000/{page}"):
        assert find_article(site.articles, name) == "2025/01/tide.md"
    assert find_article(site.articles, "2024/09/ebb") == "2024/09/ebb.md"
    with pytest.raises(ReadError, match=r"ebb may be any of 2024/09/ebb.md, 2025/01/ebb.md"):
        find_article(site.articles, "ebb")
    for name in ("ide", "2025", "tide.htm", "", "../../backfile.toml"):
        with pytest.raises(ReadError, match="is no article"):
            find_article(site.articles, name)


def test_an_address_whose_article_came_in_the_same_run_is_no_link_only(make_site, invoke):
    address = "https://gazette.example/harbour"
    page = PAGE.replace("<head>", f'<head><link rel="canonical" href="{address}">')
    site = make_site({"content/saved/a.csv": f"url,title\n{address},Harbour\n", "content/saved/b.html": page})
    done = json.loads(invoke("add", "--site", str(site.root), str(site.root.parent), "--json").stdout)
    assert done["counts"].get("link only", 0) == 0
    assert done["counts"]["added"] == 1
    assert done["counts"]["updated"] == 1
    assert "articles" in done


def test_the_report_names_what_came(make_site):
    site = make_site({"content/saved/page.html": PAGE})
    assert isinstance(site, Site)
    report = Report()
    assert build_site(site, None, report) is report
    assert report.articles == ["2024/05/harbour-reopens-after-storm.md"]
