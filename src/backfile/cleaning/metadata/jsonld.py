"""JSON-LD as pages really write it: read, mended where broken, and the node of the article found.

Mending works on the text's tokens and never evaluates anything: comments and CDATA marks around the block, entities,
raw line breaks and bare quotes inside strings, trailing or missing commas, several documents in one block, an end
that was cut off.
"""

from __future__ import annotations

import html
import json
import re
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import msgspec

from backfile.cleaning.metadata.facts import plain

Node = dict[str, Any]
_OPENINGS = ("//", "/*", "*/", "<![CDATA[", "<!--")
_CLOSINGS = ("]]>", "-->", "*/", "/*", "//", ";")
_TOKEN = re.compile(r'[{}\[\],:]|"|[^\s{}\[\],:"]+|\s+')
_STRING_END = re.compile(r"\s*(?:[,:}\]]|$)")
_LITERAL = re.compile(r"(?:true|false|null|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)\Z")
_ESCAPE = re.compile(r"""\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})|\\|\"""")
_MAX_BLOCK = 3_000_000
_MAX_NODES, _MAX_DEPTH = 2_000, 500
_DATED = ("datePublished", "headline", "uploadDate")
_TELLING = ("datePublished", "author", "headline", "publisher", "articleBody", "description")
_CLOSER = {"{": "}", "[": "]"}


def load_blocks(blocks: tuple[str, ...]) -> list[Node]:
    """Every node of these blocks that stands for itself: top level, in `@graph`, main entity of a page."""
    nodes: list[Node] = []
    for block in blocks:
        nodes.extend(_top_nodes(decode(block)))
    return nodes


def decode(block: str) -> Any:
    """The value that a block of JSON holds, mended where it has to be; None where nothing can be read."""
    block = block[:_MAX_BLOCK]
    for attempt in (_strict, _lenient, _mended):
        try:
            return attempt(block)
        except (ValueError, RecursionError, msgspec.DecodeError):
            continue
    return None


def _strict(block: str) -> Any:
    return msgspec.json.decode(block)


def _lenient(block: str) -> Any:
    return json.loads(_unwrapped(block), strict=False)


def _mended(block: str) -> Any:
    documents = json.loads(f"[{mend(_unwrapped(block))}]", strict=False)
    return documents[0] if len(documents) == 1 else documents


def _unwrapped(block: str) -> str:
    """The block without comment and CDATA marks around it; entities read where they stand for its quotes."""
    text = block.strip()
    while opening := next((mark for mark in _OPENINGS if text.startswith(mark)), ""):
        text = text[len(opening) :].lstrip()
    while closing := next((mark for mark in _CLOSINGS if text.endswith(mark)), ""):
        text = text[: -len(closing)].rstrip()
    return html.unescape(text) if '"' not in text and "&quot;" in text else text


def mend(text: str) -> str:
    """The text as JSON documents separated by commas, as near to what was meant as its tokens tell."""
    out: list[str] = []
    open_brackets: list[str] = []
    at = 0
    while at < len(text) and len(open_brackets) < _MAX_DEPTH:
        match = _TOKEN.match(text, at)
        token, start, at = (match[0], at, match.end()) if match else ("", at, len(text))
        if token == '"':
            token, at = _string(text, start)
            _value(out, token)
        elif token in "{[":
            _value(out, token)
            open_brackets.append(_CLOSER[token])
        elif token in "}]":
            _close(out, open_brackets, token)
        elif token in ",:":
            if out and out[-1] == ":":
                out.append("null")
            if out and out[-1] not in ",:{[":
                out.append(token)
        elif not token.isspace():
            _value(out, token if _LITERAL.match(token) else "null")
    while open_brackets:
        _close(out, open_brackets, open_brackets[-1])
    if out and out[-1] == ",":
        out.pop()
    return "".join(out)


def _string(text: str, start: int) -> tuple[str, int]:
    """The string that opens at `start`: a quote ends it only where JSON could go on."""
    at = start + 1
    while True:
        end = text.find('"', at)
        if end < 0:
            return json.dumps(text[start + 1 :].rstrip("\\")), len(text)
        if not _escaped(text, end) and _STRING_END.match(text, end + 1):
            break
        at = end + 1
    return f'"{_ESCAPE.sub(_escape, text[start + 1 : end])}"', end + 1


def _escaped(text: str, at: int) -> bool:
    """Whether an odd number of backslashes stands before this place."""
    first = at
    while first and text[first - 1] == "\\":
        first -= 1
    return (at - first) % 2 == 1


def _escape(match: re.Match[str]) -> str:
    """A bare quote or a backslash that escapes nothing, made safe; a good escape as it is."""
    token = match[0]
    return token if len(token) > 1 else "\\" + token


def _value(out: list[str], token: str) -> None:
    if out and out[-1] not in (",", ":", "{", "["):
        out.append(",")
    out.append(token)


def _close(out: list[str], open_brackets: list[str], token: str) -> None:
    if token not in open_brackets:
        return
    while open_brackets:
        closer = open_brackets.pop()
        if out[-1] == ",":
            out.pop()
        elif out[-1] == ":":
            out.append("null")
        out.append(closer)
        if closer == token:
            return


def _top_nodes(value: Any) -> Iterator[Node]:
    waiting: deque[Any] = deque([value])
    for _ in range(_MAX_NODES):
        if not waiting:
            return
        item = waiting.popleft()
        if isinstance(item, list):
            waiting.extendleft(reversed(item[:_MAX_NODES]))
        elif isinstance(item, dict):
            waiting.extendleft(reversed(as_list(item.get("@graph"))[:_MAX_NODES]))
            if any(key not in ("@context", "@graph", "@id") for key in item):
                yield item
            waiting.extend(item[key] for key in ("mainEntity", "mainEntityOfPage") if isinstance(item.get(key), dict))


def types(node: Node) -> frozenset[str]:
    """The node's schema.org types, without prefix."""
    return frozenset(str(t).rsplit("/", 1)[-1].rsplit(":", 1)[-1] for t in as_list(node.get("@type")))


def is_article(node: Node) -> bool:
    """Whether the node is an article of any sort."""
    return any(t.endswith(("Article", "Posting", "Report", "BlogPost")) and t != "JobPosting" for t in types(node))


def is_news(node: Node) -> bool:
    """Whether the node is an article of a news publisher, whose headline editors wrote."""
    return any(t.endswith("NewsArticle") for t in types(node))


@dataclass(frozen=True, kw_only=True, slots=True)
class Structured:
    """The structured data of a page: the node of its article, and what else there is to refer to."""

    article: Node = field(default_factory=dict)
    """Empty where the page has none."""
    page: Node = field(default_factory=dict)
    """The `WebPage` or another main thing (video, recipe, gallery)."""
    nodes: tuple[Node, ...] = ()
    by_id: dict[str, Node] = field(default_factory=dict)

    def resolve(self, value: Any) -> Any:
        """The node that a mere reference (`{"@id": …}`) stands for; anything else as it is."""
        if isinstance(value, dict) and set(value) <= {"@id", "@type"}:
            return self.by_id.get(str(value.get("@id")), value)
        return value

    def texts(self, node: Node, key: str) -> list[str]:
        """The texts under a key, lists flattened, names taken of nodes."""
        return [t for t in (text_of(self.resolve(v)) for v in as_list(node.get(key))) if t]


def as_list(value: Any) -> list[Any]:
    """A value that may be one, many or none as a list."""
    if isinstance(value, dict) and "@list" in value:
        value = value["@list"]
    if isinstance(value, list):
        return [v for item in value for v in (item if isinstance(item, list) else [item])]
    return [] if value is None else [value]


def text_of(value: Any) -> str:
    """A text, a number or a node's name as plain text; empty for anything else."""
    for _ in range(4):
        if isinstance(value, str):
            return plain(value)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return str(value)
        if isinstance(value, list):
            value = value[0] if value else ""
        elif isinstance(value, dict):
            value = next((value[k] for k in ("name", "@value", "headline", "url") if value.get(k)), "")
    return ""


def structured(blocks: tuple[str, ...], fits: Callable[[str], bool]) -> Structured:
    """The page's structured data; of several articles one whose headline fits the page's titles, else the first."""
    nodes = load_blocks(blocks)
    by_id: dict[str, Node] = {}
    for node in nodes:
        name = node.get("@id")
        if isinstance(name, str) and len(node) > len(by_id.get(name, ())):
            by_id[name] = node
    articles = [n for n in nodes if is_article(n)]
    fitting = [n for n in articles if fits(text_of(n.get("headline") or n.get("name")))]
    pages = (n for n in nodes if not is_article(n) and any(n.get(key) for key in _DATED))
    return Structured(
        article=_richest(fitting or articles[:1]),
        page=next(pages, {}),
        nodes=tuple(nodes),
        by_id=by_id,
    )


def _richest(nodes: list[Node]) -> Node:
    return max(nodes, key=lambda n: sum(bool(n.get(k)) for k in _TELLING), default={})
