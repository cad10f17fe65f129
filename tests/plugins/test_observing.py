"""Observers are told what happened, change nothing, and are left out once they fail."""

import sys

import pytest

from tests.plugins.conftest import Install
from viprules.plugins import Observers, PluginSettings

SOURCE = """\
from viprules.api import hookimpl

VIPRULES_CONTRACT = 1
seen = []


@hookimpl
def viprules_policy_loaded(program):
    seen.append(("loaded", program))


@hookimpl
def viprules_decided(program, decision):
    seen.append(("decided", program, decision))


@hookimpl
def viprules_delivered(receipt):
    seen.append(("delivered", receipt))
"""


def observers(*names: str, blocked: tuple[str, ...] = ()) -> tuple[Observers, list[tuple[str, str]]]:
    """Return observers, and a list that fills with failures."""
    failures: list[tuple[str, str]] = []
    settings = PluginSettings(observers=names, blocked=blocked)
    return Observers.of(settings, lambda owner, reason: failures.append((owner, reason))), failures


def tell(told: Observers) -> None:
    """Tell everything once; what is told is passed through as it is."""
    told.policy_loaded("P")  # type: ignore[arg-type]  # anything will do
    told.decided("P", "D")  # type: ignore[arg-type]  # as above
    told.delivered("R")  # type: ignore[arg-type]  # as above


def test_an_observer_is_told_in_order(install: Install) -> None:
    """The policy, the decision, the receipt: as they are, once each."""
    made = install("viprules-journal", SOURCE, "journal")
    told, failures = observers("journal")
    tell(told)
    assert ([("loaded", "P"), ("decided", "P", "D"), ("delivered", "R")], []) == (sys.modules[made].seen, failures)


def test_nobody_observes_unasked(install: Install) -> None:
    """Installed is not enough: an observer is named by its word or its distribution."""
    made = install("viprules-journal", SOURCE, "journal")
    tell(observers()[0])
    assert made not in sys.modules
    tell(observers("viprules-journal")[0])
    assert 3 == len(sys.modules[made].seen)


@pytest.mark.parametrize("failure", ["1 / 0", "raise SystemExit", "nothing.there"])
def test_an_observer_that_fails_is_told_nothing_more(install: Install, failure: str) -> None:
    """It is named once with its reason, and the others go on."""
    made = install("viprules-journal", SOURCE, "journal")
    install("viprules-broken", SOURCE.replace('seen.append(("loaded", program))', failure), "broken")
    told, failures = observers("broken", "journal")
    tell(told)
    tell(told)
    assert (6, ["viprules-broken 1.0"]) == (len(sys.modules[made].seen), [owner for owner, _ in failures])


@pytest.mark.parametrize(
    ("name", "blocked", "reason"),
    [
        ("nobody", (), "it is not installed"),
        ("journal", ("journal",), "it is not enabled"),
        ("broken", (), "RuntimeError"),
    ],
)
def test_an_observer_that_cannot_be_had_is_named(
    install: Install, name: str, blocked: tuple[str, ...], reason: str
) -> None:
    """What the settings name and is not there, not enabled or broken is said, and nothing else happens."""
    install("viprules-journal", SOURCE, "journal")
    install("viprules-broken", "raise RuntimeError", "broken")
    told, failures = observers(name, blocked=blocked)
    tell(told)
    assert reason in failures[0][1]
