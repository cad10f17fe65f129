"""Plug-ins that are told what happens. They change nothing, and one that fails is not told anything more."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from functools import partial
from typing import Any

from attrs import define, field

from viprules.engine.deciding.decision import Decision
from viprules.engine.deciding.messages import Receipt
from viprules.engine.program import Program
from viprules.plugins.installed import announced
from viprules.plugins.opening import BrokenPluginError, Plugin, opened
from viprules.plugins.settings import PluginSettings, plain

__all__ = ["Observers"]


@define(kw_only=True)
class Observers:
    """The plug-ins that the settings name as observers; tells each of them what happened, after it did."""

    plugins: list[Plugin] = field(factory=list)
    failed: Callable[[str, str], None]
    """Is told the owner and the reason when a plug-in fails: once for each."""

    @classmethod
    def of(cls, settings: PluginSettings, failed: Callable[[str, str], None]) -> Observers:
        """The observers that are named, installed and enabled; one that cannot be had is told to `failed`."""
        made = cls(failed=failed)
        every = announced()
        for name in settings.observers:
            found = next((one for one in every if name in (plain(one.word), plain(one.owner.distribution))), None)
            if found is None:
                failed(name, "it is not installed")
            elif not settings.allows(found.word, found.owner.distribution):
                failed(str(found.owner), "it is not enabled")
            else:
                made._open(found.module, found.owner, settings.deadline)
        return made

    def _open(self, module: str, owner: Any, deadline: float) -> None:
        try:
            self.plugins.append(opened(partial(importlib.import_module, module), owner, deadline=deadline))
        except BrokenPluginError as error:
            self.failed(str(owner), str(error))

    def policy_loaded(self, program: Program) -> None:
        """A policy was loaded."""
        self._tell("viprules_policy_loaded", program=program)

    def decided(self, program: Program, decision: Decision) -> None:
        """A decision was made."""
        self._tell("viprules_decided", program=program, decision=decision)

    def delivered(self, receipt: Receipt) -> None:
        """A message was delivered, or not."""
        self._tell("viprules_delivered", receipt=receipt)

    def _tell(self, hook: str, **told: Any) -> None:
        for one in list(self.plugins):
            try:
                getattr(one.hooks, hook)(**told)
            except (KeyboardInterrupt, MemoryError):
                raise
            except BaseException as error:  # noqa: BLE001 -- a plug-in may raise anything, `SystemExit` too
                self.plugins.remove(one)
                self.failed(str(one.owner), f"{type(error).__name__}: {error}")
