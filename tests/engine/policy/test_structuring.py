"""From checked data to the policy's values."""

import pytest

from viprules.engine.days import Span, parse_day
from viprules.engine.policy.model import DayForm, Downgrade, Extension
from viprules.engine.policy.names import Names
from viprules.engine.policy.schema import policy_schema
from viprules.engine.policy.structuring import SECTIONS, declared_names
from viprules.loader import check_text, loads
from viprules.plugins import builtin_catalogue


def test_the_sections_are_those_of_the_schema() -> None:
    """A key that the schema gets is one that a misspelt key may mean."""
    assert sorted(policy_schema(builtin_catalogue(), Names())["properties"]) == sorted(SECTIONS)


def test_names_under_a_misspelt_section_are_declared() -> None:
    """They are meant, so what uses them is not wrong as well; a section that is there is not replaced."""
    assert ("spend",) == declared_names({"metrcs": {"spend": {}}}).metrics
    assert ("spend",) == declared_names({"metrcs": {"other": {}}, "metrics": {"spend": {}}}).metrics
    assert () == declared_names({"colours": {"spend": {}}}).metrics


@pytest.mark.parametrize(
    ("key", "column"), [("history_from: 2026-02-30", 57), ("year_starts: 02-30", 56), ("year_starts: 13-01", 56)]
)
def test_a_programme_has_days_of_the_calendar(key: str, column: int) -> None:
    """What has the form of a date and is none is told where it stands."""
    text = f"viprules: 1\nprogram: {{id: s, timezone: Asia/Shanghai, {key}}}\ntiers: [{{id: a, enter: everyone}}]\n"
    (found,) = check_text(text)
    assert found.source is not None
    assert ("no-such-date", 2, column) == (found.code, found.source.line, found.source.column)


def test_a_name_is_placed_where_it_is_declared() -> None:
    """So that what is wrong with it in the end is told there; data without places have none."""
    text = """
viprules: 1
program: {id: s, timezone: Asia/Shanghai}
facts: {age: number}
metrics: {age: {add: [1, 2]}}
tiers: [{id: a, enter: everyone}]
"""
    (found,) = check_text(text)
    assert ("name-clash", "policy.yaml:4:9") == (found.code, str(found.source))


def test_transitions_are_read_as_they_are_written() -> None:
    """Every form of a landing, the days of extensions, and days that are moved."""
    ladder = loads(
        """
viprules: 1
program: {id: s, timezone: Asia/Shanghai}
facts: {joined: date, age: number}
tiers: [{id: a, enter: {age: {at_least: 1}}}, {id: b, enter: {age: {at_least: 2}}, downgrade: {to: {tier: a}}}]
transitions:
  validity: {until: {date: joined, plus: 1 year}}
  renew: {at: once}
  downgrade: {to: {levels: 2}, not_again_within: 6 months, warn: 14 days, after: 3 reviews}
  review: {first_day_of: year}
extensions: [{held: 2026-05-05, until_at_least: 2027-01-31}]
"""
    ).policy.tier_sets[0]
    landing = Downgrade(to=("levels", 2), not_again_within=Span(months=6), warn=Span(days=14), after=3)
    assert (landing, Downgrade(to=("tier", "a"))) == (ladder.blocks[0].downgrade, ladder.tiers[1].transitions.downgrade)
    assert (
        Extension(held=parse_day("2026-05-05") or 0, until_at_least=parse_day("2027-01-31") or 0),
    ) == ladder.extensions
    validity = ladder.blocks[0].validity
    assert validity is not None
    assert DayForm(fact="joined", plus=(Span(months=12), 1)) == validity.until


def test_a_day_is_a_date_where_one_is_written() -> None:
    """Not a fact of that name, and not a day of every year."""
    program = loads(
        """
viprules: 1
program: {id: s, timezone: Asia/Shanghai}
tiers: [{id: a, enter: everyone}, {id: b, lifetime: {date: {between: [01-01, 01-02]}}}]
transitions: {validity: {until: 2026-12-31}, renew: {at: once}}
"""
    )
    validity = program.policy.tier_sets[0].blocks[0].validity
    assert validity is not None
    assert DayForm(date=parse_day("2026-12-31")) == validity.until
