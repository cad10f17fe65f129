"""`import viprules` costs next to nothing and offers every public name."""

import ast
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import viprules
from viprules import testing

LOADED = """
import sys
before = set(sys.modules)
import viprules
print("\\n".join(sorted(set(sys.modules) - before)))
"""


def declared_homes(source: str) -> dict[str, str]:
    """Return name -> module as the imports for type checkers say it."""
    checked = (node for node in ast.parse(source).body if isinstance(node, ast.If))
    return {
        alias.name: str(line.module)
        for node in checked
        for line in node.body
        if isinstance(line, ast.ImportFrom)
        for alias in line.names
    }


def test_import_loads_nothing_else() -> None:
    """A process that imports viprules has loaded no other module for it, let alone a third-party one."""
    ran = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True)
    assert ["viprules"] == ran.stdout.split()


def test_type_checkers_and_the_table_agree(root: Path) -> None:
    """The names, and where they live, are the same for type checkers, for the table and in `__all__`."""
    source = (root / "src/viprules/__init__.py").read_text(encoding="utf-8")
    assert declared_homes(source) == viprules._HOMES
    assert sorted(viprules._HOMES) == viprules.__all__ == dir(viprules)


def test_the_testing_package_agrees_as_well(root: Path) -> None:
    """`viprules.testing` is as lazy, for pytest imports it on every start."""
    source = (root / "src/viprules/testing/__init__.py").read_text(encoding="utf-8")
    assert declared_homes(source) == testing._HOMES
    assert sorted(testing._HOMES) == testing.__all__ == dir(testing)
    assert [] == [name for name, home in testing._HOMES.items() if not hasattr(import_module(home), name)]
    with pytest.raises(AttributeError, match="`rum`"):
        testing.rum  # type: ignore[attr-defined]  # noqa: B018


@pytest.mark.parametrize("name", viprules.__all__)
def test_every_public_name_is_there(name: str) -> None:
    """Each public name is what its module has under that name."""
    assert getattr(import_module(viprules._HOMES[name]), name) is getattr(viprules, name)


def test_an_unknown_name_is_refused() -> None:
    """A name that viprules does not offer is an attribute error, as with any module."""
    with pytest.raises(AttributeError, match="`lod`"):
        viprules.lod  # type: ignore[attr-defined]  # noqa: B018
