"""Telling languages apart."""

from __future__ import annotations

import pytest

from backfile.cleaning.language import detect_language

TEXTS = {
    "fr": "Le conseil de la ville a décidé mardi de reconstruire le vieux phare, qui était vide depuis trente ans.",
    "en": "The council of the town decided on Tuesday to rebuild the old lighthouse, which had been empty for years.",
    "de": "Der Rat der Stadt hat am Dienstag beschlossen, den alten Leuchtturm wieder aufzubauen, der leer stand.",
    "es": "El consejo de la ciudad decidió el martes reconstruir el viejo faro, que estaba vacío desde hace años.",
    "it": "Il consiglio della città ha deciso martedì di ricostruire il vecchio faro, che era vuoto da trent'anni.",
    "pt": "O conselho da cidade decidiu na terça-feira reconstruir o velho farol, que não era usado há anos.",
    "nl": "De raad van de stad heeft dinsdag besloten om de oude vuurtoren, die leeg stond, weer op te bouwen.",
    "pl": "Rada miasta zdecydowała we wtorek, że odbuduje starą latarnię, która od lat nie jest używana.",
    "ru": "Городской совет решил во вторник восстановить старый маяк, который был пуст уже тридцать лет.",
    "uk": "Міська рада вирішила у вівторок відбудувати старий маяк, який був порожній уже тридцять років.",
    "bg": "Градският съвет реши във вторник да възстанови стария фар, който е бил празен от тридесет години.",
    "tr": "Belediye meclisi salı günü eski deniz fenerini yeniden yapmak için bir karar aldı ve bu çok önemli.",
    "ar": "قرر مجلس المدينة يوم الثلاثاء إعادة بناء المنارة القديمة التي بقيت خالية منذ ثلاثين عاما.",
    "fa": "شورای شهر روز سه‌شنبه تصمیم گرفت که فانوس دریایی قدیمی را که سی سال خالی بود بازسازی کند.",
    "el": "Το δημοτικό συμβούλιο αποφάσισε την Τρίτη να ανακατασκευάσει τον παλιό φάρο.",
    "he": "מועצת העיר החליטה ביום שלישי לבנות מחדש את המגדלור הישן.",
    "hu": "A városi tanács kedden úgy döntött, hogy újjáépíti a régi világítótornyot, amely már évek óta nem volt.",
    "ro": "Consiliul orașului a decis marți să reconstruiască vechiul far, care nu a fost folosit de treizeci de ani.",
    "cs": "Rada města v úterý rozhodla, že se starý maják, který byl třicet let prázdný, znovu postaví.",
    "sv": "Stadens råd beslutade på tisdagen att bygga upp den gamla fyren, som inte har använts på många år.",
    "no": "Byens råd vedtok tirsdag å bygge opp igjen det gamle fyret, som ikke har vært i bruk på mange år, sier hun.",
    "da": "Byens råd vedtog tirsdag at genopbygge det gamle fyr, som ikke har været i brug af nogen, siger hun.",
    "fi": "Kaupungin neuvosto päätti tiistaina, että vanha majakka, joka on ollut tyhjä, rakennetaan myös nyt.",
    "vi": "Hội đồng thành phố đã quyết định xây lại ngọn hải đăng cũ, nơi không có người ở từ nhiều năm.",
    "id": "Dewan kota itu memutuskan pada hari Selasa untuk membangun kembali mercusuar yang tidak dipakai.",
    "hi": "नगर परिषद ने मंगलवार को पुराने प्रकाशस्तंभ को फिर से बनाने का फैसला किया है जो खाली था।",
    "ja": "市議会は火曜日、古い灯台を建て直すことを決めた。",
    "zh": "市议会星期二决定重建那座空置三十年的旧灯塔。",
    "ko": "시의회는 화요일에 비어 있던 등대를 다시 짓기로 했다.",
}


@pytest.mark.parametrize(("lang", "text"), TEXTS.items())
def test_each_language_is_recognised(lang, text):
    """From a sentence or two."""
    assert detect_language(text) == lang


@pytest.mark.parametrize("text", ["", "12 345", "Sport", "Xyz qwrt plmk dfgh sdfg zzkj wwqp bnmk ttrw", "…", "ñ"])
def test_nothing_is_said_where_nothing_is_known(text):
    """Too short, or no language of ours."""
    assert detect_language(text) == ""
