"""`viprules plugins`: which plug-ins are there, whether they can be used, and which words they bring."""

from __future__ import annotations

from typing import TYPE_CHECKING

from viprules.cli.enabled import plugin_options, settings_of
from viprules.cli.parser import BadCallError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from viprules.cli.console import Console
    from viprules.cli.parser import Parser
    from viprules.plugins import PluginState

__all__ = ["options", "run"]

STATES = {"enabled": "enabled-state"}  # the plain key is the text of an option


def options(parser: Parser) -> None:
    """Add what the command takes."""
    parser.place("names", "plugins.names", nargs="*", metavar="[check] NAME")
    parser.switch("--load", "plugins.load")
    plugin_options(parser)


def run(given: argparse.Namespace, console: Console) -> int:
    """List or check plug-ins; 1 if one that is checked cannot be used."""
    from viprules.plugins import states

    checking = given.names[:1] == ["check"]
    names = given.names[checking:]
    if checking and not names:
        raise BadCallError(console.say("plugins.check-what"))
    found = states(settings_of(given), load=given.load or checking, names=names or None)
    if missing := [name for name in names if not any(one.is_called(name) for one in found)]:
        raise BadCallError(
            console.say("plugins.unknown", names=console.say("list").join(f"`{one}`" for one in missing))
        )
    if console.json_wanted:
        console.json([one.as_dict() for one in found])
    elif found:
        _print(found, console)
    else:
        console.print(console.say("plugins.none"))
    return int(checking and any(one.state in ("broken", "twice") for one in found))


def _print(found: Sequence[PluginState], console: Console) -> None:
    heading = [console.say(f"plugins.{one}") for one in ("plugin", "version", "state", "time", "words")]
    rows = [
        [
            one.owner,
            one.version,
            console.say(f"plugins.{STATES.get(one.state, one.state)}"),
            _time(one),
            ", ".join(one.words),
        ]
        for one in found
    ]
    console.table([heading, *rows])
    for one in found:
        for reason in one.reasons:
            console.print(f"  {one.owner}{console.say('colon')}{reason}")


def _time(one: PluginState) -> str:
    return "" if one.seconds is None else f"{one.seconds * 1000:.1f} ms"
