"""From a policy's text to a program: the only reader of policy files."""

from __future__ import annotations

import hashlib
from pathlib import Path

from attrs import fields

from viprules.engine.compiled.compiling import Compiled
from viprules.engine.deciding.driving import Walker
from viprules.engine.lowering.meaning import doubts
from viprules.engine.lowering.plan import Plan, lowered
from viprules.engine.policy.schema import Names, policy_schema
from viprules.engine.policy.structuring import declared_names, structured
from viprules.engine.program import Program
from viprules.engine.reading.faults import judge, typed
from viprules.engine.reading.salvage import salvaged
from viprules.engine.reading.source import Map, read
from viprules.engine.reading.text import MAX_BYTES
from viprules.errors import PolicyError, Problem, in_order, problem
from viprules.plugins import Catalogue, builtin_catalogue

NEEDS_ALL = (
    "unreachable-tier",
    "no-tiers",
    "falling-threshold",
    "same-as-below",
    "for-without-renew",
    "review-without-day",
)
"""What can only be judged of a policy that is whole."""

__all__ = ["check", "check_text", "load", "loads"]


def load(path: str | Path, *, catalogue: Catalogue | None = None) -> Program:
    """Read, check and compile a policy file.

    Raises PolicyError with every problem of the file, ordered by position; a file that cannot be read
    is a problem too.
    """
    text = _read(path)
    if isinstance(text, Problem):
        raise PolicyError([text])
    return loads(text, file=str(path), catalogue=catalogue)


def loads(text: str | bytes, *, file: str = "policy.yaml", catalogue: Catalogue | None = None) -> Program:
    """The same for a policy's text; `file` is the name that problems carry."""
    plan, problems, digest = _plan(text, file, catalogue or builtin_catalogue())
    errors = [one for one in problems if one.severity == "error"]
    if plan is None or errors:
        raise PolicyError(errors)
    return Program(
        plan=plan, walker=Walker(plan=plan), compiled=Compiled.of(plan), digest=digest, warnings=tuple(problems)
    )


def check(path: str | Path, *, catalogue: Catalogue | None = None) -> list[Problem]:
    """Every problem and warning of a policy file, ordered by position; empty if all is well."""
    text = _read(path)
    if isinstance(text, Problem):
        return [text]
    return check_text(text, file=str(path), catalogue=catalogue)


def check_text(text: str | bytes, *, file: str = "policy.yaml", catalogue: Catalogue | None = None) -> list[Problem]:
    """The same for a policy's text."""
    _, problems, _ = _plan(text, file, catalogue or builtin_catalogue())
    return problems


def _read(path: str | Path) -> bytes | Problem:
    """The bytes of a file, at most one more than a policy may have; or why it cannot be read."""
    try:
        with Path(path).open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as wrong:
        return problem("file-unreadable", None, file=str(path), reason=wrong.strerror or str(wrong))


def _plan(text: str | bytes, file: str, catalogue: Catalogue) -> tuple[Plan | None, list[Problem], str]:
    """The stages of reading, each with its problems; a later stage runs where the earlier left something whole."""
    raw = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    digest = hashlib.sha256(raw).hexdigest()
    document, problems = read(text, file)
    if document is None:
        return None, in_order(problems), digest
    names = declared_names(document)
    schema = policy_schema(catalogue, names)
    document = typed(document, schema)
    problems += judge(document, schema)
    whole = salvaged(document, problems) if problems else document
    # Where judging stopped early, what follows may be broken as well; too many of a thing are not lowered.
    if whole is None or any(one.code in ("too-many", "too-many-problems") for one in problems):
        return None, in_order(problems), digest
    plan, meant = _meaning(whole, catalogue, digest)
    if problems:
        # What stood in a broken item is not missing: only its neighbours are judged.
        lost = _lost(names, declared_names(whole))
        meant = [one for one in meant if one.code not in NEEDS_ALL and one.values.get("name") not in lost]
    return (None if problems else plan), in_order([*problems, *meant]), digest


def _meaning(document: Map, catalogue: Catalogue, digest: str) -> tuple[Plan | None, list[Problem]]:
    """The policy structured and lowered, and what in it means nothing or is doubtful."""
    policy, problems = structured(document, catalogue, digest)
    if policy is None:
        return None, problems
    plan, problems = lowered(policy, catalogue)
    return plan, problems if plan is None else doubts(plan)


def _lost(names: Names, left: Names) -> set[str]:
    """The names that were declared in broken items."""
    return {one for field in fields(Names) for one in _words(names, field.name) if one not in _words(left, field.name)}


def _words(names: Names, field: str) -> tuple[str, ...]:
    found = getattr(names, field)
    return found if isinstance(found, tuple) else ()
