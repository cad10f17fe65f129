"""Fields of events by their path, and whole histories of them for functions that look at each event."""

from __future__ import annotations

from attrs import evolve

from viprules.engine.lowering.scope import Scope
from viprules.engine.policy.model import Condition
from viprules.engine.tree.kinds import NUMBER, Typed
from viprules.engine.tree.nodes import TODAY, Aggregate, Case, Cmp, Lit, Node

__all__ = ["event_field", "history"]


def event_field(path: str, scope: Scope) -> tuple[Scope, Typed] | None:
    """The scope of the event and the field of a path such as `purchase.amount`; a problem and None if there is none."""
    event_name, _, field_name = path.partition(".")
    event = scope.event_type(event_name, None)
    if event is None:
        return None
    if field_name not in event.fields:
        scope.problem(
            "unknown-field",
            None,
            name=field_name,
            event=event_name,
            nearest=scope.nearest(field_name, event.fields),
            fields="\n".join(event.fields),
        )
        return None
    inside = evolve(scope.within_event(event), want=None)
    return inside, inside.field(event, field_name)


def history(path: str, scope: Scope, *, where: Condition | None = None, first: Node | None = None) -> Typed:
    """Every value of a field with its day, from day `first` to the day asked: for a function called with `call`.

    The function is given a tuple of `(date, value)`, in the order of the events, net of returns. It is not called where
    a value is unknown, or where the window reaches before the history.
    """
    found = event_field(path, scope)
    if found is None:
        return Typed(node=Lit(None), type=NUMBER)
    inside, typed = found
    start = Lit(1) if first is None else first
    counts = inside.condition(where) if where else None
    node: Node = Aggregate("each", path.partition(".")[0], typed.node, counts, start, TODAY)
    begins = scope.policy.program.history_from
    if begins is not None:
        node = Case(((Cmp("<", start, Lit(begins)), Lit(None)),), node)
    return Typed(node=node, type=evolve(typed.type, dated=True))
