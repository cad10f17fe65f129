"""The words in policies: decided at their boundaries, in the batch where they can, unknown where they must be."""

from typing import Any

import pytest

import viprules
import viprules_lunar
from viprules.plugins import catalogue_of

POLICY = """\
viprules: 1
program: {id: club, timezone: Asia/Shanghai, currency: CNY}
facts: {born: date}
metrics:
  birthday: {next_lunar_birthday: {of: born}}
  new_year: {next_festival: {name: spring_festival}}
tiers:
  - {id: member, enter: everyone}
  - {id: guest_of_honour, enter: CONDITION}
transitions: {validity: while_it_holds}
"""


def program(condition: str) -> viprules.Program:
    """Return a policy with a condition."""
    return viprules.loads(POLICY.replace("CONDITION", condition), plugins=catalogue_of(viprules_lunar))


def tier(condition: str, day: str, **facts: Any) -> str | None:
    """Return the tier on a day: as decided, and as explained."""
    made = program(condition)
    customer = made.customer(facts=facts)
    decision = made.decide(customer, as_of=day)
    assert decision == made.explain(customer, as_of=day).decision
    return decision.tier


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-09-21", "member"),
        ("2026-09-22", "guest_of_honour"),
        ("2026-09-25", "guest_of_honour"),
        ("2026-09-26", "guest_of_honour"),
        ("2026-09-27", "member"),
    ],
)
def test_a_lunar_birthday_has_its_days(day: str, expected: str) -> None:
    """From three days before to one day after: both ends, and one day outside each."""
    assert expected == tier("{lunar_birthday: {of: born, before: 3, after: 1}}", day, born="1990-10-03")


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-02-13", "member"),
        ("2026-02-14", "guest_of_honour"),
        ("2026-02-23", "guest_of_honour"),
        ("2026-02-24", "member"),
    ],
)
def test_a_festival_has_its_days(day: str, expected: str) -> None:
    """Spring Festival 2026 from three days before to six days after."""
    assert expected == tier("{festival: {name: spring_festival, before: 3, after: 6}}", day)


def test_days_are_dates_like_others() -> None:
    """A metric with a date is compared with a date, and shown as one."""
    assert "guest_of_honour" == tier("{new_year: 2026-02-17}", "2025-03-01")
    assert "member" == tier("{new_year: 2026-02-17}", "2026-02-18")
    found = program("{birthday: 2026-09-25}").explain({"facts": {"born": "1990-10-03"}}, as_of="2026-01-01")
    assert ("2026-09-25", "2026-02-17") == (found.metrics["birthday"], found.metrics["new_year"])


def test_an_unknown_birthday_changes_nobody() -> None:
    """The fact that is missing is reported."""
    decision = program("{lunar_birthday: {of: born}}").decide({}, as_of="2026-09-25")
    assert ("member", "born") == (decision.tier, decision.problems[0].values["missing"])


@pytest.mark.parametrize("condition", ["{festival: {name: laba}}", "{lunar_birthday: {of: born}}"])
@pytest.mark.parametrize("day", ["1901-02-18", "2100-02-09"])
def test_outside_the_range_nothing_is_guessed(condition: str, day: str) -> None:
    """Before the first year and after the last one the answer is unknown."""
    decision = program(condition).decide({"facts": {"born": "1990-10-03"}}, as_of=day)
    assert ("member", True) == (decision.tier, bool(decision.problems))


def test_the_answer_is_said_in_both_languages() -> None:
    """The explanation speaks of the festival."""
    found = program("{festival: {name: mid_autumn, before: 3}}").explain({}, as_of="2026-09-25")
    assert "mid_autumn, from 3 days before to 0 days after: met" in found.text()
    assert "mid_autumn 前 3 天至后 0 天：满足" in found.text("zh")


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        ("{festival: {name: christmas}}", "not-one-of"),
        ("{festival: {name: mid_autumn, before: 99}}", "out-of-range"),
        ("{lunar_birthday: {of: brn}}", "unknown-name"),
        ("{lunar_birthday: {fo: born}}", "unknown-key"),
        ("{lunar_birthday: {of: born, leap: sometimes}}", "not-one-of"),
    ],
)
def test_a_wrong_parameter_is_told_with_its_place(condition: str, code: str) -> None:
    """As for any word of the language."""
    with pytest.raises(viprules.PolicyError) as caught:
        program(condition)
    assert [(code, 9)] == [(one.code, getattr(one.source, "line", 0)) for one in caught.value.problems]


def test_only_the_birthdays_are_row_only() -> None:
    """Festivals are constants and have a statement."""
    assert {"next_lunar_birthday"} == {one.values["name"] for one in program("{festival: {name: qixi}}").warnings}
