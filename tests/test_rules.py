"""A choice made for one article can be a rule for all articles of its site, now and later."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from backfile.cli import commands
from backfile.config import Site
from backfile.model import Choice
from backfile.pipeline import BuildOptions, build_site, reclean
from backfile.report import Report, SiteError
from backfile.rules import add_rule, load_rules, rules_for

PROMO = "Our reporters walk the harbour every day so that nobody who lives there needs to, come rain or shine."


def page(name: str, host: str = "news.example.org") -> str:
    return f"""<html lang="en"><head><title>{name}</title><link rel="canonical" href="https://{host}/{name}">
</head><body><nav><a href="/">Home</a> <a href="/sport">Sport</a></nav><article><h1>{name} of the harbour</h1>
<p>The {name} came in on Monday with more force than anyone on the quay had seen since the winter of the flood.</p>
<p>Fishermen pulled their boats up to the church after the {name}, and the school was closed for the week.</p>
<p>{PROMO}</p>
<p>“We will rebuild the {name} before autumn,” the mayor said after a visit to the harbour on Tuesday.</p>
</article><footer>© Harbour Post</footer></body></html>"""


@pytest.fixture
def site(make_site) -> Site:
    pages = {f"content/saved/{name}.html": page(name) for name in ("tide", "wall")}
    made = make_site({**pages, "content/saved/far.html": page("far", "other.example")})
    build_site(made, BuildOptions(out=made.root / "build"))
    return made


def run(site: Site, *arguments: str, answer: str = "y\n"):
    return CliRunner().invoke(commands, [*arguments, "--site", str(site.root)], input=answer, catch_exceptions=False)


def named(site: Site, name: str) -> Path:
    return next(path for path in site.articles.rglob("*.md") if name in path.read_text("utf-8"))


def holding(site: Site) -> list[str]:
    names = ("tide came", "wall came", "far came")
    return [name for name in names if PROMO in named(site, name).read_text("utf-8")]


def article(site: Site, name: str) -> str:
    return named(site, name).relative_to(site.articles).as_posix()


def test_a_rule_is_told_asked_and_holds_for_its_site_now_and_later(site):
    told = run(site, "drop", article(site, "tide came"), PROMO, "--rule", answer="n\n")
    assert "2 articles" in told.output
    assert article(site, "wall came") in told.output
    assert article(site, "far came") not in told.output
    assert told.exit_code != 0
    assert len(holding(site)) == 3
    assert run(site, "drop", article(site, "tide came"), PROMO, "--rule").exit_code == 0
    assert holding(site) == ["far came"]
    reclean(site, (), BuildOptions(), Report())
    assert holding(site) == ["far came"]
    (site.saved / "late.html").write_text(page("late"), "utf-8")
    build_site(site, BuildOptions(out=site.root / "build"))
    assert PROMO not in named(site, "late came").read_text("utf-8")


def test_a_part_is_put_back_in_all_articles_of_the_site(site):
    listed = run(site, "parts", article(site, "tide came")).output
    number = next(line.partition("\t")[0] for line in listed.splitlines() if "Harbour Post" in line)
    assert run(site, "restore", article(site, "tide came"), number, "--rule", "--yes", answer="").exit_code == 0
    for name, there in (("tide came", True), ("wall came", True), ("far came", False)):
        assert ("Harbour Post" in named(site, name).read_text("utf-8").partition("\n---\n")[2]) == there
    before = {path: path.read_bytes() for path in site.articles.rglob("*.md")}
    reclean(site, (), BuildOptions(), Report())
    assert {path: path.read_bytes() for path in site.articles.rglob("*.md")} == before


def test_a_rule_that_goes_holds_no_more(site):
    run(site, "drop", article(site, "tide came"), PROMO, "--rule", "--yes")
    (site.root / "content/publishers/news.example.org.toml").unlink()
    reclean(site, (), BuildOptions(), Report())
    assert len(holding(site)) == 3


def test_edits_stay_under_a_rule(site):
    path = named(site, "wall came")
    path.write_text(path.read_text("utf-8").replace("school was closed", "school stayed shut"), "utf-8")
    run(site, "drop", article(site, "tide came"), PROMO, "--rule", "--yes")
    assert "school stayed shut" in path.read_text("utf-8")
    assert PROMO not in path.read_text("utf-8")


def test_what_cannot_be_a_rule_is_said(site):
    for arguments in (("drop", "the church after"), ("restore", "1", "2")):
        done = CliRunner().invoke(
            commands,
            [arguments[0], article(site, "tide came"), *arguments[1:], "--rule", "--yes", "--site", str(site.root)],
        )
        assert done.exit_code != 0
    assert not (site.root / "content/publishers").exists()


def test_a_file_of_rules_keeps_what_is_in_it(tmp_path):
    one, two = Choice(action="drop", text='a "quoted" \x7f\n text'), Choice(action="restore", text="b", after="c")
    path = add_rule(tmp_path, "example.org", one)
    path.write_text(f"# mine\n{path.read_text('utf-8')}", "utf-8")
    add_rule(tmp_path, "example.org", two)
    before = path.read_bytes()
    add_rule(tmp_path, "example.org", two)
    assert path.read_bytes() == before
    assert before.startswith(b"# mine\n")
    rules = load_rules(tmp_path)
    assert rules_for(rules, "www.example.org") == (one, two)
    assert rules_for(rules, "badexample.org") == ()
    with pytest.raises(SiteError, match="otherwise"):
        add_rule(tmp_path, "example.org", Choice(action="drop", text="b"))


@pytest.mark.parametrize("text", ["rules = 1", "not toml", '[[rules]]\naction = "burn"\ntext = "x"', "[[other]]"])
def test_a_file_of_rules_that_is_wrong_is_named(tmp_path, text):
    (tmp_path / "a.toml").write_text(text)
    with pytest.raises(SiteError, match=r"content/publishers/a\.toml"):
        load_rules(tmp_path)
