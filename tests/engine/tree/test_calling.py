"""Functions of plug-ins: what they are called with, what they may give, and that failure is unknown."""

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from attrs import frozen

import viprules
from viprules.api import (
    DATE,
    NUMBER,
    TEXT,
    TRUTH,
    Example,
    FactName,
    FieldPath,
    Scope,
    TermType,
    Type,
    Typed,
    call,
    history,
    hookimpl,
    key,
    nodes,
)
from viprules.plugins import Catalogue, catalogue_of

SCALE = Type(kind="scale", options=("low", "high"))
TIER = Type(kind="tier", options=("silver", "gold"))
MONEY = Type(kind="money", decimals=2)


def given(value: Any, kind: Type) -> Any:
    """Return what a function is called with for a value of the tree."""
    seen: list[Any] = []
    call("f", seen.append, Typed(node=nodes.Lit(value), type=kind), gives=TRUTH).node.function(value)  # type: ignore[attr-defined]  # a `Call`
    return seen[0]


def taken(value: Any, kind: Type) -> Any:
    """Return the tree's value of what a function gives."""
    return call("f", lambda: value, gives=kind).node.function()  # type: ignore[attr-defined]  # as above


@pytest.mark.parametrize(
    ("value", "kind", "expected"),
    [
        (12345, MONEY, Decimal("123.45")),
        (Fraction(1, 3), NUMBER, Fraction(1, 3)),
        (Fraction(1, 8), NUMBER, Decimal("0.125")),
        (7, NUMBER, 7),
        (date(2026, 2, 28).toordinal(), DATE, date(2026, 2, 28)),
        (0, DATE, date(1, 1, 1)),
        (1, SCALE, "high"),
        (2, TIER, "gold"),
        (0, TIER, ""),
        ("a", TEXT, "a"),
        (True, TRUTH, True),
        (("a", "b"), Type(kind="text", many=True), ("a", "b")),
    ],
)
def test_a_function_sees_values_as_people_know_them(value: Any, kind: Type, expected: Any) -> None:
    """Amounts in major units, dates as dates, ranks as words."""
    assert (expected, type(expected)) == (given(value, kind), type(given(value, kind)))


@pytest.mark.parametrize(
    ("value", "kind", "expected"),
    [
        (Decimal("123.45"), MONEY, 12345),
        (5, MONEY, 500),
        (Fraction(1, 3), MONEY, Fraction(100, 3)),
        (date(2026, 2, 28), DATE, date(2026, 2, 28).toordinal()),
        ("high", SCALE, 1),
        ("silver", TIER, 1),
        (False, TRUTH, False),
        (["a"], Type(kind="text", many=True), ("a",)),
    ],
)
def test_what_a_function_gives_becomes_exact(value: Any, kind: Type, expected: Any) -> None:
    """The tree counts in the smallest unit, days and ranks."""
    assert expected == taken(value, kind)


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (None, NUMBER),
        (1.5, MONEY),
        (float("nan"), NUMBER),
        (Decimal("NaN"), MONEY),
        (Decimal("Infinity"), MONEY),
        (10**20, NUMBER),
        (True, NUMBER),
        (1, TRUTH),
        ("x", TRUTH),
        (datetime(2026, 1, 1, 12), DATE),  # noqa: DTZ001 -- a naive one is what somebody might give
        ("middle", SCALE),
        (3, TEXT),
        ("ab", Type(kind="text", many=True)),
        (["a", 1], Type(kind="text", many=True)),
    ],
)
def test_what_does_not_fit_is_unknown(value: Any, kind: Type) -> None:
    """Floats, NaN, numbers out of range and other types never enter a decision."""
    assert taken(value, kind) is None


@frozen(kw_only=True)
class Asks:
    """Whether a function of ours says so."""

    of: FactName = key("the fact that it is given", examples=["points"])


def plugin(run: Any) -> Catalogue:
    """Return the catalogue with a criterion that runs a function of the day and a fact."""

    def compiled(parameters: Asks, scope: Scope) -> Typed:
        return call("asks", run, Typed(node=nodes.TODAY, type=DATE), scope.fact(parameters.of), gives=TRUTH)

    class Asking:
        VIPRULES_CONTRACT = 1

        @hookimpl
        def viprules_terms(self) -> list[TermType]:
            return [
                TermType(
                    name="asks",
                    kind="criterion",
                    parameters=Asks,
                    compile=compiled,
                    doc="whether a function says so",
                    examples=(Example(yaml="{asks: {of: points}}"),),
                    words={"en": "a function of {of}", "zh": "关于 {of} 的函数"},
                )
            ]

    return catalogue_of(Asking())


POLICY = """\
viprules: 1
program: {id: shop, timezone: Asia/Shanghai, currency: CNY}
facts: {points: number}
tiers:
  - {id: guest, enter: everyone}
  - {id: gold, enter: {asks: {of: points}}}
transitions: {validity: while_it_holds}
"""


def program(run: Any) -> viprules.Program:
    """Return a policy that asks a function."""
    return viprules.loads(POLICY, plugins=plugin(run))


def test_a_function_decides() -> None:
    """It is asked as of the day, with the customer's fact; walked and explained are the same."""
    made = program(lambda day, points: day.month == 3 and points > 10)
    customer = made.customer(facts={"points": 11})
    for day, tier in (("2026-02-28", "guest"), ("2026-03-01", "gold"), ("2026-04-01", "guest")):
        assert tier == made.decide(customer, as_of=day).tier
        assert made.decide(customer, as_of=day) == made.explain(customer, as_of=day).decision


def test_a_function_turns_on_any_day() -> None:
    """The day on which it turns is not missed, although nothing happens on it."""
    made = program(lambda day, points: day.day == points)
    assert "2026-01-02" == str(made.decide({"facts": {"points": 5}}, as_of="2026-01-01").next_change)


def test_a_function_is_not_called_with_an_unknown() -> None:
    """A missing fact makes it unknown, and nobody's tier changes."""
    made = program(lambda _day, _points: pytest.fail("it was called"))
    found = made.decide({}, as_of="2026-01-01").problems
    assert {("unknown", "points")} == {(one.code, one.values["missing"]) for one in found}


@pytest.mark.parametrize(
    ("run", "reason"),
    [
        (lambda _day, points: points / 0, "asks (ZeroDivisionError: division by zero)"),
        (lambda _day, _points: (_ for _ in ()).throw(SystemExit(1)), "asks (SystemExit: 1)"),
        (lambda _day, _points: None, "asks (no value)"),
        (lambda _day, _points: 1.0, "asks (`1.0` is no true_false)"),
        (lambda: True, "asks (TypeError"),
    ],
)
def test_a_function_that_fails_changes_nobody_and_is_reported(run: Any, reason: str) -> None:
    """What it raised or gave stands in the decision's problems and in the explanation."""
    made = program(run)
    decision = made.decide({"facts": {"points": 1}}, as_of="2026-01-01")
    assert "guest" == decision.tier
    assert reason in decision.problems[0].values["missing"]
    assert reason in made.explain({"facts": {"points": 1}}, as_of="2026-01-01").text()


def test_the_explanation_speaks_the_words_of_the_plugin() -> None:
    """A criterion says in both languages what it asks, with its parameters."""
    found = program(lambda _day, _points: True).explain({"facts": {"points": 1}}, as_of="2026-01-01")
    assert "✓ a function of points: met" in found.text()
    assert "✓ 关于 points 的函数：满足" in found.text("zh")
    words = found.as_dict()["tier_sets"]["tier"]["tiers"][0]["enter"]["words"]
    assert {"en": "a function of points", "zh": "关于 points 的函数"} == words


def test_checking_says_that_it_is_row_only() -> None:
    """The author learns at the line that uses it that there is no statement for a whole base."""
    (found,) = program(lambda _day, _points: True).warnings
    assert ("row-only", 6, "asks") == (found.code, getattr(found.source, "line", 0), found.values["name"])


@frozen(kw_only=True)
class Looks:
    """What a function makes of every purchase."""

    of: FieldPath = key("the field", examples=["purchase.amount"])


def looking(seen: list[Any]) -> Catalogue:
    """Return the catalogue with a term that notes the history that it is given."""

    def compiled(parameters: Looks, scope: Scope) -> Typed:
        def look(earned: Any) -> int:
            seen.append(earned)
            return len(earned)

        return call("looks", look, history(parameters.of, scope), gives=NUMBER)

    class Looking:
        VIPRULES_CONTRACT = 1

        @hookimpl
        def viprules_terms(self) -> list[TermType]:
            example = Example(yaml="{looks: {of: purchase.amount}}")
            return [TermType(name="looks", parameters=Looks, compile=compiled, doc="looks", examples=(example,))]

    return catalogue_of(Looking())


HISTORY = """\
viprules: 1
program: {id: shop, timezone: Asia/Shanghai, currency: CNY}
events: {purchase: {amount: money}, return: {returns: purchase, amount: money}}
metrics: {seen: {looks: {of: purchase.amount}}}
tiers:
  - {id: guest, enter: everyone}
  - {id: gold, enter: {seen: {at_least: 2}}}
transitions: {validity: while_it_holds}
"""
BOUGHT = [
    {"id": "2", "type": "purchase", "at": "2026-01-02", "amount": "2.50"},
    {"id": "1", "type": "purchase", "at": "2026-01-01", "amount": 7},
    {"id": "3", "type": "purchase", "at": "2026-01-03", "amount": 1},
    {"id": "4", "type": "return", "at": "2026-01-03", "sale": "1"},
]


def test_a_history_is_every_value_with_its_day() -> None:
    """In the order of the events, up to the day asked, and without what came back."""
    seen: list[Any] = []
    made = viprules.loads(HISTORY, plugins=looking(seen))
    first, second = (date(2026, 1, 1), Decimal(7)), (date(2026, 1, 2), Decimal("2.5"))
    assert "gold" == made.decide({"events": BOUGHT}, as_of="2026-01-02").tier
    assert (first, second) in seen
    seen.clear()
    assert "2" == made.explain({"events": BOUGHT}, as_of="2026-01-05").metrics["seen"]
    assert (second, (date(2026, 1, 3), Decimal(1))) in seen


def test_a_history_that_begins_later_is_unknown() -> None:
    """Where events are missing, a function is not shown the rest as if it were all."""
    text = HISTORY.replace("currency: CNY", "currency: CNY, history_from: 2026-01-01")
    made = viprules.loads(text, plugins=looking([]))
    assert made.explain({"events": BOUGHT}, as_of="2026-01-05").metrics["seen"] is None


def test_a_history_of_nothing_is_a_problem_of_the_line() -> None:
    """An event or a field that is not declared is told, with the nearest name."""
    with pytest.raises(viprules.PolicyError) as caught:
        viprules.loads(HISTORY.replace("of: purchase.amount", "of: purchase.amuont"), plugins=looking([]))
    assert [("unknown-field", "amount")] == [(one.code, one.values["nearest"]) for one in caught.value.problems]


def test_whoever_stops_the_process_stops_it() -> None:
    """A plug-in's failure is unknown; an interruption is no failure of the plug-in."""

    def interrupted() -> bool:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        call("f", interrupted, gives=TRUTH).node.function()  # type: ignore[attr-defined]  # as above
