"""The contract of plug-ins as tests: what each of its words promises to policies, customers and the batch.

A plug-in's author inherits from `PluginContract` and names the plug-in; pytest runs the rest, an item for each word:

```python
import viprules_lunar
from viprules.testing import PluginContract


class TestContract(PluginContract):
    plugin = viprules_lunar
```
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cache
from string import Formatter
from typing import TYPE_CHECKING, Any, NoReturn

from attrs import evolve

from viprules.errors import PolicyError
from viprules.loader import check_text, loads
from viprules.plugins import Catalogue, Owner, Plugin, builtin_catalogue
from viprules.plugins.installed import announced
from viprules.plugins.opening import BrokenPluginError, opened
from viprules.plugins.vetting import faults_of
from viprules.rendering import as_text
from viprules.testing.answers import Unchanged, answer, by_day, calls, middle, own_words, said, shape, verdict
from viprules.testing.people import NEAR, Person, people
from viprules.testing.trials import NAME, Trial, trials_of
from viprules.testing.watching import failures, impurities

if TYPE_CHECKING:
    import pytest

    from viprules.engine.program import Program

__all__ = ["PluginContract"]

CHINESE = re.compile("[\u3400-\u9fff\uf900-\ufaff]")
KNOWN = "{known: true}"
FEW = 10
"""Customers for the checks that take long."""
MANY_DAYS = 3
"""Days for which there is a statement."""
LETTERS = re.compile(r"[^\W\d_]")


class PluginContract:
    """Every check that a plug-in has to pass; inherit and set `plugin`."""

    plugin: Any = None
    """The plug-in: its module."""
    is_installed: bool = True
    """Whether a distribution announces its words, as policies need it; false for one that is only handed over."""
    fills_in: Sequence[str] = ()
    """Words that answer on purpose while a fact is missing: they fill in for it, or ask whether it is known."""
    samples: Mapping[str, Sequence[Any]] = {}
    """Values for facts, and for fields of events as `event.field`, where any value of the type means little."""
    customers: int = 40
    """How many customers are made up for each example."""

    # --- what there is to check ---------------------------------------------------------------------

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """Make an item for each word."""
        if "word" not in metafunc.fixturenames:
            return
        offers: tuple[Any, ...] = ()
        with suppress(BrokenPluginError):  # `test_it_can_be_used` says why
            offers = self.opened().offers
        kinds = {"schema": offers, "words": [one for one in offers if hasattr(one, "words")]}
        wanted = kinds["schema" if metafunc.function.__name__ == "test_its_schema_is_strict" else "words"]
        metafunc.parametrize("word", [one.name for one in wanted])

    @classmethod
    def opened(cls) -> Plugin:
        """The plug-in with what it offers; raises BrokenPluginError."""
        return _opened(cls)  # type: ignore[arg-type]  # a class is hashable

    @classmethod
    def catalogue(cls) -> Catalogue:
        """The built-in words and its own."""
        return _catalogue(cls)  # type: ignore[arg-type]  # as above

    # --- the plug-in --------------------------------------------------------------------------------

    def test_it_can_be_used(self) -> None:
        """It states its version of the contract, its hooks exist, and its words are free."""
        try:
            self.catalogue()
        except BrokenPluginError as error:
            _fail(str(error))

    def test_it_is_announced(self) -> None:
        """Its entry points are its words: by these policies find it, without importing it."""
        if not self.is_installed:
            return
        found, home = self.opened(), _name(self.plugin)
        mine = {one.word for one in announced() if one.module == home}
        offered = {one.name for one in found.offers}
        hidden, empty = sorted(offered - mine), sorted(mine - offered)
        if not mine:
            _fail(
                f"no installed distribution has `{home}` in `[project.entry-points.viprules]`: add its words there and "
                "install it (`pip install -e .`), or say `is_installed = False` here"
            )
        if hidden:
            _fail(f"the entry points do not announce `{hidden[0]}`: add it, and install again")
        if empty and not found.observes:
            _fail(f"the entry points announce `{empty[0]}`, which is not offered")

    # --- its words ----------------------------------------------------------------------------------

    def test_its_schema_is_strict(self, word: str) -> None:
        """It is described, closed, and without alternatives; its examples fit, and whatever is beyond is refused."""
        catalogue = self.catalogue()
        offer = next(one for one in self.opened().offers if one.name == word)
        faults = faults_of(offer, catalogue)
        if faults:
            _fail("; ".join(faults))
        for trial in trials_of(offer) if hasattr(offer, "words") else ():  # settings of a channel stand in no policy
            for wrong, other in trial.refused():
                found = check_text(other.policy(), plugins=catalogue)
                if not any(one.severity == "error" for one in found):
                    _fail(f"`{word}` takes {wrong}")
            for other in trial.accepted():
                failed = [one for one in check_text(other.policy(), plugins=catalogue) if one.code == "plugin-failed"]
                if failed:
                    _fail(str(failed[0]))

    def test_its_examples_mean_something(self, word: str) -> None:
        """Each stands in a policy that loads, and is known of somebody."""
        for trial in self._trials(word):
            problems = [
                one
                for one in check_text(trial.policy(), file="example", plugins=self.catalogue())
                if one.severity == "error"
            ]
            if problems:
                _fail(
                    f"`{trial.example.yaml}` cannot stand in a policy (what it stands on goes into `needs` of its "
                    f"`Example`):\n{as_text(problems, {'example': trial.policy()})}"
                )
            if all(one is None for _, one in self._answers(trial)):
                _fail(
                    f"`{trial.example.yaml}` is unknown for all of {self.customers} made-up customers: "
                    "give `samples` of what it reads, or mend `needs`"
                )

    def test_it_is_deterministic(self, word: str) -> None:
        """Compiled anew it is the same expression, and it answers alike in whatever order it is asked."""
        for trial in self._trials(word):
            again = self._compiled(trial)
            if shape(self._program(trial)) != shape(again):
                _fail(f"`{trial.example.yaml}` compiles to another expression each time")
            for person, first in reversed(self._answers(trial)):
                second = answer(trial, again, person)
                if first != second:
                    _fail(f"`{trial.example.yaml}` is {said(first)}, then {said(second)}: {person}")

    def test_it_asks_nobody(self, word: str) -> None:
        """No clock, no chance, no network: the day and the data are given."""
        for trial in self._trials(word):
            some = [one for one, _ in self._answers(trial)[:FEW]]  # a first time it may import what asks a clock
            with impurities(self._homes(), PluginContract.test_it_asks_nobody.__code__) as found:
                program = self._compiled(trial)
                for one in some:
                    answer(trial, program, one)
            if found:
                _fail(f"`{word}` calls `{found[0]}`: an answer is one of policy, customer and day alone")

    def test_it_changes_nothing(self, word: str) -> None:
        """Its parameters and the policy are after compiling what they were before."""
        changed: list[str] = []
        catalogue = self.catalogue()
        if word in catalogue.terms:
            watched = Unchanged.around(catalogue.terms[word], changed)
            catalogue = evolve(catalogue, terms={**catalogue.terms, word: watched})
        for trial in self._trials(word):
            self._compiled(trial, catalogue=catalogue)
            if changed:
                _fail(f"`{trial.example.yaml}`: compiling it changes {changed[0]}")

    def test_it_does_not_fail(self, word: str) -> None:
        """Its functions raise nothing and give what they promised; for no answer they give None."""
        for trial in self._trials(word):
            program = self._program(trial)
            with failures() as found:
                for one in self._people(program):
                    answer(trial, program, one)
                    if found:
                        _fail(f"{found[0]}: {one}")

    def test_what_is_missing_is_unknown(self, word: str) -> None:
        """Without a fact it is unknown, or what it is whatever the fact; never met or not met by guess."""
        for trial in self._trials(word) if word not in self.fills_in else ():
            program = self._program(trial)
            facts = [name for name, one in program.policy.facts.items() if one.if_missing is None and name != NAME]
            for person, full in self._answers(trial):
                for less in (*((one,) for one in facts), tuple(facts)):
                    found = answer(trial, program, person.without(*less))
                    if found not in (None, full):
                        _fail(
                            f"`{trial.example.yaml}` is {said(found)} without {_listed(less)}, and {said(full)} with "
                            f"it: {person}"
                        )

    def test_it_is_explained_in_both_languages(self, word: str) -> None:
        """What a condition or a benefit says of itself is there in English and in Chinese."""
        for trial in self._trials(word):
            if not trial.is_criterion and not trial.is_benefit:
                continue
            program = self._program(trial)
            person = self._people(program)[0]
            person = person.holding(NAME) if trial.is_benefit else person
            told = program.explain(person.stated, as_of=person.day)
            for language in ("en", "zh"):
                words = own_words(trial, told, language)
                if not trial.offer.words.get(language) or not words or "{" in words:
                    _fail(f"`{word}` says nothing in `{language}`")
                text = "".join(part for part, _, _, _ in Formatter().parse(trial.offer.words[language]))
                if LETTERS.search(text) and bool(CHINESE.search(text)) != (language == "zh"):
                    name = {"en": "English", "zh": "Chinese"}[language]
                    _fail(f"the words of `{word}` in `{language}` are no {name}: `{text}`")

    def test_every_way_of_deciding_gives_the_same(self, word: str) -> None:
        """Explained, walked and compiled, each customer is in one tier with one set of benefits."""
        for program, trial in self._judged(word):
            for one in self._people(program):
                customer, at = program.customer(**one.stated), program.at(one.day)
                told = program.explain(customer, as_of=one.day)
                walked, compiled = at.walk(customer), at.decide(customer)
                if not _same(walked, compiled) or not _same(walked, told.decision):
                    _fail(f"`{trial.example.yaml}` is decided in one way and in another: {one}")
                found = verdict(told)
                if found in ("met", "not_met") and (found == "met") != (walked.tier == NAME):
                    _fail(f"`{trial.example.yaml}` is explained as {found} and the tier is `{walked.tier}`: {one}")

    def test_it_is_asked_on_its_days(self, word: str) -> None:
        """Deciding from nothing is deciding day by day: no day on which it turns is passed over."""
        for program, trial in self._judged(word):
            near = [one for one in self._people(program) if one.reach <= NEAR]
            for one in near[:FEW]:
                customer, at = program.customer(**one.stated), program.at(one.day)
                if at.decide(customer).standings != at.day_by_day(customer).standings:
                    _fail(f"`{trial.example.yaml}` gives another tier where every day is asked: {one}")

    def test_the_batch_gives_the_same(self, word: str) -> None:
        """One statement for DuckDB gives what single decisions give; a word with functions of its own is left out."""
        import pytest

        missing = "the batch is not there: pip install 'viprules[batch]'"
        batch = pytest.importorskip("viprules.batch", reason=missing, exc_type=ImportError)
        for program, trial in self._judged(word):
            if calls(program):
                pytest.skip(f"`{word}` runs a function of its own: it is decided customer by customer")
            for day, some in by_day(self._people(program))[:MANY_DAYS]:
                customers = [program.customer(**one.stated) for one in some]
                try:
                    found = batch.decide_all(program, customers, day)
                except batch.NotStatic as error:
                    pytest.skip(f"the batch does not have it: {error}")
                for one, customer in zip(some, customers, strict=True):
                    if program.at(day).decide(customer).standings != found[customer.id]:
                        _fail(f"`{trial.example.yaml}` alone and in the batch differ: {one}")

    # --- what the checks share ----------------------------------------------------------------------

    @classmethod
    @cache
    def _trials(cls, word: str) -> list[Trial]:
        catalogue = cls.catalogue()
        found = trials_of(catalogue.terms[word] if word in catalogue.terms else catalogue.benefits[word])
        if not found:
            _fail(f"`{word}` has no example")
        return found

    @classmethod
    def _compiled(cls, trial: Trial, asked: str = KNOWN, catalogue: Catalogue | None = None) -> Program:
        """The policy of a trial, compiled anew."""
        try:
            return loads(trial.policy(asked), file="example", plugins=catalogue or cls.catalogue())
        except PolicyError:
            import pytest

            pytest.skip(f"`{trial.example.yaml}` cannot stand in a policy: `test_its_examples_mean_something` says why")

    @classmethod
    @cache
    def _program(cls, trial: Trial, asked: str = KNOWN) -> Program:
        """The same, once for all checks."""
        return cls._compiled(trial, asked)

    @classmethod
    @cache
    def _people(cls, program: Program) -> list[Person]:
        return people(program, cls.customers, cls.samples)

    @classmethod
    @cache
    def _answers(cls, trial: Trial) -> list[tuple[Person, Any]]:
        """Each customer with what the example came to."""
        program = cls._program(trial)
        return [(one, answer(trial, program, one)) for one in cls._people(program)]

    def _judged(self, word: str) -> Iterator[tuple[Program, Trial]]:
        """Policies whose tier turns on an example: for a value on whether it is known, and on how much it is."""
        for trial in self._trials(word):
            program = self._program(trial)
            yield program, trial
            if not trial.is_criterion and not trial.is_benefit:
                asked = middle(program, [one for _, one in self._answers(trial)])
                if asked:
                    yield self._program(trial, asked), trial

    def _homes(self) -> frozenset[str]:
        """The packages of the plug-in's own code."""
        classes = [one.parameters.__module__ for one in self.opened().offers]
        return frozenset(name.partition(".")[0] for name in (_name(self.plugin), *classes)) - {"viprules"}


@cache
def _opened(contract: type[PluginContract]) -> Plugin:
    return opened(lambda: contract.plugin, Owner(name=_name(contract.plugin)), deadline=60)


@cache
def _catalogue(contract: type[PluginContract]) -> Catalogue:
    return builtin_catalogue().unvetted(contract.opened())


def _fail(text: str) -> NoReturn:
    import pytest

    pytest.fail(text, pytrace=False)


def _name(plugin: Any) -> str:
    return str(getattr(plugin, "__name__", type(plugin).__name__))


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"`{one}`" for one in names)


def _same(one: Any, other: Any) -> bool:
    """Whether two decisions are the same, whatever the moment that each was made at."""
    return {**one.as_dict(), "at": None} == {**other.as_dict(), "at": None}
