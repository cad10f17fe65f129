"""A program says what it is, and makes customers of what it is given."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

import viprules
from viprules.engine.program import Program


@pytest.fixture(scope="module")
def program() -> Program:
    """A program with a name in two languages."""
    return viprules.loads(
        """
viprules: 1
program: {id: shop, name: {en: Shop, zh: 商店}, timezone: Asia/Shanghai}
facts: {spend: money}
tiers: [{id: guest, enter: everyone}, {id: gold, name: {en: Gold, zh: 金}, enter: {spend: {at_least: 100}}}]
"""
    )


def test_a_program_says_what_it_is(program: Program) -> None:
    """Its id, its name by language, its zone, its ladders."""
    assert ("shop", "Shop", "商店", "Asia/Shanghai") == (
        program.id,
        program.name["en"],
        program.name["zh"],
        program.timezone,
    )
    assert ["guest", "gold"] == [one.id for one in program.tier_sets[0].tiers]
    assert "金" == program.decide({"facts": {"spend": 100}}, as_of="2026-06-30").tier_name["zh"]


@pytest.mark.parametrize(
    ("as_of", "day"),
    [
        ("2026-06-30", "2026-06-30"),
        (date(2026, 6, 30), "2026-06-30"),
        ("2026-06-29T16:00:00+00:00", "2026-06-30"),
        ("2026-06-30T12:00", "2026-06-30"),
        (datetime(2026, 6, 30, 23, 59, tzinfo=ZoneInfo("Asia/Shanghai")), "2026-06-30"),
    ],
)
def test_a_day_or_an_instant_is_asked(program: Program, as_of: object, day: str) -> None:
    """A date, a time, or either as text; a time belongs to its day in the programme's zone."""
    assert date.fromisoformat(day) == program.decide({}, as_of=as_of).as_of


@pytest.mark.parametrize(
    ("as_of", "message"),
    [
        ("30.06.2026", "`30.06.2026` is no day; give a date such as `2026-12-31`"),
        ("2026-06-31", "`2026-06-31` is no day"),
        (20260630, "`20260630` is no day"),
        (None, "`None` is no day"),
        ("2026-06-30T99:00", "`2026-06-30T99:00` is no day and no time"),
        ("0999-12-31", "`0999-12-31` is out of range: years go from 1000 to 8999"),
    ],
)
def test_what_is_no_day_is_refused(program: Program, as_of: object, message: str) -> None:
    """The call is wrong, and the message shows what would be right."""
    with pytest.raises(viprules.UsageError) as caught:
        program.decide({}, as_of=as_of)
    assert str(caught.value).startswith(message)
