"""Articles made anew from their originals, and parts put back or taken out: what the user changed stays."""

from __future__ import annotations

import base64
import io
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from PIL import Image

from backfile import recleaning, revising, saving
from backfile.choices import body_blocks, choice_to_drop, choice_to_restore, plain_text, read_text, with_choices
from backfile.cli import commands
from backfile.config import Site
from backfile.model import Choice, Removal
from backfile.pipeline import BuildOptions, build_site, reclean
from backfile.receipts import read_stored, receipt_path
from backfile.report import ReadError, Report
from tests.conftest import tree

PAGE = """<html lang="en"><head><title>The tide | Harbour Post</title></head><body>
<nav><a href="/">Home</a> <a href="/sport">Sport</a></nav>
<article><h1>The tide</h1>
<p>The tide came in on Monday with more force than anyone on the quay had seen since the winter of the flood.</p>
<p>Fishermen pulled their boats up to the church, and the school was closed for the rest of the week.</p>
<p class="promo">Sign up for our newsletter</p>
<p>“We will rebuild the wall before autumn,” the mayor said after a visit to the harbour on Tuesday morning.</p>
</article><footer>© Harbour Post</footer></body></html>"""


@pytest.fixture
def site(make_site) -> Site:
    made = make_site({"content/saved/tide.html": PAGE})
    build_site(made, BuildOptions(out=made.root / "build"))
    return made


def picture(width: int, height: int) -> bytes:
    data = io.BytesIO()
    Image.effect_noise((width, height), 80).save(data, "PNG")
    return data.getvalue()


def article_of(site: Site) -> Path:
    return next(site.articles.rglob("*.md"))


def again(site: Site, *names: str, dry: bool = False) -> Report:
    report = Report()
    reclean(site, names, BuildOptions(), report, dry=dry)
    return report


def run(site: Site, *arguments: str) -> str:
    result = CliRunner().invoke(commands, [*arguments, "--site", str(site.root)], catch_exceptions=False)
    return result.output


def grow(monkeypatch: pytest.MonkeyPatch, change: str) -> None:
    """A newer cleaner, which gives another text."""
    clean = saving.clean

    def cleaner(capture, options):
        cleaned = clean(capture, options)
        return replace(cleaned, article=replace(cleaned.article, body=change.join(cleaned.article.body.split("tide"))))

    monkeypatch.setattr(saving, "clean", cleaner)


def test_the_same_cleaner_changes_nothing(site):
    before = tree(site.root / "content")
    assert again(site).counts == {"unchanged": 1}
    assert tree(site.root / "content") == before


def test_a_newer_cleaner_replaces_what_nobody_edited(site, monkeypatch):
    grow(monkeypatch, "TIDE")
    before = tree(site.root / "content")
    assert again(site, dry=True).counts == {"replaced": 1}
    assert tree(site.root / "content") == before
    assert again(site).counts == {"replaced": 1}
    assert "The TIDE came" in article_of(site).read_text()
    assert again(site).counts == {"unchanged": 1}


def test_edits_and_the_newer_text_are_both_kept(site, monkeypatch):
    path = article_of(site)
    path.write_text(path.read_text().replace("for the rest of the week", "until Friday") + "\nMy remark.\n")
    grow(monkeypatch, "TIDE")
    assert again(site, str(path)).counts == {"merged": 1}
    text = path.read_text()
    assert all(words in text for words in ("The TIDE came", "until Friday", "My remark."))
    assert again(site).counts == {"unchanged": 1}


def test_a_conflict_leaves_the_users_text_and_puts_the_machines_beside_it(site, monkeypatch):
    path = article_of(site)
    path.write_text(path.read_text().replace("The tide came in on Monday", "The tide came in on 3 May"))
    mine = path.read_text()
    grow(monkeypatch, "TIDE")
    report = again(site)
    assert report.counts == {"in conflict": 1}
    assert path.read_text() == mine
    assert "The TIDE came in on Monday" in path.with_name(path.name + ".new").read_text()
    assert [notice.where for notice in report.notices] == [f"content/articles/{path.relative_to(site.articles)}"]
    path.with_name(path.name + ".new").write_text("kept by me")
    grow(monkeypatch, "Tide")
    again(site)
    assert path.with_name(path.name + ".new").read_text() == "kept by me"


@pytest.mark.parametrize("done", [False, True])
def test_a_run_killed_in_the_middle_is_ended_by_the_next(site, monkeypatch, done):
    path = article_of(site)
    path.write_text(path.read_text() + "\nMy remark.\n")
    grow(monkeypatch, "TIDE")
    write = revising.write_durable

    class Killed(BaseException):
        pass

    def killed(target, data):
        if done:
            write(target, data)
        raise Killed

    monkeypatch.setattr(revising, "write_durable", killed)
    with pytest.raises(Killed):
        again(site)
    monkeypatch.setattr(revising, "write_durable", write)
    again(site)
    text = path.read_text()
    assert text.count("My remark.") == 1
    assert text.count("The TIDE came") == 1
    stored = recleaning.stored_of(site.articles, site.receipts, str(path.relative_to(site.articles)))
    assert stored.change is None


def test_pictures_stay_when_an_article_is_made_anew(make_site, monkeypatch):
    dot = base64.b64encode(picture(400, 300)).decode()
    page = PAGE.replace(
        "</h1>", f'</h1><figure><img src="data:image/png;base64,{dot}"><figcaption>The quay</figcaption></figure>'
    )
    site = make_site({"content/saved/tide.html": page})
    build_site(site, BuildOptions())
    assert "media/" in article_of(site).read_text()
    before = tree(site.root / "content")
    assert again(site).counts == {"unchanged": 1}
    assert tree(site.root / "content") == before
    grow(monkeypatch, "TIDE")
    again(site)
    assert article_of(site).read_text() == next(v for k, v in before.items() if k.endswith(".md")).decode().replace(
        "The tide came", "The TIDE came"
    )


def test_an_original_that_is_gone_or_other_is_said(site):
    (site.saved / "tide.html").write_text(PAGE.replace("Monday", "Sunday"))
    before = tree(site.root / "content")
    report = again(site)
    assert report.counts["original missing"] == 1
    assert tree(site.root / "content") == before
    (site.saved / "tide.html").unlink()
    assert again(site).counts["original missing"] == 1


def test_a_folder_in_the_place_of_an_article_costs_that_article_only(site):
    path = article_of(site)
    path.unlink()
    path.mkdir()
    assert again(site).counts == {"deleted by you": 1}
    (site.saved / "tide.html").rename(site.saved / "old tide.html")
    assert build_site(site, BuildOptions(force=True)).counts["deleted by you"] == 1


def test_an_original_that_was_moved_is_found(site, monkeypatch):
    (site.saved / "tide.html").rename(site.saved / "old tide.html")
    grow(monkeypatch, "TIDE")
    report = again(site)
    assert not report.notices
    assert "The TIDE came" in article_of(site).read_text()
    assert '"content/saved/old tide.html"' in next(site.receipts.rglob("*.json")).read_text()


def test_an_article_that_the_user_deleted_stays_away(site):
    article_of(site).unlink()
    assert again(site).counts == {"deleted by you": 1}
    assert not list(site.articles.rglob("*.md"))


def test_an_article_that_the_user_moved_is_found(site, monkeypatch):
    path = article_of(site)
    moved = path.rename(site.articles / "mine.md")
    grow(monkeypatch, "TIDE")
    assert again(site).counts == {"replaced": 1}
    assert "The TIDE came" in moved.read_text()
    assert not path.exists()


def test_files_without_a_receipt_or_a_name_are_said(site):
    (site.articles / "mine.md").write_text("By hand.\n")
    for name, words in (("mine", "by hand"), ("nowhere", "is no article")):
        with pytest.raises(ReadError, match=words):
            again(site, name)
    identity = next(site.receipts.rglob("*.json")).stem
    receipt_path(site.receipts, identity).write_text("{")
    assert again(site).errors == 1


def test_a_part_put_back_survives_a_newer_cleaner(site, monkeypatch):
    listed = run(site, "parts", str(article_of(site)))
    number = next(line.split("\t")[0] for line in listed.splitlines() if "newsletter" in line)
    assert "done" in run(site, "restore", str(article_of(site)), number)
    blocks = article_of(site).read_text().split("\n\n")
    assert blocks[-2:][0] == "Sign up for our newsletter"
    assert "newsletter" not in run(site, "parts", str(article_of(site)))
    grow(monkeypatch, "TIDE")
    again(site)
    blocks = article_of(site).read_text().split("\n\n")
    assert blocks[-2] == "Sign up for our newsletter"


def test_a_sentence_taken_out_stays_out_until_it_is_put_back(site, monkeypatch):
    name = str(article_of(site))
    before = article_of(site).read_text()
    sentence = "Fishermen pulled their boats up to the church, and the school was closed for the rest of the week."
    assert "done" in run(site, "drop", name, sentence)
    assert "Fishermen" not in article_of(site).read_text()
    again(site)
    assert "Fishermen" not in article_of(site).read_text()
    lines = run(site, "parts", name).splitlines()
    number = next(line.split("\t")[0] for line in lines if "taken out by you" in line)
    run(site, "restore", name, number)
    assert article_of(site).read_text() == before
    identity = next(site.receipts.rglob("*.json")).stem
    stored = read_stored(site.receipts, identity)
    assert stored
    assert stored.choices == ()


def test_what_is_not_there_cannot_be_put_back_or_taken_out(site):
    for arguments in (("restore", "99"), ("drop", "no such words"), ("drop", "the")):
        with pytest.raises(ReadError):
            run(site, arguments[0], str(article_of(site)), *arguments[1:])


def test_words_of_the_user_are_not_dropped_from_the_page(site):
    path = article_of(site)
    path.write_text(path.read_text() + "\nMy own remark.\n")
    with pytest.raises(ReadError, match=f"your own: delete it in .*{path.name}"):
        run(site, "drop", str(path), "own remark")


def test_a_choice_whose_part_the_page_no_longer_shows_goes_back_to_its_place():
    text = read_text("One.\n\nTwo.", ())
    choice = Choice(action="restore", text="Kept by me.", after="One.")
    assert with_choices(text, [choice]).blocks == ("One.", "Kept by me.", "Two.")
    assert with_choices(text, [replace(choice, after="")]).blocks[-1] == "Kept by me."
    assert with_choices(text, [replace(choice, text="Two.")]) == text


def test_a_part_that_is_cut_in_another_way_by_now_is_found_inside_it():
    removed = (Removal(step="chrome", reason="share", text="Share this. Kept by me. Like", before=1),)
    text = with_choices(read_text("One.\n\nTwo.", removed), [Choice(action="restore", text="Kept by me.")])
    assert text.blocks == ("One.", "Kept by me.", "Two.")
    assert [part.text for part in text.removed] == ["Share this. Like"]


def test_parts_outside_the_body_go_above_or_below_it():
    removed = tuple(
        Removal(step="s", reason="r", text=text, before=n) for text, n in (("top", -1), ("mid", 1), ("end", -1))
    )
    text = read_text("One.\n\nTwo.", removed)
    choices = [choice_to_restore(text, number) for number in (1, 2, 3)]
    assert with_choices(text, choices).blocks == ("top", "One.", "mid", "Two.", "end")


def test_words_are_taken_out_across_marks():
    text = read_text("A **bold** word and [a link](http://a.example/b_c) stay\\_here. The rest.", ())
    choice = choice_to_drop(text, "bold word and a link")
    assert with_choices(text, [choice]).body == "A stay_here. The rest."
    choice = choice_to_drop(text, "The rest.")
    assert with_choices(text, [choice]).body == "A **bold** word and [a link](http://a.example/b_c) stay\\_here."


def test_blocks_are_commonmarks():
    body = "## A *b*c\n\n- x\n\n- y\n\n```\na\n\nb\n```\n\n---\n\n| a |\n|---|\n| 1 |"
    assert "\n\n".join(body_blocks(body)) == body
    assert [plain_text(block) for block in body_blocks(body)] == ["A bc", "x y", "a b", "", "a 1"]
