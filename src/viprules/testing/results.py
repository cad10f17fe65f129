"""What a run of policy tests gives: plain values."""

from __future__ import annotations

from typing import Any

from attrs import frozen

from viprules.errors import Problem, Source

__all__ = ["CaseResult", "Failure", "Run"]


@frozen(kw_only=True)
class Failure:
    """Something that came out otherwise."""

    what: str
    """`tier`, `valid_until`, `missing.gold.annual_spend`, …"""
    expected: str
    actual: str
    source: Source | None = None

    def as_dict(self) -> dict[str, Any]:
        """Plain data."""
        where = str(self.source) if self.source else None
        return {"what": self.what, "expected": self.expected, "actual": self.actual, "source": where}


@frozen(kw_only=True)
class CaseResult:
    """One test, or one case of it."""

    name: str
    source: Source | None
    failures: tuple[Failure, ...] = ()
    problems: tuple[Problem, ...] = ()
    """What kept the test from being run."""

    @property
    def passed(self) -> bool:
        """Whether everything came out as expected."""
        return not self.failures and not self.problems


@frozen(kw_only=True)
class Run:
    """Every test of some files. A run without a test has failed."""

    files: tuple[str, ...]
    results: tuple[CaseResult, ...]
    problems: tuple[Problem, ...] = ()
    """What is wrong with the files themselves."""

    @property
    def passed(self) -> bool:
        """Whether there were tests and all of them passed."""
        return bool(self.results) and not self.problems and all(one.passed for one in self.results)

    @property
    def failed(self) -> int:
        """How many tests did not pass."""
        return sum(not one.passed for one in self.results)
