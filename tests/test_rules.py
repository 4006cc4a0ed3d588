"""A choice made for one article can be a rule for all articles of its site, now and later."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from backfile.cleaning.publishers import profile_in, profiles_for
from backfile.cli import commands
from backfile.config import Site
from backfile.model import Choice
from backfile.pipeline import BuildOptions, build_site, reclean
from backfile.report import Report, SiteError
from backfile.rules import add_rule, cleaning_of, load_publishers, rules_for

PROMO = "Our reporters walk the harbour every day so that nobody who lives there needs to, come rain or shine."


BROKEN = 'name = "A"\n[[layouts]]\nbody = ["p::("]\n'
PROFILE = '''name = "Harbour Post"
[[layouts]]
body = ["article"]
[layouts.drop]
"a box of ours" = [".ours"]
[[checks]]
page = """<h1>The tide gauge was right</h1><article>
<p>The gauge on the north pier had shown a foot too much for a year, and nobody had believed it.</p>
<p class='ours'>A box of ours.</p></article>"""
title = "The tide gauge was right"
text = "The gauge on the north pier had shown a foot too much for a year, and nobody had believed it."
'''


def page(name: str, host: str = "news.example.org") -> str:
    return f"""<html lang="en"><head><title>{name}</title><link rel="canonical" href="https://{host}/{name}">
</head><body><nav><a href="/">Home</a> <a href="/sport">Sport</a></nav><article><h1>{name} of the harbour</h1>
<p>The {name} came in on Monday with more force than anyone on the quay had seen since the winter of the flood.</p>
<p>Fishermen pulled their boats up to the church after the {name}, and the school was closed for the week.</p>
<p class="ours">{PROMO}</p>
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
    assert told.exit_code == 1
    assert "nothing changed" in told.output
    nobody = run(site, "drop", article(site, "tide came"), PROMO, "--rule", answer="")
    assert (nobody.exit_code, "nothing changed" in nobody.output) == (1, True)
    assert len(holding(site)) == 3
    done = run(site, "drop", article(site, "tide came"), PROMO, "--rule")
    assert (done.exit_code, done.output.splitlines()[-1]) == (0, "done")
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
    rules = {"example.org": load_publishers(tmp_path)[0].rules}
    assert rules_for(rules, "www.example.org") == (one, two)
    assert rules_for(rules, "badexample.org") == ()
    with pytest.raises(SiteError, match="otherwise"):
        add_rule(tmp_path, "example.org", Choice(action="drop", text="b"))


@pytest.mark.parametrize(
    "text", ["rules = 1", "not toml", '[[rules]]\naction = "burn"\ntext = "x"', "[[other]]", BROKEN]
)
def test_a_file_of_rules_that_is_wrong_is_named(tmp_path, text):
    (tmp_path / "a.toml").write_text(text)
    with pytest.raises(SiteError, match=r"content/publishers/a\.toml"):
        load_publishers(tmp_path)


def with_profile(site: Site, text: str = PROFILE, name: str = "example.org.toml") -> Path:
    path = site.root / "content/publishers" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def test_the_site_s_own_profile_is_used_wherever_its_pages_are_cleaned(site, tmp_path, monkeypatch):
    with_profile(site)
    reclean(site, (), BuildOptions(), Report())
    assert holding(site) == ["far came"]
    (site.saved / "late.html").write_text(page("late"), "utf-8")
    build_site(site, BuildOptions(out=site.root / "build"))
    assert PROMO not in named(site, "late came").read_text("utf-8")
    saved = str(site.saved / "late.html")
    for command in (["clean", saved], ["clean", saved, "--json"], ["extract", saved, "-o", str(tmp_path / "x")]):
        assert run(site, *command).exit_code == 0
    assert PROMO not in run(site, "clean", saved).output
    assert "a box of ours (profile Harbour Post)" in run(site, "explain", saved, "--json").output
    assert all(PROMO not in file.read_text("utf-8") for file in (tmp_path / "x").rglob("*.jsonl"))
    assert PROMO in run(site, "clean", saved, "--no-profiles").output
    outside = CliRunner().invoke(commands, ["clean", saved], catch_exceptions=False)
    assert PROMO in outside.output
    monkeypatch.chdir(site.saved)
    inside = CliRunner().invoke(commands, ["clean", saved], catch_exceptions=False)
    assert inside.output == run(site, "clean", saved).output


def test_rules_and_profile_share_a_file_and_rules_hold_for_its_domains(site):
    path = with_profile(site, f'domains = ["example.org", "other.example"]\n{PROFILE}', "post.toml")
    add_rule(path.parent, "post", Choice(action="drop", text="The far came in on Monday."))
    options = cleaning_of(site)
    assert {domain: len(rules) for domain, rules in options.rules.items()} == dict.fromkeys(
        ("post", "example.org", "other.example"), 1
    )
    assert [profile.name for profile in options.own] == ["Harbour Post"]
    reclean(site, (), BuildOptions(), Report())
    assert holding(site) == []


def test_a_profile_of_the_site_is_tested_like_any_other(site):
    path = with_profile(site)
    tried = CliRunner().invoke(commands, ["profile", "test", str(path), str(site.saved / "tide.html")])
    assert "1 of 1 checks pass" in tried.output, tried.output
    assert f"- {PROMO}" in tried.output
    add_rule(path.parent, "rules.example", Choice(action="drop", text="x"))
    empty = CliRunner().invoke(commands, ["profile", "test", str(path.with_name("rules.example.toml"))])
    assert "holds no profile" in str(empty.exception)


def test_where_no_layout_of_the_own_profile_fits_the_shipped_one_is_used():
    own = profile_in({"name": "Mine", "domains": ["euronews.com"], "layouts": [{"body": [".nowhere"]}]})
    assert [each.name for each in profiles_for("https://fr.euronews.com/a", (own,))] == ["Mine", "Euronews"]


@pytest.mark.parametrize(
    "selector",
    [
        "div " * 6,
        ":not(" * 6 + "a" + ")" * 6,
        "a" * 401,
        "svg|a",
        "p::before",
        ":nth-child(" + "9" * 500 + ")",
    ],
)
def test_a_selector_beyond_the_bounds_is_one_clear_line(selector):
    """What a selector costs on a page grows with its steps, and deep brackets would end the program."""
    layout = {"body": ["article"], "drop": {"x": [selector]}}
    with pytest.raises(ValueError, match="selector"):
        profile_in({"name": "Mine", "domains": ["mine.example"], "layouts": [layout]})


def test_a_profile_has_so_many_selectors_and_a_file_so_many_bytes(site):
    with pytest.raises(ValueError, match="more than 300"):
        profile_in({"name": "M", "domains": ["m.example"], "layouts": [{"body": ["div"] * 301}]})
    path = with_profile(site)
    path.write_text("a = " + "[" * 100_000)
    with pytest.raises(SiteError, match="nested too deep"):
        cleaning_of(site)
    path.write_text("# " + "x" * (1 << 20))
    with pytest.raises(SiteError, match="1 MB"):
        cleaning_of(site)
