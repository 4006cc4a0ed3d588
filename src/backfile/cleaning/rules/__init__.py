"""Site rules in FiveFilters' format, used as they are: a folder of text files, one a host, `directive: value` a line.

The format: https://help.fivefilters.org/full-text-rss/site-patterns.html. `example.org.txt` is for that host and its
`www.`, `.example.org.txt` for all other hosts below it. Of the directives those are used that a saved page can use;
`directives.toml` lists the others, with the reason. XPath is as untrusted as a page: it is bounded here.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from pathlib import Path
from urllib.parse import urlsplit

from lxml import etree

USED = ("title", "author", "date", "body", "strip", "strip_id_or_class", "strip_image_src")
_LINE = re.compile(r"([a-z_]+(?:\([^()]{0,200}\))?)[ \t]*:[ \t]*(.*)", re.IGNORECASE)
_FILE_BYTES = 64 << 10
_RULES = 300
"""Of one file."""
_COSTLY_RULES = 40
"""Of one file, those with several steps that look far."""
_LONGEST = 400
"""Characters of an XPath."""
_STEPS = 5
"""Steps of one that look at more than children: what it costs grows with each."""
_FAR = re.compile(r"//|\b(?:ancestor|descendant|preceding|following)(?:-or-self|-sibling)?\s*::")
_HOST = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+")


@dataclass(frozen=True, kw_only=True, slots=True)
class Rules:
    """What a file says of the pages of its hosts."""

    name: str
    """The file's."""
    values: tuple[tuple[str, str], ...]
    """(directive, value), in order."""
    refused: tuple[str, ...]
    """Lines that are not understood, or that hold an XPath beyond the bounds."""

    def of(self, directive: str) -> tuple[str, ...]:
        """The values of a directive."""
        return tuple(value for name, value in self.values if name == directive)


@cache
def _passed_over() -> frozenset[str]:
    table = tomllib.loads((resources.files(__name__) / "directives.toml").read_text("utf-8"))
    return frozenset(name for names in table.values() for name in names)


def parse_rules(text: str, name: str) -> Rules:
    """The rules in a text; what is wrong in it is left out and told."""
    values: list[tuple[str, str]] = []
    refused: list[str] = []
    far = 0
    for line in text.splitlines()[: 4 * _RULES]:
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        found = _LINE.fullmatch(line.strip())
        directive = found[1].lower() if found else ""
        value = found[2].strip() if found else ""
        far += len(_FAR.findall(value)) > 1
        if directive in USED and len(values) < _RULES and far <= _COSTLY_RULES and _is_fit(directive, value):
            values.append((directive, value))
        elif directive.partition("(")[0] not in _passed_over():
            refused.append(line.strip()[:80])
    return Rules(name=name, values=tuple(values), refused=tuple(refused))


def _is_fit(directive: str, value: str) -> bool:
    if directive in ("strip_id_or_class", "strip_image_src"):
        return 0 < len(value.strip("'\"")) <= _LONGEST
    return compiled(value) is not None


@lru_cache(2048)
def compiled(xpath: str) -> etree.XPath | None:
    """An XPath, where it is one and within the bounds.

    A step that looks far (`//`, `ancestor::`…) inside a condition is done for each element that the condition is asked
    of: one is let in, from the element itself; two, or one from the page's root, could cost the square of a page.
    """
    if not 0 < len(xpath) <= _LONGEST or len(_FAR.findall(xpath)) > _STEPS or _is_costly(xpath):
        return None
    try:
        return etree.XPath(xpath, regexp=False, smart_strings=False)
    except (etree.XPathError, ValueError):
        return None


def _is_costly(xpath: str) -> bool:
    bare = re.sub(r"'[^']*'|\"[^\"]*\"", "''", xpath)
    deep = far = 0
    for part in re.findall(r"[\[\]]|[^\[\]]+", bare):
        deep += (part == "[") - (part == "]")
        if deep > 3:
            return True
        if deep and part not in "[]":
            far += len(_FAR.findall(part))
            if re.search(r"(?<![\w\])*.'])//", part.replace(" ", "")):
                return True
        far = far if deep else 0
        if far > 1:
            return True
    return False


def rules_for(folder: str, url: str) -> Rules | None:
    """The rules for an address in a folder, where there are some. An unreadable file has none."""
    try:
        host = (urlsplit(url).hostname or "").lower().removeprefix("www.")
    except ValueError:
        return None
    if not folder or not _HOST.fullmatch(host):
        return None
    parts = host.split(".")
    names = [f"{host}.txt", *(f".{'.'.join(parts[start:])}.txt" for start in range(1, len(parts) - 1))]
    return next(filter(None, (_read(Path(folder) / name) for name in names)), None)


@lru_cache(512)
def _read(path: Path) -> Rules | None:
    try:
        with path.open("rb") as file:
            data = file.read(_FILE_BYTES)
    except OSError:
        return None
    return parse_rules(data.decode("utf-8", "replace"), path.name)


def odd_lines(folder: Path) -> Counter[str]:
    """What the files of a folder say that is not understood: its beginning → in how many lines."""
    odd: Counter[str] = Counter()
    for path in sorted(folder.glob("*.txt")):
        rules = _read(path)
        odd.update(line.partition(":")[0] for line in (rules.refused if rules else ()))
    return odd
