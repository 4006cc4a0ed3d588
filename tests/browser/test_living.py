"""Pages of families and of stories side by side in a real browser: they open from disk without a complaint."""

from __future__ import annotations

import pytest

from backfile.config import load_site
from backfile.pipeline import build_site
from tests.browser.test_pages import browse
from tests.conftest import write_files
from tests.test_families import FAMILY, sentence, site_files
from tests.test_twins import PAIR, files

pytestmark = pytest.mark.browser

PAGES = {
    "side-by-side/fr/2026/03/en.html": "Le dernier navire de la ligne Meridian",
    "families/2024/03/wire.html": sentence(100),
}


@pytest.fixture(scope="module")
def build(tmp_path_factory):
    root = tmp_path_factory.mktemp("site")
    write_files(root, {"backfile.toml": 'title = "Test"\n', **site_files(FAMILY), **files(**PAIR)})
    build_site(load_site(root))
    return root / "build"


@pytest.mark.parametrize("page", PAGES)
def test_a_page_opens_from_disk_without_a_complaint(chromium, build, tmp_path, page):
    document, log = browse(chromium, tmp_path, "--window-size=320,800", "--dump-dom", (build / page).as_uri())
    assert PAGES[page] in document
    assert not [line for line in log.splitlines() if "CONSOLE" in line or "Refused" in line]
