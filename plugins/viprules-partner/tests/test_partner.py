"""Offers of partners: in the decision like any benefit, and places given out in order."""

import json
import random
from pathlib import Path
from typing import Any

import pytest

import viprules
import viprules_partner
from viprules.plugins import catalogue_of
from viprules_partner.allocation import allocated
from viprules_partner.command import main

CATALOGUE = catalogue_of(viprules_partner)
POLICY = """\
viprules: 1
program: {id: club, timezone: Asia/Shanghai, currency: CNY}
facts: {city: text}
events: {purchase: {amount: money}}
metrics: {spend: {sum: {of: purchase.amount, window: {this: year}}}}
tiers:
  - {id: guest, enter: everyone}
  - id: gold
    enter: {spend: {at_least: 100}}
    benefits:
      - partner_offer: {id: lake, partner: lake-hotel, offer: {zh: 升级, en: upgrade}, places: 2, quota: {times: 1, per: year}}
  - {id: diamond, enter: {spend: {at_least: 1000}}}
transitions: {validity: {through: {next: year}}}
"""
PROGRAM = viprules.loads(POLICY, plugins=CATALOGUE)
RANKS = {"guest": 1, "gold": 2, "diamond": 3}


def decision(customer: str, amount: int, day: str, *used: str) -> dict[str, Any]:
    """Return a decision as plain data."""
    events: list[dict[str, Any]] = [{"id": "1", "type": "purchase", "at": day, "amount": amount}]
    events += [{"id": at, "type": "benefit_used", "at": at, "benefit": "lake"} for at in used]
    return PROGRAM.decide({"id": customer, "events": events}, as_of="2026-06-30").as_dict()


def test_an_offer_is_a_benefit_like_others() -> None:
    """With its parameters, and with what is left of the customer's quota."""
    (benefit,) = decision("a", 100, "2026-03-01")["benefits"]
    assert ("partner_offer", "lake", 1) == (benefit["kind"], benefit["id"], benefit["quota_left"])
    assert ("lake-hotel", ["tier", "since", "customer"]) == (
        benefit["parameters"]["partner"],
        list(benefit["parameters"]["order"]),
    )
    assert 0 == decision("a", 100, "2026-03-01", "2026-04-01")["benefits"][0]["quota_left"]


def test_it_is_explained_in_both_languages() -> None:
    """By partner and offer."""
    found = PROGRAM.explain(
        {"events": [{"id": "1", "type": "purchase", "at": "2026-03-01", "amount": 100}]}, as_of="2026-06-30"
    )
    assert "upgrade by lake-hotel" in found.text()
    assert "lake-hotel：升级" in found.text("zh")


DECISIONS = [
    decision("late", 100, "2026-04-01"),
    decision("b", 100, "2026-03-01"),
    decision("a", 100, "2026-03-01"),
    decision("high", 1000, "2026-05-01"),
    decision("guest", 10, "2026-01-01"),
]


def test_places_are_given_out_in_order() -> None:
    """The higher tier, then the longer holding, then the id; whoever has no right to it is not in it."""
    (found,) = allocated(DECISIONS, RANKS)
    assert (("high", "a"), ("b", "late"), 2) == (found.given, found.waiting, found.places)


def test_the_order_of_the_decisions_does_not_matter() -> None:
    """Any permutation gives the same allocation."""
    mixed = list(DECISIONS)
    chance = random.Random(7)  # noqa: S311 -- an order, no secret
    for _ in range(20):
        chance.shuffle(mixed)
        assert allocated(DECISIONS, RANKS) == allocated(mixed, RANKS)


@pytest.mark.parametrize(
    ("order", "given"),
    [(["since"], ("a", "b")), (["customer"], ("a", "b")), (["tier"], ("high", "a")), (["since", "tier"], ("a", "b"))],
)
def test_the_policy_says_the_order(order: list[str], given: tuple[str, ...]) -> None:
    """What is equal goes by the id, so that chance has no part."""
    changed = json.loads(json.dumps(DECISIONS).replace('["tier", "since", "customer"]', json.dumps(order)))
    assert given == allocated(changed, RANKS)[0].given


def test_without_places_everybody_has_it() -> None:
    """No number is no limit."""
    changed = json.loads(json.dumps(DECISIONS).replace('"places": "2"', '"places": null'))
    (found,) = allocated(changed, RANKS)
    assert (4, (), None) == (len(found.given), found.waiting, found.places)


def test_two_offers_under_one_id_are_refused() -> None:
    """Nobody is given a place of another partner."""
    changed = [*DECISIONS, json.loads(json.dumps(DECISIONS[0]).replace("lake-hotel", "hill-hotel"))]
    with pytest.raises(ValueError, match="`lake` stands for different offers"):
        allocated(changed, RANKS)


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    """Return a policy and decisions as files."""
    (tmp_path / "policy.yaml").write_text(
        POLICY.replace("partner_offer", "service")
        .replace("partner: lake-hotel, offer:", "name:")
        .replace("places: 2, ", ""),
        encoding="utf-8",
    )
    rows = [*DECISIONS, {"customer": "odd", "problems": "…"}]
    (tmp_path / "decisions.jsonl").write_text("".join(json.dumps(one) + "\n" for one in rows), encoding="utf-8")
    return [str(tmp_path / "policy.yaml"), str(tmp_path / "decisions.jsonl")]


def test_the_command_prints_a_line_for_each_offer(files: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """As JSON, for the system that tells the partner; who could not be decided is passed over."""
    assert 0 == main(files)
    assert ["high", "a"] == json.loads(capsys.readouterr().out)["given"]


@pytest.mark.parametrize(("text", "told"), [("{}\n", "line 1: this is no decision"), ("x\n", "Expecting value")])
def test_a_file_that_cannot_be_used_is_told(
    files: list[str], text: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """With exit code 1."""
    Path(files[1]).write_text(text, encoding="utf-8")
    assert 1 == main(files)
    assert told in capsys.readouterr().err


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("partner: lake-hotel, ", "", "missing-key"),
        ("places: 2", "places: many", "unknown-name"),
        ("places: 2", "place: 2", "unknown-key"),
        ("places: 2", "places: 2, order: [age]", "not-one-of"),
        ("places: 2", "places: 2, order: [tier, tier]", "twice-in-list"),
    ],
)
def test_a_wrong_parameter_is_told(old: str, new: str, code: str) -> None:
    """At its line, as for every benefit."""
    with pytest.raises(viprules.PolicyError) as caught:
        viprules.loads(POLICY.replace(old, new), plugins=CATALOGUE)
    assert [(code, 11)] == [(one.code, getattr(one.source, "line", 0)) for one in caught.value.problems]
