"""The forms that stand all over a policy, read from checked data: values, conditions, windows, spans, days.

The schema has judged the shapes before, so nothing here guards against a wrong one. What only the
meaning can tell (two windows in one map, a date that does not exist) is raised as `Misread` and
becomes a problem of the file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, get_args, get_origin

from attrs import NOTHING, field, frozen
from cattrs import Converter
from cattrs.gen import make_dict_structure_fn, override

from viprules.engine.days import Span, parse_day, parse_span
from viprules.engine.policy.describing import ParameterError, TermType, described, key_name
from viprules.engine.policy.model import (
    Clause,
    Condition,
    Dated,
    DayForm,
    Group,
    SpanForm,
    Term,
    Test,
    Value,
    WindowForm,
    Written,
)
from viprules.engine.policy.names import Vocabulary
from viprules.engine.policy.value_schemas import BOUNDS
from viprules.engine.reading.faults import nearest
from viprules.engine.reading.source import key_source, source_of
from viprules.errors import Problem, Source, problem

__all__ = ["Forms", "Misread"]

GROUPS = ("all", "any", "not", "at_least_of")
SPAN_KINDS = ("for", "after", "through", "until")
DATE = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
OFFSETS = {"previous": -1, "this": 0, "next": 1}


class Misread(Exception):  # noqa: N818 -- a signal between modules: it carries a problem of the policy, no error of ours
    """A form that the schema allows and that still means nothing; carries the problem."""

    def __init__(self, found: Problem) -> None:
        super().__init__(found.message)
        self.found = found


def misread(code: str, source: Source | None, **values: str) -> Misread:
    """The exception for a problem of this code."""
    return Misread(problem(code, source, **values))


def where(data: Any) -> Source | None:
    """Where a map or list stands in the file."""
    return getattr(data, "source", None)


@frozen(kw_only=True)
class Forms:
    """Reads forms with the words of a catalogue."""

    catalogue: Vocabulary
    converter: Converter = field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        """The converter is derived from the catalogue: strict, and it refuses unknown keys."""
        converter = Converter(forbid_extra_keys=True, detailed_validation=False)
        hooks: dict[type, Callable[[Any], Any]] = {
            Condition: self.condition,
            WindowForm: self.window,
            SpanForm: self.span,
            DayForm: self.day,
            Span: self.duration,
            str: _text,
            int: _as_judged,
            bool: _as_judged,
            Decimal: _decimal,
        }
        for kind, read in hooks.items():
            converter.register_structure_hook(kind, _hook(read))
        converter.register_structure_hook_func(_is_value, lambda data, _: self.value(data))
        converter.register_structure_hook_func(_is_tuple, self._tuple)
        converter.register_structure_hook_func(_is_mapping, self._mapping)
        converter.register_structure_hook_factory(_is_described, lambda kind: _parameters(kind, converter))
        object.__setattr__(self, "converter", converter)

    def _tuple(self, data: Any, kind: Any) -> tuple[Any, ...]:
        many = data if isinstance(data, list) else [data]
        return tuple(self.converter.structure(one, get_args(kind)[0]) for one in many)

    def _mapping(self, data: Any, kind: Any) -> dict[str, Any]:
        if isinstance(data, str):  # a text in one language only
            return {"": str(data)}
        return {str(name): self.converter.structure(one, get_args(kind)[1]) for name, one in data.items()}

    # --- values -------------------------------------------------------------------------------------

    def value(self, data: Any, source: Source | None = None) -> Value:
        """A constant, a name, a dated table or a term."""
        if not isinstance(data, Mapping):
            return Written(value=_scalar(data), source=source or where(data))
        if any(DATE.fullmatch(name) for name in data):
            return self._dated(data)
        heads = [name for name in data if name in self.catalogue.terms]
        if len(heads) != 1 or (len(data) > 1 and not self.catalogue.terms[heads[0]].head):
            known = [n for n in data if n in self.catalogue.terms]
            raise misread("one-term", where(data), keys="\n".join(known or list(data)))
        return self.term(self.catalogue.terms[heads[0]], data, source)

    def term(self, kind: TermType, data: Any, source: Source | None = None) -> Term:
        """A term with its parameters; `data` is the map that holds the term's name."""
        at = source or key_source(data, kind.name)
        if kind.head:
            _judge_head(kind, data)
        inner = data if kind.head else data[kind.name]
        return Term(name=kind.name, parameters=self.parameters(inner, kind.parameters, kind.name, at), source=at)

    def parameters(self, data: Any, kind: type, name: str, at: Source | None) -> Any:
        """The parameters of the word `name`, which stands at `at`; what its class refuses is the policy's mistake."""
        try:
            return self.converter.structure(data, kind)
        except Misread:
            raise
        except ParameterError as error:
            raise misread("wrong-parameters", at, name=name, **error.texts) from error
        except Exception as error:
            raise misread("wrong-parameters", at, name=name, reason=str(error), reason_zh=str(error)) from error

    def _dated(self, data: Any) -> Dated:
        steps = []
        for text, one in data.items():
            day = parse_day(text)
            if day is None:
                raise misread("no-such-date", key_source(data, text), text=text)
            steps.append((day, self.value(one, source_of(data, text))))
        return Dated(steps=tuple(sorted(steps, key=lambda step: step[0])), source=where(data))

    # --- conditions ---------------------------------------------------------------------------------

    def condition(self, data: Any) -> Condition:
        """A map of tests that must all hold, or `everyone`."""
        if isinstance(data, str):
            return Condition(clauses=(Group(kind="everyone", source=where(data)),), source=where(data))
        return Condition(clauses=tuple(self._clause(data, name) for name in data), source=where(data))

    def _clause(self, data: Any, name: str) -> Clause:
        at, inner = key_source(data, name), data[name]
        if name == "not":
            return Group(kind="not", items=(self.condition(inner),), source=at)
        if name == "at_least_of":
            items = tuple(self.condition(one) for one in inner["of"])
            return Group(kind="at_least_of", items=items, count=inner["n"], source=at)
        if name in GROUPS:
            return Group(kind=name, items=tuple(self.condition(one) for one in inner), source=at)  # type: ignore[arg-type]  # the schema allows only these
        found = self.catalogue.terms.get(name)
        if found is not None and found.kind == "criterion":
            return self.term(found, data, at)
        return Test(name=name, checks=self._checks(inner, source_of(data, name)), source=at)

    def _checks(self, data: Any, source: Source | None) -> tuple[tuple[str, Any], ...]:
        if not isinstance(data, Mapping):
            return (("equals", self.value(data, source)),)
        return tuple((name, self._operand(name, data, source_of(data, name))) for name in data if name != "of")

    def _operand(self, name: str, data: Any, source: Source | None) -> Any:
        inner = data[name]
        if name in BOUNDS:
            return self.value(inner, source)
        if name == "within":
            return str(inner), str(data["of"]["previous"])
        if name == "between":
            if len(inner) != 2:  # noqa: PLR2004 -- a range has two ends
                raise misread("two-ends", source)
            return tuple(self.value(one, source) for one in inner)
        if name in ("in", "has_all"):
            return Written(value=tuple(_scalar(one) for one in inner), source=source)
        return inner

    # --- days, windows, spans -------------------------------------------------------------------------

    def duration(self, data: Any) -> Span:
        """`12 months`, `90 days`, `72 hours`."""
        found = parse_span(str(data))
        if found is None:
            raise misread("no-duration", where(data), text=str(data))
        return found

    def day(self, data: Any) -> DayForm:
        """A date, `MM-DD`, a date fact, or the first or last day of a period."""
        if isinstance(data, str):
            return self._day_text(data, where(data))
        plus = None
        for name, sign in (("plus", 1), ("minus", -1)):
            if name in data:
                plus = (self.duration(data[name]), sign)
        for name, edge in (("first_day_of", "first"), ("last_day_of", "last")):
            if name in data:
                which, period = next(iter(data[name].items()))
                return DayForm(edge=edge, offset=OFFSETS[which], period=str(period), plus=plus, source=where(data))  # type: ignore[arg-type]  # one of two words
        if "date" not in data:
            raise misread("one-day", where(data))
        plain = self._day_text(data["date"], source_of(data, "date"))
        return DayForm(date=plain.date, month_day=plain.month_day, fact=plain.fact, plus=plus, source=where(data))

    def _day_text(self, text: str, source: Source | None) -> DayForm:
        day = parse_day(text)
        if day is not None:
            return DayForm(date=day, source=source)
        if len(text) == len("MM-DD") and text[2] == "-":
            if parse_day(f"2000-{text}") is None:
                raise misread("no-such-date", source, text=text)
            return DayForm(month_day=text, source=source)
        if text[:1].isdigit():
            raise misread("no-such-date", source, text=text)
        return DayForm(fact=text, source=source)

    def window(self, data: Any) -> WindowForm:
        """`lifetime`, or one of `this`, `previous`, `last`, `since`."""
        if isinstance(data, str):
            return WindowForm(kind="lifetime", source=where(data))
        kinds = [name for name in ("this", "previous", "last", "since") if name in data]
        if (
            len(kinds) != 1
            or ("and_previous" in data and kinds != ["this"])
            or ("count" in data and kinds != ["previous"])
        ):
            raise misread("one-window", where(data))
        at = where(data)
        if kinds == ["last"]:
            return WindowForm(kind="last", span=self.duration(data["last"]), source=at)
        if kinds == ["since"]:
            since = data["since"]
            named = isinstance(since, str) and since in ("tier_entry", "last_change")
            return WindowForm(kind="since", since=str(since) if named else self.day(since), source=at)
        count = data.get("and_previous", 0) if kinds == ["this"] else data.get("count", 1)
        return WindowForm(kind=kinds[0], period=str(data[kinds[0]]), count=count, source=at)  # type: ignore[arg-type]  # one of the four words

    def span(self, data: Any) -> SpanForm:
        """`while_it_holds`, `forever`, or one of `for`, `after`, `through`, `until`."""
        if isinstance(data, str):
            return SpanForm(kind=str(data), source=where(data))  # type: ignore[arg-type]  # the schema allows two words
        kinds = [name for name in SPAN_KINDS if name in data]
        if len(kinds) != 1:
            raise misread("one-span", where(data))
        more: dict[str, Any] = {"source": where(data), "append": "from" in data}
        more["to_end_of"] = str(data["to_end_of"]) if "to_end_of" in data else None
        more["plus"] = self.duration(data["plus"]) if "plus" in data else None
        kind, inner = kinds[0], data[kinds[0]]
        if kind == "until":
            return SpanForm(kind="until", until=self.day(inner), **more)
        if kind == "through":
            which, period = next(iter(inner.items()))
            return SpanForm(kind="through", offset=OFFSETS[which], period=str(period), **more)
        if isinstance(inner, Mapping):
            return SpanForm(kind=kind, value=self.value(inner), **more)  # type: ignore[arg-type]  # one of SPAN_KINDS
        return SpanForm(kind=kind, span=self.duration(inner), **more)  # type: ignore[arg-type]  # one of SPAN_KINDS


def _judge_head(kind: TermType, data: Any) -> None:
    """Raise for keys of another term, and for missing ones: the schema knows those of all such terms at once."""
    keys = {key_name(one): one.default is NOTHING for one in described(kind.parameters)}
    free = [name for name in keys if name not in data]
    for name in data:
        if name not in keys:
            told = {"nearest": nearest(name, free), "known": "\n".join(sorted(free)), "what": f"`{kind.name}`"}
            raise misread("unknown-key", key_source(data, name), key=name, **told)
    for name in free:
        if keys[name]:
            raise misread("missing-key", where(data), key=name, beside=kind.name)


def _scalar(data: Any) -> Any:
    return str(data) if isinstance(data, str) else data


def _text(data: Any) -> str:
    return str(data)


def _as_judged(data: Any) -> Any:
    """A whole number or a truth value: the schema of its key has let nothing else through."""
    return data


def _decimal(data: Any) -> Any:
    return Decimal(data) if isinstance(data, int) else data


def _hook(read: Callable[[Any], Any]) -> Callable[[Any, Any], Any]:
    """A reader as cattrs calls it: with the wanted type, which it knows already."""
    return lambda data, _: read(data)


def _is_value(kind: Any) -> bool:
    return Written in get_args(kind)


def _is_tuple(kind: Any) -> bool:
    return get_origin(kind) is tuple


def _is_mapping(kind: Any) -> bool:
    origin = get_origin(kind)
    return isinstance(origin, type) and issubclass(origin, Mapping)


def _is_described(kind: Any) -> bool:
    return hasattr(kind, "__attrs_attrs__") and any("doc" in one.metadata for one in kind.__attrs_attrs__)


def _parameters(kind: type, converter: Converter) -> Any:
    """The strict rule for a parameter class: its keys under the names that the file uses."""
    fields = {one.name: override(rename=key_name(one)) for one in described(kind)}
    return make_dict_structure_fn(kind, converter, _cattrs_forbid_extra_keys=True, **fields)  # type: ignore[arg-type]  # cattrs types the keywords narrowly
