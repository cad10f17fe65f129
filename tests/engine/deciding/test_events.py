"""Events as a caller states them: typed, each once, in their order, at a time that can be read."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

import viprules
from tests.support.deciding import program
from viprules.engine.deciding import events
from viprules.engine.program import Program


@pytest.fixture(scope="module")
def shop() -> Program:
    """A shop whose day begins at four."""
    return program(
        """
facts: {}
tiers: [{id: guest, enter: everyone}]
""",
        events="""
events:
  purchase: {amount: money, net: {type: money, value: {product: [amount, 0.5]}}}
  return: {returns: purchase, amount: money}
""",
        day_starts='"04:00"',
    )


def one(**more: Any) -> dict[str, Any]:
    """A purchase with an id."""
    return {"type": "purchase", "id": "1", "at": "2026-06-30", "amount": 5} | more


def codes(shop: Program, *stated: Any) -> list[str]:
    """The codes of the problems of events."""
    with pytest.raises(viprules.DataError) as caught:
        shop.customer(events=stated)
    return [found.code for found in caught.value.problems]


@pytest.mark.parametrize(
    ("at", "day"),
    [
        ("2026-06-30", "2026-06-30"),
        (date(2026, 6, 30), "2026-06-30"),
        ("2026-06-30T03:59", "2026-06-29"),
        ("2026-06-30T04:00", "2026-06-30"),
        ("2026-06-29T20:00:00+00:00", "2026-06-30"),
        (datetime(2026, 6, 29, 19, 59, tzinfo=UTC), "2026-06-29"),
    ],
)
def test_a_time_tells_the_programme_day(shop: Program, at: Any, day: str) -> None:
    """A bare date is its day; a time belongs to the day that began at four."""
    (found,) = shop.customer(events=[one(at=at)]).events
    assert date.fromisoformat(day).toordinal() == found.day


@pytest.mark.parametrize(
    "at", [None, "", "30.06.2026", "2026-06-31", "2026-06-30T25:00", "0999-01-01", "9000-01-01T00:00", 20260630, True]
)
def test_an_event_without_a_time_is_refused(shop: Program, at: Any) -> None:
    """What is no day, no time, or lies where the calendar ends, is a problem."""
    assert ["event-without-time"] == codes(shop, one(at=at))


@pytest.mark.parametrize("identity", [None, ""])
def test_an_event_without_an_id_is_refused(shop: Program, identity: Any) -> None:
    """An event has an id, so that it is counted once."""
    assert ["event-without-id"] == codes(shop, one(id=identity))


def test_an_event_comes_once(shop: Program) -> None:
    """The same event twice is one; with the same id and other contents it is a problem."""
    assert 1 == len(shop.customer(events=[one(), one()]).events)
    assert ["event-differs"] == codes(shop, one(), one(amount=6))


def test_only_stated_fields_are_admitted(shop: Program) -> None:
    """A field that is computed, one that is not declared, and a value that is no amount are problems."""
    found = codes(shop, one(net=3), one(id="2", amont=3), one(id="3", amount="x"), one(id="4", times=2))
    assert ["computed-field", "undeclared-field", "wrong-value"] == found


def test_the_day_of_a_sale_can_be_read(shop: Program) -> None:
    """A return names its sale by id or day; a day that is none is a problem and not no day."""
    back = {"type": "return", "id": "2", "at": "2026-07-01", "amount": 5}
    sale = shop.customer(events=[one(), back | {"sale_day": "2026-06-30"}]).events[1]
    assert (None, date(2026, 6, 30).toordinal()) == (sale.sale, sale.sale_day)
    assert "7" == shop.customer(events=[one(id=7), back | {"sale": 7}]).events[1].sale
    assert ["wrong-value"] == codes(shop, one(), back | {"sale_day": "yesterday"})


def test_events_are_ordered_by_time_then_type_then_id(shop: Program) -> None:
    """At one instant a purchase stands before a return, as the policy has them, and 1 before 2."""
    stated = [
        {"type": "return", "id": "0", "at": "2026-06-30", "sale": "1"},
        one(id="2"),
        one(id="1"),
        one(id="9", at="2026-06-29"),
    ]
    assert ["9", "1", "2", "0"] == [found.id for found in shop.customer(events=stated).events]


def test_more_events_than_one_customer_has_are_refused(shop: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """So many events are no customer's."""
    monkeypatch.setattr(events, "LARGEST", 2)
    assert 2 == len(shop.customer(events=[one(id=n) for n in "12"]).events)
    assert ["too-many-events"] == codes(shop, *(one(id=n) for n in "123"))


def test_any_text_is_an_id(shop: Program) -> None:
    """Half a character of UTF-16, as broken exports have it, does not keep a record from being made."""
    decision = shop.decide({"events": [one(id="\ud800")]}, as_of="2026-07-01")
    assert "guest" == decision.tier
    assert decision.membership.as_dict()["decided"]


def test_a_return_says_what_it_takes_back(shop: Program) -> None:
    """Without a sale and without its day it could take nothing back; an empty cell is none."""
    back = {"type": "return", "id": "2", "at": "2026-07-01", "amount": 5}
    assert ["return-without-sale"] == codes(shop, one(), back)
    assert ["return-without-sale"] == codes(shop, one(), back | {"sale": "", "sale_day": ""})
    assert 2 == len(shop.customer(events=[one(), back | {"sale_day": "2026-06-30"}]).events)


def test_everything_that_is_wrong_with_an_event_is_told(shop: Program) -> None:
    """Also the fields of one without a time."""
    assert ["undeclared-field", "event-without-time"] == codes(shop, one(at="soon", amuont=5))
