"""The command line called in this process, in a folder of its own."""

import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from attrs import frozen

from viprules.cli import main
from viprules.cli.leaving import STOPPING


@frozen
class Called:
    """What a call gave."""

    code: int
    out: str
    err: str


Call = Callable[..., Called]


def heeding() -> None:
    """In a new process, before its program begins: heed the signals that who runs the tests may have switched off."""
    for one in STOPPING:
        signal.signal(one, signal.SIG_DFL)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder, in English unless a test says otherwise."""
    monkeypatch.chdir(tmp_path)
    for name in ("LC_ALL", "LC_MESSAGES", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    return tmp_path


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Call:
    """Return a function that calls the command line with words."""

    def run(*words: str) -> Called:
        code = main(words)
        out, err = capsys.readouterr()
        return Called(code, out, err)

    return run


@pytest.fixture
def club(call: Call, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a starter that `viprules new` has just written."""
    assert 0 == call("new", "club").code
    monkeypatch.chdir(folder / "club")
    return folder / "club"
