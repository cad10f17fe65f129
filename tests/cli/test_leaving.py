"""However the process ends: no traceback, no half file, and a code that says how."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Call, heeding
from viprules.cli.leaving import STOPPING, stoppable

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals and devices of POSIX")

STOPPED = """
import os, signal, sys, threading
from viprules.cli import main
from viprules.cli.commands import check

def run(given, console):
    for number in map(int, given.paths):
        try:
            os.kill(os.getpid(), number)
        except KeyboardInterrupt:
            os.kill(os.getpid(), signal.SIGINT)  # impatient people press it twice
            raise
    return 0

check.run = run
code = main(["check", *sys.argv[1:]])
os.kill(os.getpid(), signal.SIGTERM)
sys.exit(code)
"""
COMMANDS = ["--help", "--version", "check .", "check . --format json", "test", "docs", "docs sum", "schema", "plugins"]


def ended(command: list[str], **how: object) -> tuple[int, str]:
    """Run a command line to its end; gives the code and what was said beside the output."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    how = {"preexec_fn": heeding, **how}
    ran = subprocess.run(  # type: ignore[call-overload]  # mypy sees no overload for any keywords
        [sys.executable, *command], stderr=subprocess.PIPE, text=True, check=False, env=environment, **how
    )
    return ran.returncode, ran.stderr


@pytest.mark.parametrize("number", STOPPING)
def test_a_second_signal_disturbs_no_ending(number: signal.Signals) -> None:
    """Every signal that asks for an end gives 130 and one line, also when more of them come while it ends."""
    assert (130, True) == (
        (found := ended(["-c", STOPPED, str(int(number))]))[0],
        found[1].strip() == "viprules: interrupted; nothing was left half-written",
    )


def test_a_signal_while_the_command_is_loaded_is_quiet() -> None:
    """Ctrl-C in the first instant is no traceback either."""
    code = """
import signal, sys
class Impatient:
    def find_spec(self, name, *_):
        if name == "viprules.cli":
            signal.raise_signal(signal.SIGINT)
sys.meta_path.insert(0, Impatient())
from viprules.__main__ import main
sys.exit(main())
"""
    assert (130, "") == ended(["-c", code])


def test_a_signal_that_is_switched_off_stays_off() -> None:
    """`nohup viprules …` goes on after the terminal has gone."""

    def nohup() -> None:
        heeding()
        signal.signal(signal.SIGHUP, signal.SIG_IGN)

    assert (-signal.SIGTERM, "") == ended(["-c", STOPPED, str(int(signal.SIGHUP))], preexec_fn=nohup)


def test_the_signals_are_given_back() -> None:
    """Who calls the command line from Python keeps the own handlers."""
    before = [signal.getsignal(one) for one in STOPPING]
    with stoppable():
        assert before != [signal.getsignal(one) for one in STOPPING]
    assert before == [signal.getsignal(one) for one in STOPPING]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
@pytest.mark.parametrize("words", COMMANDS)
def test_an_output_that_cannot_be_written_is_told(club: Path, words: str) -> None:
    """A full disk behind standard output is one line and the code 1, for every command."""
    with Path("/dev/full").open("w") as full:
        code, said = ended(["-m", "viprules", *words.split()], stdout=full, cwd=club)
    assert (1, "viprules: the output cannot be written: No space left on device\n") == (code, said)


@pytest.mark.parametrize("words", COMMANDS)
def test_a_reader_that_has_left_is_no_error(club: Path, words: str) -> None:
    """A closed pipe ends each command quietly."""
    reading, writing = os.pipe()
    os.close(reading)
    code, said = ended(["-m", "viprules", *words.split()], stdout=writing, cwd=club)
    os.close(writing)
    assert (141, "") == (code, said)


def test_a_closed_output_is_none(club: Path) -> None:
    """`viprules check . >&-` says nothing and still judges."""
    code, said = ended(["-m", "viprules", "check", "."], preexec_fn=lambda: os.close(1), cwd=club)
    assert (0, "") == (code, said)


def test_what_the_system_refuses_is_told_by_its_file(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that may not be entered is no traceback."""

    def refused(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", "club")

    monkeypatch.setattr(Path, "is_dir", refused)
    called = call("check", "club")
    assert (1, "viprules: `club`: Permission denied\n") == (called.code, called.err)
