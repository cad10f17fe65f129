"""The word on its days."""

from datetime import date

import pytest

import viprules
import viprules_tutorial
from viprules.plugins import catalogue_of

POLICY = """
viprules: 1
program: {id: tea-house, timezone: Asia/Shanghai, currency: CNY}
tiers: [{id: guest, enter: everyone, benefits: [{discount: {percent: 5, when: {on_weekday: {days: [wed, sun]}}}}]}]
"""


@pytest.mark.parametrize("day", range(1, 32))
def test_it_is_met_on_its_days(day: int) -> None:
    """Every Wednesday and Sunday of a month, and on no other day."""
    program = viprules.loads(POLICY, plugins=catalogue_of(viprules_tutorial))
    found = program.decide({}, as_of=date(2026, 3, day))
    assert (date(2026, 3, day).isoweekday() in (3, 7)) == bool(found.benefits)
