"""Deciding many customers by one statement."""

from __future__ import annotations

from typing import Any

import duckdb
import pytest

import viprules
from viprules.batch import NotStatic, Premises, decide_all, statement, why_not
from viprules.batch.deciding import connected
from viprules.engine.program import Program

SHOP = """
viprules: 1
program: {id: shop, timezone: Asia/Shanghai, currency: CNY}
facts: {city: {type: text, in: ["it's; --", south]}, birthday: date}
events:
  purchase: {amount: money, channel: text}
  return: {returns: purchase, amount: money}
metrics:
  spend: {sum: {of: purchase.amount, where: {channel: {in: ['"; DROP TABLE v0', app]}}, window: {this: year}}}
  basket: {average: {of: purchase.amount, window: {last: 6 months}}}
  run: {streak: {of: quarter, while: {spend: {at_least: 1}}}}
tiers:
  - {id: guest, enter: everyone}
  - {id: silver, enter: {any: [{spend: {at_least: 100}}, {city: "it's; --"}]}}
  - {id: gold, enter: {spend: {at_least: 300}, basket: {more_than: 33.33}}, stay: {run: {at_least: 2}}}
transitions: {validity: {for: 3 months}, renew: {at: expiry}, downgrade: {to: one_level}}
"""


BACK = {"type": "return", "id": "r", "at": "2026-05-03", "sale": "p1", "amount": "350"}


def shop(**more: str) -> Program:
    """The shop, with parts of its text replaced."""
    text = SHOP
    for old, new in more.items():
        assert old in text
        text = text.replace(old, new)
    return viprules.loads(text)


def purchase(number: int, at: str, amount: str, channel: str = "app") -> dict[str, Any]:
    """A purchase."""
    return {"type": "purchase", "id": f"p{number}", "at": at, "amount": amount, "channel": channel}


def test_all_are_decided_as_each_is_alone() -> None:
    """The statement stands every customer where the decision does: earned, renewed, landed, unknown."""
    program = shop()
    histories: dict[str, list[dict[str, Any]]] = {
        "none": [],
        "earned": [purchase(1, "2026-05-01", "400", '"; DROP TABLE v0')],
        "renewed": [purchase(1, "2026-02-01", "400"), purchase(2, "2026-04-30", "33.34")],
        "landed": [purchase(1, "2026-01-31", "150"), purchase(2, "2026-01-31", "150")],
        "back": [purchase(1, "2026-05-01", "400"), BACK],
    }  # fmt: skip
    people = [
        program.customer(id=name, facts=facts, events=events)
        for name, events in histories.items()
        for facts in ({"city": "south"}, {})
        if facts or name != "none"
    ]
    for day in ("2026-04-30", "2026-05-31", "2026-07-31", "2026-09-30"):
        together = [decide_all(program, people[half::2], day) for half in (0, 1)]
        for number, one in enumerate(people):
            assert program.decide(one, as_of=day).standings == together[number % 2][one.id]


def test_nobody_is_decided_in_no_time() -> None:
    """No customers give no answers."""
    assert {} == decide_all(shop(), [], "2026-04-30")


def test_a_ready_made_metric_counts_on_the_day_asked_alone() -> None:
    """A value brought along stands for the measure, as in a decision."""
    program = shop()
    people = [
        program.customer(id="brings", metrics={"spend": "500", "basket": "40"}),
        program.customer(id="buys", events=[purchase(1, "2026-05-01", "150")]),
    ]
    found = decide_all(program, people, "2026-05-31")
    assert {one.id: program.decide(one, as_of="2026-05-31").standings for one in people} == found


def test_no_text_of_the_policy_is_in_the_statement() -> None:
    """Names are ours and texts are parameters, so a policy cannot say anything to the database."""
    asked = statement(shop().plan, 739_000, Premises(since=738_000))
    assert {"app", '"; DROP TABLE v0', "it's; --"} == set(asked.values.values())
    words = ["drop", "'s", "--", "spend", "basket", "city", "purchase", "gold", "silver", "app", "shop"]
    assert [] == [word for word in words if word in asked.sql.lower()]


@pytest.mark.parametrize(
    "order",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "COPY (SELECT 1) TO 'out.csv'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access = true",
        "SET memory_limit = '90GB'",
        "ATTACH 'other.db'",
    ],
)
def test_the_database_reaches_nothing_outside(order: str) -> None:
    """No file, no extension, no network, and no way to allow them."""
    with connected() as connection, pytest.raises(duckdb.Error):
        connection.execute(order)


def test_a_policy_tells_why_it_is_not_static() -> None:
    """A daily average is no single statement, and deciding all says so."""
    average = "run: {average_daily: {of: balance, window: {this: month}}}"
    program = shop(**{
        "birthday: date": "balance: {type: money, set_by: {purchase: amount}}",
        "run: {streak: {of: quarter, while: {spend: {at_least: 1}}}}": average,
    })  # fmt: skip
    reasons = ["the daily average of `balance`"]
    assert reasons == why_not(program.plan)
    with pytest.raises(NotStatic) as raised:
        decide_all(program, [program.customer(id="a")], "2026-04-30")
    assert reasons == raised.value.reasons


def test_a_streak_is_asked_as_far_back_as_the_events_go() -> None:
    """However long it is, and also where its length is a bound; a history too long for one statement is refused."""
    program = shop(**{"{run: {at_least: 2}}": "{basket: {more_than: run}}"})
    events = [purchase(n, f"20{20 + n // 4}-{n % 4 * 3 + 1:02}-01", "5") for n in range(16)]
    one = program.customer(id="a", events=[*events, purchase(99, "2024-01-02", "400")])
    assert {"a": program.decide(one, as_of="2024-03-31").standings} == decide_all(program, [one], "2024-03-31")
    with pytest.raises(NotStatic, match="periods of history"):
        decide_all(program, [program.customer(id="b", events=[purchase(1, "1980-01-01", "5")])], "2026-04-30")
    with pytest.raises(NotStatic, match="has to be known for a streak"):
        statement(program.plan, 739_000)


def test_what_nobody_asks_keeps_no_policy_from_being_static() -> None:
    """A field that depends on the tier matters only where it is measured."""
    points = "points: {type: number, value: {by: tier, values: {gold: 2}, otherwise: 1}}"
    assert [] == why_not(shop(**{"channel: text}": f"channel: text, {points}}}"}).plan)
