"""Nodes turned into straight-line Python.

The source holds no text of the policy: names are `v0…`, constants come in through the namespace.
It speaks of complete input only: where a value is unknown it raises, and the walk answers instead.
So conditions are two-valued here, and what is short-circuited needs no care.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import partial
from typing import Any

from attrs import define, field

from viprules.engine.deciding.walking import elapsed, period_day, rounded, shifted
from viprules.engine.tree import nodes as n

__all__ = ["Emitter", "UnknownValue", "made"]

UNSET = object()

INLINE_CASES = 6
SHORT = 200
"""Up to so many characters a named condition is written out where it is used, which is quicker than a variable."""
ARITHMETIC = {"add": " + ", "subtract": " - ", "product": " * "}
FETCH = re.compile(r"[fm]\[k[0-9]+\]")
OFTEN = 3
NULLABLE = (".since", ".grant_from", ".entered.")
"""State that may be unknown without anything being wrong."""


class UnknownValue(Exception):  # noqa: N818 -- a signal between the generated code and its caller, never an error
    """A value is unknown: the walk has to answer."""


@define(kw_only=True)
class Emitter:
    """Writes the body of one function, demand by demand."""

    definitions: Mapping[str, n.Node]
    given_only: bool
    """Ready-made metrics are all there is (the hot door): anything else is left to the walk."""
    space: dict[str, Any] = field(factory=dict)
    """The namespace: constants and helpers by generated name."""
    lines: list[str] = field(factory=list)
    known: dict[Any, str] = field(factory=dict)
    """What has a variable already, on the path at hand."""
    unsure: set[str] = field(factory=set)
    """Expressions that may be None, as they were asked where that is allowed."""
    day_nodes: list[n.Node] = field(factory=list)
    leaves: list[n.Node] = field(factory=list)
    depth: int = 1
    count: int = 0
    places: Mapping[str, int] = field(factory=dict)
    """The places of the state in that of an admitted customer, where it is read from there."""

    # --- lines and names ------------------------------------------------------------------------------

    def line(self, text: str) -> None:
        """A line at the present depth."""
        self.lines.append(" " * self.depth + text)

    def variable(self, expression: str) -> str:
        """A fresh variable that holds an expression."""
        name = f"v{self.count}"
        self.count += 1
        self.line(f"{name} = {expression}")
        return name

    def constant(self, value: Any) -> str:
        """A constant in the source: small whole numbers and truth as they are, the rest by name."""
        if value is None or isinstance(value, bool) or type(value) is int:
            return repr(value) if not isinstance(value, int) or value >= 0 else f"({value})"
        for name, known in self.space.items():
            if known is value or (type(known) is type(value) and known == value):
                return name
        name = f"k{len(self.space)}"
        self.space[name] = value
        return name

    def inside(self, emit: Callable[[], None]) -> None:
        """Emit a block one level deeper; what it learns is forgotten after it."""
        saved, self.depth = dict(self.known), self.depth + 1
        emit()
        self.known, self.depth = saved, self.depth - 1

    def fetch_once(self) -> None:
        """What the function fetches in three places or more is fetched once, at its start.

        Not what it also asks for whether it is there: that may be missing, and then nothing fetches it.
        """
        places = Counter(one for line in self.lines for one in FETCH.findall(line))
        every = "\n".join(self.lines)
        sure = [one for one, count in places.items() if count >= OFTEN and one.replace("[", ".get(")[:-1] not in every]
        often = {text: f"o{number}" for number, text in enumerate(sure)}
        rest = [FETCH.sub(lambda found: often.get(found[0], found[0]), line) for line in self.lines]
        self.lines = [*(f" {name} = {text}" for text, name in often.items()), *rest]

    # --- values ---------------------------------------------------------------------------------------

    def value(self, node: n.Node, *, nullable: bool = False) -> str:
        """An expression for a node; every node is computed once on a path. Only a nullable one may be None."""
        if isinstance(node, n.Lit):
            return self._lit(node, nullable=nullable)
        if node in self.known:
            return self._again(self.known[node], nullable=nullable)
        if not isinstance(node, n.Told | n.Ref) and _day_only(node):
            return self._day_node(node)
        name = type(node).__name__.lower()
        make = getattr(self, f"_{name}", None)
        found: str = self._leaf(node) if make is None else make(node, nullable=nullable)
        # A fact of which only its being there was asked has not been seen to be there.
        if not isinstance(node, n.Ref | n.Told | n.Not | n.Certain) and not (nullable and isinstance(node, n.Fact)):
            self.known[node] = found
        return found

    def _again(self, found: str, *, nullable: bool) -> str:
        """What has been computed; None may not get any further than to where it was allowed."""
        if found in self.unsure and not nullable:
            self.line(f"if {found} is None: raise UnknownValue")
        return found

    def _lit(self, node: n.Lit, *, nullable: bool) -> str:
        if node.value is None and not nullable:
            self.line("raise UnknownValue")
        return self.constant(node.value)

    def _day_node(self, node: n.Node) -> str:
        """What depends on the day alone is worked out when a day is bound."""
        if node not in self.day_nodes:
            self.day_nodes.append(node)
        return f"d{self.day_nodes.index(node)}"

    def _leaf(self, node: n.Node) -> str:
        """A measure or anything else that is asked of the customer's history."""
        if self.given_only:
            self.line("raise UnknownValue")
            return "None"
        if node not in self.leaves:
            self.leaves.append(node)
        name = self.variable(f"leaf({self.leaves.index(node)})")
        self.line(f"if {name} is None: raise UnknownValue")
        return name

    def _ref(self, node: n.Ref, *, nullable: bool) -> str:
        if node.name == "day":
            return "day"
        if node.name.startswith("metric."):
            return self._metric(node)
        if node.name in self.definitions:
            found = self.value(self.definitions[node.name], nullable=nullable)
            short = self.given_only and len(found) <= SHORT
            name = found if short or found.isidentifier() else self.variable(found)
            if found in self.unsure:
                self.unsure.add(name)
        else:
            place = self.places.get(node.name)
            name = self.variable(f"s[{self.constant(node.name)}]" if place is None else f"c.state[{place}]")
            if any(word in node.name for word in NULLABLE):
                self.unsure.add(name)
        self.known[node] = name
        return self._again(name, nullable=nullable)

    def _metric(self, node: n.Ref) -> str:
        key = self.constant(node.name.removeprefix("metric."))
        if self.given_only:
            name = f"m[{key}]"
        else:
            name = self.variable(f"m.get({key})")

            def compute() -> None:
                self.line(f"{name} = {self.value(self.definitions[node.name])}")

            self.line(f"if {name} is None:")
            self.inside(compute)
        self.known[node] = name
        return name

    def _fact(self, node: n.Fact, *, nullable: bool) -> str:
        per = "None" if node.per is None else self.value(node.per)
        if self.given_only and node.per is None:
            name = f"f.get({self.constant(node.name)})" if nullable else f"f[{self.constant(node.name)}]"
        else:
            name = self.variable(f"c.fact({self.constant(node.name)}, day, {per})")
        if nullable:
            self.unsure.add(name)
        elif not self.given_only or node.per is not None:
            self.line(f"if {name} is None: raise UnknownValue")
        return name

    # --- arithmetic -------------------------------------------------------------------------------------

    def _arith(self, node: n.Arith, *, nullable: bool) -> str:
        del nullable
        items = [self.value(one) for one in node.items]
        if node.op in ARITHMETIC:
            return f"({ARITHMETIC[node.op].join(items)})"
        if node.op == "quotient":
            self.line(f"if {items[1]} == 0: raise UnknownValue")
            return f"(Fraction({items[0]}) / {items[1]})"
        atoms = [one if one.isidentifier() or one.isdigit() else self.variable(one) for one in items]
        best = atoms[0]
        for other in atoms[1:]:
            best = self.variable(f"{best} if {best} {'>=' if node.op == 'highest' else '<='} {other} else {other}")
        return best

    def _round(self, node: n.Round, *, nullable: bool) -> str:
        del nullable
        self.space["rounded"] = rounded
        return self.variable(
            f"rounded({self.value(node.value)}, {self.constant(node.mode)}, {self.constant(node.unit)})"
        )

    # --- truth ------------------------------------------------------------------------------------------

    def _cmp(self, node: n.Cmp, *, nullable: bool) -> str:
        del nullable
        return f"({self.value(node.left)} {node.op} {self.value(node.right)})"

    def _in(self, node: n.In, *, nullable: bool) -> str:
        del nullable
        return f"({self.value(node.value)} in {self.constant(node.options)})"

    def _not(self, node: n.Not, *, nullable: bool) -> str:
        del nullable
        return f"(not {self.value(node.item)})"

    def _certain(self, node: n.Certain, *, nullable: bool) -> str:
        del nullable
        found = self.value(node.item)
        return found if node.truth else f"(not {found})"

    def _known(self, node: n.Known, *, nullable: bool) -> str:
        del nullable
        if not isinstance(node.value, n.Fact | n.Ref) or (
            isinstance(node.value, n.Ref) and node.value.name.startswith("metric.")
        ):
            return self._leaf(node)
        return f"({self.value(node.value, nullable=True)} is not None)"

    def _told(self, node: n.Told, *, nullable: bool) -> str:
        del nullable  # a condition is true or false here: an unknown one must not pass for a false one
        return self.value(node.item)

    def _all(self, node: n.All, *, nullable: bool) -> str:
        del nullable
        return self._chain(node.items, stop_at=False)

    def _any(self, node: n.Any, *, nullable: bool) -> str:
        del nullable
        return self._chain(node.items, stop_at=True)

    def _chain(self, items: tuple[n.Node, ...], *, stop_at: bool, first: str | None = None) -> str:
        """Items one after the other, each only if the ones before it have not settled the matter.

        Items that need no lines of their own are joined on one line; what needs lines gets a block.
        """
        word = " or " if stop_at else " and "
        inline = [] if first is None else [first]
        for position, one in enumerate(items):
            mark, saved = len(self.lines), dict(self.known)
            self.depth += 1
            text = self.value(one)
            self.depth -= 1
            block = self.lines[mark:]
            if block and inline:
                del self.lines[mark:]
                name = self.variable(f"({word.join(inline)})")
                self.line(f"if {'not ' if stop_at else ''}{name}:")
                self.lines.extend(block)
                self.depth += 1
                self.line(f"{name} = {self._chain(items[position + 1 :], stop_at=stop_at, first=text)}")
                self.depth -= 1
                self.known = saved
                return name
            self.lines[mark:] = [line[1:] for line in block]
            inline.append(text)
        return f"({word.join(inline)})"

    # --- choice -----------------------------------------------------------------------------------------

    def _case(self, node: n.Case, *, nullable: bool) -> str:
        values = [*(then for _, then in node.branches), node.otherwise]
        if len(node.branches) == 1 and all(isinstance(one, n.Lit) and one.value is not None for one in values):
            when, (then, otherwise) = self.value(node.branches[0][0]), map(self.value, values)
            return f"({then} if {when} else {otherwise})"
        name = f"v{self.count}"
        self.count += 1
        if len(node.branches) > INLINE_CASES:
            self._flat(node, name, nullable=nullable)
        else:
            self._nested(node.branches, node.otherwise, name, nullable=nullable)
        return name

    def _set(self, name: str, node: n.Node, *, nullable: bool) -> None:
        """What a branch comes to."""
        found = self.value(node, nullable=nullable)
        self.line(f"{name} = {found}")
        if found == "None" or found in self.unsure:
            self.unsure.add(name)

    def _nested(
        self, branches: tuple[tuple[n.Node, n.Node], ...], otherwise: n.Node, name: str, *, nullable: bool
    ) -> None:
        if not branches:
            self._set(name, otherwise, nullable=nullable)
            return
        (when, then), rest = branches[0], branches[1:]
        self.line(f"if {self.value(when)}:")
        self.inside(partial(self._set, name, then, nullable=nullable))
        self.line("else:")
        self.inside(partial(self._nested, rest, otherwise, name, nullable=nullable))

    def _flat(self, node: n.Case, name: str, *, nullable: bool) -> None:
        """Many branches one after the other: nested blocks would be too deep for Python."""
        self.line(f"{name} = UNSET")
        for when, then in node.branches:
            self.line(f"if {name} is UNSET:")
            self.inside(partial(self._branch, when, then, name, nullable=nullable))
        self.line(f"if {name} is UNSET:")
        self.inside(partial(self._set, name, node.otherwise, nullable=nullable))

    def _branch(self, when: n.Node, then: n.Node, name: str, *, nullable: bool) -> None:
        self.line(f"if {self.value(when)}:")
        self.inside(partial(self._set, name, then, nullable=nullable))

    # --- days -------------------------------------------------------------------------------------------

    def _shift(self, node: n.Shift, *, nullable: bool) -> str:
        del nullable
        self.space["shifted"] = shifted
        return self.variable(f"shifted({self.value(node.day)}, {self.constant(node)})")

    def _periodday(self, node: n.PeriodDay, *, nullable: bool) -> str:
        del nullable
        self.space["period_day"] = period_day
        return self.variable(f"period_day({self.constant(node)}, {self.value(node.anchor)}, {self.value(node.day)})")

    def _elapsed(self, node: n.Elapsed, *, nullable: bool) -> str:
        del nullable
        self.space["elapsed"] = elapsed
        return self.variable(f"elapsed({self.constant(node)}, {self.value(node.since)}, {self.value(node.until)})")


def made(emitter: Emitter, arguments: str, bound: tuple[str, ...] = ()) -> Callable[..., Callable[..., Any]]:
    """The factory that binds a day (and more) to the emitted function of these arguments."""
    days = [f"d{number}" for number in range(len(emitter.day_nodes))]
    head = [f"def make({', '.join(['day', *days, *bound])}):", f" def run({arguments}):"]
    source = "\n".join([*head, *(f" {one}" for one in emitter.lines), " return run"])
    space = emitter.space | {"UnknownValue": UnknownValue, "Fraction": Fraction, "UNSET": UNSET}
    exec(compile(source, "<viprules>", "exec"), space)  # noqa: S102 -- the source is made of v0…, k0… and operators only
    factory: Callable[..., Callable[..., Any]] = space["make"]
    return factory


def _day_only(node: n.Node) -> bool:
    """Does the value depend on the day alone (or on nothing)?"""
    if isinstance(node, n.Ref):
        return node.name == "day"
    if isinstance(node, n.Lit):
        return node.value is not None
    kinds = (n.Arith, n.Shift, n.PeriodDay, n.Elapsed, n.Cmp, n.All, n.Any, n.Not)
    return isinstance(node, kinds) and all(_day_only(one) for one in n.children(node))
