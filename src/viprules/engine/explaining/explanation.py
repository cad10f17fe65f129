"""The explanation: the same decision, and for every tier what each condition measured and what is missing.

It walks the tree once more after the course has run, node by node, and tells of every `Told` node:
verdict, value, window, bound, policy line, and for a bound not reached how much is missing and by
when.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from attrs import frozen

from viprules.engine.days import FOREVER, iso
from viprules.engine.deciding.decision import Decision
from viprules.engine.deciding.driving import Course
from viprules.engine.deciding.executing import Walker
from viprules.engine.deciding.walking import Walk
from viprules.engine.explaining.findings import Finding, LayerFinding, TierFinding
from viprules.engine.explaining.phrases import explanation_text
from viprules.engine.lowering.tiers.machine import Machine
from viprules.engine.tree import nodes as n
from viprules.engine.tree.calling import Function
from viprules.engine.tree.kinds import Type, shown
from viprules.errors import Problem, problem

__all__ = ["Explanation", "explained", "unknowns"]

VERDICTS = {True: "met", False: "not_met", None: "unknown"}
ASKED = ("enter", "stay", "way", "raise", "cap", "floor")
RISING = ("at_least", "more_than")


@frozen(kw_only=True)
class Explanation:
    """A decision with its reasons."""

    decision: Decision
    tier_sets: Mapping[str, tuple[TierFinding, ...]]
    """The tiers of each set, lowest first; everyone's tier has no conditions and is left out."""
    layers: Mapping[str, tuple[LayerFinding, ...]]
    """The raises, caps and floors of each set."""
    metrics: Mapping[str, str | None]
    """What every metric of the policy came to, None if unknown."""
    program_name: Mapping[str, str]
    benefit_words: Mapping[str, Mapping[str, str]]
    """What is said of each kind of benefit, by language."""

    def next_tier(self, tier_set: str) -> TierFinding | None:
        """The lowest tier above the one held."""
        above = [one for one in self.tier_sets[tier_set] if one.rank > self._rank(tier_set)]
        return above[0] if above else None

    def held_tier(self, tier_set: str) -> TierFinding | None:
        """The tier held, None for everyone's or no tier."""
        return next((one for one in self.tier_sets[tier_set] if one.held), None)

    def _rank(self, tier_set: str) -> int:
        held = self.held_tier(tier_set)
        return held.rank if held else 0

    def missing(self, tier_set: str | None = None) -> dict[str, list[Finding]]:
        """For each tier above the one held what keeps the customer from it."""
        name = tier_set or next(iter(self.tier_sets))
        above = [one for one in self.tier_sets[name] if one.rank > self._rank(name)]
        return {one.tier: list(one.enter.lacking()) for one in above if one.enter}

    def because(self, tier_set: str | None = None) -> list[Finding]:
        """The conditions that are met and give the tier held: of entering, staying, a way, a raise or a floor."""
        name = tier_set or next(iter(self.tier_sets))
        held = self.held_tier(name)
        if held is None:
            return []
        parts = [one for one in (held.enter, held.stay, *(way for _, way in held.ways)) if one]
        parts += [one.found for one in self.layers[name] if one.kind != "cap"]
        return [reason for one in parts for reason in one.reasons()]

    def as_dict(self) -> dict[str, Any]:
        """The decision and every finding as plain data for JSON."""
        return {
            "decision": self.decision.as_dict(),
            "tier_sets": {name: self._set_dict(name) for name in self.tier_sets},
        }

    def _set_dict(self, name: str) -> dict[str, Any]:
        following, held = self.next_tier(name), self.held_tier(name)
        nearer = list(following.enter.lacking()) if following and following.enter else []
        keep = (held.stay or held.enter) if held else None
        return {
            "tiers": [one.as_dict() for one in self.tier_sets[name]],
            "layers": [one.as_dict() for one in self.layers[name]],
            "next": {"tier": following.tier, "missing": [one.as_dict() for one in nearer]} if following else None,
            "stay": {"tier": held.tier, "missing": [one.as_dict() for one in keep.lacking()]}
            if held and keep
            else None,
        }

    def text(self, language: str = "en") -> str:
        """The explanation for people, in English or Chinese."""
        return explanation_text(self.decision, self.tier_sets, self.layers, self.benefit_words, language)


def explained(course: Course, decision: Decision, program_name: Mapping[str, str]) -> Explanation:
    """The explanation of a decision that the walk gave on this course."""
    teller = _Teller(walk=_walk(course), course=course)
    return Explanation(
        decision=decision,
        program_name=program_name,
        benefit_words=course.plan.benefit_words,
        tier_sets={one.tier_set.name: tuple(teller.tiers(one)) for one in course.plan.machines},
        layers={one.tier_set.name: tuple(teller.layers(one)) for one in course.plan.machines},
        metrics=dict(teller.metrics()),
    )


def _walk(course: Course) -> Walk:
    """The walk of the last step: what the conditions were asked with."""
    inputs = course.before | course.overrides(course.today)
    if course.instant is not None and course.today == course.day:
        inputs["instant"] = course.instant
    return Walker(plan=course.plan).walk(course.customer, course.today, inputs, course.tiers)


@frozen(kw_only=True)
class _Teller:
    walk: Walk
    course: Course

    def tiers(self, one: Machine) -> Iterator[TierFinding]:
        name, held = one.tier_set.name, self.course.outputs[f"{one.tier_set.name}.out"]
        for rank, tier in enumerate(one.tier_set.tiers, 1):
            if rank <= one.base:
                continue
            ways = [
                (lane.cause, self._found(f"{name}.way.{lane.key}"))
                for lane in one.lanes
                if lane.way and lane.rank == rank
            ]
            yield TierFinding(
                tier=tier.id,
                name=tier.name,
                rank=rank,
                held=rank == held,
                enter=self._found(f"{name}.enter.{rank}") if tier.enter else None,
                stay=self._found(f"{name}.stay.{rank}") if tier.stay else None,
                ways=tuple(ways),
            )

    def layers(self, one: Machine) -> Iterator[LayerFinding]:
        """Raises, caps and floors in the order in which they are judged."""
        ladder = one.tier_set
        for layer in ladder.raises:
            yield self._layer(ladder.name, "raise", layer.id, by=layer.by)
        for kind, layers in (("cap", ladder.caps), ("floor", ladder.floors)):
            for each in layers:
                yield self._layer(ladder.name, kind, each.id, tier=each.tier)

    def _layer(self, name: str, kind: str, identity: str, **more: Any) -> LayerFinding:
        found = self._found(f"{name}.{kind}.{identity}")
        whole = Finding(what=identity, kind=kind, verdict=found.verdict, parts=(found,), source=found.source)
        return LayerFinding(kind=kind, id=identity, found=whole, **more)

    def metrics(self) -> Iterator[tuple[str, str | None]]:
        """Every metric as people write it."""
        for name, typed in self.course.plan.metrics.items():
            value = self._value(n.Ref(f"metric.{name}"))
            yield name, None if value is None else shown(value, typed.type)

    def _found(self, name: str) -> Finding:
        """What a condition came to; each is made of nodes that tell, or its policy would have been refused."""
        parts = self.told(self.course.plan.definitions[name])
        verdict = VERDICTS[self.walk.of(name)]
        if len(parts) == 1 and parts[0].verdict == verdict:
            return parts[0]
        return Finding(what="all", kind="all", verdict=verdict, parts=tuple(parts))

    def told(self, node: n.Node) -> list[Finding]:
        """What is told of a node: of itself, or of what lies under it."""
        if isinstance(node, n.Told):
            return [self._finding(node)]
        if isinstance(node, n.Ref) and node.name in self.course.plan.definitions:
            return self.told(self.course.plan.definitions[node.name])
        return [found for child in n.children(node) for found in self.told(child)]

    def _finding(self, node: n.Told) -> Finding:
        verdict = self._value(node.item)
        if node.measured is None:
            parts = tuple(self.told(node.item))
            return Finding(
                what=node.label,
                kind=node.kind,
                verdict=VERDICTS[verdict],
                parts=parts,
                source=node.source,
                unknown=self._unknown(node, verdict),
                words=dict(node.words),
            )
        kind = self._type(node)
        value, bound = self._value(node.measured), self._value(node.bound)
        window = self._window(node)
        gap = _gap(node.kind, value, bound) if kind.numeric else None
        return Finding(
            what=node.label,
            kind=node.kind,
            verdict=VERDICTS[verdict],
            value=None if value is None else shown(value, kind),
            bound=None if bound is None else shown(bound, kind),
            upper=None if node.upper is None else shown(self._value(node.upper), kind),
            window=window,
            missing=None if verdict or gap is None else shown(gap, kind),
            by=window[1] if window and verdict is not True and gap else None,
            unknown=self._unknown(node, verdict),
            source=node.source,
        )

    def _value(self, node: n.Node | None) -> Any:
        return None if node is None else self.walk.value(node, self.walk.today)

    def _type(self, node: n.Told) -> Type:
        """How values are written: ranks by their words, days as dates."""
        if node.unit in ("scale", "tier", "date"):
            return _type_of(node, self.course)
        return Type(kind=node.unit or "number", decimals=node.decimals)

    def _window(self, node: n.Told) -> tuple[str, str] | None:
        """The days that were looked at; the last day is that of the window's period, where it has one."""
        if node.window is None:
            return None
        first, last = (self._value(one) for one in node.window)
        if first is None or last is None:
            return None
        ends = next(
            (one for one in n.walk_nodes(node.window[0]) if isinstance(one, n.PeriodDay) and one.day == n.TODAY), None
        )
        if ends is not None and node.window[1] == n.TODAY:
            end = self._value(n.PeriodDay(ends.length, ends.anchor, ends.day, 1))
            last = end - 1 if isinstance(end, int) else last
        return (iso(max(first, 1)), iso(min(last, FOREVER)))

    def _unknown(self, node: n.Told, verdict: Any) -> tuple[str, ...]:
        return tuple(dict.fromkeys(missing_facts(node.item, self.walk))) if verdict is None else ()


def _type_of(node: n.Told, course: Course) -> Type:
    if node.unit == "date":
        return Type(kind="date")
    # `tier` is that of the ladder at hand, and another ladder goes by its own name.
    owner = node.measured.name.partition(".")[0] if isinstance(node.measured, n.Ref) else ""
    for one in course.plan.machines:
        if node.unit == "tier" and one.tier_set.name in (node.label, owner):
            return Type(kind="tier", options=tuple(tier.id for tier in one.tier_set.tiers))
    return course.plan.types.get(node.label, Type(kind="number"))


def _gap(kind: str, value: Any, bound: Any) -> Any:
    """What is missing to a lower bound; one unit more where it has to be passed."""
    if kind not in RISING or value is None or bound is None:
        return None
    gap = bound - value + (kind == "more_than")
    return gap if gap > 0 else None


def missing_facts(node: n.Node, walk: Walk, day: int | None = None) -> Iterator[str]:
    """The facts and measures under a node that are unknown, today or on another day."""
    at = walk.today if day is None else day
    for one in n.walk_nodes(node):
        if isinstance(one, n.Fact) and walk.value(one, at) is None:
            yield one.name
        elif isinstance(one, n.Ref) and one.name.startswith("metric.") and walk.value(one, at) is None:
            yield one.name.removeprefix("metric.")
        elif isinstance(one, n.Call):
            yield from _failure(one, walk.values(one.items, at))


def _failure(node: n.Call, items: list[Any]) -> Iterator[str]:
    """The plug-in's function that had all that it needs and gave nothing, with its reason."""
    function = node.function
    if None not in items and isinstance(function, Function):
        value, reason = function.tried(*items)
        if value is None:
            yield f"{function.name} ({reason})"


def unknowns(course: Course) -> tuple[Problem, ...]:
    """A problem for each condition of a tier that could not be judged."""
    walk, found = _walk(course), []
    for one in course.plan.machines:
        for binding in one.bindings:
            stage = binding.name.removeprefix(f"{one.tier_set.name}.").partition(".")[0]
            if stage in ASKED and walk.of(binding.name) is None:
                missing = dict.fromkeys(missing_facts(binding.node, walk))
                label = _label(binding.name, one)
                found.append(problem("unknown", None, name=label, missing="\n".join(missing)))
        found.extend(_pending(course, one, walk))
    return tuple(found)


def _pending(course: Course, one: Machine, walk: Walk) -> Iterator[Problem]:
    """The judgement that waits for what was missing on its day."""
    name = one.tier_set.name
    day, rank = course.state[f"{name}.missed"], course.state[f"{name}.missed_tier"]
    if day and rank and day != walk.today:
        node = course.plan.definitions[f"{name}.stay.{rank}"]
        missing = dict.fromkeys(missing_facts(node, walk, day))
        label = f"{one.tier_set.tiers[rank - 1].id}.stay ({iso(day)})"
        yield problem("unknown", None, name=label, missing="\n".join(missing))


def _label(name: str, one: Machine) -> str:
    """`gold.enter` for `tier.enter.3`."""
    _, stage, rest = name.split(".", 2)
    return f"{one.tier_set.tiers[int(rest) - 1].id}.{stage}" if rest.isdigit() else f"{rest}.{stage}"
