"""Several captures of one story: one article with a history, whatever the order in which they come."""

from __future__ import annotations

import itertools
import re

import pytest
from click.testing import CliRunner

from backfile.cli import commands
from backfile.compare import compare
from backfile.markdown import load_article
from backfile.pipeline import BuildOptions, build_site, import_only
from backfile.receipts import read_stored
from backfile.report import Report
from backfile.versions import pin
from tests.conftest import tree

ADDRESS = "https://post.example/2024/the-tide"
FIRST = "The tide came in on Monday with more force than anyone on the quay had seen since the winter of the flood."
SECOND = "Fishermen pulled their boats up to the church, and the school was closed for the rest of the week."
THIRD = "The council will meet on Thursday, and the mayor has asked the province for sand, pumps and a new wall."


def page(modified: str, *paragraphs: str, title: str = "The tide", url: str = ADDRESS) -> str:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return f"""<html lang="en"><head><title>{title}</title><link rel="canonical" href="{url}">
<meta property="article:published_time" content="2024-03-04T08:00:00+01:00">
<meta property="article:modified_time" content="2024-03-0{modified}T09:00:00+01:00"></head>
<body><article><h1>{title}</h1>{text}</article></body></html>"""


OLD = page("4", FIRST, SECOND)
NEWER = page("5", FIRST, SECOND.replace("week", "month"), THIRD)
NEWEST = page("6", FIRST, SECOND.replace("week", "month"), THIRD, title="The tide: council to meet")
STUB = page("7", FIRST[:60] + "…")


def built(site):
    return build_site(site, BuildOptions())


def only_article(site):
    (path,) = site.articles.rglob("*.md")
    return path, load_article(path.read_text()).article


def test_captures_of_one_address_are_one_article_and_the_newest_leads(make_site):
    site = make_site({"content/saved/1.html": OLD, "content/saved/2.html": NEWER})
    report = built(site)
    assert report.counts["added"] == 1
    assert report.counts["another version"] == 1
    _, article = only_article(site)
    assert THIRD in article.body
    assert len(article.versions) == 1
    assert built(site).counts["another version"] == 0


def test_the_order_in_which_captures_come_does_not_matter(make_site, tmp_path):
    results = []
    for n, order in enumerate(itertools.permutations([OLD, NEWER, NEWEST])):
        site = make_site({})
        for each in order:
            (site.saved).mkdir(parents=True, exist_ok=True)
            (site.saved / f"{[OLD, NEWER, NEWEST].index(each)}.html").write_text(each)
            built(site)
        _, article = only_article(site)
        results.append((article.title, article.body, article.id, article.versions))
        site.root.rename(tmp_path / f"done-{n}")
    assert results == results[:1] * 6
    assert results[0][0] == "The tide: council to meet"


def test_a_stub_never_replaces_a_whole_text(make_site):
    site = make_site({"content/saved/1.html": OLD})
    built(site)
    (site.saved / "2.html").write_text(STUB)
    built(site)
    _, article = only_article(site)
    assert SECOND in article.body


def test_another_story_under_the_same_address_stays_an_article_of_its_own(make_site):
    grain = "A ship with grain from the south has come in to the harbour after nine days of storm at sea."
    more = "Its captain said on Friday that the crew had slept little and two of the boats were lost off the cape."
    other = page("5", grain, more, more.replace("Friday", "Saturday"), title="Grain")
    site = make_site({"content/saved/1.html": OLD, "content/saved/2.html": other})
    report = built(site)
    assert report.counts["added"] == 2


def test_what_the_user_wrote_stays_when_a_newer_capture_takes_the_lead(make_site):
    site = make_site({"content/saved/1.html": OLD})
    built(site)
    path, _ = only_article(site)
    path.write_text(path.read_text().replace("on Monday", "on Monday night") + "\nMy remark.\n")
    (site.saved / "2.html").write_text(NEWER)
    built(site)
    text = path.read_text()
    assert all(words in text for words in ("on Monday night", "My remark.", THIRD, "month"))


def test_what_the_user_and_a_newer_capture_both_changed_is_said_with_the_file_that_has_the_other(make_site):
    site = make_site({"content/saved/1.html": OLD})
    built(site)
    path, _ = only_article(site)
    path.write_text(path.read_text().replace("rest of the week", "rest of my week"))
    (site.saved / "2.html").write_text(NEWER)
    (notice,) = (each for each in built(site).notices if "yours stays" in each.what)
    assert notice.where == f"content/articles/{path.relative_to(site.articles)}"
    assert f"Compare it with {path.name}.new" in notice.hint
    assert path.with_name(f"{path.name}.new").exists()
    assert "rest of my week" in path.read_text()


def test_an_article_written_by_hand_is_left_alone(make_site):
    mine = f"---\ntitle: Mine\nsource: {ADDRESS}\n---\n\n{FIRST}\n"
    site = make_site({"content/articles/mine.md": mine, "content/saved/1.html": OLD})
    assert built(site).counts["added"] == 1
    assert (site.articles / "mine.md").read_text() == mine
    listed = CliRunner().invoke(commands, ["versions", "mine", "--site", str(site.root)], catch_exceptions=False)
    assert listed.output == "info: this article has no receipt: it was not made from a saved page\n"


def test_a_version_can_be_pinned_and_stays(make_site):
    site = make_site({"content/saved/1.html": OLD, "content/saved/2.html": NEWER})
    built(site)
    path, article = only_article(site)

    def run(*arguments: str) -> str:
        return CliRunner().invoke(commands, [*arguments, "--site", str(site.root)], catch_exceptions=False).output

    listed = run("versions", str(path))
    assert [line.split("\t")[0] for line in listed.splitlines()] == [article.versions[0][:8], article.id[:8]]
    run("pin", str(path), article.versions[0])
    _, pinned = only_article(site)
    assert (pinned.id, pinned.versions) == (article.versions[0], (article.id,))
    assert "week" in pinned.body
    assert THIRD not in pinned.body
    (site.saved / "3.html").write_text(NEWEST)
    built(site)
    _, after = only_article(site)
    assert after.id == pinned.id
    assert len(after.versions) == 2
    with pytest.raises(Exception, match="has no version"):
        run("pin", str(path), "ffffffffffffffff")


def test_recleaning_leaves_versions_as_they_are(make_site):
    site = make_site({"content/saved/1.html": OLD, "content/saved/2.html": NEWER})
    built(site)
    before = tree(site.root / "content")
    result = CliRunner().invoke(commands, ["reclean", "--json", "--site", str(site.root)], catch_exceptions=False)
    assert '"unchanged": 2' in result.output
    assert tree(site.root / "content") == before


@pytest.mark.parametrize("builds_between", [0, 1])
@pytest.mark.parametrize("pinned", [False, True])
def test_an_article_that_was_named_anew_gets_its_next_capture(make_site, builds_between, pinned):
    site = make_site({"content/saved/1.html": OLD})
    built(site)
    path, article = only_article(site)
    if pinned:
        pin(site.articles, site.receipts, path.relative_to(site.articles).as_posix(), article.id)
        built(site)
    path.rename(site.articles / "mine.md")
    for _ in range(builds_between):
        built(site)
    (site.saved / "2.html").write_text(NEWER)
    assert built(site).counts["another version"] == 1
    path, article = only_article(site)
    assert path.name == "mine.md"
    assert len(article.versions) == 1
    assert (THIRD in article.body) is not pinned


def test_a_renamed_article_gets_capture_after_capture(make_site):
    """Without a build between them."""
    site = make_site({"content/saved/1.html": OLD})
    built(site)
    only_article(site)[0].rename(site.articles / "mine.md")
    for name, text in (("2.html", NEWER), ("3.html", NEWEST)):
        (site.root / name).write_text(text)
        import_only(site, BuildOptions(), report := Report(), [site.root / name])
        assert report.counts["another version"] == 1
    assert len(only_article(site)[1].versions) == 2


def test_a_newer_capture_waits_for_an_article_that_cannot_be_read(make_site):
    site = make_site({"content/saved/1.html": OLD})
    built(site)
    path, _ = only_article(site)
    text = path.read_text()
    path.write_text(text.replace("title: ", "title: One: ", 1))
    (site.saved / "2.html").write_text(NEWER)
    assert any(f"{path.name}, cannot be read" in notice.what for notice in built(site).notices)
    assert len(list(site.articles.rglob("*.md"))) == 1
    path.write_text(text)
    built(site)
    assert THIRD in only_article(site)[1].body


@pytest.mark.parametrize("leads", [True, False])
def test_the_file_says_whether_a_capture_is_pinned(make_site, leads):
    site = make_site({"content/saved/1.html": OLD})
    built(site)
    path, article = only_article(site)
    if leads:
        pin(site.articles, site.receipts, path.relative_to(site.articles).as_posix(), article.id)
        path.write_text(path.read_text().replace("  pinned: true\n", ""))
    else:
        path.write_text(path.read_text().replace("archive:\n", "archive:\n  pinned: true\n"))
    (site.saved / "2.html").write_text(NEWER)
    built(site)
    path, article = only_article(site)
    assert (THIRD in article.body) is leads
    assert article.pinned is not leads
    assert len(article.versions) == 1


def test_a_deleted_article_stays_away_until_its_page_is_saved_once_more(make_site):
    site = make_site({"content/saved/1.html": OLD})
    built(site)
    only_article(site)[0].unlink()
    built(site)
    assert not list(site.articles.rglob("*.md"))
    (site.saved / "2.html").write_text(NEWER)
    built(site)
    assert THIRD in only_article(site)[1].body


def test_the_page_of_versions_shows_what_changed_word_by_word(make_site):
    site = make_site({"content/saved/1.html": OLD, "content/saved/2.html": NEWER, "content/saved/3.html": NEWEST})
    built(site)
    history = (site.build / "versions" / "2024" / "03" / "the-tide.html").read_text()
    assert "<del>week.</del>" in history
    assert "<ins>month.</ins>" in history
    assert "The tide: council to meet" in history
    article = (site.build / "2024" / "03" / "the-tide.html").read_text()
    assert "../../versions/2024/03/the-tide.html" in article
    changes = (site.build / "changes" / "index.html").read_text()
    assert "../versions/2024/03/the-tide.html" in changes
    assert "the-tide.html" in (site.build / "changes" / "feed.xml").read_text()
    assert 'href="changes/index.html"' in (site.build / "index.html").read_text()


def test_words_that_went_together_are_shown_together():
    (passage,) = compare(["It opens next year, the town said."], ["It opens this summer, the town said."])
    assert [(piece.kind, piece.text) for piece in passage.pieces] == [
        ("same", "It opens "),
        ("removed", "next year,"),
        ("added", "this summer,"),
        ("same", " the town said."),
    ]


def test_removed_parts_have_the_numbers_that_restore_takes(make_site):
    text = page("4", FIRST, SECOND).replace("<article>", "<nav>Home Sport Weather</nav><article>")
    site = make_site({"content/saved/a.html": text})
    built(site)
    path = next(site.articles.rglob("*.md"))
    removed = read_stored(site.receipts, load_article(path.read_text()).article.id).receipt.removed
    shown = next((site.build / "2024" / "03").glob("*-tide.html")).read_text()
    parts = re.findall(r'<dd><span class="n">(\d+)</span> ([^<]*)</dd>', shown)
    assert len(removed) > 1
    assert sorted((int(number), text) for number, text in parts) == [(n, r.text) for n, r in enumerate(removed, 1)]


def run_in(site, *arguments: str):
    return CliRunner().invoke(commands, [*arguments, "--site", str(site.root)], catch_exceptions=False)


def with_banner(text: str, banner: str = "Follow the tide on our channel") -> str:
    return text.replace("<body>", f"<body><nav>{banner}</nav>")


def test_what_the_user_chose_holds_for_captures_that_come_later(make_site):
    site = make_site({"content/saved/1.html": with_banner(OLD)})
    built(site)
    path, _ = only_article(site)
    name = path.relative_to(site.articles).as_posix()
    assert run_in(site, "drop", name, "Fishermen pulled their boats up to the church, and").exit_code == 0
    assert run_in(site, "restore", name, "1").exit_code == 0
    for number, capture in enumerate([with_banner(NEWER), with_banner(NEWEST, "Another banner")], 2):
        (site.saved / f"{number}.html").write_text(capture)
        built(site)
        _, article = only_article(site)
        assert "Fishermen" not in article.body
        assert ("Follow the tide" in article.body) == (number == 2)
        run_in(site, "reclean")
        assert only_article(site)[1].body == article.body
    for version in article.versions:
        assert run_in(site, "pin", name, version).exit_code == 0
        assert "Fishermen" not in only_article(site)[1].body
        assert "Follow the tide" in only_article(site)[1].body


def test_what_the_user_chose_is_no_change_of_the_page(make_site):
    site = make_site({"content/saved/1.html": with_banner(OLD), "content/saved/2.html": with_banner(NEWER)})
    built(site)
    path, _ = only_article(site)
    name = path.relative_to(site.articles).as_posix()
    assert run_in(site, "drop", name, "since the winter of the flood.").exit_code == 0
    assert run_in(site, "restore", name, "1").exit_code == 0
    built(site)
    (html,) = (site.build / "versions").rglob("*.html")
    page = html.read_text()
    assert "winter of the flood" not in page
    assert "Follow the tide" not in page
    assert re.search(r"<del>\W*week", page)
