"""What is kept between two decisions, taken over from elsewhere, heard of late, or asked at an instant."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.support.deciding import buy, customer, decided, program, standing, states
from viprules import loads
from viprules.engine.program import Program
from viprules.errors import DataError

SHANGHAI = ZoneInfo("Asia/Shanghai")


def club(transitions: str = "{validity: {through: {next: year}}}", more: str = "", **keys: str) -> Program:
    """Silver, gold and diamond from 100, 200 and 300 in a calendar year."""
    return program(
        f"""
metrics: {{spend: {{sum: {{of: purchase.amount, window: {{this: year}}}}}}}}
tiers:
  - {{id: guest, enter: everyone}}
  - {{id: silver, enter: {{spend: {{at_least: 100}}}}}}
  - {{id: gold, enter: {{spend: {{at_least: 200}}}}}}
  - {{id: diamond, enter: {{spend: {{at_least: 300}}}}}}
transitions: {transitions}
{more}
""",
        **keys,
    )


def test_a_record_goes_through_json_unchanged() -> None:
    """What `as_dict` gives is what the next decision takes."""
    policy, events = club(), [buy("2026-03-01", 200)]
    record = json.loads(json.dumps(decided(policy, "2026-05-01", events).membership.as_dict()))
    assert record == json.loads(json.dumps(customer(policy, events, membership=record).membership.as_dict()))  # type: ignore[union-attr]  # a record was given
    assert ("gold", "none", "2026-03-01", "2027-12-31") == standing(
        decided(policy, "2026-06-01", events, membership=record)
    )


def test_a_record_alone_is_enough_until_something_ends() -> None:
    """Without the events, a running grant runs on to its last day."""
    record = decided(club(), "2026-05-01", [buy("2026-03-01", 200)]).membership.as_dict()
    assert ["gold until 2027-12-31", "guest until -"] == states(club(), ["2027-12-31", "2028-01-01"], membership=record)


@pytest.mark.parametrize(
    ("day", "expected"), [("2026-12-31", "gold until 2026-12-31"), ("2027-01-01", "guest until -")]
)
def test_a_plain_table_of_present_tiers(day: str, expected: str) -> None:
    """Tier and last valid day are enough; the recording day is then the day before the one asked."""
    row = {"tier": "gold", "valid_until": "2026-12-31", "recorded": "2026-05-31"}
    assert [expected] == states(club(), [day], membership=row)


def test_an_imported_tier_without_an_end() -> None:
    """It is held until something ends it."""
    assert ["gold until -"] == states(club(), ["2030-01-01"], membership={"tier": "gold", "recorded": "2026-05-31"})
    decision = decided(club(), "2026-06-01", membership={"tier": "gold", "since": "2025-02-03"})
    assert ("gold", "none", "2025-02-03", None) == standing(decision)


def test_an_imported_end_is_judged_when_it_comes() -> None:
    """After the recording day the last valid day is judged like any other; before it nothing is replayed."""
    policy = club("{validity: {through: {next: year}}, renew: {at: expiry}, downgrade: {to: one_level}}")
    row = {"tier": "gold", "valid_until": "2026-12-31", "recorded": "2026-05-31"}
    assert ["gold until 2027-12-31"] == states(policy, ["2027-01-01"], [buy("2026-03-01", 200)], membership=row)
    assert ["silver until 2027-12-31"] == states(policy, ["2027-01-01"], [buy("2026-03-01", 199)], membership=row)
    assert ["guest until -"] == states(
        policy, ["2027-01-01"], membership={"tier": "gold", "valid_until": "2026-12-31", "recorded": "2026-12-31"}
    )


def test_events_before_the_import_still_earn() -> None:
    """A guest in the table who has spent 200 this year is gold."""
    row = {"tier": "guest", "recorded": "2026-05-31"}
    assert ["gold until 2027-12-31"] == states(club(), ["2026-06-01"], [buy("2026-03-01", 200)], membership=row)
    assert ["guest until -"] == states(club(), ["2026-06-01"], [buy("2026-03-01", 99)], membership=row)


def test_a_sale_returned_before_the_import_earns_nothing() -> None:
    """Sold in March, returned in April, imported in May."""
    row = {"tier": "guest", "recorded": "2026-05-31"}
    events = [buy("2026-03-01", 200) | {"id": "s"}, {"type": "return", "at": "2026-04-01", "sale": "s"}]
    assert ["guest until -"] == states(club(), ["2026-06-01"], events, membership=row)


def test_an_event_that_arrives_late_adds_and_nothing_falls_by_it() -> None:
    """A purchase of March is heard of in June; without it silver, with it gold."""
    first, late = buy("2026-03-01", 100) | {"id": "a"}, buy("2026-03-05", 100) | {"id": "b"}
    record = decided(club(), "2026-06-01", [first]).membership.as_dict()
    decision = decided(club(), "2026-06-02", [first, late], membership=record)
    assert ("gold", "upgrade", "2026-06-02", "2027-12-31") == standing(decision)
    again = decided(club(), "2026-06-03", [first, late], membership=decision.membership.as_dict())
    assert ("gold", ()) == (again.tier, again.grants)


def test_a_late_event_of_the_year_before() -> None:
    """A purchase of December, heard of in January, makes the tier that December would have made."""
    record = decided(club(), "2027-01-05", [buy("2026-12-01", 50) | {"id": "a"}]).membership.as_dict()
    events = [buy("2026-12-01", 50) | {"id": "a"}, buy("2026-12-30", 50) | {"id": "b"}]
    assert ("silver", "2027-12-31") == tuple(
        map(str, standing(decided(club(), "2027-01-06", events, membership=record))[::3])
    )


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("2026-02-01", "2026-02-01"),
        ("2026-02-01T12:00", "2026-02-01T16:00"),
        ("2026-02-01T12:00", "2026-02-01"),
    ],
)
def test_bought_and_brought_back_on_one_day_asked_after_each(first: str, second: str) -> None:
    """A guest on the next day, whose record says why; bought once more after that, silver again."""
    sold = {"id": "s", **buy("2026-02-01T10:00", 100)}
    back = {"id": "r", "type": "return", "at": "2026-02-01T15:00", "sale": "s"}
    bought = decided(club(), first, [sold]).membership.as_dict()
    returned = decided(club(), second, [sold, back], membership=bought).membership
    assert ("silver", "revoked", "r") == (
        returned.bounds[-1].tier,
        returned.bounds[-1].kind,
        returned.bounds[-1].reason,
    )
    again = {"id": "t", **buy("2026-02-01T18:00", 100)}
    for events, tier in (([sold, back], "guest"), ([sold, back, again], "silver")):
        known = decided(club(), "2026-02-01", events, membership=returned.as_dict())
        assert tier == known.tier
        assert tier == decided(club(), "2026-02-03", events, membership=known.membership.as_dict()).tier


def test_what_begins_on_the_next_day_is_not_there_when_a_day_is_asked_again() -> None:
    """A rise at the first of the month is decided on the eve: a guest on the eve, however often that is asked."""
    policy = club("{upgrade: {at: next_period}, validity: {for: 3 months}, renew: {at: expiry}}")
    events = [buy("2026-02-10", 100)]
    once = decided(policy, "2026-02-28", events)
    twice = decided(policy, "2026-02-28", events, membership=once.membership.as_dict())
    assert [("guest", 1, 1), ("guest", 0, 1)] == [
        (one.tier, len(one.grants), len(one.membership.grants)) for one in (once, twice)
    ]
    later = decided(policy, "2026-03-01", events, membership=twice.membership.as_dict())
    assert ("silver", "2026-03-01") == standing(later)[::2]


def test_deciding_again_on_the_same_day_adds_nothing() -> None:
    """The record of a day, given back on that day, stays as it is."""
    events = [buy("2026-03-01", 200)]
    once = decided(club(), "2026-03-01", events)
    twice = decided(club(), "2026-03-01", events, membership=once.membership.as_dict())
    assert ("gold", (), ()) == (twice.tier, twice.grants, twice.bounds)
    assert once.membership.as_dict() == twice.membership.as_dict()


def test_an_instant_asks_ways_in_only() -> None:
    """On the last valid day at noon nothing has ended yet; the day is not decided through."""
    policy = club("{validity: {through: {next: year}}, renew: {at: expiry}}")
    events = [buy("2025-03-01", 200)]
    noon = datetime(2026, 12, 31, 12, tzinfo=SHANGHAI)
    decision = decided(policy, noon, events)
    assert ("gold", "2026-12-31") == (decision.tier, str(decision.valid_until))
    record = decision.membership.as_dict()
    assert "2026-12-30" == record["decided"]["tier"]["through"]
    assert "guest" == decided(policy, "2027-01-01", events, membership=record).tier


def test_an_instant_knows_nothing_of_what_comes_after_it() -> None:
    """The purchase of ten o'clock is not there at a minute to ten; at ten it is."""
    events = [buy("2026-03-01T10:00", 100)]
    assert "guest" == decided(club(), "2026-03-01T09:59:59+08:00", events).tier
    assert "silver" == decided(club(), "2026-03-01T10:00:00+08:00", events).tier
    assert "silver" == decided(club(), "2026-03-01T02:00:00Z", events).tier


def test_a_rise_at_the_till_is_on_record_at_night() -> None:
    """Decided at the instant of the purchase, kept, and decided again at the end of the day: one grant."""
    events = [buy("2026-03-01T10:00", 100)]
    first = decided(club(), "2026-03-01T10:00:00+08:00", events)
    night = decided(club(), "2026-03-01", events, membership=first.membership.as_dict())
    assert ("upgrade", "none") == (first.change, night.change)
    assert 1 == len(night.membership.grants)
    assert ("silver", "none", "2026-03-01", "2027-12-31") == standing(night)


def test_events_after_the_day_asked_do_not_exist() -> None:
    """Asked for 2026, a purchase of 2027 changes nothing."""
    assert "guest" == decided(club(), "2026-12-31", [buy("2027-01-01", 300)]).tier


# --- what is not known -------------------------------------------------------------------------------------

ASKS = """
facts: {score: number, vip: true_false}
metrics: {spend: {sum: {of: purchase.amount, window: {this: year}}}}
tiers:
  - {id: guest, enter: everyone}
  - {id: silver, enter: {spend: {at_least: 100}, score: {at_least: 5}}}
transitions: {validity: {through: {next: year}}, renew: {at: expiry}}
"""


def test_a_missing_fact_lets_nobody_in_and_is_reported() -> None:
    """Unknown is not met; what is false anyway is not reported as unknown."""
    decision = decided(program(ASKS), "2026-03-01", [buy("2026-03-01", 100)])
    assert ("guest", True) == (decision.tier, any("score" in one.message for one in decision.problems))
    assert "silver" == decided(program(ASKS), "2026-03-01", [buy("2026-03-01", 100)], facts={"score": 5}).tier


def test_a_missing_fact_takes_nothing_away() -> None:
    """At the end of 2026 the score is missing: silver is held on provisionally until it is known."""
    policy, events = program(ASKS), [buy("2025-03-01", 100), buy("2026-03-01", 100)]
    row = {"tier": "silver", "valid_until": "2026-12-31", "recorded": "2026-06-01"}
    unknown = decided(policy, "2027-02-01", events, membership=row)
    assert ("silver", None) == (unknown.tier, unknown.valid_until)
    assert unknown.problems
    assert ["provisional"] == [one.cause for one in unknown.grants]
    record = unknown.membership.as_dict()
    known = decided(policy, "2027-02-02", events, membership=record, facts={"score": 5})
    assert ("silver", "renew", "2027-12-31") == (known.tier, known.change, str(known.valid_until))
    lost = decided(policy, "2027-02-02", events, membership=record, facts={"score": 4})
    assert ("silver", "2027-02-02") == (lost.tier, str(lost.valid_until))
    assert "guest" == decided(policy, "2027-02-03", events, membership=record, facts={"score": 4}).tier


def test_a_provisional_twelve_months_counts_from_the_missed_day() -> None:
    """Known a month later, the renewal runs as if it had been known in time."""
    policy = program(ASKS.replace("{through: {next: year}}", "{for: 12 months}"))
    row = {"tier": "silver", "valid_until": "2026-06-30", "recorded": "2026-06-01"}
    events = [buy("2026-03-01", 100)]
    record = decided(policy, "2026-07-20", events, membership=row).membership.as_dict()
    assert "2027-06-30" == str(decided(policy, "2026-07-31", events, membership=record, facts={"score": 5}).valid_until)


def test_ready_made_metrics_speak_of_the_day_asked() -> None:
    """A measure worked out elsewhere decides an entry on its day; an end before it is not judged by it."""
    policy = club("{validity: {through: {next: year}}, renew: {at: expiry}}")
    assert "gold" == decided(policy, "2026-06-01", metrics={"spend": 200}).tier
    record = decided(policy, "2026-06-01", metrics={"spend": 200}).membership.as_dict()
    late = decided(policy, "2028-01-05", metrics={"spend": 0}, membership=record)
    assert ("gold", None) == (late.tier, late.valid_until)
    assert (
        "guest"
        == decided(
            policy,
            "2028-01-01",
            metrics={"spend": 0},
            membership=decided(policy, "2027-12-31", metrics={"spend": 0}, membership=record).membership.as_dict(),
        ).tier
    )


@pytest.mark.parametrize(
    ("as_of", "amount", "tier"),
    [("2026-12-31", 100, "silver"), ("2026-12-31", 99, "guest"), ("2027-12-31", 99, "guest")],
)
def test_a_history_that_begins_within_the_window(as_of: str, amount: int, tier: str) -> None:
    """What is on record and enough is enough; what is too little is unknown, not too little."""
    policy = club(history_from="2026-03-01")
    day = f"{as_of[:4]}-06-01"
    decision = decided(policy, as_of, [buy(day, amount)])
    assert (tier, as_of.startswith("2026")) == (decision.tier, bool(decision.problems))


def test_a_streak_that_reaches_into_the_unknown_counts_what_is_known() -> None:
    """Two clean years are enough, whatever was before the events begin."""
    policy = program(
        """
metrics:
  orders: {count: {of: purchase, window: {this: year}}}
  years: {streak: {of: year, while: {orders: {at_least: 2}}}}
tiers: [{id: guest, enter: everyone}, {id: loyal, enter: {years: {at_least: 2}}}]
transitions: {validity: while_it_holds}
""",
        history_from="2023-05-01",
    )
    events = [buy(f"{year}-06-0{n}", 1) for year in (2024, 2025) for n in (1, 2)]
    assert "loyal" == decided(policy, "2026-01-01", [buy("2023-06-01", 1), *events]).tier
    assert "guest" == decided(policy, "2025-12-30", [buy("2023-06-01", 1), *events]).tier


@pytest.mark.parametrize("asked", ["{score: {at_least: 5}}", "{doubled: {at_least: 10}}", "{mean: {at_least: 5}}"])
@pytest.mark.parametrize(("as_of", "tier", "unknown"), [("2026-01-01", "loyal", False), ("2024-12-31", "guest", True)])
def test_a_streak_that_meets_an_unknown_fact_counts_what_is_known(
    asked: str, as_of: str, tier: str, *, unknown: bool
) -> None:
    """Two good years are enough, whatever the score was before it was first stated; one is unknown, not too few."""
    policy = loads(
        f"""
viprules: 1
program: {{id: club, timezone: Asia/Shanghai, currency: CNY}}
facts: {{score: {{type: number, set_by: {{rated: score}}}}}}
events: {{purchase: {{amount: money}}, rated: {{score: number}}}}
metrics:
  doubled: {{product: [score, 2]}}
  mean: {{average_daily: {{of: score, window: {{this: month}}}}}}
  years: {{streak: {{of: year, while: {asked}}}}}
tiers: [{{id: guest, enter: everyone}}, {{id: loyal, enter: {{years: {{at_least: 2}}}}}}]
transitions: {{validity: while_it_holds}}
"""
    )
    events = [buy("2020-01-01", 1), {"type": "rated", "id": "R", "at": "2024-05-01", "score": 6}]
    decision = decided(policy, as_of, events)
    assert (tier, unknown) == (decision.tier, bool(decision.problems))


# --- ladders -------------------------------------------------------------------------------------------------


def test_several_ladders_are_independent() -> None:
    """Contribution by money, activity by visits; each has its own standing, and one may ask for the other."""
    policy = program(
        """
metrics: {spend: {sum: {of: purchase.amount, window: {this: year}}}, visits: {count: {of: purchase, window: {last: 30 days}}}}
tier_sets:
  contribution:
    tiers: [{id: low, enter: everyone}, {id: high, enter: {spend: {at_least: 100}}}]
    transitions: {validity: {through: {next: year}}}
  activity:
    tiers: [{id: quiet, enter: everyone}, {id: busy, enter: {visits: {at_least: 2}}}, {id: star, enter: {visits: {at_least: 2}, contribution: high}}]
    transitions: {validity: while_it_holds}
"""
    )
    events = [buy("2026-03-01", 60), buy("2026-03-02", 39)]
    both: dict[str, Any] = {}
    for name, more in (("less", []), ("more", [buy("2026-03-02", 1)])):
        decision = decided(policy, "2026-03-03", [*events, *more])
        both[name] = (standing(decision, "contribution")[::3], standing(decision, "activity")[::3])
    assert {"less": (("low", None), ("busy", None)), "more": (("high", "2027-12-31"), ("star", None))} == both


def test_a_ladder_without_everyones_tier() -> None:
    """Who has earned nothing holds no tier, since no day."""
    policy = program(
        "metrics: {n: {count: {of: purchase}}}\ntiers: [{id: member, enter: {n: {at_least: 1}}}]\ntransitions: {validity: {for: 1 month}, renew: {at: expiry, validity: {for: 1 month}}, downgrade: {to: one_level}}"
    )
    assert (None, "none", None, None) == standing(decided(policy, "2026-03-01"))
    assert ("member", "upgrade", "2026-03-01", "2026-03-31") == standing(
        decided(policy, "2026-03-01", [buy("2026-03-01", 1)])
    )


# --- bad data ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "stated",
    [
        {"events": [{"type": "purchase", "at": "2026-03-01", "amount": 1.5}]},
        {"events": [{"type": "purchase", "at": "2026-03-01", "amount": "1.005"}]},
        {"events": [{"type": "purchase", "at": "2026-02-30", "amount": 1}]},
        {"events": [{"type": "purchases", "at": "2026-03-01", "amount": 1}]},
        {"events": [{"type": "purchase", "at": "2026-03-01", "sum": 1}]},
        {"events": [{"id": "a", "type": "purchase", "at": "2026-03-01", "amount": 1}, {"id": "a", "type": "purchase", "at": "2026-03-01", "amount": 2}]},
        {"membership": {"tier": "platinum"}},
        {"membership": {"tier": "gold", "valid_until": "soon"}},
        {"overrides": [{"kind": "flor", "tier": "gold"}]},
        {"facts": {"age": 3}},
        {"metrics": {"spent": 3}},
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused_at_the_door(stated: dict[str, Any]) -> None:
    """Every mistake in the data is a problem, none an exception of Python."""
    with pytest.raises(DataError):
        customer(club(), stated.pop("events", ()), **stated)


def test_the_same_event_twice_is_one_event() -> None:
    """Same id and same body."""
    one = buy("2026-03-01", 50) | {"id": "a"}
    assert "guest" == decided(club(), "2026-03-01", [one, dict(one)]).tier


def test_floats_only_through_their_own_door() -> None:
    """Cents that a float means are taken as such where the caller says so."""
    event = [
        {"type": "purchase", "at": "2026-03-01", "amount": 99.99},
        {"type": "purchase", "at": "2026-03-01", "amount": 0.1 + 0.2 - 0.29},
    ]
    assert "silver" == decided(club(), "2026-03-01", event, amounts="float-cents").tier
