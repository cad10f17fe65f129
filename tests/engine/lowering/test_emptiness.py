"""A bound that never lowers, for its measure is unknown without events, is told."""

import pytest

from tests.support.deciding import decided, program, told

POLICY = """\
metrics: {{base: {{max: {{of: purchase.amount, window: {window}}}}}, basket: {basket}}}
tiers:
  - {{id: guest, enter: everyone}}
  - {{id: gold, enter: {enter}}}
transitions: {{validity: {validity}}}
"""
PLAIN = {
    "window": "{last: 12 months}",
    "basket": "base",
    "enter": "{basket: {at_least: 1000}}",
    "validity": "while_it_holds",
}
TOLD = "never-lowers: `basket` is unknown without events in its window, and nobody loses `gold` by what is unknown"


@pytest.mark.parametrize(
    "written",
    [
        {},
        {"basket": "{max: {of: purchase.amount, window: {this: year}}}"},
        {"basket": "{add: [base, 100]}"},
        {"basket": "{product: [base, 1], round: down}"},
        {"basket": "{first_known: [base, base]}"},
        {"basket": "{by: tier, values: {gold: base}, otherwise: 0}"},
        {"basket": "{average: {of: purchase.amount, window: {last: 1 year}, as_of: 12-31}}"},
        {"enter": "{any: [{basket: {between: [1000, 2000]}}, {basket: {at_most: 1}}]}"},
    ],
)
def test_a_bound_on_the_most_of_nothing_is_told(written: dict[str, str]) -> None:
    """Also under arithmetic, by another value, or as of another day."""
    assert [TOLD] == told(POLICY.format(**PLAIN | written))


@pytest.mark.parametrize(
    "written",
    [
        {"basket": "{first_known: [base, 0]}"},
        {"basket": "{sum: {of: purchase.amount, window: {this: year}}}"},
        {"window": "lifetime"},
        {"validity": "forever"},
        {"enter": "{basket: {at_most: 1000}}"},
        {"enter": "{not: {basket: {at_least: 1000}}}"},
    ],
)
def test_a_bound_that_can_lower_is_let_be(written: dict[str, str]) -> None:
    """Nothing counts as 0, once there is always there, the tier has no end, or less is better."""
    assert [] == told(POLICY.format(**PLAIN | written))


def test_what_is_told_is_true() -> None:
    """Four years without a purchase: the tier is kept, and with `first_known` it is not."""
    bought = [{"type": "purchase", "at": "2026-03-01", "amount": 2000}]
    kept = {}
    for basket in ("base", "{first_known: [base, 0]}"):
        kept[basket] = decided(program(POLICY.format(**PLAIN | {"basket": basket})), "2030-01-01", bought).tier
    assert {"base": "gold", "{first_known: [base, 0]}": "guest"} == kept
