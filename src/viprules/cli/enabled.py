"""Which plug-ins a call may use: its options, else the environment, else the nearest settings file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

    from viprules.cli.parser import Parser
    from viprules.plugins import PluginSettings

__all__ = ["plugin_options", "settings_of"]


def plugin_options(parser: Parser) -> None:
    """Add the options that say which plug-ins may be used."""
    parser.option("--plugins", "plugins.enabled", metavar="NAMES")
    parser.option("--block-plugins", "plugins.blocked", metavar="NAMES")
    parser.switch("--local-plugins", "plugins.local")


def settings_of(given: argparse.Namespace) -> PluginSettings:
    """The settings of a call; raises UsageError for a settings file that cannot be used."""
    from viprules.plugins import PluginSettings

    return PluginSettings.of_folder(Path.cwd()).overruled(
        enabled=given.plugins, blocked=given.block_plugins, local=given.local_plugins
    )
