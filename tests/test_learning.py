"""A publisher's template is learnt from its articles, and takes no sentence of theirs with it."""

from __future__ import annotations

import shutil

import pytest

from backfile.choices import read_text
from backfile.learning import learn, without_template
from backfile.markdown import dump_article
from backfile.model import Article, Receipt, Removal
from backfile.pipeline import BuildOptions, build_site, reclean
from backfile.receipts import StoredReceipt, read_stored
from backfile.report import ReadError, Report
from tests.conftest import tree

BOX = "Follow our harbour desk for all that moves on the water."
WIRE = "The ministry said that no one was hurt when the ship struck the pier in the night."


def stored(n: int, host: str, *blocks: str, removed: tuple[Removal, ...] = ()) -> StoredReceipt:
    article = Article(title=f"T{n}", url=f"https://www.{host}/{n}", body="\n\n".join((f"Story {n} begins.", *blocks)))
    receipt = Receipt(id=f"{n:016x}", removed=removed)
    return StoredReceipt(article=f"{host}-{n}.md", markdown=dump_article(article), receipt=receipt)


def test_what_stands_in_many_articles_of_a_site_is_its_template():
    templates = learn([stored(n, "post.example", BOX, f"End {n}.") for n in range(5)])
    assert dict(templates["post.example"].blocks) == {BOX: 5}
    text = without_template(read_text(f"{WIRE}\n\n{BOX}\n\nTwo.", ()), templates["post.example"])
    assert text.blocks == (WIRE, "Two.")
    assert text.removed == (
        Removal(step="recurs", reason="recurs in 5 of 5 pages of post.example", text=BOX, before=1),
    )


@pytest.mark.parametrize("code", ["    </title><script>x</script>\n\n      deeper", "  ```\n  <b>\n  ```", "\t<i>tab"])
def test_code_stays_code(code):
    template = learn([stored(n, "post.example", BOX) for n in range(5)])["post.example"]
    text = without_template(read_text(f"{WIRE}\n\n{BOX}\n\n{code}\n\nTwo.", ()), template)
    assert text.blocks == (WIRE, code, "Two.")


def test_an_article_that_recurs_for_the_most_part_stays_whole():
    """It was saved at several addresses, or is all filler: nobody wants it empty."""
    template = learn([stored(n, "post.example", BOX, WIRE) for n in range(5)])["post.example"]
    assert set(template.blocks) == {BOX, WIRE}
    whole = read_text(f"A short word of its own.\n\n{BOX}\n\n{WIRE}", ())
    assert without_template(whole, template) == whole


@pytest.mark.parametrize(
    "receipts",
    [
        [stored(n, "post.example", BOX) for n in range(2)],
        [stored(n, "post.example", *([BOX] if n < 3 else [])) for n in range(20)],
        [*(stored(n, "post.example", WIRE) for n in range(5)), stored(9, "other.example", WIRE)],
        [stored(n, "post.example", *(["## Background"] if n < 4 else [])) for n in range(10)],
    ],
    ids=["too few", "too small a share", "a wire copy's", "a heading"],
)
def test_what_may_be_an_articles_own_stays(receipts):
    assert not learn(receipts)


def test_several_captures_of_one_story_count_once():
    one = [stored(1, "post.example", BOX) for _ in range(5)]
    assert not learn(one)


def test_what_was_taken_out_before_still_counts():
    gone = (Removal(step="recurs", reason="r", text=BOX),)
    assert learn([stored(n, "post.example", removed=gone) for n in range(6)])["post.example"].blocks == {BOX: 6}


def page(n: int) -> str:
    return f"""<html lang="en"><head><title>Story {n}</title><link rel="canonical" href="https://post.example/{n}">
<meta property="article:published_time" content="2024-03-{n + 1:02}"></head><body><article><h1>Story {n}</h1>
<p>The tide number {n} came in with more force than anyone on the quay had seen since the winter of the flood.</p>
<p>{BOX}</p>
<p>Fishermen of boat {n} pulled it up to the church, and school {n} was closed for the rest of the week.</p>
</article></body></html>"""


def test_an_import_of_many_files_and_a_new_cleaning_leave_it_out(make_site):
    site = make_site({f"content/saved/{n}.html": page(n) for n in range(12)})
    build_site(site, BuildOptions())
    texts = [path.read_text() for path in site.articles.rglob("*.md")]
    assert len(texts) == 12
    assert not [text for text in texts if BOX in text]
    before = tree(site.root / "content" / "articles")
    report = Report()
    reclean(site, (), BuildOptions(), report)
    assert report.counts == {"unchanged": 12}
    assert tree(site.root / "content" / "articles") == before


def test_a_receipt_that_cannot_be_read_for_now_puts_learning_off(make_site, monkeypatch):
    site = make_site({f"content/saved/{n}.html": page(n) for n in range(12)})
    build_site(site, BuildOptions())
    wanted = tree(site.root / "content")
    for folder in (site.articles, site.receipts, site.cache, site.root / "build"):
        shutil.rmtree(folder)
    failing = []

    def unreadable(folder, identity):
        if not failing:
            failing.append(identity)
            raise ReadError("it cannot be read") from PermissionError(13, "Permission denied")
        return read_stored(folder, identity)

    with monkeypatch.context() as patch:
        patch.setattr("backfile.recleaning.read_stored", unreadable)
        report = build_site(site, BuildOptions())
    assert any("what recurs" in notice.what for notice in report.notices)
    assert build_site(site, BuildOptions()).errors == 0
    assert tree(site.root / "content") == wanted
