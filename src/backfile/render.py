"""Page + templates → bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import jinja2
from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.runtime import Macro
from markupsafe import Markup, escape

from backfile.compiled import Compiled
from backfile.i18n import Interface, interface, is_rtl, language_tag
from backfile.model import Entry, Page
from backfile.pages.base import View
from backfile.paths import root_of, url_path
from backfile.report import SiteError
from backfile.theme import template_folders

Renderer = Callable[[Page], bytes]

_STORIES = 10_000
"""Stories of lists that are kept as HTML: each stands in about ten."""


def make_renderer(view: View, compiled: Compiled) -> Renderer:
    """A function that renders pages with the site's templates, all of which are ready then.

    Both raise SiteError, with file and line, for a mistake in a template.
    """
    environment = _environment(view, compiled)
    with _mistakes_told():
        for name in environment.list_templates(filter_func=_is_page):
            environment.get_template(name)
    compiled.save()

    def render(page: Page) -> bytes:
        if not page.template:
            return page.data
        with _mistakes_told(page.path):
            template = environment.get_template(page.template)
            root = _root(page.path, view.address)
            return template.render(page.context, root=root, path=page.path).encode("utf-8", "replace")

    return render


@contextmanager
def _mistakes_told(path: str = "") -> Iterator[None]:
    try:
        yield
    except jinja2.TemplateNotFound as error:
        raise SiteError(f"the template `{error.name}` is missing") from error
    except jinja2.TemplateSyntaxError as error:
        raise SiteError(f"{error.filename}, line {error.lineno}: {error.message}") from error
    except jinja2.UndefinedError as error:
        raise SiteError(f"{_place(error)}: {error.message} (page {path})") from error


def _is_page(name: str) -> bool:
    return "/" not in name and name.endswith((".html", ".xml"))


def _escaped(value: object) -> str:
    """A value as HTML text. Most of it is plain text, for which Jinja's own way takes eight times as long."""
    if type(value) is Markup:
        return value
    if type(value) is not str:
        return str(escape(value))
    text = value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace('"', "&#34;").replace("'", "&#39;")


class _Generator(CodeGenerator):
    """Writes templates whose output goes through `_escaped`, and whose messages are translated once and for all."""

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:
        self.write("environment.escaped(")

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:  # noqa: N802  # Jinja's
        match node:
            case nodes.Call(node=nodes.Name(name="_"), args=[nodes.Const(value=str(message))]):
                translate: Any = self.environment.globals["_"]
                self.write(repr(translate(message)))
            case _:
                super().visit_Call(node, frame, forward_caller=forward_caller)


class _Environment(jinja2.Environment):
    """Templates stay as they are while it lives, so each is looked up by its name alone."""

    code_generator_class = _Generator
    escaped = staticmethod(_escaped)

    @cache  # noqa: B019  # lives as long as the build
    def _kept(self, name: str) -> jinja2.Template:
        return super().get_template(name)

    def get_template(self, name: Any, parent: str | None = None, globals: Any = None) -> jinja2.Template:  # noqa: A002  # the base class's names
        return self._kept(name)


def _environment(view: View, compiled: Compiled) -> jinja2.Environment:
    environment = _Environment(
        loader=jinja2.FileSystemLoader([str(folder) for folder in template_folders(view.templates)]),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
        bytecode_cache=compiled,
    )
    ui = interface(view.language)
    environment.filters.update(_filters(ui))
    environment.globals.update(site=view, ui=ui, _=ui.gettext, n_=ui.plural, part=_parts(environment), kept=_keeping())
    return environment


def _parts(environment: jinja2.Environment) -> Callable[[str, Markup], Markup]:
    """Parts that are the same on every page of a depth, each rendered once."""

    @cache
    def part(name: str, root: Markup) -> Markup:
        return Markup(environment.get_template(name).render(root=root))

    return part


def _keeping() -> Callable[..., str]:
    """Calls a macro with an article and what it is shown like, or gives what it gave for that article before."""
    known: dict[tuple[object, ...], tuple[Entry, str]] = {}

    def kept(macro: Macro, entry: Entry, *how: object) -> str:
        key = (macro.name, id(entry), *how)
        found = known.get(key)
        if not found:
            if len(known) >= _STORIES:
                known.clear()
            found = known[key] = (entry, macro(entry, *how))  # with the article itself, whose id is nobody else's then
        return found[1]

    return kept


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


def _root(path: str, address: str) -> Markup:
    """What leads to the site's root: the way up, or the path of its address on a page that a server shows anywhere."""
    return escape((urlsplit(address).path if path == "404.html" else "") or root_of(path))


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
