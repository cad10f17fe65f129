"""From a policy's text to a program: the only reader of policy files."""

from __future__ import annotations

import hashlib
from pathlib import Path

from attrs import fields

from viprules.engine.compiled.compiling import Compiled
from viprules.engine.deciding.executing import Walker
from viprules.engine.lowering.meaning import doubts
from viprules.engine.lowering.plan import Plan, lowered
from viprules.engine.policy.names import Names
from viprules.engine.policy.schema import policy_schema
from viprules.engine.policy.structuring import declared_names, structured
from viprules.engine.program import Program
from viprules.engine.reading.faults import judge, nearest, typed
from viprules.engine.reading.salvage import salvaged
from viprules.engine.reading.source import Map, read
from viprules.engine.reading.text import MAX_BYTES
from viprules.errors import PolicyError, Problem, in_order, problem
from viprules.plugins import Catalogue, PluginSettings, builtin_catalogue, catalogue_for

NEEDS_ALL = (
    "unreachable-tier",
    "no-tiers",
    "falling-threshold",
    "same-as-below",
    "for-without-renew",
    "review-without-day",
    "renewed-for-nothing",
)
"""What can only be judged of a policy that is whole."""

__all__ = ["Plugins", "check", "check_text", "load", "loads"]


Plugins = Catalogue | PluginSettings | None
"""Where further words come from: what is given, or what is installed and enabled; unsaid the environment says it."""


def load(path: str | Path, *, plugins: Plugins = None) -> Program:
    """Read, check and compile a policy file.

    `plugins` says which plug-ins it may use: a catalogue as `viprules.plugins.catalogue_of` makes it, or
    settings; unsaid whatever is installed, as `VIPRULES_PLUGINS` and `VIPRULES_BLOCK_PLUGINS` allow. Only
    those are imported of which the policy uses a word.
    Raises PolicyError with every problem of the file, ordered by position; a file that cannot be read
    is a problem too.
    """
    text = _read(path)
    if isinstance(text, Problem):
        raise PolicyError([text])
    return loads(text, file=str(path), plugins=plugins)


def loads(text: str | bytes, *, file: str = "policy.yaml", plugins: Plugins = None) -> Program:
    """The same for a policy's text; `file` is the name that problems carry."""
    plan, problems, digest = _plan(text, file, plugins)
    errors = [one for one in problems if one.severity == "error"]
    if plan is None or errors:
        raise PolicyError(errors)
    return Program(
        plan=plan, walker=Walker(plan=plan), compiled=Compiled.of(plan), digest=digest, warnings=tuple(problems)
    )


def check(path: str | Path, *, plugins: Plugins = None) -> list[Problem]:
    """Every problem and warning of a policy file, ordered by position; empty if all is well."""
    text = _read(path)
    if isinstance(text, Problem):
        return [text]
    return check_text(text, file=str(path), plugins=plugins)


def check_text(text: str | bytes, *, file: str = "policy.yaml", plugins: Plugins = None) -> list[Problem]:
    """The same for a policy's text."""
    _, problems, _ = _plan(text, file, plugins)
    return problems


def _read(path: str | Path) -> bytes | Problem:
    """The bytes of a file, at most one more than a policy may have; or why it cannot be read."""
    try:
        with Path(path).open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as wrong:
        return problem("file-unreadable", None, file=str(path), reason=wrong.strerror or str(wrong))


def _plan(text: str | bytes, file: str, plugins: Plugins) -> tuple[Plan | None, list[Problem], str]:
    """The stages of reading, each with its problems; a later stage runs where the earlier left something whole."""
    raw = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    digest = hashlib.sha256(raw).hexdigest()
    document, problems = read(text, file)
    if document is None:
        return None, in_order(problems), digest
    names = declared_names(document)
    catalogue = plugins if isinstance(plugins, Catalogue) else builtin_catalogue()
    document, found = _judged(document, catalogue, names)
    if any(_strange(one) for one in found) and not isinstance(plugins, Catalogue):
        catalogue = _wider(document, plugins, file)
        document, found = _judged(document, catalogue, names)
    problems += [_refused(one, catalogue) for one in found]
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


def _judged(document: Map, catalogue: Catalogue, names: Names) -> tuple[Map, list[Problem]]:
    """The document with its scalars typed, and the faults of its shape."""
    schema = policy_schema(catalogue, names)
    document = typed(document, schema)
    return document, judge(document, schema)


def _wider(document: Map, settings: PluginSettings | None, file: str) -> Catalogue:
    """The words of those plug-ins too that have one of the keys; where no key is strange nobody looks for them."""
    enabled = PluginSettings.of_environment() if settings is None else settings
    return catalogue_for(_keys(document), enabled, Path(file).parent)


def _keys(value: object) -> set[str]:
    """Every key of a document, and every channel: a superset of the catalogue's words that it uses."""
    if isinstance(value, dict):
        named = value.get("channels", ())
        channels = {str(one) for one in named} if isinstance(named, list) else set()
        return set(value).union(channels, *map(_keys, value.values()))
    return set().union(*map(_keys, value)) if isinstance(value, list) else set()


def _strange(found: Problem) -> str:
    """The word that a problem finds strange and that a plug-in may have; nothing for another problem."""
    if found.code == "unknown-key":
        return found.values.get("key", "")
    return found.values["name"] if found.code == "unknown-name" and found.values.get("what") == "a channel" else ""


def _refused(found: Problem, catalogue: Catalogue) -> Problem:
    """A problem about an unknown key, told better where a plug-in has the word."""
    key = _strange(found)
    if key in catalogue.refused:
        refusal = catalogue.refused[key]
        return problem(refusal.code, found.source, **refusal.values)
    if key and not found.values.get("nearest"):
        return problem(found.code, found.source, **{**found.values, "nearest": nearest(key, catalogue.announced)})
    return found


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
