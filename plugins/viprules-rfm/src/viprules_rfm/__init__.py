"""RFM scores for viprules: a value looked up among cut-offs that were computed over the base, and stored."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Literal

from attrs import frozen

from viprules.api import NUMBER, Example, ParameterError, Scope, TermType, Typed, Value, hookimpl, key, nodes

__all__ = ["VIPRULES_CONTRACT", "viprules_terms"]

VIPRULES_CONTRACT = 1


@frozen(kw_only=True)
class RfmScore:
    """A score from 1 to the number of cut-offs and one more, by the cut-offs that hold on the day asked."""

    of: Value = key("the value that is scored", examples=["spend"])
    cutoffs: Mapping[str, tuple[Decimal, ...]] = key(
        "by the date from which they hold: the value from which each score counts, that of score 2 first",
        examples=['{"2026-01-01": [100, 300, 800, 2000]}'],
        schema={"minProperties": 1},
    )
    better: Literal["higher", "lower"] = key(
        "`lower` for a value of which less is better, such as the days since the last purchase", default="higher"
    )


def rfm_score(parameters: RfmScore, scope: Scope) -> Typed:
    """Comparisons with constants: compiled, and part of the batch. Before the first date it is unknown."""
    of = scope.value(parameters.of)
    branches = []
    for text in sorted(parameters.cutoffs, reverse=True):
        day = date.fromisoformat(text).toordinal()
        bounds = parameters.cutoffs[text]
        ordered = sorted(bounds, reverse=parameters.better == "lower")
        if list(bounds) != ordered:
            raise ParameterError(
                f"the cut-offs of {text} do not go from that of score 2 to that of the best score",
                f"{text} 的分界值没有从 2 分到最高分依次排列",
            )
        ones = [_reached(of, scope.constant(one, of.type, None), parameters.better) for one in bounds]
        branches.append((nodes.Cmp(">=", nodes.TODAY, nodes.Lit(day)), nodes.Arith("add", (nodes.Lit(1), *ones))))
    found = nodes.Case(tuple(branches), nodes.Lit(None))
    return Typed(node=nodes.Case(((nodes.Known(of.node), found),), nodes.Lit(None)), type=NUMBER)


def _reached(of: Typed, bound: nodes.Scalar, better: str) -> nodes.Node:
    """1 where the value reaches the cut-off, else 0."""
    compare = nodes.Cmp(">=" if better == "higher" else "<=", of.node, nodes.Lit(bound))
    return nodes.Case(((compare, nodes.Lit(1)),), nodes.Lit(0))


@hookimpl
def viprules_terms() -> list[TermType]:
    """Offer the word."""
    return [
        TermType(
            name="rfm_score",
            parameters=RfmScore,
            compile=rfm_score,
            doc="a score by cut-offs that were computed over the whole base (RFM)",
            examples=(
                Example(
                    yaml='{rfm_score: {of: spend, cutoffs: {"2026-01-01": [100, 300, 800, 2000]}}}',
                    needs="events: {purchase: {amount: money}}\nmetrics: {spend: {sum: {of: purchase.amount}}}",
                ),
            ),
        )
    ]
