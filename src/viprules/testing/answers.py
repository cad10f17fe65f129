"""What an example came to for somebody, and the expressions of a policy, in forms that can be compared."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from attrs import evolve, field, fields, frozen

from viprules.engine.explaining.findings import Finding
from viprules.engine.tree import nodes as n
from viprules.testing.people import Person
from viprules.testing.trials import NAME, Trial

if TYPE_CHECKING:
    from viprules.engine.explaining.explanation import Explanation
    from viprules.engine.policy.describing import TermType
    from viprules.engine.program import Program

__all__ = ["Unchanged", "answer", "by_day", "calls", "middle", "own_words", "said", "shape", "verdict"]

LONGEST = 12
"""Characters of a value with which others are compared: a fraction without end is none."""


def answer(trial: Trial, program: Program, person: Person) -> Any:
    """What the example came to for somebody; None if it is unknown."""
    told = program.explain(person.stated, as_of=person.day)
    if trial.is_benefit:
        return tuple((one.kind, str(dict(one.parameters))) for one in told.decision.benefits)
    if trial.is_criterion:
        return {"met": True, "not_met": False}.get(verdict(told))
    return told.metrics[NAME]


def verdict(told: Explanation) -> str:
    """Whether the condition of the tier on trial is met; nothing where there is none."""
    found = next(one for one in next(iter(told.tier_sets.values())) if one.tier == NAME)
    return found.enter.verdict if found.enter else ""


def said(given: Any) -> str:
    """An answer in a sentence."""
    if given is None or isinstance(given, bool):
        return {True: "met", False: "not met", None: "unknown"}[given]
    return f"`{given}`"


def own_words(trial: Trial, told: Explanation, language: str) -> str:
    """What the explanation's text says in the word's own words; nothing where it says none."""
    text = told.text(language)
    if trial.is_benefit:
        lines = (line.strip() for line in text.splitlines())
        mine = next((one for one in lines if one.startswith(f"- {trial.word}")), "")
        return mine.removeprefix(f"- {trial.word}").lstrip(":： ")
    found = [one for tiers in told.tier_sets.values() for tier in tiers for one in _within(tier.enter)]
    words = next((one.words.get(language, "") for one in found if one.what == trial.word), "")
    return words if words in text else ""


def _within(finding: Finding | None) -> Iterator[Finding]:
    if finding is not None:
        yield finding
        for one in finding.parts:
            yield from _within(one)


def middle(program: Program, answers: Sequence[Any]) -> str:
    """A test of a value that some customers pass and others do not; nothing where there is none."""
    known = [one for one in answers if one is not None and 0 < len(one) <= LONGEST]
    kind = program.plan.metrics[NAME].type
    if not known or kind.many:
        return ""
    if kind.kind in ("text", "true_false"):
        return f"{{equals: {known[0]}}}"
    if kind.numeric:
        known.sort(key=float)
    elif kind.options:
        known.sort(key=kind.options.index)
    else:
        known.sort()
    return f"{{at_least: {known[len(known) // 2]}}}"


def by_day(some: Sequence[Person]) -> list[tuple[date, list[Person]]]:
    """The customers by the day to ask for, the day with most of them first."""
    found: dict[date, list[Person]] = {}
    for one in some:
        found.setdefault(one.day, []).append(one)
    return sorted(found.items(), key=lambda each: -len(each[1]))


# --- expressions ---------------------------------------------------------------------------------------


def calls(program: Program) -> bool:
    """Whether a policy runs functions of plug-ins."""
    return any(isinstance(one, n.Call) for one in _nodes(program))


def shape(program: Program) -> list[str]:
    """The nodes of a policy without what is of this process: functions by their names."""
    return [_as_text(one) for one in _nodes(program)]


def _nodes(program: Program) -> Iterator[n.Node]:
    plan = program.plan
    held = [one for ranks in plan.benefits.values() for given in ranks for one in given]
    given = [part for one in held for part in (one.when, one.left, one.until, *one.parameters.values())]
    for node in (*plan.definitions.values(), *plan.fields.values(), *(getattr(one, "node", one) for one in given)):
        if isinstance(node, n.Node):
            yield from n.walk_nodes(node)


def _as_text(node: n.Node) -> str:
    if isinstance(node, n.Call):
        return f"Call {getattr(node.function, 'name', '?')} {len(node.items)}"
    own = [getattr(node, one.name) for one in fields(type(node))]  # type: ignore[arg-type]  # every kind is an attrs class
    return f"{type(node).__name__} {[one for one in own if not _has_nodes(one)]}"


def _has_nodes(value: Any) -> bool:
    return isinstance(value, n.Node) or (isinstance(value, tuple) and any(map(_has_nodes, value)))


@frozen
class Unchanged:
    """Compiles a term, and notes what of its inputs is different afterwards."""

    inner: Callable[..., Any]
    changed: list[str] = field(factory=list)

    @classmethod
    def around(cls, term: TermType, changed: list[str]) -> TermType:
        """The term, watched."""
        return evolve(term, compile=cls(term.compile, changed))

    def __call__(self, parameters: Any, scope: Any) -> Any:
        """What the term compiles to."""
        before, noted = (repr(parameters), repr(scope.policy)), list(scope.problems)
        found = self.inner(parameters, scope)
        for what, old, now in zip(
            ("its parameters", "the policy"), before, map(repr, (parameters, scope.policy)), strict=True
        ):
            if old != now:
                self.changed.append(what)
        if scope.problems[: len(noted)] != noted:
            self.changed.append("the problems that were noted before")
        return found
