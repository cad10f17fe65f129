"""Renewals that would be over before their first day are told; what ends with its period on purpose is not."""

import pytest

import viprules

POLICY = """\
viprules: 1
program: {{id: shop, timezone: Asia/Shanghai, currency: CNY}}
events: {{purchase: {{amount: money}}}}
metrics:
  spend: {{sum: {{of: purchase.amount, window: {{this: year}}}}}}
tiers:
  - {{id: guest, enter: everyone}}
  - {{id: silver, enter: {{spend: {{at_least: 1000}}}}{silver}}}
  - {{id: gold, enter: {{spend: {{at_least: 5000}}}}{gold}}}
transitions: {{validity: {{through: {{this: year}}}}{more}}}
"""


def told(silver: str = "", gold: str = "", more: str = "") -> list[str]:
    """Return the keys of which a policy is told that they do nothing."""
    program = viprules.loads(POLICY.format(silver=silver, gold=gold, more=more))
    return [one.values["key"] for one in program.warnings if one.code == "renewed-for-nothing"]


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ({"gold": ", stay: {spend: {at_least: 3000}}"}, "stay"),
        ({"more": ", renew: {at: expiry}"}, "renew"),
        ({"more": ", downgrade: {to: one_level}"}, "downgrade"),
        ({"gold": ", stay: {spend: {at_least: 3000}}", "silver": ", validity: {through: {next: year}}"}, "stay"),
    ],
)
def test_a_word_that_does_nothing_is_told_once(written: dict[str, str], key: str) -> None:
    """The place is the validity, where it is mended; the tier really is gone on the first day of the next period."""
    assert [key] == told(**written)
    program = viprules.loads(POLICY.format(**{"silver": "", "gold": "", "more": ""} | written))
    customer = program.customer(events=[{"type": "purchase", "id": "A", "at": "2026-03-01", "amount": 9000}])
    assert ("gold", "2026-12-31") == tuple(
        program.decide(customer, as_of="2026-12-31").as_dict()[n] for n in ("tier", "valid_until")
    )
    assert "gold" != program.decide(customer, as_of="2027-01-01").tier


@pytest.mark.parametrize(
    "written",
    [
        {},
        {"more": ", downgrade: {to: never}"},
        {"more": ", renew: {at: expiry, validity: {through: {next: year}}}"},
        {"more": ", renew: {at: review}, review: {first_day_of: quarter}"},
        {"more": ", downgrade: {to: one_level, validity: {for: 6 months}}, renew: {at: once}"},
        {"silver": ", validity: {through: {next: year}}", "more": ", downgrade: {to: one_level}"},
        {"gold": ", validity: {through: {this: year}, plus: 2 months}, stay: {spend: {at_least: 3000}}"},
        {"gold": ", stay: {spend: {at_least: 3000}}, also: [{cause: gift, upon: purchase, validity: forever}]"},
    ],
)
def test_what_may_renew_or_land_is_let_be(written: dict[str, str]) -> None:
    """A period that begins anew for all, a renewal or landing with days of its own, other days to be judged on."""
    assert [] == told(**written)
