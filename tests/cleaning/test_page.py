"""Bytes → tree: encodings as browsers find them, and damage of all kinds."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backfile.cleaning.page import decode_page, parse_page
from backfile.cleaning.text.decode import decode_text

WORDS = "Über naïve Café-Besucher – “zitiert”"


@pytest.mark.parametrize(
    ("data", "charset", "encoding"),
    [
        (b"\xef\xbb\xbf" + WORDS.encode(), "", "utf-8"),
        (b"\xff\xfe" + WORDS.encode("utf-16-le"), "", "utf-16-le"),
        (b"\xfe\xff" + WORDS.encode("utf-16-be"), "", "utf-16-be"),
        (WORDS.encode("utf-16-le"), "", "utf-16-le"),
        (WORDS.encode(), "", "utf-8"),
        (WORDS.encode("cp1252"), "", "cp1252"),
        (WORDS.encode("cp1252"), "ISO-8859-1", "cp1252"),
        (b"<meta charset='latin1'>" + WORDS.encode("cp1252"), "", "cp1252"),
        (b"<meta charset='iso-8859-15'>" + WORDS.encode(), "", "utf-8"),
        (b"<?xml version='1.0' encoding='windows-1252'?>" + WORDS.encode("cp1252"), "", "cp1252"),
        (b"<meta charset='no-such-code'>" + WORDS.encode(), "nonsense", "utf-8"),
        (b"<meta charset='utf-16'>" + WORDS.encode(), "", "utf-8"),
    ],
)
def test_the_encoding_is_found_and_the_words_are_right(data: bytes, charset: str, encoding: str) -> None:
    text, name, _ = decode_page(data, charset)
    assert name == encoding
    assert text.endswith(WORDS)


@pytest.mark.parametrize(
    "label",
    ["hex", "base64", "zlib", "rot13", "idna", "undefined", "utf-7", "unicode_escape", "utf-32", "cp037", "hz", "a\0b"],
)
@pytest.mark.parametrize("by_transport", [True, False])
def test_encodings_that_no_browser_reads_are_passed_over(label: str, by_transport: bool) -> None:
    words = "<p>Ü +ADw-b+AD4- \\x3cb\\x3e</p>"
    claim = "" if by_transport else f"<meta charset='{label}'>"
    text, name, _ = decode_page((claim + words).encode(), label if by_transport else "")
    assert (text, name) == (claim + words, "utf-8")
    assert decode_text(words.encode("cp1252"), label).text == words


@pytest.mark.parametrize(("before", "found"), [(900, True), (1500, True), (8000, True), (9000, False)])
def test_how_far_a_declaration_is_looked_for(before: int, found: bool) -> None:
    script = "<script>" + "x" * (before - 17) + "</script>"
    data = f"{script}<meta charset='iso-8859-2'><p>".encode() + "Żółć".encode("iso-8859-2")
    _, name, notes = decode_page(data)
    assert (name == "iso8859-2" and not notes) is found


def test_a_declaration_in_a_comment_is_none() -> None:
    data = b"<!-- <meta charset='koi8-r'> --><meta charset='windows-1251'><p>" + "Слово".encode("cp1251")
    text, name, _ = decode_page(data)
    assert (text[-5:], name) == ("Слово", "cp1251")
    assert decode_page(b"<!-- <meta charset='koi8-r'><p>abc")[1] == "utf-8"


@pytest.mark.parametrize(
    ("data", "charset"),
    [(b"\xff\xfea\0\0\xd8b\0", ""), ("ab".encode("cp1252") + b"\x81", "windows-1252"), (b"a\xff", "euc-jp")],
)
def test_bytes_that_mean_nothing_are_replaced_and_told(data: bytes, charset: str) -> None:
    text, name, notes = decode_page(data, charset)
    assert "\ufffd" in text
    assert notes == (f"damaged {name}",)


def test_controls_of_a_declared_encoding_are_read_as_browsers_do() -> None:
    assert decode_page(b"a \x96 b", "iso-8859-15")[::2] == ("a – b", ())


def test_a_japanese_page_is_read_by_its_declaration() -> None:
    data = "<meta charset=Shift_JIS><p>記事の本文</p>".encode("cp932")
    parsed = parse_page(data)
    assert parsed.encoding == "cp932"
    assert parsed.tree.text_content() == "記事の本文"


def test_few_wrong_bytes_do_not_turn_utf8_into_something_else() -> None:
    text, name, notes = decode_page("ärger über öl".encode() + b"\xff!")
    assert (text, name) == ("ärger über öl\ufffd!", "utf-8")
    assert "damaged UTF-8" in notes


@pytest.mark.parametrize("data", [b"", b"   ", b"<!-- only a remark -->", b"\x00\x01", b"<?php ?>"])
def test_a_page_without_content_is_an_empty_tree(data: bytes) -> None:
    assert parse_page(data).tree.text_content().strip() == ""


def test_control_characters_are_dropped_and_told() -> None:
    parsed = parse_page(b"<p>one\x00 two\x0b three</p>")
    assert parsed.tree.text_content() == "one two three"
    assert parsed.notes[-1] == "control characters dropped"


def test_the_words_inside_a_hundred_thousand_tags_come_through() -> None:
    assert "deep words" in parse_page(b"<div>" * 100_000 + b"deep words").tree.text_content()


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400), st.sampled_from(["", "utf-8", "latin-1", "big5", "x", "utf-16"]))
def test_no_bytes_raise(data: bytes, charset: str) -> None:
    parse_page(data, charset)
    parse_page(b"<html><body>" + data, charset)


GERMAN = "Der Preis für die Brücke beträgt 5 €, sagte Škoda über die Öffnung der Straße am Nachmittag. " * 3


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (GERMAN, "iso8859-15"),
        ("Er nahm ½ Liter Milch für 3 Äpfel und führte sie über die Brücke. " * 3, "cp1252"),
        ("Сегодня в городе был сильный дождь, жители ждут весны. " * 3, "koi8-r"),
        ("日本語の文章です。今日の天気は晴れです。" * 3, "euc_jp"),
    ],
)
@pytest.mark.parametrize("head", ["", '<meta charset="utf-8">'])
def test_an_encoding_that_is_not_declared_or_declared_wrong(text, name, head):
    page = f"<html><head>{head}</head><body><p>{text}</p></body></html>"
    assert decode_page(page.encode(name))[:2] == (page, name)


@pytest.mark.parametrize("damage", [b"\xc0\x80\xe0\x80\xaf", b"caf\xc3\xa9 \xc3(", b"\xed\xa0\x80"])
def test_damaged_utf8_stays_utf8(damage):
    for head in (b"", b'<meta charset="utf-8">'):
        text, name, notes = decode_page(head + b"<p>Words " + damage + b" and words</p>")
        assert (name, "�" in text, notes[0]) == ("utf-8", True, "damaged UTF-8")


def test_letters_encoded_twice_are_put_right_only_where_that_is_certain():
    right = "Le café naïve coûte cinq à dix francs, déjà vu à l’été. "
    twice = right.encode().decode("cp1252").encode()
    page = parse_page(b"<meta charset=utf-8><p>" + twice + b"</p>")
    assert page.tree.find(".//p").text == right
    assert any("twice" in note for note in page.notes)
    quoted = f"The page showed Ã© instead of é. {right}"
    assert parse_page(f"<meta charset=utf-8><p>{quoted}</p>".encode()).tree.find(".//p").text == quoted
