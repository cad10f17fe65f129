"""Bounds between which nothing lies, and tiers that only their holders can enter, are told."""

import pytest

from tests.support.deciding import told

HEAD = """\
scales: {{grade: [low, mid, high]}}
facts: {{age: number, born: date, city: text, level: grade, tags: [text], own: true_false}}
metrics:
  spend: {{sum: {{of: purchase.amount, window: {{this: year}}}}}}
  small: {{count: {{of: purchase, where: {where}}}}}
tiers:
  - {{id: guest, enter: everyone}}
  - {{id: gold, enter: {enter}{more}}}
transitions: {{validity: {{through: {{next: year}}}}}}
"""


def said(enter: str, where: str = "{amount: {at_least: 1}}", more: str = "") -> list[str]:
    """Return what is told of a policy whose tier and whose measure ask this."""
    return told(HEAD.format(enter=enter, where=where, more=more))


@pytest.mark.parametrize(
    ("enter", "message"),
    [
        ("{age: {between: [5, 1]}}", "nothing is at least `5` and at most `1`, so `age` never meets this"),
        (
            "{spend: {at_least: 5, less_than: 5}}",
            "nothing is at least `5` and less than `5`, so `spend` never meets this",
        ),
        ("{age: {more_than: 5, at_most: 5}}", "nothing is more than `5` and at most `5`, so `age` never meets this"),
        (
            "{all: [{age: {at_least: 30}}, {all: [{city: bonn}, {age: 20}]}]}",
            "nothing is at least `30` and equal to `20`, so `age` never meets this",
        ),
        (
            "{born: {at_least: 2000-01-01, less_than: 1999-12-31}}",
            "nothing is at least `2000-01-01` and less than `1999-12-31`, so `born` never meets this",
        ),
        ("{all: [{level: {at_least: high}}, {level: mid}]}", "`level` never meets all that is asked of it here"),
        ("{all: [{city: bonn}, {city: rome}]}", "`city` never meets all that is asked of it here"),
    ],
)
def test_bounds_that_exclude_each_other_are_told(enter: str, message: str) -> None:
    """Of numbers, amounts and dates with both bounds, of words without them."""
    assert [f"never-met: {message}"] == said(enter)


@pytest.mark.parametrize(
    "enter",
    [
        "{age: {between: [1, 5]}}",
        "{age: {at_least: 5, at_most: 5}}",
        "{age: {at_least: 5}, spend: {less_than: 4}}",
        "{any: [{age: {at_least: 5}}, {age: {less_than: 4}}]}",
        "{all: [{city: bonn}, {city: bonn}]}",
        "{all: [{city: {in: [bonn, rome]}}, {city: bonn}]}",
        "{all: [{tags: wine}, {tags: golf}]}",
        "{all: [{own: true}, {own: true}]}",
        "{all: [{spend: {at_least: 5}}, {spend: {less_than: age}}]}",
    ],
)
def test_bounds_that_can_be_met_are_let_be(enter: str) -> None:
    """Both may hold, or one is enough, or one of them is no constant."""
    assert [] == said(enter)


def test_every_condition_is_looked_at() -> None:
    """Which of the events count, what a cap asks, when a benefit is given."""
    never = "nothing is at least `9` and less than `8`, so `{}` never meets this"
    assert [f"never-met: {never.format('amount')}"] == said(
        "{spend: {at_least: 1}}", where="{amount: {at_least: 9, less_than: 8}}"
    )
    asked = "{age: {at_least: 9, less_than: 8}}"
    gives = f", benefits: [{{discount: {{percent: 5, when: {asked}}}}}]"
    assert [f"never-met: {never.format('age')}"] == said("{spend: {at_least: 1}}", more=gives)
    cap = f"caps: [{{id: c, when: {asked}, at_most: guest}}]\n"
    assert [f"never-met: {never.format('age')}"] == told(
        cap + "facts: {age: number}\ntiers: [{id: guest, enter: everyone}, {id: gold, enter: {age: {at_least: 1}}}]"
    )


@pytest.mark.parametrize(
    "enter", ["{tier: gold}", "{all: [{tier: {at_least: gold}}, {city: bonn}]}", "{tier: {at_least: top}}"]
)
def test_a_tier_that_only_its_holders_can_enter_is_told(enter: str) -> None:
    """It asks for itself or for a higher one."""
    body = f"facts: {{city: text}}\ntiers: [{{id: gold, enter: {enter}}}, {{id: top, enter: {{city: bonn}}}}]"
    assert ["needs-itself: only who holds `gold` already can enter it"] == told(body)


@pytest.mark.parametrize(
    ("enter", "more"),
    [
        ("{any: [{tier: gold}, {city: bonn}]}", ""),
        ("{tier: {at_least: guest}, city: bonn}", ""),
        ("{tier: {more_than: guest}}", ""),
        ("{tier: gold}", ", also: [{cause: bought, upon: purchase}]"),
    ],
)
def test_a_tier_with_another_way_in_is_let_be(enter: str, more: str) -> None:
    """Something else is enough, a lower tier is asked for, or there is a way."""
    assert [] == said(enter, more=more)
