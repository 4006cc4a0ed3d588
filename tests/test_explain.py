"""What explain says of the fields: where each comes from, why that value, and how sure it is."""

from __future__ import annotations

import json

from click.testing import CliRunner

from backfile import cli
from backfile.cleaning.clean import clean_capture
from backfile.explain import explain_rows
from backfile.model import Capture

PAGE = """<html><head><meta property="article:published_time" content="2025-06-24T10:00:00Z">
<meta property="og:title" content="Boats"><title>Cranes</title></head>
<body><h1>Boats</h1><p class="date">August 25, 2024</p><p>The boats stayed in for a third day.</p></body></html>"""


def test_each_field_is_told_with_its_source_reason_and_confidence() -> None:
    rows = [row for row in explain_rows(clean_capture(Capture(data=PAGE.encode()))) if " from " in row.reason]
    told = {row.reason.split(" from ")[0]: (row.text, row.reason) for row in rows}

    assert told["published"][0] == "2024-08-25"
    assert told["published"][1].startswith("published from visible: clearer than what the head says, confidence 0.")
    assert told["published"][1].endswith("1 other offered")
    assert told["title"] == ("Boats", told["title"][1])
    assert "title from h1: trust 100 of 100, confidence" in told["title"][1]
    assert "authors" not in told


def test_all_that_a_page_offers_is_listed_with_the_choice_first(tmp_path) -> None:
    file = tmp_path / "page.html"
    file.write_text(PAGE)
    result = CliRunner().invoke(cli.commands, ["explain", "--fields", "--json", str(file)])
    rows = [row for row in json.loads(result.stdout) if row["step"] == "published"]
    assert [(row["verdict"], row["text"][:10]) for row in rows] == [("kept", "2024-08-25"), ("offered", "2025-06-24")]
    assert rows[0]["reason"].startswith("visible: ")
    assert rows[1]["reason"] == "meta article:published_time"
