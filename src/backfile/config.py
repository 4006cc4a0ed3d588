"""`backfile.toml` → SiteConfig: one door from the user's file to typed, checked values."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from backfile.colours import accent_style
from backfile.limits import Limits
from backfile.model import CleanOptions
from backfile.report import ConfigError, SiteError

CONFIG_NAME = "backfile.toml"

SHELVES = ("publishers", "tags", "authors", "sections", "agencies", "languages")
"""Lists by their folders."""
WAYS_IN = ("calendar", "publishers", "tags", "authors", *SHELVES[3:], "on-this-day", "statistics", "links")
HOME_PARTS = ("latest", "chart", *SHELVES, "on-this-day")
EXTENSIONS = ("toc", "footnotes", "tables", "attr_list", "admonition", "def_list", "abbr", "sane_lists")
"""The extensions of Python-Markdown that are on by default."""
MORE_EXTENSIONS = ("fenced_code", "md_in_html", "nl2br", "smarty")
_LANGUAGE = re.compile(r"([A-Za-z]{2,3})(?:[-_][A-Za-z0-9]{2,8}){0,4}")


class Theme(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`[theme]`"""

    accent: str = ""
    """A CSS colour for links and marks."""
    footer: str = ""
    """A line of text at the foot of each page."""
    licence: str = ""
    """What may be done with the texts, told beside each article."""
    home: tuple[str, ...] = ("latest", "chart", "publishers", "tags", "authors", "on-this-day")
    """The parts of the home page, in their order."""
    lists: tuple[str, ...] = WAYS_IN
    """The ways in that the menus show, in their order, the first four above."""


class Pages(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`[pages]`"""

    extensions: tuple[str, ...] = EXTENSIONS
    """Of Python-Markdown, for the pages in `content/pages/`."""


class Cleaning(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`[cleaning]`"""

    profiles: bool = True
    """Use publisher profiles."""
    site_rules: str = ""
    """A folder of site rules in FiveFilters' format, from the site folder; empty for none."""


class SiteConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What `backfile.toml` may say; each key has a default."""

    title: str = "My archive"
    description: str = ""
    language: str = "en"
    """Of the site's own words (BCP 47)."""
    address: str = ""
    """Where the site is published, for feeds and the sitemap; empty while it is only read from disk."""
    search: bool = True
    """Make a search page and its index."""
    theme: Theme = Theme()
    pages: Pages = Pages()
    cleaning: Cleaning = Cleaning()
    limits: Limits = Limits()


@dataclass(frozen=True, kw_only=True, slots=True)
class Site:
    """A site folder with its configuration."""

    root: Path
    config: SiteConfig = field(default_factory=SiteConfig)

    @property
    def cleaning(self) -> CleanOptions:
        """How its pages are cleaned."""
        rules = self.config.cleaning.site_rules
        folder = str((self.root / rules).resolve()) if rules else ""
        return CleanOptions(profiles=self.config.cleaning.profiles, site_rules=folder)

    @property
    def saved(self) -> Path:
        """Originals: never changed, never deleted."""
        return self.root / "content" / "saved"

    @property
    def articles(self) -> Path:
        """The archive: one Markdown file an article."""
        return self.root / "content" / "articles"

    @property
    def receipts(self) -> Path:
        """What the machine read, produced and removed."""
        return self.root / "content" / "receipts"

    @property
    def pages(self) -> Path:
        """Hand-written pages."""
        return self.root / "content" / "pages"

    @property
    def templates(self) -> Path:
        """The site's own templates; those it lacks come with Backfile."""
        return self.root / "templates"

    @property
    def cache(self) -> Path:
        """Safe to delete at any time."""
        return self.root / ".backfile"

    @property
    def catalog(self) -> Path:
        """What the archive holds, as the last build saw it."""
        return self.cache / "catalog.sqlite"

    @property
    def build(self) -> Path:
        """Where the site is written unless the user says otherwise."""
        return self.root / "build"

    def overlaps(self, place: Path) -> bool:
        """True where `place` is, holds or lies in what the site is made of: nothing made may go there."""
        there = place.resolve()
        made_of = (self.saved.parent, self.saved, self.articles, self.receipts, self.pages, self.templates, self.cache)
        return any(part.is_relative_to(there) or there.is_relative_to(part) for part in map(Path.resolve, made_of))


def find_site(start: Path) -> Path:
    """The nearest folder from `start` upwards that has a `backfile.toml`. Raises SiteError where there is none."""
    for folder in (start, *start.parents):
        if (folder / CONFIG_NAME).is_file():
            return folder
    raise SiteError(
        f"no {CONFIG_NAME} in {start} or above. Make a site with `backfile init FOLDER`, or name one with --site"
    )


def load_site(root: Path) -> Site:
    """The site in a folder. Raises SiteError where it is none, ConfigError where its configuration is wrong."""
    path = root / CONFIG_NAME
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError as error:
        raise SiteError(f"{root} has no {CONFIG_NAME}. Make a site there with `backfile init {root}`") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: not UTF-8 text (byte {error.start}). Save it as UTF-8") from error
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror})") from error
    site = Site(root=root, config=parse_config(text, str(path)))
    if site.cleaning.site_rules and not Path(site.cleaning.site_rules).is_dir():
        raise ConfigError(f"{path}: `cleaning.site_rules`: {site.cleaning.site_rules} is no folder. Mend its path")
    return site


def parse_config(text: str, where: str = CONFIG_NAME) -> SiteConfig:
    """Checked configuration. Raises ConfigError with the file, the key and what is expected of it."""
    try:
        config = msgspec.convert(tomllib.loads(text), SiteConfig)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{where}: not TOML: {error}") from error
    except msgspec.ValidationError as error:
        raise ConfigError(f"{where}: {_in_words(str(error))}") from error
    for fault in _faults(config):
        raise ConfigError(f"{where}: {fault}")
    return config


def _faults(config: SiteConfig) -> Iterator[str]:
    """What is of the right type and yet wrong, key first."""
    tag = _LANGUAGE.fullmatch(config.language)
    spoken = sorted(path.stem for path in (Path(__file__).parent / "i18n").glob("*.po"))
    if not tag or tag[1].lower() not in spoken:
        yield f"`language`: the interface does not speak `{config.language}`. Choose one of {', '.join(spoken)}"
    if config.address and not _is_address(config.address):
        what = "is not the address of a site. Write it like https://example.org/archive/"
        yield f"`address`: `{config.address}` {what}"
    theme = config.theme
    if theme.accent and not accent_style(theme.accent):
        yield f"`theme.accent`: `{theme.accent}` is not a colour. Write it like #8a1c1c or teal"
    for name in Limits.__struct_fields__:
        if getattr(config.limits, name) < 1:
            yield f"`limits.{name}`: must be at least 1"
    yield from _unknown("theme.home", theme.home, HOME_PARTS)
    yield from _unknown("theme.lists", theme.lists, WAYS_IN)
    yield from _unknown("pages.extensions", config.pages.extensions, (*EXTENSIONS, *MORE_EXTENSIONS))


def _is_address(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    plain = not (parts.query or parts.fragment or re.search(r"[\s<>\"]", address))
    return parts.scheme in ("http", "https") and bool(parts.hostname) and plain


def _unknown(key: str, chosen: Sequence[str], known: Sequence[str]) -> Iterator[str]:
    for name in chosen:
        if name not in known:
            yield f"`{key}`: there is no `{name}`. Choose from {', '.join(known)}"
        elif chosen.count(name) > 1:
            yield f"`{key}`: `{name}` stands there twice. Take one out"


def _in_words(message: str) -> str:
    """`Expected `str`, got `int` - at `$.theme.accent`` → a sentence that names the key first."""
    problem, _, place = message.partition(" - at `$.")
    key = place.rstrip("`")
    if "unknown field" in problem:
        unknown = problem.rsplit("`", 2)[-2]
        return f"unknown key `{f'{key}.' if key else ''}{unknown}`. Look at its spelling, or take it out"
    for name, words in (
        ("`str`", "a text in quotes"),
        ("`bool`", "true or false"),
        ("`int`", "a whole number"),
        ("`object`", "a table"),
        ("`array`", "a list in square brackets"),
    ):
        problem = problem.replace(name, words)
    return f"`{key}`: {problem[:1].lower()}{problem[1:]}"
