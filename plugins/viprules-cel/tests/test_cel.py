"""CEL conditions: names, values, unknowns, mistakes, and limits on their cost."""

from typing import Any

import pytest

import viprules
import viprules_cel
from viprules.plugins import catalogue_of
from viprules_cel.expressions import BadExpressionError, Expression

CATALOGUE = catalogue_of(viprules_cel)
POLICY = """\
viprules: 1
program: {id: shop, timezone: Asia/Shanghai, currency: CNY}
scales: {rank: [low, high]}
facts: {city: text, born: date, rank: rank, tags: [text], vip: true_false}
events: {purchase: {amount: money}}
metrics: {spend: {sum: {of: purchase.amount, window: {this: year}}}, visits: {count: {of: purchase, window: {this: year}}}}
tiers:
  - {id: guest, enter: everyone}
  - {id: gold, enter: {cel: {expression: "EXPRESSION"}}}
transitions: {validity: while_it_holds}
"""
FACTS = {"city": "Shanghai", "born": "1990-02-28", "rank": "high", "tags": ["a", "b"], "vip": True}
BOUGHT = [{"id": "1", "type": "purchase", "at": "2026-03-01", "amount": "100.10"}]


def program(expression: str) -> viprules.Program:
    """Return a policy with an expression."""
    return viprules.loads(POLICY.replace("EXPRESSION", expression), plugins=CATALOGUE)


def decided(expression: str, **facts: Any) -> viprules.Decision:
    """Return a decision, which is the explained one."""
    made = program(expression)
    customer = made.customer(events=BOUGHT, facts=facts or FACTS)
    found = made.decide(customer, as_of="2026-03-05")
    assert found == made.explain(customer, as_of="2026-03-05").decision
    return found


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("spend >= 100.10", "gold"),
        ("spend > 100.10", "guest"),
        ("spend >= 100.11", "guest"),
        ("visits == 1", "gold"),
        ("city in ['Shanghai', 'Beijing'] && vip", "gold"),
        ("rank == 'low'", "guest"),
        ("rank == 'high' && 'b' in tags", "gold"),
        ("tags.exists(one, one == 'b')", "gold"),
        ("born < timestamp('1990-03-01T00:00:00Z')", "gold"),
        ("day.getMonth() == 2", "gold"),
        ("tier == 'guest' || tier == 'gold'", "gold"),
        ("city.matches('^Sh')", "gold"),
    ],
)
def test_an_expression_decides(expression: str, expected: str) -> None:
    """Amounts, counts, texts, scales, lists, dates, the day and the tier, as CEL has them."""
    assert expected == decided(expression).tier


def test_an_unknown_name_changes_nobody() -> None:
    """The fact that is missing is reported, even where CEL would not have needed it."""
    decision = decided("vip || city == 'Shanghai'", vip=True)
    assert ("guest", "city") == (decision.tier, decision.problems[0].values["missing"])


@pytest.mark.parametrize(
    ("expression", "reason"),
    [("spend", "not true or false"), ("visits / 0 == 1", "cel ("), ("city > 3", "cel ("), ("tags[7] == 'a'", "cel (")],
)
def test_an_expression_that_fails_changes_nobody(expression: str, reason: str) -> None:
    """What CEL says stands in the decision's problems."""
    decision = decided(expression)
    assert "guest" == decision.tier
    assert reason in decision.problems[0].values["missing"]


@pytest.mark.parametrize(
    ("expression", "code", "told"),
    [
        ("spent > 1", "unknown-name", "`spent`"),
        ("spend >", "plugin-failed", "Failed to parse"),
        ("now() > day", "plugin-failed", "`now` is no function"),
        ("open('x') == 1", "plugin-failed", "`open` is no function"),
        ("tags.all(x, tags.all(y, x == y))", "plugin-failed", "more than one of `all`"),
        (" ".join(["vip &&"] * 400) + " vip", "too-many", "2000"),
    ],
)
def test_a_wrong_expression_is_told_with_its_line(expression: str, code: str, told: str) -> None:
    """Unknown names, syntax, functions and limits are found when the policy is loaded."""
    with pytest.raises(viprules.PolicyError) as caught:
        program(expression)
    (found,) = caught.value.problems
    assert (9, code, True) == (getattr(found.source, "line", 0), found.code, told in found.message)


@pytest.mark.parametrize(
    "text",
    [
        "[1].map(x, [2].map(y, x + y)).size() > 0",
        "[1] . filter ( x , x > 0 ) .exists(y, y > 0)",
        "a.exists_one(x, b.exists(z, z == x))",
        "true" + " || true" * 300,
    ],
)
def test_the_cost_is_bounded_before_anything_runs(text: str) -> None:
    """Nested and repeated comprehensions, and very long expressions, are refused."""
    with pytest.raises(BadExpressionError):
        Expression.of(text)


@pytest.mark.parametrize("text", ["s == '.all(x, .all(y,'", 's == ".map(x,.map(y,"', "s == r'''.all(x,.all(y,'''"])
def test_a_text_is_no_comprehension(text: str) -> None:
    """What looks like one inside of quotes costs nothing."""
    assert ("s",) == Expression.of(text).names


def test_the_name_of_an_item_is_no_name_of_the_policy() -> None:
    """The variable of a comprehension is not looked up."""
    assert ("items",) == Expression.of("items.all(one, one > 0)").names


def test_the_explanation_shows_the_expression_and_check_says_row_only() -> None:
    """It is opaque, and both say so."""
    made = program("spend >= 1.0")
    assert ["row-only"] == [one.code for one in made.warnings]
    assert "spend >= 1.0: met" in made.explain({"events": BOUGHT}, as_of="2026-03-05").text()
