"""The site's own words: translations, dates, numbers and plurals in one interface language (Babel).

Messages are written in English in the templates; `<language>.po` beside this file translates them. An article keeps
its own language and direction inside an interface of another.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton, format_time, get_day_names, get_month_names
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent
from babel.support import NullTranslations, Translations

_RTL_LANGUAGES = frozenset(
    {"ar", "arc", "ckb", "dv", "fa", "he", "iw", "ks", "ku-arab", "nqo", "ps", "sd", "syr", "ug", "ur", "yi"}
)
_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,4}")


def language_tag(language: str) -> str:
    """A language as HTML's `lang` takes it (BCP 47), or an empty string where it is no language."""
    tag = language.strip().replace("_", "-")
    return tag if _TAG.fullmatch(tag) and tag.lower() not in ("und", "mul", "zxx", "mis") else ""


def is_rtl(language: str) -> bool:
    """True for languages written from right to left."""
    tag = language.lower()
    return tag.partition("-")[0] in _RTL_LANGUAGES or "-arab" in tag or "-hebr" in tag


def languages() -> list[str]:
    """The languages that have a catalog, in order; English, in which messages are written, has one too."""
    return sorted(path.stem for path in Path(__file__).parent.glob("*.po"))


@cache
def site_locale(language: str) -> Locale:
    """The locale of the site's own words; English where the language is unknown."""
    try:
        return Locale.parse(language_tag(language) or "en", sep="-")
    except (ValueError, UnknownLocaleError):
        return Locale("en")


@dataclass(frozen=True, kw_only=True, slots=True)
class Interface:
    """The words of the site in one language."""

    language: str
    """BCP 47."""
    rtl: bool
    locale: Locale
    gettext: Callable[[str], str]
    plural: Callable[[str, str, int], str]
    """(one, many, n) → the form for n, in which `{n}` is the number as the language prints it."""

    def number(self, value: float) -> str:
        """A number as the language prints it."""
        return _number(value, self.locale)

    def percent(self, share: float) -> str:
        """A share of 1 as the language prints it."""
        return str(format_percent(share, locale=self.locale))

    def date(self, value: str) -> str:
        """A day as the language prints it, in the date's own zone; as it is where it is no date."""
        return _date(value[:10], "long", self.locale)

    def short_date(self, value: str) -> str:
        """A day in few characters."""
        return _date(value[:10], "medium", self.locale)

    def clock(self, value: str) -> str:
        """The clock time in the date's own zone; empty where the date has none."""
        return _clock(value[11:16], self.locale) if len(value) >= 16 else ""

    def period(self, value: str) -> str:
        """`2025`, `2025-01`, `2025-01-05` or `undated` in words, of `undated.ha` the letters; another word as it is."""
        _, dot, letters = value.partition(".")
        if dot and letters.isalnum():
            return self.steps(letters)
        return self.gettext("Undated") if value == "undated" else _period(value, self.locale)

    def reason(self, value: str) -> str:
        """Why a part of a page was removed; the name of a publisher's profile stays as it is."""
        why, mark, name = value.partition(" (profile ")
        return self.gettext(why) + mark.replace("profile ", "") + name

    def steps(self, letters: str) -> str:
        """The letters of a step of an alphabet."""
        return " ".join(filter(None, (letters[:2].capitalize(), letters[2:])))

    def weekday(self, value: str) -> str:
        """A day with its day of the week."""
        return _date(value[:10], "full", self.locale)

    def day_of_year(self, value: str) -> str:
        """Day and month of a date."""
        return str(format_skeleton("MMMMd", dt.date.fromisoformat(value), locale=self.locale))

    def month(self, number: int) -> str:
        """The name of a month."""
        return str(get_month_names("wide", "stand-alone", self.locale)[number])

    def month_initials(self) -> list[tuple[str, str]]:
        """(short, full) names of the twelve months."""
        short, wide = (get_month_names(width, "stand-alone", self.locale) for width in ("abbreviated", "wide"))
        return [(str(short[n]), str(wide[n])) for n in range(1, 13)]

    def week(self) -> list[tuple[int, str, str]]:
        """(day of the week from Monday = 0, short name, full name), from the first day of the week there."""
        short, wide = (get_day_names(width, "stand-alone", self.locale) for width in ("narrow", "wide"))
        first = self.locale.first_week_day
        return [(n, str(short[n]), str(wide[n])) for n in ((first + i) % 7 for i in range(7))]

    def name_of(self, language: str) -> str:
        """The name of a language in this one; the tag itself where it has none."""
        return _name_of(language, self.locale)


@cache
def interface(language: str) -> Interface:
    """The interface in a language; English words where there is no catalog for it."""
    locale = site_locale(language)
    translations = _translations(locale)

    def plural(one: str, many: str, n: int) -> str:
        return translations.ungettext(one, many, n).format(n=_number(n, locale))

    tag = language_tag(language) or "en"
    return Interface(language=tag, rtl=is_rtl(tag), locale=locale, gettext=_remembering(translations), plural=plural)


def catalog_path(language: str) -> Path:
    """The file of a language's messages."""
    return Path(__file__).parent / f"{language}.po"


def _translations(locale: Locale) -> NullTranslations:
    path = catalog_path(locale.language)
    if not path.is_file():
        return NullTranslations()
    with path.open("rb") as file:
        catalog = read_po(file, locale=locale.language)
    compiled = BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return Translations(compiled)


def _remembering(translations: NullTranslations) -> Callable[[str], str]:
    return cache(translations.ugettext)


@cache
def _date(value: str, width: str, locale: Locale) -> str:
    try:
        return format_date(dt.date.fromisoformat(value), width, locale)
    except ValueError:
        return value


@cache
def _clock(value: str, locale: Locale) -> str:
    return format_time(dt.time.fromisoformat(value), "short", locale=locale).replace("\u202f", "\xa0")


@cache
def _number(value: float, locale: Locale) -> str:
    return format_decimal(value, locale=locale)


@cache
def _period(value: str, locale: Locale) -> str:
    if len(value) == 7 and value[4] == "-":
        return format_skeleton("yMMMM", dt.date.fromisoformat(f"{value}-01"), locale=locale)
    return _date(value, "long", locale) if len(value) == 10 else value


@cache
def _name_of(language: str, locale: Locale) -> str:
    tag = language_tag(language)
    try:
        return str(Locale.parse(tag, sep="-").get_display_name(locale) or language) if tag else language
    except (ValueError, UnknownLocaleError):
        return language
