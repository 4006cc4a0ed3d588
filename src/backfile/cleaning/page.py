"""Bytes → tree: the encoding as browsers find it, and a parse that takes whatever comes."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from itertools import islice

import lxml.html
from lxml import etree

from backfile.cleaning.encodings import TWICE, guess_encoding, undoubled, web_encoding
from backfile.limits import limits

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_PRESCAN = 8192
"""Bytes in which a declaration is looked for. The standard's first pass ends at 1,024, but a `meta` that the parser
meets later makes a browser begin anew with its encoding; archives write their own scripts before it."""
_COMMENT = re.compile(rb"<!--.*?(?:-->|\Z)", re.DOTALL)
_META_CHARSET = re.compile(rb"""<meta[^>]{0,400}?charset\s*=\s*["']?\s*([A-Za-z0-9_:.-]{2,40})""", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9_:.-]{2,40})""", re.IGNORECASE)
_ONE_BYTE = (
    frozenset(f"cp125{n}" for n in range(9)) | frozenset(f"iso8859-{n}" for n in range(1, 17)) | {"koi8-r", "koi8-u"}
)
_C1 = re.compile("[\x80-\x9f]")
_LOST_C1 = {n: bytes([n]).decode("cp1252", "replace") for n in range(0x80, 0xA0)}
_CONTROLS = bytes([*range(9), 11, *range(14, 32)])
_GROUPING = re.compile(
    rb"</?(?!(?:html|head|title|meta|link|script|style|body|p|h[1-6]|a|img|br)\b)[a-z][^<>]{0,2000}>", re.I
)
# The bytes 0x80 to 0xBF as windows-1252 and ISO 8859-1 read them, and before them what begins a character.
_TAIL = "[\u0080-\u00bf" + "".join(c for n in range(0x80, 0xA0) if "\u00bf" < (c := _LOST_C1[n]) != "\ufffd") + "]"
_TWICE = re.compile(f"[\u00c2-\u00df]{_TAIL}|[\u00e0-\u00ef]{_TAIL}{{2}}|[\u00f0-\u00f4]{_TAIL}{{3}}")
_TWICE_BYTES = re.compile(rb"\xc3[\x82-\xb4][\xc2\xc5\xc6\xcb\xe2]")
_FEW_TWICE = 3
_LONG = 16_000
_LONG_TAG = re.compile(rb"<[A-Za-z][^<>]{16000,}")
_ATTRIBUTE = re.compile(rb"""[\s/]+[^\s=/>"'][^\s=/>]{0,2000}(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>][^\s>]*))?""")
"""The parser compares all attributes of an element with all."""
_SEQUENCE = re.compile(rb"[\xc0-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf7][\x80-\xbf]{3}")
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]+")
_HIGH = bytes(range(0x80, 0x100))
_FEW = 10
"""Bytes of a page declared as UTF-8 that may be damage."""
_EMPTY = b"<html><head></head><body></body></html>"


@dataclass(frozen=True, kw_only=True, slots=True)
class ParsedPage:
    """A page as a tree."""

    tree: lxml.html.HtmlElement
    encoding: str
    """The name of the encoding that was used, as Python calls it."""
    notes: tuple[str, ...] = ()
    """What was odd about the bytes, in words."""


def parse_page(data: bytes, charset: str = "") -> ParsedPage:
    """The tree of a page. `charset` is what the transport declared. Never raises: damage is repaired and noted."""
    text, encoding, notes = decode_page(data, charset)
    once = undoubled(text) if notes or encoding != "utf-8" or _may_be_doubled(data) else None
    if once is not None:
        text, notes = once, (*notes, TWICE)
    raw = (
        data
        if encoding == "utf-8" and not notes and not data.startswith(codecs.BOM_UTF8)
        else text.encode("utf-8", "replace")
    )
    clean = raw.translate(None, _CONTROLS)
    if len(clean) != len(raw):
        notes = (*notes, "control characters dropped")
    if any(_is_amid_tag(clean, n) for n in range(0, len(clean), _LONG // 2)):
        clean = _LONG_TAG.sub(_few_attributes, clean)
    tree, too_deep = _tree(clean)
    if too_deep:
        tree, _ = _tree(_GROUPING.sub(b" ", clean))
        notes = (*notes, "nested too deep, read without grouping elements")
    return ParsedPage(tree=tree, encoding=encoding, notes=notes)


def decode_page(data: bytes, charset: str = "") -> tuple[str, str, tuple[str, ...]]:
    """Text, encoding and notes: byte order mark, transport, the page's own claim, then what the bytes look like.

    The order and the legacy labels follow the WHATWG Encoding and HTML standards.
    """
    for bom, name in _BOMS:
        if data.startswith(bom):
            return _replaced(data[len(bom) :], name)
    declared = web_encoding(charset) or _declared(data[:_PRESCAN])
    if declared and declared != "utf-8":
        if declared in _ONE_BYTE and _is_utf8(data):
            return data.decode("utf-8"), "utf-8", (f"declared {declared}, is UTF-8",)
        return _replaced(data, declared)
    try:
        text, notes = _decoded_once(data.decode("utf-8"), data)
        return text, "utf-8", notes
    except UnicodeDecodeError:
        pass
    if declared:
        return _mostly_utf8(data, _FEW)
    if _looks_utf16(data):
        return data.decode("utf-16-le", "replace"), "utf-16-le", ("no encoding declared",)
    text, name, notes = _mostly_utf8(data, 0)
    return text, name, (*notes, "no encoding declared")


def _replaced(data: bytes, name: str) -> tuple[str, str, tuple[str, ...]]:
    """The bytes in an encoding that was declared, with a note where some of them mean nothing in it."""
    try:
        text = data.decode(name)
        return text.translate(_LOST_C1) if _C1.search(text) else text, name, ()  # hardly any page has them
    except UnicodeDecodeError:
        return data.decode(name, "replace").translate(_LOST_C1), name, (f"damaged {name}",)


def _decoded_once(text: str, data: bytes) -> tuple[str, tuple[str, ...]]:
    """The text as it was before a tool read UTF-8 as windows-1252 and saved it as UTF-8 again ("we’ve" as "weâ€™ve").

    Repaired only where nearly all signs beyond ASCII are such pairs.
    """
    pairs = _TWICE.findall(text) if _may_be_doubled(data) else []
    if len(pairs) <= _FEW_TWICE:
        return text, ()
    wrong = sum(map(len, pairs))
    others = len(text) - len(text.encode("ascii", "ignore")) - wrong
    return (_TWICE.sub(_once, text), ("UTF-8 encoded twice",)) if others * 20 < wrong else (text, ())


def _may_be_doubled(data: bytes) -> bool:
    """Whether there are as many pairs as a repair needs, told from the bytes: most pages have none."""
    return data.count(b"\xc3") >= _FEW_TWICE and len(_TWICE_BYTES.findall(data)) >= _FEW_TWICE


def _once(match: re.Match[str]) -> str:
    raw = b"".join(bytes([ord(c)]) if ord(c) < 256 else c.encode("cp1252") for c in match[0])
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return match[0]


def _is_utf8(data: bytes) -> bool:
    """Whether the bytes are UTF-8 beyond ASCII: pages are often saved as UTF-8 with their old declaration left in."""
    try:
        return len(data.decode("utf-8")) < len(data)
    except UnicodeDecodeError:
        return False


def _mostly_utf8(data: bytes, most: int) -> tuple[str, str, tuple[str, ...]]:
    """As UTF-8 with damage, or as what it looks like where more than `most` bytes plainly are not UTF-8.

    Sequences that are UTF-8 by their shape and still forbidden (too long, of surrogates) are damage.
    """
    rest, right = _SEQUENCE.subn(b"", b" ".join(_BEYOND_ASCII.findall(data)))
    wrong = len(rest) - len(rest.translate(None, _HIGH))
    if wrong > max(right, most):
        name = guess_encoding(data)
        return data.decode(name, "replace").translate(_LOST_C1), name, ("not UTF-8",)
    return data.decode("utf-8", "replace"), "utf-8", ("damaged UTF-8",)


def _declared(head: bytes) -> str:
    found = _META_CHARSET.search(_COMMENT.sub(b"", head)) or _XML_ENCODING.search(head)
    name = web_encoding(found.group(1).decode("ascii")) if found else ""
    # A page whose declaration could be read as ASCII is not in UTF-16, whatever it says.
    return "utf-8" if name.startswith("utf-16") else name


def _looks_utf16(data: bytes) -> bool:
    sample = data[:1000]
    return len(sample) > 20 and sample[1::2].count(0) > len(sample) // 3


def _is_amid_tag(markup: bytes, n: int) -> bool:
    """Whether a tag is open before this place and goes on for half the length from which on tags are long."""
    end = n + _LONG // 2
    if markup.find(b"<", n, end) >= 0 or markup.find(b">", n, end) >= 0:
        return False
    return markup.rfind(b"<", 0, n + 1) > markup.rfind(b">", 0, n + 1)


def _few_attributes(tag: re.Match[bytes]) -> bytes:
    last = next(islice(_ATTRIBUTE.finditer(tag[0]), limits().attributes, None), None)
    return tag[0][: last.start()] if last else tag[0]


def _tree(markup: bytes) -> tuple[lxml.html.HtmlElement, bool]:
    """The tree, and whether the page was nested deeper than libxml2 follows, which then drops all the rest."""
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, recover=True, remove_comments=True, remove_pis=True)
    # One class for all elements: lxml.html's own choice by tag calls Python for every element that is looked at.
    parser.set_element_class_lookup(etree.ElementDefaultClassLookup(element=lxml.html.HtmlElement))
    try:
        root = lxml.html.document_fromstring(markup or _EMPTY, parser=parser)
    except etree.ParserError:  # nothing but white space or comments
        root = lxml.html.document_fromstring(_EMPTY, parser=parser)
    return root, any("xcessive depth" in entry.message for entry in parser.error_log)
