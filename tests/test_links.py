"""Links among the archive's own articles: to our copies, from those that cite, and to what is missing."""

from __future__ import annotations

import shutil

import pytest

from backfile.pipeline import BuildOptions, build_site
from tests.conftest import article, tree

TIDE = article("The tide", source="https://www.post.example/tide?utm_source=x", date="2024-03-04")
WALL = (
    article("The wall", date="2024-03-05", source="https://other.example/wall").rstrip("\n")
    + "\n\nAs [the Post](http://m.post.example/tide/#more) said, [others](https://gone.example/a) did not, and"
    " [the Wayback Machine](https://web.archive.org/web/2024/https://post.example/tide) has it.\n"
)
FILES = {"content/articles/2024/03/tide.md": TIDE, "content/articles/2024/03/wall.md": WALL}


def built(site, **options):
    build_site(site, BuildOptions(**options))
    return {name: data.decode("utf-8", "replace") for name, data in tree(site.build).items()}


def test_a_link_to_a_page_that_is_here_opens_our_copy_with_the_live_one_beside_it(make_site):
    page = built(make_site(FILES))["2024/03/wall.html"]
    assert '<a class="here" href="../../2024/03/tide.html" title="The tide"' in page
    assert 'data-originalurl="http://m.post.example/tide/#more"' in page
    assert 'data-versionurl="https://web.archive.org/web/20240304/http://m.post.example/tide/#more"' in page
    assert 'data-versiondate="2024-03-04"' in page
    assert page.count('class="live" href="http://m.post.example/tide/#more"') == 1
    assert page.count('class="here"') == 2
    assert '<a href="https://gone.example/a"' in page


def test_an_article_names_those_that_cite_it(make_site):
    pages = built(make_site(FILES))
    page = pages["2024/03/tide.html"]
    assert 'href="missing/index.html"' not in pages["index.html"]
    assert "Cited by" in page
    assert "../../2024/03/wall.html" in page.partition("Cited by")[2]


def test_what_several_articles_cite_and_is_not_here_is_listed(make_site):
    more = {f"content/articles/{n}.md": WALL.replace("The wall", f"Wall {n}") for n in range(2)}
    pages = built(make_site({**FILES, **more}))
    assert "https://gone.example/a" in pages["missing/index.html"]
    assert 'href="missing/index.html"' in pages["index.html"]
    assert "post.example/tide" not in pages["missing/index.html"]


@pytest.mark.parametrize("first", [0, 1])
def test_an_incremental_build_knows_of_links_to_what_comes_and_goes(make_site, first, tmp_path):
    name, other = sorted(FILES, reverse=bool(first))
    site = make_site({name: FILES[name]})
    built(site)
    path = site.root / other
    path.write_text(FILES[other])
    grown = built(site)
    shutil.rmtree(site.cache)
    built(site, out=tmp_path / "fresh")
    assert grown == {name: data.decode("utf-8", "replace") for name, data in tree(tmp_path / "fresh").items()}
    path.unlink()
    shrunk = built(site)
    shutil.rmtree(site.cache)
    built(site, out=tmp_path / "second")
    assert shrunk == {name: data.decode("utf-8", "replace") for name, data in tree(tmp_path / "second").items()}
