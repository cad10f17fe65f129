"""Blocks of `transitions`: which one a tier goes by, and what holds where none applies."""

from __future__ import annotations

from tests.support.deciding import buy, decided, program, standing, told

BLOCKS = """
facts: {city: text}
metrics: {spend: {sum: {of: purchase.amount, window: {this: year}}}}
tiers:
  - {id: guest, enter: everyone}
  - {id: gold, enter: {spend: {at_least: 100}}}
transitions:
  - {when: {city: north}, validity: {through: {this: year}}}
  - {when: {city: south}, validity: {through: {next: year}}}
"""


def test_the_first_block_that_applies() -> None:
    """Each customer goes by the block whose condition surely holds."""
    ends = {
        city: standing(decided(program(BLOCKS), "2026-02-01", [buy("2026-02-01", 100)], facts={"city": city}))[3]
        for city in ("north", "south")
    }
    assert {"north": "2026-12-31", "south": "2027-12-31"} == ends


def test_no_block_applies() -> None:
    """Then a tier follows its condition, as where nothing is said; so it does where that is unknown."""
    for facts in ({"city": "east"}, {}):
        found = decided(program(BLOCKS), "2026-02-01", [buy("2026-02-01", 100)], facts=facts)
        assert ("gold", "upgrade", "2026-02-01", None) == standing(found)
        assert "guest" == decided(program(BLOCKS), "2027-01-01", [buy("2026-02-01", 100)], facts=facts).tier


BROKEN = """
periods: {round: {every: 12 months, from: {entered: gold}}}
metrics: {orders: {count: {of: purchase, window: {this: round}}}}
tiers:
  - {id: silver, enter: {orders: {at_least: 1}}}
  - {id: gold, enter: [3]}
caps: [{id: lapsed, when: {orders: 0}, at_most: gold}]
transitions: {validity: {through: {this: year}}, downgrade: {to: {tier: gold}, at_least: gold}}
"""


def test_a_tier_with_a_mistake_in_it_is_told_of_once() -> None:
    """What names it is judged as well, and nothing is said of it there."""
    assert ["wrong-type: a condition is wanted here, not a list"] == told(BROKEN)
