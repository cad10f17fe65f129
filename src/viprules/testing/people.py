"""Customers made up for a policy: facts and events of the declared types, near the constants that are compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from random import Random
from typing import Any

from attrs import frozen

from viprules.engine.program import Program
from viprules.engine.tree import nodes as n
from viprules.engine.tree.kinds import Type, shown

__all__ = ["NEAR", "Person", "people"]

DAYS = ("2024-02-29", "2025-12-31", "2026-01-01", "2026-06-17", "2026-07-31")
FIRST_YEAR, LAST_YEAR = 1900, 2100
MANY = (0, 1, 2, 3, 6)
FAR, NEAR = 500, 40
"""How many days ago events may lie: a policy that is asked on every day would take long over more."""
EVEN = 0.5
OFTEN = 0.85
"""How often a fact is known."""


@frozen(kw_only=True)
class Person:
    """A customer as `program.customer` takes it, with the day to ask for."""

    stated: Mapping[str, Any]
    day: date

    @property
    def reach(self) -> int:
        """How many days ago the first event was."""
        days = [date.fromisoformat(one["at"]) for one in self.stated["events"]]
        return (self.day - min(days)).days if days else 0

    def without(self, *facts: str) -> Person:
        """The same customer of whom less is known."""
        left = {name: one for name, one in self.stated["facts"].items() if name not in facts}
        return Person(stated={**self.stated, "facts": left}, day=self.day)

    def holding(self, fact: str) -> Person:
        """The same customer with a fact that is true."""
        return Person(stated={**self.stated, "facts": {**self.stated["facts"], fact: True}}, day=self.day)

    def __str__(self) -> str:
        """What one needs to try it."""
        return f"{dict(self.stated)} as of {self.day}"


def people(program: Program, count: int, samples: Mapping[str, Sequence[Any]]) -> list[Person]:
    """So many customers, the same for the same policy; `samples` are values of facts and of `event.field`s."""
    maker = _Maker(program, samples)
    return [maker.person(number) for number in range(count)]


class _Maker:
    def __init__(self, program: Program, samples: Mapping[str, Sequence[Any]]) -> None:
        self.program, self.samples = program, samples
        plan = program.plan
        every = [one for node in (*plan.definitions.values(), *plan.fields.values()) for one in n.walk_nodes(node)]
        self.constants = [value for one in every for value in _constants(one)]
        days = [date.fromordinal(one) for one in self.constants if isinstance(one, int) and _is_day(one)]
        self.days = [*map(date.fromisoformat, DAYS), *(day for day in days if FIRST_YEAR < day.year < LAST_YEAR)]

    def person(self, number: int) -> Person:
        chance = Random(number)  # noqa: S311 -- not for secrets
        day = self.days[number % len(self.days)] + timedelta(days=chance.choice((-1, 0, 0, 0, 1)))
        facts = {name: self._fact(name, day, chance) for name in self.program.policy.facts if chance.random() < OFTEN}
        events = sorted(self._events(day, chance), key=lambda one: str(one["at"]))
        return Person(stated={"id": f"p{number}", "facts": facts, "events": events}, day=day)

    def _fact(self, name: str, day: date, chance: Random) -> Any:
        if name in self.samples:
            return chance.choice(list(self.samples[name]))
        return self._value(self.program.plan.types[name], day, chance)

    def _events(self, day: date, chance: Random) -> Iterator[dict[str, Any]]:
        own = [one for name, one in self.program.policy.events.items() if name in self.program.plan.events]
        for event in own:
            if event.returns is not None or event.name in ("requested", "answered", "benefit_used"):
                continue
            for number in range(chance.choice(MANY)):
                reach = NEAR if self.program.plan.daily or chance.random() < EVEN else FAR
                at = day - timedelta(days=int(reach * chance.random() ** 2))
                made: dict[str, Any] = {"type": event.name, "id": f"{event.name}{number}", "at": at.isoformat()}
                for name, declared in event.fields.items():
                    path = f"{event.name}.{name}"
                    if declared.value is None and path in self.samples:
                        made[name] = chance.choice(list(self.samples[path]))
                    elif declared.value is None:
                        made[name] = self._value(self.program.plan.types[path], day, chance)
                yield made

    def _value(self, kind: Type, day: date, chance: Random) -> Any:
        one = Type(kind=kind.kind, decimals=kind.decimals, options=kind.options)
        if kind.many:
            return [self._one(one, day, chance) for _ in range(chance.randrange(1, 4))]
        return self._one(one, day, chance)

    def _one(self, kind: Type, day: date, chance: Random) -> Any:
        if kind.kind == "true_false":
            return chance.random() < EVEN
        if kind.kind == "date":
            return (day - timedelta(days=int(12_000 * chance.random() ** 3))).isoformat()
        if kind.options:
            return chance.choice(kind.options)
        if kind.numeric:
            known = [one for one in self.constants if isinstance(one, int | Fraction) and not _is_day(one)]
            near = int(chance.choice([*known, 0, 1, 10, 1000, 100_000])) + chance.choice((-1, 0, 0, 1))
            return shown(max(near, 0), kind)
        texts = [one for one in self.constants if isinstance(one, str)]
        return chance.choice([*texts, "a", "b"])


def _constants(node: n.Node) -> Iterator[Any]:
    """The constants with which something is compared."""
    if isinstance(node, n.Lit):
        yield node.value
    elif isinstance(node, n.In | n.HasAll):
        yield from node.options


def _is_day(value: Any) -> bool:
    return isinstance(value, int) and 365 * FIRST_YEAR < value < 366 * LAST_YEAR
