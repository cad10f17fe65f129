"""Policy tests and plug-in tests.

`run(["policies/"])` runs the `*.test.yaml` beside policies and gives a `Run` of plain values; `Run.passed` says
whether all is well. Under pytest they are collected by themselves (`viprules.testing.pytest_plugin`).
`PluginContract` is what a plug-in's author inherits from to see that it keeps what plug-ins promise.

The names are looked up when they are first used: pytest imports this package on every start.
"""

TYPE_CHECKING = False  # as in `viprules`: the `typing` module would double the time to import
if TYPE_CHECKING:
    from viprules.testing.contract import PluginContract
    from viprules.testing.files import files_of, is_test
    from viprules.testing.results import CaseResult, Failure, Run
    from viprules.testing.running import Suite, check, run, suite
    from viprules.testing.schema import policy_test_schema

__all__ = [
    "CaseResult",
    "Failure",
    "PluginContract",
    "Run",
    "Suite",
    "check",
    "files_of",
    "is_test",
    "policy_test_schema",
    "run",
    "suite",
]

_HOMES = {
    "CaseResult": "viprules.testing.results",
    "Failure": "viprules.testing.results",
    "PluginContract": "viprules.testing.contract",
    "Run": "viprules.testing.results",
    "Suite": "viprules.testing.running",
    "check": "viprules.testing.running",
    "files_of": "viprules.testing.files",
    "is_test": "viprules.testing.files",
    "policy_test_schema": "viprules.testing.schema",
    "run": "viprules.testing.running",
    "suite": "viprules.testing.running",
}
"""Where each public name lives; the imports above say the same to type checkers, and a test compares the two."""


if not TYPE_CHECKING:  # else a misspelt name would pass as something of any type

    def __getattr__(name: str) -> object:
        """Import the module behind `name` and keep the value, so that the next use finds it at once."""
        from importlib import import_module

        home = _HOMES.get(name)
        if home is None:
            message = f"module `{__name__}` has no attribute `{name}`"
            raise AttributeError(message)
        value = globals()[name] = getattr(import_module(home), name)
        return value


def __dir__() -> list[str]:
    """Return the public names, whether or not they were used already."""
    return sorted(__all__)
