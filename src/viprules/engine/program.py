"""The program: a policy ready to decide. Immutable, shared between threads, named by its digest."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from attrs import define, evolve, field, frozen

from viprules.engine.compiled.compiling import Compiled
from viprules.engine.compiled.emitting import UnknownValue
from viprules.engine.compiled.folding import Situation, situation
from viprules.engine.compiled.situations import Run, Unmet, hot_door
from viprules.engine.deciding.decision import Answer, Decision, Result
from viprules.engine.deciding.doors import admit
from viprules.engine.deciding.driving import Course
from viprules.engine.deciding.executing import Executor, Walker
from viprules.engine.deciding.grants import state_names
from viprules.engine.deciding.history import Customer
from viprules.engine.deciding.moments import as_moment
from viprules.engine.deciding.outcomes import days_of, next_change_of, outcome_of, proposals_of
from viprules.engine.lowering.plan import Plan
from viprules.engine.policy.model import Policy, TierSet
from viprules.errors import Problem, UsageError

if TYPE_CHECKING:
    from viprules.engine.explaining.explanation import Explanation

__all__ = ["At", "Program"]

REMEMBERED = 64
REMEMBERED_RECORDS = 1_000_000
REMEMBERED_SITUATIONS = 256


@frozen(kw_only=True, eq=False)
class Program:
    """A policy lowered and compiled; made by `viprules.load`.

    `decide` answers for one customer as of a day. `at(as_of)` binds the day once, for many.
    """

    plan: Plan = field(repr=False)
    walker: Walker = field(repr=False)
    compiled: Compiled = field(repr=False)
    digest: str
    """SHA-256 of the policy's text, as hexadecimal digits."""
    warnings: tuple[Problem, ...] = field(default=(), repr=False)
    """What the policy's author may want to know; nothing that keeps it from running."""
    _bound: dict[date | str, At] = field(factory=dict, repr=False)

    @property
    def policy(self) -> Policy:
        """The policy's values."""
        return self.plan.policy

    @property
    def id(self) -> str:
        """The programme's id."""
        return self.policy.program.id

    @property
    def name(self) -> Mapping[str, str]:
        """The programme's name by language."""
        return self.policy.program.name

    @property
    def timezone(self) -> str:
        """The IANA time zone of its days."""
        return self.policy.program.timezone

    @property
    def tier_sets(self) -> tuple[TierSet, ...]:
        """Its ladders."""
        return self.policy.tier_sets

    def customer(
        self,
        *,
        id: str = "",  # noqa: A002 -- the word that every system uses
        facts: Mapping[str, Any] | None = None,
        events: Any = (),
        membership: Any = None,
        metrics: Mapping[str, Any] | None = None,
        overrides: Any = (),
        amounts: str = "exact",
    ) -> Customer:
        """A customer, checked and typed once, ready for many decisions.

        `events` are mappings `{type, id, at, <field>: …}`, `at` a date, a datetime or ISO text;
        `membership` the record of the last decision, or a row `{tier, valid_until, since, recorded}`
        of a plain table; `metrics` values worked out elsewhere. Amounts are in major units: whole
        numbers, decimals or text; `amounts="float-cents"` admits floats of whole minor units.
        Raises DataError with every problem found.
        """
        stated = {
            "id": id,
            "facts": facts,
            "events": events,
            "membership": membership,
            "metrics": metrics,
            "overrides": overrides,
            "amounts": amounts,
        }
        return admit(self.plan, stated)

    def at(self, as_of: Any) -> At:
        """The program with a day bound: the door for many decisions as of one day.

        `as_of` is a date or ISO text (the end of that programme day) or a datetime (an instant:
        ways in are asked, what ends with the day is not). Raises UsageError for anything else.
        """
        plain = (
            type(as_of) is date or type(as_of) is str
        )  # equal datetimes may be two instants: the hour that comes twice
        found = self._bound.get(as_of) if plain else None
        if found is None:
            found = At.of(self, as_moment(as_of))
            if plain and len(self._bound) < REMEMBERED:
                self._bound[as_of] = found
        return found

    def decide(self, customer: Customer | Mapping[str, Any], *, as_of: Any) -> Decision:
        """The decision for a customer as of a day or an instant."""
        return self.at(as_of).decide(customer)

    def explain(self, customer: Customer | Mapping[str, Any], *, as_of: Any) -> Explanation:
        """The same decision with every condition, what it measured, and what is missing."""
        from viprules.engine.explaining.explanation import explained

        at, admitted = self.at(as_of), self.admitted(customer)
        course = at.walked(admitted)
        return explained(course, at.decision(admitted, course), self.name)

    def replay(self, customer: Customer | Mapping[str, Any], *, as_of: Any) -> tuple[Decision, ...]:
        """The membership history from the first event: a decision for each day on which the standing changed."""
        at = self.at(as_of)
        return at.replay(evolve(self.admitted(customer), membership=None, cache={}))

    def admitted(self, customer: Customer | Mapping[str, Any]) -> Customer:
        """A customer as given, or made of a mapping."""
        if isinstance(customer, Customer):
            return customer
        if not isinstance(customer, Mapping):
            raise UsageError("a customer is what `program.customer(…)` gives, or a mapping of its arguments")
        return admit(self.plan, customer)


@define(eq=False)
class At:
    """A program with a day (or an instant of it) bound; made by `program.at(as_of)`."""

    program: Program
    day: int
    instant: int | None
    runs: dict[str, Run | None] = field(factory=dict)
    """The functions of the situations met so far, by the key of a customer's record; None where the course answers."""
    doors: dict[Situation, Run] = field(factory=dict)
    """The same by situation."""

    @property
    def policy(self) -> str:
        """The policy's short name in rows and records: the beginning of its digest."""
        return self.program.digest[:12]

    @classmethod
    def of(cls, program: Program, moment: int | datetime) -> At:
        """Bind a day or an instant."""
        if isinstance(moment, datetime):
            instant = program.plan.zone.instant(moment)
            return cls(program=program, day=program.plan.zone.day_of(instant), instant=instant)
        return cls(program=program, day=moment, instant=None)

    def decide(self, customer: Customer | Mapping[str, Any]) -> Decision:
        """The decision for a customer; a mapping is admitted first."""
        try:
            return self.runs[customer.key](customer)  # type: ignore[arg-type,misc,union-attr]  # a mapping has no key, a run may be missing
        except Unmet as first:
            decision = self.slow(customer)  # type: ignore[arg-type]  # only a customer gets as far as this
            first.keep(decision.answer)
            return decision
        except (KeyError, AttributeError, TypeError, UnknownValue):
            pass  # nothing that a function was made for, or not yet
        if not isinstance(customer, Customer):
            return self.decide(self.program.admitted(customer))
        if customer.key and customer.key not in self.runs and len(self.runs) < REMEMBERED_RECORDS:
            self.runs[customer.key] = self._door(customer)
        return self.slow(customer)

    def _door(self, customer: Customer) -> Run | None:
        """The function for the situation of a customer's record, where it is one that steps once."""
        plan = self.program.plan
        names = state_names(plan.machines)
        once = self.instant is None and len(plan.machines) == 1 and customer.through in (0, self.day - 1)
        here = None
        if once and len(names) == len(customer.state):
            here = situation(plan.machines[0], dict(zip(names, customer.state, strict=True)), self.day)
        if here is not None and here not in self.doors and len(self.doors) < REMEMBERED_SITUATIONS:
            self.doors[here] = hot_door(plan, self, here)
        return self.doors.get(here)  # type: ignore[arg-type]  # no situation has no function

    def slow(self, customer: Customer) -> Decision:
        """The decision by way of a course: for everything that the fast door leaves aside."""
        course = self._run(customer, self.program.compiled)
        customer.cache["run", self._key] = course
        return self.decision(customer, course)

    def walk(self, customer: Customer) -> Decision:
        """The decision as the reference walk gives it."""
        return self.decision(customer, self.walked(customer))

    def walked(self, customer: Customer) -> Course:
        """The course by the reference walk."""
        return self._run(customer, self.program.walker)

    def day_by_day(self, customer: Customer) -> Decision:
        """The same decision where every day since the first event was asked: slow, for those who compare."""
        course = self._course(customer, self.program.compiled)
        course.every_day = True
        return self.decision(customer, course.run())

    def replay(self, customer: Customer) -> tuple[Decision, ...]:
        """A decision for each step after which the standing differs from before."""
        found: list[Decision] = []
        course = self._course(customer, self.program.compiled)
        for here in course.steps():
            decision = At(program=self.program, day=here.today, instant=None).decision(customer, here)
            key = (decision.outcome.tiers, decision.days)
            if not found or key != (found[-1].outcome.tiers, found[-1].days):
                found.append(decision)
                here.compare_here()
        return tuple(found)

    def course(self, customer: Customer) -> Result:
        """What the decision leaves behind; worked out once for each customer."""
        key = self._key
        found: Result | None = customer.cache.get(key)
        if found is None:
            run = customer.cache.pop(("run", key), None) or self._run(customer, self.program.compiled)
            found = customer.cache[key] = self.result(run)
        return found

    @property
    def _key(self) -> tuple[str, int, int | None]:
        """Under which a customer keeps what was worked out for this policy and moment."""
        return (self.program.digest, self.day, self.instant)

    def _course(self, customer: Customer, executor: Executor) -> Course:
        return Course(
            plan=self.program.plan,
            executor=executor,
            customer=customer,
            day=self.day,
            instant=self.instant,
            digest=self.policy,
        )

    def _run(self, customer: Customer, executor: Executor) -> Course:
        return self._course(customer, executor).run()

    def decision(self, customer: Customer, course: Course) -> Decision:
        """The decision that a finished course amounts to."""
        return Decision(Answer(outcome_of(course), days_of(course), self), customer)

    def result(self, course: Course) -> Result:
        """What a finished course leaves behind."""
        from viprules.engine.explaining.explanation import unknowns

        return Result(
            grants=course.grants,
            bounds=course.bounds,
            membership=course.membership,
            next_change=next_change_of(course),
            proposals=proposals_of(course),
            problems=unknowns(course),
        )
