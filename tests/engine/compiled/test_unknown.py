"""The compiled step and an unknown truth: it must not pass for a false one."""

from __future__ import annotations

import pytest

from tests.support.deciding import customer, program

VIP = """\
facts: {vip: true_false, asleep: true_false}
tiers:
  - {id: guest, enter: everyone}
  - {id: silver, enter: {vip: {known: true}}}
  - {id: gold, enter: CONDITION, stay: CONDITION}
caps: [{id: asleep, when: {asleep: true}, at_most: silver}]
transitions: {validity: {for: 1 month}, renew: {at: expiry}}
"""


@pytest.mark.parametrize(
    "condition", ["{vip: true}", "{vip: true, asleep: false}", "{any: [{vip: true}, {asleep: true}]}"]
)
@pytest.mark.parametrize("asleep", [False, None])
def test_a_truth_that_is_no_longer_known_changes_nobody(condition: str, asleep: bool | None) -> None:  # noqa: FBT001 -- a case
    """The tier is kept on the day after its end, by the compiled step as by the walk."""
    made = program(VIP.replace("CONDITION", condition))
    first = made.decide(customer(made, facts={"vip": True, "asleep": False}), as_of="2026-01-01")
    facts = {} if asleep is None else {"asleep": asleep}
    for day in ("2026-01-31", "2026-02-01", "2026-03-01"):
        one = customer(made, membership=first.membership, facts=facts)
        assert ("gold", "gold") == (made.decide(one, as_of=day).tier, made.at(day).walk(one).tier)
