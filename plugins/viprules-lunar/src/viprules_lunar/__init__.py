"""The Chinese calendar for viprules: lunar birthdays and festivals, as criteria and as days."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from attrs import frozen

from viprules.api import DATE, TRUTH, Example, FactName, Scope, TermType, Typed, call, hookimpl, key, nodes
from viprules_lunar.calendar import FIRST, LAST, YEARS, Leap, Missing, festival_day, next_birthday

__all__ = ["VIPRULES_CONTRACT", "viprules_terms"]

VIPRULES_CONTRACT = 1

Festival = Literal[
    "spring_festival", "lantern_festival", "qingming", "dragon_boat", "qixi", "zhongyuan", "mid_autumn", "double_ninth",
    "laba", "winter_solstice", "new_years_eve",
]  # fmt: skip
NAMED = "春节、元宵、清明、端午、七夕、中元、中秋、重阳、腊八、冬至、除夕"
DAYS = {"minimum": 0, "maximum": 60}


@frozen(kw_only=True)
class Birthday:
    """The lunar birthday of a customer, from the date of birth in the common calendar."""

    of: FactName = key("the fact with the date of birth", examples=["born"])
    leap: Leap = key(
        "born in a leap month: celebrated in the `same_month`, or in the `leap_month` of years that have it",
        default="same_month",
        examples=["leap_month"],
    )
    missing_day: Missing = key(
        "born on the 30th, in a month of 29 days: on its `last_day`, on the `next_day`, or `none` in that year",
        default="last_day",
        examples=["next_day"],
    )


@frozen(kw_only=True)
class BirthdayWindow(Birthday):
    """Whether the day asked is the customer's lunar birthday, or near it."""

    before: int = key("so many days before count as well", default=0, examples=["7"], schema=DAYS)
    after: int = key("so many days after count as well", default=0, examples=["0"], schema=DAYS)


@frozen(kw_only=True)
class FestivalDay:
    """A festival of the Chinese calendar."""

    name: Festival = key(f"the festival; in Chinese {NAMED}", examples=["mid_autumn"])


@frozen(kw_only=True)
class FestivalWindow(FestivalDay):
    """Whether the day asked is a festival, or near it."""

    before: int = key("so many days before count as well", default=0, examples=["3"], schema=DAYS)
    after: int = key("so many days after count as well", default=0, examples=["6"], schema=DAYS)


TODAY = Typed(node=nodes.TODAY, type=DATE)


def lunar_birthday(parameters: BirthdayWindow, scope: Scope) -> Typed:
    """A function of the day and the date of birth: what a lunar birthday is cannot be said with months and days."""

    def near(today: date, born: date) -> bool | None:
        found = _next(parameters, date.fromordinal(today.toordinal() - parameters.after), born)
        return None if found is None else (found - today).days <= parameters.before

    return call("lunar_birthday", near, TODAY, scope.fact(parameters.of), gives=TRUTH)


def next_lunar_birthday(parameters: Birthday, scope: Scope) -> Typed:
    """The first lunar birthday on or after the day asked."""
    return call(
        "next_lunar_birthday",
        lambda today, born: _next(parameters, today, born),
        TODAY,
        scope.fact(parameters.of),
        gives=DATE,
    )


def _next(parameters: Birthday, today: date, born: date) -> date | None:
    return next_birthday(born, today, parameters.leap, parameters.missing_day)


def festival(parameters: FestivalWindow, _scope: Scope) -> Typed:
    """Made of constants, so it is compiled and runs in the batch: the days of two centuries, in the range."""
    spans = (
        nodes.All(
            (
                nodes.Cmp(">=", nodes.TODAY, nodes.Lit(day - parameters.before)),
                nodes.Cmp("<=", nodes.TODAY, nodes.Lit(day + parameters.after)),
            )
        )
        for day in _days(parameters.name)
    )
    return Typed(node=_in_range(nodes.Any(tuple(spans))), type=TRUTH)


def next_festival(parameters: FestivalDay, _scope: Scope) -> Typed:
    """The first day of the festival on or after the day asked."""
    branches = tuple((nodes.Cmp("<=", nodes.TODAY, nodes.Lit(day)), nodes.Lit(day)) for day in _days(parameters.name))
    return Typed(node=_in_range(nodes.Case(branches, nodes.Lit(None))), type=DATE)


def _days(name: str) -> list[int]:
    return [festival_day(name, year).toordinal() for year in YEARS]


def _in_range(node: nodes.Node) -> nodes.Node:
    """Unknown outside the years of which the calendar tells."""
    inside = nodes.All(
        (
            nodes.Cmp(">=", nodes.TODAY, nodes.Lit(FIRST.toordinal())),
            nodes.Cmp("<=", nodes.TODAY, nodes.Lit(LAST.toordinal())),
        )
    )
    return nodes.Case(((inside, node),), nodes.Lit(None))


def _example(text: str) -> tuple[Example, ...]:
    return (Example(yaml=text, needs="facts: {born: date}"),)


@hookimpl
def viprules_terms() -> list[TermType]:
    """Offer the words."""
    near: dict[str, Any] = {
        "en": "lunar birthday by {of}, from {before} days before to {after} days after",
        "zh": "按 {of} 的农历生日，前 {before} 天至后 {after} 天",
    }
    feast: dict[str, Any] = {
        "en": "{name}, from {before} days before to {after} days after",
        "zh": "{name} 前 {before} 天至后 {after} 天",
    }
    return [
        TermType(
            name="lunar_birthday",
            kind="criterion",
            parameters=BirthdayWindow,
            compile=lunar_birthday,
            doc="the day asked is the customer's lunar birthday (农历生日), or near it",
            examples=_example("{lunar_birthday: {of: born, before: 7}}"),
            words=near,
        ),
        TermType(
            name="festival",
            kind="criterion",
            parameters=FestivalWindow,
            compile=festival,
            doc="the day asked is a festival of the Chinese calendar (节日), or near it",
            examples=_example("{festival: {name: mid_autumn, before: 3}}"),
            words=feast,
        ),
        TermType(
            name="next_lunar_birthday",
            parameters=Birthday,
            compile=next_lunar_birthday,
            doc="the customer's first lunar birthday on or after the day asked",
            examples=_example("{next_lunar_birthday: {of: born}}"),
        ),
        TermType(
            name="next_festival",
            parameters=FestivalDay,
            compile=next_festival,
            doc="the first day of a festival on or after the day asked",
            examples=_example("{next_festival: {name: spring_festival}}"),
        ),
    ]
