"""What came out against what was expected."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from viprules.engine.reading.source import Map, key_source, source_of
from viprules.testing.results import Failure

if TYPE_CHECKING:
    from viprules.engine.deciding.decision import Decision
    from viprules.engine.explaining.explanation import Explanation
    from viprules.engine.explaining.findings import Finding
    from viprules.errors import Source

__all__ = ["failures_of"]

NOTHING = "none"


def failures_of(expect: Map, explanation: Explanation) -> Iterator[Failure]:
    """Everything that an expectation asserts and that came out otherwise."""
    for key in expect:
        compare = COMPARE.get(key)
        if compare is not None:
            yield from compare(expect, explanation)


def _shown(value: Any) -> str:
    return NOTHING if value is None or value == "" else str(value)


def _same(expected: Any, actual: Any) -> bool:
    """Equal as numbers where both are numbers, else as text; nothing equals nothing."""
    if expected is None or actual is None:
        return expected is None and actual is None
    one, other = _number(expected), _number(actual)
    return one == other if one is not None and other is not None else _text(expected) == _text(actual)


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _number(value: Any) -> Decimal | None:
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def _check(what: str, expected: Any, actual: Any, source: Source | None) -> Iterator[Failure]:
    if not _same(expected, actual):
        yield Failure(what=what, expected=_shown(expected), actual=_shown(actual), source=source)


# --- standings ---------------------------------------------------------------------------------------


def _standing(key: str) -> Callable[[Map, Explanation], Iterator[Failure]]:
    def compare(expect: Map, explanation: Explanation) -> Iterator[Failure]:
        told, standings = expect[key], explanation.decision.standings
        if not isinstance(told, Mapping):
            first = next(iter(standings.values()))
            yield from _check(key, told, getattr(first, key), source_of(expect, key))
            return
        for name, value in told.items():
            yield from _check(f"{key}.{name}", value, getattr(standings[name], key), source_of(told, name))

    return compare


def _next_change(expect: Map, explanation: Explanation) -> Iterator[Failure]:
    yield from _check(
        "next_change", expect["next_change"], explanation.decision.next_change, source_of(expect, "next_change")
    )


# --- benefits ----------------------------------------------------------------------------------------


def _benefits(expect: Map, explanation: Explanation) -> Iterator[Failure]:
    told, held = expect["benefits"], explanation.decision.benefits
    if not told and held:
        yield Failure(what="benefits", expected=NOTHING, actual=_names(held), source=source_of(expect, "benefits"))
    for place, one in enumerate(told):
        name, wanted = next(iter(one.items())) if isinstance(one, Mapping) else (one, {})
        found = [each for each in held if name in (each.id, each.kind)]
        source = source_of(told, place)
        if not found:
            yield Failure(what="benefits", expected=str(name), actual=_names(held), source=source)
        elif not any(_fits(wanted, _flat(each)) for each in found):
            actual = "; ".join(_row(_flat(each), wanted) for each in found)
            yield Failure(what=f"benefits.{name}", expected=_row(wanted, wanted), actual=actual, source=source)


def _no_benefits(expect: Map, explanation: Explanation) -> Iterator[Failure]:
    held = explanation.decision.benefits
    for place, name in enumerate(expect["no_benefits"]):
        if any(name in (each.id, each.kind) for each in held):
            yield Failure(
                what="no_benefits",
                expected=f"no {name}",
                actual=_names(held),
                source=source_of(expect["no_benefits"], place),
            )


def _names(held: Iterable[Any]) -> str:
    return ", ".join(str(one.id or one.kind) for one in held) or NOTHING


def _flat(benefit: Any) -> dict[str, Any]:
    """A benefit's own parts beside its parameters."""
    row = benefit.as_dict()
    return {**row.pop("parameters"), **row}


# --- rows --------------------------------------------------------------------------------------------


def _rows(key: str) -> Callable[[Map, Explanation], Iterator[Failure]]:
    def compare(expect: Map, explanation: Explanation) -> Iterator[Failure]:
        told = expect[key]
        found = [one.as_dict() for one in getattr(explanation.decision, key)]
        if not told and found:
            actual = "; ".join(_row(row, row) for row in found)
            yield Failure(what=key, expected=NOTHING, actual=actual, source=source_of(expect, key))
        for place, wanted in enumerate(told):
            if not any(_fits(wanted, row) for row in found):
                actual = "; ".join(_row(row, row) for row in found) or NOTHING
                yield Failure(what=key, expected=_row(wanted, wanted), actual=actual, source=source_of(told, place))

    return compare


def _fits(wanted: Mapping[str, Any], row: Mapping[str, Any]) -> bool:
    return all(_contains(value, row.get(name)) for name, value in wanted.items())


def _contains(wanted: Any, actual: Any) -> bool:
    """A map wants its own keys only; a list any of whose items is meant may be told by one of them."""
    if isinstance(wanted, Mapping) and isinstance(actual, Mapping):
        return _fits(wanted, actual)
    if isinstance(actual, list | tuple) and not isinstance(wanted, list):
        return any(_same(wanted, one) for one in actual)
    return _same(wanted, actual)


def _row(row: Mapping[str, Any], keys: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {_shown(row.get(name))}" for name in keys) or NOTHING


# --- reasons -----------------------------------------------------------------------------------------


def _missing(expect: Map, explanation: Explanation) -> Iterator[Failure]:
    every = {tier: gaps for name in explanation.tier_sets for tier, gaps in explanation.missing(name).items()}
    for tier, told in expect["missing"].items():
        gaps = every.get(tier, [])
        for name, amount in told.items():
            found = [one for one in gaps if one.what == name]
            if not any(amount is None or _same(amount, one.missing) for one in found):
                actual = ", ".join(f"{one.what} {_shown(one.missing)}" for one in gaps) or NOTHING
                expected = name if amount is None else f"{name} {amount}"
                yield Failure(what=f"missing.{tier}", expected=expected, actual=actual, source=source_of(told, name))


def _because(expect: Map, explanation: Explanation) -> Iterator[Failure]:
    given = [*dict.fromkeys([one.what for name in explanation.tier_sets for one in explanation.because(name)])]
    given += [one for one in _causes(explanation.decision) if one not in given]
    for place, name in enumerate(expect["because"]):
        if name not in given:
            source = source_of(expect["because"], place)
            yield Failure(what="because", expected=str(name), actual=", ".join(given) or NOTHING, source=source)


def _causes(decision: Decision) -> list[str]:
    """The causes of the grants in force that give the tiers held."""
    held, day = {(name, one.tier) for name, one in decision.standings.items()}, decision.as_of.toordinal()
    return list(
        dict.fromkeys(
            one.cause
            for one in decision.membership.grants
            if (one.tier_set, one.tier) in held and one.first <= day and (one.until is None or one.until >= day)
        )
    )


def _values(expect: Map, explanation: Explanation) -> Iterator[Failure]:
    measured = _measured(explanation)
    for name, value in expect["values"].items():
        found = measured.get(name, [])
        if not any(_same(value, one) for one in found):
            actual = ", ".join(map(_shown, found)) or NOTHING
            source = source_of(expect["values"], name)
            yield Failure(what=f"values.{name}", expected=_shown(value), actual=actual, source=source)


def _measured(explanation: Explanation) -> dict[str, list[str | None]]:
    """What each name measured, wherever it was asked."""
    found: dict[str, list[str | None]] = {}
    for one in _findings(explanation):
        if not one.parts and one.value not in found.setdefault(one.what, []):
            found[one.what].append(one.value)
    for name, value in explanation.metrics.items():
        if value not in found.setdefault(name, []):
            found[name].append(value)
    return found


def _findings(explanation: Explanation) -> Iterator[Finding]:
    """Every condition of every tier and layer, with those inside it."""
    waiting = list(_asked(explanation))
    while waiting:
        one = waiting.pop()
        yield one
        waiting += one.parts


def _asked(explanation: Explanation) -> Iterator[Finding]:
    """The whole conditions: of entering and staying, of ways, raises, caps and floors."""
    for tiers in explanation.tier_sets.values():
        for tier in tiers:
            yield from (one for one in (tier.enter, tier.stay, *(way for _, way in tier.ways)) if one is not None)
    for layers in explanation.layers.values():
        yield from (one.found for one in layers)


def _unknown(expect: Map, explanation: Explanation) -> Iterator[Failure]:
    """What is missing for a whole condition to be judged; what another branch makes up for is not."""
    open_ones = [one for one in _asked(explanation) if one.verdict == "unknown"]
    names = {name for whole in open_ones for one in whole.lacking() for name in one.unknown}
    yield from _listed("unknown", expect, sorted(names))


def _problems(expect: Map, explanation: Explanation) -> Iterator[Failure]:
    yield from _listed("problems", expect, [one.code for one in explanation.decision.problems])


def _listed(key: str, expect: Map, found: list[str]) -> Iterator[Failure]:
    """Every listed name must be found; an empty list wants nothing to be found."""
    told, actual = expect[key], ", ".join(dict.fromkeys(found)) or NOTHING
    if not told and found:
        yield Failure(what=key, expected=NOTHING, actual=actual, source=key_source(expect, key))
    for place, name in enumerate(told):
        if name not in found:
            yield Failure(what=key, expected=str(name), actual=actual, source=source_of(told, place))


COMPARE: dict[str, Callable[[Map, Explanation], Iterator[Failure]]] = {
    **{key: _standing(key) for key in ("tier", "change", "since", "valid_until")},
    **{key: _rows(key) for key in ("grants", "bounds", "proposals")},
    "next_change": _next_change,
    "benefits": _benefits,
    "no_benefits": _no_benefits,
    "missing": _missing,
    "because": _because,
    "values": _values,
    "unknown": _unknown,
    "problems": _problems,
}
