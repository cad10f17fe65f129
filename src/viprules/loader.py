"""From a policy's text to a program: the only reader of policy files."""

from __future__ import annotations

import hashlib
from pathlib import Path

from viprules.engine.compiling import Compiled
from viprules.engine.driving import Walker
from viprules.engine.faults import judge, typed
from viprules.engine.meaning import doubts
from viprules.engine.plan import Plan, lowered
from viprules.engine.program import Program
from viprules.engine.schema import policy_schema
from viprules.engine.source import read
from viprules.engine.structuring import declared_names, structured
from viprules.errors import PolicyError, Problem, problem
from viprules.plugins import Catalogue, builtin_catalogue

__all__ = ["check", "check_text", "load", "loads"]


def load(path: str | Path, *, catalogue: Catalogue | None = None) -> Program:
    """Read, check and compile a policy file.

    Raises PolicyError with every problem of the file, ordered by position.
    """
    return loads(Path(path).read_bytes(), file=str(path), catalogue=catalogue)


def loads(text: str | bytes, *, file: str = "policy.yaml", catalogue: Catalogue | None = None) -> Program:
    """The same for a policy's text; `file` is the name that problems carry."""
    plan, problems, digest = _plan(text, file, catalogue or builtin_catalogue())
    errors = [one for one in problems if one.severity == "error"]
    if plan is None or errors:
        raise PolicyError(errors)
    return Program(
        plan=plan, walker=Walker(plan=plan), compiled=Compiled(plan=plan), digest=digest, warnings=tuple(problems)
    )


def check(path: str | Path, *, catalogue: Catalogue | None = None) -> list[Problem]:
    """Every problem and warning of a policy file, ordered by position; empty if all is well."""
    try:
        text = Path(path).read_bytes()
    except OSError as wrong:
        return [problem("unreadable", None, file=str(path), reason=wrong.strerror or "unreadable")]
    return check_text(text, file=str(path), catalogue=catalogue)


def check_text(text: str | bytes, *, file: str = "policy.yaml", catalogue: Catalogue | None = None) -> list[Problem]:
    """The same for a policy's text."""
    _, problems, _ = _plan(text, file, catalogue or builtin_catalogue())
    return problems


def _plan(text: str | bytes, file: str, catalogue: Catalogue) -> tuple[Plan | None, list[Problem], str]:
    """The stages of reading, each with its problems; a later stage runs where the earlier left something whole."""
    raw = text.encode() if isinstance(text, str) else text
    digest = hashlib.sha256(raw).hexdigest()
    document, problems = read(text, file)
    if document is None:
        return None, _ordered(problems), digest
    schema = policy_schema(catalogue, declared_names(document))
    document = typed(document, schema)
    problems += judge(document, schema)
    if problems:
        return None, _ordered(problems), digest
    policy, problems = structured(document, catalogue, digest)
    if policy is None:
        return None, _ordered(problems), digest
    plan, problems = lowered(policy, catalogue)
    if plan is not None:
        problems = doubts(plan)
    return plan, _ordered(problems), digest


def _ordered(problems: list[Problem]) -> list[Problem]:
    """By position, each once."""
    found = {(one.code, one.message, str(one.source)): one for one in problems}
    return sorted(found.values(), key=lambda one: (one.source.line, one.source.column) if one.source else (0, 0))
