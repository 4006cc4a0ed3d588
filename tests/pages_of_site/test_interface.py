"""The interface speaks every language that it has a catalog for."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

import backfile
from backfile.i18n import interface, is_rtl, language_tag, languages
from backfile.i18n.messages import reasons, untranslated
from backfile.theme import default_templates
from backfile.wording import missing_translations, site_messages

CLEANING = Path(backfile.__file__).parent / "cleaning"


def test_the_promised_languages_are_there() -> None:
    assert {"fr", "en", "de", "es", "it", "pt", "nl", "pl", "uk", "ru", "tr", "ar", "ja", "zh"} <= {*languages()}


@pytest.mark.parametrize("language", languages())
def test_every_message_is_translated(language: str) -> None:
    messages = site_messages(default_templates())
    assert {"Skip to content", "Sections", "share buttons"} <= messages
    assert untranslated(language, messages) == []


def test_every_reason_of_a_removal_is_a_message() -> None:
    lexicons = [tomllib.loads(path.read_text("utf-8")) for path in (CLEANING / "lexicon").glob("*.toml")]
    known = {reason for lexicon in lexicons for part in ("blocks", "openers") for reason in lexicon.get(part, {})}
    known |= tomllib.loads((CLEANING / "chrome" / "hints.toml").read_text("utf-8"))["reasons"].keys()
    for path in (Path(__file__).parents[1] / "pages").glob("*/receipt.json"):
        removed = json.loads(path.read_text("utf-8"))["removed"]
        known |= {part["reason"].partition(" (profile ")[0] for part in removed}
    assert len(known) > 30
    assert known <= {*reasons()}


def test_an_unknown_message_is_named() -> None:
    assert untranslated("fr", {"Nobody says this", "Home"}) == ["Nobody says this"]


def test_words_dates_numbers_and_plurals() -> None:
    french, polish = interface("fr"), interface("pl")
    assert french.gettext("Undated") == "Sans date"
    assert french.date("2024-04-30T16:00:34+02:00") == "30 avril 2024"
    assert french.clock("2024-04-30T16:00:34+02:00") == "16:00"
    assert french.clock("2024-04-30") == ""
    assert french.period("2024-04") == "avril 2024"
    assert french.period("undated") == "Sans date"
    assert french.number(1234567).replace("\u202f", " ") == "1 234 567"
    forms = ("{n} article", "{n} articles")
    assert [polish.plural(*forms, n) for n in (1, 3, 5)] == ["1 artykuł", "3 artykuły", "5 artykułów"]
    assert [french.plural(*forms, n) for n in (0, 2)] == ["0 article", "2 articles"]


def test_a_week_begins_where_the_language_begins_it() -> None:
    assert interface("fr").week()[0][0] == 0
    assert len(interface("fr").month_initials()) == 12
    assert interface("de").month(3) == "März"
    assert interface("fr").day_of_year("2000-05-22") == "22 mai"


def test_an_unknown_language_speaks_english() -> None:
    assert interface("xx-nonsense").gettext("Undated") == "Undated"
    assert interface("fr").name_of("de") == "allemand"
    assert interface("fr").name_of("not a language") == "not a language"


@pytest.mark.parametrize(
    ("language", "tag"), [("pt_BR", "pt-BR"), ("fr", "fr"), ("und", ""), ('x" onload="', ""), ("", "")]
)
def test_language_tags(language: str, tag: str) -> None:
    assert language_tag(language) == tag


def test_direction() -> None:
    assert is_rtl("ar-EG")
    assert is_rtl("az-Arab")
    assert not is_rtl("en")
    assert interface("ar").rtl


def test_what_a_sites_own_template_says_in_no_other_language(tmp_path: Path) -> None:
    (tmp_path / "base.html").write_text('{{ _("Home") }} {{ _("Our letters") }} {{ n_("{n} cat", "{n} cats", 2) }}')
    assert missing_translations("fr-CA", tmp_path) == ["{n} cat", "Our letters"]
    assert missing_translations("fr", tmp_path / "none") == []
