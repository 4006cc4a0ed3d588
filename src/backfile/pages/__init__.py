"""Catalog → Pages: what is put out. One file a page type; each defines `PAGE_TYPE`."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module

from backfile.pages.base import PageType


@cache
def page_types() -> dict[str, PageType]:
    """Every page type of this folder, by name."""
    modules = (import_module(f"{__name__}.{info.name}") for info in pkgutil.iter_modules(__path__))
    found = [module.PAGE_TYPE for module in modules if hasattr(module, "PAGE_TYPE")]
    return {kind.name: kind for kind in sorted(found, key=lambda kind: kind.name)}
