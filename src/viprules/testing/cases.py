"""From a test as it is written to the cases that are run: fixtures put in, `{each: …}` replaced."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice, product
from typing import Any

from attrs import frozen

from viprules.engine.days import add_span, iso, parse_day, parse_span
from viprules.engine.deciding.moments import as_moment
from viprules.engine.reading.source import Map, Seq, key_source, source_of
from viprules.errors import Problem, Source, UsageError, problem

__all__ = ["Case", "cases_of"]

PERSON = ("facts", "metrics", "events", "membership", "overrides")
DAY = len("2026-12-31")
ASSERTING = {"because", "no_benefits", "refused"}
"""Lists that assert nothing when they are empty."""
MOST = 100_000
"""Repetitions of an event, and cases of a test."""


@frozen(kw_only=True, eq=False)
class Case:
    """One run of a test."""

    name: str
    source: Source | None
    expects: tuple[tuple[str, Map], ...]
    """Days with what must come out on each."""
    person: Mapping[str, Any]
    """What `program.customer` takes."""
    places: Mapping[str, Source | None]
    """Where facts, metrics, event types and kinds of override stand, by name; events by `#` and their id."""
    problems: tuple[Problem, ...] = ()


def cases_of(document: Map, test: Map) -> Iterator[Case]:
    """The cases of a test of a file; what is wrong with a case lies in its problems."""
    rows = list(islice(_rows(test), MOST + 1))
    if len(rows) > MOST:
        found = problem("test-too-many", test.source, limit=MOST)
        yield Case(name=str(test["name"]), source=test.source, expects=(), person={}, places={}, problems=(found,))
        return
    used: set[str] = set()
    for row in rows:
        case = _case(document, test, row, used)
        yield case
    unused = [name for name in rows[0] if name not in used]
    if unused:
        where = test["matrix"] if "matrix" in test and unused[0] in test["matrix"] else test.get("cases")
        found = problem("case-unused", getattr(where, "source", test.source), name=unused[0])
        yield Case(name=str(test["name"]), source=test.source, expects=(), person={}, places={}, problems=(found,))


def _rows(test: Map) -> Iterator[dict[str, Any]]:
    """The values of each case: every row of `cases` with every combination of `matrix`."""
    matrix = test.get("matrix", {})
    for row in test.get("cases", [{}]):
        for combination in product(*matrix.values()):
            yield {**row, **dict(zip(matrix, combination, strict=True))}


def _case(document: Map, test: Map, row: Mapping[str, Any], used: set[str]) -> Case:
    problems: list[Problem] = []
    filled = _filled(test, row, used, problems)
    defaults, fixtures = document.get("defaults", {}), document.get("fixtures", {})
    layers = [defaults, *_fixtures(test, fixtures, problems), filled]
    values = ", ".join(f"{name}={value}" for name, value in row.items())
    person, places = _person(layers, problems)
    as_of = filled.get("as_of", defaults.get("as_of"))
    expects = [(as_of, filled["expect"])] if "expect" in filled else []
    expects += list(filled.get("expect_on", {}).items())
    if "expect" in filled and as_of is None:
        problems.append(problem("test-no-day", key_source(test, "expect")))
    problems += _no_days(filled if "as_of" in filled else defaults, filled.get("expect_on", {}))
    if not expects or any(what[key] == [] for _, what in expects for key in ASSERTING & what.keys()):
        problems.append(problem("test-asserts-nothing", source_of(test, "name"), name=str(test["name"])))
    return Case(
        name=f"{test['name']} [{values}]" if values else str(test["name"]),
        source=test.source,
        expects=tuple((str(day), what) for day, what in expects),
        person=person,
        places=places,
        problems=tuple(problems),
    )


def _no_days(owner: Mapping[str, Any], expect_on: Mapping[str, Any]) -> Iterator[Problem]:
    """Days asked for that are well written and on no calendar."""
    asked = [(str(owner["as_of"]), source_of(owner, "as_of"))] if "as_of" in owner else []
    for text, at in (*asked, *((day, key_source(expect_on, day)) for day in expect_on)):
        try:
            as_moment(text)
        except UsageError:
            yield problem("no-such-date", at, text=text)


def _fixtures(test: Map, fixtures: Mapping[str, Any], problems: list[Problem]) -> list[Any]:
    given = test.get("given", [])
    names = [given] if isinstance(given, str) else given
    for place, name in enumerate(names):
        if name not in fixtures:
            at = source_of(test, "given") if isinstance(given, str) else source_of(given, place)
            problems.append(problem("test-unknown-name", at, what="fixture", name=name, known="\n".join(fixtures)))
    return [fixtures[name] for name in names if name in fixtures]


def _filled(node: Any, row: Mapping[str, Any], used: set[str], problems: list[Problem]) -> Any:
    """The node with each `{each: name}` replaced by the case's value."""
    if isinstance(node, Map):
        if set(node) == {"each"}:
            return _each(node, row, used, problems)
        made = Map(node.source)
        made.keys_at, made.values_at = node.keys_at, node.values_at
        for name, part in node.items():
            made[name] = _filled(part, row, used, problems)
        return made
    if isinstance(node, Seq):
        found = [
            (at, item)
            for part, at in zip(node, node.items_at, strict=True)
            for item in _spread(part, _filled(part, row, used, problems))
        ]
        items = Seq(node.source, (item for _, item in found))
        items.items_at = [at for at, _ in found]
        return items
    return node


def _spread(part: Any, value: Any) -> list[Any]:
    """The items that an item stands for: `{each: …}` of a list for the list's, of nothing for none."""
    if not isinstance(part, Map) or set(part) != {"each"}:
        return [value]
    return list(value) if isinstance(value, Seq) else [] if value is None else [value]


def _each(node: Any, row: Mapping[str, Any], used: set[str], problems: list[Problem]) -> Any:
    name = str(node["each"])
    used.add(name)
    if name not in row:
        at = source_of(node, "each")
        problems.append(problem("test-unknown-name", at, what="case value", name=name, known="\n".join(row)))
    return row.get(name)


# --- the customer ------------------------------------------------------------------------------------


def _person(layers: list[Any], problems: list[Problem]) -> tuple[dict[str, Any], dict[str, Source | None]]:
    """The customer of the layers: facts and metrics by name, events all together, the rest from the last."""
    person: dict[str, Any] = {"facts": {}, "metrics": {}, "events": [], "overrides": [], "membership": None}
    places: dict[str, Source | None] = {}
    for number, layer in enumerate(layers):
        for part in ("facts", "metrics"):
            person[part] |= layer.get(part, {})
            places |= {name: key_source(layer[part], name) for name in layer.get(part, {})}
        for index, event in enumerate(layer.get("events", [])):
            happened = list(_repeated(event, f"{number}.{index}", problems))
            person["events"] += happened
            places |= {f"{event.get('type')}.{name}": key_source(event, name) for name in event}
            places |= {f"#{one['id']}": source_of(event, "at") for one in happened}
            places.setdefault(str(event.get("type")), source_of(event, "type"))
        for order in layer.get("overrides", []):
            places.setdefault(str(order.get("kind")), source_of(order, "kind"))
        person["overrides"] += layer.get("overrides", [])
        person["membership"] = layer.get("membership", person["membership"])
    return person, places


def _times(event: Map, problems: list[Problem]) -> int:
    """How often the event happened; `{each: …}` gives it as text."""
    text = str(event.get("times", 1))
    if not text.isascii() or not text.isdigit() or int(text) > MOST:
        problems.append(problem("test-no-number", source_of(event, "times"), text=text))
        return 0
    return int(text)


def _repeated(event: Map, mark: str, problems: list[Problem]) -> Iterator[dict[str, Any]]:
    """The event as often as it happened, each time with an id of its own."""
    times = _times(event, problems)
    plain = {name: value for name, value in event.items() if name not in ("times", "every")}
    for number in range(times):
        named = str(event.get("id", f"test.{mark}"))
        yield {
            **plain,
            "id": named if "times" not in event else f"{named}.{number + 1}",
            "at": _moved(str(event.get("at")), event.get("every"), number),
        }


def _moved(at: str, every: str | None, number: int) -> str:
    span, day = parse_span(str(every)) if every else None, parse_day(at[:DAY])
    if span is None or day is None or not number:
        return at
    return iso(add_span(day, span, number)) + at[DAY:]
