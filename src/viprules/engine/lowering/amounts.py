"""Numbers that are valid and hardly meant: exactly an amount, percent of percent, finer than the currency."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeVar

from attrs import fields, has

from viprules.engine.lowering.plan import Plan
from viprules.engine.policy.asking import plain_tests
from viprules.engine.policy.describing import described, key_name
from viprules.engine.policy.model import BenefitUse, Condition, Term, Test, TierSet, Written
from viprules.engine.reading.faults import nearest
from viprules.engine.tree.currencies import COMMON_NAMES, CURRENCIES
from viprules.engine.tree.kinds import NUMBER, currency_decimals, is_percent, shown
from viprules.errors import Problem, Source, problem

__all__ = ["currency", "exact_amounts", "fine_amounts", "percents"]

T = TypeVar("T")
WHOLE = 100
FACTORS = ("product", "quotient")
"""Terms in which a share may stand although the whole is percent."""


def currency(plan: Plan) -> Iterator[Problem]:
    """A currency that ISO 4217 does not know, so that its decimals are a guess."""
    name = plan.policy.program.currency
    if name not in CURRENCIES:
        meant = COMMON_NAMES.get(name) or nearest(name, CURRENCIES)
        yield problem("unknown-currency", plan.policy.sources.get("program.currency"), name=name, nearest=meant)


# --- exactly so much ----------------------------------------------------------------------------------


def exact_amounts(plan: Plan) -> Iterator[Problem]:
    """Tiers that ask for exactly an amount, or for exactly so much of what grows."""
    for ladder in plan.policy.tier_sets:
        for condition in _ways_in(ladder):
            for test in plain_tests(condition):
                number = dict(test.checks).get("equals")
                value = number.value if isinstance(number, Written) else None
                if _is_number(value) and value and _grows(test.name, plan):
                    yield problem("equals-exactly", test.source, name=test.name, bound=str(value))


def _ways_in(ladder: TierSet) -> Iterator[Condition | None]:
    yield from (way.when for way in ladder.also)
    for tier in ladder.tiers:
        yield from (tier.enter, tier.stay, tier.reenter, tier.lifetime, *(way.when for way in tier.also))


def _is_number(value: object) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def _grows(name: str, plan: Plan) -> bool:
    """Is it an amount, or a measure to which each event adds?"""
    typed = plan.metrics.get(name)
    if typed is not None:
        return typed.growing or typed.type.kind == "money"
    return name in plan.types and plan.types[name].kind == "money"


# --- more decimals than there are ---------------------------------------------------------------------


def fine_amounts(plan: Plan) -> Iterator[Problem]:
    """Bounds of amounts with more decimals than the currency has."""
    name = plan.policy.program.currency
    places = currency_decimals(name)
    for test in _every(plan.policy, Test):
        typed = plan.metrics.get(test.name)
        kind = typed.type.kind if typed else _kind(plan, test.name)
        for one in _every(test.checks, Written) if kind == "money" else ():
            if isinstance(one.value, Decimal) and Fraction(one.value) * 10**places % 1:
                yield problem(
                    "finer-than-currency", one.source, text=str(one.value), currency=name, decimals=str(places)
                )


def _kind(plan: Plan, name: str) -> str:
    """The kind of a fact, or of the fields of that name if they are all alike."""
    kinds = {one.kind for path, one in plan.types.items() if path.rpartition(".")[2] == name}
    return kinds.pop() if len(kinds) == 1 else ""


# --- percent of percent -------------------------------------------------------------------------------


def percents(plan: Plan) -> Iterator[Problem]:
    """Benefits in percent whose number has a percent sign, is a share, or is more than all."""
    for ladder in plan.policy.tier_sets:
        for tier in ladder.tiers:
            for use in tier.benefits:
                yield from _percents(use)


def _percents(use: BenefitUse) -> Iterator[Problem]:
    for one in described(type(use.parameters)):
        if key_name(one) == "percent":
            for written in _numbers(getattr(use.parameters, one.name)):
                yield from _percent(written.value, written.source or use.source)


def _percent(value: Any, at: Source | None) -> Iterator[Problem]:
    if isinstance(value, str) and is_percent(value):
        yield problem("percent-sign", at, text=value, write=value[:-1])
    elif isinstance(value, Decimal) and 0 < value < 1:
        meant = shown(Fraction(value) * WHOLE, NUMBER)
        yield problem("odd-percent", at, text=str(value), write=meant)
    elif isinstance(value, int | Decimal) and not 0 <= value <= WHOLE:
        yield problem("odd-percent", at, text=str(value))


def _numbers(value: Any) -> Iterator[Written]:
    """The constants that a value may come to: neither those of its conditions nor factors."""
    if isinstance(value, Written):
        yield value
    elif not isinstance(value, Condition) and not (isinstance(value, Term) and value.name in FACTORS):
        for one in _parts(value):
            yield from _numbers(one)


def _every(value: Any, kind: type[T]) -> Iterator[T]:
    """Every value of a kind in what a policy says."""
    if isinstance(value, kind):
        yield value
    for one in _parts(value):
        yield from _every(one, kind)


def _parts(value: Any) -> Iterator[Any]:
    if isinstance(value, tuple | list):
        yield from value
    elif isinstance(value, Mapping):
        yield from value.values()
    elif has(type(value)):
        yield from (getattr(value, one.name) for one in fields(type(value)))
