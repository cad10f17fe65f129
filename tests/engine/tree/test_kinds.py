"""Types of expressions: units that are made alike, and values as people write them."""

from datetime import date
from fractions import Fraction

import pytest

from viprules.engine.tree.kinds import DATE, NUMBER, TEXT, TRUTH, Type, Typed, aligned, money, shown, with_decimals
from viprules.engine.tree.nodes import Arith, Lit, Node, Ref, Scalar

CENTS = Type(kind="money", decimals=2)


@pytest.mark.parametrize(
    ("node", "decimals", "expected"),
    [
        (Ref("a"), 2, Ref("a")),
        (Ref("a"), 3, Arith("product", (Ref("a"), Lit(10)))),
        (Ref("a"), 0, Arith("quotient", (Ref("a"), Lit(100)))),
        (Lit(150), 3, Lit(1500)),
        (Lit(150), 0, Lit(Fraction(3, 2))),
        (Lit(None), 3, Lit(None)),
    ],
)
def test_a_value_is_brought_to_another_unit(node: Node, decimals: int, expected: Node) -> None:
    """Exactly, a constant at once; what is unknown stays so. Its type goes with it."""
    typed = Typed(node=node, type=CENTS)
    assert expected == aligned(typed, decimals)
    assert Typed(node=expected, type=Type(kind="money", decimals=decimals)) == with_decimals(typed, decimals)


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        (None, NUMBER, "?"),
        (True, TRUTH, "true"),
        (False, TRUTH, "false"),
        (150, CENTS, "1.5"),
        (-100, CENTS, "-1"),
        (0, CENTS, "0"),
        (Fraction(1, 3), NUMBER, "0.3333333333333333333333333333"),
        (10**18, NUMBER, "1000000000000000000"),
        (date(2026, 2, 28).toordinal(), DATE, "2026-02-28"),
        ("beijing", TEXT, "beijing"),
        (("a", "b"), Type(kind="text", many=True), "a, b"),
        (1, Type(kind="scale", options=("low", "high")), "high"),
        (2, Type(kind="scale", options=("low", "high")), "-"),
        (1, Type(kind="tier", options=("silver", "gold")), "silver"),
        (0, Type(kind="tier", options=("silver", "gold")), "-"),
    ],
)
def test_a_value_is_written_as_people_write_it(value: Scalar, kind: Type, text: str) -> None:
    """In major units without needless zeros, days as dates, ranks as their words, nothing held as a dash."""
    assert text == shown(value, kind)


def test_a_currency_has_its_own_unit() -> None:
    """Two decimal places unless ISO 4217 says otherwise."""
    assert [2, 0, 3] == [money(one).decimals for one in ("CNY", "JPY", "KWD")]
