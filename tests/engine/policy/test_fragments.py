"""From a parameter class to its schema."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal

import pytest
from attrs import frozen

from viprules.api import Condition, DayForm, EventName, Span, Texts, Value, WindowForm, key
from viprules.engine.policy.fragments import fragment, name_of, ref, shape_of


@pytest.mark.parametrize(
    ("kind", "shape"),
    [
        (str, {"type": "string"}),
        (int | None, {"type": "integer"}),
        (Decimal, {"type": "number"}),
        (Literal["up", "down"], {"type": "string", "enum": ["up", "down"]}),
        (Value, ref("value")),
        (Value | None, ref("value")),
        (Condition, ref("condition")),
        (WindowForm | None, ref("window")),
        (DayForm, ref("day")),
        (Span, ref("duration")),
        (EventName, ref("event_name")),
        (Texts, ref("texts")),
        (tuple[Value, ...], {"type": "array", "items": ref("value"), "minItems": 1, "maxItems": 10_000}),
        (Mapping[str, Value], {"type": "object", "additionalProperties": ref("value")}),
    ],
)
def test_a_type_has_a_shape(kind: object, shape: dict[str, object]) -> None:
    """Types of parameters as the schema has them; what may be missing has the shape of what may be there."""
    assert shape == shape_of(kind)


@pytest.mark.parametrize("kind", [float, bytes, int | str, set])
def test_another_type_has_none(kind: object) -> None:
    """No policy can hold it, nor one of two types."""
    with pytest.raises(KeyError):
        shape_of(kind)


@frozen(kw_only=True)
class Inner:
    """A part."""

    many: int = key("how many", default=1)


@frozen(kw_only=True)
class Outer:
    """First line.

    What follows is for programmers.
    """

    inner: Inner = key("a part")
    of: EventName = key("an event type", name="off", examples=["purchase"])
    share: Decimal = key("a share", default=Decimal("0.5"), schema={"minimum": 0})
    days: tuple[DayForm, ...] = key("days", factory=tuple, schema=ref("day_or_days"))
    hidden: int = 0


def test_a_class_is_a_closed_map() -> None:
    """Its described fields under the names of the file; what has no default is required."""
    inner = {"many": {"type": "integer", "description": "how many", "default": 1}}
    assert {
        "type": "object",
        "description": "First line.",
        "additionalProperties": False,
        "required": ["inner", "off"],
        "properties": {
            "inner": {"type": "object", "properties": inner, "additionalProperties": False, "description": "a part"},
            "off": ref("event_name") | {"description": "an event type", "examples": ["purchase"]},
            "share": {"type": "number", "description": "a share", "minimum": 0, "default": "0.5"},
            "days": ref("day_or_days") | {"description": "days"},
        },
    } == fragment(Outer)


def test_names_are_closed_unless_they_are_open() -> None:
    """A file's own names, or any for the published schema."""
    assert ["a"] == name_of(["a"], "a fact", opened=False)["enum"]
    assert "enum" not in name_of(["a"], "a fact", opened=True)
