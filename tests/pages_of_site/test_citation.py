"""Citations: what reference managers read."""

from __future__ import annotations

from urllib.parse import parse_qs

import msgspec

from backfile.citation import bibtex, coins, csl_json, json_ld, plain, ris
from backfile.model import Article, Figure

WHOLE = Article(
    title="Salt & {sand}: 100 %",
    authors=("Maren Holt", "Idris Calloway"),
    agencies=("AFP",),
    published="2024-05-22T10:00:00+02:00",
    captured="2024-06-01T08:00:00+00:00",
    lang="en",
    section="Coast",
    tags=("Sea", "Sand"),
    publisher="The Harbour Gazette",
    url="https://example.org/salt",
    figures=(Figure(url="https://example.org/a.jpg", lead=True),),
    description="On salt.",
)
BARE = Article(title="", url="javascript:alert(1)")


def test_bibtex_is_escaped_and_dated() -> None:
    entry = bibtex(WHOLE)
    assert entry.startswith("@article{maren-holt-2024-salt-sand-100,")
    assert "title = {{Salt \\& \\{sand\\}: 100 \\%}}" in entry
    assert "author = {{Maren Holt} and {Idris Calloway}}" in entry
    assert "date = {2024-05-22}" in entry
    assert "urldate = {2024-06-01}" in entry


def test_what_is_not_known_is_left_out() -> None:
    assert bibtex(BARE) == "@article{article,\n  entrysubtype = {newspaper},\n}"
    assert ris(BARE) == "TY  - NEWS\nER  - "
    assert msgspec.json.decode(csl_json(BARE)) == [{"id": "article", "type": "article-newspaper"}]
    assert "javascript" not in json_ld(BARE) + coins(BARE) + plain(BARE)


def test_ris_has_a_line_for_each_author_and_tag() -> None:
    lines = ris(WHOLE).splitlines()
    assert lines[0] == "TY  - NEWS"
    assert lines[-1] == "ER  - "
    assert [line for line in lines if line.startswith(("AU", "KW"))] == [
        "AU  - Maren Holt",
        "AU  - Idris Calloway",
        "KW  - Sea",
        "KW  - Sand",
    ]


def test_csl_json_gives_dates_in_parts() -> None:
    (item,) = msgspec.json.decode(csl_json(WHOLE))
    assert item["issued"] == {"date-parts": [[2024, 5, 22]]}
    assert item["container-title"] == "The Harbour Gazette"


def test_coins_is_a_context_object() -> None:
    fields = parse_qs(coins(WHOLE))
    assert fields["rft.au"] == ["Maren Holt", "Idris Calloway"]
    assert fields["rft.atitle"] == ["Salt & {sand}: 100 %"]


def test_json_ld_cannot_end_its_script() -> None:
    nasty = json_ld(Article(title="</script><script>alert(1)</script><!--", lang="en"))
    assert "<" not in nasty
    assert msgspec.json.decode(str(nasty))["headline"] == "</script><script>alert(1)</script><!--"


def test_json_ld_tells_people_from_agencies() -> None:
    item = msgspec.json.decode(str(json_ld(WHOLE)))
    assert item["@type"] == "NewsArticle"
    assert item["datePublished"] == "2024-05-22T10:00:00+02:00"
    assert [author["@type"] for author in item["author"]] == ["Person", "Person", "Organization"]
    assert item["image"] == ["https://example.org/a.jpg"]


def test_plain_words() -> None:
    assert plain(WHOLE) == (
        "Maren Holt, Idris Calloway. “Salt & {sand}: 100 %”. The Harbour Gazette. 2024-05-22. https://example.org/salt"
    )
