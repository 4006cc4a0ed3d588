"""The preview server, the terminal and the table of reasons."""

from __future__ import annotations

import io
import sys
import threading
import urllib.error
import urllib.request

import pytest

from backfile.explain import explain_rows
from backfile.model import Article, Cleaned, Receipt, Removal
from backfile.report import Notice, Report
from backfile.serve import preview_server
from backfile.terminal import SHOWN, plain, print_counts, print_notices, print_rows, progress_bar


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


def test_the_preview_shows_the_folder_and_nothing_else(tmp_path):
    (tmp_path / "site").mkdir()
    (tmp_path / "site/index.html").write_text("<p>Hello")
    (tmp_path / "secret.txt").write_text("secret")
    with preview_server(tmp_path / "site", 0) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            address = f"http://127.0.0.1:{server.server_port}"
            with urllib.request.urlopen(f"{address}/", timeout=10) as answer:
                assert answer.read() == b"<p>Hello"
                assert answer.headers["Cache-Control"] == "no-store"
            with pytest.raises(urllib.error.HTTPError) as missing:
                urllib.request.urlopen(f"{address}/../secret.txt", timeout=10)
            missing.value.close()
            assert server.server_address[0] == "127.0.0.1"
        finally:
            server.shutdown()
            thread.join(10)
