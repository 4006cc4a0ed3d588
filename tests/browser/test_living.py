"""Histories, families and stories side by side in a real browser: no complaint, and no page wider than a phone."""

from __future__ import annotations

import pytest

from backfile.config import load_site
from backfile.pipeline import build_site
from tests.browser.test_pages import browse
from tests.conftest import write_files
from tests.test_families import FAMILY, sentence, site_files
from tests.test_living_archive import BOATS, LATE, OPENING, WALL, capture
from tests.test_twins import PAIR, files

pytestmark = pytest.mark.browser

PAGES = {
    "side-by-side/fr/2026/03/en.html": "Le dernier navire de la ligne Meridian",
    "families/2024/03/wire.html": sentence(100),
    "versions/2024/03/the-tide-came-in.html": f"<del>{BOATS}</del>",
}


@pytest.fixture(scope="module")
def build(tmp_path_factory):
    root = tmp_path_factory.mktemp("site")
    captures = {
        "content/saved/a.html": capture("The tide came in", "2024-03-04T08:00:00Z", OPENING, BOATS, WALL),
        "content/saved/b.html": capture("The tide came in", "2024-03-05T08:00:00Z", OPENING, WALL, LATE),
    }
    write_files(root, {"backfile.toml": 'title = "Test"\n', **site_files(FAMILY), **files(**PAIR), **captures})
    build_site(load_site(root))
    return root / "build"


@pytest.mark.parametrize("page", PAGES)
def test_a_page_opens_from_disk_without_a_complaint(chromium, build, tmp_path, page):
    document, log = browse(chromium, tmp_path, "--window-size=320,800", "--dump-dom", (build / page).as_uri())
    assert PAGES[page] in document
    assert not [line for line in log.splitlines() if "CONSOLE" in line or "Refused" in line]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_fits_a_phone(chromium, build, tmp_path, page):
    """In a frame of 320 pixels nothing but what scrolls by itself is wider than the frame."""
    frame = tmp_path / "frame.html"
    frame.write_text(
        f"""<iframe id="f" src="{(build / page).as_uri()}" style="width: 320px; height: 700px; border: 0"></iframe>
<p id="told"></p>
<script>f.onload = () => {{ told.textContent = "width " + f.contentDocument.documentElement.scrollWidth; }}</script>""",
        "utf-8",
    )
    document, _ = browse(chromium, tmp_path / "profile", "--allow-file-access-from-files", "--dump-dom", frame.as_uri())
    assert '<p id="told">width 320</p>' in document
