"""The hot door: one small function for each situation that a kept record can be in.

Bound to a day, a record is in one of few situations: which lanes run on, which end today, what was
held. In a situation the whole machine folds away: what is left is a tree of the policy's own
conditions with a finished answer at each leaf. It is written out as flat `if …: return …`.
Anything unusual (a missing value, a provisional grant, a grace that runs) is left to the course.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping
from functools import partial
from math import prod
from typing import Any

from attrs import define, field, frozen

from viprules.engine.compiled.emitting import Emitter, made
from viprules.engine.compiled.sieve import comparisons, layers
from viprules.engine.days import FOREVER, NEVER
from viprules.engine.deciding.decision import Decision, Origin
from viprules.engine.deciding.history import Customer
from viprules.engine.deciding.walking import Walk, arithmetic, compare
from viprules.engine.lowering.plan import Benefit, Plan
from viprules.engine.lowering.tiers.machine import Machine
from viprules.engine.tree import nodes as n
from viprules.engine.tree.kinds import Typed

__all__ = ["Situation", "hot_door", "situation"]

OUTPUTS = ("out", "verdict", "warn", "since'", "valid_until")
MOST_LEAVES = 400
DEEPEST = 40
"""So many conditions inside each other are written out: Python has a limit to them."""
MOST_KEYS = 64
MANY = 12
MOST_SIFTED = 4096
"""A sieve takes memory with the square of its conditions: half a megabyte for a thousand."""
Run = Callable[[Mapping[str, Any], Mapping[str, Any], Customer], Any]


@frozen(kw_only=True)
class Situation:
    """What of a state is fixed, and in which range the rest lies."""

    fixed: tuple[tuple[str, Any], ...]
    ranges: tuple[tuple[str, tuple[int, int]], ...]


def situation(machine: Machine, state: Mapping[str, Any], day: int) -> Situation | None:
    """The situation of a folded state on a day; None where something unusual is going on."""
    name = machine.tier_set.name
    if any(state[f"{name}.{key}"] for key in ("grace", "missed")):
        return None
    fixed: dict[str, Any] = {
        f"{name}.{key}": state[f"{name}.{key}"]
        for key in ("tier", "floor", "ceiling", "grace", "grace_tier", "missed", "missed_tier")
    }
    ranges = {}
    for lane in machine.lanes:
        key = f"{name}.until.{lane.key}"
        until = state[key]
        if day < until < FOREVER:
            ranges[key] = (day + 1, FOREVER - 1)
        else:
            fixed[key] = until if until >= day - 1 else NEVER
    return Situation(fixed=tuple(fixed.items()), ranges=tuple(ranges.items()))


class _Open(Exception):  # noqa: N818 -- a signal inside this module
    """A condition has to be asked before more can be said."""

    def __init__(self, atom: n.Node) -> None:
        super().__init__()
        self.atom = atom


@define(kw_only=True)
class _Folding:
    """Evaluates nodes as far as a situation tells; asks for a condition where it has to."""

    definitions: Mapping[str, n.Node]
    opaque: frozenset[str]
    """Names of the policy's own conditions: asked, never looked into."""
    fixed: Mapping[str, Any]
    ranges: Mapping[str, tuple[int, int]]
    walk: Walk
    answers: dict[n.Node, bool]
    seen: dict[n.Node, n.Node] = field(factory=dict)

    def branch(self, atom: n.Node, *, answer: bool) -> _Folding:
        """The same with one condition answered."""
        return _Folding(
            definitions=self.definitions,
            opaque=self.opaque,
            fixed=self.fixed,
            ranges=self.ranges,
            walk=self.walk,
            answers=self.answers | {atom: answer},
            seen=dict(self.seen),
        )

    def value(self, node: n.Node) -> n.Node:
        """A constant, or what is left of the node: a state that passes through, arithmetic over it."""
        if isinstance(node, n.Lit):
            return node
        found = self.seen.get(node)
        if found is None:
            make = getattr(self, f"_{type(node).__name__.lower()}", None)
            found = self._rest(node) if make is None else make(node)
            self.seen[node] = found
        return found

    def truth(self, node: n.Node) -> bool:
        """The truth of a condition; raises _Open for one that has to be asked."""
        found = self.value(node)
        if isinstance(found, n.Lit):
            return found.value is True
        if found not in self.answers:
            raise _Open(found)
        return self.answers[found]

    def _ref(self, node: n.Ref) -> n.Node:
        if node.name == "day":
            return n.Lit(self.walk.today)
        if node.name in self.fixed:
            return n.Lit(self.fixed[node.name])
        if node.name in self.opaque or node.name not in self.definitions or node.name.startswith("metric."):
            return node
        return self.value(self.definitions[node.name])

    def _told(self, node: n.Told) -> n.Node:
        return node

    def _certain(self, node: n.Certain) -> n.Node:
        return n.Lit(self.truth(node.item) is node.truth)

    def _not(self, node: n.Not) -> n.Node:
        return n.Lit(not self.truth(node.item))

    def _all(self, node: n.All) -> n.Node:
        return n.Lit(all(self.truth(one) for one in node.items))

    def _any(self, node: n.Any) -> n.Node:
        return n.Lit(any(self.truth(one) for one in node.items))

    def _known(self, node: n.Known) -> n.Node:
        found = self.value(node.value)
        return n.Lit(found.value is not None) if isinstance(found, n.Lit) else n.Known(found)

    def _case(self, node: n.Case) -> n.Node:
        for when, then in node.branches:
            if self.truth(when):
                return self.value(then)
        return self.value(node.otherwise)

    def _cmp(self, node: n.Cmp) -> n.Node:
        left, right = self.value(node.left), self.value(node.right)
        if isinstance(left, n.Lit) and isinstance(right, n.Lit):
            return n.Lit(compare(node.op, left.value, right.value))
        decided = self._by_range(node.op, left, right)
        return n.Cmp(node.op, left, right) if decided is None else n.Lit(decided)

    def _by_range(self, op: str, left: n.Node, right: n.Node) -> bool | None:
        """A comparison that the ranges decide."""
        one, other = self._range(left), self._range(right)
        if one is None or other is None:
            return None
        found = {compare(op, a, b) for a in one for b in other}
        overlap = one[0] <= other[1] and other[0] <= one[1]
        if op in ("==", "!="):
            return None if overlap else op == "!="
        return found.pop() if len(found) == 1 else None

    def _range(self, node: n.Node) -> tuple[int, int] | None:
        if isinstance(node, n.Lit) and isinstance(node.value, int):
            return (node.value, node.value)
        if isinstance(node, n.Ref):
            return self.ranges.get(node.name)
        if isinstance(node, n.Arith) and node.op == "highest":
            parts = [self._range(one) for one in node.items]
            known = [one for one in parts if one is not None]
            return (max(one[0] for one in known), max(one[1] for one in known)) if len(known) == len(parts) else None
        return None

    def _arith(self, node: n.Arith) -> n.Node:
        items = tuple(self.value(one) for one in node.items)
        if all(isinstance(one, n.Lit) for one in items):
            return n.Lit(arithmetic(node.op, [one.value for one in items if isinstance(one, n.Lit)]))
        return n.Arith(node.op, items)

    def _rest(self, node: n.Node) -> n.Node:
        """Days and periods: worked out where they depend on the day alone, else left as they are."""
        parts = [one for one in n.walk_nodes(node) if isinstance(one, n.Ref | n.Fact | n.Aggregate | n.Streak | n.Told)]
        if all(isinstance(one, n.Ref) and (one.name == "day" or one.name in self.fixed) for one in parts):
            return n.Lit(self.walk.value(node, self.walk.today))
        return node


# --- writing it out -------------------------------------------------------------------------------------


@define(kw_only=True)
class _Writer:
    """Writes the tree of a situation as flat code."""

    plan: Plan
    machine: Machine
    emitter: Emitter
    folding: _Folding
    leaves: int = 0
    keys: int = 0
    """How many answers have a number of their own."""

    def write(self, folding: _Folding) -> None:
        """Ask one open condition after the other, then return the answer."""
        emitter, name = self.emitter, self.machine.tier_set.name
        while True:
            try:
                found = [folding.value(n.Ref(f"{name}.{key}")) for key in OUTPUTS]
            except _Open as open_:
                atom = open_.atom
            else:
                self._leaf(folding, found)
                return
            if self.leaves > MOST_LEAVES or emitter.depth > DEEPEST:
                self._leave()
                return
            emitter.line(f"if {emitter.value(atom)}:")
            emitter.inside(partial(self.write, folding.branch(atom, answer=True)))
            folding = folding.branch(atom, answer=False)

    def _leaf(self, folding: _Folding, found: list[n.Node]) -> None:
        out, verdict, warn, since, until = found
        emitter, name = self.emitter, self.machine.tier_set.name
        rank = out.value if isinstance(out, n.Lit) else None
        if not isinstance(rank, int) or not all(isinstance(one, n.Lit) for one in (verdict, warn)):
            self._leave()
            return
        granted = rank > self.machine.base
        days = [emitter.value(one, nullable=True) for one in (since, until) if granted and not isinstance(one, n.Lit)]
        days += [emitter.value(one) for one in self._moved(folding, rank, until)]
        parts = dynamic_parts(self.plan.benefits[name][rank - 1] if rank else ())
        if any(_asks_standing(one, name) for one in parts):
            self._leave()  # how long the tier was held is known after the step only
            return
        saved = dict(emitter.known)
        emitter.known = {node: text for node, text in saved.items() if not mentions(node, name)}
        emitter.known[n.Ref(f"{name}.tier")] = str(rank)
        key = self._key(days, parts)
        emitter.known = saved
        self.leaves += 1
        if not key.isdigit():
            emitter.line(f"key = {key}")
            key = "key"
        emitter.line(f"answer = table.get({key})")
        emitter.line(f"if answer is None: return {key}")
        emitter.line("return Decision(answer, c)")

    def _leave(self) -> None:
        """Leave the answer to the course."""
        self.emitter.line("raise UnknownValue")
        self.leaves += 1

    def _moved(self, folding: _Folding, rank: int, until: n.Node) -> list[n.Node]:
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
        """What finds the answer in the table: a number where there are few answers, else a tuple."""
        sizes = [_answers(one) for one in parts]
        total = prod(sizes)
        if days or not 0 < total <= MOST_KEYS:
            values = self._answers_of(parts)
            return f"({', '.join([str(self.leaves), *days, *values])})"
        first, weight, terms = self.keys, total, []
        self.keys += total
        for part, size in zip(parts, sizes, strict=True):
            weight //= size
            terms.append(self.emitter.value(_numbered(part, first, weight)))
            first = 0
        return " + ".join(terms) or str(first)

    def _answers_of(self, parts: list[n.Node]) -> list[str]:
        """The answers of parts; many plain conditions are sifted at once, and their answers are one number."""
        plain = {one: found for one in parts if (found := comparisons(one))}
        if not MANY <= len(plain) <= MOST_SIFTED:
            return [self.emitter.value(one) for one in parts]
        self.emitter.space |= {"left": bisect_left, "right": bisect_right}
        through = []
        for layer in layers(list(plain.values())):
            value = self.emitter.variable(self.emitter.value(layer.value))
            bounds, table = self.emitter.constant(layer.bounds), self.emitter.constant(layer.through)
            through.append(f"{table}[left({bounds}, {value}) + right({bounds}, {value})]")
        return [" & ".join(through), *(self.emitter.value(one) for one in parts if one not in plain)]


def mentions(node: Any, name: str) -> bool:
    """Does a remembered value depend on the tier, which benefits read as the new one?"""
    state = {f"{name}.tier", f"{name}.since", f"{name}.grant_from"}
    return any(isinstance(one, n.Ref) and one.name in state for one in n.walk_nodes(node))


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


def _numbered(node: n.Node, first: int, step: int) -> n.Node:
    """The number of a node's answer, times `step`, counted from `first`."""
    if isinstance(node, n.Certain):
        return n.Case(((node, n.Lit(first + step)),), n.Lit(first))
    assert isinstance(node, n.Case)  # noqa: S101 -- the two kinds that `_answers` counts
    branches = tuple((when, n.Lit(first + number * step)) for number, (when, _) in enumerate(node.branches))
    return n.Case(branches, n.Lit(first + len(branches) * step), node.strict)


def hot_door(plan: Plan, at: Origin, here: Situation) -> tuple[Run, dict[Any, Any]]:
    """The function of a situation, and the answers it has made so far.

    It takes ready-made metrics, facts and the customer and gives a decision, or the key of an answer
    that is not in the table yet; it raises where the course has to answer.
    """
    machine = plan.machines[0]
    nobody = Customer(id="", facts={}, metrics={}, events=(), membership=None, overrides=(), entries={}, dated={})
    walk = Walk(definitions={}, fields={}, customer=nobody, today=at.day, inputs=dict(here.fixed), zone=plan.zone)
    folding = _Folding(
        definitions=plan.definitions,
        opaque=frozenset(one.name for one in machine.asked),
        fixed=dict(here.fixed),
        ranges=dict(here.ranges),
        walk=walk,
        answers={},
    )
    emitter = Emitter(definitions=plan.definitions, given_only=True, state="c.state")
    emitter.known |= {n.Ref(key): emitter.constant(value) for key, value in here.fixed}
    writer = _Writer(plan=plan, machine=machine, emitter=emitter, folding=folding)
    writer.write(folding)
    emitter.fetch_once()
    table: dict[Any, Any] = {}
    days = [walk.value(one, at.day) for one in emitter.day_nodes]
    run: Run = made(emitter, "m, f, c", ("table", "Decision"))(at.day, *days, table, Decision)
    return run, table
