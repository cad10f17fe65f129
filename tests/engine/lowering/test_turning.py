"""On which days an answer may turn by itself: deciding from nothing is deciding night by night."""

import pytest

from tests.support.deciding import buy, customer, decided, nightly, program, standing
from viprules.engine.days import Span
from viprules.engine.lowering.turning import dated_days, rolling, turns_daily
from viprules.engine.program import Program
from viprules.engine.tree.nodes import TODAY, Aggregate, Arith, Cmp, Elapsed, In, Lit, Node, PeriodDay, Shift

SHOP = """
events:
  purchase: {amount: money}
  statement: {balance: money}
facts: {joined: date, balance: {type: money, set_by: {statement: balance}}}
"""
EVENTS = [
    buy("2026-01-05"),
    {"type": "statement", "at": "2026-01-06", "balance": 0},
    {"type": "statement", "at": "2026-02-05", "balance": 100},
]
WEEK = PeriodDay(Span(days=7), Lit(730_122), TODAY)


def policy(metric: str, condition: str, **keys: str) -> Program:
    """A policy in which a metric gives a tier for fifty days, on any day."""
    return program(
        f"""
metrics: {{m: {metric}}}
tiers:
  - {{id: guest, enter: everyone}}
  - {{id: gold, enter: {{m: {condition}}}}}
transitions: {{validity: {{for: 50 days}}, renew: {{at: expiry}}}}
""",
        events=SHOP,
        **keys,
    )


@pytest.mark.parametrize(
    ("metric", "condition"),
    [
        ("{tenure: {since: joined, in: months}}", "{between: [2, 3]}"),
        ("{tenure: {since: joined, in: days}}", "{between: [30, 40]}"),
        ("{tenure: {since: joined, in: months, counting: started}}", "{between: [2, 2]}"),
        ("{tenure: {since: {last_day_of: {this: month}, minus: 1 month}, in: days}}", "{between: [10, 12]}"),
        ("{average_daily: {of: balance, window: {last: 30 days}}}", "{between: [50, 60]}"),
        ("{average_daily: {of: balance, window: {this: month}}}", "{between: [50, 60]}"),
    ],
)
def test_what_grows_with_the_days_is_asked_on_its_days(metric: str, condition: str) -> None:
    """A tier that was reached and left between two events is found afterwards, with its first and last day."""
    one = policy(metric, condition)
    facts = {"joined": "2026-01-10"}
    for day in ("2026-02-20", "2026-03-12", "2026-04-15"):
        by_night = standing(nightly(one, "2026-01-05", day, EVENTS, facts=facts))
        assert by_night[0::2] == standing(decided(one, day, EVENTS, facts=facts))[0::2]
        assert by_night[3] == standing(decided(one, day, EVENTS, facts=facts))[3]


def test_the_day_on_which_a_window_is_wholly_on_record_is_asked() -> None:
    """What was unknown while a window reached before the records becomes known on one day by itself."""
    one = policy("{count: {of: purchase, window: {last: 2 months}}}", "{less_than: 1}", history_from="2026-01-31")
    bought = [buy("2026-01-31", 5)]
    assert "2026-03-31" == str(decided(one, "2026-04-10", bought).since)


@pytest.mark.parametrize(
    ("node", "daily"),
    [
        (In(Elapsed(WEEK, TODAY, "days"), (2, 3)), True),
        (Cmp("==", Elapsed(WEEK, TODAY, "days"), Lit(2)), True),
        (Cmp("==", Elapsed(Lit(5), TODAY, "months"), Lit(2)), False),
        (Cmp("==", Elapsed(Lit(5), TODAY, "months", started=True), Lit(2)), True),
        (Cmp(">=", Arith("product", (TODAY, Lit(2))), Lit(9)), True),
        (Cmp(">=", TODAY, Lit(739_000)), False),
        (Cmp(">=", Shift(TODAY, Span(days=4), -1), Lit(739_000)), False),
        (Cmp(">=", WEEK, Lit(739_000)), False),
        (In(WEEK, (739_000,)), False),
    ],
)
def test_a_day_that_enters_a_value_is_asked_daily(node: Node, daily: bool) -> None:  # noqa: FBT001 -- what comes out
    """Every day is asked where each gives another value; a value that turns on known days needs those only."""
    assert daily == turns_daily([node])


def test_a_value_into_which_the_day_enters_is_another_each_day() -> None:
    """A metric that counts with the day itself is asked daily; one that compares it, or measures events, is not."""
    assert turns_daily([], [Arith("product", (TODAY, Lit(2)))])
    assert not turns_daily([], [Cmp(">=", TODAY, Lit(739_000)), Aggregate("count", "visit", None, None, TODAY, TODAY)])


def test_a_window_of_days_is_rolling_however_it_is_written() -> None:
    """A window that begins so many days ago moves with the day, as a span or as a sum."""
    first = [Shift(TODAY, Span(months=1), -1), Arith("add", (TODAY, Lit(-9))), PeriodDay(Span(days=7), Lit(1), TODAY)]
    nodes: list[Node] = [Aggregate("count", "visit", None, None, one, TODAY) for one in first]
    expected = (("visit", Shift(TODAY, Span(months=1), -1)), ("visit", Shift(TODAY, Span(days=9), -1)))
    assert expected == rolling(nodes)


def test_the_days_of_constants_are_known() -> None:
    """A constant day is met on that day, or at its distance; give or take three days for the ends of months."""
    day = 739_000
    assert {day - 5} == dated_days([Cmp("<", Arith("add", (TODAY, Lit(5))), Lit(day))])
    assert {day + 4} == dated_days([Cmp("<", Lit(day), Shift(TODAY, Span(days=4), -1))])
    assert 7 == len(dated_days([Cmp("<", Shift(TODAY, Span(months=1), -1), Lit(day))]))
    assert set() == dated_days([Cmp("<", WEEK, Lit(day)), Cmp("<", TODAY, WEEK)])


def test_deciding_day_by_day_is_the_same() -> None:
    """Asking every day gives the standing that the due days give."""
    one = policy("{tenure: {since: joined, in: months}}", "{between: [1, 2]}")
    who = customer(one, EVENTS, facts={"joined": "2026-01-10"})
    at = one.at("2026-04-20")
    assert at.decide(who).standings == at.day_by_day(who).standings


def test_a_fact_alone_begins_no_history() -> None:
    """Without any event the first day asked is the first day judged."""
    one = policy("{tenure: {since: joined, in: months}}", "{at_least: 2}")
    assert "2026-04-01" == str(one.decide(customer(one, facts={"joined": "2026-01-10"}), as_of="2026-04-01").since)
