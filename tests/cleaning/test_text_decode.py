"""Bytes → text: marks, declarations, and what the bytes look like."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backfile.cleaning.text.decode import decode_text

SAMPLES = {
    "cp1252": "Le café où l'été s'achève : « très cher », dit la gérante, et les élèves sont déjà rentrés à l'école.",
    "cp1251": "Городской совет решил во вторник восстановить старый маяк, который пустовал тридцать лет.",
    "koi8-r": "Городской совет решил во вторник восстановить старый маяк, который пустовал тридцать лет.",
    "cp1253": "Το δημοτικό συμβούλιο αποφάσισε την Τρίτη να ανακατασκευάσει τον παλιό φάρο της πόλης.",
    "cp1250": "Rada miasta postanowiła we wtorek odbudować starą latarnię, która stała pusta. Żółć, gęś i jaźń.",
    "cp1254": "Belediye meclisi salı günü eski deniz fenerini yeniden yapmaya karar verdi; iş güz başında başlayacak.",
    "cp1256": "قرر مجلس المدينة يوم الثلاثاء إعادة بناء المنارة القديمة التي بقيت خالية منذ ثلاثين عاما.",
    "cp932": "港町の議会は火曜日、三十年前から使われていない灯台を建て直すことを決めた。工事は来月に始まる。",
    "euc_jp": "港町の議会は火曜日、三十年前から使われていない灯台を建て直すことを決めた。工事は来月に始まる。",
    "gb18030": "市议会星期二决定重建那座空置三十年的旧灯塔，工程将于下个月开始，预计秋天完成。",
    "big5hkscs": "市議會星期二決定重建那座空置三十年的舊燈塔，工程將於下個月開始，預計秋天完成。",
    "cp949": "시의회는 화요일에 삼십 년 동안 비어 있던 등대를 다시 짓기로 결정했다. 공사는 다음 달 시작된다.",
}


@pytest.mark.parametrize(("encoding", "text"), SAMPLES.items())
def test_an_undeclared_encoding_is_recognised(encoding, text):
    """From the letters that the bytes would make, and it is said that this was a guess."""
    decoded = decode_text((text + "\n").encode(encoding) * 2)
    assert decoded.text == (text + "\n") * 2
    assert "encoding guessed" in decoded.notes


@pytest.mark.parametrize(("encoding", "text"), SAMPLES.items())
def test_a_declared_encoding_is_used(encoding, text):
    """Where the transport names it."""
    assert decode_text(text.encode(encoding), encoding).text == text


@pytest.mark.parametrize(
    ("mark", "name"),
    [
        (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)  # fmt: skip
def test_a_byte_order_mark_wins(mark, name):
    """Over any declaration."""
    decoded = decode_text(mark + "Zażółć".encode(name), "latin-1")
    assert (decoded.text, decoded.encoding) == ("Zażółć", name)


@pytest.mark.parametrize("name", ["utf-16-le", "utf-16-be"])
def test_wide_text_without_a_mark(name):
    """Every second byte is zero."""
    assert decode_text("A plain sentence of some length.".encode(name)).text == "A plain sentence of some length."


def test_utf8_wins_over_a_false_declaration():
    """Valid UTF-8 beyond ASCII is UTF-8."""
    assert decode_text("Tiếng Việt".encode(), "windows-1252").encoding == "utf-8"


def test_unknown_labels_are_passed_over():
    """A label that no one knows says nothing."""
    assert decode_text("été, déjà".encode("cp1252"), "x-nonsense").text == "été, déjà"


def test_damaged_utf8_is_said():
    """Lost bytes become U+FFFD, the rest stays."""
    decoded = decode_text("été ".encode() * 20 + b"\xff" + b" fin")
    assert decoded.text.endswith("\ufffd fin")
    assert decoded.notes == ("damaged UTF-8",)


def test_letters_encoded_twice_are_put_right():
    """UTF-8 that was read as windows-1252 and saved, where that is certain."""
    text = "L’été s’achève, dit la gérante, déjà prête à fermer."
    twice = text.encode().decode("cp1252").encode()
    decoded = decode_text(twice)
    assert decoded.text == text
    assert "put right" in decoded.notes[0]


def test_true_letters_are_left_alone():
    """Portuguese really writes such pairs."""
    text = "NÃO É, DIZ A MÃE: AS IRMÃS VÃO À MISSA. Ãs e Âs aos montes, Ã Ã Ã."
    assert decode_text(text.encode()).text == text


@given(st.binary(max_size=300), st.sampled_from(["", "utf-8", "shift_jis", "koi8-r"]))
def test_any_bytes_decode(data, charset):
    """Nothing raises."""
    assert isinstance(decode_text(data, charset).text, str)
