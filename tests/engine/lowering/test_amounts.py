"""Numbers that are valid and hardly meant are told, each with what to write."""

import pytest

from tests.support.deciding import SHOP, told
from viprules.loader import check_text

HEAD = """\
facts: {{credit: money, visits: number}}
metrics:
  spend: {{sum: {{of: purchase.amount, window: {{this: year}}}}}}
  orders: {{count: {{of: purchase}}}}
  big: {{count: {{of: purchase, where: {{amount: {amount}}}}}}}
  half: {{product: [spend, 50%]}}
  share: {{quotient: [orders, 3]}}
tiers:
  - {{id: guest, enter: everyone}}
  - {{id: gold, enter: {enter}{more}}}
transitions: {{validity: {{through: {{next: year}}}}}}
"""
ENOUGH = "{spend: {at_least: 1000}}"


def said(enter: str = ENOUGH, more: str = "", amount: str = "{at_least: 1}") -> list[str]:
    """Return what is told of a policy that asks this and gives that."""
    return told(HEAD.format(enter=enter, more=more, amount=amount))


@pytest.mark.parametrize(
    ("enter", "name"),
    [
        ("{spend: 1000}", "spend"),
        ("{any: [{orders: 1000}, {visits: 7}]}", "orders"),
        ("{half: 1000}", "half"),
        ("{credit: 1000}", "credit"),
    ],
)
def test_exactly_so_much_is_told(enter: str, name: str) -> None:
    """Of an amount, and of what each event adds to."""
    expected = f"equals-exactly: `{name}: 1000` asks for exactly 1000, not for 1000 or more"
    assert [expected] == said(enter)
    assert [expected] == said(more=f", also: [{{cause: other, when: {enter}}}]")


@pytest.mark.parametrize(
    "enter",
    ["{visits: 7}", "{share: 7}", "{orders: 0, spend: {at_least: 5}}", "{not: {orders: 7}}", "{orders: visits}"],
)
def test_exactly_so_much_may_be_meant(enter: str) -> None:
    """Of a fact that is no amount, of nothing, under `not`, of a named value."""
    assert [] == said(enter)


@pytest.mark.parametrize(
    "written",
    [
        {"enter": "{spend: {at_least: 1000.005}}"},
        {"enter": "{credit: {between: [1, 1000.005]}}"},
        {"amount": "{more_than: 1000.005}"},
    ],
)
def test_more_decimals_than_the_currency_has_are_told(written: dict[str, str]) -> None:
    """In every condition about an amount."""
    assert ["finer-than-currency: `1000.005` has more decimals than an amount in CNY, which has 2"] == said(**written)


def test_numbers_have_the_decimals_that_they_like() -> None:
    """Only amounts are bound to the currency; and 1000.50 has no more than it."""
    assert [] == said("{share: {at_least: 1000.005}, spend: {at_least: 1000.50}}")


def test_a_name_with_several_meanings_is_no_amount() -> None:
    """A field of that name is an amount in one event and a number in the other."""
    events = "events: {purchase: {amount: money}, visit: {amount: {type: number, decimals: 3}}}\n"
    body = "metrics: {n: {count: {of: visit, where: {amount: {at_least: 1.005}}}}}\ntiers: [{id: gold, enter: {n: {at_least: 1}}}]"
    assert [] == told(body, events=events)


@pytest.mark.parametrize(
    ("percent", "message"),
    [
        ("5%", "percent-sign: the number here is percent already, so `5%` would be a hundredth of it"),
        ("0.05", "odd-percent: `0.05` here means 0.05 percent, not 5"),
        ("150", "odd-percent: `150` percent is not between 0 and 100"),
        ("-5", "odd-percent: `-5` percent is not between 0 and 100"),
        ("{2026-01-01: 5, 2027-01-01: 150}", "odd-percent: `150` percent is not between 0 and 100"),
        (
            "{by: tier, values: {gold: 5%}, otherwise: 5}",
            "percent-sign: the number here is percent already, so `5%` would be a hundredth of it",
        ),
    ],
)
def test_a_percentage_that_is_none_is_told(percent: str, message: str) -> None:
    """With a percent sign, as a share, or beyond all there is; also where it depends on something."""
    assert [message] == said(more=f", benefits: [{{discount: {{percent: {percent}}}}}]")


@pytest.mark.parametrize(
    "benefit",
    [
        "discount: {percent: 10}",
        "discount: {percent: 12.5}",
        "discount: {percent: {product: [10, 50%]}}",
        "discount: {percent: {when: {share: {at_least: 50%}}, then: 10, otherwise: 5}}",
        "points_multiplier: {times: 0.5}",
        "gift: {item: cake}",
    ],
)
def test_a_percentage_is_let_be(benefit: str) -> None:
    """So is a factor in it, what its condition asks, and what is no percentage."""
    assert [] == said(more=f", benefits: [{{{benefit}}}]")


@pytest.mark.parametrize(("name", "nearest"), [("RMB", "CNY"), ("EUE", "EUR"), ("QQQ", "")])
def test_a_currency_that_is_none_is_told(name: str, nearest: str) -> None:
    """With the code that is meant, as far as it can be told."""
    head = f"viprules: 1\nprogram: {{id: test, timezone: Asia/Shanghai, currency: {name}}}\n"
    (found,) = check_text(head + SHOP + HEAD.format(enter=ENOUGH, more="", amount="{at_least: 1}"))
    assert ("unknown-currency", nearest, 2, 56) == (
        found.code,
        found.values["nearest"],
        found.source and found.source.line,
        found.source and found.source.column,
    )
