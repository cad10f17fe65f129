"""The compiled step, where it takes measures from an index, and what of a policy it leaves out."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.support.deciding import buy, customer, decided, program, refund, states
from viprules.engine.compiled import compiling


def test_a_block_that_changes_nothing_is_not_asked() -> None:
    """Where a conditional block says what holds anyway, its condition may be unknown, and nothing waits for it."""
    policy = program(
        """
facts: {spend: money, mood: text}
tiers: [{id: guest, enter: everyone}, {id: gold, enter: {spend: {at_least: 100}}}]
transitions:
  - {when: {mood: fine}, validity: {through: {next: year}}}
  - {validity: {through: {next: year}}}
"""
    )
    found = decided(policy, "2026-06-30", facts={"spend": 100})
    assert ("gold", ()) == (found.tier, found.problems)
    assert [name for name in policy.plan.definitions if ".block." in name]


def test_more_days_than_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Functions are bound to as many days as are kept; the ones before are bound again and say the same."""
    body = """
metrics: {spend: {sum: {of: purchase.amount, window: {last: 3 days}}}}
tiers: [{id: guest, enter: everyone}, {id: gold, enter: {spend: {at_least: 100}}}]
"""
    days = [(date(2026, 3, 1) + timedelta(days=n)).isoformat() for n in range(6)]
    expected = states(program(body), days, [buy("2026-03-02", 100)])
    monkeypatch.setattr(compiling, "REMEMBERED_DAYS", 2)
    policy = program(body)
    assert ["guest"] + 3 * ["gold"] + 2 * ["guest"] == [one.split()[0] for one in expected]
    assert expected == states(policy, days, [buy("2026-03-02", 100)])
    assert 2 >= len(policy.compiled.bound)


@pytest.mark.parametrize(("measure", "before", "after"), [("max", "gold", "gold"), ("sum", "gold", "guest")])
def test_a_return_counted_on_its_own_day_lowers_sums_and_no_highest_amount(
    measure: str, before: str, after: str
) -> None:
    """Counted on its own day, a return takes from a sum and leaves the dearest purchase what it was."""
    policy = program(
        f"""
returns: {{count_on: own_day, lower_tier: at_end}}
metrics: {{spend: {{{measure}: {{of: purchase.amount}}}}}}
tiers: [{{id: guest, enter: everyone}}, {{id: gold, enter: {{spend: {{at_least: 100}}}}}}]
"""
    )
    events = [buy("2026-03-01", 100, id="a"), refund("2026-03-05", "a", 50)]
    one = customer(policy, events)
    assert [before, after] == [policy.decide(one, as_of=day).tier for day in ("2026-03-04", "2026-03-06")]
    assert after == decided(policy, "2026-03-06", events).tier
