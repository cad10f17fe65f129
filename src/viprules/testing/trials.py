"""An example of a word in a policy of its own, so that it can be judged without anybody's programme."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from attrs import evolve, field, frozen

from viprules.engine.policy.describing import BenefitType, Example, described, key_name
from viprules.engine.policy.fragments import fragment
from viprules.engine.reading.source import Map, Text, read

__all__ = ["NAME", "Trial", "trials_of"]

NAME: Final = "on_trial"
"""The tier, the metric and the fact by which an example is looked at."""
PLAIN: Final = re.compile(r"[\w.+-][\w.+:%/-]*( [\w.+-]+)*", re.ASCII)
HEAD: Final = ("viprules: 1", "program: {id: trial, timezone: Asia/Shanghai, currency: CNY}")
NONSENSE: Final = "no_such_key_or_word"


@frozen(kw_only=True, eq=False)
class Trial:
    """A word with one of its examples, and the sections on which that stands."""

    offer: Any
    example: Example
    value: Any
    """The example as data."""
    sections: Mapping[str, Any] = field(factory=dict)

    @property
    def word(self) -> str:
        """The word."""
        return str(self.offer.name)

    @property
    def is_benefit(self) -> bool:
        """Whether it is a kind of benefit, and not a condition or a value."""
        return isinstance(self.offer, BenefitType)

    @property
    def is_criterion(self) -> bool:
        """Whether it stands alone as a condition."""
        return getattr(self.offer, "kind", "") == "criterion"

    def policy(self, asked: str = "{known: true}") -> str:
        """The text of a policy with a tier that turns on the example; `asked` is what is asked of a value."""
        own: dict[str, Any] = {"id": NAME}
        sections = dict(self.sections)
        if self.is_benefit:
            sections["facts"] = {**sections.get("facts", {}), NAME: "true_false"}
            own |= {"enter": {NAME: True}, "benefits": [self.value]}
        elif self.is_criterion:
            own["enter"] = self.value
        else:
            sections["metrics"] = {**sections.get("metrics", {}), NAME: self.value}
            own["enter"] = {NAME: _Verbatim(asked)}
        lower = sections.get("tiers", [{"id": "below", "enter": "everyone"}])
        sections["tiers"] = [*lower, own]
        sections.setdefault("transitions", {"validity": "while_it_holds"})
        head = [one for one in HEAD if one.partition(":")[0] not in sections]
        return "\n".join([*head, *(f"{name}: {_written(one)}" for name, one in sections.items())]) + "\n"

    # --- other parameters ---------------------------------------------------------------------------

    def accepted(self) -> Iterator[Trial]:
        """The same with each parameter at the ends of what its schema allows."""
        for name, shape in self._keys():
            yield from (self._with(name, value) for value in _ends(shape))

    def refused(self) -> Iterator[tuple[str, Trial]]:
        """The same with parameters that no schema should allow, each with what is wrong with it."""
        yield f"an unknown key `{NONSENSE}`", self._with(NONSENSE, 1)
        for name, shape in self._keys():
            for value in _beyond(shape):
                yield f"`{name}: {_written(value)}`", self._with(name, value)

    def _keys(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        shapes = fragment(self.offer.parameters)["properties"]
        names = {key_name(one) for one in described(self.offer.parameters)}
        yield from ((name, shape) for name, shape in shapes.items() if name in names)

    def _with(self, name: str, value: Any) -> Trial:
        if getattr(self.offer, "head", False):
            return evolve(self, value={**self.value, name: value})
        return evolve(self, value={**self.value, self.word: {**self.value[self.word], name: value}})


def trials_of(offer: Any) -> list[Trial]:
    """The examples of a word, each with its policy; raises ValueError for one that is no YAML."""
    return [
        Trial(offer=offer, example=one, value=_data(f"example: {one.yaml}")["example"], sections=_data(one.needs))
        for one in offer.examples
    ]


class _Verbatim(str):
    """A text that stands in the policy as it is."""

    __slots__ = ()


def _data(text: str) -> Mapping[str, Any]:
    if not text.strip():
        return {}
    found, problems = read(text, "example")
    if not isinstance(found, Map) or problems:
        raise ValueError("; ".join(map(str, problems)) or f"`{text}` is no map")
    return found


def _written(value: Any) -> str:
    """Data as YAML on one line; what stood without quotes stands without."""
    if isinstance(value, _Verbatim):
        return str(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_written(str(name))}: {_written(one)}" for name, one in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_written, value)) + "]"
    if isinstance(value, str):
        plain = value.plain if isinstance(value, Text) else True
        return str(value) if plain and PLAIN.fullmatch(value) else json.dumps(value, ensure_ascii=False)
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _ends(shape: Mapping[str, Any]) -> Iterator[Any]:
    """The values at the ends of what a schema allows."""
    yield from shape.get("enum", ())
    yield from (shape[name] for name in ("minimum", "maximum") if name in shape)
    if shape.get("type") == "boolean":
        yield from (True, False)


def _beyond(shape: Mapping[str, Any]) -> Iterator[Any]:
    """Values that a schema should refuse."""
    if "type" in shape and "object" not in shape["type"]:
        yield {NONSENSE: 1}
    if "enum" in shape:
        yield NONSENSE
    yield from (shape[name] - 1 for name in ("minimum",) if name in shape)
    yield from (shape[name] + 1 for name in ("maximum",) if name in shape)
    yield from (shape[name] for name in ("exclusiveMinimum", "exclusiveMaximum") if name in shape)
