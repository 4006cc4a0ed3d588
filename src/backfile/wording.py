"""All the words that a site says of its own, and which of them its language lacks."""

from __future__ import annotations

from pathlib import Path

from backfile.i18n import site_locale
from backfile.i18n.messages import Message, reasons, template_messages, untranslated
from backfile.pages.article import KINDS
from backfile.pages.menu import WAYS
from backfile.theme import template_folders


def site_messages(own_templates: Path) -> set[Message]:
    """Every message of a site: of its templates, the labels of its lists, kinds of articles, reasons of removals."""
    labels = {label for _, label in WAYS.values()}
    return template_messages(template_folders(own_templates)) | labels | {*KINDS.values(), *reasons()}


def missing_translations(language: str, own_templates: Path) -> list[str]:
    """What a site in this language says in English, for want of a translation, in order. English lacks nothing."""
    spoken = site_locale(language).language
    found = [] if spoken == "en" else untranslated(spoken, site_messages(own_templates))
    return [message if isinstance(message, str) else message[0] for message in found]
