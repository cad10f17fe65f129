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


def test_a_message_is_read_with_its_moment() -> None:
    """Of entering a tier by whatever way or by one, in the languages that it has, at the place of its texts."""
    policy = loads(
        """
viprules: 1
program: {id: s, timezone: Asia/Shanghai}
facts: {age: number}
tiers: [{id: guest, enter: everyone}, {id: gold, enter: {age: {at_least: 2}}}]
messages:
  welcome: {upon: {entering: gold}, channels: [console], en: Welcome, zh: 欢迎}
"""
    ).policy
    (message,) = policy.messages
    assert ("welcome", "gold", ("console",)) == (message.name, message.tier, message.channels)
    assert {"en": "Welcome", "zh": "欢迎"} == dict(message.texts)
    assert "policy.yaml:7:75" == str(policy.sources["messages.welcome.zh"])


@pytest.mark.parametrize(
    ("tier", "code"),
    [
        ("also: [{cause: gift}]", "when-or-upon"),
        ("also: [{cause: gift, upon: purchase, when: {age: 1}}]", "when-or-upon"),
        ("enter: {age: 1}, benefits: [{gift: {item: cake, quota: {times: 1}}}]", "quota-without-id"),
    ],
)
def test_what_only_goes_together_is_told(tier: str, code: str) -> None:
    """A way has one moment or one state; what is counted has an id."""
    text = f"""
viprules: 1
program: {{id: s, timezone: Asia/Shanghai}}
facts: {{age: number}}
events: {{purchase: {{amount: money}}}}
tiers: [{{id: guest, enter: everyone}}, {{id: gold, {tier}}}]
"""
    assert [code] == [one.code for one in check_text(text)]
