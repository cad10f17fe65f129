"""`viprules docs`: look up a term, a form, a benefit or an error code."""

from __future__ import annotations

import difflib
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

from viprules.cli import reference
from viprules.cli.enabled import plugin_options, settings_of

if TYPE_CHECKING:
    import argparse

    from viprules.cli.console import Console
    from viprules.cli.parser import Parser
    from viprules.plugins import Catalogue

__all__ = ["options", "run"]

WIDE = 100


def options(parser: Parser) -> None:
    """Add what the command takes."""
    parser.place("name", "docs.name", nargs="?")
    plugin_options(parser)


def run(given: argparse.Namespace, console: Console) -> int:
    """Print what is known about a name, or the names."""
    from viprules.plugins import catalogue_for

    catalogue = catalogue_for(None if given.name is None else {given.name}, settings_of(given), Path.cwd())
    if given.name is None:
        _print_names(catalogue, console)
        return 0
    pages = reference.find(given.name, console.language, catalogue)
    if not pages:
        _print_unknown(given.name, catalogue, console)
    if console.json_wanted:
        console.json([page.as_dict() for page in pages])
    if console.json_wanted or not pages:
        return int(not pages)
    for number, page in enumerate(pages):
        if number:
            console.print()
        _print_page(page, console)
    return 0


def _print_names(catalogue: Catalogue, console: Console) -> None:
    names = reference.names(catalogue)
    if console.json_wanted:
        console.json(names)
        return
    for kind, found in names.items():
        console.print(console.painted(console.say(f"docs.{kind}"), "bold"))
        console.print(_filled("  ".join(found)))


def _filled(text: str) -> str:
    return textwrap.fill(text, WIDE, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False)


def _print_unknown(name: str, catalogue: Catalogue, console: Console) -> None:
    every = [one for found in reference.names(catalogue).values() for one in found]
    refusal = catalogue.refused.get(name)
    if refusal is not None:
        from viprules.errors import problem

        console.problems([problem(refusal.code, None, **refusal.values)], console.err)
        return
    near = difflib.get_close_matches(name, every, n=1)
    hint = console.say("then") + console.say("did-you-mean", name=near[0]) if near else ""
    console.note(console.say("docs.unknown", name=name) + hint)


def _print_page(page: reference.Page, console: Console) -> None:
    console.print(f"{console.painted(page.name, 'bold')} {console.say('aside', text=console.say(f'docs.{page.kind}'))}")
    console.print(f"  {page.doc}")
    if page.body:
        console.print(f"\n{textwrap.indent(page.body, '  ')}")
    if page.keys:
        console.print(console.say("docs.keys") + console.say("heading"))
        console.table([[one.name, _about(one, console)] for one in page.keys])
    for example in page.examples:
        console.print(console.say("docs.example") + console.say("colon") + example)


def _about(one: reference.Key, console: Console) -> str:
    notes = [console.say("docs.required")] if one.required else []
    notes += [console.say("docs.default", value=one.default)] if one.default else []
    notes += [console.say("docs.example") + console.say("colon") + each for each in one.examples]
    return one.doc + console.say("aside", text=console.say("then").join(notes)) if notes else one.doc
