"""What a page leaves doubtful is ranked; what the user settled is doubted no more, and stays."""

from __future__ import annotations

import json
from dataclasses import replace

from click.testing import CliRunner

from backfile.checking import check_site
from backfile.cli import commands
from backfile.doubting import doubts
from backfile.findings import of_kind
from backfile.model import Article, Candidate, Receipt
from backfile.pipeline import BuildOptions, build_site, reclean
from backfile.report import Report

PAGE = """<html lang="en"><head><title>The tide | Harbour Post</title>
<meta property="og:site_name" content="Harbour Post">
<meta property="article:published_time" content="2024-03-05"><meta name="author" content="Ann Carter">
<script type="application/ld+json">{"@type": "NewsArticle", "headline": "The tide", "datePublished": "2024-03-01"}
</script></head><body><article><h1>The tide</h1>
<p>The tide came in on Monday with more force than anyone on the quay had seen since the winter of the flood.</p>
<p>Fishermen pulled their boats up to the church, and the school was closed for the rest of the week.</p>
</article></body></html>"""


TODAY = "2026-05-01"


def field(name: str, value: str, source: str, chosen: bool = False) -> Candidate:
    return Candidate(field=name, value=value, source=source, chosen=chosen)


ARTICLE = Article(
    title="The tide came in",
    authors=("Harbour Post",),
    publisher="harbour post",
    published="2024-03-05",
    access="locked",
)
RECEIPT = Receipt(
    id="a",
    captured="2024-03-01",
    candidates=(
        field("published", "2024-03-05", "meta", chosen=True),
        field("published", "2023-12-01T10:00", "json-ld"),
        field("title", "The tide came in", "h1", chosen=True),
        field("title", "Mayor promises wall", "meta og:title"),
    ),
)


def test_all_that_is_doubtful_is_told_the_worst_first():
    found = doubts(ARTICLE, ARTICLE, RECEIPT, TODAY)
    assert [weight for weight, _ in found] == sorted((weight for weight, _ in found), reverse=True)
    assert [what.partition(":")[0] for _, what in found] == ["published", "published", "authors", "text", "title"]
    assert "2023-12-01 (json-ld)" in found[1][1]


def test_what_the_user_changed_is_settled():
    now = replace(ARTICLE, title="Tide", authors=("Ann",), published="2024-02-29", access="free")
    assert doubts(now, ARTICLE, RECEIPT, TODAY) == []


def test_a_date_that_is_yet_to_come_is_doubted_also_where_no_capture_is_dated():
    receipt = Receipt(id="a")
    told = [doubts(article, article, receipt, TODAY) for article in (dated("2026-05-02"), dated("2026-05-03"))]
    assert told == [[], [(1.0, "published: 2026-05-03 is yet to come")]]
    assert doubts(dated("2026-04-30"), dated("2026-05-03"), receipt, TODAY) == []


def dated(published: str) -> Article:
    return Article(title="", published=published)


def test_what_agrees_is_not_doubted():
    article = Article(title="The tide", authors=("Ann",), published="2024-03")
    same = (field("title", "The tide, hour by hour", "h1"), field("published", "2024-03", "meta"))
    assert doubts(article, article, Receipt(id="a", captured="2024-03-01", candidates=same), TODAY) == []


def test_a_field_mended_in_the_front_matter_stays_and_is_doubted_no_more(make_site):
    site = make_site({"content/saved/tide.html": PAGE})
    build_site(site)
    assert len(of_kind(check_site(site, BuildOptions()).found, "doubt")) == 1
    path = next(site.articles.rglob("*.md"))
    text = path.read_text("utf-8")
    mended = text.replace(next(line for line in text.splitlines() if line.startswith("date:")), "date: 2024-02-28")
    assert mended != text
    path.write_text(mended, "utf-8")
    reclean(site, (), BuildOptions(), Report())
    assert path.read_text("utf-8") == mended
    assert not of_kind(check_site(site, BuildOptions()).found, "doubt")


def test_every_value_of_a_field_is_shown_with_its_source(tmp_path):
    file = tmp_path / "tide.html"
    file.write_text(PAGE)
    done = CliRunner().invoke(commands, ["explain", "--fields", "--json", str(file)], catch_exceptions=False)
    dates = [row for row in json.loads(done.stdout) if row["step"] == "published"]
    assert {row["text"] for row in dates} == {"2024-03-05", "2024-03-01"}
    assert dates[0]["verdict"] == "kept"
    assert any("json-ld" in row["reason"] for row in dates)
