"""The terms of plug-ins compiled with care: what they raise or give becomes a problem of the policy's line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from attrs import evolve

from viprules.engine.policy.describing import ParameterError, TermType
from viprules.engine.tree import nodes
from viprules.engine.tree.kinds import NUMBER, TRUTH, Type, Typed
from viprules.plugins.opening import Owner

__all__ = ["guarded"]

KINDS = [one for one in vars(nodes).values() if isinstance(one, type) and issubclass(one, nodes.Node)]
HINTS = {
    kind: {name: hint for name, hint in get_type_hints(kind).items() if "Node" in str(hint)}
    for kind in KINDS
    if kind is not nodes.Node
}
"""For each kind of node the parts that are nodes."""
SCALARS = (int, Fraction, str, bool, type(None))


def guarded(term: TermType, owner: Owner) -> TermType:
    """The same term; a policy that uses it is refused with a line where `compile` goes wrong."""
    return evolve(term, compile=_Guard(term.compile, term, owner))


class _Guard:
    """Calls `compile`, and gives a harmless expression with a problem where that fails."""

    def __init__(self, inner: Callable[..., Any], term: TermType, owner: Owner) -> None:
        self.inner, self.term, self.owner = inner, term, owner

    def __call__(self, parameters: Any, scope: Any) -> Typed:
        try:
            found = self.inner(parameters, scope)
            reason = "; ".join(_wrong(found, self.term))
        except (KeyboardInterrupt, MemoryError):
            raise
        except ParameterError as error:
            scope.problem("wrong-parameters", None, name=self.term.name, **error.texts)
            return self._harmless()
        except BaseException as error:  # noqa: BLE001 -- a plug-in may raise anything, `SystemExit` too
            found, reason = None, f"{type(error).__name__}: {error}"
        if not reason and isinstance(found, Typed):
            return found
        scope.problem("plugin-failed", None, name=self.term.name, owner=str(self.owner), reason=reason)
        return self._harmless()

    def _harmless(self) -> Typed:
        return Typed(node=nodes.Lit(None), type=TRUTH if self.term.kind == "criterion" else NUMBER)


def _wrong(found: Any, term: TermType) -> Iterator[str]:
    """Why what `compile` gave cannot stand in the tree."""
    if not isinstance(found, Typed) or not _sound(found):
        yield f"`compile` gave a `{type(found).__name__}`, not a typed expression"
        return
    if term.kind == "criterion" and found.type != TRUTH:
        yield f"`compile` gave {found.type.kind}, and a criterion is true or false"
    for one in nodes.walk_nodes(found.node):
        if type(one) not in HINTS:
            yield f"`{type(one).__name__}` is no kind of node"
            return  # what lies under it has no rules
        if isinstance(one, nodes.Lit):
            if not _exact(one.value):
                yield f"`{one.value!r}` is not exact: write whole numbers of the smallest unit, or a fraction"
            continue
        for name, wanted in HINTS[type(one)].items():
            if not _fits(getattr(one, name), wanted):
                yield f"`{name}` of `{type(one).__name__}` is `{getattr(one, name)!r}`, where a node is wanted"


def _fits(value: Any, wanted: Any) -> bool:
    """Whether a part of a node is made of nodes where the kind has nodes."""
    if wanted is nodes.Node:
        return isinstance(value, nodes.Node)
    inner = get_args(wanted)
    if get_origin(wanted) is UnionType:
        return any(value is None if one is NoneType else _fits(value, one) for one in inner)
    if not isinstance(value, tuple):
        return False
    return all(_fits(one, inner[0]) for one in value) if inner[-1:] == (...,) else all(map(_fits, value, inner))


def _sound(found: Any) -> bool:
    return isinstance(found.node, nodes.Node) and isinstance(found.type, Type)


def _exact(value: Any) -> bool:
    if isinstance(value, tuple):
        return all(map(_exact, value))
    return type(value) in SCALARS
