"""Generated code speaks of complete input: where something is unknown it never guesses, and the walk answers."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from tests.support.deciding import buy, customer, program
from viprules.engine.deciding.history import Customer
from viprules.engine.program import Program

DAY = "2026-06-30"
PEOPLE = [
    {name: value for name, value in zip(("city", "vip", "n"), values, strict=True) if value is not None}
    for values in product((None, "north", "south"), (None, False, True), (None, 4, 5, 7))
]


def same(policy: Program, one: Customer) -> bool:
    """Do the walk, the compiled step and the door for ready-made values decide alike?"""
    at = policy.at(DAY)
    walked = at.walk(one).as_dict()
    compiled = at.decision(one, at._run(one, policy.compiled)).as_dict()
    return walked == compiled == at.decide(one).as_dict() == at.decide(one).as_dict()


@pytest.mark.parametrize(
    "tiers",
    [
        "{id: silver, enter: {city: {known: true}}}, {id: gold, enter: {not: {city: north}}}",
        "{id: silver, enter: {not: {city: north}}}, {id: gold, enter: {city: {known: true}}}",
        "{id: silver, enter: {not: {fixed: 5}}}",
        "{id: silver, enter: {not: {fixed: {in: [5]}}}}",
        "{id: silver, enter: {not: {chosen: 5}}}, {id: gold, enter: {n: {known: false}}}",
        "{id: silver, enter: {n: {known: true}}}, {id: gold, enter: {not: {chosen: 5}}}",
        "{id: silver, enter: {not: {picked: 5}}}",
        "{id: silver, enter: {vip: true}, benefits: [{discount: {percent: chosen}}, {gift: {item: card, when: {not: {n: 7}}}}]}",
        "{id: silver, enter: {vip: true}, benefits: [{gift: {item: a, when: {n: {known: true}}}}, {gift: {item: b, when: {not: {n: 7}}}}]}",
    ],
)
def test_what_is_unknown_is_equal_to_nothing_and_unequal_to_nothing(tiers: str) -> None:
    """Wherever a value may be missing, a comparison with it is unknown, whatever was asked of the value before."""
    policy = program(
        f"""
facts: {{city: text, vip: true_false, n: number}}
metrics:
  fixed: {{when: {{vip: true}}, then: 5}}
  chosen: {{when: {{vip: true}}, then: n}}
  picked: {{by: city, values: {{north: n, south: 5}}}}
tiers: [{{id: guest, enter: everyone}}, {tiers}]
"""
    )
    for facts in PEOPLE:
        assert same(policy, customer(policy, facts=facts)), facts
        assert same(policy, customer(policy, facts=facts, metrics={"fixed": 5, "chosen": 6, "picked": 5})), facts


def test_a_ladder_of_more_tiers_than_are_nested() -> None:
    """Nine tiers, with and without a record, by facts and by events."""
    steps = ", ".join(f"{{id: t{n}, enter: {{spend: {{at_least: {10 * n}}}}}}}" for n in range(1, 9))
    policy = program(
        f"""
facts: {{n: number}}
metrics: {{spend: {{sum: {{of: purchase.amount}}}}}}
tiers: [{{id: t0, enter: everyone}}, {steps}]
transitions: {{validity: {{through: {{next: year}}}}, downgrade: {{to: one_level}}}}
"""
    )
    for amount in range(0, 100, 5):
        assert same(policy, customer(policy, [buy("2026-05-01", amount)]))
        for tier in ("t1", "t5", "t8"):
            row = {"tier": tier, "since": "2026-01-01", "valid_until": "2026-12-31"}
            assert same(policy, customer(policy, metrics={"spend": amount}, membership=row))


@pytest.mark.parametrize("row", [None, {"tier": "silver", "since": "2026-02-10"}, {"tier": "silver"}])
def test_a_period_that_begins_with_a_tier_is_unknown_before_it(row: Any) -> None:
    """Gold counts from the day silver was entered: who never was has no such day, and nobody guesses one."""
    policy = program(
        """
facts: {vip: true_false}
periods: {silver_year: {every: 12 months, from: {entered: silver}}}
metrics: {days: {count_days: {of: purchase, window: {this: silver_year}}}}
tiers: [{id: guest, enter: everyone}, {id: silver, enter: {vip: true}}, {id: gold, enter: {not: {days: 1}}}]
transitions: {validity: {through: {this: silver_year}}, renew: {at: once}}
"""
    )
    for events in ([], [buy("2026-05-01", 1)], [buy("2026-01-01", 1)]):
        for vip in (True, False):
            assert same(policy, customer(policy, events, facts={"vip": vip}, membership=row))
