"""From plug-ins to a catalogue: the words that policies may use, each with its owner.

A catalogue is built once and handed on as an argument; there is no global one. Hooks are called
plug-in by plug-in, so every word knows who offered it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from types import ModuleType
from typing import Any

import pluggy
from attrs import field, frozen

from viprules import hookspecs
from viprules.engine.policy.describing import BenefitType, TermType
from viprules.errors import UsageError

__all__ = ["Catalogue", "builtin_catalogue", "catalogue_of"]


@frozen(kw_only=True)
class Catalogue:
    """The terms and benefits on offer, by name."""

    terms: Mapping[str, TermType]
    benefits: Mapping[str, BenefitType]
    owners: Mapping[str, str] = field(factory=dict)
    """For each word the plug-in that offers it."""


def catalogue_of(plugins: Iterable[Any]) -> Catalogue:
    """The catalogue of these plug-ins (modules or objects with hook implementations).

    Raises UsageError where two plug-ins offer the same word, naming both.
    """
    manager = pluggy.PluginManager(hookspecs.PROJECT)
    manager.add_hookspecs(hookspecs)
    for one in plugins:
        manager.register(one, name=getattr(one, "__name__", None))
    manager.check_pending()
    owners: dict[str, str] = {}
    terms = _offers(manager.hook.viprules_terms, owners)
    effects = _offers(manager.hook.viprules_effects, owners)
    return Catalogue(terms=terms, benefits=effects, owners=owners)


def _offers(hook: pluggy.HookCaller, owners: dict[str, str]) -> dict[str, Any]:
    """What the implementations of a hook offer, each asked on its own."""
    found: dict[str, Any] = {}
    for one in hook.get_hookimpls():
        offers: Iterable[Any] = one.function() or ()  # type: ignore[assignment]  # pluggy types hooks as any object
        for offer in offers:
            if offer.name in owners:
                raise UsageError(f"`{offer.name}` is offered by `{owners[offer.name]}` and by `{one.plugin_name}`")
            owners[offer.name] = str(one.plugin_name)
            found[offer.name] = offer
    return dict(sorted(found.items()))


@cache
def builtin_catalogue() -> Catalogue:
    """The catalogue of what viprules itself brings."""
    from viprules.builtins import effects, terms

    modules: tuple[ModuleType, ...] = (terms, effects)
    return catalogue_of(modules)
