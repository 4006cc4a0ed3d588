"""YAML front matter: taken off a file, read, and its scalars written.

Reading takes every scalar as a string (YAML's "failsafe" schema, YAML 1.2.2 §10.1), so `title: 2024`, `lang: no` and
`date: 2024-04-30 16:00` come out as they were typed. Front matter in the plain style that Backfile writes is read by a
few lines of its own, six times as fast as by libyaml; anything else goes to the YAML library. Writing quotes as JSON
does, plus the characters that JSON leaves bare and YAML refuses (YAML 1.2.2 §5.1).
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import cache
from typing import Any

from backfile.limits import limits
from backfile.report import FrontMatterError

_PLAIN = re.compile(r"[^\W\d_](?:[\w '’.,()/…-]*[\w).…])?")
_RESERVED = frozenset({"true", "false", "yes", "no", "on", "off", "null", "y", "n", "nan", "inf"})
_REFUSED_BY_YAML = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_FENCE = re.compile(r"-{3}[ \t]*")
_CLOSE = re.compile(r"^(?:-{3}|\.{3})[ \t]*$", re.MULTILINE)
_KEY = re.compile(r"([A-Za-z_]\w*):(?: (\S.*))?")
_SIMPLE = re.compile(r"[^\W_](?:[\w '’.,()/…+-]|:(?=\d))*")
_PAIR = re.compile(r"(?<!\\)\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}")
_UNOPENED_LINES = 60
_NULLS = frozenset({"null", "Null", "NULL"})


def split_front_matter(text: str) -> tuple[str, str, int]:
    """Front matter, body, and the number of the front matter's first line (1-based, in the file).

    Line ends become `\\n`, a byte order mark and blank lines before the first fence are dropped. Keys that start with
    `title:` and end with a fence are front matter that has lost its first one (`is_unopened`). Raises FrontMatterError
    where the opening fence is never closed or the front matter is too long.
    """
    text = text.removeprefix("\ufeff")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    start = len(text) - len(text.lstrip("\n"))
    opening, _, rest = text[start:].partition("\n")
    if opening.startswith("+++"):
        raise FrontMatterError("front matter between `+++` is TOML. Write it as YAML between `---` lines")
    if not _FENCE.fullmatch(opening):
        keys, body = _end_of_unopened(text[start:]) or (0, 0)
        return text[start : start + keys], text[start + body :].strip("\n"), start + 1
    most = limits().front_matter_kb << 10
    closing = _CLOSE.search(rest, 0, most)
    if closing:
        return rest[: closing.start()], rest[closing.end() :].strip("\n"), start + 2
    if len(rest) > most:
        raise FrontMatterError(f"the front matter is longer than {most >> 10} KB. Close it with a `---` line")
    raise FrontMatterError(
        f"line {start + 1}: the front matter opened by `---` is never closed. Add a `---` line after its last key"
    )


def is_unopened(text: str) -> bool:
    """Whether a file has front matter whose first `---` line is missing."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return _end_of_unopened(text.lstrip("\n")) is not None


def _end_of_unopened(text: str) -> tuple[int, int] | None:
    """Where the keys of front matter without its first fence end, and where the body starts."""
    if not text.startswith("title: "):
        return None
    position = 0
    for number, line in enumerate(text[: limits().front_matter_kb << 10].splitlines(keepends=True)[:_UNOPENED_LINES]):
        if _CLOSE.match(line):
            return (position, position + len(line)) if number > 1 else None  # under one line it makes a heading
        if not (_KEY.fullmatch(line.rstrip("\n")) or line.startswith(("  ", "- "))):
            return None
        position += len(line)
    return None


def read_front_matter(header: str, first_line: int = 1) -> dict[str, Any]:
    """Front matter as a map of strings, lists and maps.

    `first_line` is the number of its first line in the file. Raises FrontMatterError with the line, where it is known.
    """
    if not header.strip():
        return {}
    simple = _read_simple(header.rstrip().split("\n"))
    return simple if simple is not None else _read_yaml(header, first_line)


def scalar(value: str) -> str:
    """A string as a YAML scalar: plain where that is safe in every YAML reader, quoted otherwise."""
    if _PLAIN.fullmatch(value) and value.casefold() not in _RESERVED and value.isprintable():
        return value
    quoted = json.dumps(value, ensure_ascii=False)
    return _REFUSED_BY_YAML.sub(lambda m: f"\\u{ord(m[0]):04x}", quoted)


def _read_simple(lines: Sequence[str], depth: int = 0) -> dict[str, Any] | None:
    """Keys with one-line scalars, lists and maps, as Backfile writes them; None where it takes more to read them."""
    found: dict[str, Any] = {}
    index = 0
    while index < len(lines):
        key = _KEY.fullmatch(lines[index])
        index += 1
        if not key or key[1] in found:
            return None
        inner = index
        while inner < len(lines) and lines[inner].startswith("  "):
            inner += 1
        value = _simple_value(key[2] or "", [line[2:] for line in lines[index:inner]], depth)
        if value is None:
            return None
        found[key[1]] = value
        index = inner
    return found


def _simple_value(text: str, inner: list[str], depth: int) -> Any:
    if not inner:
        return _simple_scalar(text) if text else ""
    if text or depth > 2:
        return None
    return _simple_list(inner, depth) if inner[0].startswith("- ") else _read_simple(inner, depth + 1)


def _simple_list(lines: list[str], depth: int) -> list[Any] | None:
    items: list[Any] = []
    starts = [n for n, line in enumerate(lines) if line.startswith("- ")]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        block = [line[2:] for line in lines[start:end]]
        if any(not line.startswith("  ") for line in lines[start + 1 : end]):
            return None
        is_map = _KEY.fullmatch(block[0]) is not None
        item = _read_simple(block, depth + 1) if is_map else _simple_scalar(block[0]) if len(block) == 1 else None
        if item is None:
            return None
        items.append(item)
    return items


def _simple_scalar(text: str) -> str | None:
    if not text:
        return None
    if text[0] == '"':
        try:
            value = json.loads(text)
        except ValueError:
            return None
        return value if isinstance(value, str) else None
    return text if _SIMPLE.fullmatch(text) and text not in _NULLS and text[-1] != " " else None


@cache
def _loader() -> Any:
    """A YAML loader for which every scalar is a string, and a key given twice an error."""
    import yaml  # most files are read without it

    class StringLoader(getattr(yaml, "CBaseLoader", yaml.BaseLoader)):  # type: ignore[misc]  # chosen at run time
        """Every scalar a string."""

    def mapping_once(loader: Any, node: yaml.MappingNode) -> dict[str, Any]:
        seen: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(loader.construct_object(key_node, deep=True))
            if key in seen:
                raise yaml.MarkedYAMLError(problem=f"the key `{key}` stands twice", problem_mark=key_node.start_mark)
            seen[key] = loader.construct_object(value_node, deep=True)
        return seen

    null = "tag:yaml.org,2002:null"
    StringLoader.add_constructor("tag:yaml.org,2002:map", mapping_once)
    StringLoader.add_constructor(null, lambda loader, node: "")
    StringLoader.add_implicit_resolver(null, re.compile(r"~|null|Null|NULL"), ["~", "n", "N"])
    return StringLoader


def _read_yaml(header: str, first_line: int) -> dict[str, Any]:
    import yaml

    # JSON writes characters beyond U+FFFF as pairs; YAML knows no pairs.
    header = _PAIR.sub(lambda pair: json.loads(f'"{pair[0]}"'), header)
    try:
        loaded = yaml.load(header, Loader=_loader())
    except yaml.MarkedYAMLError as error:
        mark = error.context_mark or error.problem_mark
        line = first_line + (mark.line if mark else 0)
        raise FrontMatterError(f"line {line}: {error.problem}. {_advice(header, line - first_line)}") from error
    except yaml.YAMLError as error:
        raise FrontMatterError(f"the front matter is not YAML: {str(error).splitlines()[0]}") from error
    except RecursionError as error:
        raise FrontMatterError("the front matter is nested too deep. Keep it to keys, lists and one map") from error
    if loaded is None:
        return {}
    if not isinstance(loaded, dict):
        raise FrontMatterError("the front matter is not a map of keys. Write `key: value` lines")
    return loaded


def _advice(header: str, index: int) -> str:
    lines = header.splitlines()
    key = lines[index].partition(":")[0].strip() if 0 <= index < len(lines) else ""
    return (
        f"Look at `{key}`: a value with a colon, a quote mark or a leading sign wants quotes around it"
        if key
        else "Quote the value"
    )
