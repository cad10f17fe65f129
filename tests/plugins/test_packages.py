"""Each plug-in of ours, installed from its wheel beside that of viprules, passes its own tests there."""

import shutil
from importlib.metadata import Distribution
from pathlib import Path

import pytest

from tests.support.packages import PLUGINS, Fresh, Wheels, plugin_folders

FOLDERS = plugin_folders()
NAMES = [path.name for path in FOLDERS]


@pytest.mark.parametrize("name", NAMES)
def test_a_plugin_passes_its_own_tests(name: str, clean: Fresh, wheels: Wheels, tmp_path: Path) -> None:
    """Its tests, and the tests of its policies, run as its author runs them, against the wheel and not the source."""
    folder, site = tmp_path / name, tmp_path / "site"
    shutil.copytree(PLUGINS / name, folder, ignore=shutil.ignore_patterns("src", "viprules_*", "__pycache__", ".*"))
    wheels.unpack(name, site)
    options = ("-q", "-p", "no:cacheprovider", "-W", "error", "-c", "pyproject.toml")
    ran = clean.run("pytest", *options, cwd=folder, site=site)
    assert 0 == ran.returncode, ran.stdout


@pytest.mark.parametrize("name", NAMES)
def test_a_plugin_is_whole(name: str, wheels: Wheels, tmp_path: Path) -> None:
    """It has a README that begins with its name, tests, and a wheel that announces words or an observer."""
    folder = PLUGINS / name
    assert (folder / "README.md").read_text(encoding="utf-8").startswith(f"# {name}\n")
    assert list(folder.glob("tests/test_*.py"))
    wheels.unpack(name, tmp_path)
    (info,) = tmp_path.glob("*.dist-info")
    announced = Distribution.at(info).entry_points.select(group="viprules")
    assert name.replace("-", "_") in {one.value.partition(".")[0] for one in announced}
