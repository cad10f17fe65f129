"""Days near the ends of the calendar are refused at the door: no window falls off it."""

from datetime import UTC, date, datetime

import pytest

import viprules
from viprules import DataError, UsageError
from viprules.engine.program import Program

POLICY = """
viprules: 1
program: {id: p, timezone: Asia/Shanghai, currency: CNY}
events: {purchase: {amount: money}}
metrics: {spend: {sum: {of: purchase.amount, window: {last: 12 months}}}}
tiers: [{id: guest, enter: everyone}, {id: gold, enter: {spend: {at_least: 100}}}]
transitions: {validity: {through: {next: year}}}
"""


@pytest.fixture(scope="module")
def program() -> Program:
    """Return a policy with a window that reaches back and a validity that reaches forward."""
    return viprules.loads(POLICY)


def bought(at: object) -> dict[str, object]:
    """Return a customer with one purchase."""
    return {"events": [{"type": "purchase", "id": "1", "at": at, "amount": 100}]}


@pytest.mark.parametrize("day", ["1000-01-01", "8999-12-31"])
def test_the_outermost_years_are_decided(program: Program, day: str) -> None:
    """From the first day of year 1000 to the last of 8999 everything can be asked."""
    assert "gold" == program.decide(bought(day), as_of=day).tier
    assert program.explain(bought(day), as_of=day).text("zh")


@pytest.mark.parametrize(
    "day", ["0001-01-01", "9999-12-31", "0999-12-31", date(9000, 1, 1), datetime(1, 1, 1, tzinfo=UTC)]
)
def test_what_lies_beyond_is_refused(program: Program, day: object) -> None:
    """An event beyond is a problem of the data, a day asked beyond one of the call; neither is anything else."""
    with pytest.raises(DataError) as caught:
        program.customer(events=[{"type": "purchase", "id": "1", "at": day, "amount": 1}])
    assert ["event-without-time"] == [one.code for one in caught.value.problems]
    with pytest.raises(UsageError, match="out of range"):
        program.decide({}, as_of=day)
