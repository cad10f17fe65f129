"""Every hook is documented with its exact arguments, tested, and used by a plug-in that we ship."""

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from viprules import hookspecs

HOOKS = {name: one for name, one in vars(hookspecs).items() if name.startswith("viprules_")}
HEAD = """# The hooks

<!-- written by `python -m tests.plugins.test_hooks` from `src/viprules/hookspecs.py` -->

A plug-in is a module that implements some of these, each marked with `@hookimpl`. The first three are asked once, when a policy needs a
word of the plug-in; the others are told what happened, if the settings name the plug-in under `observers`. No hook is called inside an
evaluation.
"""


def page() -> str:
    """Return the page of the hooks."""
    return "\n".join([HEAD, *(section(name, hook) for name, hook in HOOKS.items())])


def section(name: str, hook: Callable[..., Any]) -> str:
    """Return what the page says of one hook."""
    text = inspect.getdoc(hook) or ""
    return f"## `{name}{inspect.signature(hook)}`\n\n{text}\n"


def test_every_hook_is_on_the_page_with_its_exact_arguments(root: Path) -> None:
    """`docs/plugins/hooks.md` holds what `python -m tests.plugins.test_hooks` writes; if not, run it and commit."""
    assert page() == (root / "docs" / "plugins" / "hooks.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", HOOKS)
@pytest.mark.parametrize("part", ["Parameters:", "Returns:", "Called:", "If it raises:", "Since:"])
def test_a_hook_says_all_that_its_users_ask(name: str, part: str) -> None:
    """Purpose, parameters, return, when it is called, what happens if it raises, since when."""
    assert part in (inspect.getdoc(HOOKS[name]) or "")


@pytest.mark.parametrize("name", HOOKS)
def test_a_hook_has_a_shipped_user_and_a_test(name: str, root: Path) -> None:
    """Something that we ship implements it, and some test of ours does too."""
    shipped = [*(root / "src/viprules/builtins").glob("*.py"), *(root / "plugins").glob("*/**/*.py")]
    tests = [one for one in (root / "tests").rglob("*.py") if one != Path(__file__)]
    for files in (shipped, tests):
        assert any(f"def {name}(" in one.read_text(encoding="utf-8") for one in files)


if __name__ == "__main__":
    Path("docs/plugins/hooks.md").write_text(page(), encoding="utf-8")
