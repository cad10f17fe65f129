"""Values as the places mean them in which they stand."""

from __future__ import annotations

from tests.support.deciding import decided, program, standing, told


def test_truth_as_a_value() -> None:
    """A metric may be true or false; a plain value asks for it."""
    policy = program(
        "facts: {visits: number}\nmetrics: {often: {when: {visits: {at_least: 3}}, then: true, otherwise: false}}\n"
        "tiers: [{id: guest, enter: {often: false}}, {id: gold, enter: {often: true}}]\n"
    )
    assert "gold" == decided(policy, "2026-02-01", facts={"visits": 3}).tier
    assert "guest" == decided(policy, "2026-02-01", facts={"visits": 2}).tier
    assert None is decided(policy, "2026-02-01").tier


def test_a_length_that_depends_on_the_customer() -> None:
    """The durations of a table count from the day of the grant, the first one included."""
    policy = program(
        "facts: {city: text, visits: number}\ntiers: [{id: gold, enter: {visits: {at_least: 1}}}]\n"
        "transitions: {validity: {for: {by: city, values: {north: 3 months}, otherwise: 10 days}}, renew: {at: once}}\n"
    )
    north = decided(policy, "2026-02-01", facts={"visits": 1, "city": "north"})
    assert ("gold", "upgrade", "2026-02-01", "2026-04-30") == standing(north)
    south = decided(policy, "2026-02-01", facts={"visits": 1, "city": "south"})
    assert ("gold", "upgrade", "2026-02-01", "2026-02-10") == standing(south)


def test_an_age_in_days() -> None:
    """A date compared with a whole number asks for days; on the day of the anniversary it is met."""
    policy = program("facts: {joined: date}\ntiers: [{id: gold, enter: {joined: {at_least: 30}}}]\n")
    found = [decided(policy, day, facts={"joined": "2026-01-01"}).tier for day in ("2026-01-30", "2026-01-31")]
    assert [None, "gold"] == found


def test_digits_that_are_no_number() -> None:
    """An exponent is no number and no name; a share is one."""
    body = "facts: {{visits: number}}\ntiers: [{{id: gold, enter: {{visits: {{at_least: {bound}}}}}}}]\n"
    assert ["no-number: `1x` is no number and no name"] == told(body.format(bound="'1x'"))
    assert [] == told(body.format(bound="50%"))
    metric = "metrics: {m: {add: ['1x', 1]}}\ntiers: [{id: gold, enter: {m: 1}}]\n"
    assert ["no-number: `1x` is no number and no name"] == told(metric)
