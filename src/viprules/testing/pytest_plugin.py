"""The pytest plug-in: policy tests are collected like Python tests, one item a case.

pytest loads it wherever viprules is installed, so it imports nothing of viprules before it is needed. Switched off by
`--no-viprules-tests`, by `viprules_tests = false` in the settings of pytest, or altogether by `-p no:viprules`.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from viprules.testing.files import is_ours

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from viprules.plugins import Catalogue
    from viprules.testing.cases import Case
    from viprules.testing.results import CaseResult
    from viprules.testing.running import Suite

__all__ = ["PolicyTest", "PolicyTestFile", "viprules_catalogue"]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the two ways to switch the collection off."""
    group = parser.getgroup("viprules", "policy tests of viprules")
    group.addoption("--no-viprules-tests", action="store_true", help="do not collect `*.test.yaml`")
    parser.addini("viprules_tests", "collect the policy tests in `*.test.yaml`", type="bool", default=True)


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> PolicyTestFile | None:
    """Collect the files that are policy tests; other tools' files of that name are left to them."""
    config = parent.config
    wanted = config.getini("viprules_tests") and not config.getoption("--no-viprules-tests")
    if wanted and is_ours(file_path):
        return PolicyTestFile.from_parent(parent, path=file_path)
    return None


class PolicyTestFile(pytest.File):
    """A `*.test.yaml` file."""

    def collect(self) -> Iterator[PolicyTest]:
        """Yield its cases; a file or policy with problems is an error of the collection that tells them all."""
        from viprules.plugins import PluginSettings
        from viprules.rendering import as_text
        from viprules.testing.running import suite

        found = suite(_short(self.path), plugins=PluginSettings.of_folder(self.config.rootpath))
        if found.problems:
            raise self.CollectError(as_text(found.problems))
        for case in found.cases:
            yield PolicyTest.from_parent(self, name=case.name, suite=found, case=case)


class _NotAsExpectedError(Exception):
    """A case that did not pass."""

    def __init__(self, result: CaseResult) -> None:
        super().__init__(result.name)
        self.result = result


class PolicyTest(pytest.Item):
    """One case of a policy test."""

    def __init__(self, *, suite: Suite, case: Case, **more: Any) -> None:
        super().__init__(**more)
        self.suite, self.case = suite, case

    def runtest(self) -> None:
        """Decide the case and compare."""
        result = self.suite.run(self.case)
        if not result.passed:
            raise _NotAsExpectedError(result)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], *args: Any, **more: Any) -> Any:
        """What was expected and what came out, with the place in the file."""
        if not isinstance(excinfo.value, _NotAsExpectedError):
            return super().repr_failure(excinfo, *args, **more)
        return "\n".join(_told(excinfo.value.result))

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """The file, the line counted from 0, and the name."""
        source = self.case.source
        return self.path, source.line - 1 if source else None, self.name


def _told(result: CaseResult) -> Iterator[str]:
    from viprules.rendering import as_text

    place = f"{result.source.file}:{result.source.line}: " if result.source else ""
    yield f"{place}{result.name}"
    for one in result.failures:
        at = f"   [{one.source.file}:{one.source.line}]" if one.source else ""
        yield f"  expected {one.what}: {one.expected}{at}"
        yield f"  but it is: {one.actual}"
    if result.problems:
        yield as_text(result.problems)


def _short(path: Path) -> Path:
    """The path as one would type it here."""
    try:
        near = os.path.relpath(path)
    except ValueError:  # another drive
        return path
    return path if near.startswith("..") else Path(near)


@pytest.fixture
def viprules_catalogue(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Catalogue]:
    """Make catalogues of the plug-ins given, and of nothing that happens to be installed.

    `viprules.load(path, plugins=viprules_catalogue(my_plugin))` knows the built-in words and those of `my_plugin`.
    While the fixture lives, a policy that is loaded without `plugins=` has the built-in words only.
    """
    from importlib import import_module

    from viprules.plugins import catalogue_of

    for module in ("catalogue", "states"):
        monkeypatch.setattr(import_module(f"viprules.plugins.{module}"), "announced", tuple)
    for name in ("VIPRULES_PLUGINS", "VIPRULES_BLOCK_PLUGINS"):
        monkeypatch.delenv(name, raising=False)
    return catalogue_of
