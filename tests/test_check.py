"""`backfile check`: what a reader would stumble over is listed, in groups, with what mends it."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from backfile import cli
from backfile.checking import KINDS, check_site
from backfile.pipeline import BuildOptions, build_site
from tests.conftest import article
from tests.faults.harness import FIRST, page

LONG = " ".join(f"word{n}" for n in range(60))


def found(site) -> dict[str, list[str]]:
    findings = check_site(site, BuildOptions())
    return {
        kind: sorted(f.where for f in findings.found if f.kind == kind) for kind in {f.kind for f in findings.found}
    }


def test_a_good_site_has_nothing_to_mend(make_site):
    files = {name: text for name, text in FIRST.items() if name != "backfile.toml"}
    files["content/articles/2023/own.md"] = article(date="2023-02-03", authors="[Ann]")
    files = {name: text.replace("<article>", '<article><p class="byline">By <a rel="author">Ann Lee</a></p>')
             if isinstance(text, str) else text for name, text in files.items()}  # fmt: skip
    site = make_site(files)
    build_site(site)
    assert not {kind for kind in found(site) if KINDS[kind].level == "error"}
    assert check_site(site, BuildOptions()).counts["built pages"] > 10


@pytest.mark.parametrize("address", ["https://archive.example/", "https://example.org/my/archive/"])
def test_links_from_the_top_of_the_address_are_followed(make_site, address):
    """The page for addresses that are none has them."""
    site = make_site({"backfile.toml": f'title = "T"\naddress = "{address}"\n'})
    build_site(site)
    assert "link" not in found(site)
    (site.build / "calendar/index.html").unlink()
    assert "build/404.html" in found(site)["link"]


def test_what_is_wrong_is_found(make_site):
    site = make_site(
        {
            "content/articles/broken.md": "---\ntitle: [\n---\n",
            "content/articles/field.md": article(date="yesterday", authors="[Ann]", body="[there](nowhere.html)"),
            "content/articles/odd.md": article(date="2024-02-01", modified="2023-01-01", authors="[Ann]"),
            "content/articles/one.md": article(date="2024-01-01", body=LONG),
            "content/articles/two.md": article(date="2024-01-02", body=LONG, agencies="[AFP]"),
            "content/articles/pictures.md": article(date="2024-01-02", body="![a](https://a.example/b.png)"),
            "content/articles/shown.md": article(date="2024-01-02", authors="[Ann]", body="![a](../media/a.png)"),
            "content/articles/x.markdown": article(),
            "content/media/a.png": b"x",
            "content/media/b.png": b"y",
            "content/saved/empty.html": " ",
        }
    )
    build_site(site)
    there = found(site)
    assert there["unreadable"] == ["content/articles/broken.md"]
    assert there["front matter"] == ["content/articles/field.md"]
    assert "content/articles/field.md" in there["link"]
    assert there["date"] == ["content/articles/field.md"]
    assert there["odd date"] == ["content/articles/odd.md"]
    assert there["duplicate"] == ["content/articles/one.md"]
    assert there["author"] == ["content/articles/one.md", "content/articles/pictures.md"]
    assert there["picture"] == ["content/articles/pictures.md"]
    assert there["media"] == ["content/media/b.png"]
    assert there["saved"] == ["content/saved/empty.html"]


def test_doubts_of_the_cleaner(make_site):
    two_dates = page("Ships", "ships").replace(
        "<article>", '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Ships", '
        '"datePublished": "2021-01-01"}</script><article>'
    )  # fmt: skip
    site = make_site({"content/saved/a.html": two_dates, "content/saved/b.html": page("Storms", "storms")})
    build_site(site)
    (receipt, other) = sorted(site.receipts.rglob("*.json"), key=lambda path: "b.html" in path.read_text())
    assert len(found(site)["doubt"]) == 1
    other.write_text("{}")
    assert len(found(site)["receipt"]) == 1
    assert receipt.is_file()


def test_the_command(make_site):
    site = make_site({"content/articles/a.md": article(date="2024-01-01", body="[x](gone.html)")})
    build_site(site)
    run = CliRunner().invoke
    result = run(cli.commands, ["check", "--site", str(site.root)], standalone_mode=False)
    assert result.return_value == 1
    assert "gone.html" in result.stdout
    assert "backfile build" in result.stdout
    site.articles.joinpath("a.md").write_text(article(date="2024-01-01"))
    build_site(site)
    result = run(cli.commands, ["check", "--site", str(site.root), "--json"], standalone_mode=False)
    assert result.return_value == 0
    assert [group["kind"] for group in json.loads(result.stdout)["findings"]] == ["author"]


def test_nothing_built_and_no_cache(make_site):
    site = make_site({"content/articles/a.md": article()})
    assert found(site) == {"date": ["content/articles/a.md"], "author": ["content/articles/a.md"]}


def test_links_are_checked_where_they_are_shown(make_site):
    site = make_site({"content/saved/links.txt": "https://a.example/story-one\nhttps://a.example/story-two\n"})
    build_site(site)
    assert "link" not in found(site)


def test_words_that_the_language_lacks_are_listed(make_site):
    own = '{% extends "!page.html" %}{% block main %}{{ _("Bespoke words of a template") }}{% endblock %}'
    site = make_site({"backfile.toml": 'title = "T"\nlanguage = "fr"\n', "templates/own.html": own})
    findings = check_site(site, BuildOptions())
    there = [(f.where, f.detail) for f in findings.found if f.kind == "translation"]
    assert there == [("fr", "Bespoke words of a template")]
    english = make_site({"backfile.toml": 'title = "T"\nlanguage = "en"\n', "templates/own.html": own})
    assert "translation" not in found(english)
