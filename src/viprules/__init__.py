"""Loyalty programmes as text: the integrator's door.

```python
import viprules

program = viprules.load("policy.yaml")
decision = program.decide(customer, as_of="2026-12-31")
```

The names are looked up when they are first used, so that `import viprules` loads nothing else and stays quick.
"""

TYPE_CHECKING = False  # type checkers take this name as true; the `typing` module would double the time to import
if TYPE_CHECKING:
    from viprules._version import __version__
    from viprules.engine.deciding.decision import Decision, Standing
    from viprules.engine.deciding.grants import Membership
    from viprules.engine.deciding.history import Customer, Event, Money
    from viprules.engine.explaining.explanation import Explanation
    from viprules.engine.program import Program
    from viprules.errors import DataError, PolicyError, Problem, UsageError, ViprulesError
    from viprules.loader import check, load, loads

__all__ = [
    "Customer",
    "DataError",
    "Decision",
    "Event",
    "Explanation",
    "Membership",
    "Money",
    "PolicyError",
    "Problem",
    "Program",
    "Standing",
    "UsageError",
    "ViprulesError",
    "__version__",
    "check",
    "load",
    "loads",
]

_HOMES = {
    "Customer": "viprules.engine.deciding.history",
    "DataError": "viprules.errors",
    "Decision": "viprules.engine.deciding.decision",
    "Event": "viprules.engine.deciding.history",
    "Explanation": "viprules.engine.explaining.explanation",
    "Membership": "viprules.engine.deciding.grants",
    "Money": "viprules.engine.deciding.history",
    "PolicyError": "viprules.errors",
    "Problem": "viprules.errors",
    "Program": "viprules.engine.program",
    "Standing": "viprules.engine.deciding.decision",
    "UsageError": "viprules.errors",
    "ViprulesError": "viprules.errors",
    "__version__": "viprules._version",
    "check": "viprules.loader",
    "load": "viprules.loader",
    "loads": "viprules.loader",
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
