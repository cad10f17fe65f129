"""Tests of the day itself."""

from __future__ import annotations

from tests.support.deciding import decided, program, told


def test_a_birthday_needs_the_fact() -> None:
    """Without a fact of that name nobody has one."""
    body = "tiers: [{{id: gold, enter: {{date: {word}}}}}]\n"
    assert ["no-birthday: `birthday` needs a fact called `birthday`"] == told(body.format(word="birthday"))
    assert ["unknown-name: nothing here is called `birthdays`"] == told(body.format(word="birthdays"))


def test_the_birthday_of_a_leap_day() -> None:
    """In common years it is 28 February; the month is February, as a whole, in each year."""
    policy = program(
        "facts: {birthday: date}\nsegments: {party: {date: birthday}, month: {date: birthday_month}}\n"
        "tiers: [{id: gold, enter: {month: true}}, {id: diamond, enter: {party: true}}]\n"
    )
    days = ["2026-01-31", "2026-02-01", "2026-02-28", "2026-03-01", "2028-02-28", "2028-02-29"]
    found = [decided(policy, day, facts={"birthday": "2000-02-29"}).tier for day in days]
    assert [None, "gold", "diamond", None, "gold", "diamond"] == found
