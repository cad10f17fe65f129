"""The plug-in author's door: words described by their classes, and what they compile to."""

from decimal import Decimal
from types import ModuleType, SimpleNamespace

import pytest
from attrs import frozen

import viprules
from viprules import api
from viprules.api import (
    NUMBER,
    TODAY,
    BenefitType,
    Example,
    FactName,
    Scope,
    TermType,
    Texts,
    Type,
    Typed,
    Value,
    benefit,
    compared,
    criterion,
    hookimpl,
    key,
    measure,
    nodes,
)
from viprules.plugins import catalogue_of

POLICY = """
viprules: 1
program: {id: shop, timezone: Asia/Shanghai, currency: CNY}
facts: {paid: money, joined: date}
metrics: {double: {twice_the: {of: paid}}}
tiers:
  - {id: guest, enter: everyone, benefits: [{bonus: {of: {en: tea}}}]}
  - {id: gold, enter: {is_above: {of: paid, than: 2.505}, double: {at_most: 10}}}
transitions: {validity: while_it_holds}
"""


@frozen(kw_only=True)
class IsAbove:
    """The fact is above a number.

    More about it.
    """

    of: FactName = key("the fact", examples=["paid"])
    than: Value = key("the number", examples=["3"])

    def compile(self, scope: Scope) -> nodes.Node:
        """Compare in the finer unit."""
        return compared(">", scope.fact(self.of), scope.value(self.than, Type(kind="number", decimals=3)))


@frozen(kw_only=True)
class Double:
    """Twice the fact."""

    of: FactName = key("the fact", examples=["paid"])

    def compile(self, scope: Scope) -> Typed:
        """Give an amount."""
        fact = scope.fact(self.of)
        return Typed(node=nodes.Arith("product", (fact.node, nodes.Lit(2))), type=fact.type)


@frozen(kw_only=True)
class Bonus:
    """Something on top."""

    of: Texts = key("what", examples=["{en: tea}"])


def terms() -> list[TermType]:
    """Return a criterion and a measure."""
    return [
        criterion(
            IsAbove,
            words={"en": "{of} above {than}", "zh": "{of} 高于 {than}"},
            examples=["{is_above: {of: paid, than: 3}}", Example(yaml="{is_above: {of: paid, than: 4}}", says="x")],
        ),
        measure(Double, name="twice_the", examples=["{twice_the: {of: paid}}"]),
    ]


def effects() -> list[BenefitType]:
    """Return a benefit."""
    return [benefit(Bonus, words={"en": "{of} on top", "zh": "另赠{of}"}, examples=["{bonus: {of: {en: tea}}}"])]


PLUGIN = SimpleNamespace(
    __name__="mine", VIPRULES_CONTRACT=1, viprules_terms=hookimpl(terms), viprules_effects=hookimpl(effects)
)


def test_a_class_is_all_that_a_word_needs() -> None:
    """The word is the class's name, what it is its docstring's first line; one example is a text or an `Example`."""
    above, twice = terms()
    assert ("is_above", "the fact is above a number", "criterion") == (above.name, above.doc, above.kind)
    assert ("twice_the", "twice the fact", "value") == (twice.name, twice.doc, twice.kind)
    assert (Example(yaml="{is_above: {of: paid, than: 4}}", says="x")) == above.examples[1]
    (bonus,) = effects()
    assert ("bonus", "something on top") == (bonus.name, bonus.doc)


@pytest.mark.parametrize(("paid", "tier"), [("2.50", "guest"), ("2.51", "gold"), ("5.00", "gold"), ("5.01", "guest")])
def test_what_is_described_so_decides(paid: str, tier: str) -> None:
    """A bare node is true or false, values are compared in the finer unit, and the explanation has the words."""
    program = viprules.loads(POLICY, plugins=catalogue_of(PLUGIN))
    found = program.explain({"facts": {"paid": Decimal(paid)}}, as_of="2026-01-01")
    assert tier == found.decision.tier
    assert "paid 高于 2.505" in found.text("zh")
    assert "- bonus: tea on top" in found.text("en")


def test_the_day_asked_is_a_value() -> None:
    """`TODAY` has the type of a day, `nodes.TODAY` is its bare node."""
    assert (nodes.TODAY, "date") == (TODAY.node, TODAY.type.kind)


def test_a_bare_node_is_no_measure() -> None:
    """A measure says what kind of value it gives: without a type it is refused with the policy's line."""

    class Bare(Double):
        """Bare."""

        def compile(self, scope: Scope) -> Typed:
            """Forget the type."""
            return super().compile(scope).node  # type: ignore[return-value]  # the mistake of this test

    plugin = ModuleType("bare")
    plugin.VIPRULES_CONTRACT = 1  # type: ignore[attr-defined]  # a module made here
    one = measure(frozen(kw_only=True)(Bare), name="twice_the", examples=["{twice_the: {of: paid}}"])
    plugin.viprules_terms = hookimpl(lambda: [one, *terms()[:1]])  # type: ignore[attr-defined]  # as above
    plugin.viprules_effects = hookimpl(effects)  # type: ignore[attr-defined]  # as above
    (found,) = viprules.loader.check_text(POLICY, plugins=catalogue_of(plugin))
    assert "plugin-failed" == found.code


def test_everything_on_the_door_is_there() -> None:
    """`__all__` is sorted as people look for names, and each is there."""
    assert [] == [name for name in api.__all__ if not hasattr(api, name)]
    assert NUMBER == api.NUMBER
