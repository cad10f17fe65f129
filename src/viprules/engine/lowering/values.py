"""Values: constants and names, tables by date, and the terms of the catalogue."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from fractions import Fraction

from attrs import evolve, field, frozen

from viprules.engine.days import Span, parse_span
from viprules.engine.lowering.constants import own_type
from viprules.engine.lowering.names import UNKNOWN, Names
from viprules.engine.policy.model import Dated, Term, Value, Written
from viprules.engine.tree.kinds import DATE, NUMBER, Type, Typed, aligned, exact, is_percent
from viprules.engine.tree.nodes import TODAY, Case, Cmp, Lit, Node
from viprules.errors import Source

__all__ = ["Values"]

NAME = re.compile(r"[^\W\d]\w*")


@frozen(kw_only=True)
class Values(Names):
    """Adds what a value means."""

    want: Type | None = None
    """The type wanted of the term being compiled, for its constants."""
    spans: list[Callable[[Span], Node]] = field(factory=list)
    """What a duration means where one is wanted; the last one holds."""

    def value(self, value: Value, want: Type | None = None) -> Typed:
        """A value lowered; a constant takes the wanted type, a name its own."""
        if isinstance(value, Term):
            return self._term(value, want)
        if isinstance(value, Dated):
            return self._dated(value, want)
        return self._written(value, want)

    def of_kind(self, value: Value, want: Type) -> Typed:
        """A value that has to be of a kind, in its own unit; a problem where it is of another."""
        found = self.value(value, want)
        return found if self._fits(value, found, want) else Typed(node=Lit(None), type=want)

    def alike(self, values: Sequence[Value], want: Type | None = None) -> tuple[list[Node], Type]:
        """Values of which one may stand for another: all of the kind of the first, in the finest unit."""
        found = [self.value(one, want) for one in values]
        kind = found[0].type if found else want or NUMBER
        for value, one in zip(values, found, strict=True):
            self._fits(value, one, kind)
        decimals = max((one.type.decimals for one in found), default=0)
        return [aligned(one, decimals) for one in found], evolve(kind, decimals=decimals)

    def _fits(self, value: Value, found: Typed, want: Type) -> bool:
        if found.type.fits(want):
            return True
        name = value.name if isinstance(value, Term) else str(value.value) if isinstance(value, Written) else "…"
        self.problem("wrong-constant", value.source, name=name, wanted=want.word, nearest="")
        return False

    def _term(self, value: Term, want: Type | None = None) -> Typed:
        at = value.source or self.at
        if self.too_deep(at):
            return UNKNOWN
        inner = evolve(self, want=want, at=at, depth=self.depth + 1)
        found: Typed = self.catalogue.terms[value.name].compile(value.parameters, inner)
        return found

    def _dated(self, value: Dated, want: Type | None) -> Typed:
        nodes, kind = self.alike([one for _, one in value.steps], want)
        steps = [(Cmp(">=", TODAY, Lit(day)), node) for (day, _), node in zip(value.steps, nodes, strict=True)]
        return Typed(node=Case(tuple(reversed(steps)), Lit(None)), type=kind)

    def _written(self, value: Written, want: Type | None) -> Typed:
        raw = value.value
        if isinstance(raw, str):
            found = self._named_or_text(raw, want, value.source)
            if found is not None:
                return found
        return Typed(node=Lit(self.constant(raw, want, value.source)), type=want or own_type(raw))

    def _named_or_text(  # noqa: PLR0911 -- a table of what a text may be
        self, raw: str, want: Type | None, source: Source | None
    ) -> Typed | None:
        """A name, unless the text is a constant of the wanted type."""
        if want is not None and want.kind == "span":
            return Typed(node=self.spans[-1](parse_span(raw)), type=DATE)  # type: ignore[arg-type]  # the schema allows durations only
        if want is not None and raw in want.options:
            return None
        if self.knows(raw):
            return self.name(raw, source)
        if is_percent(raw) and (want is None or want.numeric):
            share = Fraction(Decimal(raw[:-1])) / 100
            return Typed(node=Lit(exact(share)), type=evolve(want or NUMBER, decimals=0))
        if (want is None or want.numeric) and not NAME.fullmatch(raw):
            self.problem("no-number", source, text=raw)
            return UNKNOWN if want is None else Typed(node=Lit(None), type=want)
        if want is None or want.numeric or want.kind == "true_false":
            self.problem("unknown-name", source, name=raw, nearest=self.nearest(raw, self.names()))
            return UNKNOWN if want is None else Typed(node=Lit(None), type=want)
        return None

    @contextmanager
    def _span_from(self, make: Callable[[Span], Node]) -> Iterator[None]:
        self.spans.append(make)
        try:
            yield
        finally:
            self.spans.pop()
