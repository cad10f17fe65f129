"""From checked data to the policy's values."""

from viprules.engine.policy.names import Names
from viprules.engine.policy.schema import policy_schema
from viprules.engine.policy.structuring import SECTIONS, declared_names
from viprules.plugins import builtin_catalogue


def test_the_sections_are_those_of_the_schema() -> None:
    """A key that the schema gets is one that a misspelt key may mean."""
    assert sorted(policy_schema(builtin_catalogue(), Names())["properties"]) == sorted(SECTIONS)


def test_names_under_a_misspelt_section_are_declared() -> None:
    """They are meant, so what uses them is not wrong as well; a section that is there is not replaced."""
    assert ("spend",) == declared_names({"metrcs": {"spend": {}}}).metrics
    assert ("spend",) == declared_names({"metrcs": {"other": {}}, "metrics": {"spend": {}}}).metrics
    assert () == declared_names({"colours": {"spend": {}}}).metrics
