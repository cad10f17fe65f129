"""The hot door: one small function for each situation that a kept record can be in.

What folding leaves of the machine is a tree of the policy's own conditions with a finished answer at
each leaf. It is written out as flat `if …: return …`. An answer is looked up in a table by what it
depends on; one that is not there yet is worked out by the course and kept. Anything unusual (a missing
value, a provisional grant, a grace that runs) is left to the course as well.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping
from functools import partial
from math import prod
from typing import Any

from attrs import define, evolve, field

from viprules.engine.compiled.emitting import Emitter, made
from viprules.engine.compiled.folding import Folding, Open, Situation
from viprules.engine.compiled.sieve import comparisons, layers
from viprules.engine.deciding.decision import Answer, Decision, Origin, Own
from viprules.engine.deciding.grants import state_names
from viprules.engine.deciding.history import Customer
from viprules.engine.deciding.walking import Walk
from viprules.engine.lowering.benefits import Benefit
from viprules.engine.lowering.plan import Plan
from viprules.engine.lowering.tiers.machine import Machine
from viprules.engine.tree import nodes as n
from viprules.engine.tree.kinds import Typed

__all__ = ["Run", "Unmet", "hot_door"]

OUTPUTS = ("out", "verdict", "warn", "since'", "valid_until")
MOST_LEAVES = 400
DEEPEST = 40
"""So many conditions inside each other are written out: Python has a limit to them."""
MOST_KEYS = 64
MOST_ANSWERS = 100_000
MANY = 8
MOST_SIFTED = 4096
"""A sieve takes memory with the square of its conditions: half a megabyte for a thousand."""
Run = Callable[[Customer], Decision]


class Unmet(Exception):  # noqa: N818 -- a signal to who asks, never an error
    """The first of its kind: the course has to answer, and what it answers is worth keeping."""

    def __init__(self, answers: _Answers, key: Any) -> None:
        super().__init__()
        self.answers = answers
        self.key = key

    def keep(self, answer: Answer) -> None:
        """Keep the answer for the next one of the kind."""
        own = self.answers.own
        days = tuple(Own(own[at]) if at in own else day for at, day in enumerate(answer.days))
        if len(self.answers) < MOST_ANSWERS:
            self.answers[self.key] = evolve(answer, days=days)


class _Answers(dict[Any, Answer]):
    """The answers that were met before at one leaf, by what they depend on there."""

    def __init__(self, own: Mapping[int, int]) -> None:
        super().__init__()
        self.own = own
        """Which of their days are each customer's own, with the places of these in the state."""

    def __missing__(self, key: Any) -> Answer:
        raise Unmet(self, key)


@define(kw_only=True)
class _Writer:
    """Writes the tree of a situation as flat code."""

    plan: Plan
    machine: Machine
    emitter: Emitter
    places: Mapping[n.Node, int]
    """Where a customer's state has what passes through."""
    leaves: int = 0
    asking: dict[n.Node, bool] = field(factory=dict)
    """Which nodes are known to ask for the tier, or not to."""

    def write(self, folding: Folding) -> None:
        """Ask one open condition after the other, then return the answer."""
        emitter, name = self.emitter, self.machine.tier_set.name
        while True:
            try:
                found = [folding.value(n.Ref(f"{name}.{key}")) for key in OUTPUTS]
            except Open as open_:
                atom = open_.atom
            else:
                self._leaf(folding, found)
                return
            if self.leaves > MOST_LEAVES or emitter.depth > DEEPEST:
                self._leave()
                return
            emitter.line(f"if {emitter.value(atom)}:")
            emitter.inside(partial(self.write, folding.met(atom)))
            folding.answers[atom] = False

    def _leaf(self, folding: Folding, found: list[n.Node]) -> None:
        out, since, until = found[0], *found[-2:]
        emitter, name = self.emitter, self.machine.tier_set.name
        rank = out.value if isinstance(out, n.Lit) else None
        assert isinstance(rank, int)  # noqa: S101 -- once its conditions are answered, the machine says a rank
        told = (since, until) if rank > self.machine.base else ()
        own = {at: self.places[one] for at, one in enumerate(told) if one in self.places}
        open_ = [one for one in told if not isinstance(one, n.Lit) and one not in self.places]
        days = [emitter.value(one, nullable=True) for one in open_]
        days += [emitter.value(one) for one in self._moved(folding, rank, until)]
        parts = dynamic_parts(self.plan.benefits[name][rank - 1] if rank else ())
        if any(_asks_standing(one, name) for one in parts):
            self._leave()  # how long the tier was held is known after the step only
            return
        saved = dict(emitter.known)
        emitter.known = {node: text for node, text in saved.items() if not self._asks_tier(node)}
        emitter.known[n.Ref(f"{name}.tier")] = str(rank)
        key = self._key(days, parts)
        emitter.known = saved
        answers = f"a{self.leaves}"
        emitter.space[answers] = _Answers(own)
        emitter.line(f"return Decision({answers}[{key}], c)")
        self.leaves += 1

    def _asks_tier(self, node: n.Node) -> bool:
        """Does a remembered value depend on the tier, which benefits read as the new one?"""
        found = self.asking.get(node)
        if found is None:
            state = {f"{self.machine.tier_set.name}.{key}" for key in ("tier", "since", "grant_from")}
            asked = any(isinstance(one, n.Ref) and one.name in state for one in n.walk_nodes(node))
            found = self.asking[node] = asked
        return found

    def _leave(self) -> None:
        """Leave the answer to the course."""
        self.emitter.line("raise UnknownValue")
        self.leaves += 1

    def _moved(self, folding: Folding, rank: int, until: n.Node) -> list[n.Node]:
        """Whether a tier that is held on ends later than it did: then its change is a renewal."""
        name = self.machine.tier_set.name
        held = self.machine.base < rank == folding.fixed[f"{name}.tier"]
        ends = tuple(n.Ref(f"{name}.until.{lane.key}") for lane in self.machine.lanes if lane.rank == rank)
        if not held or isinstance(until, n.Lit):
            return []
        before = folding.value(n.Arith("highest", ends) if len(ends) > 1 else ends[0])
        later = folding.value(n.Cmp("<", before, until))
        return [] if before == until or isinstance(later, n.Lit) else [later]

    def _key(self, days: list[str], parts: list[n.Node]) -> str:
        """What finds the answer in its table: a number where there are few answers, else what it depends on."""
        sizes = [_answers(one) for one in parts]
        weight = prod(sizes)
        if days or not 0 < weight <= MOST_KEYS:
            values = [*days, *self._answers_of(parts)]
            return values[0] if len(values) == 1 else f"({', '.join(values)})"
        terms = []
        for part, size in zip(parts, sizes, strict=True):
            weight //= size
            terms.append(self.emitter.value(_numbered(part, weight)))
        return " + ".join(terms) or "0"

    def _answers_of(self, parts: list[n.Node]) -> list[str]:
        """The answers of parts; many plain conditions are sifted at once, and their answers are one number."""
        plain = {one: found for one in parts if (found := comparisons(one))}
        if not MANY <= len(plain) <= MOST_SIFTED:
            return [self.emitter.value(one) for one in parts]
        self.emitter.space["place"] = bisect_right
        through = []
        for layer in layers(list(plain.values())):
            value = self.emitter.value(layer.value)
            bounds, table = self.emitter.constant(layer.bounds), self.emitter.constant(layer.through)
            through.append(f"{table}[place({bounds}, {value})]")
        return [" & ".join(through), *(self.emitter.value(one) for one in parts if one not in plain)]


def _asks_standing(node: n.Node, name: str) -> bool:
    """Does a part of a benefit depend on how long the tier has been held?"""
    asked = [one.name for one in n.walk_nodes(node) if isinstance(one, n.Ref)]
    return any(one.startswith((f"{name}.since", f"{name}.grant_from", f"{name}.entered.")) for one in asked)


def dynamic_parts(benefits: tuple[Benefit, ...]) -> list[n.Node]:
    """What of the benefits of a rank depends on the customer."""
    found: list[n.Node] = []
    for one in benefits:
        parts = [one.when, one.left, one.until, *(v.node for v in one.parameters.values() if isinstance(v, Typed))]
        found.extend(_choice(part) for part in parts if part is not None and not isinstance(part, n.Lit))
    return found


def _choice(node: n.Node) -> n.Node:
    """For a choice between constants its number, which is quicker to look up than a fraction."""
    if isinstance(node, n.Case) and _chooses(node):
        branches = tuple((when, n.Lit(number)) for number, (when, _) in enumerate(node.branches))
        return n.Case(branches, n.Lit(len(branches)), node.strict)
    return node


def _chooses(node: n.Case) -> bool:
    """Is it a choice between constants?"""
    return all(isinstance(one, n.Lit) for one in (*(then for _, then in node.branches), node.otherwise))


def _answers(node: n.Node) -> int:
    """How many answers a node can give; 0 for one that is not known to have few."""
    if isinstance(node, n.Case):
        return len(node.branches) + 1 if _chooses(node) else 0
    return 2 if isinstance(node, n.Certain) else 0


def _numbered(node: n.Node, step: int) -> n.Node:
    """The number of a node's answer, times `step`."""
    if isinstance(node, n.Certain):
        return n.Case(((node, n.Lit(step)),), n.Lit(0))
    assert isinstance(node, n.Case)  # noqa: S101 -- the two kinds that `_answers` counts
    branches = tuple((when, n.Lit(number * step)) for number, (when, _) in enumerate(node.branches))
    return n.Case(branches, n.Lit(len(branches) * step), node.strict)


def hot_door(plan: Plan, at: Origin, here: Situation) -> Run:
    """The function of a situation, from a customer to a decision.

    It raises Unmet where the answer is the first of its kind, and KeyError, TypeError or UnknownValue where the
    customer is none that it can answer for.
    """
    machine = plan.machines[0]
    nobody = Customer(id="", facts={}, metrics={}, events=(), membership=None, overrides=(), entries={}, dated={})
    walk = Walk(definitions={}, fields={}, customer=nobody, today=at.day, inputs=dict(here.fixed), zone=plan.zone)
    names: dict[n.Node, str] = {}
    for asked in machine.asked:
        names.setdefault(asked.node, asked.name)
    folding = Folding(
        definitions=plan.definitions,
        opaque={one.name: names[one.node] for one in machine.asked},
        fixed=dict(here.fixed),
        ranges=dict(here.ranges),
        walk=walk,
        answers={},
    )
    places = {name: place for place, name in enumerate(state_names(plan.machines))}
    emitter = Emitter(definitions=plan.definitions, given_only=True, places=places)
    emitter.known |= {n.Ref(key): emitter.constant(value) for key, value in here.fixed}
    carried: dict[n.Node, int] = {n.Ref(name): place for name, place in places.items()}
    _Writer(plan=plan, machine=machine, emitter=emitter, places=carried).write(folding)
    emitter.fetch_once()
    emitter.lines[:0] = [" f, m = c.facts, c.metrics" if plan.metrics else " f = c.facts"]
    days = [walk.value(one, at.day) for one in emitter.day_nodes]
    run: Run = made(emitter, "c", ("Decision",))(at.day, *days, Decision)
    return run
