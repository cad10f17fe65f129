"""The command line as such: help, languages, mistakes, exit codes, start-up."""

import subprocess
import sys
from string import Formatter

import pytest

from tests.cli.conftest import Call
from viprules.cli.words import COMMAND_WORDS, WORDS, language_of

IMPORTED = "import sys; from viprules.cli import main; main(['--help']); print(*sorted(sys.modules), sep='\\n')"


@pytest.mark.parametrize("command", COMMAND_WORDS)
@pytest.mark.parametrize(("language", "heading"), [("en", "example:"), ("zh", "示例：")])
def test_every_command_has_help_with_an_example(call: Call, command: str, language: str, heading: str) -> None:
    """`--help` ends well and shows how the command is called."""
    called = call(command, "--help", "--lang", language)
    assert (0, "") == (called.code, called.err)
    assert heading in called.out
    assert f"viprules {command}" in called.out.partition(heading)[2]


def test_help_lists_every_command(call: Call) -> None:
    """The help of the whole names each command."""
    called = call("--help")
    assert 0 == called.code
    assert [] == [name for name in COMMAND_WORDS if name not in called.out]


def test_help_imports_no_third_party_module() -> None:
    """Help comes before anything slow is loaded."""
    ran = subprocess.run([sys.executable, "-c", IMPORTED], capture_output=True, text=True, check=True)
    loaded = set(ran.stdout.split("\n"))
    assert set() == loaded & {"attr", "attrs", "cattrs", "yaml", "jsonschema", "pluggy", "duckdb", "tqdm"}


def test_help_comes_at_once() -> None:
    """`viprules --help` takes at most 150 ms: of the processor, for the machine may be busy; the best of five."""
    resource = pytest.importorskip("resource", reason="POSIX counts what children take")
    taken = []
    for _ in range(5):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-m", "viprules", "--help"], capture_output=True, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        taken.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    assert min(taken) <= 0.15


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), "say what to do"),
        (("chekc",), "did you mean `check`?"),
        (("nonsense",), "there is no command `nonsense`"),
        (("check",), "missing: PATH"),
        (("check", "--fast", "x"), "not known here: --fast"),
        (("decide", "p.yaml", "--as-of"), "`--as-of` wants a value"),
        (("check", "x", "--format", "xml"), "`--format` is one of text, json, not `xml`"),
        (("decide", "p.yaml", "--as-of", "31.12.2026", "--events", "e.csv"), "`31.12.2026` is no date"),
        (("decide", "p.yaml", "--as-of", "20261231", "--events", "e.csv"), "`20261231` is no date"),
    ],
)
def test_a_wrong_call_says_what_is_wrong(call: Call, words: tuple[str, ...], told: str) -> None:
    """A mistake in the call is 2, on standard error, in one line."""
    called = call(*words)
    assert (2, "", 1) == (called.code, called.out, called.err.count("\n"))
    assert told in called.err


def test_mistakes_are_told_in_chinese(call: Call) -> None:
    """The language of a wrong call is that of the call."""
    assert "没有名为 `chekc` 的命令；您是想写 `check` 吗" in call("--lang", "zh", "chekc").err.replace("; ", "；")


@pytest.mark.parametrize(
    ("words", "variables", "language"),
    [
        (["--lang", "zh"], {"LANG": "en_US"}, "zh"),
        (["--lang=en"], {"LANG": "zh_CN"}, "en"),
        ([], {"LANG": "zh_CN.UTF-8"}, "zh"),
        ([], {"LC_ALL": "C", "LANG": "zh_CN"}, "en"),
        ([], {"LC_ALL": "", "LANG": "zh_TW"}, "zh"),
        (["--lang", "fr"], {}, "en"),
        (["--lang"], {}, "en"),
        ([], {}, "en"),
    ],
)
def test_the_language_is_asked_for_or_the_locale(words: list[str], variables: dict[str, str], language: str) -> None:
    """`--lang` wins, then the locale variables in their order, then English."""
    assert language == language_of(words, variables)


@pytest.mark.parametrize("key", WORDS)
def test_a_text_has_the_same_values_in_both_languages(key: str) -> None:
    """What is filled in is the same in English and Chinese."""
    one, other = ({name for _, name, _, _ in Formatter().parse(text) if name} for text in WORDS[key])
    assert one == other


def test_the_version_is_printed(call: Call) -> None:
    """`--version` names the version."""
    from viprules import __version__

    assert f"viprules {__version__}\n" == call("--version").out


@pytest.mark.parametrize(("variable", "coloured"), [("", True), ("1", False)])
def test_colours_are_for_terminals(monkeypatch: pytest.MonkeyPatch, variable: str, *, coloured: bool) -> None:
    """A terminal shows colours unless NO_COLOR is set; a file never does."""
    import io

    from viprules.cli.console import Console

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setenv("NO_COLOR", variable)
    monkeypatch.setenv("TERM", "xterm")
    console = Console("en")
    assert coloured == ("\033[" in console.painted("x", "red", Terminal()))
    assert "x" == console.painted("x", "red", io.StringIO())


def test_columns_are_aligned_for_chinese_too() -> None:
    """A Chinese character takes two columns of a terminal."""
    from viprules.cli.console import width

    assert [4, 2, 1] == [width("会员"), width("ab"), width("e\N{COMBINING ACUTE ACCENT}")]
