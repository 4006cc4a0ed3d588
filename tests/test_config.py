"""backfile.toml: typed and checked, with messages that name file, key and what is expected."""

from __future__ import annotations

import pytest

from backfile.config import find_site, load_site, parse_config
from backfile.report import ConfigError, SiteError


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("title = 5", "backfile.toml: `title`: expected a text in quotes, got a whole number"),
        ("theme = 1", "`theme`: expected a table"),
        ("[cleaning]\nprofiles = 1", "`cleaning.profiles`: expected true or false"),
        ("titel = 'x'", "unknown key `titel`"),
        ("[theme]\ncolour = 'x'", "unknown key `theme.colour`"),
        ("title = ", "not TOML"),
        ("language = 'french'", "`language`: the interface does not speak `french`. Choose one of ar, de, en"),
        ("language = 'ko'", "does not speak `ko`"),
        ("address = 'example.org'", "`address`: `example.org` is not the address of a site"),
        ("address = 'https://exa mple.org'", "is not the address of a site"),
        ("address = 'https://[x'", "is not the address of a site"),
        ("address = 'https://example.org/?a=1'", "is not the address of a site"),
        ("[theme]\naccent = 'reddish'", "`theme.accent`: `reddish` is not a colour"),
        ("[theme]\naccent = 'red; } body { display: none'", "is not a colour"),
        ("[theme]\nhome = 'latest'", "`theme.home`: expected a list in square brackets"),
        ("[theme]\nhome = ['newest']", "`theme.home`: there is no `newest`. Choose from latest, chart"),
        ("[theme]\nlists = ['tags', 'tags']", "`theme.lists`: `tags` stands there twice"),
    ],
)
def test_what_is_wrong_is_named(text, message):
    with pytest.raises(ConfigError) as caught:
        parse_config(text)
    assert message in str(caught.value)


@pytest.mark.parametrize("language", ["pt-BR", "fr_CA", "zh-Hant-TW", "en"])
def test_a_language_may_name_its_region(language):
    assert parse_config(f'language = "{language}"').language == language


def test_defaults_and_values():
    config = parse_config('title = "Mine"\n[theme]\naccent = "red"')
    assert (config.title, config.language, config.theme.accent) == ("Mine", "en", "red")


def test_the_nearest_site_upwards(tmp_path):
    (tmp_path / "backfile.toml").write_text("")
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    assert find_site(below) == tmp_path
    assert load_site(tmp_path).config.title == "My archive"


def test_no_site(tmp_path):
    with pytest.raises(SiteError, match="backfile init"):
        load_site(tmp_path)


def test_a_config_that_is_no_text(tmp_path):
    (tmp_path / "backfile.toml").write_bytes(b"title = '\xff'")
    with pytest.raises(ConfigError, match="not UTF-8"):
        load_site(tmp_path)


def test_a_config_that_cannot_be_read(tmp_path):
    (tmp_path / "backfile.toml").mkdir()
    with pytest.raises(ConfigError, match="cannot be read"):
        load_site(tmp_path)


def test_an_extension_that_is_none_is_named():
    with pytest.raises(ConfigError, match=r"`pages\.extensions`: there is no `tabels`\. Choose from toc"):
        parse_config('[pages]\nextensions = ["tabels"]')
