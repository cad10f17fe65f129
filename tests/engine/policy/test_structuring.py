"""From checked data to the policy's values."""

import pytest

from viprules.engine.policy.names import Names
from viprules.engine.policy.schema import policy_schema
from viprules.engine.policy.structuring import SECTIONS, declared_names
from viprules.loader import check_text
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
