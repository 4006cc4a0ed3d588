"""Golden pages: `tests/pages/<case>/` holds a saved page, the article it must become, and its receipt.

To see what a change of the cleaner does, rewrite them and look at the difference:

    BACKFILE_REWRITE=1 scripts/test tests/test_golden.py && git diff tests/pages
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from backfile.markdown import dump_article
from backfile.model import Cleaned, CleanOptions
from backfile.saving import clean, first_page

PAGES = Path(__file__).parent / "pages"
CASES = sorted(path for path in PAGES.iterdir() if path.is_dir())
REWRITE = bool(os.environ.get("BACKFILE_REWRITE"))


def receipt_of(cleaned: Cleaned) -> dict[str, Any]:
    """The part of a receipt that a person can review."""
    removed = [{"step": part.step, "reason": part.reason, "text": part.text} for part in cleaned.receipt.removed]
    return {"refusal": cleaned.refusal, "removed": removed}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_saved_page_becomes_just_this_article(case: Path) -> None:
    saved = next(path for path in sorted(case.iterdir()) if path.stem == "saved")
    cleaned = clean(first_page(saved, ""), CleanOptions())
    markdown = dump_article(cleaned.article)
    receipt = json.dumps(receipt_of(cleaned), ensure_ascii=False, indent=1) + "\n"
    if REWRITE:
        (case / "expected.md").write_text(markdown, "utf-8")
        (case / "receipt.json").write_text(receipt, "utf-8")
    assert markdown == (case / "expected.md").read_text("utf-8")
    assert receipt == (case / "receipt.json").read_text("utf-8")


def test_every_case_is_whole() -> None:
    assert CASES
    for case in CASES:
        assert {"expected.md", "receipt.json"} <= {path.name for path in case.iterdir()}, case
