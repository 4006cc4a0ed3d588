"""The preview server, the terminal and the table of reasons."""

from __future__ import annotations

import io
import sys
import threading
import time
import urllib.error
import urllib.request
from functools import partial

import pytest

from backfile.config import load_site
from backfile.explain import explain_rows
from backfile.model import Article, Cleaned, Receipt, Removal
from backfile.pipeline import build_site
from backfile.report import Notice, Report, SiteError
from backfile.serve import keep_built, preview_server, with_news
from backfile.terminal import SHOWN, plain, print_counts, print_notices, print_rows, progress_bar
from tests.conftest import article, tree, write_files


class Terminal(io.StringIO):
    """Standard output or error as a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def terminal(monkeypatch):
    monkeypatch.setenv("COLUMNS", "100")

    def turn_on():
        out = Terminal()
        monkeypatch.setattr(sys, "stdout", out)
        monkeypatch.setattr(sys, "stderr", out)
        return out

    return turn_on


CLEANED = Cleaned(
    article=Article(title="T", description="S", standfirst=True, body="One\n\nTwo"),
    receipt=Receipt(
        id="x",
        removed=(
            Removal(step="outside", reason="menu", text="Home"),
            Removal(step="chrome", reason="advertising marker", text="Ad\x1b[2J", before=1),
            Removal(step="chrome", reason="share buttons", text="Share", before=2),
        ),
    ),
    text="One\nTwo",
)


def test_rows_follow_the_page():
    rows = [(row.verdict, row.reason, row.text) for row in explain_rows(CLEANED)]
    assert rows == [
        ("removed", "menu", "Home"),
        ("kept", "headline", "T"),
        ("kept", "standfirst", "S"),
        ("kept", "", "One"),
        ("removed", "advertising marker", "Ad\x1b[2J"),
        ("kept", "", "Two"),
        ("removed", "share buttons", "Share"),
    ]


def test_a_table_on_a_terminal(terminal):
    out = terminal()
    print_rows(explain_rows(CLEANED))
    shown = out.getvalue()
    assert "advertising marker" in shown
    assert "\x1b[2J" not in shown


def test_a_bar_on_a_terminal(terminal):
    terminal()
    with progress_bar(quiet=False) as progress:
        for done in range(1, 4):
            progress("Cleaning", done, 3)
    with progress_bar(quiet=True) as progress:
        progress("Cleaning", 1, 3)


def test_many_notices_are_counted(capsys):
    print_notices([Notice(level="warning", what=f"w{n}") for n in range(SHOWN + 5)] + [Notice(level="error", what="e")])
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "error: e"
    assert lines[-1] == "warning: … and 5 more (all of them with --json)"


def test_counts_and_plain_text(capsys):
    report = Report()
    print_counts(report, ["added"])
    report.count("added", 1200)
    report.warn("odd")
    print_counts(report, ["added", "failed"])
    assert capsys.readouterr().out == "nothing to do\n1,200 added\n"
    assert plain("a\u202eb\x07c\nd") == "a�b�c\nd"
    assert (
        str(Notice(level="error", what="is empty", where="a.html", hint="Delete it")) == "a.html: is empty. Delete it"
    )


def get(address):
    with urllib.request.urlopen(address, timeout=10) as answer:
        return answer.read().decode(), answer.headers


def test_the_preview_shows_the_folder_and_nothing_else(tmp_path):
    write_files(tmp_path, {"site/index.html": "<body class=x><p>Hello", "site/a/b.css": "a{}", "secret.txt": "secret"})
    with preview_server(tmp_path / "site", 0) as (server, *_):
        address = f"http://127.0.0.1:{server.server_port}"
        page, headers = get(f"{address}/")
        assert page == '<body class=x><script src="/-backfile/reload.js"></script><p>Hello'
        assert headers["Cache-Control"] == "no-store"
        assert get(f"{address}/a/b.css")[0] == "a{}"
        assert "EventSource" in get(f"{address}/-backfile/reload.js")[0]
        for missing in ("/../secret.txt", "/%2e%2e/secret.txt", "/no.html", "/-backfile/no", "/a/"):
            with pytest.raises(urllib.error.HTTPError, match="404") as found:
                get(address + missing)
            found.value.close()
        assert server.server_address[0] == "127.0.0.1"
    assert (tmp_path / "site/index.html").read_text() == "<body class=x><p>Hello"


def test_a_port_in_use_is_one_clear_line(tmp_path):
    with preview_server(tmp_path, 0) as (server, *_), pytest.raises(SiteError, match=r"is in use\. Name another one"):
        preview_server(tmp_path, server.server_port).__enter__()


def test_pages_are_let_to_listen_and_show_what_went_wrong():
    page = "<meta content=\"default-src 'none'; img-src 'self'\"><body><p>Text"
    shown = with_news(page, ("a <b> is wrong",))
    assert "default-src 'none'; connect-src 'self'; img-src" in shown
    assert 'role="alert"><p>a &lt;b&gt; is wrong</p></div><p>Text' in shown
    assert with_news("plain", ()).endswith("</script>plain")


def test_a_change_is_built_and_the_browser_told(make_site):
    site = make_site({"content/articles/2025/01/story.md": article("Before")})
    build_site(site)
    stop = threading.Event()
    with preview_server(site.build, 0) as (server, news, _):
        address = f"http://127.0.0.1:{server.server_port}"
        build = partial(rebuilt, site.root)
        watching = threading.Thread(target=keep_built, args=(site.root, build, news, stop))
        watching.start()
        try:
            with urllib.request.urlopen(f"{address}/-backfile/events", timeout=60) as events:
                assert events.readline() == b": connected\n"
                for change, expected in (
                    ({"content/articles/2025/01/story.md": article("After")}, ">After<"),
                    ({"backfile.toml": "title = 3"}, "`title`"),
                    ({"backfile.toml": 'title = "Mended"'}, "Mended"),
                    ({"content/articles/2025/01/story.md": "---\ntitle: [\n---\n"}, "story.md: line"),
                ):
                    time.sleep(0.3)
                    write_files(site.root, change)
                    assert next_event(events).startswith(b"data: ")
                    assert expected in get(f"{address}/")[0]
        finally:
            stop.set()
            watching.join(30)
    assert not watching.is_alive()
    assert b"EventSource" not in b"".join(tree(site.build).values())


def rebuilt(root):
    return build_site(load_site(root))


def next_event(events):
    while not (line := events.readline()).startswith(b"data"):
        assert line
    return line
