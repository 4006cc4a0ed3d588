"""Pages saved by SingleFile itself, where its command line tool and a Chromium are there."""

from __future__ import annotations

import base64
import os
import shutil
import subprocess
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.importers.helpers import imported, read
from tests.importers.test_pictures import figure, page, picture


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass


@pytest.fixture
def web(tmp_path):
    """A page with one picture that it shows twice and one that it shows once."""
    folder = tmp_path / "web"
    folder.mkdir()
    (folder / "a.jpg").write_bytes(picture(seed=1))
    (folder / "b.jpg").write_bytes(picture(seed=2))
    once = figure("b.jpg").replace("in May", "in June")
    (folder / "p.html").write_text(page(f'{figure("a.jpg")}{once}<img src="a.jpg" alt="again">'))
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/p.html"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def single_file(chromium, tmp_path):
    """A function that saves an address into a file as SingleFile does."""
    tool = os.environ.get("SINGLE_FILE") or shutil.which("single-file")
    if not tool:
        pytest.skip("no single-file here: npm install single-file-cli, and name it in SINGLE_FILE")

    def save(url: str, name: str, *options: str) -> Path:
        path = tmp_path / name
        chosen = (f"--browser-executable-path={chromium}", "--browser-arg=--no-sandbox", *options)
        command = [tool, *chosen, url, str(path)]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        return path

    return save


@pytest.mark.slow
@pytest.mark.parametrize("options", [(), ("--compress-content",), ("--group-duplicate-images=false",)])
def test_what_singlefile_saves_becomes_an_article_with_its_pictures(options, web, single_file, make_site):
    path = single_file(web, "saved.html", *options)
    name, (capture,) = read(path)
    assert name == "html"
    assert capture.captured
    site = make_site({"content/saved/saved.html": path.read_bytes()})
    only = imported(site).only
    assert (only.title, only.url) == ("A bridge at last", web)
    assert [f.caption for f in only.figures] == ["The bridge in May", "The bridge in June"]
    assert all(f.file for f in only.figures)
    assert "four million euros" in only.body
    assert only.body.count("](media/") == 2


STAND_IN = (
    """<img src='data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg" width="700" height="500">"""
    """<rect fill-opacity="0"/></svg>' alt="The bridge" style="background-image:var(--sf-img-1)!important">"""
)


def test_a_picture_in_the_style_sheet_of_a_page_is_found(make_site):
    data = base64.b64encode(picture()).decode()
    head = f'<style>:root{{--sf-img-1: url("data:image/jpeg;base64,{data}")}}</style>'
    html = page(f"<figure>{STAND_IN}<figcaption>The bridge in May</figcaption></figure>", head)
    only = imported(make_site({"content/saved/a.html": html})).only
    assert only.figures[0].file
    assert only.figures[0].caption == "The bridge in May"
