"""The search page in a real browser, opened from disk: it answers, it obeys the policy, it takes no text for markup."""

from __future__ import annotations

import html
import re
from urllib.parse import quote

import pytest

from backfile.pipeline import build_site
from tests.browser.test_pages import browse
from tests.conftest import article

pytestmark = pytest.mark.browser

NASTY = '<img src=x onerror=alert(1)><script>document.title="gone"</script> storm'


def test_the_page_answers_from_disk_and_shows_hostile_text_as_text(chromium, make_site, tmp_path):
    fields = {"tags": "['<b onclick=alert(2)>']", "site": "'<svg onload=alert(3)>'", "date": "2024-05-22"}
    site = make_site(
        {
            "content/articles/2024/05/nasty.md": article(f"'{NASTY}'", "The storm & <b>the</b> sea.", **fields),
            "content/articles/2024/06/calm.md": article("Calm", "No wind at all.", date="2024-06-01"),
        }
    )
    build_site(site)
    address = f"{(site.build / 'search.html').as_uri()}?q={quote('storm -<i>')}"
    document, log = browse(chromium, tmp_path / "p", "--virtual-time-budget=8000", "--dump-dom", address)
    results = document.partition('id="results"')[2].partition("</ol>")[0]
    assert "<mark>storm</mark>" in results
    assert "<script" not in results
    assert "<img" not in results
    assert "<svg" not in results
    assert NASTY.removesuffix("storm") in html.unescape(re.sub(r"</?mark>", "", results))
    assert "<title>gone" not in document
    assert [line for line in log.splitlines() if "CONSOLE" in line or "Refused" in line] == []
