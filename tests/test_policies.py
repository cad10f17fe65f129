"""The programmes that are shipped in `policies/`: they are sound, tested, and named in both languages."""

from pathlib import Path

import pytest

import viprules
from tests.conftest import ROOT
from viprules import testing
from viprules.engine.reading.faults import typed
from viprules.engine.reading.source import read
from viprules.testing.cases import cases_of

FOLDER = ROOT / "policies"
TESTS = sorted(FOLDER.glob("*.test.yaml"))
POLICIES = [path.with_name(path.name.replace(".test.yaml", ".yaml")) for path in TESTS]
LANGUAGES = {"zh", "en"}
BENEFITS = {"gift": "item", "service": "name"}
"""The kinds of benefits that people read by a name."""


def name_of(path: Path) -> str:
    """The file's name: the id of a test."""
    return path.name


def test_every_policy_has_its_tests_beside_it() -> None:
    """Beside each policy stands a test file, and no test file stands alone."""
    others = ("*.test.yaml", "*.mapping.yaml")
    aside = {path for pattern in others for path in FOLDER.glob(pattern)}
    assert sorted(set(FOLDER.glob("*.yaml")) - aside) == POLICIES
    assert POLICIES


@pytest.mark.parametrize("path", POLICIES, ids=name_of)
def test_a_policy_has_no_problems(path: Path) -> None:
    """Neither an error nor a warning."""
    assert [] == viprules.check(path)


@pytest.mark.parametrize("path", TESTS, ids=name_of)
def test_a_policy_does_what_its_tests_say(path: Path) -> None:
    """Every case of every test passes."""
    found = testing.run([path])
    told = [f"{one.name}: {one.failures or one.problems}" for one in found.results if one.failures or one.problems]
    assert ([], []) == (told, list(found.problems))
    assert found.passed


@pytest.mark.parametrize("path", POLICIES, ids=name_of)
def test_everything_people_read_has_both_languages(path: Path) -> None:
    """The programme, each tier, each gift and each service is named in Chinese and in English."""
    program = viprules.load(path)
    named = {"the programme": set(program.name)}
    for tier_set in program.tier_sets:
        for tier in tier_set.tiers:
            named[f"{tier_set.name}.{tier.id}"] = set(tier.name)
            for one in tier.benefits:
                if one.kind in BENEFITS:
                    named[f"{tier.id}.{one.id}"] = set(getattr(one.parameters, BENEFITS[one.kind]))
    assert dict.fromkeys(named, LANGUAGES) == named


@pytest.mark.parametrize("path", POLICIES, ids=name_of)
def test_a_policy_starts_with_its_mode_line(path: Path) -> None:
    """Editors find the published schemas of the policy and of its tests."""
    beside = path.with_name(f"{path.stem}.test.yaml")
    for one, schema in ((path, "policy"), (beside, "test")):
        first = one.read_text(encoding="utf-8").partition("\n")[0]
        assert f"# yaml-language-server: $schema=../schemas/{schema}.json" == first


@pytest.mark.parametrize("path", TESTS, ids=name_of)
def test_the_fast_decision_is_the_explained_one(path: Path) -> None:
    """For the customer and the days of every case both doors give the same answer."""
    document, problems = read(path.read_bytes(), str(path))
    assert [] == problems
    assert document is not None
    document = typed(document, testing.policy_test_schema())
    program = viprules.load(path.parent / str(document["policy"]))
    for test in document["tests"]:
        for case in cases_of(document, test):
            customer = program.customer(id=case.name, **case.person)
            for day, _ in case.expects:
                explained = program.explain(customer, as_of=day).decision.as_dict()
                assert explained == program.decide(customer, as_of=day).as_dict(), f"{case.name} on {day}"
