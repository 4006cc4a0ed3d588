"""Page + templates → bytes."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import jinja2
from markupsafe import Markup

from backfile.i18n import Interface, interface, is_rtl, language_tag
from backfile.model import Page
from backfile.pages.base import View
from backfile.paths import root_of, url_path
from backfile.report import SiteError
from backfile.theme import template_folders

Renderer = Callable[[Page], bytes]


def make_renderer(view: View) -> Renderer:
    """A function that renders pages with the site's templates.

    It raises SiteError, with file and line, for a mistake in a template.
    """
    environment = _environment(view)

    def render(page: Page) -> bytes:
        if not page.template:
            return page.data
        try:
            template = environment.get_template(page.template)
            return template.render(page.context, root=_root(page.path, view.address), path=page.path).encode(
                "utf-8", "replace"
            )
        except jinja2.TemplateNotFound as error:
            raise SiteError(f"the template `{error.name}` is missing") from error
        except jinja2.TemplateSyntaxError as error:
            raise SiteError(f"{error.filename}, line {error.lineno}: {error.message}") from error
        except jinja2.UndefinedError as error:
            raise SiteError(f"{_place(error)}: {error.message} (page {page.path})") from error

    return render


def _environment(view: View) -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader([str(folder) for folder in template_folders(view.templates)]),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    ui = interface(view.language)
    environment.filters.update(_filters(ui))
    environment.globals.update(site=view, ui=ui, _=ui.gettext, n_=ui.plural, part=_parts(environment))
    return environment


def _parts(environment: jinja2.Environment) -> Callable[[str, str], Markup]:
    """Parts that are the same on every page of a depth, each rendered once."""

    @cache
    def part(name: str, root: str) -> Markup:
        return Markup(environment.get_template(name).render(root=root))

    return part


def _filters(ui: Interface) -> dict[str, Callable[..., Any]]:
    own = ui.language.partition("-")[0]

    @cache
    def tongue(language: str) -> Markup:
        """` lang="…" dir="…"` for text in another language than the site's."""
        tag = language_tag(language)
        if not tag or tag.partition("-")[0] == own:
            return Markup("")
        turned = is_rtl(tag) != ui.rtl
        return Markup(f' lang="{tag}"') + Markup(' dir="rtl"' if is_rtl(tag) else ' dir="ltr"' if turned else "")

    return {
        "date": ui.date,
        "short_date": ui.short_date,
        "clock": ui.clock,
        "zone": _zone,
        "period": ui.period,
        "steps": ui.steps,
        "weekday": ui.weekday,
        "day_of_year": ui.day_of_year,
        "number": ui.number,
        "reason": ui.reason,
        "language": ui.name_of,
        "tongue": tongue,
        "tag": language_tag,
        "host": _host,
        "path": url_path,
    }


def _root(path: str, address: str) -> str:
    """What leads to the site's root: the way up, or the path of its address on a page that a server shows anywhere."""
    return (urlsplit(address).path if path == "404.html" else "") or root_of(path)


def _zone(date: str) -> str:
    """The offset of a date's zone, as readers know it; empty where the date has none."""
    offset = date[19:]
    if offset in ("+00:00", "-00:00"):
        return " UTC"
    if len(offset) != 6:
        return ""
    hours, minutes = offset[1:3].lstrip("0") or "0", offset[3:]
    return f" UTC{'−' if offset[0] == '-' else '+'}{hours}{minutes if minutes != ':00' else ''}"


def _host(address: str) -> str:
    """The name of the site of an address."""
    return urlsplit(address).netloc.rpartition("@")[2].removeprefix("www.")


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
