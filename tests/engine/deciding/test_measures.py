"""What is measured: lines 11 to 18, 21 to 23, 36 and 37 of what real programmes demand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.support.deciding import buy, decided, program, replayed, states
from viprules.engine.deciding import walking
from viprules.engine.program import Program
from viprules.errors import PolicyError

SHOP = "events: {purchase: {amount: money, shop: {type: text, in: [own, partner]}, night: date, points: number}, no_show: {}}\n"


def asking(metrics: str, condition: str, *, events: str = SHOP, more: str = "", **keys: str) -> Program:
    """One tier above everyone's, held while a condition on some metrics holds."""
    return program(
        f"""
metrics:
{metrics}
tiers:
  - {{id: guest, enter: everyone}}
  - {{id: member, enter: {condition}}}
transitions: {{validity: while_it_holds}}
{more}
""",
        events=events,
        **keys,
    )


def met(policy: Program, *events: Mapping[str, Any], as_of: str = "2026-06-30", **stated: Any) -> bool:
    """Is the condition met?"""
    return decided(policy, as_of, events, **stated).tier == "member"


TWO = "  spend: {sum: {of: purchase.amount}}\n  orders: {count: {of: purchase}}\n  no_shows: {count: {of: no_show}}"


@pytest.mark.parametrize(
    ("condition", "amounts", "expected"),
    [
        ("{spend: {at_least: 100}, orders: {at_least: 2}}", [100], False),
        ("{spend: {at_least: 100}, orders: {at_least: 2}}", [99, 1], True),
        ("{any: [{spend: {more_than: 100}}, {orders: {at_least: 3}}]}", [100], False),
        ("{any: [{spend: {more_than: 100}}, {orders: {at_least: 3}}]}", ["100.01"], True),
        ("{any: [{spend: {more_than: 100}}, {orders: {at_least: 3}}]}", [1, 1, 1], True),
        ("{all: [{spend: {at_least: 10}}, {any: [{orders: 1}, {orders: 3}]}]}", [5, 5], False),
        ("{all: [{spend: {at_least: 10}}, {any: [{orders: 1}, {orders: 3}]}]}", [5, 5, 5], True),
        ("{spend: {between: [10, 20]}}", [10], True),
        ("{spend: {between: [10, 20]}}", [20], True),
        ("{spend: {between: [10, 20]}}", ["20.01"], False),
        ("{spend: {between: [10, 20]}}", ["9.99"], False),
        ("{spend: {less_than: 10}, orders: {at_least: 1}}", [10], False),
        ("{spend: {at_most: 10}, orders: {at_least: 1}}", [10], True),
        ("{not: {spend: {at_least: 10}}, orders: {at_least: 1}}", ["9.99"], True),
        ("{at_least_of: {n: 2, of: [{spend: {at_least: 10}}, {orders: {at_least: 2}}, {no_shows: {at_least: 1}}]}}", [10], False),
        ("{at_least_of: {n: 2, of: [{spend: {at_least: 10}}, {orders: {at_least: 2}}, {no_shows: {at_least: 1}}]}}", [5, 5], True),
        ("{orders: {in: [1, 3]}}", [1, 1], False),
        ("{orders: {in: [1, 3]}}", [1, 1, 1], True),
    ],
)  # fmt: skip
def test_and_or_and_nesting_with_exact_bounds(condition: str, amounts: list[Any], expected: bool) -> None:  # noqa: FBT001 -- the expected value
    """`at_least` takes its bound, `more_than` does not."""
    assert expected == met(asking(TWO, condition), *[buy("2026-03-01", amount) for amount in amounts])


def test_a_count_that_helps_only_some_tiers() -> None:
    """Fifty orders make gold; diamond asks for money alone."""
    policy = program(
        f"""
metrics:
{TWO}
tiers:
  - {{id: guest, enter: everyone}}
  - {{id: gold, enter: {{any: [{{spend: {{at_least: 1000}}}}, {{orders: {{at_least: 5}}}}]}}}}
  - {{id: diamond, enter: {{spend: {{at_least: 2000}}}}}}
transitions: {{validity: while_it_holds}}
""",
        events=SHOP,
    )
    assert "gold" == decided(policy, "2026-06-30", [buy("2026-03-01", 1)] * 50).tier
    assert "diamond" == decided(policy, "2026-06-30", [buy("2026-03-01", 2000)]).tier


def test_a_share_inside_a_total() -> None:
    """100 points, of which 40 from our own shops."""
    policy = asking(
        "  total: {sum: {of: purchase.points}}\n  own: {sum: {of: purchase.points, where: {shop: own}}}",
        "{total: {at_least: 100}, own: {at_least: 40}}",
    )
    assert met(policy, buy("2026-03-01", 1, points=40, shop="own"), buy("2026-03-01", 1, points=60, shop="partner"))
    assert not met(policy, buy("2026-03-01", 1, points=39, shop="own"), buy("2026-03-01", 1, points=61, shop="partner"))
    assert not met(policy, buy("2026-03-01", 1, points=99, shop="own"))


def test_a_share_of_a_total_is_compared_exactly() -> None:
    """A third of the points from our own shops: 1 of 3 is a third, whatever decimals say."""
    policy = asking(
        "  total: {sum: {of: purchase.points}}\n  own: {sum: {of: purchase.points, where: {shop: own}}}\n"
        "  share: {quotient: [own, total]}\n  third: {quotient: [1, 3]}",
        "{share: {at_least: third}}",
    )
    assert met(policy, buy("2026-03-01", 1, points=1, shop="own"), buy("2026-03-01", 1, points=2, shop="partner"))
    assert not met(
        policy, buy("2026-03-01", 1, points=333, shop="own"), buy("2026-03-01", 1, points=667, shop="partner")
    )


GATE = "facts: {joined: date, own_flights: number, active: true_false}\n"


@pytest.mark.parametrize(
    ("facts", "as_of", "expected"),
    [
        ({"joined": "2026-01-15", "own_flights": 4, "active": True}, "2026-07-15", True),
        ({"joined": "2026-01-15", "own_flights": 4, "active": True}, "2026-07-14", False),
        ({"joined": "2026-01-15", "own_flights": 3, "active": True}, "2026-07-15", False),
        ({"joined": "2026-01-15", "own_flights": 4, "active": False}, "2026-07-15", False),
        ({"joined": "2026-08-31", "own_flights": 4, "active": True}, "2027-02-27", False),
        ({"joined": "2026-08-31", "own_flights": 4, "active": True}, "2027-02-28", True),
    ],
)
def test_gates_that_void_everything_else(facts: dict[str, Any], as_of: str, expected: bool) -> None:  # noqa: FBT001 -- the expected value
    """At least four own flights, an active account, six months as a client (to the day, clamped)."""
    policy = asking(
        "  spend: {sum: {of: purchase.amount}}",
        "{spend: {at_least: 1}, own_flights: {at_least: 4}, active: true, joined: {at_least: 6 months}}",
        more=GATE,
    )
    assert expected == met(policy, buy("2026-02-01", 1), as_of=as_of, facts=facts)


@pytest.mark.parametrize(("unit", "counting", "as_of", "expected"), [
    ("years", "full", "2026-05-16", 0), ("years", "full", "2026-05-17", 1), ("years", "started", "2026-05-16", 1),
    ("years", "started", "2026-05-17", 2), ("months", "full", "2025-06-16", 0), ("months", "full", "2025-06-17", 1),
    ("days", "full", "2025-05-17", 0), ("days", "full", "2025-05-18", 1), ("days", "started", "2025-05-18", 2),
])  # fmt: skip
def test_tenure(unit: str, counting: str, as_of: str, expected: int) -> None:
    """Whole units since a day, or the one that runs as well."""
    policy = asking(
        f"  years: {{tenure: {{since: joined, in: {unit}, counting: {counting}}}}}",
        f"{{years: {expected}}}",
        more="facts: {joined: date}",
    )
    assert met(policy, as_of=as_of, facts={"joined": "2025-05-17"})


def test_negative_measures() -> None:
    """No-shows: three are tolerated, four are not."""
    policy = asking(TWO, "{spend: {at_least: 1}, no_shows: {at_most: 3}}")
    misses = [{"type": "no_show", "at": f"2026-04-0{day}"} for day in range(1, 5)]
    assert met(policy, buy("2026-03-01", 1), *misses[:3])
    assert not met(policy, buy("2026-03-01", 1), *misses)


@pytest.mark.parametrize(
    ("amounts", "score"),
    [
        (["299.99"], 1),
        ([300], 2),
        (["999.99"], 1 + 3),
        ([1000], 10 + 1 + 3),
        (["4999.99", 0, 0], 10 + 3 + 16),
        ([5000, *[0] * 8], 100 + 9 + 16),
        ([5000, *[0] * 9], 100 + 10 + 16),
        ([9000, *[0] * 11], 100 + 10 + 20),
    ],
)
def test_a_composite_score_with_steps_caps_and_truncation(amounts: list[Any], score: int) -> None:
    """10 from 1,000 and 100 from 5,000, one for each order up to ten, one for each whole 300 up to 6,000."""
    policy = asking(
        """
  spend: {sum: {of: purchase.amount}}
  orders: {count: {of: purchase}}
  steps: {by: spend, steps: {1000: 10, 5000: 100}, otherwise: 0}
  capped: {lowest_of: [orders, 10]}
  rest: {quotient: [{lowest_of: [spend, 6000]}, 300], round: down}
  score: {add: [steps, capped, rest]}
""".strip("\n"),
        f"{{score: {score}}}",
    )
    assert met(policy, *[buy("2026-03-01", amount) for amount in amounts])


DAILY = "events: {statement: {balance: money}, purchase: {amount: money}}\nfacts: {balance: {type: money, set_by: {statement: balance}}}\n"


def test_an_average_daily_balance_over_real_days() -> None:
    """28 days at 100 and one at 129 in a leap February average 101 exactly; a cent less does not reach it."""
    policy = asking(
        "  average: {average_daily: {of: balance, window: {previous: month}}}",
        "{average: {at_least: 101}}",
        events=DAILY,
    )
    first = {"type": "statement", "at": "2028-02-01", "balance": 100}
    assert met(policy, first, {"type": "statement", "at": "2028-02-29", "balance": 129}, as_of="2028-03-10")
    assert not met(policy, first, {"type": "statement", "at": "2028-02-29", "balance": "128.99"}, as_of="2028-03-10")
    assert not met(policy, {"type": "statement", "at": "2028-02-02", "balance": 1000}, as_of="2028-03-10")
    assert met(policy, {"type": "statement", "at": "2028-01-15", "balance": 101}, as_of="2028-03-10")


def test_an_average_over_no_days_is_unknown() -> None:
    """A window since a day that is not known, or that has not come, has no average."""
    policy = asking(
        "  average: {average_daily: {of: balance, window: {since: joined}}}",
        "{average: {at_least: 1}}",
        events=DAILY.replace("facts: {", "facts: {joined: date, "),
    )
    paid = {"type": "statement", "at": "2026-01-01", "balance": 100}
    assert met(policy, paid, facts={"joined": "2026-01-02"})
    for facts in ({}, {"joined": "2027-01-01"}):
        decision = decided(policy, "2026-03-31", [paid], facts=facts)
        assert ("guest", True) == (decision.tier, bool(decision.problems))


def test_two_rooms_one_night() -> None:
    """Distinct nights count once, whatever is booked in them; days of purchase likewise."""
    policy = asking(
        "  nights: {distinct: {of: purchase.night}}\n  days: {count_days: {of: purchase}}", "{nights: 2, days: 3}"
    )
    rooms = [buy("2026-03-01T10:00", 1, night="2026-05-01"), buy("2026-03-01T11:00", 1, night="2026-05-01")]
    assert met(policy, *rooms, buy("2026-03-02", 1, night="2026-05-02"), buy("2026-03-03", 1, night="2026-05-02"))
    assert not met(policy, *rooms, buy("2026-03-02", 1, night="2026-05-02"))


def test_first_last_highest_lowest_and_average() -> None:
    """Over the events in their order; of an empty window they are unknown."""
    policy = asking(
        "\n".join(
            f"  {how}_amount: {{{how}: {{of: purchase.amount}}}}" for how in ("first", "last", "max", "min", "average")
        ),
        "{first_amount: 20, last_amount: 30, max_amount: 50, min_amount: 20, average_amount: {between: [33.33, 33.34]}}",
    )
    assert met(policy, buy("2026-03-03", 30), buy("2026-03-01", 20), buy("2026-03-02", 50))
    decision = decided(policy, "2026-03-01", [{"type": "no_show", "at": "2026-03-01"}])
    assert ("guest", True) == (decision.tier, bool(decision.problems))


def test_a_measure_of_what_one_event_does_not_say_is_unknown() -> None:
    """One purchase without its amount leaves the sum and the highest open, and not the count."""
    policy = asking(TWO + "\n  dearest: {max: {of: purchase.amount}}", "{spend: {at_least: 1}}")
    counted = asking(TWO, "{orders: 2}")
    events = [buy("2026-03-01", 10), {"type": "purchase", "at": "2026-03-01"}]
    decision = decided(policy, "2026-03-31", events)
    assert ("guest", True) == (decision.tier, bool(decision.problems))
    assert met(counted, *events)


def test_a_head_start_for_a_card_held() -> None:
    """Ten nights in the year of joining, more with the better card; none in later years."""
    policy = asking(
        """
  nights: {count: {of: purchase, window: {this: year}}}
  start: {credit: {value: {by: card, values: {gold: 3, black: 5}, otherwise: 0}, given: joined, window: {this: year}}}
  total: {add: [nights, start]}
""".strip("\n"),
        "{total: {at_least: 5}}",
        more="facts: {joined: date, card: {type: text, in: [gold, black], if_missing: gold}}",
    )
    one = [buy("2026-04-01", 1)]
    assert met(policy, *one, facts={"joined": "2026-03-01", "card": "black"})
    assert not met(policy, *one, facts={"joined": "2026-03-01", "card": "gold"})
    assert met(policy, *one, buy("2026-04-02", 1), facts={"joined": "2026-03-01"})
    assert not met(policy, *one, facts={"joined": "2025-12-31", "card": "black"})
    assert not met(policy, *one, as_of="2026-04-30", facts={"joined": "2026-05-01", "card": "black"})


def test_surplus_is_carried_over_once() -> None:
    """What exceeded 25 or 50 nights last year counts this year, and no more the year after."""
    policy = asking(
        """
  nights: {count: {of: purchase, window: {this: year}}}
  carried: {surplus: {of: nights, above: [2, 4], as_of: {last_day_of: {previous: year}}}}
  total: {add: [nights, carried]}
""".strip("\n"),
        "{total: {at_least: 2}}",
    )
    last_year = [buy(f"2025-03-0{day}", 1) for day in range(1, 6)]
    this_year = [buy("2026-03-01", 1)]
    assert met(policy, *last_year, *this_year)
    assert not met(policy, *last_year[:4], *this_year)
    assert met(policy, *last_year[:3], *this_year)
    assert not met(policy, *last_year[:1], *this_year)
    assert not met(policy, *last_year, *this_year, buy("2027-03-01", 1), as_of="2027-06-30")


STREAK = "  yearly: {sum: {of: purchase.amount, window: {this: year}}}\n  orders: {count: {of: purchase, window: {this: year}}}\n"


def test_years_without_an_event() -> None:
    """Two complete years in a row with orders and without a no-show; the running year does not count yet."""
    policy = asking(
        STREAK + "  misses: {count: {of: no_show, window: {this: year}}}\n"
        "  clean: {streak: {of: year, while: {misses: 0, orders: {at_least: 1}}}}",
        "{clean: {at_least: 2}}",
    )
    orders = [buy("2023-05-01", 1), buy("2024-05-01", 1)]
    assert not met(policy, *orders, as_of="2024-12-30")
    assert met(policy, *orders, as_of="2024-12-31")
    assert met(policy, *orders, as_of="2025-12-30")
    assert not met(policy, *orders, as_of="2025-12-31")
    assert not met(policy, *orders, {"type": "no_show", "at": "2023-01-01"}, as_of="2025-06-30")
    assert not met(policy, *orders, {"type": "no_show", "at": "2024-12-31"}, as_of="2025-06-30")


def test_a_streak_of_periods_of_ones_own() -> None:
    """Card years from the join day; who never joined has none, and the streak is unknown."""
    policy = asking(
        "  orders: {count: {of: purchase, window: {this: card}}}\n"
        "  loyal: {streak: {of: card, while: {orders: {at_least: 1}}}}",
        "{loyal: {at_least: 2}}",
        events=SHOP + "facts: {joined: date}\nperiods: {card: {every: 12 months, from: joined}}\n",
    )
    orders = [buy("2024-05-01", 1), buy("2025-05-01", 1)]
    assert met(policy, *orders, facts={"joined": "2023-07-01"}, as_of="2025-06-30")
    decision = decided(policy, "2026-06-29", orders)
    assert ("guest", True) == (decision.tier, bool(decision.problems))


def test_a_streak_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """However long a history is, no more periods are asked than anybody counts."""
    monkeypatch.setattr(walking, "LONGEST_STREAK", 3)
    policy = asking(STREAK + "  run: {streak: {of: year, while: {orders: {at_least: 1}}}}", "{run: 3}")
    orders = [buy(f"{year}-05-01", 1) for year in range(2018, 2026)]
    assert met(policy, *orders, as_of="2025-12-31")


def test_stable_years_within_ten_percent() -> None:
    """100, 110, 99: each within a tenth of the one before, and the first counts as one: three years."""
    policy = asking(
        STREAK
        + "  stable: {streak: {of: year, while: {yearly: {within: 10%, of: {previous: year}}}, counts_first: true}}",
        "{stable: {at_least: 3}}",
    )

    def years(*amounts: object) -> bool:
        return met(
            policy,
            *[buy(f"{2020 + n}-05-01", amount) for n, amount in enumerate(amounts)],
            as_of=f"{2020 + len(amounts)}-01-01",
        )

    assert years(100, 110, 99)
    assert not years(100, "110.01", 110)
    assert not years(100, 110)
    assert years(500, 100, 110, 99)
    assert not years(100, 0, 100)


def test_years_at_a_tier_and_then_seventy_percent() -> None:
    """Who has held gold for two whole years keeps it by 70."""
    policy = program(
        """
metrics:
  spend: {sum: {of: purchase.amount, window: {this: year}}}
  golden: {streak: {of: year, while: {spend: {at_least: 100}}}}
tiers:
  - {id: guest, enter: everyone}
  - {id: gold, enter: {spend: {at_least: 100}}, stay: {any: [{spend: {at_least: 100}}, {spend: {at_least: 70}, golden: {at_least: 2}}]}}
transitions: {validity: {through: {next: year}}, renew: {at: expiry}}
"""
    )
    full = [buy("2023-05-01", 100), buy("2024-05-01", 100)]
    assert "guest" == decided(policy, "2027-01-01", [*full, buy("2026-05-01", 70)]).tier
    assert "gold" == decided(policy, "2025-06-01", [*full, buy("2025-05-01", 70)]).tier


# --- values --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rounding", "points"),
    [
        ("round: down", 8),
        ("round: up", 11),
        ("round: half_up", 10),
        ("round: half_even", 8),
        ("round: down, to: 0.5", 9),
    ],
)
def test_points_are_rounded_for_each_event(rounding: str, points: object) -> None:
    """Three purchases at 0.1 points: 25, 25 and 44.99 earn 2.5, 2.5 and 4.499 before rounding."""
    field = "{type: number, decimals: 1, value: {product: [amount, 0.1], " + rounding + "}}"
    policy = asking(
        "  points: {sum: {of: purchase.points}}",
        f"{{points: {points}}}",
        events=f"events: {{purchase: {{amount: money, points: {field}}}}}\n",
    )
    assert met(policy, buy("2026-03-01", 25), buy("2026-03-02", 25), buy("2026-03-03", "44.99"))


def test_nothing_is_rounded_unless_it_is_written() -> None:
    """A third of 10 three times is 10; two rates by way of payment keep their fractions."""
    events = "events: {purchase: {amount: money, pay: {type: text, in: [card, cash]}, points: {type: number, decimals: 9, value: {product: [amount, {by: pay, values: {card: 1.5, cash: 0.25}}]}}}}\n"
    policy = asking("  points: {sum: {of: purchase.points}}", "{points: {at_least: 10}}", events=events)
    assert met(policy, buy("2026-03-01", "6.66", pay="card"), buy("2026-03-01", "0.04", pay="cash"))
    assert not met(policy, buy("2026-03-01", "6.66", pay="card"), buy("2026-03-01", "0.03", pay="cash"))


MULTIPLIED = """
metrics: {points: {sum: {of: purchase.points}}}
tiers:
  - {id: guest, enter: everyone}
  - {id: gold, enter: {points: {at_least: 100}}}
  - {id: diamond, enter: {points: {at_least: 300}}}
transitions: {validity: forever}
"""
BY_TIER = "events: {purchase: {amount: money, points: {type: number, value: {product: [amount, {by: tier, values: {gold: 2, diamond: 3}, otherwise: 1}], round: down}}}}\n"


def test_points_by_the_tier_before_the_event_then_promotion() -> None:
    """100 as a guest make gold; 99 as gold earn 198; 1 more earns 2 and makes diamond."""
    policy = program(MULTIPLIED, events=BY_TIER)
    events = [buy("2026-03-01T09:00", 100), buy("2026-03-01T10:00", 99), buy("2026-03-02T09:00", 1)]
    assert ["gold", "diamond"] == [decided(policy, day, events).tier for day in ("2026-03-01", "2026-03-02")]
    assert "gold" == decided(policy, "2026-03-02", [*events[:2], buy("2026-03-02T09:00", "0.99")]).tier
    record = decided(policy, "2026-03-01", events).membership.as_dict()
    assert "diamond" == decided(policy, "2026-03-02", events, membership=record).tier


def test_at_one_instant_the_order_is_that_of_the_ids() -> None:
    """Two purchases of one moment: the one with the smaller id comes first."""
    policy = program(MULTIPLIED, events=BY_TIER)
    first, second = dict(buy("2026-03-01", 100)) | {"id": "a"}, dict(buy("2026-03-01", 50)) | {"id": "b"}
    assert "gold" == decided(policy, "2026-03-01", [second, first, {**buy("2026-03-02", 49), "id": "c"}]).tier
    assert "diamond" == decided(policy, "2026-03-01", [second, first, {**buy("2026-03-01", 50), "id": "c"}]).tier


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("{2026-01-01: 100, 2026-07-01: 200}", {"2025-12-31": False, "2026-01-01": True, "2026-06-30": True, "2026-07-01": False}),
        ("{by: city, values: {north: 100, south: 200}}", {"2026-01-01": True}),
        ("{by: city, values: {south: 200}, otherwise: 150}", {"2026-01-01": True}),
        ("{when: {city: north}, then: 150, otherwise: 151}", {"2026-01-01": True}),
        ("{first_known: [limit, 150]}", {"2026-01-01": True}),
        ("{highest_of: [150, 100]}", {"2026-01-01": True}),
        ("{subtract: [200, 49.99]}", {"2026-01-01": False}),
        ("{product: [300, 50%]}", {"2026-01-01": True}),
    ],
)  # fmt: skip
def test_a_threshold_may_be_any_value(value: str, expected: dict[str, bool]) -> None:
    """150 against a bound that depends on the day, the customer, other values."""
    policy = asking(
        "  spend: {sum: {of: purchase.amount}}", f"{{spend: {{at_least: {value}}}}}",
        more="facts: {city: {type: text, in: [north, south]}, limit: money}",
    )  # fmt: skip
    for day, truth in expected.items():
        assert truth == met(policy, buy("2025-03-01", 150), as_of=day, facts={"city": "north"}), day


def test_facts_by_year_and_by_tier() -> None:
    """A target for each year, and an allowance for each tier."""
    policy = asking(
        "  spend: {sum: {of: purchase.amount, window: {this: year}}}",
        "{spend: {at_least: target}}",
        more="facts: {target: {type: money, per: year}}",
    )
    facts = {"target": {"2025": 100, "2026": 200}}
    assert met(policy, buy("2025-05-01", 100), as_of="2025-12-31", facts=facts)
    assert not met(policy, buy("2026-05-01", 100), as_of="2026-12-31", facts=facts)
    assert met(policy, buy("2026-05-01", 200), as_of="2026-12-31", facts=facts)
    assert not met(policy, buy("2027-05-01", 900), as_of="2027-12-31", facts=facts)


def test_a_dated_fact_is_the_last_value_stated() -> None:
    """The balance on a day is that of the last statement on or before it; at an instant, before the instant."""
    policy = asking("  seen: {count: {of: statement}}", "{balance: {at_least: 100}}", events=DAILY)
    events = [
        {"type": "statement", "at": "2026-03-01T09:00", "balance": 50},
        {"type": "statement", "at": "2026-03-02T12:00", "balance": 100},
    ]
    assert [False, True, True] == [
        met(policy, *events, as_of=day) for day in ("2026-03-01", "2026-03-02", "2026-09-01")
    ]
    assert not met(policy, *events, as_of="2026-03-02T11:59+08:00")
    assert met(policy, *events, as_of="2026-03-02T12:00+08:00")


def test_how_long_since_the_last_event() -> None:
    """No purchase for 90 days: on the ninetieth day after it."""
    policy = asking("  seen: {since_last: {of: purchase}}", "{seen: {at_least: 90 days}}")
    assert not met(policy, buy("2026-03-01", 1), as_of="2026-05-29")
    assert met(policy, buy("2026-03-01", 1), as_of="2026-05-30")
    assert not met(policy, buy("2026-03-01", 1), buy("2026-05-30", 1), as_of="2026-05-30")


def test_dates_compared_with_dates_and_durations() -> None:
    """Joined before a day; joined at least a month ago."""
    facts = "facts: {joined: date}"
    policy = asking("  n: {count: {of: purchase}}", "{joined: {less_than: 2026-01-01}}", more=facts)
    assert met(policy, facts={"joined": "2025-12-31"})
    assert not met(policy, facts={"joined": "2026-01-01"})


@pytest.mark.parametrize(
    ("test", "born", "as_of", "expected"),
    [
        ("birthday_month", "1990-06-15", "2026-06-01", True), ("birthday_month", "1990-06-15", "2026-05-31", False),
        ("birthday_month", "1990-06-15", "2026-07-01", False), ("birthday", "1990-06-15", "2026-06-15", True),
        ("birthday", "1990-06-15", "2026-06-16", False), ("birthday", "1992-02-29", "2026-02-28", True),
        ("birthday", "1992-02-29", "2026-03-01", False), ("birthday", "1992-02-29", "2028-02-29", True),
        ("birthday", "1992-02-29", "2028-02-28", False), ("{between: [12-24, 01-06]}", "1990-06-15", "2026-12-24", True),
        ("{between: [12-24, 01-06]}", "1990-06-15", "2026-01-06", True), ("{between: [12-24, 01-06]}", "1990-06-15", "2026-01-07", False),
        ("{between: [12-24, 01-06]}", "1990-06-15", "2026-12-23", False), ("{between: [06-01, 06-30]}", "1990-06-15", "2026-06-30", True),
        ("{between: [06-01, 06-30]}", "1990-06-15", "2026-05-31", False),
    ],
)  # fmt: skip
def test_days_of_the_year(test: str, born: str, as_of: str, expected: bool) -> None:  # noqa: FBT001 -- the expected value
    """The birthday and its month, and from one day of the year to another, over New Year too."""
    policy = asking("  n: {count: {of: purchase}}", f"{{date: {test}}}", more="facts: {birthday: date}")
    assert expected == met(policy, buy("2020-01-01", 1), as_of=as_of, facts={"birthday": born})


def test_segments_and_scales_and_lists() -> None:
    """Names for conditions, words in an order, several values in one fact."""
    policy = asking(
        "  spend: {sum: {of: purchase.amount}}",
        "{big: true, rank: {at_least: manager}, tags: {has_all: [vip, local]}}",
        more="scales: {grade: [clerk, manager, director]}\nfacts: {rank: grade, tags: [text]}\nsegments: {big: {spend: {at_least: 100}}}",
    )
    facts = {"rank": "director", "tags": ["local", "vip", "new"]}
    assert met(policy, buy("2026-03-01", 100), facts=facts)
    assert not met(policy, buy("2026-03-01", 99), facts=facts)
    assert not met(policy, buy("2026-03-01", 100), facts=facts | {"rank": "clerk"})
    assert not met(policy, buy("2026-03-01", 100), facts=facts | {"tags": ["vip"]})


def test_as_of_a_day_to_come_only_what_is_known_counts() -> None:
    """On the tenth, the month up to its last day holds what has been bought by then."""
    policy = program(
        """
metrics: {spend: {sum: {of: purchase.amount, window: {this: month}, as_of: {last_day_of: {this: month}}}}}
tiers: [{id: guest, enter: everyone}, {id: silver, enter: {spend: {at_least: 100}}}]
"""
    )
    events = [buy("2026-03-05", 60), buy("2026-03-20", 60)]
    assert ["guest until -", "silver until -"] == states(policy, ["2026-03-10", "2026-03-20"], events)
    assert [("2026-03-05", "guest"), ("2026-03-20", "silver")] == replayed(policy, "2026-03-31", events)


def test_a_list_that_is_not_known_has_nothing() -> None:
    """Who has stated no tags neither has all of some, nor surely lacks one."""
    policy = program(
        """
facts: {tags: [text]}
tiers: [{id: guest, enter: everyone}, {id: x, enter: {tags: {has_all: [x]}}}, {id: y, enter: {not: {tags: {has_all: [x]}}}}]
"""
    )
    people: list[dict[str, Any]] = [{"tags": ["x", "z"]}, {"tags": ["z"]}, {}]
    assert ["x", "y", "guest"] == [decided(policy, "2026-06-30", facts=facts).tier for facts in people]


def test_an_event_that_does_not_say_a_dated_fact_leaves_it() -> None:
    """A statement without its balance keeps the one before."""
    policy = program(
        """
facts: {balance: {type: money, set_by: {statement: balance}}}
tiers: [{id: guest, enter: everyone}, {id: rich, enter: {balance: {at_least: 100}}}]
""",
        events=DAILY.partition("facts:")[0],
    )
    events: list[dict[str, Any]] = [
        {"type": "statement", "at": "2026-03-01", "balance": 100},
        {"type": "statement", "at": "2026-03-02"},
    ]
    assert "rich" == decided(policy, "2026-03-03", events).tier


@pytest.mark.parametrize(
    "metric",
    [
        "{credit: {value: {by: tier, values: {gold: 100}, otherwise: 0}, given: 01-01, window: {this: year}}}",
        "{credit: {value: rate, given: 01-01, window: {this: year}}}",
    ],
)
def test_the_tier_of_another_day_cannot_be_asked(metric: str) -> None:
    """The tier of the day asked would stand in its place, so the policy is refused; also through a metric."""
    with pytest.raises(PolicyError) as caught:
        program(
            "metrics:\n"
            "  rate: {by: tier, values: {gold: 100}, otherwise: 0}\n"
            f"  start: {metric}\n"
            "tiers: [{id: guest, enter: everyone}, {id: gold, enter: {start: {at_least: 1}}}]\n"
            "transitions: {validity: while_it_holds}\n"
        )
    assert ["tier-of-another-day"] == [one.code for one in caught.value.problems]
