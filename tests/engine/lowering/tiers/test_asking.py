"""Approvals that name nobody in particular."""

from __future__ import annotations

from typing import Any

from tests.support.deciding import decided, program


def tier(approval: str, *events: dict[str, Any]) -> str | None:
    """The tier of a customer who has the card, after requests and answers."""
    policy = program(
        f"facts: {{card: true_false}}\napproval: {{{approval}}}\n"
        "tiers: [{id: gold, also: [{cause: card, when: {card: true}, validity: while_it_holds}]}]\n"
    )
    return decided(policy, "2026-02-01", events, facts={"card": True}).tier


def asks(**more: str) -> dict[str, Any]:
    """A request by a clerk."""
    return {"type": "requested", "at": "2026-01-02", "cause": "card", "by": "ann", "role": "clerk"} | more


def answers(kind: str = "approved", **more: str) -> dict[str, Any]:
    """An answer by a manager."""
    return {"type": kind, "at": "2026-01-03", "cause": "card", "by": "bob", "role": "manager"} | more


def test_anybody_but_who_asked_may_approve() -> None:
    """Without `approved_by` every role counts, only not who asked."""
    assert "gold" == tier("", asks(), answers(role="cook"))
    assert None is tier("", asks(), answers(by="ann"))


def test_anybody_may_ask() -> None:
    """Without `requested_by` every role may ask; with it only those listed, or nobody at all."""
    assert "gold" == tier("approved_by: [manager]", asks(role="cook"), answers())
    assert None is tier("requested_by: [clerk]", asks(role="cook"), answers())
    assert "gold" == tier("requested_by: [clerk]", answers())


def test_an_approval_counts_until_a_later_refusal() -> None:
    """On one and the same day the approval counts."""
    assert "gold" == tier("", answers(), answers("refused"))
    assert None is tier("", answers(), answers("refused", at="2026-01-04"))
