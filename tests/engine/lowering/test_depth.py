"""Names that stand on names without end: refused, in bounded time and on a small stack, never a crash."""

from __future__ import annotations

from itertools import pairwise

import pytest

from tests.support.deciding import buy, decided, program, told
from viprules.engine.lowering import scope
from viprules.engine.lowering.depth import MOST_LEVELS, height
from viprules.engine.tree.nodes import TODAY, Aggregate, Arith, Field, Lit, Ref

GOLD = "tiers: [{{id: gold, enter: {{{name}: {asked}}}}}]\n"
ENTANGLED = ["too-entangled: names, values and conditions stand in each other more than 80 deep"]


def metrics(count: int, *, forwards: bool) -> str:
    """Metrics that each add one to the next, or to the one before."""
    names = [f"m{number}" for number in range(count)]
    steps = [f"  {name}: {{add: [{other}, 1]}}\n" for other, name in pairwise(names)]
    lines = [f"  {names[0]}: {{count: {{of: purchase}}}}\n", *steps]
    return (
        "metrics:\n"
        + "".join(reversed(lines) if forwards else lines)
        + GOLD.format(name=names[-1], asked="{at_least: 1}")
    )


def fields(count: int) -> str:
    """An event whose fields each add one to the one before."""
    steps = [f"    f{number}: {{type: number, value: {{add: [f{number - 1}, 1]}}}}\n" for number in range(1, count)]
    return "events:\n  purchase:\n    amount: money\n    f0: {type: number, value: 1}\n" + "".join(steps)


def segments(count: int, times: int = 1) -> str:
    """Segments that each ask the one before, once or several times."""
    steps = [
        f"  s{number}: {{any: [{', '.join([f'{{s{number - 1}: true}}'] * times)}]}}\n" for number in range(1, count)
    ]
    return (
        "facts: {n: number}\nsegments:\n  s0: {n: 1}\n"
        + "".join(steps)
        + GOLD.format(name=f"s{count - 1}", asked="true")
    )


@pytest.mark.parametrize("forwards", [True, False])
def test_a_chain_of_metrics(forwards: bool) -> None:  # noqa: FBT001 -- a parameter of the test
    """Thirty-eight stand on each other in whatever order they are written; one more is too deep, a thousand as well."""
    policy = program(metrics(38, forwards=forwards))
    assert "gold" == decided(policy, "2026-02-01", [buy("2026-01-01")]).tier
    for count in (39, 40, 1000):
        assert ENTANGLED == told(metrics(count, forwards=forwards))


def test_a_chain_of_fields() -> None:
    """Fields that are computed from each other are no better."""
    gold = GOLD.format(name="m", asked="{at_least: 30}")
    policy = program(f"metrics: {{m: {{sum: {{of: purchase.f29}}}}}}\n{gold}", events=fields(30))
    assert "gold" == decided(policy, "2026-02-01", [buy("2026-01-01")]).tier
    assert ENTANGLED == told(f"metrics: {{m: {{sum: {{of: purchase.f499}}}}}}\n{gold}", events=fields(500))


def test_a_chain_of_segments() -> None:
    """A segment is written out where it is asked."""
    policy = program(segments(20))
    assert "gold" == decided(policy, "2026-02-01", facts={"n": 1}).tier
    assert ENTANGLED == told(segments(200))


def test_segments_that_grow_with_every_step(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three times three times three conditions are refused before they are made."""
    monkeypatch.setattr(scope, "MOST_CONDITIONS", 1000)
    assert [] == told(segments(4, times=3))
    (found,) = told(segments(16, times=3))
    assert found.startswith("too-much-asked: ")


def test_many_extensions() -> None:
    """Each is one comparison more, so that fifty of them are nothing; the latest that holds counts."""
    more = ", ".join(
        f"{{held: 2026-01-01, until_at_least: 2027-01-{day:02}}}" for day in (*range(1, 31), *range(1, 21))
    )
    policy = program(
        "metrics: {orders: {count: {of: purchase, window: {this: year}}}}\n"
        f"tiers: [{{id: gold, enter: {{orders: {{at_least: 1}}}}}}]\nextensions: [{more}]\n"
        "transitions: {validity: {through: {this: year}}}\n"
    )
    found = decided(policy, "2026-02-01", [buy("2026-01-01")]).valid_until
    assert found is not None
    assert "2027-01-30" == found.isoformat()


def test_a_height_counts_the_names() -> None:
    """A field is that of the event that is measured; a name that nobody measured is a node like others."""
    known = {"metric.m": 5, "purchase.f": 7}
    assert 1 == height(Lit(1), known)
    assert 2 == height(Arith("add", (Ref("tier.out"), Lit(1))), known)
    assert 7 == height(Arith("add", (Ref("metric.m"), Lit(1))), known)
    assert 9 == height(Aggregate("sum", "purchase", Field("f"), None, Lit(1), TODAY), known)
    assert 8 == height(Field("f"), known, "purchase")
    assert MOST_LEVELS > height(Field("f"), known)
