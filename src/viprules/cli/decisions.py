"""Decisions as rows of a table, and the summary of many."""

from __future__ import annotations

from collections import Counter
from typing import IO, TYPE_CHECKING, Any

from attrs import define, field

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from viprules.cli.console import Console
    from viprules.cli.words import Language
    from viprules.engine.deciding.decision import Decision
    from viprules.engine.policy.model import Tier
    from viprules.engine.program import Program
    from viprules.errors import Problem

__all__ = ["Tally", "decision_columns", "decision_row", "moved", "spoken_name", "summary", "undecided_row"]

STANDING = ("tier", "tier_name", "change", "since", "valid_until")
CHANGES = ("upgrade", "downgrade", "renew", "grace", "none")


def spoken_name(names: Mapping[str, str], fallback: str | None, language: Language) -> str | None:
    """The name for people in a language, or in any, or the id."""
    return names.get(language) or names.get("") or next(iter(names.values()), fallback)


def decision_columns(program: Program) -> tuple[str, ...]:
    """The columns of the decisions of a program."""
    sets = [one.name for one in program.tier_sets]
    standing = [_column(sets, name, part) for name in sets for part in STANDING]
    return ("customer", "as_of", *standing, "next_change", "benefits", "proposals", "problems", "rows_set_aside")


def _column(sets: Sequence[str], name: str, part: str) -> str:
    """One ladder has plain columns, several have theirs under their names."""
    return part if len(sets) == 1 else f"{name}.{part}"


def decision_row(decision: Decision, customer: str, language: Language, aside: int) -> dict[str, Any]:
    """A decision as one row of a table."""
    standings = decision.standings
    names = dict(zip(decision.outcome.tier_sets, decision.outcome.names, strict=True))
    row: dict[str, Any] = {"customer": customer, "as_of": decision.as_of}
    for name, one in standings.items():
        parts = {
            "tier": one.tier,
            "tier_name": spoken_name(names[name], one.tier, language),
            "change": one.change,
            "since": one.since,
            "valid_until": one.valid_until,
        }
        row |= {_column(list(standings), name, part): value for part, value in parts.items()}
    row["next_change"] = decision.next_change
    row["benefits"] = "; ".join(one.id or one.kind for one in decision.benefits)
    row["proposals"] = "; ".join(f"{one.tier} {one.status}" for one in decision.proposals)
    row["problems"] = "; ".join(one.text(language)[0] for one in decision.problems)
    return {**row, "rows_set_aside": aside or None}


def undecided_row(customer: str, problems: Sequence[Problem], language: Language, aside: int) -> dict[str, Any]:
    """The row of a customer that could not be decided."""
    said = "; ".join(one.text(language)[0] for one in problems)
    return {"customer": customer, "problems": said, "rows_set_aside": aside or None}


@define
class Tally:
    """What is counted while decisions are made."""

    tiers: dict[str, Counter[str | None]] = field(factory=dict)
    moves: dict[str, dict[tuple[str | None, str | None], list[str]]] = field(factory=dict)
    """For each tier set who went from which tier to which, where an earlier day was asked too."""
    changes: dict[str, Counter[str]] = field(factory=dict)
    decided: int = 0
    undecided: int = 0
    with_problems: int = 0

    def add(self, customer: str, decision: Decision, before: Decision | None = None) -> None:
        """Count one decision, and the way from an earlier one."""
        self.decided += 1
        self.with_problems += bool(decision.problems)
        earlier = {} if before is None else before.standings
        for name, one in decision.standings.items():
            self.tiers.setdefault(name, Counter())[one.tier] += 1
            self.changes.setdefault(name, Counter())[one.change] += 1
            if name in earlier and earlier[name].tier != one.tier:
                way = (earlier[name].tier, one.tier)
                self.moves.setdefault(name, {}).setdefault(way, []).append(customer)

    def as_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "decided": self.decided,
            "undecided": self.undecided,
            "with_problems": self.with_problems,
            "tier_sets": {
                name: {
                    "tiers": {one or "": number for one, number in self.tiers[name].items()},
                    "changes": {one: self.changes[name][one] for one in CHANGES},
                    "moves": [
                        {"from": start, "to": end, "customers": len(who)}
                        for (start, end), who in self.moves.get(name, {}).items()
                    ],
                }
                for name in self.tiers
            },
        }


def summary(tally: Tally, program: Program, console: Console, *, stream: IO[str]) -> None:
    """Print how many are in which tier and what changed."""
    for one in program.tier_sets:
        counts = tally.tiers.get(one.name, Counter())
        heading = [console.say("decide.tier"), console.say("decide.customers"), console.say("decide.share")]
        rows = [[_titled(one.name, heading[0], program), *heading[1:]]]
        rows += [[_label(tier, console), *_counted(counts[tier.id], tally.decided)] for tier in reversed(one.tiers)]
        if counts[None]:
            rows.append([console.say("decide.no-tier"), *_counted(counts[None], tally.decided)])
        rows.append([console.say("decide.total"), *_counted(tally.decided, tally.decided)])
        console.table(rows, numbers=(1, 2), stream=stream)
        changed = tally.changes.get(one.name, Counter())
        words = [f"{console.say(f'decide.{kind}')} {changed[kind]:,}" for kind in CHANGES]
        stream.write(f"  {' · '.join(words)}\n")


def _label(tier: Tier, console: Console) -> str:
    spoken = spoken_name(tier.name, tier.id, console.language)
    return tier.id if spoken == tier.id else f"{tier.id}  {spoken}"


def moved(
    tally: Tally, program: Program, console: Console, days: tuple[date, date], *, stream: IO[str] | None = None
) -> None:
    """Print how many went from which tier to which between two days."""
    where = stream or console.out
    for one in program.tier_sets:
        found = tally.moves.get(one.name, {})
        where.write(console.say("decide.moved", start=days[0], end=days[1]) + "\n")
        if not found:
            where.write(f"  {console.say('decide.nobody')}\n")
            continue
        labels = {tier.id: _label(tier, console) for tier in one.tiers} | {None: console.say("decide.no-tier")}
        order = {tier.id: rank for rank, tier in enumerate(one.tiers, 1)} | {None: 0}
        rows = [
            [
                _titled(one.name, console.say("decide.from"), program),
                console.say("decide.to"),
                console.say("decide.customers"),
            ]
        ]
        ways = sorted(found.items(), key=lambda way: (-order[way[0][1]], -order[way[0][0]]))
        rows += [[labels[start], labels[end], f"{len(who):,}"] for (start, end), who in ways]
        console.table(rows, numbers=(2,), stream=where)


def _titled(name: str, heading: str, program: Program) -> str:
    return heading if len(program.tier_sets) == 1 else f"{heading} ({name})"


def _counted(number: int, whole: int) -> list[str]:
    return [f"{number:,}", f"{100 * number / whole:.1f} %" if whole else ""]
