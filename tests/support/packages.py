"""Distributions as their users have them: built into wheels, and installed from those.

`wheels` builds each on its first use, `installed` puts some on the path of the running tests, `fresh` is a Python of its
own in which `pip`, `pytest` and `viprules` are those that a stranger would have; `clean` is one that all tests share,
so nothing is installed into it. Nothing asks the network.
"""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from attrs import field, frozen
from hatchling.builders.wheel import WheelBuilder

from tests.conftest import ROOT

__all__ = ["PLUGINS", "Fresh", "Wheels", "clean", "fresh", "installed", "plugin_folders", "wheels"]

PLUGINS = ROOT / "plugins"
SCRIPTS = {
    "pip": "from pip._internal.cli.main import main\n"
    # the build backend is the one of the development environment, and what is needed is there
    "if sys.argv[1:2] == ['install']: sys.argv[2:2] = ['--no-index', '--no-build-isolation', '--quiet', '--quiet']\n",
    "pytest": "from pytest import main\n",
    "viprules": "from viprules.cli import main\n",
}


def plugin_folders() -> list[Path]:
    """Return the folders of our plug-ins, each of which is a distribution."""
    return sorted(path.parent for path in PLUGINS.glob("*/pyproject.toml"))


@frozen
class Wheels:
    """The wheels of our distributions, each built when it is first asked for."""

    folder: Path
    built: dict[str, Path] = field(factory=dict)

    def __getitem__(self, name: str) -> Path:
        """Return the wheel of `viprules` or of a plug-in."""
        if name not in self.built:
            source = ROOT if name == "viprules" else PLUGINS / name
            builder = WheelBuilder(str(source))
            (found,) = builder.build(directory=str(self.folder / name), versions=["standard"])
            self.built[name] = Path(found)
        return self.built[name]

    def unpack(self, name: str, site: Path) -> None:
        """Install a distribution into a folder: what a wheel without data holds is what is installed."""
        with zipfile.ZipFile(self[name]) as wheel:
            wheel.extractall(site)


@pytest.fixture(scope="session")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Wheels:
    """Return the wheels of our distributions, by name."""
    return Wheels(tmp_path_factory.mktemp("wheels"))


@pytest.fixture
def installed(wheels: Wheels, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Path]]:
    """Return a function that installs plug-ins for this test and for the processes that it starts.

    `installed("viprules-lunar")` gives the folder; afterwards their modules are forgotten.
    """
    site = tmp_path / "site-packages"
    before = set(sys.modules)

    def install(*names: str) -> Path:
        for name in names:
            wheels.unpack(name, site)
        return site

    site.mkdir()
    monkeypatch.syspath_prepend(str(site))
    paths = [str(site), *filter(None, [os.environ.get("PYTHONPATH")])]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(paths))
    for name in ("VIPRULES_PLUGINS", "VIPRULES_BLOCK_PLUGINS"):
        monkeypatch.delenv(name, raising=False)
    yield install
    for name in set(sys.modules) - before:
        if str(getattr(sys.modules[name], "__file__", "")).startswith(str(site)):
            del sys.modules[name]


@frozen
class Fresh:
    """A virtual environment with viprules from its wheel, and what the development environment has besides."""

    folder: Path
    wheels: Wheels

    @property
    def bin(self) -> Path:
        """Return the folder of its commands."""
        return self.folder / ("Scripts" if os.name == "nt" else "bin")

    @property
    def site(self) -> Path:
        """Return the folder of what is installed in it."""
        return Path(sysconfig.get_path("purelib", vars={"base": str(self.folder), "platbase": str(self.folder)}))

    @property
    def environment(self) -> dict[str, str]:
        """Return the environment of a terminal in which it is active."""
        ours = {"PYTHONPATH", "PYTEST_ADDOPTS", "VIPRULES_PLUGINS", "VIPRULES_BLOCK_PLUGINS"}
        path = os.pathsep.join([str(self.bin), os.environ.get("PATH", os.defpath)])
        plain = {"COLUMNS": "100", "LC_ALL": "C.UTF-8", "NO_COLOR": "1", "PYTHONUTF8": "1", "PATH": path}
        return {key: value for key, value in os.environ.items() if key not in ours} | plain

    def made(self) -> Fresh:
        """Return it, made."""
        venv.create(self.folder, with_pip=False, symlinks=os.name != "nt")
        outer = [path for path in sys.path if path.endswith("site-packages")]
        (self.site / "outer.pth").write_text("\n".join(outer) + "\n", encoding="utf-8")
        self.install("viprules")
        for name, code in SCRIPTS.items():
            script = self.bin / name
            script.write_text(f"#!{self.bin / 'python'}\nimport sys\n{code}sys.exit(main())\n", encoding="utf-8")
            script.chmod(0o755)
        return self

    def install(self, *names: str) -> None:
        """Install some of our distributions from their wheels."""
        for name in names:
            self.wheels.unpack(name, self.site)

    def run(self, *command: str, cwd: Path, site: Path | None = None) -> subprocess.CompletedProcess[str]:
        """Run one of its commands, with what is installed in `site` as well; output and errors come together."""
        return subprocess.run(
            [str(self.bin / command[0]), *command[1:]],
            cwd=cwd,
            env=self.environment | ({"PYTHONPATH": str(site)} if site else {}),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            timeout=300,
            check=False,
        )


@pytest.fixture
def fresh(wheels: Wheels, tmp_path: Path) -> Fresh:
    """Return a Python of its own, with viprules and no plug-in."""
    return Fresh(tmp_path / "venv", wheels).made()


@pytest.fixture(scope="session")
def clean(wheels: Wheels, tmp_path_factory: pytest.TempPathFactory) -> Fresh:
    """Return the Python that tests share: leave it as it is."""
    return Fresh(tmp_path_factory.mktemp("clean") / "venv", wheels).made()
