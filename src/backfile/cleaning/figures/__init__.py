"""The pictures of an article: the best copy of each, its caption and its credit; and its lead picture."""

from __future__ import annotations

from backfile.cleaning.figures.lead import lead_figure
from backfile.cleaning.figures.take import Taken, take_figures

__all__ = ["Taken", "lead_figure", "take_figures"]
