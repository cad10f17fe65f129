"""Policy tests: what they assert, what makes them fail, and what is wrong with a test file."""

from collections.abc import Callable
from pathlib import Path

import pytest

from viprules.testing import Run, check, files_of, is_test, run

POLICY = """
viprules: 1
program: {id: shop, timezone: Asia/Shanghai, currency: CNY}
facts: {birthday: date, contract: true_false}
events:
  purchase: {amount: money}
  return: {returns: purchase, amount: money}
metrics:
  spend: {sum: {of: purchase.amount, window: {this: year}}}
  orders: {count: {of: purchase, window: {this: year}}}
tiers:
  - {id: guest, enter: everyone}
  - id: silver
    enter: {any: [{spend: {at_least: 100}}, {orders: {at_least: 3}}]}
    benefits:
      - gift: {id: cake, item: {en: cake}, quota: {times: 2, per: year}}
      - discount: {percent: 5}
  - id: gold
    enter: {spend: {more_than: 1000}}
    also: [{cause: contract, when: {contract: true}}]
transitions: {validity: {through: {next: year}}}
"""
HEAD = "policy: policy.yaml\ndefaults: {as_of: 2026-12-31, facts: {contract: false}}\n"
BOUGHT = "{type: purchase, at: 2026-02-01, amount: 50, times: 3, every: 1 month}"
Attempt = Callable[[str], Run]


@pytest.fixture
def attempt(tmp_path: Path) -> Attempt:
    """Return a function that runs the tests of a file's text."""
    (tmp_path / "policy.yaml").write_text(POLICY, encoding="utf-8")

    def write(tests: str) -> Run:
        path = tmp_path / "policy.test.yaml"
        path.write_text(tests if "policy:" in tests else HEAD + tests, encoding="utf-8")
        return run([path])

    return write


def one(expect: str, events: str = BOUGHT, more: str = "") -> str:
    """Return the text of one test."""
    return f"tests:\n  - name: it\n    events: [{events}]\n    expect: {expect}\n{more}"


def codes(found: Run) -> list[str]:
    """Return the codes of everything that is wrong with the tests themselves."""
    return [said.code for said in (*found.problems, *(each for case in found.results for each in case.problems))]


def failures(found: Run) -> list[tuple[str, str, str]]:
    """Return what was expected and what came out."""
    return [(each.what, each.expected, each.actual) for case in found.results for each in case.failures]


@pytest.mark.parametrize(
    "expect",
    [
        "{tier: silver, change: upgrade, since: 2026-03-01, valid_until: 2027-12-31}",
        "{tier: {tier: silver}, valid_until: {tier: 2027-12-31}}",
        "{benefits: [cake, discount]}",
        "{benefits: [{cake: {quota_left: 2}}, {discount: {percent: 5.0}}]}",
        "{missing: {gold: {spend: 850.01}}}",
        "{missing: {gold: {spend: }}}",
        "{because: [orders, spend, earned]}",
        "{values: {spend: 150.00, orders: 3}}",
        "{grants: [{tier: silver, from: 2026-03-01, cause: earned}], bounds: [], proposals: [], problems: []}",
    ],
)
def test_what_comes_out_is_asserted(attempt: Attempt, expect: str) -> None:
    """Each kind of assertion holds where it should; numbers are equal whatever their zeros."""
    found = attempt(one(expect))
    assert ([], []) == (failures(found), codes(found))
    assert found.passed


@pytest.mark.parametrize(
    ("expect", "failure"),
    [
        ("{tier: gold}", ("tier", "gold", "silver")),
        ("{tier: }", ("tier", "none", "silver")),
        ("{change: renew}", ("change", "renew", "upgrade")),
        ("{since: 2026-04-01}", ("since", "2026-04-01", "2026-03-01")),
        ("{valid_until: }", ("valid_until", "none", "2027-12-31")),
        ("{valid_until: {tier: 2028-12-31}}", ("valid_until.tier", "2028-12-31", "2027-12-31")),
        ("{benefits: []}", ("benefits", "none", "cake, discount")),
        ("{benefits: [{cake: {quota_left: 1}}]}", ("benefits.cake", "quota_left 1", "quota_left 2")),
        ("{no_benefits: [cake]}", ("no_benefits", "no cake", "cake, discount")),
        ("{missing: {gold: {spend: 850}}}", ("missing.gold", "spend 850", "spend 850.01")),
        ("{because: [contract]}", ("because", "contract", "spend, orders, earned")),
        ("{values: {orders: 1}}", ("values.orders", "1", "3")),
        ("{problems: [unknown]}", ("problems", "unknown", "none")),
        ("{unknown: [birthday]}", ("unknown", "birthday", "none")),
        ("{proposals: [{tier: gold}]}", ("proposals", "tier gold", "none")),
    ],
)
def test_what_comes_out_otherwise_is_told(attempt: Attempt, expect: str, failure: tuple[str, str, str]) -> None:
    """A failure says what was expected, what came out, and the line of the assertion."""
    found = attempt(one(expect))
    assert [failure] == failures(found)
    assert not found.passed
    assert 6 == (found.results[0].failures[0].source.line if found.results[0].failures[0].source else 0)


def test_rows_are_compared_by_what_is_listed(attempt: Attempt) -> None:
    """A grant that has another part is told with all the rows that there are."""
    ((what, expected, actual),) = failures(attempt(one("{grants: [{tier: gold}]}")))
    assert ("grants", "tier gold") == (what, expected)
    assert "tier silver, from 2026-03-01" in actual
    ((_, nothing, _),) = failures(attempt(one("{grants: []}")))
    assert "none" == nothing


def test_an_unknown_fact_is_asserted_by_its_name(attempt: Attempt) -> None:
    """What could not be judged says which fact it lacked."""
    text = "policy: policy.yaml\n" + one("{unknown: [contract], problems: [unknown]}").replace(
        "events", "as_of: 2026-12-31\n    events"
    )
    assert ([], []) == (failures(attempt(text)), codes(attempt(text)))


@pytest.mark.parametrize(
    ("tests", "code"),
    [
        ("tests:\n  - name: it\n", "test-asserts-nothing"),
        (one("{}"), "too-few"),
        ("tests: []\n", "too-few"),
        (one("{teir: gold}"), "unknown-key"),
        (one("{tier: goldd}"), "unknown-name"),
        (one("{tier: {teir: gold}}"), "unknown-name"),
        (one("{change: upgraded}"), "not-one-of"),
        (one("{benefits: [cak]}"), "unknown-name"),
        (one("{no_benefits: [cak]}"), "unknown-name"),
        (one("{missing: {platinum: {spend: 1}}}"), "unknown-name"),
        (one("{missing: {gold: {spent: 1}}}"), "unknown-name"),
        (one("{because: [spent]}"), "unknown-name"),
        (one("{values: {spent: 1}}"), "unknown-name"),
        (one("{grants: [{tier: platinum}]}"), "unknown-name"),
        (one("{problems: [unknwon]}"), "unknown-name"),
        (one("{refused: [wrong-vlaue]}"), "unknown-name"),
        (one("{valid_until: tomorrow}"), "wrong-format"),
        (one("{tier: gold}", "{type: buy, at: 2026-01-01}"), "undeclared-event"),
        (one("{tier: gold}", "{type: purchase, at: 2026-01-01, amonut: 1}"), "undeclared-field"),
        (one("{tier: gold}", "{type: purchase, at: 2026-02-30, amount: 1}"), "event-without-time"),
        (one("{tier: gold}", "{type: purchase, at: 2026-01-01, amount: much}"), "wrong-value"),
        (one("{tier: gold}", "{type: purchase, at: 2026-01-01, times: {each: n}}"), "test-unknown-name"),
        (one("{tier: gold}", more="    given: regular\n"), "test-unknown-name"),
        (one("{tier: gold}", more="    cases: [{n: 1}]\n"), "case-unused"),
        (one("{tier: gold}", more="  - name: it\n    expect: {tier: gold}\n"), "test-name-twice"),
        (one("{tier: gold}", more="    facts: {brithday: 2000-01-01}\n"), "undeclared-fact"),
        ("policy: policy.yaml\n" + one("{tier: gold}"), "test-no-day"),
        (HEAD.replace("2026-12-31", "2026-02-30") + one("{tier: gold}"), "no-such-date"),
        (HEAD.replace("2026-12-31", "2026-12-31T25:00") + one("{tier: gold}"), "no-such-date"),
        (one("{tier: gold}").replace("expect: {tier: gold}", "expect_on: {2026-02-30: {tier: gold}}"), "no-such-date"),
        ("policy: none.yaml\n" + one("{tier: gold}"), "file-unreadable"),
        ("tests: [", "bracket-open"),
    ],
)
def test_a_test_that_means_nothing_fails(attempt: Attempt, tests: str, code: str) -> None:
    """What asserts nothing, or names what does not exist, is a problem with a place, and the run has failed."""
    found = attempt(tests)
    assert code in codes(found)
    assert not found.passed


def test_what_is_wrong_with_a_row_stands_at_the_row(attempt: Attempt, tmp_path: Path) -> None:
    """An event that cannot be read, and an order by hand, have their own places in the file."""
    more = "    overrides: [{kind: flor, tier: gold}]\n"
    attempt(one("{tier: gold}", "{type: purchase, at: 2026-13-01, amount: 1}", more=more))
    found = {said.code: said.source for said in check(tmp_path / "policy.test.yaml")}
    text = (tmp_path / "policy.test.yaml").read_text(encoding="utf-8").splitlines()
    places = {code: text[at.line - 1][at.column - 1 :][:4] for code, at in found.items() if at}
    assert {"event-without-time": "2026", "unknown-override": "flor"} == places


def test_a_run_without_a_test_has_failed(tmp_path: Path) -> None:
    """An empty folder has not passed."""
    assert not run([tmp_path]).passed


def test_a_broken_policy_fails_with_its_own_problems(attempt: Attempt, tmp_path: Path) -> None:
    """The problems are those of the policy, at its lines."""
    tests = one("{tier: gold}")
    attempt(tests)
    (tmp_path / "policy.yaml").write_text("viprules: 1\n", encoding="utf-8")
    found = run([tmp_path])
    assert "missing-key" in codes(found)
    assert not found.passed


def test_a_test_runs_for_every_case(attempt: Attempt) -> None:
    """Rows of `cases` and combinations of `matrix` are runs of their own, named by their values."""
    text = one("{tier: {each: tier}}", "{type: purchase, at: {each: day}, amount: {each: amount}}")
    cases = "    cases: [{amount: 99.99, tier: guest}, {amount: 100, tier: silver}]\n"
    cases += "    matrix: {day: [2026-01-01, 2026-12-31]}\n"
    found = attempt(text + cases)
    assert ([], []) == (failures(found), codes(found))
    assert "it [amount=99.99, tier=guest, day=2026-01-01]" == found.results[0].name
    assert 4 == len(found.results)


def test_a_case_fills_lists(attempt: Attempt) -> None:
    """Among the items of a list a text is one item, a list stands for its items, and nothing for none."""
    expect = "{because: [{each: because}], benefits: [{each: benefits}], no_benefits: [{each: without}]}"
    cases = """\
    cases:
      - {because: spend, benefits: [cake, discount], without: discount}
      - {because: [spend, orders], benefits: cake, without: [gift]}
"""
    found = attempt(one(expect, "{type: purchase, at: 2026-02-01, amount: 100}", cases))
    said = [(what, expected) for what, expected, _ in failures(found)]
    assert [("no_benefits", "no discount"), ("because", "orders"), ("no_benefits", "no gift")] == said


def test_a_list_that_a_case_leaves_empty_asserts_nothing(attempt: Attempt) -> None:
    """`benefits: []` says that there is none; an empty list of reasons says nothing, and that is a mistake."""
    bought = "{type: purchase, at: 2026-02-01, amount: 10}"
    assert attempt(one("{benefits: [{each: b}]}", bought, "    cases: [{b: }]\n")).passed
    assert ["test-asserts-nothing"] == codes(attempt(one("{because: [{each: b}]}", bought, "    cases: [{b: }]\n")))


def test_a_name_of_a_case_is_judged_in_lists(attempt: Attempt) -> None:
    """A benefit or a reason that the policy does not have is told, at the place of the `each`."""
    found = attempt(one("{benefits: [{each: b}]}", more="    cases: [{b: cakes}]\n"))
    assert ["unknown-name"] == codes(found)
    assert "write `cake`" == found.results[0].problems[0].hint


def test_fixtures_and_defaults_are_put_together(attempt: Attempt) -> None:
    """Events add up over fixtures and the test; the nearest word on a fact counts."""
    text = f"""
fixtures:
  a: {{events: [{BOUGHT}], facts: {{contract: true}}}}
  b: {{events: [{{type: purchase, at: 2026-06-01, amount: 950.01}}]}}
tests:
  - name: both
    given: [a, b]
    facts: {{contract: false}}
    expect: {{tier: gold, values: {{spend: 1100.01, orders: 4}}}}
  - name: one
    given: a
    expect: {{tier: gold, because: [contract]}}
"""
    found = attempt(text)
    assert ([], []) == (failures(found), codes(found))


def test_a_test_asks_on_several_days(attempt: Attempt) -> None:
    """`expect_on` asks the same customer on each day, and a failure says on which."""
    text = (
        one("{tier: silver}").replace("expect: ", "expect_on: {2027-12-31: ").rstrip("\n")
        + ", 2028-01-01: {tier: silver}}\n"
    )
    assert [("tier (2028-01-01)", "silver", "guest")] == failures(attempt(text))


def test_a_held_tier_is_given(attempt: Attempt) -> None:
    """Membership and overrides of a test go to the engine's door as they are."""
    more = "    membership: {tier: gold, valid_until: 2027-06-30, recorded: 2026-12-30}\n"
    found = attempt(one("{tier: gold, valid_until: 2027-06-30}", more=more))
    assert ([], []) == (failures(found), codes(found))


def test_refused_data_are_asserted(attempt: Attempt) -> None:
    """A test may say that the data are refused, and with which code."""
    bad = "{type: purchase, at: 2026-01-01, amount: much}"
    assert ([], []) == (
        failures(attempt(one("{refused: [wrong-value]}", bad))),
        codes(attempt(one("{refused: [wrong-value]}", bad))),
    )
    assert [("refused", "wrong-value", "none")] == failures(attempt(one("{refused: [wrong-value]}")))


def test_checking_decides_nothing_and_finds_the_same(attempt: Attempt, tmp_path: Path) -> None:
    """`check` tells what is wrong with a test file, and nothing about one whose assertions fail."""
    attempt(one("{tier: gold}"))
    assert [] == check(tmp_path / "policy.test.yaml")
    attempt(one("{tier: goldd}"))
    assert ["unknown-name"] == [said.code for said in check(tmp_path / "policy.test.yaml")]
    assert ["file-unreadable"] == [said.code for said in check(tmp_path / "none.test.yaml")]


def test_tests_are_found_by_their_names(tmp_path: Path) -> None:
    """A folder gives its test files, sorted, at any depth; a file is taken as named."""
    for name in ("b.test.yaml", "a.test.yml", "a.yaml", "in/c.test.yaml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    found = [path.relative_to(tmp_path).as_posix() for path in files_of([tmp_path])]
    assert ["a.test.yml", "b.test.yaml", "in/c.test.yaml"] == found
    assert [True, False] == [is_test("x.test.yaml"), is_test("x.yaml")]


def test_only_some_are_run(attempt: Attempt, tmp_path: Path) -> None:
    """`only` chooses tests by a part of their names."""
    attempt(one("{tier: gold}", more="  - name: other\n    expect: {tier: guest}\n"))
    assert ["other"] == [case.name for case in run([tmp_path], only="oth").results]
