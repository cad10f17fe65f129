"""From plug-ins to a catalogue: the words that policies may use, each with its owner.

A catalogue is built once and handed on as an argument; there is no global one. `installed` reads what
distributions announce, without importing them; `settings` says which of it is enabled; `opening`
imports one plug-in and asks it for its offers; `vetting` refuses what would surprise a policy author;
`catalogue` puts words together.
"""

from __future__ import annotations

from viprules.plugins.catalogue import Catalogue, Refusal, builtin_catalogue, catalogue_for, catalogue_of
from viprules.plugins.observing import Observers
from viprules.plugins.opening import Owner, Plugin
from viprules.plugins.settings import PluginSettings
from viprules.plugins.states import PluginState, states

__all__ = [
    "Catalogue",
    "Observers",
    "Owner",
    "Plugin",
    "PluginSettings",
    "PluginState",
    "Refusal",
    "builtin_catalogue",
    "catalogue_for",
    "catalogue_of",
    "states",
]
