"""Values of the wrong kind: all are found while the policy is read, none by the customer."""

from __future__ import annotations

import pytest

from tests.support.deciding import buy, decided, program, told

FACTS = """
scales: {mood: [staff, chief], place: [near, far]}
facts:
  city: text
  tags: [text]
  marks: [number]
  days: [date]
  birthday: date
  told: true_false
  visits: number
  purse: money
  how: mood
  where_from: place
"""


def refused(rest: str) -> list[str]:
    """What is told of a policy with facts of every kind."""
    return told(FACTS + rest)


def asked(condition: str) -> list[str]:
    """What is told of a condition."""
    return refused(f"tiers: [{{id: gold, enter: {condition}}}]\n")


def measured(value: str) -> list[str]:
    """What is told of a metric."""
    return refused(f"metrics: {{m: {value}}}\ntiers: [{{id: gold, enter: {{m: {{known: true}}}}}}]\n")


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        ("{marks: {at_least: 3}}", "not-ordered: `marks` is a list, which has no more and no less"),
        ("{marks: {between: [1, 3]}}", "not-ordered: `marks` is a list, which has no more and no less"),
        ("{city: {between: [north, south]}}", "not-ordered: `city` is a text, which has no more and no less"),
        ("{city: {between: [01-01, 02-01]}}", "not-ordered: `city` is a text, which has no more and no less"),
        ("{told: {less_than: true}}", "not-ordered: `told` is `true` or `false`, which has no more and no less"),
        ("{days: {at_least: 3 days}}", "not-ordered: `days` is a list, which has no more and no less"),
        ("{tags: {within: 10%, of: {previous: year}}}", "not-ordered: `tags` is a list, which has no more and no less"),
        ("{visits: {at_least: marks}}", "other-kind: `visits` is a number and cannot be compared with a list"),
        ("{visits: {at_least: city}}", "other-kind: `visits` is a number and cannot be compared with a text"),
        ("{days: 5}", "wrong-constant: `5` is not a date"),
        ("{marks: visits}", "wrong-constant: `visits` is not a number"),
        ("{visits: {at_least: ten}}", "unknown-name: nothing here is called `ten`"),
        ("{told: perhaps}", "unknown-name: nothing here is called `perhaps`"),
    ],
)
def test_a_test_of_the_wrong_kind(condition: str, message: str) -> None:
    """Lists, texts and truth have no more and no less, and nothing is compared with another kind."""
    assert [message] == asked(condition)


def test_words_of_different_scales() -> None:
    """Ranks of two scales mean nothing to each other, though both are counted."""
    assert ["other-kind"] == [one.partition(":")[0] for one in asked("{how: {at_least: where_from}}")]


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("{when: {told: true}, then: 3, otherwise: city}", "`city` is not a number"),
        ("{2025-01-01: 3, 2026-01-01: city}", "`city` is not a number"),
        ("{2025-01-01: city, 2026-01-01: {tenure: {since: birthday}}}", "`tenure` is not a text"),
        ("{2025-01-01: city, 2026-01-01: {2025-01-01: 3}}", "`…` is not a text"),
        ("{first_known: [visits, city]}", "`city` is not a number"),
        ("{first_known: [marks, visits]}", "`visits` is not a list"),
        ("{surplus: {of: visits, above: [city]}}", "`city` is not a number"),
        ("{by: city, steps: {1: 3}, otherwise: 0}", "`city` is not a number"),
        ("{by: visits, steps: {one: 3}}", "`one` is not a number"),
    ],
)
def test_values_that_stand_for_each_other(value: str, message: str) -> None:
    """All branches of a value are of one kind, whichever holds."""
    assert [f"wrong-constant: {message}"] == measured(value)


def test_a_table_without_rows() -> None:
    """`by` alone says nothing."""
    assert ["missing-key: `values` is missing: it must stand beside `by`"] == measured("{by: visits}")


@pytest.mark.parametrize(
    ("rest", "message"),
    [
        (
            "also: [{cause: wish, when: {told: true}, tier: city}]\ntiers: [{id: gold}]\n",
            "wrong-constant: `city` is not a tier",
        ),
        (
            "tiers: [{id: gold, enter: everyone, benefits: [{gift: {id: cake, item: cake, quota: {times: city, per: year}}}]}]\n",
            "wrong-constant: `city` is not a number",
        ),
        (
            "metrics: {m: {count: {of: purchase, window: {since: days}}}}\ntiers: [{id: gold, enter: {m: 1}}]\n",
            "no-date: `days` is no date",
        ),
    ],
)
def test_other_places_that_want_a_kind(rest: str, message: str) -> None:
    """The tier that a way names, the times of a quota and the day that a window begins."""
    assert [message] == refused(rest)


def test_what_sets_a_fact_or_a_field_is_of_its_kind() -> None:
    """A fact is set by a declared field of its type, and a computed field gives its type."""
    events = "events: {move: {to: text, cost: {type: number, value: to}}, gone: {returns: nowhere}}\n"
    facts = "facts: {rooms: {type: number, set_by: {move: to}}, town: {type: text, set_by: {move: town, leave: to}}}\n"
    assert {
        "wrong-constant: `to` is not a number",
        "wrong-constant: `move.to` is not a number",
        "unknown-field: the event `move` has no field `town`",
        "unknown-name: nothing here is called `nowhere`",
        "unknown-name: nothing here is called `leave`",
    } == set(told(facts + "tiers: [{id: gold, enter: everyone}]\n", events=events))


# --- what lists can be asked --------------------------------------------------------------------------


def holder(condition: str, **facts: object) -> str | None:
    """The tier of who has some facts."""
    policy = program(
        f"facts: {{tags: [text], marks: [number], city: text}}\ntiers: [{{id: gold, enter: {condition}}}]\n"
    )
    return decided(policy, "2026-02-01", facts=facts).tier


def test_a_plain_value_is_on_the_list() -> None:
    """A value asks whether the list holds it, also where something else has that name."""
    assert "gold" == holder("{tags: city}", tags=["town", "city"], city="town")
    assert None is holder("{tags: city}", tags=["town"], city="town")
    assert "gold" == holder("{marks: 2}", marks=[1, 2])


def test_one_of_several_or_all_of_them() -> None:
    """`in` asks for one of the constants, `has_all` for all of them."""
    assert "gold" == holder("{tags: {in: [a, b]}}", tags=["b", "c"])
    assert None is holder("{tags: {in: [a, b]}}", tags=["c"])
    assert None is holder("{tags: {has_all: [a, b]}}", tags=["b", "c"])
    assert "gold" == holder("{tags: {has_all: [b, c]}}", tags=["b", "c"])


def test_a_range_of_five_letter_words() -> None:
    """Words of a scale are no days of the year, however long they are."""
    policy = program(
        "scales: {mood: [staff, chief, owner]}\nfacts: {how: mood}\ntiers: [{id: gold, enter: {how: {between: [staff, chief]}}}]\n"
    )
    found = [decided(policy, "2026-02-01", facts={"how": one}).tier for one in ("staff", "chief", "owner")]
    assert ["gold", "gold", None] == found


def test_within_and_another_bound() -> None:
    """Each check of a test counts beside `within`."""
    policy = program(
        "metrics: {spend: {sum: {of: purchase.amount}}}\n"
        "tiers: [{id: gold, enter: {spend: {within: 10%, of: {previous: year}, at_least: 100}}}]\n"
    )
    assert None is decided(policy, "2026-02-01", [buy("2025-05-01", 99)]).tier
    assert "gold" == decided(policy, "2026-02-01", [buy("2025-05-01", 100), buy("2026-01-05", 10)]).tier
    assert None is decided(policy, "2026-02-01", [buy("2025-05-01", 100), buy("2026-01-05", 11)]).tier
