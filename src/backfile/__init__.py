"""Backfile turns saved news articles into a clean, browsable, searchable static archive.

    saved file → importers/ → Capture → clean/ → Article → markdown → .md + receipt   |   .md → catalog → pages/ → render → site → build/

The `.md` file is the article: importing ends there and building starts there. Read `pipeline.py` first.
"""

from backfile.version import __version__
