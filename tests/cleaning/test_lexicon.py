"""Phrases are chrome as whole blocks and plain words inside sentences, in every language."""

from __future__ import annotations

import pytest

from backfile.cleaning.lexicon import common_words, fold, languages, lexicon

REQUIRED = [
    "fr",
    "en",
    "de",
    "es",
    "it",
    "pt",
    "nl",
    "pl",
    "ru",
    "uk",
    "tr",
    "ar",
    "fa",
    "el",
    "hu",
    "ro",
    "ja",
    "zh",
    "ko",
    "cs",
    "sv",
    "no",
    "da",
    "fi",
    "he",
    "vi",
    "id",
    "hi",
    "bg",
]
REASONS = {
    "advertising marker", "share buttons", "comments", "newsletter", "subscription", "related headlines", "most read",
    "cookies", "embed dialog", "accessibility link", "menu", "player controls",
}  # fmt: skip
CUES = {"byline", "with", "and", "translator", "published", "updated", "photo", "production", "reading", "roles"}

SENTENCES = [
    ("fr", "Publicité", "La publicité représente la moitié des recettes du groupe."),
    ("fr", "Partager", "Il faut partager l'effort entre toutes les régions."),
    ("en", "Share", "Each share of the company rose to ten dollars."),
    ("en", "Related: what we know", "Related cases rose by a third in the spring."),
    ("de", "Teilen", "Das Land war in allen Teilen betroffen."),
    ("de", "Werbung", "Für Werbung gab die Partei acht Millionen Euro aus."),
    ("es", "Compartir", "Quieren compartir los datos con los demás países."),
    ("it", "Condividi", "Condividi il dolore, disse il parroco, e pesa meno."),
    ("pt", "Publicidade", "A publicidade enganosa foi punida pelo tribunal."),
    ("nl", "Delen", "Delen van het dorp stonden onder water."),
    ("pl", "Reklama", "Reklama leku była sprzeczna z prawem."),
    ("ru", "Реклама", "Реклама казино запрещена по всей стране."),
    ("uk", "Поділитися", "Він запропонував поділитися досвідом із сусідами."),
    ("tr", "Paylaş", "Paylaş dedikleri ekmek bir kişiye bile yetmedi."),
    ("ar", "إعلان", "جاء إعلان النتائج بعد يومين من التصويت."),
    ("fa", "تبلیغات", "تبلیغات انتخاباتی از فردا آغاز می‌شود."),
    ("el", "Διαφήμιση", "Η διαφήμιση του προϊόντος κρίθηκε παραπλανητική."),
    ("hu", "Hirdetés", "A hirdetés szövegét a bíróság is idézte."),
    ("ro", "Publicitate", "Cheltuielile de publicitate au crescut anul trecut."),
    ("ja", "広告", "広告の費用は前年より増えたと発表した。"),
    ("zh", "广告", "广告收入比去年同期增长了一成。"),
    ("ko", "광고", "광고 매출이 지난해보다 크게 늘었다고 밝혔다."),
    ("cs", "Reklama", "Reklama na alkohol bude podle zákona omezena."),
    ("sv", "Annons", "En annons i tidningen ledde polisen till bilen."),
    ("no", "Annonse", "En annonse i avisen førte politiet til bilen."),
    ("da", "Annonce", "En annonce i avisen førte politiet til bilen."),
    ("fi", "Mainos", "Mainos oli neuvoston mukaan harhaanjohtava."),
    ("he", "פרסומת", "כל פרסומת לאלכוהול תיאסר בקרוב בחוק."),
    ("vi", "Quảng cáo", "Quảng cáo thuốc lá bị cấm từ năm ngoái."),
    ("id", "Iklan", "Iklan rokok dilarang mulai tahun depan."),
    ("hi", "विज्ञापन", "विज्ञापन पर खर्च पिछले साल से अधिक रहा।"),
    ("bg", "Реклама", "Реклама на хазарт вече няма да се излъчва."),
]


def test_each_required_language_has_a_file():
    """The languages that the product promises are there."""
    assert set(REQUIRED) <= set(languages())


@pytest.mark.parametrize("lang", REQUIRED)
def test_a_language_has_every_kind_of_phrase(lang):
    """Each file names the usual chrome, the cues and the calendar."""
    words = lexicon(lang)
    assert set(words.blocks.values()) >= REASONS
    assert set(words.cues) >= CUES
    assert len(common_words(lang)) >= 20
    assert len(words.weekdays) >= 7
    if lang not in ("ja", "ko"):
        assert set(words.months.values()) == set(range(1, 13))


@pytest.mark.parametrize(("lang", "chrome", "sentence"), SENTENCES)
def test_a_phrase_is_chrome_alone_and_survives_in_a_sentence(lang, chrome, sentence):
    """The whole block counts, never a word inside one; and other languages' phrases do no harm either."""
    for words in (lexicon(lang), lexicon()):
        assert words.reason(chrome) or words.opener(chrome)
        assert not words.reason(sentence)
        assert not words.opener(sentence)


def test_counts_beside_a_phrase_do_not_hide_it():
    """Buttons carry counters."""
    words = lexicon("en", "de")
    assert words.reason("Comments (12)") == "comments"
    assert words.reason("16 Kommentare") == "comments"
    assert not words.reason("2024")


def test_openers_need_a_stop_after_a_single_word():
    """A sentence may begin with the word of a label."""
    words = lexicon("en", "fr", "ja")
    assert words.opener("Read also: The bridge is closed") == "related headlines"
    assert words.opener("Lire aussi | Le pont est fermé") == "related headlines"
    assert words.opener("Related – The bridge is closed") == "related headlines"
    assert words.opener("関連記事：橋が閉鎖") == "related headlines"
    assert not words.opener("関連記事を読んだ人が増えた")
    assert not words.opener("Listen to what the mayor says")


def test_section_names_are_not_chrome_by_themselves():
    """A subheading may be called like a section of the site."""
    words = lexicon("de")
    assert "wirtschaft" in words.menus
    assert not words.reason("Wirtschaft")


def test_folding_evens_out_spelling():
    """Case, apostrophes, white space and outer punctuation do not matter."""
    assert fold("  «À lire\u00a0 Aussi» :") == "à lire aussi"
    assert fold("L’ARTICLE") == "l'article"


def test_norwegian_answers_to_its_codes():
    """Pages say nb or nn."""
    assert lexicon("nb").blocks == lexicon("nn").blocks == lexicon("no").blocks
    assert lexicon("xx").blocks == {}
