"""Ways to a tier beside its conditions, and who must approve them: lines 8, 29 and 33."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from tests.support.deciding import buy, customer, decided, nightly, program, standing, states
from viprules.engine.deciding.decision import Decision
from viprules.engine.program import Program
from viprules.errors import PolicyError

EVENTS = "events: {purchase: {amount: money}, fee: {}, invitation: {}, upgrade_offer: {to: text}}\n"


def club(also: str, *, more: str = "") -> Program:
    """Gold by 100 in a calendar year or by one other way."""
    return program(
        f"""
metrics: {{spend: {{sum: {{of: purchase.amount, window: {{this: year}}}}}}}}
tiers:
  - {{id: guest, enter: everyone}}
  - {{id: gold, enter: {{spend: {{at_least: 100}}}}, also: [{also}]}}
  - {{id: diamond, enter: {{spend: {{at_least: 300}}}}}}
transitions: {{validity: {{through: {{next: year}}}}}}
facts: {{level: {{type: text, in: [gold, diamond]}}, black: {{type: true_false, if_missing: false}}}}
{more}
""",
        events=EVENTS,
    )


def test_a_tier_while_a_card_is_held() -> None:
    """The black card makes gold for as long as it is there."""
    policy = program(
        """
tiers:
  - {id: guest, enter: everyone}
  - {id: gold, also: [{cause: card, when: {card: black}, validity: while_it_holds}]}
facts: {card: {type: text, set_by: {card_change: card}}}
""",
        events="events: {card_change: {card: text}}\n",
    )
    events = [
        {"type": "card_change", "at": "2026-03-01", "card": "black"},
        {"type": "card_change", "at": "2026-06-01", "card": "plain"},
    ]
    days = ["2026-02-28", "2026-03-01", "2026-05-31", "2026-06-01"]
    assert ["guest", "gold", "gold", "guest"] == [decided(policy, day, events).tier for day in days]


def test_a_bought_tier_and_an_earned_one_each_keep_their_grant() -> None:
    """Bought to 28 February 2027, earned to 31 December 2027: the later end counts."""
    policy = club("{cause: bought, upon: fee, validity: {for: 12 months}}")
    fee, spent = {"type": "fee", "at": "2026-03-01"}, buy("2026-05-01", 100)
    assert ["gold until 2027-02-28"] == states(policy, ["2026-06-01"], [fee])
    assert ["gold until 2027-12-31"] == states(policy, ["2026-06-01"], [fee, spent])
    later = {"type": "fee", "at": "2027-11-01"}
    assert ["gold until 2028-10-31"] == states(policy, ["2028-01-01"], [fee, spent, later])
    assert ["guest until -"] == states(policy, ["2026-02-28"], [fee])


def test_an_early_paid_renewal_appends_and_a_late_one_starts_anew() -> None:
    """Paid in March and again in June: two years from March; paid after the end: a year from then."""
    policy = club("{cause: bought, upon: fee, validity: {for: 12 months, from: current_end}}")
    first, early, late = ({"type": "fee", "at": day} for day in ("2026-03-01", "2026-06-10", "2028-03-05"))
    assert ["gold until 2027-02-28", "gold until 2028-02-29"] == states(
        policy, ["2026-06-09", "2026-06-10"], [first, early]
    )
    assert ["guest until -", "gold until 2029-03-04"] == states(
        policy, ["2028-03-01", "2028-03-05"], [first, early, late]
    )


def test_a_moment_appends_once_however_often_it_is_decided() -> None:
    """Twice on the day of the fee, and on every day after it: one year."""
    policy = club("{cause: bought, upon: fee, validity: {for: 12 months, from: current_end}}")
    fees = [{"type": "fee", "at": "2026-03-01T10:00"}]
    noon = datetime(2026, 3, 1, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
    record = decided(policy, noon, fees).membership.as_dict()
    for day in ("2026-03-01", "2026-03-01", "2026-03-02", "2026-03-20"):
        decision = decided(policy, day, fees, membership=record)
        assert "2027-02-28" == str(decision.valid_until)
        record = decision.membership.as_dict()
    assert "2027-02-28" == str(nightly(policy, "2026-03-01", "2026-03-10", fees).valid_until)


@pytest.mark.parametrize(
    ("payments", "until"), [(1, "2027-02-28"), (2, "2028-02-29"), (5, "2031-02-28"), (6, "2031-02-28")]
)
def test_several_moments_of_a_day_append_one_after_the_other(payments: int, until: str) -> None:
    """Two years paid at once are two years; more than five on one day are somebody's mistake."""
    policy = club("{cause: bought, upon: fee, validity: {for: 12 months, from: current_end}}")
    fees = [{"type": "fee", "at": "2026-03-01"}] * payments
    assert [f"gold until {until}"] == states(policy, ["2026-03-01"], fees)
    assert until == str(nightly(policy, "2026-02-27", "2026-03-05", fees).valid_until)


def test_an_invitation_makes_one_grant() -> None:
    """For six months from the invitation; it is not asked again."""
    policy = club("{cause: invited, upon: invitation, validity: {for: 6 months}}")
    events = [{"type": "invitation", "at": "2026-08-31"}]
    assert ["gold until 2027-02-28", "guest until -"] == states(policy, ["2026-08-31", "2027-03-01"], events)
    assert ["invited"] == [one.cause for one in decided(policy, "2026-08-31", events).grants]


def test_the_level_named_in_the_request() -> None:
    """A way of the ladder grants the tier that a value names."""
    policy = program(
        """
facts: {level: {type: text, in: [gold, diamond]}, asked: {type: true_false, if_missing: false}}
tiers: [{id: guest, enter: everyone}, {id: silver, also: [{cause: staff, when: {asked: true}}]}, {id: gold}, {id: diamond}]
also: [{cause: owner, when: {asked: true}, tier: {by: level, values: {diamond: diamond}, otherwise: gold}}]
""",
        events="",
    )
    assert "diamond" == decided(policy, "2026-03-01", facts={"level": "diamond", "asked": True}).tier
    assert "gold" == decided(policy, "2026-03-01", facts={"level": "gold", "asked": True}).tier
    assert "silver" == decided(policy, "2026-03-01", facts={"asked": True}).tier
    assert "guest" == decided(policy, "2026-03-01", facts={"level": "gold"}).tier


# --- approval ---------------------------------------------------------------------------------------------

APPROVAL = "{requested_by: [sales], approved_by: [manager, director], needs: {named: {name: {known: true}}}}"


def designation(way: str = "when: {wanted: true}", validity: str = "while_it_holds") -> Program:
    """VIP by a way that sales asks for and a manager approves."""
    return program(
        f"""
facts: {{wanted: {{type: true_false, if_missing: false}}, name: text}}
tiers:
  - {{id: guest, enter: everyone}}
  - {{id: vip, also: [{{cause: sales, {way}, validity: {validity}, approval: {APPROVAL}}}]}}
""",
        events=EVENTS,
    )


def answer(kind: str, at: str, by: str, role: str) -> dict[str, str]:
    """A request or an answer."""
    return {"type": kind, "at": at, "cause": "sales", "tier": "vip", "by": by, "role": role}


def told(decision: Decision) -> tuple[str | None, list[tuple[str, tuple[str, ...]]]]:
    """Tier, and the state of each proposal."""
    return decision.tier, [(one.status, one.by) for one in decision.proposals]


FACTS = {"wanted": True, "name": "Li"}
ASKED = answer("requested", "2026-03-01", "anna", "sales")


@pytest.mark.parametrize(
    ("facts", "answers", "expected"),
    [
        ({}, [], ("guest", [])),
        (FACTS, [], ("guest", [("pending", ())])),
        (FACTS, [ASKED], ("guest", [("pending", ())])),
        ({"wanted": True}, [ASKED], ("guest", [("refused", ("named",))])),
        (FACTS, [answer("requested", "2026-03-01", "otto", "waiter")], ("guest", [("refused", ("requested_by",))])),
        (FACTS, [ASKED, answer("approved", "2026-03-02", "max", "manager")], ("vip", [])),
        (FACTS, [ASKED, answer("approved", "2026-03-02", "max", "waiter")], ("guest", [("pending", ())])),
        (FACTS, [ASKED, answer("approved", "2026-03-02", "anna", "manager")], ("guest", [("pending", ())])),
        (FACTS, [ASKED, answer("refused", "2026-03-02", "max", "manager")], ("guest", [("refused", ("refused",))])),
        (FACTS, [ASKED, answer("refused", "2026-03-02", "max", "waiter")], ("guest", [("pending", ())])),
        (FACTS, [ASKED, answer("approved", "2026-03-02", "max", "manager"), answer("refused", "2026-03-05", "dora", "director")], ("guest", [("refused", ("refused",))])),
        (FACTS, [ASKED, answer("refused", "2026-03-02", "max", "manager"), answer("approved", "2026-03-05", "dora", "director")], ("vip", [])),
        ({"wanted": True}, [ASKED, answer("approved", "2026-03-02", "max", "manager")], ("guest", [("refused", ("named",))])),
    ],
)  # fmt: skip
def test_a_proposal_is_pending_refused_or_a_grant(
    facts: dict[str, object], answers: list[dict[str, str]], expected: object
) -> None:
    """Only a listed role approves, never who asked, and only what is complete."""
    assert expected == told(decided(designation(), "2026-03-10", answers, facts=facts))


def test_an_approval_of_an_earlier_moment() -> None:
    """The fee of 1 March waits; approved on 20 March it makes a grant from that day."""
    policy = designation("upon: fee", "{for: 12 months}")
    events = [{"type": "fee", "at": "2026-03-01"}, answer("approved", "2026-03-20", "max", "manager")]
    facts = {"name": "Li"}
    assert ("guest", [("pending", ())]) == told(decided(policy, "2026-03-19", events, facts=facts))
    decision = decided(policy, "2026-03-20", events, facts=facts)
    assert ("vip", "2027-03-19") == (decision.tier, str(decision.valid_until))
    assert "2027-03-19" == str(decided(policy, "2026-06-01", events, facts=facts).valid_until)
    assert ("guest", []) == told(decided(policy, "2026-03-19", [], facts=facts))


def test_a_rise_by_a_paid_upgrade_lasts_beside_what_is_earned() -> None:
    """The lower earned tier shows again when the bought one has ended."""
    policy = club("{cause: bought, upon: fee, validity: {for: 1 month}}", more="")
    events = [buy("2026-03-01", 50), {"type": "fee", "at": "2026-03-10"}]
    assert ["guest until -", "gold until 2026-04-09", "guest until -"] == states(
        policy, ["2026-03-09", "2026-04-09", "2026-04-10"], events
    )


CARD = """\
facts: {card: {type: true_false, if_missing: false, set_by: {card_change: held}}}
metrics: {spend: {sum: {of: purchase.amount, window: {last: 12 months}}}}
tiers:
  - {id: guest, enter: everyone}
  - id: silver
    enter: {spend: {at_least: 1000}}
    also: [{cause: card, when: {card: true}, validity: while_it_holds}]
transitions: {validity: {for: 12 months}, renew: {at: expiry}}
"""


def test_a_way_that_ends_leaves_the_tier_to_its_own_condition_on_the_same_day() -> None:
    """Who loses the card and has spent enough is not a guest in between."""
    made = program(CARD, events="events: {purchase: {amount: money}, card_change: {held: true_false}}\n")
    events = [
        {"type": "card_change", "at": "2026-01-10", "held": True},
        buy("2026-03-01", 1000),
        {"type": "card_change", "at": "2026-07-10", "held": False},
    ]
    one = customer(made, events)
    found = [standing(made.decide(one, as_of=day)) for day in ("2026-07-09", "2026-07-10", "2026-07-11")]
    assert [("silver", "2026-01-10"), ("silver", "2026-01-10"), ("silver", "2026-01-10")] == [
        (tier, since) for tier, _, since, _ in found
    ]
    assert "2027-07-09" == found[1][3]


def test_a_way_leads_to_a_tier_and_to_nothing_else() -> None:
    """A text is never equal to a tier, so the policy is refused instead of granting nothing."""
    with pytest.raises(PolicyError) as caught:
        program(
            "facts: {elsewhere: {type: text, in: [silver]}}\n"
            "tiers: [{id: guest, enter: everyone}, {id: silver}]\n"
            "also: [{cause: match, when: {elsewhere: {known: true}}, tier: elsewhere, validity: forever}]\n"
        )
    assert ["wrong-constant"] == [one.code for one in caught.value.problems]
