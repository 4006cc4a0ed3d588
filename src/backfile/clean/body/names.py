"""What class and id names say of their element: weights of name tokens, learned from labelled pages."""

from __future__ import annotations

import json
import re
from functools import cache, lru_cache
from importlib import resources

_TOKEN = re.compile(r"[A-Z]{2,}(?![a-z])|[A-Z]?[a-z]+")


@lru_cache(maxsize=8192)
def name_tokens(names: str) -> tuple[str, ...]:
    """The words in class and id names, lower case: `articleBody js-lead` gives article, body, js, lead."""
    return tuple(dict.fromkeys(t.lower() for t in _TOKEN.findall(names[:400]) if 2 <= len(t) <= 20))


@lru_cache(maxsize=8192)
def name_weights(names: str) -> tuple[float, float, float]:
    """The least and the greatest weight among the name tokens and their sum; negative speaks for chrome."""
    table = weights()
    found = [table[t] for t in name_tokens(names) if t in table]
    if not found:
        return (0.0, 0.0, 0.0)
    return (min(min(found), 0.0), max(max(found), 0.0), sum(found))


@cache
def weights() -> dict[str, float]:
    """Token → weight, from `names.json`."""
    table: dict[str, float] = json.loads((resources.files(__package__) / "names.json").read_text("utf-8"))
    return table
