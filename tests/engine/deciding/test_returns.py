"""What a return does: lines 31 and 32 of what real programmes demand."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from tests.support.deciding import buy, decided, nightly, program, refund, standing, states
from viprules.engine.program import Program

UNDO, AT_END, NEVER = "{lower_tier: undo}", "{lower_tier: at_end}", "{lower_tier: never}"
SHANGHAI = ZoneInfo("Asia/Shanghai")


def shop(returns: str = UNDO, *, events: str = "", validity: str = "{through: {next: year}}", **keys: str) -> Program:
    """Silver, gold and diamond from 100, 200 and 300 in a calendar year, held through the next."""
    return program(
        f"""
returns: {returns}
metrics: {{spend: {{sum: {{of: purchase.amount, window: {{this: year}}}}}}, orders: {{count: {{of: purchase, window: {{this: year}}}}}}}}
tiers:
  - {{id: guest, enter: everyone}}
  - {{id: silver, enter: {{spend: {{at_least: 100}}}}}}
  - {{id: gold, enter: {{spend: {{at_least: 200}}}}}}
  - {{id: diamond, enter: {{any: [{{spend: {{at_least: 300}}}}, {{orders: {{at_least: 5}}}}]}}}}
transitions: {{validity: {validity}}}
""",
        **({"events": events} if events else {}),
        **keys,
    )


def sale(at: str, amount: object, name: str) -> dict[str, object]:
    """A purchase with an id that a return can name."""
    return dict(buy(at, amount)) | {"id": name}


def test_a_refund_demotes_at_once_over_several_levels() -> None:
    """Diamond on the day before, guest on the day of the return."""
    events = [sale("2026-03-01", 300, "s"), refund("2026-04-10", "s")]
    expected = ["diamond until 2027-12-31", "diamond until 2027-12-31", "guest until -"]
    assert expected == states(shop(), ["2026-03-01", "2026-04-09", "2026-04-10"], events)


@pytest.mark.parametrize(
    ("amount", "tier"),
    [("99.99", "gold"), (100, "gold"), ("100.01", "silver"), (200, "silver"), ("200.01", "guest"), (300, "guest"), (500, "guest")],
)  # fmt: skip
def test_a_part_of_a_sale_comes_back(amount: object, tier: str) -> None:
    """What is left of 300 decides; a return never takes more than its sale."""
    events = [sale("2026-03-01", 300, "s"), refund("2026-04-10", "s", amount)]
    assert tier == decided(shop(), "2026-04-10", events).tier
    other = [sale("2026-03-02", 100, "t")]
    floor = "silver" if tier == "guest" else {"silver": "gold", "gold": "diamond"}[tier]
    if amount in ("99.99", 100, 300, 500):
        assert floor == decided(shop(), "2026-04-10", [*events, *other]).tier


def test_two_returns_together_never_exceed_the_sale() -> None:
    """60 and 60 of 100 take 100, and the other sale stays whole."""
    events = [
        sale("2026-03-01", 100, "s"),
        sale("2026-03-01", 100, "t"),
        refund("2026-04-01", "s", 60),
        refund("2026-04-02", "s", 60),
    ]
    assert ["silver", "silver", "silver"] == [
        decided(shop(), day, events).tier for day in ("2026-04-01", "2026-04-02", "2026-12-31")
    ]


def test_a_sale_of_which_nothing_is_left_is_not_counted() -> None:
    """Five orders make diamond; one of them returned whole leaves four, one returned in part five."""
    events = [sale(f"2026-03-0{day}", 20, f"s{day}") for day in range(1, 6)]
    assert "diamond" == decided(shop(), "2026-04-01", events).tier
    assert "diamond" == decided(shop(), "2026-04-01", [*events, refund("2026-04-01", "s3", "19.99")]).tier
    assert "guest" == decided(shop(), "2026-04-01", [*events, refund("2026-04-01", "s3", 20)]).tier


def test_returns_count_on_their_own_day() -> None:
    """`of: return` counts the returns themselves."""
    policy = program(
        """
metrics: {returns_this_month: {count: {of: return, window: {this: month}}}}
tiers: [{id: guest, enter: everyone}, {id: watched, enter: {returns_this_month: {at_least: 1}}}]
transitions: {validity: while_it_holds}
"""
    )
    events = [sale("2026-03-01", 100, "s"), refund("2026-04-10", "s")]
    assert ["guest", "watched", "guest"] == [
        decided(policy, day, events).tier for day in ("2026-03-31", "2026-04-10", "2026-05-01")
    ]


@pytest.mark.parametrize(("count_on", "tiers"), [("original_day", ["guest", "gold"]), ("own_day", ["gold", "guest"])])
def test_the_year_of_the_purchase_or_of_the_refund(count_on: str, tiers: list[str]) -> None:
    """A sale of December comes back in January: one of the two years has less."""
    tier_of_last_year = program(
        f"""
returns: {{count_on: {count_on}}}
metrics:
  last_year: {{sum: {{of: purchase.amount, window: {{previous: year}}}}}}
  this_year: {{sum: {{of: purchase.amount, window: {{this: year}}}}}}
tier_sets:
  last: {{tiers: [{{id: guest, enter: everyone}}, {{id: gold, enter: {{last_year: {{at_least: 200}}}}}}]}}
  this: {{tiers: [{{id: guest, enter: everyone}}, {{id: gold, enter: {{this_year: {{at_least: 200}}}}}}]}}
"""
    )
    events = [sale("2025-12-20", 200, "s"), refund("2026-01-10", "s"), sale("2026-02-01", 200, "t")]
    decision = decided(tier_of_last_year, "2026-06-01", events)
    assert tiers == [decision.standings["last"].tier, decision.standings["this"].tier]


def test_leaving_a_promotion_until_it_expires() -> None:
    """Under `at_end` the running grant stays to its last day; the renewal judges what is left."""
    policy = shop(AT_END)
    events = [sale("2026-03-01", 300, "s"), refund("2026-04-10", "s")]
    expected = ["diamond until 2027-12-31", "diamond until 2027-12-31", "guest until -"]
    assert expected == states(policy, ["2026-04-10", "2027-12-31", "2028-01-01"], events)
    again = [sale("2027-03-01", 300, "u"), refund("2027-04-10", "u")]
    assert "guest" != decided(policy, "2028-01-01", [*events, *again]).tier


def test_never_is_as_if_nothing_had_come_back() -> None:
    """The whole 300 count, also for a renewal."""
    events = [sale("2026-03-01", 300, "s"), refund("2026-03-01", "s")]
    assert ["diamond until 2027-12-31"] == states(shop(NEVER), ["2026-06-01"], events)


def test_undo_leaves_what_the_rest_of_the_history_gives() -> None:
    """Diamond through 2027 is undone; silver through 2026, earned in 2025, is still there."""
    events = [sale("2025-05-01", 100, "old"), sale("2026-03-01", 300, "s"), refund("2026-04-10", "s")]
    assert ["silver until 2026-12-31"] == states(shop(), ["2026-04-10"], events)
    assert ["guest until -"] == states(shop(), ["2027-01-01"], events)


def test_an_undone_extension_goes_back_to_the_earlier_end() -> None:
    """Gold of 2025 extended in 2026: the return takes the extension, not gold."""
    events = [sale("2025-05-01", 200, "old"), sale("2026-03-01", 200, "s"), refund("2026-04-10", "s", 50)]
    expected = ["gold until 2027-12-31", "gold until 2026-12-31", "silver until 2027-12-31"]
    assert expected == states(shop(), ["2026-04-09", "2026-04-10", "2027-01-01"], events)


def test_what_is_earned_after_a_return_is_not_cut_by_it() -> None:
    """Gold through 2026, its extension undone in April, extended again in May: the record keeps the second extension."""
    events = [
        sale("2025-05-01", 200, "old"),
        sale("2026-03-01", 200, "s"),
        refund("2026-04-10", "s"),
        sale("2026-05-01", 200, "t"),
    ]
    assert ["gold until 2027-12-31"] == states(shop(), ["2026-05-01"], events)
    last = nightly(shop(), "2026-02-25", "2026-05-10", events)
    assert ("gold", "2027-12-31") == (last.tier, str(last.valid_until))


def test_the_return_of_an_imported_grant() -> None:
    """A grant that the events would also give is that grant: the return fails its condition, so it is revoked."""
    row = {"tier": "gold", "valid_until": "2027-12-31", "since": "2026-03-01", "recorded": "2026-04-01"}
    events = [sale("2026-03-01", 200, "s"), refund("2026-04-10", "s", "0.01")]
    assert ["gold", "silver"] == [
        decided(shop(), day, events, membership=row).tier for day in ("2026-04-09", "2026-04-10")
    ]


def test_the_return_of_an_imported_grant_that_the_events_never_gave() -> None:
    """An imported diamond stands on something else: a return of some sale does not touch it."""
    row = {"tier": "diamond", "valid_until": "2027-12-31", "recorded": "2026-04-01"}
    events = [sale("2026-03-01", 200, "s"), refund("2026-04-10", "s")]
    assert "diamond" == decided(shop(), "2026-04-10", events, membership=row).tier


def test_where_the_history_is_incomplete_nothing_is_touched() -> None:
    """With events from 1 March only, 200 are enough whatever came before; less than 200 proves nothing."""
    policy = shop(history_from="2026-03-01")
    row = {"tier": "gold", "valid_until": "2027-12-31", "recorded": "2026-04-01"}
    events = [sale("2026-03-01", 200, "s"), refund("2026-04-10", "s", 50)]
    assert "gold" == decided(policy, "2026-04-10", events, membership=row).tier
    assert "gold" == decided(policy, "2026-04-10", events).tier
    assert "silver" == decided(policy, "2026-04-10", [sale("2026-03-01", 150, "s")]).tier


def test_a_return_that_arrives_before_its_sale_waits_for_it() -> None:
    """A return dated 1 March of a sale dated 10 March takes effect with the sale."""
    events = [refund("2026-03-01", "s", 150), sale("2026-03-10", 300, "s")]
    assert ["guest", "silver"] == [decided(shop(), day, events).tier for day in ("2026-03-09", "2026-03-10")]
    assert "guest" == decided(shop(), "2026-03-10", events[:1]).tier


def test_a_return_may_name_the_day_of_its_sale() -> None:
    """Two sales of the day are taken back in their order."""
    events = [
        sale("2026-03-01", 100, "a"),
        sale("2026-03-01", 100, "b"),
        {"type": "return", "at": "2026-04-01", "sale_day": "2026-03-01", "amount": 100},
    ]
    assert ["gold", "silver"] == [decided(shop(), day, events).tier for day in ("2026-03-31", "2026-04-01")]


def test_a_sale_and_its_return_on_one_day() -> None:
    """A decision between the two gives the tier; at the end of the day it is gone again."""
    events = [sale("2026-03-01T10:00", 300, "s"), refund("2026-03-01T15:00", "s")]
    noon = datetime(2026, 3, 1, 12, tzinfo=SHANGHAI)
    first = decided(shop(), noon, events[:1])
    assert ("diamond", "2027-12-31") == (first.tier, str(first.valid_until))
    assert "guest" == decided(shop(), "2026-03-01", events).tier
    assert "guest" == decided(shop(), "2026-03-01", events, membership=first.membership.as_dict()).tier


def test_a_return_that_arrives_late_lowers_all_the_same() -> None:
    """The return of 10 April is heard of on 20 May, after the record was kept: revoked from then on."""
    events = [sale("2026-03-01", 300, "s"), refund("2026-04-10", "s")]
    record = decided(shop(), "2026-05-19", events[:1]).membership.as_dict()
    decision = decided(shop(), "2026-05-20", events, membership=record)
    assert ("guest", "downgrade", None, None) == standing(decision)
    assert [] == [one.tier for one in decision.grants]


def test_the_reason_of_a_revocation_is_the_return() -> None:
    """The bound in the ledger names the event that caused it."""
    events = [sale("2026-03-01", 100, "s"), dict(refund("2026-04-10", "s")) | {"id": "r1"}]
    bound = decided(shop(), "2026-04-10", events).bounds[-1]
    assert ("silver", "revoked", "r1") == (bound.tier, bound.kind, bound.reason)


def test_the_last_day_before_a_return_still_earned() -> None:
    """Five months from every day on which 30 are spent: the day before the return is the last of them, asked then or later."""
    policy = program(
        """
returns: {lower_tier: at_end}
metrics: {spend: {sum: {of: purchase.amount}}}
tiers: [{id: guest, enter: everyone}, {id: silver, enter: {spend: {at_least: 30}}}]
transitions: {validity: {for: 5 months}, renew: {at: once}}
"""
    )
    events = [sale("2026-01-31", 45, "s"), refund("2026-02-19", "s")]
    assert ["silver until 2026-07-17"] * 3 == states(policy, ["2026-02-18", "2026-02-19", "2026-03-31"], events)


def test_what_is_unknown_without_a_sale_does_not_keep_its_tier() -> None:
    """The largest purchase of somebody without one is unknown, and so is a city that nobody stated: neither is a way in."""
    policy = program(
        """
facts: {city: text}
metrics: {largest: {max: {of: purchase.amount}}}
tiers: [{id: guest, enter: everyone}, {id: gold, lifetime: {any: [{largest: {at_least: 60}}, {city: north}]}}]
"""
    )
    events = [sale("2026-03-01", 100, "s"), refund("2026-03-09", "s")]
    assert ["gold until -", "guest until -"] == states(policy, ["2026-03-08", "2026-03-09"], events)


def test_a_tier_that_came_back_with_its_sale_was_never_held() -> None:
    """Gold for a month by a sale that came back: `reenter` is not asked, and silver has been held since January."""
    policy = program(
        """
facts: {asked: true_false}
metrics: {spend: {sum: {of: purchase.amount}}}
tiers:
  - {id: guest, enter: everyone}
  - {id: silver, enter: {spend: {at_least: 10}}}
  - {id: gold, enter: {spend: {at_least: 100}}, reenter: {asked: true}}
"""
    )
    events = [buy("2026-01-10", 10), sale("2026-03-01", 100, "s"), refund("2026-04-01", "s")]
    decision = decided(policy, "2026-04-01", events, facts={"asked": True})
    assert ("silver", "upgrade", "2026-01-10", None) == standing(decision)


def test_a_later_purchase_counts_from_its_own_day_when_the_earlier_one_has_come_back() -> None:
    """Three months from 7 February with both purchases, from 17 February with the second alone."""
    policy = program(
        """
metrics: {orders: {count: {of: purchase}}}
tiers: [{id: guest, enter: everyone}, {id: silver, enter: {orders: {at_least: 1}}}]
transitions: {validity: {for: 3 months}, renew: {at: expiry}}
"""
    )
    events = [sale("2026-02-07", 10, "s"), buy("2026-02-17", 10), refund("2026-03-01", "s")]
    assert ["silver until 2026-05-06", "silver until 2026-05-16"] == states(
        policy, ["2026-02-28", "2026-03-01"], events
    )


def test_what_came_back_is_not_counted_as_of_an_earlier_day_either() -> None:
    """Asked as of the end of the month before, with a return of today."""
    policy = program(
        """
metrics: {spend: {sum: {of: purchase.amount, as_of: {last_day_of: {previous: month}}}}}
tiers: [{id: guest, enter: everyone}, {id: silver, enter: {spend: {at_least: 100}}}]
"""
    )
    events = [sale("2026-02-10", 100, "s"), refund("2026-03-05", "s", 1)]
    assert ["guest until -", "silver until -", "guest until -"] == states(
        policy, ["2026-02-28", "2026-03-04", "2026-03-05"], events
    )


PIECES = "events: {purchase: {amount: money, pieces: number, points: {type: number, value: {product: [amount, 0.5], round: down}}}, return: {returns: purchase, amount: money}}\n"


@pytest.mark.parametrize("count_on", ["original_day", "own_day"])
def test_all_measures_of_a_sale_are_computed_again(count_on: str) -> None:
    """99 earn 49 points; 50 come back, 49 are left and earn 24: the difference of 25 is what goes, not 50 halves."""
    policy = program(
        f"""
returns: {{count_on: {count_on}, lower_tier: at_end}}
metrics:
  points: {{sum: {{of: purchase.points}}}}
  pieces: {{sum: {{of: purchase.pieces}}}}
  large: {{count: {{of: purchase, where: {{amount: {{at_least: 60}}}}}}}}
tiers:
  - {{id: guest, enter: everyone}}
  - {{id: exact, enter: {{points: 24, pieces: 3, large: 0}}}}
transitions: {{validity: while_it_holds}}
""",
        events=PIECES,
    )
    events = [sale("2026-03-01", 99, "s") | {"pieces": 3}, refund("2026-03-02", "s", 50)]
    assert ["guest", "exact"] == [decided(policy, day, events).tier for day in ("2026-03-01", "2026-03-02")]


def test_what_a_return_does_not_state_goes_with_the_last_of_what_it_states() -> None:
    """Half of the amount back leaves the three pieces; all of it takes them too."""
    policy = program(
        """
metrics: {pieces: {sum: {of: purchase.pieces}}}
tiers: [{id: none, enter: {pieces: 0}}, {id: three, enter: {pieces: 3}}]
transitions: {validity: while_it_holds}
""",
        events=PIECES,
    )
    sold = sale("2026-03-01", 99, "s") | {"pieces": 3}
    assert "three" == decided(policy, "2026-03-02", [sold, refund("2026-03-02", "s", 98)]).tier
    assert "none" == decided(policy, "2026-03-02", [sold, refund("2026-03-02", "s", 99)]).tier
    assert "none" == decided(policy, "2026-03-02", [sold, refund("2026-03-02", "s")]).tier


def test_what_is_gone_cannot_go_again() -> None:
    """Counted on its own day, the second return of a sale that is wholly back takes nothing more."""
    policy = program(
        """
returns: {count_on: own_day, lower_tier: at_end}
metrics: {spend: {sum: {of: purchase.amount}}, orders: {count: {of: purchase}}}
tiers: [{id: guest, enter: everyone}, {id: one, enter: {spend: 50, orders: 1}}]
"""
    )
    events = [
        buy("2026-03-01", 100, id="a"),
        buy("2026-03-01", 50),
        refund("2026-03-02", "a"),
        refund("2026-03-03", "a"),
    ]
    for day in ("2026-03-02", "2026-03-03", "2026-03-04"):
        assert "one" == decided(policy, day, events).tier


def test_an_import_where_returns_lower_at_the_end() -> None:
    """A returned sale still earns what it earned before the import, where a return lowers a tier at its end only."""
    policy = program(
        """
returns: {lower_tier: at_end}
metrics: {spend: {sum: {of: purchase.amount, window: {this: year}}}}
tiers: [{id: guest, enter: everyone}, {id: gold, enter: {spend: {at_least: 100}}}]
transitions: {validity: {through: {next: year}}}
"""
    )
    events = [buy("2026-03-01", 100, id="a"), refund("2026-03-05", "a")]
    row = {"tier": "guest", "recorded": "2026-03-10"}
    assert "gold" == decided(policy, "2026-03-11", events, membership=row).tier
