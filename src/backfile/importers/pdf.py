"""PDF files: their text layer, read by pypdf, which comes with `backfile[pdf]`."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from backfile.importers.base import Importer, Item, Source, single
from backfile.model import Capture, Hints
from backfile.report import ReadError

_PAGES = 500
_FEWEST = 40
"""Characters of text on a page, on average, below which a file is a scan."""


def _recognises(head: bytes, name: str) -> bool:
    return b"%PDF-" in head[:1024]


def _items(source: Source) -> Iterator[Item]:
    for item in single("application/pdf")(source):
        yield pdf_capture(item) if isinstance(item, Capture) else item


def pdf_capture(capture: Capture) -> Capture:
    """A PDF file as the text in it. Raises ReadError for a scan, for a damaged or locked file, and without pypdf."""
    try:
        import pypdf
        from pypdf.errors import PyPdfError
    except ImportError as error:
        raise ReadError("is a PDF. To read PDFs, run: pip install 'backfile[pdf]'") from error
    try:
        reader = pypdf.PdfReader(io.BytesIO(capture.data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise ReadError("is a PDF locked with a password. Save it without one")
        pages = [page.extract_text() for page in reader.pages[:_PAGES]]
        hints = _hints(reader.metadata)
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError, OSError) as error:
        raise ReadError("is a damaged PDF. Save it again") from error
    if sum(len("".join(page.split())) for page in pages) < _FEWEST * len(pages) or not pages:
        raise ReadError("is a PDF without text: a scan. Run it through an OCR program first")
    text = "\n\n".join(page.strip() for page in pages)
    return replace(capture, data=text.encode("utf-8", "replace"), media_type="text/plain", charset="utf-8", hints=hints)


def _hints(metadata: Any) -> Hints:
    """What the file says of itself; the date on which a PDF was made is not that of its text."""
    if metadata is None:
        return Hints()
    title, author = str(metadata.title or "").strip(), str(metadata.author or "").strip()
    return Hints(title=title, authors=(author,) if author else ())


IMPORTERS = (Importer(name="pdf", rank=15, recognises=_recognises, items=_items, container=False),)
