"""What a saved page says of its article: every field with its candidates, chosen by trust and agreement.

    tree → facts (one pass) → structured data → headline → the lines around it → authors, dates and the rest

`trust.toml` names the sources of each field and how far each is trusted.
"""

from __future__ import annotations

from backfile.cleaning.metadata.read import read_metadata

__all__ = ["read_metadata"]
