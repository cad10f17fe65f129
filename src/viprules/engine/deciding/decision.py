"""The answer: plain values that say who is which tier, since when, until when, and what that gives."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Protocol

from attrs import define, field, frozen

from viprules.engine.deciding.grants import Bound, Grant, Membership
from viprules.engine.deciding.history import Customer
from viprules.errors import Problem

__all__ = ["Answer", "BenefitInForce", "Decision", "Origin", "Outcome", "Own", "Proposal", "Result", "Standing"]


@frozen(kw_only=True)
class BenefitInForce:
    """A benefit that the customer has on the day, with what is left of its quota."""

    kind: str
    id: str
    tier: str
    """The tier that gives it."""
    parameters: Mapping[str, Any] = field(hash=False)
    quota_left: int | None = None
    """How often it may still be used in the present period; None without a quota."""
    valid_until: date | None = None
    """Last day of a benefit with a validity of its own."""

    def as_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "kind": self.kind,
            "id": self.id,
            "tier": self.tier,
            "parameters": dict(self.parameters),
            "quota_left": self.quota_left,
            "valid_until": _iso(self.valid_until),
        }


@frozen(kw_only=True)
class Proposal:
    """What a way under approval proposes: `pending`, or `refused` and by what."""

    tier_set: str
    tier: str
    cause: str
    status: str
    by: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "tier_set": self.tier_set,
            "tier": self.tier,
            "cause": self.cause,
            "status": self.status,
            "by": list(self.by),
        }


@frozen(kw_only=True)
class Outcome:
    """The part of an answer that is one of finitely many; shared between decisions."""

    tier_sets: tuple[str, ...]
    tiers: tuple[str | None, ...]
    names: tuple[Mapping[str, str], ...] = field(eq=False)
    changes: tuple[str, ...]
    benefits: tuple[BenefitInForce, ...]
    warned: tuple[bool, ...]


@frozen(kw_only=True)
class Standing:
    """Where the customer stands in one tier set."""

    tier: str | None
    change: str
    since: date | None
    valid_until: date | None
    warned: bool
    """The tier is about to end and `stay` is not met as things are."""

    def as_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "tier": self.tier,
            "change": self.change,
            "since": _iso(self.since),
            "valid_until": _iso(self.valid_until),
            "warned": self.warned,
        }


@frozen(kw_only=True)
class Result:
    """What a decision leaves behind, beside the answer itself."""

    grants: tuple[Grant, ...]
    bounds: tuple[Bound, ...]
    membership: Membership
    next_change: int | None
    proposals: tuple[Proposal, ...]
    problems: tuple[Problem, ...]


class Origin(Protocol):
    """Who decided: a program with a day bound."""

    @property
    def day(self) -> int:
        """The day decided for."""
        ...

    @property
    def policy(self) -> str:
        """The policy's short name in rows and records."""
        ...

    def course(self, customer: Customer) -> Result:
        """What the decision for a customer leaves behind."""
        ...


@frozen
class Own:
    """A day that is each customer's own: what their state has at this place."""

    place: int


@frozen
class Answer:
    """The part of a decision that many customers share: the outcome with its days, and who decided."""

    outcome: Outcome
    days: tuple[int | Own | None, ...]
    """For each tier set `since` and `valid_until`, as day numbers."""
    at: Origin = field(eq=False, repr=False)


@define(weakref_slot=False, eq=False)
class Decision:
    """Who is which tier as of a day. `tier`, `change` and so on speak of the first tier set.

    It cannot be changed: nothing public of it has a setter. (A class that is frozen takes more than twice as long to
    make, and millions of these are made.)

    What costs time to work out (`grants`, `bounds`, `membership`, `next_change`, `proposals`,
    `problems`) is worked out when it is asked for, from the customer and the program that decided.
    """

    _answer: Answer
    _customer: Customer = field(repr=False)

    def __eq__(self, other: object) -> bool:
        """Equal are decisions with the same outcome and days, whoever the customers are."""
        if not isinstance(other, Decision):
            return NotImplemented
        return (self.outcome, self.days) == (other.outcome, other.days)

    def __hash__(self) -> int:
        """The same for equal decisions."""
        return hash((self.outcome, self.days))

    @property
    def answer(self) -> Answer:
        """What this decision shares with those of other customers."""
        return self._answer

    @property
    def customer(self) -> Customer:
        """Who was decided about."""
        return self._customer

    @property
    def outcome(self) -> Outcome:
        """Tiers, changes and benefits: one of finitely many."""
        return self.answer.outcome

    @property
    def days(self) -> tuple[int | None, ...]:
        """For each tier set `since` and `valid_until`, as day numbers."""
        state = self._customer.state
        return tuple(state[one.place] if isinstance(one, Own) else one for one in self._answer.days)

    @property
    def at(self) -> Origin:
        """The program with its day bound that decided."""
        return self.answer.at

    @property
    def as_of(self) -> date:
        """The day decided for."""
        return date.fromordinal(self.at.day)

    @property
    def tier(self) -> str | None:
        """The id of the tier, None if the customer holds none."""
        return self.outcome.tiers[0]

    @property
    def tier_name(self) -> Mapping[str, str]:
        """The tier's name, by language."""
        return self.outcome.names[0]

    @property
    def change(self) -> str:
        """`upgrade`, `downgrade`, `renew`, `grace` or `none`, against what was last decided."""
        return self.outcome.changes[0]

    @property
    def since(self) -> date | None:
        """First day of the present unbroken holding of the tier."""
        return _date(self.days[0])

    @property
    def valid_until(self) -> date | None:
        """Last valid day of the tier; None for an open end and for everyone's tier."""
        return _date(self.days[1])

    @property
    def benefits(self) -> tuple[BenefitInForce, ...]:
        """The benefits in force."""
        return self.outcome.benefits

    @property
    def standings(self) -> dict[str, Standing]:
        """Tier, change and days for every tier set."""
        one, found = self.outcome, {}
        for number, name in enumerate(one.tier_sets):
            since, until = self.days[2 * number : 2 * number + 2]
            found[name] = Standing(
                tier=one.tiers[number],
                change=one.changes[number],
                since=_date(since),
                valid_until=_date(until),
                warned=one.warned[number],
            )
        return found

    @property
    def grants(self) -> tuple[Grant, ...]:
        """Rows to add to the ledger: what this decision gives."""
        return self.at.course(self.customer).grants

    @property
    def bounds(self) -> tuple[Bound, ...]:
        """Rows to add to the ledger: what this decision ends or takes back."""
        return self.at.course(self.customer).bounds

    @property
    def membership(self) -> Membership:
        """The record to keep until the next decision."""
        return self.at.course(self.customer).membership

    @property
    def next_change(self) -> date | None:
        """First day after `as_of` on which the answer may differ without a new event; None if never."""
        return _date(self.at.course(self.customer).next_change)

    @property
    def proposals(self) -> tuple[Proposal, ...]:
        """What waits for an approval, or was refused."""
        return self.at.course(self.customer).proposals

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What could not be judged because a fact is missing; nobody's tier was changed by it."""
        return self.at.course(self.customer).problems

    def as_dict(self) -> dict[str, Any]:
        """The whole decision as plain data for JSON."""
        return {
            "customer": self.customer.id,
            "as_of": self.as_of.isoformat(),
            "policy": self.at.policy,
            "tier": self.tier,
            "change": self.change,
            "since": _iso(self.since),
            "valid_until": _iso(self.valid_until),
            "next_change": _iso(self.next_change),
            "tier_sets": {name: one.as_dict() for name, one in self.standings.items()},
            "benefits": [one.as_dict() for one in self.benefits],
            "grants": [one.as_dict() for one in self.grants],
            "bounds": [one.as_dict() for one in self.bounds],
            "proposals": [one.as_dict() for one in self.proposals],
            "problems": [one.message for one in self.problems],
        }


def _date(day: int | None) -> date | None:
    return None if day is None else date.fromordinal(day)


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
