"""Reviews whose day nobody stated."""

from __future__ import annotations

from tests.support.deciding import told

SPEND = "metrics: {spend: {sum: {of: purchase.amount, window: {this: year}}}}\ntiers: [{id: gold, enter: {spend: {at_least: 1}}}]\n"


def test_a_review_needs_its_day() -> None:
    """Whoever is renewed, rises or falls at a review is judged on a stated day."""
    for rule in (
        "renew: {at: review}",
        "renew: {at: expiry}, upgrade: {at: review}",
        "renew: {at: expiry}, downgrade: {after: 2 reviews}",
    ):
        body = f"{SPEND}transitions: {{validity: {{for: 12 months}}, {rule}}}\n"
        assert ["review-without-day: this asks at a review, and no review day is stated"] == told(body)
