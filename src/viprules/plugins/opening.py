"""Importing one plug-in and asking it for its offers, so that whatever it does only it suffers.

Each plug-in has a plug-in manager of its own: what one raises never keeps another from being asked.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Container, Iterable, Mapping
from itertools import islice
from typing import Any, Final

import pluggy
from attrs import evolve, field, frozen

from viprules import hookspecs
from viprules.engine.policy.describing import BenefitType, ChannelType, TermType

__all__ = ["CONTRACT_NAME", "BrokenPluginError", "Owner", "Plugin", "asked", "opened", "within"]

CONTRACT_NAME: Final = "VIPRULES_CONTRACT"
MOST_OFFERS: Final = 1000
OFFERS: Final[Mapping[str, type]] = {
    "viprules_terms": TermType,
    "viprules_effects": BenefitType,
    "viprules_channels": ChannelType,
}


class BrokenPluginError(Exception):
    """A plug-in that cannot be used; the text says why."""


@frozen(kw_only=True)
class Owner:
    """Who offers a word: a plug-in, and the distribution that brought it."""

    name: str
    distribution: str = ""
    version: str = ""

    def __str__(self) -> str:
        """The distribution with its version, or the plug-in's own name."""
        return f"{self.distribution} {self.version}".strip() if self.distribution else self.name


@frozen(kw_only=True)
class Plugin:
    """A plug-in that was imported, with what it offers."""

    owner: Owner
    target: Any
    terms: tuple[TermType, ...] = ()
    benefits: tuple[BenefitType, ...] = ()
    channels: tuple[ChannelType, ...] = ()
    observes: bool = False
    """Whether it wants to be told what happens."""
    hooks: Any = field(default=None, eq=False, repr=False)
    """Its hooks, for those that observe."""
    seconds: float = field(default=0.0, eq=False)
    """How long it took to be imported and asked."""

    @property
    def offers(self) -> tuple[Any, ...]:
        """All of them, whatever their kind."""
        return (*self.terms, *self.benefits, *self.channels)

    def without(self, words: Container[str]) -> Plugin:
        """The plug-in without the words that nobody may use."""
        return evolve(
            self,
            terms=tuple(one for one in self.terms if one.name not in words),
            benefits=tuple(one for one in self.benefits if one.name not in words),
            channels=tuple(one for one in self.channels if one.name not in words),
        )


def opened(load: Callable[[], Any], owner: Owner, *, deadline: float) -> Plugin:
    """The plug-in that `load` imports; raises BrokenPluginError whatever goes wrong.

    `deadline` is in seconds. An import that never ends is abandoned in its thread.
    """
    begun = time.perf_counter()

    def work() -> Plugin:
        target = load()
        _check_contract(target)
        return asked(target, owner)

    found: Plugin = within(deadline, work)
    return evolve(found, seconds=time.perf_counter() - begun)


def within(seconds: float, work: Callable[[], Any]) -> Any:
    """What the work gives; raises BrokenPluginError for anything that it raises, and when the time is over."""
    done: list[Any] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            done.append(work())
        except BaseException as error:  # noqa: BLE001 -- `sys.exit()` in a plug-in must not end the host
            failed.append(error)

    thread = threading.Thread(target=run, name="viprules-plugin", daemon=True)
    thread.start()
    thread.join(seconds)
    if done:
        return done[0]
    if not failed:
        raise BrokenPluginError(f"it did not answer within {seconds:g} seconds")
    if isinstance(failed[0], MemoryError | BrokenPluginError):
        raise failed[0]
    raise BrokenPluginError(_reason(failed[0])) from failed[0]


def _reason(error: BaseException) -> str:
    """An exception in a few words: pluggy's texts have several lines."""
    if isinstance(error, SystemExit):
        return "it called `sys.exit`"
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def _check_contract(target: Any) -> None:
    stated = getattr(target, CONTRACT_NAME, None)
    if type(stated) is not int:
        raise BrokenPluginError(
            f"it states no version of the contract: write `{CONTRACT_NAME} = {hookspecs.CONTRACT}` in its module"
        )
    if stated != hookspecs.CONTRACT:
        raise BrokenPluginError(
            f"it was written for version {stated} of the contract and this is version {hookspecs.CONTRACT}"
        )


def asked(target: Any, owner: Owner) -> Plugin:
    """The plug-in's offers, hook by hook."""
    manager = pluggy.PluginManager(hookspecs.PROJECT)
    manager.add_hookspecs(hookspecs)
    manager.register(target, name=owner.name)
    manager.check_pending()
    found = {name: _offers(manager, name, kind) for name, kind in OFFERS.items()}
    return Plugin(
        owner=owner,
        target=target,
        terms=found["viprules_terms"],
        benefits=found["viprules_effects"],
        channels=found["viprules_channels"],
        observes=any(getattr(manager.hook, name).get_hookimpls() for name in hookspecs.OBSERVERS),
        hooks=manager.hook,
    )


def _offers(manager: pluggy.PluginManager, name: str, kind: type) -> tuple[Any, ...]:
    found: list[Any] = []
    for one in getattr(manager.hook, name).get_hookimpls():
        given = one.function()
        if given is None or isinstance(given, str | bytes) or not isinstance(given, Iterable):
            raise BrokenPluginError(f"`{name}` gave {_what(given)}, not a list of `{kind.__name__}`")
        for each in islice(given, MOST_OFFERS + 1):
            if len(found) == MOST_OFFERS:
                raise BrokenPluginError(f"`{name}` gave more than {MOST_OFFERS} offers")
            if not isinstance(each, kind):
                raise BrokenPluginError(f"`{name}` gave {_what(each)} where a `{kind.__name__}` is wanted")
            found.append(each)
    return tuple(found)


def _what(given: Any) -> str:
    return "nothing" if given is None else f"a `{type(given).__name__}`"
