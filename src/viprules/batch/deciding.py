"""Deciding many customers at once: what precedes the day in Python, the day itself in one statement.

The way from the last decided day to the eve is the course that every executor takes; its last step,
that of the day asked, is left to DuckDB.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from typing import Any

import duckdb
from attrs import define
from sqlglot import exp

from viprules.batch.layout import CUSTOMERS, Table, dated, keyed
from viprules.batch.space import Expr
from viprules.batch.statement import Premises, Statement, statement
from viprules.engine.days import FOREVER
from viprules.engine.deciding.decision import Standing
from viprules.engine.deciding.driving import Course
from viprules.engine.deciding.executing import Outputs
from viprules.engine.deciding.history import Customer
from viprules.engine.deciding.moments import as_day
from viprules.engine.deciding.outcomes import days_of, tier_id
from viprules.engine.lowering.plan import Plan
from viprules.engine.program import Program
from viprules.engine.tree.nodes import Lit

__all__ = ["connected", "decide_all", "last_steps", "step_all"]

Row = dict[str, Any]
SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": "false", "autoinstall_known_extensions": "false", "autoload_known_extensions": "false",
    "memory_limit": "2GB",
    "threads": "2",
    "lock_configuration": "true",
}  # fmt: skip


def decide_all(program: Program, customers: Iterable[Customer], as_of: Any) -> dict[str, dict[str, Standing]]:
    """Where each customer stands in every tier set as of the end of a day, by id.

    Raises NotStatic where the policy is not static (see `why_not`), UsageError where `as_of` is no day.
    """
    people = list(customers)
    courses = step_all(program, people, as_of)
    return {one.id: _standings(program.plan, course) for one, course in zip(people, courses, strict=True)}


def _standings(plan: Plan, course: Course) -> dict[str, Standing]:
    days = days_of(course)
    return {
        one.tier_set.name: Standing(
            tier=tier_id(one, course.outputs[f"{one.tier_set.name}.out"]), change=course.change(one),
            since=_date(days[2 * number]), valid_until=_date(days[2 * number + 1]),
            warned=course.outputs[f"{one.tier_set.name}.warn"] is True,
        )
        for number, one in enumerate(plan.machines)
    }  # fmt: skip


def _date(day: int | None) -> date | None:
    return None if day is None else date.fromordinal(day)


def step_all(program: Program, customers: Iterable[Customer], as_of: Any) -> list[Course]:
    """A course for each customer whose last step was taken by the statement."""
    courses = [_to_the_eve(program, one, as_day(as_of)) for one in customers]
    for course, outputs in zip(courses, last_steps(program.plan, courses), strict=True):
        course.outputs = outputs
    return courses


def last_steps(plan: Plan, courses: Sequence[Course]) -> list[Outputs]:
    """What the last step of each course leaves behind, by one statement; all are asked as of one day.

    Only what precedes that step is taken from a course: the state before it, and the customer.
    """
    if not courses:
        return []
    (day,) = {one.day for one in courses}
    return list(_run(statement(plan, day, _premises(plan, courses)), courses))


def _premises(plan: Plan, courses: Sequence[Course]) -> Premises:
    missed = {
        one.tier_set.name: tuple(sorted({c.before[f"{one.tier_set.name}.missed"] for c in courses} - {0}))
        for one in plan.machines
    }
    return Premises(
        missed=missed,
        given=frozenset(name for one in courses for name in one.customer.metrics),
        since=min(one.customer.first_day for one in courses),
    )


class _Reached(Exception):  # noqa: N818 -- a signal
    """The last step is due."""


@define(kw_only=True)
class _ToTheEve(Course):
    """A course that leaves the last step to another executor."""

    def _outputs(self, customer: Customer, day: int) -> Outputs:
        if day == self.day:
            raise _Reached
        return Course._outputs(self, customer, day)  # noqa: SLF001 -- slotted classes cannot say super() here


def _to_the_eve(program: Program, customer: Customer, day: int) -> Course:
    course = _ToTheEve(
        plan=program.plan, executor=program.compiled, customer=customer, day=day, digest=program.digest[:12]
    )
    with suppress(_Reached):
        course.run()
    return course


# --- the database ---------------------------------------------------------------------------------------


def connected() -> duckdb.DuckDBPyConnection:
    """A database in memory that reads no file, loads no extension and cannot be told otherwise."""
    return duckdb.connect(config=SETTINGS)


def _run(asked: Statement, courses: Sequence[Course]) -> Iterator[Outputs]:
    """The outputs of every machine for each course, in order."""
    rows: dict[str, list[Row]] = {name: [] for name in asked.layout}
    for number, course in enumerate(courses):
        for name, row in _rows(course, number):
            rows[name].append(row)
    with connected() as connection:
        for name, table in asked.layout.items():
            _fill(connection, table, rows[name])
        found = connection.execute(asked.sql, dict(asked.values))
        names = [one[0] for one in found.description]
        by_owner = {}
        for values in found.fetchall():
            row = dict(zip(names, values, strict=True))
            by_owner[row[asked.owner]] = row
    for number in range(len(courses)):
        row = by_owner[number]
        yield {name: one.value if isinstance(one, Lit) else row[one] for name, one in asked.outputs.items()}


def _fill(connection: Any, table: Table, rows: Sequence[Row]) -> None:
    """A table made of lists that are bound, one for each column."""
    lists: list[Expr] = []
    values = {}
    for what, name in table.columns.items():
        values[name] = [row.get(what) for row in rows]
        given = exp.cast(exp.Parameter(this=exp.Var(this=name)), f"{table.types[what]}[]", dialect="duckdb")
        lists.append(exp.Anonymous(this="unnest", expressions=[given]).as_(name))
    made = exp.Create(this=exp.to_table(table.name), kind="TABLE", expression=exp.Select(expressions=lists))
    connection.execute(made.sql(dialect="duckdb"), values)


def _rows(course: Course, number: int) -> Iterator[tuple[str, Row]]:
    """What is known of a customer, as rows of tables."""
    customer, day = course.customer, course.day
    state = course.before | course.overrides(day)
    row: Row = {"id": number, "first_day": customer.first_day} | {f"state {name}": one for name, one in state.items()}
    row |= {f"given {name}": value for name, value in customer.metrics.items()}
    for name, value in customer.facts.items():
        if not isinstance(value, Mapping):
            row[f"fact {name}"] = value
        else:
            for key, one in value.items():
                yield keyed(name), _entry(number, day=key, known=0, **{"field value": one})
    yield CUSTOMERS, row
    for name, (days, values) in customer.dated.items():
        for one, value in zip(days, values, strict=True):
            yield dated(name), _entry(number, day=one, known=one, place=one, **{"field value": value})
    for event, entries in customer.entries.items():
        for place, entry in enumerate(entries):
            fields = {f"field {name}": value for name, value in entry.fields.items()}
            fields |= {f"minus {name}": value for name, value in (entry.minus or {}).items()}
            yield event, _entry(
                number, place=place, day=entry.day, instant=entry.instant, known=entry.known, gone=entry.gone,
                left=entry.weight >= 0, differs=entry.minus is not None, **fields,
            )  # fmt: skip


def _entry(owner: int, **values: Any) -> Row:
    return {"owner": owner, "place": 0, "instant": 0, "gone": FOREVER, "left": True, "differs": False} | values
