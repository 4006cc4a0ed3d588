"""The wheel: all that a fresh environment needs is in it."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import backfile
from tests.conftest import article, write_files

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """A wheel built from this tree, unpacked into a folder of its own."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=120)
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as archive:
        archive.extractall(folder / "unpacked")
    return folder / "unpacked"


def test_an_installed_backfile_renders(wheel, tmp_path):
    """Templates, lexicons and models come from the wheel, not from this tree."""
    site = tmp_path / "site"
    write_files(
        site, {"backfile.toml": "", "content/articles/2025/01/a.md": article("From the wheel", date="2025-01-02")}
    )
    saved = ROOT / "tests/pages/english-news/saved.html"
    write_files(site, {"content/saved/page.html": saved.read_bytes()})
    environment = {**os.environ, "PYTHONPATH": str(wheel)}
    code = "import backfile, sys; print(backfile.__file__); from backfile.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, "build", "--site", str(site)],
        env=environment,
        capture_output=True,
        check=False,
        timeout=120,
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.decode().startswith(str(wheel))
    assert "From the wheel" in (site / "build/2025/01/a.html").read_text()
    assert (site / "build/2024/05/harbour-reopens-after-three-days-of-storm.html").exists()
    assert (site / "build/assets/style.css").exists()


def test_types_are_shipped(wheel):
    assert (wheel / "backfile/py.typed").exists()


def test_what_is_exported_is_there():
    assert sorted(backfile.__all__) == list(backfile.__all__)
    assert all(getattr(backfile, name) for name in backfile.__all__)


def test_the_wheel_has_all_that_a_site_needs(wheel):
    for name in ("templates/article.html", "starters/sample.html", "cleaning/rules/directives.toml"):
        assert (wheel / "backfile" / name).is_file()
    assert list(wheel.glob("*.data/data/share/man/man1/backfile.1"))
    assert list((wheel / "backfile/cleaning/lexicon").glob("*.toml"))
    (metadata,) = wheel.glob("*.dist-info/METADATA")
    assert f"Version: {backfile.__version__}\n" in metadata.read_text("utf-8")


def test_import_opens_no_file_but_its_own_and_no_connection(tmp_path):
    """Seen by the interpreter's own audit: only files of Python and of the package, and no sockets."""
    code = """
import sys, sysconfig
seen = []
def watch(event, arguments):
    if event.startswith(("socket.", "subprocess.", "os.system", "os.mkdir", "os.remove", "os.rename")):
        seen.append((event, str(arguments)))
    if event == "open" and isinstance(arguments[0], str):
        seen.append((event, arguments[0], arguments[1]))
sys.addaudithook(watch)
import backfile
ours = str(__import__("pathlib").Path(backfile.__file__).parent)
own = (ours, *sysconfig.get_paths().values(), sys.base_prefix)
print([each for each in seen if each[0] != "open" or not each[1].startswith(own) or each[2] not in ("r", "rb", None)])
"""
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-c", code]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=60, check=True, cwd=tmp_path, env=environment
    )
    assert done.stdout.strip() == "[]"
