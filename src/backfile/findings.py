"""What `verify` and `check` find: findings of kinds, each kind with what mends it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from backfile.report import Level


@dataclass(frozen=True, kw_only=True, slots=True)
class Kind:
    """A kind of finding."""

    what: str
    """A heading: "articles without a date"."""
    mend: str
    """What to do about one, with the command."""
    level: Level = "warning"


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One thing that was found."""

    kind: str
    where: str
    detail: str = ""
    weight: float = 0.0
    """How bad it is among its kind, 0 to 1: the worst come first."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Findings:
    """The account of a run: how many of what is well, and what is not."""

    kinds: Mapping[str, Kind]
    found: tuple[Finding, ...]
    counts: Mapping[str, int]

    def of_level(self, level: Level) -> int:
        """How many findings are of a level."""
        return sum(self.kinds[each.kind].level == level for each in self.found)

    def as_dict(self) -> dict[str, Any]:
        """The findings as JSON-ready values, grouped, in the order of the kinds."""
        return {
            "counts": dict(self.counts),
            "findings": [
                {
                    "kind": name,
                    "level": kind.level,
                    "what": kind.what,
                    "mend": kind.mend,
                    "count": len(some),
                    "where": [{"file": each.where, "detail": each.detail} for each in some],
                }
                for name, kind in self.kinds.items()
                if (some := of_kind(self.found, name))
            ],
        }


def of_kind(found: Iterable[Finding], name: str) -> list[Finding]:
    """The findings of a kind, the worst first, then in order."""
    some = (each for each in found if each.kind == name)
    return sorted(some, key=lambda each: (-each.weight, each.where, each.detail))
