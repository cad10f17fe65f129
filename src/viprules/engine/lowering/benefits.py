"""What each tier gives: benefits with their conditions, quotas and ends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from attrs import frozen

from viprules.engine.lowering.making import ZERO, shift
from viprules.engine.lowering.scope import Scope
from viprules.engine.lowering.tiers.machine import Machine
from viprules.engine.policy.describing import described, key_name
from viprules.engine.policy.model import BenefitUse, Dated, Term, Value, Written
from viprules.engine.tree.kinds import NUMBER, Type, Typed, aligned
from viprules.engine.tree.nodes import (
    TODAY,
    Aggregate,
    Arith,
    AtDay,
    Case,
    Certain,
    Cmp,
    Field,
    Lit,
    Node,
    PeriodDay,
    Ref,
)

__all__ = ["Benefit", "benefits_of", "nodes_of"]


@frozen(kw_only=True)
class Benefit:
    """A benefit of one tier, lowered."""

    use: BenefitUse
    rank: int
    when: Node | None
    left: Node | None
    """How often it may still be used in the present period."""
    until: Node | None
    parameters: Mapping[str, Typed | Any]


def benefits_of(one: Machine, scope: Scope) -> tuple[tuple[Benefit, ...], ...]:
    """For each rank what its holder has: its own, what the tiers below give, the best of each group."""
    here = scope.for_set(one.tier_set)
    found: list[tuple[Benefit, ...]] = []
    for rank, tier in enumerate(one.tier_set.tiers, 1):
        # Everyone's tier has no first day.
        entered = Ref(f"{one.tier_set.name}.entered.{rank}") if rank > one.base else None
        own = [_benefit(use, rank, entered, here) for use in tier.benefits]
        below = found[-1] if found and tier.inherit else ()
        groups = {each.use.group for each in own if each.use.group}
        found.append((*(each for each in below if each.use.group not in groups), *own))
    return tuple(found)


def nodes_of(benefits: tuple[tuple[Benefit, ...], ...]) -> Iterator[Node]:
    """What the benefits of a tier set are asked with."""
    for one in {id(one): one for many in benefits for one in many}.values():
        yield from (node for node in (one.when, one.left, one.until) if node is not None)
        yield from (value.node for value in one.parameters.values() if isinstance(value, Typed))


def _benefit(use: BenefitUse, rank: int, entered: Node | None, scope: Scope) -> Benefit:
    parameters = {}
    for one in described(type(use.parameters)):
        raw = getattr(use.parameters, one.name)
        parameters[key_name(one)] = scope.value(raw, _wanted(raw)) if isinstance(raw, Written | Term | Dated) else raw
    return Benefit(
        use=use,
        rank=rank,
        when=Certain(scope.condition(use.when)) if use.when else None,
        left=_left(use, use.quota_times, entered, scope) if use.quota_times is not None else None,
        until=_until(use, entered, scope),
        parameters=parameters,
    )


def _wanted(raw: Value) -> Type | None:
    """Parameters of benefits are numbers unless they are plainly text."""
    return NUMBER if not isinstance(raw, Written) or not isinstance(raw.value, str) else None


def _until(use: BenefitUse, entered: Node | None, scope: Scope) -> Node | None:
    """The last valid day: counted from the day on which the tier that gives it was entered, else from today."""
    if use.valid is None:
        return None
    end = scope.ends(use.valid, TODAY)
    return end if entered is None else AtDay(end, entered)


# --- quotas -------------------------------------------------------------------------------------------


def _left(use: BenefitUse, quota: Value, entered: Node | None, scope: Scope) -> Node:
    """The quota less the uses of the present period, with what the one before left over if that carries."""
    times = aligned(scope.of_kind(quota, NUMBER), 0)
    if use.quota_per is None:
        return _rest(times, _used(use, Lit(1), TODAY))
    if use.quota_per == "grant":  # the one period that is a state
        return _rest(times, _used(use, scope.state("grant_from", use.source), TODAY))
    length, anchor = scope.period(use.quota_per, use.source)
    first = PeriodDay(length, anchor, TODAY)
    if use.carry_over:
        saved = _rest(times, _used(use, PeriodDay(length, anchor, TODAY, -1), shift(first, -1)))
        if entered is not None:  # who did not have it then has nothing left over
            saved = Case(((Cmp("<", entered, first), saved),), ZERO)
        times = Arith("add", (times, saved))
    return _rest(times, _used(use, first, TODAY))


def _used(use: BenefitUse, first: Node, last: Node) -> Node:
    mine = Cmp("==", Field("benefit"), Lit(use.id))
    return Aggregate("count", "benefit_used", None, mine, first, last)


def _rest(times: Node, used: Node) -> Node:
    return Arith("highest", (ZERO, Arith("subtract", (times, used))))
