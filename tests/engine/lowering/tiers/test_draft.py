"""Blocks of `transitions`: which one a tier goes by, and what holds where none applies."""

from __future__ import annotations

from tests.support.deciding import buy, decided, program, standing

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
