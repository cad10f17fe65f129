"""Under pytest: which files are collected, what a failing case shows, how it is switched off, the catalogue fixture."""

import subprocess
import sys
from pathlib import Path

import pytest

from viprules import rendering, testing
from viprules.testing.files import is_ours

pytest_plugins = "pytester"

POLICY = """
viprules: 1
program: {id: shop, timezone: Asia/Shanghai, currency: CNY}
events: {purchase: {amount: money}}
metrics: {spend: {sum: {of: purchase.amount, window: {this: year}}}}
tiers:
  - {id: guest, enter: everyone}
  - {id: gold, enter: {spend: {at_least: 100}}}
transitions: {validity: {through: {next: year}}}
"""
TESTS = """\
policy: policy.yaml
defaults: {as_of: 2026-12-31}
tests:
  - name: a big spender is gold
    events: [{type: purchase, at: 2026-02-01, amount: 100}]
    expect: {tier: gold}
  - name: spending decides
    cases: [{paid: 99, tier: guest}, {paid: 100, tier: gold}]
    events: [{type: purchase, at: 2026-02-01, amount: {each: paid}}]
    expect: {tier: {each: tier}}
"""
SILENT_IMPORTS = """
import sys
before = set(sys.modules)
import viprules.testing.pytest_plugin
print(*sorted(name for name in set(sys.modules) - before if name.startswith(("viprules", "attr", "yaml", "jsonschema"))))
"""


@pytest.fixture(scope="module", autouse=True)
def _imported(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Import everything first: pytester forgets what was imported in it, and libyaml cannot be imported twice."""
    folder = tmp_path_factory.mktemp("before")
    (folder / "policy.yaml").write_text(POLICY, encoding="utf-8")
    (folder / "policy.test.yaml").write_text(TESTS, encoding="utf-8")
    assert "" == rendering.as_text(testing.run([folder]).problems)


@pytest.fixture
def folder(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with a policy and its tests, in which pytest loads our plug-in and no other."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setenv("PYTEST_ADDOPTS", "-p viprules.testing.pytest_plugin")
    (pytester.path / "policy.yaml").write_text(POLICY, encoding="utf-8")
    (pytester.path / "policy.test.yaml").write_text(TESTS, encoding="utf-8")
    return pytester.path


def test_each_case_is_an_item(folder: Path, pytester: pytest.Pytester) -> None:
    """A test with two cases is two items, named like the cases."""
    pytester.runpytest("--collect-only", "-q").stdout.fnmatch_lines(
        [
            "policy.test.yaml::a big spender is gold",
            "policy.test.yaml::spending decides [[]paid=99, tier=guest[]]",
            "policy.test.yaml::spending decides [[]paid=100, tier=gold[]]",
            "3 tests collected*",
        ]
    )
    pytester.runpytest().assert_outcomes(passed=3)
    assert (folder / "policy.yaml").exists()


@pytest.mark.parametrize(("words", "count"), [("spending", 2), ("spending and 99", 1), ("not spending", 1)])
def test_items_are_chosen_by_name(folder: Path, pytester: pytest.Pytester, words: str, count: int) -> None:
    """`-k` looks at the names of cases."""
    pytester.runpytest("-k", words, folder).assert_outcomes(passed=count, deselected=3 - count)


def test_a_failing_case_says_what_was_expected_and_where(folder: Path, pytester: pytest.Pytester) -> None:
    """The report has the expectation, what came out, file and line, and no traceback."""
    (folder / "policy.test.yaml").write_text(TESTS.replace("{tier: gold}\n", "{tier: guest}\n"), encoding="utf-8")
    ran = pytester.runpytest()
    ran.assert_outcomes(passed=2, failed=1)
    ran.stdout.fnmatch_lines(
        [
            "policy.test.yaml:4: a big spender is gold",
            "  expected tier: guest   [[]policy.test.yaml:6[]]",
            "  but it is: gold",
        ]
    )
    ran.stdout.no_fnmatch_line("*Traceback*")
    ran.stdout.no_fnmatch_line("*def runtest*")


def test_a_case_that_cannot_be_run_says_why(folder: Path, pytester: pytest.Pytester) -> None:
    """A name that the policy does not have fails the case, with the line."""
    (folder / "policy.test.yaml").write_text(TESTS.replace("{tier: gold}\n", "{tier: golden}\n"), encoding="utf-8")
    ran = pytester.runpytest()
    ran.assert_outcomes(passed=2, failed=1)
    ran.stdout.fnmatch_lines(["policy.test.yaml:6:20: error: *`golden`*"])


@pytest.mark.parametrize(
    ("name", "change", "told"),
    [
        ("policy.yaml", ("at_least: 100", "at_leest: 100"), "policy.yaml:8:32: error: *`at_leest`*"),
        ("policy.test.yaml", ("tests:", "test:"), "*error: *`test`*"),
    ],
)
def test_a_broken_file_is_an_error_of_the_collection(
    folder: Path, pytester: pytest.Pytester, name: str, change: tuple[str, str], told: str
) -> None:
    """What is wrong with the file or its policy is told once, with every line, and nothing passes."""
    path = folder / name
    path.write_text(path.read_text(encoding="utf-8").replace(*change), encoding="utf-8")
    ran = pytester.runpytest()
    ran.assert_outcomes(errors=1)
    ran.stdout.fnmatch_lines([told])


@pytest.mark.parametrize(
    "options",
    [["--no-viprules-tests"], ["-o", "viprules_tests=false"], ["-p", "no:viprules.testing.pytest_plugin"]],
)
def test_it_can_be_switched_off(folder: Path, pytester: pytest.Pytester, options: list[str]) -> None:
    """An option, a setting, or blocking the whole plug-in: nothing is collected."""
    assert pytest.ExitCode.NO_TESTS_COLLECTED == pytester.runpytest(*options, folder).ret


@pytest.mark.parametrize(
    ("text", "beside", "ours"),
    [
        (TESTS, "", True),
        ("# first\n'policy': \"a/b.yml\" # it\n", "", True),
        ("tests: []\n", POLICY, True),
        ("tests:\n  - policy: policy.yaml\n", "", False),
        ("policy: strict\nsuite: x\n", "", False),
        ("tests: []\n", "name: chart\n", False),
    ],
)
def test_only_policy_tests_are_ours(tmp_path: Path, text: str, beside: str, ours: bool) -> None:  # noqa: FBT001 -- what comes out
    """A file is ours that names a policy file at its top, or that lies beside the policy of its name."""
    path = tmp_path / "x.test.yaml"
    path.write_text(text, encoding="utf-8")
    if beside:
        (tmp_path / "x.yaml").write_text(beside, encoding="utf-8")
    assert ours == is_ours(path)
    assert not is_ours(tmp_path / "x.yaml")
    assert not is_ours(tmp_path / "lost.test.yaml")


def test_pytest_is_not_slowed_down() -> None:
    """What pytest loads on every start of every project brings nothing with it but two small modules."""
    ran = subprocess.run([sys.executable, "-c", SILENT_IMPORTS], capture_output=True, text=True, check=True)
    assert "viprules viprules.testing viprules.testing.files viprules.testing.pytest_plugin" == ran.stdout.strip()


def test_the_catalogue_fixture_knows_nothing_installed(folder: Path, pytester: pytest.Pytester) -> None:
    """In a test with the fixture a policy finds the plug-ins given, and none that is installed."""
    (folder / "fake-1.dist-info").mkdir()
    (folder / "fake-1.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: fake\nVersion: 1\n")
    (folder / "fake-1.dist-info" / "entry_points.txt").write_text("[viprules]\nlucky = fake\n")
    pytester.syspathinsert()
    pytester.makepyfile(
        """
        import pathlib, viprules.loader

        POLICY = pathlib.Path("policy.yaml").read_text().replace("enter: everyone", "enter: {lucky: {}}")

        def test_isolated(viprules_catalogue):
            assert "sum" in viprules_catalogue()
            assert ["unknown-key"] == [one.code for one in viprules.loader.check_text(POLICY)]

        def test_open():
            assert ["plugin-broken"] == [one.code for one in viprules.loader.check_text(POLICY)]
        """
    )
    pytester.runpytest("-k", "isolated or open").assert_outcomes(passed=2, deselected=3)
