"""The search page in a real browser, opened from disk: it answers, it obeys the policy, it takes no text for markup."""

from __future__ import annotations

import html
import os
import re
from pathlib import Path
from urllib.parse import quote

import pytest

from backfile.pipeline import build_site
from backfile.search.packing import Packed, pack, unpack
from tests.browser.driven import driven
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


def gone(path):
    path.unlink()


def damaged(path):
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0x55
    path.write_bytes(data)


def foreign(path):
    found = unpack(path.read_bytes())
    path.write_bytes(pack(Packed(name=found.name, stamp=found.stamp ^ 1, sections=found.sections)))


@pytest.fixture(scope="module")
def tab(chromium, tmp_path_factory):
    with driven(chromium, tmp_path_factory.mktemp("profile")) as opened:
        yield opened


@pytest.fixture
def storms(make_site):
    """Three storms, built."""
    names = ("first", "second", "third")
    files = {
        f"content/articles/2024/0{n}/{name}.md": article(
            f"The {name} storm", "Wind.", date=f"2024-0{n}-02", site="Gazette"
        )
        for n, name in enumerate(names, 1)
    }
    site = make_site(files)
    build_site(site)
    return site.build


def search(tab, build, query):
    tab.open(f"{(build / 'search.html').as_uri()}?q={quote(query)}")
    tab.wait("document.documentElement.dataset.searched || document.querySelector('#trouble').textContent")
    tab.wait("document.querySelector('#status:not(:empty), #notes p, #trouble:not(:empty)')")


@pytest.mark.parametrize("damage", [gone, damaged, foreign])
@pytest.mark.parametrize(("kind", "left"), [("f/*", 3), ("d/*", 2), ("t/*/*", 0), ("w/*", 0), ("letters", 0)])
def test_a_file_that_cannot_be_used_is_said_and_the_rest_is_shown(tab, storms, damage, kind, left):
    path = next(iter(sorted((storms / "search").glob(f"{kind}.js"))))
    damage(path)
    search(tab, storms, "storm")
    tab.wait("document.querySelector('#trouble').textContent")
    what = {gone: "missing", damaged: "damaged", foreign: "foreign"}[damage]
    said = str(tab.ask("document.querySelector('#trouble').textContent"))
    assert f"{path.relative_to(storms).as_posix()} ({what})" in said
    assert "Build the site again" in said
    shown = tab.ask("document.querySelectorAll('#results > li').length")
    assert shown == left or (kind == "d/*" and shown < 3)


def test_a_time_that_is_none_and_a_word_that_is_lacking_are_said(tab, storms):
    search(tab, storms, "storm after:foo ")
    assert "after:foo" in str(tab.ask("document.getElementById('notes').textContent"))
    assert tab.ask("document.querySelectorAll('#results > li').length") == 0
    search(tab, storms, "first storm wind nowhere ")
    tab.wait("document.querySelector('#results li')")
    assert tab.ask("document.querySelector('#results .lacks').textContent") == "Not in it: nowhere"
    assert tab.ask("document.querySelector('#results h2').textContent") == "The first storm"


def test_results_with_hostile_names_hold_to_axe(tab, make_site):
    modules = os.environ.get("NODE_PATH", "")
    axe = Path(modules) / "axe-core/axe.min.js"
    if not modules or not axe.is_file():
        pytest.skip("axe-core is not in NODE_PATH")
    fields = {"tags": "['<b onclick=alert(2)>', '\u202eabc']", "site": "'<svg onload=alert(3)>'", "lang": "'\"><x'"}
    names = [NASTY, "storm " + "long" * 90, "storm {{7*7}} ${1} </script>", "\u202e storm \u0301\u0301"]
    site = make_site(
        {
            f"content/articles/2024/0{n}/a.md": article(f"'{name}'", "A storm.", date=f"2024-0{n}-03", **fields)
            for n, name in enumerate(names, 1)
        }
    )
    build_site(site)
    search(tab, site.build, "storm nowhere2")
    search(tab, site.build, "storm")
    tab.wait("document.querySelectorAll('#results > li').length === 4")
    tab.send("Runtime.evaluate", expression=axe.read_text("utf-8"))
    found = tab.ask("axe.run().then((each) => JSON.stringify(each.violations.map((v) => [v.id, v.nodes[0].html])))")
    assert found == "[]"
    assert tab.ask("document.querySelectorAll('#results script, #results svg, #results x, #facets b').length") == 0
    assert tab.ask("document.documentElement.scrollWidth <= innerWidth")


def test_topics_are_counted_where_somebody_looks(make_site, tab):
    fields = [{"tags": "[sea, wind]"}, {"tags": "[sea]"}]
    site = make_site(
        {f"content/articles/2024/05/{n}.md": article(f"Storm {n}", "Wind.", **each) for n, each in enumerate(fields)}
    )
    build_site(site)
    search(tab, site.build, "storm")
    tab.wait("document.querySelector('#facets details')")
    assert not tab.ask("document.querySelector('#facets details li')")
    tab.ask("document.querySelector('#facets summary').click()")
    tab.wait("document.querySelector('#facets details li')")
    assert tab.ask("document.querySelector('#facets details').innerText") == "Topics\nsea\n2\nwind\n1"
    tab.ask("document.getElementById('q').value = 'wind', document.getElementById('ask').requestSubmit()")
    tab.wait("document.querySelector('#facets details[open] li')")
