"""The catalogue: every word that policies may use, with its owner; and why another word cannot be had."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Callable, Iterable, Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any, Final, Literal

from attrs import evolve, field, frozen

from viprules.engine.policy.describing import BenefitType, ChannelType, TermType
from viprules.errors import UsageError
from viprules.plugins.guarding import guarded
from viprules.plugins.installed import Announced, announced
from viprules.plugins.opening import BrokenPluginError, Owner, Plugin, asked, opened
from viprules.plugins.settings import PluginSettings
from viprules.plugins.vetting import faults_of

__all__ = ["LOCAL_FILE", "Catalogue", "Refusal", "builtin_catalogue", "catalogue_for", "catalogue_of", "refused_words"]

LOCAL_FILE: Final = "viprules_plugins.py"
BUILT_IN: Final = "viprules"


@frozen(kw_only=True)
class Refusal:
    """Why a word that somebody offers cannot be used: the code of the problem and what fills its text."""

    code: Literal["plugin-disabled", "plugin-broken", "plugin-twice"]
    values: Mapping[str, str]


@frozen(kw_only=True)
class Catalogue:
    """The terms and benefits on offer, by name."""

    terms: Mapping[str, TermType] = field(factory=dict)
    benefits: Mapping[str, BenefitType] = field(factory=dict)
    channels: Mapping[str, ChannelType] = field(factory=dict)
    owners: Mapping[str, Owner] = field(factory=dict)
    """For each word the plug-in that offers it."""
    plugins: tuple[Plugin, ...] = ()
    """The plug-ins of others that were imported for it."""
    refused: Mapping[str, Refusal] = field(factory=dict)
    """Words that are announced and cannot be had."""
    announced: tuple[str, ...] = ()
    """Words that a policy might have used as well: for a misspelt one."""

    def __contains__(self, word: object) -> bool:
        """Whether a word is on offer."""
        return word in self.terms or word in self.benefits or word in self.channels

    def refusing(self, refused: Mapping[str, Refusal]) -> Catalogue:
        """The same catalogue with more words that cannot be had."""
        return evolve(self, refused={**self.refused, **refused})

    def with_plugin(self, plugin: Plugin) -> Catalogue:
        """The catalogue with a plug-in's words; raises BrokenPluginError for words that are taken or unfit."""
        grown = self.unvetted(plugin)
        faults = [fault for one in plugin.offers for fault in faults_of(one, grown)]
        if faults:
            raise BrokenPluginError("; ".join(faults))
        return grown

    def unvetted(self, plugin: Plugin) -> Catalogue:
        """The same, whatever the words are like: for those who want to know what is wrong with which."""
        owners = dict(self.owners)
        for one in plugin.offers:
            if one.name in owners:
                raise BrokenPluginError(f"`{one.name}` is offered by `{owners[one.name]}` and by `{plugin.owner}`")
            owners[one.name] = plugin.owner
        return evolve(
            self,
            terms=dict(
                sorted({**self.terms, **{one.name: guarded(one, plugin.owner) for one in plugin.terms}}.items())
            ),
            benefits=dict(sorted({**self.benefits, **{one.name: one for one in plugin.benefits}}.items())),
            channels=dict(sorted({**self.channels, **{one.name: one for one in plugin.channels}}.items())),
            owners=owners,
            plugins=(*self.plugins, plugin),
        )


@cache
def builtin_catalogue() -> Catalogue:
    """The catalogue of what viprules itself brings."""
    from viprules.builtins import arithmetic, channels, effects, measures, values

    owner = Owner(name=BUILT_IN)
    found = [asked(one, owner) for one in (measures, values, arithmetic, effects, channels)]
    return Catalogue(
        terms=dict(sorted((one.name, one) for each in found for one in each.terms)),
        benefits=dict(sorted((one.name, one) for each in found for one in each.benefits)),
        channels=dict(sorted((one.name, one) for each in found for one in each.channels)),
        owners={one.name: owner for each in found for one in each.offers},
    )


def _given(target: Any) -> Any:
    return target


def catalogue_of(*plugins: Any) -> Catalogue:
    """The built-in catalogue with the words of these plug-ins (modules or objects with hook implementations).

    Raises UsageError for a plug-in that cannot be used, and where two offer the same word, naming both.
    """
    found = builtin_catalogue()
    for one in plugins:
        name = str(getattr(one, "__name__", type(one).__name__))
        try:
            found = found.with_plugin(opened(partial(_given, one), Owner(name=name), deadline=60))
        except BrokenPluginError as error:
            raise UsageError(f"the plug-in `{name}` cannot be used: {error}") from error
    return found


def catalogue_for(words: Iterable[str] | None, settings: PluginSettings, folder: Path | None = None) -> Catalogue:
    """The built-in catalogue with the plug-ins that offer one of the words; None: every enabled plug-in.

    `folder` is that of the policy, for plug-ins beside it. Whatever is wrong with a plug-in is kept with its
    words in `refused`, and is nothing to whoever does not use them.
    """
    found = builtin_catalogue()
    if settings.local and folder is not None and (folder / LOCAL_FILE).is_file():
        found = _with_local(found, folder / LOCAL_FILE, settings)
    wanted = None if words is None else {one for one in words if one not in found}
    if wanted is not None and not wanted:
        return found  # the metadata of what is installed need not be read
    every = announced()
    refused = refused_words(found, every, settings)
    modules: dict[tuple[str, str], list[Announced]] = {}
    for one in every:
        modules.setdefault((one.owner.distribution, one.module), []).append(one)
    free = {one.word for one in every} - refused.keys()
    found = evolve(found.refusing(refused), announced=tuple(sorted(free)))
    for (_, module), mine in modules.items():
        if any(one.word in (free if wanted is None else free & wanted) for one in mine):
            found = _with_announced(found, module, mine, settings)
    return found


def refused_words(own: Catalogue, every: Iterable[Announced], settings: PluginSettings) -> dict[str, Refusal]:
    """The announced words that nobody may use: switched off, or offered twice."""
    by_word: dict[str, list[Announced]] = {}
    for one in every:
        by_word.setdefault(one.word, []).append(one)
    found: dict[str, Refusal] = {}
    for word, offers in by_word.items():
        allowed = [one for one in offers if settings.allows(word, one.owner.distribution)]
        owners = [str(own.owners[word])] if word in own.owners else []
        owners += [str(one.owner) for one in allowed]
        if not allowed:
            told = {"name": word, "owner": str(offers[0].owner), "distribution": offers[0].owner.distribution}
            found[word] = Refusal(code="plugin-disabled", values=told)
        elif len(owners) > 1:
            found[word] = Refusal(code="plugin-twice", values={"name": word, "owners": "\n".join(owners)})
    return found


def _with_announced(found: Catalogue, module: str, mine: list[Announced], settings: PluginSettings) -> Catalogue:
    """The catalogue with a module's words, which are those that its distribution announces."""
    owner, words = mine[0].owner, {one.word for one in mine}
    try:
        plugin = opened(partial(importlib.import_module, module), owner, deadline=settings.deadline)
        _as_announced(words, plugin)
        return found.with_plugin(plugin.without(found.refused))
    except BrokenPluginError as error:
        told = {"owner": str(owner), "reason": str(error)}
        broken = {word: Refusal(code="plugin-broken", values={"name": word, **told}) for word in words}
        return found.refusing({**broken, **found.refused})


def _as_announced(words: set[str], plugin: Plugin) -> None:
    """The words of the metadata are those of the module, for the metadata are read without it.

    Who only observes offers nothing; its entry point is the name by which it is asked for.
    """
    given = {one.name for one in plugin.offers}
    if (silent := sorted(words - given)) and not plugin.observes:
        raise BrokenPluginError(f"it announces `{silent[0]}` and does not offer it")
    if hidden := sorted(given - words):
        raise BrokenPluginError(f"it offers `{hidden[0]}`, which its entry points do not announce")


def _with_local(found: Catalogue, path: Path, settings: PluginSettings) -> Catalogue:
    """The catalogue with the words of a file beside the policy; a broken one has no words, so it is an error."""
    try:
        return found.with_plugin(opened(_executing(path), Owner(name=path.name), deadline=settings.deadline))
    except BrokenPluginError as error:
        raise UsageError(f"the plug-ins of `{path.name}` cannot be used: {error}") from error


def _executing(path: Path) -> Callable[[], Any]:
    def execute() -> Any:
        spec = importlib.util.spec_from_file_location("viprules_plugins", path)
        if spec is None or spec.loader is None:
            raise BrokenPluginError("it is no Python file")
        module = importlib.util.module_from_spec(spec)
        sys.modules[spec.name] = module  # annotations of its classes are looked up there
        spec.loader.exec_module(module)
        return module

    return execute
