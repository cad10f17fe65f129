"""Forms that the schema lets through and that still mean nothing are told at their place."""

from collections.abc import Sequence
from decimal import Decimal

import pytest
from attrs import frozen

from viprules.api import NUMBER, Example, ParameterError, Scope, Span, TermType, Typed, hookimpl, key, nodes
from viprules.loader import check_text, loads
from viprules.plugins import catalogue_of

HEAD = """\
viprules: 1
program: {id: shop, timezone: Asia/Shanghai, currency: CNY}
facts: {joined: date, n: number}
events: {purchase: {amount: money}}
tiers: [{id: guest, enter: everyone}, {id: gold, enter: {n: {at_least: 1}}}]
"""


def told(line: str) -> list[str]:
    """Return column, code and hint of every problem of a sixth line."""
    found = check_text(HEAD + line)
    assert all(one.source and one.source.line == 6 for one in found)
    return [f"{one.source.column} {one.code}" for one in found if one.source]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("metrics: {a: {2026-02-30: 5}}", "15 no-such-date"),
        ("metrics: {a: {2026-01-01: 5, 2026-02-30: 6}}", "30 no-such-date"),
        ("metrics: {a: {2026-01-01: 5, sum: {of: purchase.amount}}}", "30 no-such-date"),
        ("metrics: {a: {sum: {of: purchase.amount}, count: {of: purchase}}}", "14 one-term"),
        ("metrics: {a: {round: down}}", "14 one-term"),
        ("metrics: {a: {by: n, values: {1: 2}, round: down}}", "38 unknown-key"),
        ("metrics: {a: {add: [1, 2], otherwise: 3}}", "28 unknown-key"),
        ("metrics: {a: {when: {n: 1}}}", "14 missing-key"),
        ("segments: {a: {n: {between: [1]}}}", "29 two-ends"),
        ("segments: {a: {n: {between: [1, 2, 3]}}}", "29 two-ends"),
    ],
)
def test_a_value_is_one_thing(line: str, expected: str) -> None:
    """A dated table, or one term with its own keys; a range has two ends."""
    assert [expected] == told(line)


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        ("{this: year, last: 3 days}", "50 one-window"),
        ("{this: year, count: 3}", "50 one-window"),
        ("{previous: year, and_previous: 3}", "50 one-window"),
        ("{count: 3}", "50 one-window"),
        ("{since: {plus: 3 days}}", "58 one-day"),
        ("{since: 02-30}", "58 no-such-date"),
        ("{since: 2026-02-30}", "58 no-such-date"),
        ("{since: {date: 2026-02-30}}", "65 no-such-date"),
    ],
)
def test_a_window_says_its_days_in_one_way(window: str, expected: str) -> None:
    """Of two ways, or of none, nobody knows which is meant; a day is one of the calendar."""
    assert [expected] == told(f"metrics: {{a: {{sum: {{of: purchase.amount, window: {window}}}}}}}")


@pytest.mark.parametrize(
    "validity", ["{plus: 1 day}", "{for: 1 day, until: 12-31}", "{after: 1 day, through: {this: year}}"]
)
def test_a_span_ends_in_one_way(validity: str) -> None:
    """One of `for`, `after`, `through`, `until`."""
    assert ["25 one-span"] == told(f"transitions: {{validity: {validity}}}")


def test_a_period_is_made_of_whole_days() -> None:
    """Hours and minutes make none, and approval is read like everything else."""
    assert ["22 period-of-days"] == told("periods: {p: {every: 90 minutes, from: joined}}")
    assert ["37 two-ends"] == told("approval: {needs: {a: {n: {between: [1, 2, 3]}}}}")


def test_another_term_is_named_with_what_it_lacks() -> None:
    """The message says which keys the term has; what another term has is no key of this one."""
    unknown = check_text(f"{HEAD}metrics: {{a: {{by: n, values: {{1: 2}}, otherwse: 3, steps: {{}}}}}}")
    assert ["unknown-key"] == [one.code for one in unknown]
    (found,) = check_text(f"{HEAD}metrics: {{a: {{by: n, values: {{1: 2}}, round: down}}}}")
    assert ("`round` is not known in `by`", "known here: `otherwise`, `steps`") == (found.message, found.hint)
    (found,) = check_text(f"{HEAD}metrics: {{a: {{when: {{n: 1}}, otherwise: 3}}}}")
    assert ("`then` is missing: it must stand beside `when`", "add `then:`") == (found.message, found.hint)


@frozen(kw_only=True)
class Part:
    """A parameter that is a map with keys of its own."""

    pieces: int = key(
        "a whole number, or a word of the plug-in", schema={"type": ["integer", "string"]}, examples=["3"]
    )
    times: Decimal = key("a factor", default=Decimal("1.5"))


@frozen(kw_only=True)
class Loose:
    """Parameters whose schema lets more through than their types."""

    span: Span = key("a span in words", schema={"pattern": "^[a-z0-9 ]+$"}, examples=["2 days"])
    part: Part = key("a part")
    twice: bool = key("whether it counts twice", default=False)
    even: int = key("an even number", default=2)

    def __attrs_post_init__(self) -> None:
        """Refuse an odd number in words for authors, and a whole hundred without any."""
        if self.even % 100 == 0:
            raise ArithmeticError
        if self.even % 2:
            raise ParameterError("`even` is odd", "`even` 是奇数")


def loose(parameters: Loose, scope: Scope) -> Typed:  # noqa: ARG001 -- the form of a compile function
    """The days and the pieces, times a factor."""
    given: object = parameters.part.pieces
    pieces = given if isinstance(given, int) else len(str(given))
    days = (parameters.span.days + pieces) * (1 + parameters.twice) * parameters.part.times
    return Typed(node=nodes.Lit(int(days)), type=NUMBER)


class Plugin:
    """A plug-in with the one word `loose`."""

    VIPRULES_CONTRACT = 1

    @hookimpl
    def viprules_terms(self) -> Sequence[TermType]:
        """Offer it."""
        example = Example(yaml="{loose: {span: 2 days, part: {pieces: 3}}}")
        return [TermType(name="loose", parameters=Loose, compile=loose, doc="what is loose", examples=(example,))]


@pytest.mark.parametrize(
    ("parameters", "value"),
    [
        ("{span: 2 days, part: {pieces: 3, times: 2}}", "10"),
        ("{span: 2 days, part: {pieces: three}}", "10"),
        ("{span: 2 days, part: {pieces: 3, times: 1.2}, twice: true}", "12"),
    ],
)
def test_a_parameter_is_what_its_schema_lets_through(parameters: str, value: str) -> None:
    """Numbers and truth values as they are written, a factor exact; a key's own `type` is the plug-in's own affair."""
    program = loads(HEAD + f"metrics: {{a: {{loose: {parameters}}}}}", plugins=catalogue_of(Plugin()))
    assert value == program.explain(program.customer(), as_of="2026-01-01").metrics["a"]


def test_a_duration_is_one_whatever_the_schema_says() -> None:
    """A plug-in's own pattern may let through what is none; it is told at the place of the word."""
    line = "metrics: {a: {loose: {span: two days, part: {pieces: 3}}}}"
    found = check_text(HEAD + line, plugins=catalogue_of(Plugin()))
    assert [("no-duration", "`two days` is no duration")] == [(one.code, one.message) for one in found]


@pytest.mark.parametrize(("even", "reason"), [(3, "`even` is odd"), (100, "")])
def test_what_the_class_refuses_is_the_mistake_of_the_policy(even: int, reason: str) -> None:
    """In the words of the plug-in, at the place of the metric."""
    line = f"metrics: {{a: {{loose: {{span: 2 days, part: {{pieces: 3}}, even: {even}}}}}}}"
    (found,) = check_text(HEAD + line, plugins=catalogue_of(Plugin()))
    assert ("wrong-parameters", reason, "policy.yaml:6:11") == (found.code, found.values["reason"], str(found.source))
