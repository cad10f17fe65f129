"""Values: what a caller states becomes typed and exact, or a problem is noted.

Numbers are whole numbers, decimals or text in major units; floating-point numbers are refused unless the caller names
the door for them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from attrs import define, evolve, field

from viprules.engine.days import YEARS, parse_day, period_number, period_start
from viprules.engine.deciding.history import Money
from viprules.engine.lowering.periods import JANUARY, LENGTHS
from viprules.engine.lowering.plan import Plan
from viprules.engine.policy.model import FieldType
from viprules.engine.reading.faults import nearest
from viprules.engine.tree.kinds import LIMIT, Type
from viprules.errors import Problem, problem

__all__ = ["Values", "told"]

NUMBER_TEXT = re.compile(r"-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,9})?", re.ASCII)


@define(kw_only=True)
class Values:
    """Reads the values that one caller states; notes every problem."""

    plan: Plan
    floats: bool
    """Are floats admitted that mean whole minor units?"""
    problems: list[Problem] = field(factory=list)

    def refuse(self, code: str, **values: str) -> None:
        """Note a problem."""
        self.problems.append(problem(code, None, **values))

    def wrong(self, name: str, value: Any, wanted: str, options: Iterable[str] = ()) -> None:
        """Note that a value is not what is wanted: a type that a policy declares, `map` or `list`."""
        text, listed = told(value), "\n".join(options)
        self.refuse("wrong-value", name=name, value=text, wanted=wanted, options=listed, nearest=nearest(text, options))

    def pairs(self, name: str, stated: Any) -> Iterator[tuple[str, Any]]:
        """The names and values of a map; nothing where there is none."""
        if isinstance(stated, Mapping):
            yield from ((told(key), one) for key, one in stated.items())
        elif stated is not None:
            self.wrong(name, stated, "map")

    def maps(self, name: str, stated: Any) -> Iterator[Mapping[str, Any]]:
        """The maps of a list; nothing where there is none."""
        if stated is None:
            return
        if isinstance(stated, str | bytes | Mapping) or not isinstance(stated, Iterable):
            self.wrong(name, stated, "list")
            return
        for one in stated:
            if isinstance(one, Mapping):
                yield one
            else:
                self.wrong(name, one, "map")

    def fact(self, name: str, value: Any) -> Any:
        """The value of a declared fact, by year or tier where it has one for each."""
        declared = self.plan.policy.facts.get(name)
        if declared is None:
            self.refuse("undeclared-fact", name=name, nearest=nearest(name, self.plan.policy.facts))
            return None
        kind = self.plan.types[name]
        if declared.per and isinstance(value, Mapping):
            return {self._per(declared, key): self.value(one, kind, name) for key, one in value.items()}
        return self.value(value, kind, name)

    def _per(self, declared: FieldType, key: Any) -> Any:
        """The key of a fact by year or tier, as the engine counts it."""
        text = told(key)
        for one in self.plan.policy.tier_sets:
            ids = [tier.id for tier in one.tiers]
            if text in ids:
                return ids.index(text) + 1
        day = parse_day(text) or parse_day(f"{text}-12-31") or parse_day(f"{text}-01")
        if day is None:
            self.refuse("no-such-date", text=text)
            return None
        length = LENGTHS.get(declared.per or "", LENGTHS["year"])
        anchor = parse_day(f"2000-{self.plan.policy.program.year_starts}") or JANUARY
        return period_start(anchor, length, period_number(anchor, length, day))

    def metric(self, name: str, value: Any) -> Any:
        """The ready-made value of a metric."""
        typed = self.plan.metrics.get(name)
        if typed is None:
            self.refuse("undeclared-metric", name=name, nearest=nearest(name, self.plan.metrics))
            return None
        return self.value(value, typed.type, name)

    def value(self, value: Any, kind: Type, name: str) -> Any:
        """A value as the engine counts it, or None with a problem noted; None and empty text are missing."""
        if value is None or value == "":
            return None
        if kind.many:
            many = value if isinstance(value, list | tuple | set | frozenset) else told(value).split("|")
            one = evolve(kind, many=False)
            return tuple(self.value(item, one, name) for item in many)
        found = self._read(value, kind)
        if found is None:
            self._explain(value, kind, name)
        return found

    def _read(self, value: Any, kind: Type) -> Any:
        if kind.numeric:
            return self._number(value, kind)
        if kind.kind == "date":
            return self.date(value)
        return _truth(value) if kind.kind == "true_false" else _word(value, kind)

    def _explain(self, value: Any, kind: Type, name: str) -> None:
        text = told(value.units if isinstance(value, Money) else value)
        if isinstance(value, float):
            self.refuse("float", name=name, value=text)
        elif kind.numeric and not isinstance(value, bool) and _plain(text):
            code = "too-large" if abs(Decimal(text)) * 10**kind.decimals >= LIMIT else "too-fine"
            self.refuse(code, name=name, value=text, decimals=str(kind.decimals))
        else:
            self.wrong(name, text, kind.kind, kind.options)

    def _number(self, value: Any, kind: Type) -> int | None:
        if isinstance(value, Money):
            return self._number(value.units, evolve(kind, decimals=0) if value.in_minor_units else kind)
        if isinstance(value, bool):
            return None
        if isinstance(value, float):
            return self._cents(value, kind) if self.floats else None
        if isinstance(value, str):
            return self._digits(value, kind)
        if isinstance(value, int):
            scaled = value * 10**kind.decimals
            return scaled if abs(scaled) < LIMIT else None
        return self._digits(f"{value:f}", kind) if isinstance(value, Decimal) and value.is_finite() else None

    def _digits(self, text: str, kind: Type) -> int | None:
        if not _plain(text):
            return None
        size = Fraction(text) * 10**kind.decimals
        return size.numerator if size.denominator == 1 and abs(size) < LIMIT else None

    def _cents(self, value: float, kind: Type) -> int | None:
        """A float that means whole minor units, as the caller's door says."""
        if not -float(LIMIT) < value < float(LIMIT):
            return None
        scaled = value * 10**kind.decimals
        whole = round(scaled)
        return whole if abs(scaled - whole) < 0.01 else None  # noqa: PLR2004 -- a hundredth of the smallest unit is noise

    def day(self, row: Mapping[str, Any], name: str) -> int | None:
        """A day of a row; None where there is none, and with a problem noted where it cannot be read."""
        value = row.get(name)
        if value is None or value == "":
            return None
        found = self.date(value)
        if found is None:
            self.wrong(name, value, "date")
        return found

    def date(self, value: Any) -> int | None:
        """A day from a date, a moment of it or ISO text; None where it is none."""
        if isinstance(value, datetime):
            if value.year not in YEARS:
                return None
            return self.plan.zone.day_of(self.plan.zone.instant(value))
        if isinstance(value, date):
            return value.toordinal()
        return parse_day(value) if isinstance(value, str) else None


def told(value: Any) -> str:
    """A value as text."""
    try:
        return str(value)
    except ValueError:  # a whole number of more digits than Python writes
        return "…"


def _plain(text: str) -> bool:
    return NUMBER_TEXT.fullmatch(text) is not None


def _truth(value: Any) -> bool | None:
    if isinstance(value, bool):
        return value
    return {"true": True, "false": False}.get(value) if isinstance(value, str) else None


def _word(value: Any, kind: Type) -> Any:
    """A text, or the rank of a word of a scale or of a tier."""
    if isinstance(value, float | bool) or not isinstance(value, str | int | Decimal):
        return None
    text = told(value)
    if kind.kind == "text":
        return text if not kind.options or text in kind.options else None
    return kind.options.index(text) + (kind.kind == "tier") if text in kind.options else None
