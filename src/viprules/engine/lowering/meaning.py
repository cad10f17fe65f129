"""Meaning: what a policy says that its author can hardly want, and what a name may not mean twice.

These checks read the structured policy; the lowering has already found every name that means nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import pairwise

from viprules.engine.lowering.amounts import currency, exact_amounts, fine_amounts, percents
from viprules.engine.lowering.emptiness import never_lowering
from viprules.engine.lowering.plan import Plan
from viprules.engine.lowering.renewing import void_renewals
from viprules.engine.lowering.unmeetable import contradictions, self_supporting
from viprules.engine.policy.model import Block, Condition, Group, Policy, Renew, Test, Tier, TierSet, Written
from viprules.engine.policy.templates import names_in, stray_brace
from viprules.engine.reading.faults import nearest
from viprules.engine.tree.nodes import Call, Node, Told, children
from viprules.errors import Problem, Source, problem

__all__ = ["doubts"]

KINDS = ("metrics", "facts", "segments")
NEEDS_RENEW = ("for", "after", "until")
Bounds = dict[str, tuple[Decimal, Source | None]]


def doubts(plan: Plan) -> list[Problem]:
    """Every problem and warning about what the policy means."""
    checks: list[Callable[[Plan], Iterator[Problem]]] = [
        _clashes,
        _ids,
        _validity,
        _thresholds,
        _unreachable,
        _row_only,
        _messages,
        currency,
        percents,
        exact_amounts,
        fine_amounts,
        contradictions,
        self_supporting,
        never_lowering,
    ]
    return [found for check in checks for found in check(plan)]


def _row_only(plan: Plan) -> Iterator[Problem]:
    """Functions of plug-ins, which no other executor than the walk can follow."""
    named = {f"metrics.{name.removeprefix('metric.')}": one for name, one in plan.definitions.items()}
    fields = {f"events.{event}": one for (event, _), one in plan.fields.items()}
    for name, definition in [*named.items(), *fields.items()]:
        for node, at in _called(definition, plan.policy.sources.get(name)):
            yield problem("row-only", at, name=getattr(node.function, "name", "?"))


def _called(node: Node, at: Source | None) -> Iterator[tuple[Call, Source | None]]:
    """The functions under a node, with the place of the condition that asks them."""
    if isinstance(node, Call):
        yield node, at
    here = (node.source or at) if isinstance(node, Told) else at
    for one in children(node):
        yield from _called(one, here)


TOLD = ("customer", "tier", "since", "valid_until", "as_of")
"""What a message may say beside facts and metrics."""


def _messages(plan: Plan) -> Iterator[Problem]:
    """A message has a text, and its texts name what there is."""
    policy = plan.policy
    names = [*TOLD, *policy.facts, *policy.metrics]
    for one in policy.messages:
        if not one.texts:
            yield problem("message-without-text", one.source, name=one.name)
        for language, text in one.texts.items():
            at = policy.sources.get(f"messages.{one.name}.{language}", one.source)
            if rest := stray_brace(text):
                yield problem("message-brace", at, text=rest)
            for name in names_in(text):
                if name not in names:
                    yield problem("unknown-name", at, name=name, nearest=nearest(name, names), options="\n".join(names))


def _clashes(plan: Plan) -> Iterator[Problem]:
    """Metrics, facts, segments and tier sets share one name space."""
    seen: dict[str, str] = {}
    for kind, name in _declared(plan.policy):
        if name in seen:
            yield problem(
                "name-clash", plan.policy.sources.get(f"{kind}.{name}"), name=name, first=seen[name], second=kind
            )
        seen.setdefault(name, kind)


def _declared(policy: Policy) -> Iterator[tuple[str, str]]:
    for kind in KINDS:
        yield from ((kind, name) for name in getattr(policy, kind))
    yield from (("tier_sets", one.name) for one in policy.tier_sets)


def _ids(plan: Plan) -> Iterator[Problem]:
    """Ids of tiers, raises and benefits with a quota are used once."""
    for ladder in plan.policy.tier_sets:
        named = [(one.id, one.source) for one in ladder.tiers]
        yield from _twice(named)
        yield from _twice([(one.id, one.source) for one in ladder.raises])
        for layers in (ladder.caps, ladder.floors):
            yield from _twice([(one.id, one.source) for one in layers])
        for tier in ladder.tiers:
            yield from _twice([(one.cause, one.source) for one in (*tier.also, *ladder.also)])


def _twice(named: list[tuple[str, Source | None]]) -> Iterator[Problem]:
    seen: set[str] = set()
    for name, source in named:
        if name in seen:
            yield problem("same-id", source, name=name)
        seen.add(name)


def _validity(plan: Plan) -> Iterator[Problem]:
    """A length of time needs a word on when it is judged again, a review its day, a renewal days that it is for."""
    for ladder in plan.policy.tier_sets:
        for block in (*ladder.blocks, *(one.transitions for one in ladder.tiers)):
            yield from _block(block, ladder)
        yield from void_renewals(ladder)


def _block(block: Block, ladder: TierSet) -> Iterator[Problem]:
    renews = block.renew or next((one.renew for one in ladder.blocks if one.renew), None)
    if block.validity and block.validity.kind in NEEDS_RENEW and renews is None:
        yield problem("for-without-renew", block.validity.source, kind=block.validity.kind)
    asks = isinstance(block.renew, Renew) and block.renew.at == "review"
    waits = block.upgrade is not None and block.upgrade.at == "review"
    late = block.downgrade is not None and block.downgrade.after > 1
    stated = block.review or any(one.review for one in ladder.blocks)
    if (asks or waits or late) and not stated:
        yield problem("review-without-day", block.source)


def _thresholds(plan: Plan) -> Iterator[Problem]:
    """Bounds rise with the tiers, and staying asks no more than entering."""
    for ladder in plan.policy.tier_sets:
        for below, tier in pairwise(ladder.tiers):
            yield from _falling(below, tier)
        for tier in ladder.tiers:
            yield from _harder(tier)


def _falling(below: Tier, tier: Tier) -> Iterator[Problem]:
    lower, upper = _bounds(below.enter), _bounds(tier.enter)
    shared = set(lower) & set(upper)
    for name in sorted(shared):
        if upper[name][0] < lower[name][0]:
            yield problem(
                "falling-threshold",
                upper[name][1],
                tier=tier.id,
                below=below.id,
                name=name,
                bound=str(upper[name][0]),
                other=str(lower[name][0]),
            )
    same = shared and set(lower) == set(upper) and all(upper[n][0] == lower[n][0] for n in shared)
    if same and below.enter == tier.enter:
        yield problem("same-as-below", tier.source, tier=tier.id, below=below.id)


def _harder(tier: Tier) -> Iterator[Problem]:
    enter, stay = _bounds(tier.enter), _bounds(tier.stay)
    for name in sorted(set(enter) & set(stay)):
        if stay[name][0] > enter[name][0]:
            yield problem(
                "stay-harder",
                stay[name][1],
                tier=tier.id,
                name=name,
                bound=str(stay[name][0]),
                other=str(enter[name][0]),
            )


def _bounds(condition: Condition | None) -> Bounds:
    """The plain lower bounds of a condition, also inside `any` and `all`, by name."""
    found: Bounds = {}
    for clause in condition.clauses if condition else ():
        if isinstance(clause, Test):
            for op, operand in clause.checks:
                number = _number(operand) if op in ("at_least", "more_than") else None
                if number is not None:
                    found[clause.name] = (number, clause.source)
        elif isinstance(clause, Group) and clause.kind in ("any", "all"):
            for one in clause.items:
                found |= _bounds(one)
    return found


def _number(operand: object) -> Decimal | None:
    value = operand.value if isinstance(operand, Written) else None
    return Decimal(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else None


def _unreachable(plan: Plan) -> Iterator[Problem]:
    for ladder in plan.policy.tier_sets:
        for tier in ladder.tiers[1:]:
            if tier.everyone:
                yield problem("everyone-above-lowest", tier.source, tier=tier.id)
        raised = bool(ladder.raises) or bool(ladder.also) or bool(ladder.floors)
        for tier in ladder.tiers:
            if not (tier.everyone or tier.enter or tier.also or tier.lifetime or tier.stay or raised):
                yield problem("unreachable-tier", tier.source, tier=tier.id)
