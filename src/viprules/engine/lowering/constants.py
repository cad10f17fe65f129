"""What a scalar of the file is as a constant: of the type that its place wants, else of its own."""

from __future__ import annotations

from decimal import Decimal
from typing import Any as Anything

from viprules.engine.days import parse_day
from viprules.engine.tree.kinds import NUMBER, TEXT, TRUTH, Type, scaled
from viprules.engine.tree.nodes import Scalar

__all__ = ["constant", "own_type"]


def own_type(raw: Anything) -> Type:
    """The type of a constant where nothing else is wanted."""
    if isinstance(raw, bool):
        return TRUTH
    return TEXT if isinstance(raw, str) else NUMBER


def constant(raw: Anything, want: Type) -> Scalar:
    """The constant in the wanted type, or None where it is none."""
    if want.kind in ("number", "money") and isinstance(raw, int | Decimal) and not isinstance(raw, bool):
        return scaled(raw, want.decimals)
    if want.kind == "true_false" and isinstance(raw, bool):
        return raw
    if want.kind == "date" and isinstance(raw, str):
        return parse_day(raw)
    text = str(raw).lower() if isinstance(raw, bool) else str(raw)
    if want.kind in ("scale", "tier"):
        return want.options.index(text) + (want.kind == "tier") if text in want.options else None
    if want.kind == "text" and (not want.options or text in want.options):
        return text
    return None
