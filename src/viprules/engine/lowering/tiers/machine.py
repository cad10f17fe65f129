"""The tier machine, lowered into the same tree as everything else.

One step of one tier set is a list of bindings over the metrics and the state before the day; what
they leave behind is the state from the next day on. Executors evaluate the bindings and know
nothing of tiers. The order of one judgement is that of the language, a module for each stage: what is
asked, ways in, what ended by itself, expiry or review, raises with caps, floors and overrides, and
what is left behind.

State of a tier set (`set.name` in the bindings, all day numbers or ranks; rank 0 is "no tier"):

`until.<lane>`   last valid day of a lane: one for what `enter` and `stay` give, one for each way
`tier since`     the tier held, and since when without a break
`entered.<r>`    first day of the unbroken holding at or above rank r, None if not held
`moment.<lane>`  last day on which a moment appended to the lane, 0 if never
`grant_from`     first day of the present grant
`best`           the highest rank ever held
`landed`         day of the last landing, 0 if none
`grace grace_tier`   last day of a running grace and its rank
`missed missed_tier` the day whose `stay` could not be judged, and its rank
`floor ceiling`  overrides for the day (given, not kept)
"""

from __future__ import annotations

from attrs import frozen

from viprules.engine.lowering.scope import Scope
from viprules.engine.lowering.tiers.asking import ask
from viprules.engine.lowering.tiers.draft import REVIEW, UPGRADE, Draft
from viprules.engine.lowering.tiers.entering import enter
from viprules.engine.lowering.tiers.falling import fall
from viprules.engine.lowering.tiers.judging import judge
from viprules.engine.lowering.tiers.keeping import keep
from viprules.engine.lowering.tiers.lanes import Lane
from viprules.engine.lowering.tiers.layering import layer
from viprules.engine.policy.model import TierSet
from viprules.engine.tree.nodes import TODAY, Binding, Node, Ref, Shift, walk_nodes

__all__ = ["Machine", "machine"]


@frozen(kw_only=True)
class Machine:
    """A tier set with its lanes and the bindings of one step."""

    tier_set: TierSet
    lanes: tuple[Lane, ...]
    base: int
    """1 where the lowest tier is everyone's, else 0."""
    bindings: tuple[Binding, ...]
    asked: tuple[Binding, ...]
    """The conditions of each tier, for the explanation: `enter.<rank>`, `stay.<rank>`, `way.<lane>`."""
    reviews: tuple[str, ...]
    """The periods whose first days are review days."""
    asks_standing: bool = False
    """Does a condition ask for the tier held, or since when? Then a change may bring another on the next day."""
    drifts: bool = False
    """Does each day on which a way in is met move an end on? Then the last such day has to be stepped."""


def machine(tier_set: TierSet, scope: Scope) -> Machine:
    """Lower a tier set, in the order of one judgement."""
    draft = Draft(tier_set=tier_set, scope=scope.for_set(tier_set))
    ask(draft)
    asked = tuple(draft.bindings)
    enter(draft)
    fall(draft)
    judge(draft)
    layer(draft)
    keep(draft)
    return Machine(
        tier_set=tier_set,
        lanes=draft.lanes,
        base=draft.base,
        bindings=tuple(draft.bindings),
        asked=asked,
        reviews=_reviews(draft),
        asks_standing=_step_by_step(draft) or any(_reads_standing(one, scope) for one in asked),
        drifts=any(
            _counts_from_today(one.node) for one in draft.bindings if one.name.startswith(draft.ref("in.").name)
        ),
    )


def _reviews(draft: Draft) -> tuple[str, ...]:
    found = [one for rank in draft.ranks for _, one in draft.settings(rank, REVIEW)]
    return tuple(dict.fromkeys(one for one in found if one is not None))


def _step_by_step(draft: Draft) -> bool:
    """Do customers rise one level at a time, so that the next rise may come on the next day?"""
    return any(rule.step == "one" for rank in draft.ranks for _, rule in draft.settings(rank, UPGRADE))


def _counts_from_today(end: Node) -> bool:
    return any(isinstance(one, Shift) and one.day == TODAY and one.times > 0 for one in walk_nodes(end))


def _reads_standing(binding: Binding, scope: Scope) -> bool:
    metrics = [one.node for one in scope.metrics.values()]
    words = (".tier", ".since", ".grant_from", ".best")
    named = [one.name for node in (binding.node, *metrics) for one in walk_nodes(node) if isinstance(one, Ref)]
    return any(name.endswith(words) or ".entered." in name for name in named)
