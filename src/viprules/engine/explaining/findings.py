"""What conditions came to: the parts of an explanation, as values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from attrs import field, frozen

from viprules.errors import Source

__all__ = ["Finding", "LayerFinding", "TierFinding"]


NAMED = ("segment", "raise", "floor")
"""Groups that have a name of their own, by which they are a reason too."""


@frozen(kw_only=True)
class Finding:
    """What one condition came to."""

    what: str
    kind: str
    """`at_least`, `more_than`, …, or `all`, `any`, `not`, `at_least_of` for a group."""
    verdict: str
    """`met`, `not_met` or `unknown`."""
    value: str | None = None
    bound: str | None = None
    upper: str | None = None
    """The upper end of a range; `bound` is the lower one."""
    window: tuple[str, str] | None = None
    missing: str | None = None
    """How much is missing to meet it, in the unit of the value."""
    by: str | None = None
    """The last day on which it can still be made up in the present window."""
    unknown: tuple[str, ...] = ()
    """The facts that are missing, where the verdict is unknown."""
    source: Source | None = field(default=None, eq=False)
    parts: tuple[Finding, ...] = ()
    words: Mapping[str, str] = field(factory=dict)
    """What a criterion says of itself, by language."""

    def as_dict(self) -> dict[str, Any]:
        """Plain data; `line` is `file:line` of the policy."""
        found = {
            "what": self.what,
            "words": dict(self.words),
            "kind": self.kind,
            "verdict": self.verdict,
            "value": self.value,
            "bound": self.bound,
            "upper": self.upper,
            "window": list(self.window) if self.window else None,
            "missing": self.missing,
            "by": self.by,
            "unknown": list(self.unknown),
            "line": f"{self.source.file}:{self.source.line}" if self.source else None,
        }
        return found | {"parts": [one.as_dict() for one in self.parts]}

    def lacking(self) -> Iterator[Finding]:
        """The conditions under it that keep it from being met; of `any` every branch."""
        if self.verdict == "met":
            return
        if self.parts and self.kind != "not":
            for one in self.parts:
                yield from one.lacking()
        else:
            yield self

    def reasons(self) -> Iterator[Finding]:
        """The conditions under it that are met and make it so."""
        if self.verdict != "met":
            return
        grouped = bool(self.parts) and self.kind != "not"
        if not grouped or self.kind in NAMED:
            yield self
        if grouped:
            for one in self.parts:
                yield from one.reasons()


@frozen(kw_only=True)
class TierFinding:
    """What the conditions of one tier came to."""

    tier: str
    name: Mapping[str, str]
    rank: int
    held: bool
    enter: Finding | None
    stay: Finding | None
    """None where staying asks the same as entering."""
    ways: tuple[tuple[str, Finding], ...]

    def as_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "tier": self.tier,
            "name": dict(self.name),
            "held": self.held,
            "enter": self.enter.as_dict() if self.enter else None,
            "stay": self.stay.as_dict() if self.stay else None,
            "ways": [{"cause": cause, **one.as_dict()} for cause, one in self.ways],
        }


@frozen(kw_only=True)
class LayerFinding:
    """What the condition of a raise, a cap or a floor came to."""

    kind: str
    """`raise`, `cap` or `floor`."""
    id: str
    by: int = 0
    """Levels of a raise."""
    tier: str = ""
    """The tier of a cap or a floor."""
    found: Finding

    def as_dict(self) -> dict[str, Any]:
        """Plain data."""
        return self.found.as_dict() | {"kind": self.kind, "id": self.id, "by": self.by, "tier": self.tier}
