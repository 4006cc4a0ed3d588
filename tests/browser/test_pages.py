"""The built site in a real browser, opened from disk: it shows, it is quiet, it turns dark, and nothing leaves it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from backfile.config import load_site
from backfile.pipeline import build_site
from tests.conftest import write_files

pytestmark = pytest.mark.browser

GOLDEN = Path(__file__).parents[1] / "pages"
QUIET = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync", "--enable-logging=stderr"),
)
PAGES = {
    "index.html": "Harbour reopens after three days of storm",
    "2024/05/harbour-reopens-after-three-days-of-storm.html": "The harbour of the old town opened again",
    "2024/05/index.html": "Harbour reopens",
    "publishers/the-northern-gazette/index.html": "Storm on the coast",
    "tags/fishing/index.html": "Harbour reopens",
    "undated/index.html": "Antony Blinken",
}


@pytest.fixture(scope="module")
def build(tmp_path_factory):
    """A site of all golden pages."""
    root = tmp_path_factory.mktemp("site")
    saved = {f"content/saved/{p.parent.name}{p.suffix}": p.read_bytes() for p in GOLDEN.glob("*/saved.*")}
    write_files(root, {"backfile.toml": 'title = "Test"\n', **saved})
    build_site(load_site(root))
    return root / "build"


def browse(chromium: str, profile: Path, *arguments: str) -> tuple[str, str]:
    """(the page's document, what the browser logged)."""
    command = [chromium, *QUIET, f"--user-data-dir={profile}", *arguments]
    done = subprocess.run(command, capture_output=True, timeout=60, check=True)
    return done.stdout.decode(), done.stderr.decode()


@pytest.mark.parametrize("page", PAGES)
def test_a_page_opens_from_disk_without_a_complaint(chromium, build, tmp_path, page):
    document, log = browse(chromium, tmp_path, "--dump-dom", (build / page).as_uri())
    assert PAGES[page] in document
    complaints = [line for line in log.splitlines() if "CONSOLE" in line or "Refused" in line]
    assert complaints == []


def test_light_and_dark_and_phone_differ(chromium, build, tmp_path):
    """The colours follow the system's wish, and the layout the width."""
    article = (build / "2024/05/harbour-reopens-after-three-days-of-storm.html").as_uri()
    shots = set()
    for name, options in {
        "light": ("--window-size=1280,900",),
        "dark": ("--window-size=1280,900", "--blink-settings=preferredColorScheme=0"),
        "phone": ("--window-size=500,900",),
    }.items():
        picture = tmp_path / f"{name}.png"
        browse(chromium, tmp_path / name, f"--screenshot={picture}", *options, article)
        shots.add(picture.read_bytes())
    assert len(shots) == 3
