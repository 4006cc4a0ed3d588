"""What other extractors make of pages: run by `cleaning.py` with an interpreter that has them.

    python cleaning_peers.py TOOL < pages.jsonl > predictions.jsonl

A line in is {"id", "file", "url"}; a line out {"id", "text", "title", "authors", "published", "ms"},
`ms` being CPU time.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

Extract = Callable[[bytes, str], dict[str, Any]]


def trafilatura_full(data: bytes, url: str) -> dict[str, Any]:
    """trafilatura with all metadata."""
    import trafilatura

    found = trafilatura.bare_extraction(data, url=url or None, with_metadata=True, include_comments=False)
    if found is None:
        return {}
    page = found.as_dict() if hasattr(found, "as_dict") else found
    authors = re.split(r"\s*;\s*", page.get("author") or "")
    return {"text": page.get("text"), "title": page.get("title"), "authors": authors, "published": page.get("date")}


def readability_lxml(data: bytes, url: str) -> dict[str, Any]:
    """readability-lxml, its HTML as text."""
    import lxml.html
    from readability import Document

    document = Document(data.decode("utf-8", "replace"))
    tree = lxml.html.fromstring(document.summary(html_partial=True))
    blocks = tree.xpath("//p|//h2|//h3|//h4|//li|//blockquote|//pre|//td")
    text = "\n".join(" ".join(b.text_content().split()) for b in blocks if not b.xpath(".//p|.//li"))
    return {"text": text, "title": document.short_title()}


def newspaper4k(data: bytes, url: str) -> dict[str, Any]:
    """newspaper4k, without the network."""
    import newspaper

    article = newspaper.Article(url or "https://example.org/", fetch_images=False)
    article.download(input_html=data.decode("utf-8", "replace"))
    article.parse()
    published = article.publish_date.date().isoformat() if article.publish_date else None
    return {"text": article.text, "title": article.title, "authors": article.authors, "published": published}


def resiliparse(data: bytes, url: str) -> dict[str, Any]:
    """resiliparse's main content."""
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.encoding import bytes_to_str, detect_encoding

    return {"text": extract_plain_text(bytes_to_str(data, detect_encoding(data)), main_content=True)}


TOOLS: dict[str, Extract] = {
    "trafilatura": trafilatura_full,
    "readability-lxml": readability_lxml,
    "newspaper4k": newspaper4k,
    "resiliparse": resiliparse,
}


def main() -> None:
    extract = TOOLS[sys.argv[1]]
    for line in sys.stdin:
        page = json.loads(line)
        data = gzip.decompress(Path(page["file"]).read_bytes())
        start = time.process_time()
        try:
            found = extract(data, page["url"])
        except Exception as error:  # noqa: BLE001 - a peer may fail in any way, and that is a result
            found = {"error": repr(error)}
        found |= {"id": page["id"], "ms": 1000 * (time.process_time() - start)}
        print(json.dumps(found), flush=True)


if __name__ == "__main__":
    main()
