"""Page + templates → bytes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import cache

import jinja2
from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time

from backfile.model import Page
from backfile.pages.base import View
from backfile.paths import root_of, url_path
from backfile.prose import figure_html
from backfile.report import SiteError
from backfile.theme import template_folders

Renderer = Callable[[Page], bytes]


def make_renderer(view: View) -> Renderer:
    """A function that renders pages with the site's templates.

    It raises SiteError, with file and line, for a mistake in a template.
    """
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader([str(folder) for folder in template_folders(view.templates)]),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    locale = site_locale(view.language)
    environment.filters.update(
        date=lambda value: printed_date(value, locale),
        clock=lambda value: printed_clock(value, locale),
        month=lambda value: printed_month(value, locale),
        path=url_path,
        figure=figure_html,
    )
    environment.globals["site"] = view
    environment.globals["_"] = lambda text: text

    def render(page: Page) -> bytes:
        if not page.template:
            return page.data
        try:
            template = environment.get_template(page.template)
            return template.render(page.context, root=root_of(page.path), path=page.path).encode("utf-8", "replace")
        except jinja2.TemplateNotFound as error:
            raise SiteError(f"the template `{error.name}` is missing") from error
        except jinja2.TemplateSyntaxError as error:
            raise SiteError(f"{error.filename}, line {error.lineno}: {error.message}") from error
        except jinja2.UndefinedError as error:
            raise SiteError(f"{_place(error)}: {error.message} (page {page.path})") from error

    return render


def _place(error: BaseException) -> str:
    """File and line of the template in which an error rose."""
    place = "template"
    trace = error.__traceback__
    while trace:
        filename = trace.tb_frame.f_code.co_filename
        if trace.tb_frame.f_globals.get("__jinja_template__") is not None or filename.endswith((".html", ".xml")):
            place = f"{filename}, line {trace.tb_lineno}"
        trace = trace.tb_next
    return place


@cache
def site_locale(language: str) -> Locale:
    """The locale of the site's own words; English where the language is unknown."""
    try:
        return Locale.parse(language, sep="-")
    except (ValueError, UnknownLocaleError):
        return Locale("en")


@cache
def printed_date(value: str, locale: Locale) -> str:
    """A day as the locale prints it, in the date's own zone; as it is where it is no date."""
    try:
        return format_date(dt.date.fromisoformat(value[:10]), "long", locale)
    except ValueError:
        return value


def printed_clock(value: str, locale: Locale) -> str:
    """The clock time as the locale prints it, in the date's own zone; empty where the date has none."""
    if len(value) < 16:
        return ""
    return format_time(dt.datetime.fromisoformat(value).replace(tzinfo=None), "short", locale=locale)


@cache
def printed_month(value: str, locale: Locale) -> str:
    """A period (`2025`, `2025-01`, `2025-01-05`) as the locale prints it; any other word as it is."""
    if len(value) == 7 and value[4] == "-":
        return format_date(dt.date.fromisoformat(f"{value}-01"), "MMMM y", locale)
    return printed_date(value, locale) if len(value) == 10 else value
