"""The tree is walked from the top, and every kind knows where its nodes are."""

from __future__ import annotations

from attrs import has

from viprules.engine.tree import nodes
from viprules.engine.tree.nodes import TODAY, Aggregate, Case, Cmp, In, Lit, Node, Told, children, walk_nodes


def test_children_in_the_order_of_the_fields() -> None:
    """Branches come as condition and value, then what else holds; constants are none."""
    case = Case(((Lit(1), Lit(2)), (Lit(3), Lit(4))), Lit(5))
    assert [Lit(1), Lit(2), Lit(3), Lit(4), Lit(5)] == list(children(case))
    assert [TODAY] == list(children(In(TODAY, (1, 2))))
    assert [TODAY, Lit(1), Lit(2), Lit(3)] == list(children(Told(TODAY, "", bound=Lit(1), window=(Lit(2), Lit(3)))))


def test_what_is_not_there_is_left_out() -> None:
    """A count has no value and asks nothing of its events."""
    assert [Lit(1), TODAY] == list(children(Aggregate("count", "purchase", None, None, Lit(1), TODAY)))


def test_parents_first() -> None:
    """A node stands before all that is under it, and that before its neighbours."""
    inner = Cmp("==", Lit(1), Lit(2))
    node = Case(((inner, Lit(3)),), Lit(4))
    assert [node, inner, Lit(1), Lit(2), Lit(3), Lit(4)] == list(walk_nodes(node))


def test_every_kind_can_be_walked() -> None:
    """The set is closed: each kind of the module, and no other, is known."""
    kinds = {one for one in vars(nodes).values() if isinstance(one, type) and issubclass(one, Node) and has(one)}
    assert kinds == set(nodes._HOLDING)
