"""The hot door gives what the walk gives, whatever record and values it meets."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

import pytest

import viprules
from viprules.engine.compiled import situations

HEAD = """
viprules: 1
program: {id: p, timezone: Asia/Shanghai}
facts: {spend: money, orders: number, stable: number, vip: true_false}
"""
TIERS = """
tiers:
  - {id: guest, enter: everyone}
  - id: silver
    enter: {orders: {at_least: 5}}
    stay: {orders: {at_least: 4}}
    benefits: [{discount: {percent: 5, group: price}}, {gift: {item: card, when: {stable: {at_least: 1}}}}]
  - id: gold
    enter: {any: [{spend: {more_than: 1000}}, {orders: {at_least: 10}}]}
    stay: {spend: {at_least: 500}}
    benefits: [{discount: {percent: {when: {vip: true}, then: 12.5, otherwise: 10}, group: price}}]
  - id: diamond
    enter: {all: [{spend: {at_least: 3000}}, {not: {vip: false}}]}
    lifetime: {spend: {at_least: 9000}}
    benefits: [{service: {name: lounge, when: {tier: diamond}}}]
"""
MOVES = {
    "follows": "transitions: {validity: while_it_holds, downgrade: {to: one_level}}",
    "next year": "transitions: {validity: {through: {next: year}}}",
    "expiry": "transitions: {validity: {for: 12 months}, renew: {at: expiry}, downgrade: {to: one_level}}",
    "grace": """transitions:
  validity: {for: 12 months}
  renew: {at: expiry}
  downgrade: {to: supported, grace: {for: 30 days}, warn: 14 days}""",
    "review": """transitions:
  validity: {through: {this: month}}
  renew: {at: review}
  review: {first_day_of: month}
  downgrade: {to: {levels: 2}, at_least: silver}""",
    "never": "transitions: {validity: {for: 6 months}, renew: {at: expiry}, downgrade: {to: never}}",
}
LAYERS = """
raises: [{id: loyal, when: {stable: {at_least: 3}}, by: 1}]
caps: [{id: plain, when: {vip: false}, at_most: gold}]
"""
DAYS = [date(2026, 6, 30), date(2026, 12, 31), date(2027, 1, 1)]


def person(program: viprules.Program, chance: random.Random, day: date) -> viprules.Customer:
    """A customer with ready-made values, some of them missing, and with or without a record."""
    facts: dict[str, Any] = {
        "spend": chance.randrange(0, 1_200_000) // 100,
        "orders": chance.randrange(0, 15),
        "stable": chance.randrange(0, 5),
        "vip": chance.random() < 0.5,
    }
    for name in list(facts):
        if chance.random() < 0.05:
            del facts[name]
    row: dict[str, Any] = {"tier": chance.choice(["guest", "silver", "gold", "diamond"])}
    if chance.random() < 0.8:
        row["valid_until"] = day + timedelta(days=chance.choice([-1, 0, 0, 1, 10, 200]))
    if chance.random() < 0.5:
        row["since"] = day - timedelta(days=chance.randrange(1, 400))
    return program.customer(facts=facts, membership=row if chance.random() < 0.8 else None)


@pytest.mark.parametrize("moves", MOVES)
@pytest.mark.parametrize("layers", ["", LAYERS], ids=["plain", "layers"])
def test_the_hot_door_equals_the_walk(moves: str, layers: str) -> None:
    """Every decision of the generated functions is that of the walk, rows and record included."""
    program = viprules.loads(HEAD + TIERS + layers + MOVES[moves])
    chance = random.Random(moves)  # noqa: S311 -- examples, not secrets
    for day in DAYS:
        at = program.at(day)
        for _ in range(40):
            customer = person(program, chance, day)
            at.decide(customer)
            decision = at.decide(customer)  # the second time by the door that the first one opened
            assert at.walk(customer).as_dict() == decision.as_dict()
        assert at.runs


def test_a_record_met_again_goes_through_the_door() -> None:
    """Customers in the same situation share one function, and it answers for them."""
    program = viprules.loads(HEAD + TIERS + MOVES["follows"])
    at = program.at("2026-06-30")
    rows = [program.customer(facts={"spend": 10 * n, "orders": 1, "stable": 0, "vip": True}) for n in range(20)]
    decisions = [at.decide(one) for one in rows]
    assert 1 == len(at.runs)
    assert {"guest"} == {one.tier for one in decisions}


@pytest.mark.parametrize("validity", ["{through: {next: year}}", "{for: 12 months}, renew: {at: once}"])
def test_a_renewal_is_told_from_a_tier_that_ends_no_later(validity: str) -> None:
    """Of two customers whose tier ends on one day only the one whose tier was to end before is renewed."""
    program = viprules.loads(f"{HEAD}{TIERS}transitions: {{validity: {validity}}}")
    at = program.at("2026-06-30")
    rows = [{"tier": "silver", "valid_until": day} for day in ("2026-12-31", "2027-12-31", "2027-06-29", "2027-01-31")]
    people = [
        program.customer(facts={"spend": 1, "orders": 5, "stable": 0, "vip": False}, membership=row) for row in rows
    ]
    for _ in range(3):
        assert [at.walk(one).change for one in people] == [at.decide(one).change for one in people]
    assert {"renew", "none"} == {at.decide(one).change for one in people}


def test_more_conditions_than_python_nests() -> None:
    """A hundred and more raises, each with its condition, are decided as the walk does."""
    raises = "".join(f"  - {{id: r{n}, when: {{spend: {{at_least: {n}}}}}, by: 1}}\n" for n in range(120))
    program = viprules.loads(f"{HEAD}{TIERS}{MOVES['follows']}\nraises:\n{raises}")
    at = program.at("2026-06-30")
    people = [
        program.customer(facts={"spend": spend, "orders": 5, "stable": 0, "vip": True}) for spend in (-1, 0, 60, 119)
    ]
    for _ in range(2):
        assert [at.walk(one) for one in people] == [at.decide(one) for one in people]


def test_what_is_unusual_is_left_to_the_course() -> None:
    """A record in its grace has no function, and is decided as the walk does."""
    program = viprules.loads(HEAD + TIERS + MOVES["grace"])
    facts = {"spend": 1, "orders": 5, "stable": 0, "vip": False}
    row = {"tier": "silver", "since": "2025-07-01", "valid_until": "2026-06-28", "recorded": "2026-06-27"}
    graced = program.decide({"facts": facts | {"orders": 0}, "membership": row}, as_of="2026-06-29")
    assert "grace" == graced.change
    at = program.at("2026-06-30")
    one = program.customer(facts=facts, membership=graced.membership)
    assert at.walk(one).as_dict() == at.decide(one).as_dict() == at.decide(one).as_dict()
    assert [None] == list(at.runs.values())


def test_more_answers_than_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """When the tables are full, answers are worked out anew and are the same."""
    monkeypatch.setattr(situations, "MOST_ANSWERS", 1)
    program = viprules.loads(HEAD + TIERS + MOVES["next year"])
    at = program.at("2026-06-30")
    rows = [{"tier": "silver", "since": date(2026, 1, day), "valid_until": "2026-12-31"} for day in range(1, 6)]
    people = [
        program.customer(facts={"spend": 1, "orders": 5, "stable": 0, "vip": False}, membership=row) for row in rows
    ]
    for _ in range(3):
        assert [at.walk(one) for one in people] == [at.decide(one) for one in people]


@pytest.mark.parametrize("more", ["valid: {for: 3 months}", "when: {stable: 1}"])
def test_a_benefit_that_counts_from_the_day_of_entering(more: str) -> None:
    """Who has just entered has it for three months, who entered long ago no longer; the tier alone does not tell."""
    program = viprules.loads(
        HEAD
        + f"""
tiers:
  - {{id: guest, enter: everyone}}
  - {{id: silver, enter: {{orders: {{at_least: 5}}}}, benefits: [{{gift: {{item: card, {more}}}}}]}}
transitions: {{validity: while_it_holds}}
"""
    )
    at = program.at("2026-06-30")
    rows: list[Any] = [None, *({"tier": "silver", "since": day} for day in ("2026-06-01", "2026-03-30", "2020-01-01"))]
    people = [program.customer(facts={"orders": 5, "stable": 1}, membership=row) for row in rows]
    for _ in range(3):
        assert [at.walk(one).as_dict() for one in people] == [at.decide(one).as_dict() for one in people]


def test_an_end_that_a_metric_says() -> None:
    """A grace until a day that is worked out elsewhere ends on that day, for each customer on their own."""
    program = viprules.loads(
        HEAD
        + """
events: {visit: {day: date}}
metrics: {stop: {last: {of: visit.day}}}
tiers: [{id: guest, enter: everyone}, {id: silver, enter: {orders: {at_least: 5}}}]
transitions: {validity: {for: 12 months}, renew: {at: expiry}, downgrade: {grace: {until: stop}}}
"""
    )
    at = program.at("2026-06-30")
    row = {"tier": "silver", "valid_until": "2026-06-30", "recorded": "2026-06-29"}
    days = ["2026-08-01", "2026-09-01", "2026-08-01"]
    people = [program.customer(facts={"orders": 1}, metrics={"stop": day}, membership=row) for day in days]
    for _ in range(2):
        assert days == [str(at.decide(one).valid_until) for one in people]
    assert [at.walk(one).as_dict() for one in people] == [at.decide(one).as_dict() for one in people]
