"""How each installed plug-in stands: for people who ask, not for policies."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

from attrs import frozen

from viprules.plugins.catalogue import Catalogue, builtin_catalogue, catalogue_for, refused_words
from viprules.plugins.installed import Announced, announced
from viprules.plugins.settings import PluginSettings, plain

__all__ = ["PluginState", "states"]


@frozen(kw_only=True)
class PluginState:
    """One module of a distribution, with its words."""

    module: str
    distribution: str
    version: str
    words: tuple[str, ...]
    state: Literal["enabled", "disabled", "ready", "broken", "twice"]
    """`enabled` was not imported; `ready` was, and is fit; `twice`: a word that another one offers too."""
    reasons: tuple[str, ...] = ()
    seconds: float | None = None
    """How long the import took, where it was imported."""

    @property
    def owner(self) -> str:
        """The distribution, else the module."""
        return self.distribution or self.module

    def is_called(self, name: str) -> bool:
        """Whether somebody who says this name means it: its distribution, its module or a word."""
        return name in (self.module, *self.words) or plain(name) == plain(self.distribution)

    def as_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "distribution": self.distribution,
            "version": self.version,
            "module": self.module,
            "state": self.state,
            "words": list(self.words),
            "reasons": list(self.reasons),
            "milliseconds": None if self.seconds is None else round(self.seconds * 1000, 1),
        }


def states(settings: PluginSettings, *, load: bool = False, names: Iterable[str] | None = None) -> list[PluginState]:
    """Every plug-in that is installed, by distribution; `load` imports those that are enabled.

    `names` narrows both to plug-ins that are called so.
    """
    modules: dict[tuple[str, str], list[Announced]] = {}
    for one in announced():
        modules.setdefault((one.owner.distribution, one.module), []).append(one)
    known = [_state(mine, None, settings) for mine in modules.values()]
    if names is not None:
        wanted = list(names)
        known = [one for one in known if any(one.is_called(name) for name in wanted)]
    if not load:
        return known
    catalogue = catalogue_for({word for one in known for word in one.words}, settings)
    return [_state(modules[one.distribution, one.module], catalogue, settings) for one in known]


def _state(mine: list[Announced], catalogue: Catalogue | None, settings: PluginSettings) -> PluginState:
    owner, words = mine[0].owner, tuple(one.word for one in mine)
    refused = refused_words(builtin_catalogue(), announced(), settings) if catalogue is None else catalogue.refused
    codes = {word: refused[word] for word in words if word in refused}
    state: Any = "enabled"
    if codes:
        state = next(iter(codes.values())).code.removeprefix("plugin-")
    seconds = None
    for one in () if catalogue is None else catalogue.plugins:
        if one.owner == owner:
            state, seconds = ("ready" if not codes else state), one.seconds
    reasons = tuple(dict.fromkeys(text for one in codes.values() if (text := _reason(one.values))))
    return PluginState(
        module=mine[0].module,
        distribution=owner.distribution,
        version=owner.version,
        words=words,
        state=state,
        reasons=reasons,
        seconds=seconds,
    )


def _reason(values: Any) -> str:
    if "reason" in values:
        return str(values["reason"])
    return f"`{values['name']}`: {', '.join(values['owners'].split(chr(10)))}" if "owners" in values else ""
