"""The contract of plug-ins: a good plug-in passes every check, and each check finds the plug-in that it is there for."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable
from datetime import date
from itertools import count
from types import SimpleNamespace
from typing import Any

import pytest
from attrs import evolve, field, frozen

from viprules import testing
from viprules.api import (
    DATE,
    TODAY,
    TRUTH,
    BenefitType,
    Example,
    FactName,
    ParameterError,
    Scope,
    TermType,
    Typed,
    Value,
    benefit,
    call,
    compared,
    criterion,
    hookimpl,
    key,
    measure,
    nodes,
)
from viprules.builtins import arithmetic, effects, measures, values
from viprules.plugins import Catalogue, Plugin, builtin_catalogue
from viprules.plugins.opening import Owner, asked
from viprules.testing import PluginContract
from viprules.testing.people import people

Compile = Callable[[Any, Scope], Any]
WORDS = {"en": "{of} early in the month", "zh": "{of} 在月初"}
NEEDS = "facts: {joined: date, level: {type: number, if_missing: 1}}"
EXAMPLE = Example(yaml="{early: {of: joined, until: 10}}", needs=NEEDS)
CALLS = count()


@frozen(kw_only=True)
class Early:
    """The day of a fact lies early in its month."""

    of: FactName = key("the fact", examples=["joined"])
    until: int = key("the last early day", default=10, examples=["10"], schema={"minimum": 1, "maximum": 31})

    def compile(self, scope: Scope) -> nodes.Node | Typed:
        """Compare the days since the month began with the bound."""
        fact = scope.fact(self.of)
        begun = nodes.PeriodDay(*scope.period("month"), fact.node)
        return nodes.Cmp("<", nodes.Elapsed(begun, fact.node, "days"), nodes.Lit(self.until))


@frozen(kw_only=True)
class Turned:
    """How many days ago the fact was."""

    of: FactName = key("the fact", examples=["joined"])

    def compile(self, scope: Scope) -> Typed:
        """Count the days."""
        days = nodes.Elapsed(scope.fact(self.of).node, nodes.TODAY, "days")
        return Typed(node=days, type=scope.type_of(scope.policy.facts["level"]))


@frozen(kw_only=True)
class Tea:
    """A cup of tea."""

    cups: Value = key("how many", examples=["2"])


def good_terms() -> list[TermType]:
    """Return a criterion and a value."""
    return [
        criterion(Early, words=WORDS, examples=[EXAMPLE]),
        measure(Turned, examples=[Example(yaml="{turned: {of: joined}}", needs=NEEDS)]),
    ]


def good_effects() -> list[BenefitType]:
    """Return a benefit."""
    return [benefit(Tea, words={"en": "{cups} cups of tea", "zh": "{cups} 杯茶"}, examples=["{tea: {cups: 2}}"])]


def plugin(terms: Iterable[TermType], given: Iterable[BenefitType] = ()) -> Any:
    """Return a plug-in with these words."""
    return SimpleNamespace(
        __name__="mine",
        VIPRULES_CONTRACT=1,
        viprules_terms=hookimpl(lambda: list(terms)),
        viprules_effects=hookimpl(lambda: list(given)),
    )


class TestGood(PluginContract):
    """A plug-in that does everything right."""

    plugin = plugin(good_terms(), good_effects())
    is_installed = False
    customers = 25


def contract(target: Any, **more: Any) -> PluginContract:
    """Return the contract of a plug-in, as its author writes it."""
    settings = {"plugin": target, "is_installed": False, "customers": 25, **more}
    made: PluginContract = type("Contract", (PluginContract,), settings)()
    return made


def early(compile_: Compile, **more: Any) -> PluginContract:
    """Return the contract of a plug-in whose criterion compiles otherwise; `more` changes its description."""
    (term, _) = good_terms()
    inner = term.compile

    def compiled(own: Any, scope: Scope) -> Any:
        found = compile_(own, scope)
        return Typed(node=found, type=TRUTH) if isinstance(found, nodes.Node) else found or inner(own, scope)

    return contract(plugin([evolve(term, compile=compiled, **more)]))


def same(_own: Any, _scope: Scope) -> None:
    """Compile as it should be."""


def refused(check: Callable[..., None], *words: str) -> str:
    """Return what the check finds."""
    with pytest.raises(pytest.fail.Exception) as found:
        check(*words)
    return str(found.value)


def test_a_plugin_is_used_or_says_why_not() -> None:
    """No contract version, a misspelt hook, a word that is taken: told by the first check, and no other word is asked."""
    assert "it states no version of the contract" in refused(
        contract(SimpleNamespace(__name__="x")).test_it_can_be_used
    )
    misspelt = SimpleNamespace(__name__="x", VIPRULES_CONTRACT=1, viprules_termz=hookimpl(good_terms))
    assert "viprules_termz" in refused(contract(misspelt).test_it_can_be_used)
    taken = contract(plugin([evolve(good_terms()[0], name="sum")]))
    assert "`sum` is offered by `viprules` and by `mine`" in refused(taken.test_it_can_be_used)


def test_a_plugin_announces_what_it_offers(monkeypatch: pytest.MonkeyPatch) -> None:
    """The entry points are the words: all of them, and no others."""
    mine = contract(plugin(good_terms()), is_installed=True)
    assert "no installed distribution has `mine`" in refused(mine.test_it_is_announced)
    one = SimpleNamespace(module="mine", word="early")
    monkeypatch.setattr("viprules.testing.contract.announced", lambda: (one,))
    assert "do not announce `turned`" in refused(mine.test_it_is_announced)
    other = SimpleNamespace(module="mine", word="late")
    two = SimpleNamespace(module="mine", word="turned")
    monkeypatch.setattr("viprules.testing.contract.announced", lambda: (one, two, other))
    assert "announce `late`, which is not offered" in refused(mine.test_it_is_announced)
    monkeypatch.setattr("viprules.testing.contract.announced", lambda: (one, two))
    mine.test_it_is_announced()


@frozen(kw_only=True)
class Loose(Early):
    """A parameter takes anything."""

    more: str = key("more", default="", schema={"type": ["string", "object"], "additionalProperties": True})


@frozen(kw_only=True)
class Vague(Early):
    """A parameter has no description."""

    more: str = key("", default="")


@frozen(kw_only=True)
class Hidden(Early):
    """A field is no parameter."""

    more: str = field(default="")


@frozen(kw_only=True)
class Surprised(Early):
    """A bound is accepted by the schema and not by the code."""

    def compile(self, scope: Scope) -> nodes.Node | Typed:
        """Fail at the end of the month."""
        if self.until > 30:
            raise ZeroDivisionError
        return super().compile(scope)


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        (Loose, "`more`: a map takes any key"),
        (Vague, "`more` has no description"),
        (Hidden, "`more` is not described"),
        (Surprised, "could not compile `early`: ZeroDivisionError"),
    ],
)
def test_a_schema_is_strict(parameters: Any, reason: str) -> None:
    """Loose maps, missing descriptions, hidden fields, and bounds that the code does not stand by."""
    one = criterion(parameters, name="early", words=WORDS, examples=[EXAMPLE])
    assert reason in refused(contract(plugin([one])).test_its_schema_is_strict, "early")


def test_a_schema_refuses_what_is_beyond(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key that nobody knows, a value beyond its bounds or of another type: what is taken all the same is told."""
    monkeypatch.setattr("viprules.testing.contract.check_text", lambda *_, **__: [])
    assert "`early` takes an unknown key" in refused(contract(plugin(good_terms())).test_its_schema_is_strict, "early")


def test_parameters_may_be_refused_by_the_plugin() -> None:
    """At the ends of what a schema allows a plug-in may say that they do not go together."""

    @frozen(kw_only=True)
    class Choosy(Early):
        def __attrs_post_init__(self) -> None:
            if self.until == 31:
                raise ParameterError("31 is no early day", "31 日不是月初")

    one = criterion(Choosy, name="early", words=WORDS, examples=[EXAMPLE])
    contract(plugin([evolve(one, doc="early")])).test_its_schema_is_strict("early")


def test_an_example_stands_in_a_policy() -> None:
    """What an example needs is said with it; the other checks wait for that."""
    mine = early(same, examples=(Example(yaml=EXAMPLE.yaml),))
    found = refused(mine.test_its_examples_mean_something, "early")
    assert "cannot stand in a policy (what it stands on goes into `needs` of its `Example`)" in found
    assert "`joined` is not a fact of this policy" in found
    with pytest.raises(pytest.skip.Exception):
        mine.test_it_is_deterministic("early")


def test_an_example_means_something() -> None:
    """A word that is unknown for everybody is a mistake, or wants values that nobody can guess."""
    mine = early(lambda _, __: nodes.Lit(None))
    assert "is unknown for all of 25 made-up customers" in refused(mine.test_its_examples_mean_something, "early")


def test_values_can_be_given() -> None:
    """`samples` are what a text fact holds, where any text means little."""

    def coded(own: Any, scope: Scope) -> Typed:
        return call("coded", lambda at: at.day == 29 if at.year == 1912 else None, scope.fact(own.of), gives=TRUTH)

    assert "give `samples`" in refused(early(coded).test_its_examples_mean_something, "early")
    given = early(coded)
    type(given).samples = {"joined": [date(1912, 2, 29), date(1912, 3, 1)]}
    given.test_its_examples_mean_something("early")


def test_an_expression_is_the_same_each_time() -> None:
    """What a plug-in compiles to does not depend on when."""
    mine = early(
        lambda own, _: nodes.Lit(next(CALLS)) if own.until > 31 else nodes.Cmp("<", nodes.Lit(next(CALLS)), nodes.TODAY)
    )
    assert "compiles to another expression each time" in refused(mine.test_it_is_deterministic, "early")


def test_an_answer_does_not_depend_on_the_order() -> None:
    """A function with a memory answers differently when it is asked again."""
    memory = count()

    def toggled(own: Any, scope: Scope) -> Typed:
        return call("toggled", lambda _: next(memory) % 7 > 2, scope.fact(own.of), gives=TRUTH)

    assert ", then " in refused(early(toggled).test_it_is_deterministic, "early")


@pytest.mark.parametrize(
    ("ask", "name"),
    [
        (lambda _: date.today() > date(2026, 1, 1), "date.today"),  # noqa: DTZ011 -- the mistake
        (lambda _: time.time() > 0, "time"),
        (lambda _: random.choice((True, False)), "getrandbits"),  # noqa: S311 -- the mistake
    ],
)
def test_a_function_asks_nobody(ask: Callable[[Any], bool], name: str) -> None:
    """A clock and chance are found, although the answer may look the same twice."""
    mine = early(lambda own, scope: call("asking", ask, scope.fact(own.of), gives=TRUTH))
    found = refused(mine.test_it_asks_nobody, "early")
    assert name in found
    assert "an answer is one of policy, customer and day alone" in found


def test_compiling_asks_nobody() -> None:
    """The day is `nodes.TODAY`, never that on which a policy is loaded."""
    mine = early(lambda _, __: nodes.Cmp("<", nodes.TODAY, nodes.Lit(date.today().toordinal())))  # noqa: DTZ011 -- the mistake
    assert "date.today" in refused(mine.test_it_asks_nobody, "early")


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda own, _: object.__setattr__(own, "until", own.until + 1), "its parameters"),
        (lambda _, scope: object.__setattr__(scope.policy.program, "currency", "USD"), "the policy"),
        (lambda _, scope: scope.problems.clear() if scope.problems else scope.problems.append("x"), ""),
    ],
)
def test_inputs_are_left_alone(change: Compile, what: str) -> None:
    """Parameters and the policy are shared: whoever changes them is found."""
    mine = early(change)
    if what:
        assert f"compiling it changes {what}" in refused(mine.test_it_changes_nothing, "early")


def test_noted_problems_are_left_alone() -> None:
    """A plug-in adds problems and takes none away."""
    changed: list[str] = []
    watched = testing.answers.Unchanged(lambda _, scope: scope.problems.clear(), changed)
    watched(None, SimpleNamespace(policy=None, problems=["one"]))
    assert ["the problems that were noted before"] == changed


def broken(at: date) -> bool:
    """Fail for some days."""
    return 10 / (at.day % 2) > 1


@pytest.mark.parametrize(
    ("run", "reason"),
    [(broken, "ZeroDivisionError"), (lambda at: float(at.day), "is no true_false"), (lambda _: [], "`[]` is no")],
)
def test_a_function_that_fails_is_found(run: Callable[[date], Any], reason: str) -> None:
    """What policies take for unknown, an exception or a value of another type, is a mistake of the plug-in."""
    mine = early(lambda own, scope: call("failing", run, scope.fact(own.of), gives=TRUTH))
    assert reason in refused(mine.test_it_does_not_fail, "early")


def test_no_answer_is_no_failure() -> None:
    """None says that there is no answer."""
    mine = early(lambda own, scope: call("f", lambda at: None if at.day % 2 else True, scope.fact(own.of), gives=TRUTH))
    mine.test_it_does_not_fail("early")


def guessing(own: Any, scope: Scope) -> nodes.Node:
    """Take what is missing for not met."""
    fact = scope.fact(own.of)
    return nodes.Case(((nodes.Known(fact.node), compared("<", fact, TODAY)),), nodes.Lit(value=False))


def test_what_is_missing_is_no_answer() -> None:
    """A guess is found, unless the plug-in's author says that the word is there to fill in."""
    mine = early(guessing)
    found = refused(mine.test_what_is_missing_is_unknown, "early")
    assert "is not met without `joined`, and met with it" in found
    type(mine).fills_in = ("early",)
    mine.test_what_is_missing_is_unknown("early")


def test_an_answer_that_no_fact_changes_is_allowed() -> None:
    """What is met whatever the fact is met without it too."""
    early(lambda *_: nodes.Lit(value=True)).test_what_is_missing_is_unknown("early")


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ({"en": "early", "zh": ""}, "`early` says nothing in `zh`"),
        ({"en": "early", "zh": "early too"}, "the words of `early` in `zh` are no Chinese: `early too`"),
        ({"en": "月初", "zh": "月初"}, "the words of `early` in `en` are no English: `月初`"),
    ],
)
def test_words_are_there_in_both_languages(words: dict[str, str], reason: str) -> None:
    """Missing words, and those of another language, are told; a text of parameters alone has no language."""
    assert reason in refused(early(same, words=words).test_it_is_explained_in_both_languages, "early")
    early(same, words={"en": "{of}", "zh": "{of}"}).test_it_is_explained_in_both_languages("early")


def test_a_benefit_has_words_as_well() -> None:
    """A benefit without words is silent in an explanation."""
    (tea,) = good_effects()
    mine = contract(plugin([], [evolve(tea, words={"en": "tea", "zh": ""})]))
    assert "`tea` says nothing in `zh`" in refused(mine.test_it_is_explained_in_both_languages, "tea")


def test_decisions_that_differ_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """A function with a memory decides the walk and the compiled evaluation differently."""
    memory = count()

    def toggled(own: Any, scope: Scope) -> Typed:
        return call("toggled", lambda _: next(memory) % 7 > 2, scope.fact(own.of), gives=TRUTH)

    found = refused(early(toggled).test_every_way_of_deciding_gives_the_same, "early")
    assert "is decided in one way and in another" in found or "is explained as" in found
    monkeypatch.setattr("viprules.testing.contract.verdict", lambda _: "met")
    assert "is explained as met and the tier is" in refused(
        early(same).test_every_way_of_deciding_gives_the_same, "early"
    )


def test_a_day_that_is_passed_over_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the day by day decision is another one, the word turns on days that nobody asks."""
    monkeypatch.setattr("viprules.engine.program.At.day_by_day", lambda *_: SimpleNamespace(standings={}))
    assert "another tier where every day is asked" in refused(early(same).test_it_is_asked_on_its_days, "early")


def test_a_batch_that_differs_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the statement gives is compared customer by customer."""
    batch = pytest.importorskip("viprules.batch")
    monkeypatch.setattr(batch, "decide_all", lambda _, customers, __: {one.id: {} for one in customers})
    assert "alone and in the batch differ" in refused(early(same).test_the_batch_gives_the_same, "early")


def test_the_batch_is_left_out_where_it_cannot_be() -> None:
    """A function of one's own is decided customer by customer, and the check says so."""
    mine = early(lambda own, scope: call("f", lambda at: at.day < 5, scope.fact(own.of), gives=TRUTH))
    with pytest.raises(pytest.skip.Exception, match="decided customer by customer"):
        mine.test_the_batch_gives_the_same("early")


def test_customers_are_the_same_each_time() -> None:
    """The same policy has the same customers; some lack facts, and some have the values that are compared."""
    program = TestGood()._program(TestGood()._trials("early")[0])
    one, other = people(program, 40, {}), people(program, 40, {})
    assert one == other
    assert {True, False} == {"joined" in person.stated["facts"] for person in one}
    assert 5 <= len({person.day for person in one})


class BuiltIn(PluginContract):
    """What viprules itself brings keeps the contract as well."""

    is_installed = False
    customers = 8

    @classmethod
    def opened(cls) -> Plugin:
        """Ask the module, which states no version: it is of this one."""
        return asked(cls.plugin, Owner(name="viprules"))

    @classmethod
    def catalogue(cls) -> Catalogue:
        """Return the catalogue that has its words already."""
        return builtin_catalogue()


class TestMeasures(BuiltIn):
    """The measures."""

    plugin = measures
    fills_in = ("count", "count_days", "distinct")


class TestValues(BuiltIn):
    """The values that depend on others."""

    plugin = values


class TestArithmetic(BuiltIn):
    """The arithmetic."""

    plugin = arithmetic
    fills_in = ("first_known",)


class TestEffects(BuiltIn):
    """The benefits."""

    plugin = effects


def test_the_door_has_what_the_contract_needs() -> None:
    """A day is a day: the types of the door are those of the trials."""
    assert DATE == TODAY.type
