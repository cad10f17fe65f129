"""The argument parser: argparse with our headings, an example at the end, and both languages."""

from __future__ import annotations

import argparse
import re
from typing import TYPE_CHECKING, NoReturn

from viprules.cli.words import COMMAND_WORDS, LANGUAGES, Language, say

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["BadCallError", "Parser", "command_parser"]


class BadCallError(Exception):
    """A call of the command line that means nothing; the text is for the user."""


HEADING = re.compile(r"^(\w*[\u4e00-\u9fff]\w*):$", re.MULTILINE)


class _Formatter(argparse.RawDescriptionHelpFormatter):
    """Usage under our own heading, Chinese headings with their colon; everything else as argparse lays it out."""

    usage_word = "usage: "

    def format_help(self) -> str:
        """The whole text; argparse ends each heading with a narrow colon."""
        return HEADING.sub("\\1：", super().format_help())

    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[argparse._MutuallyExclusiveGroup],
        prefix: str | None = None,
    ) -> None:
        """Put the heading of the chosen language."""
        super().add_usage(usage, actions, groups, self.usage_word if prefix is None else prefix)


class Parser(argparse.ArgumentParser):
    """A parser that speaks the user's language and raises instead of exiting."""

    def __init__(self, prog: str, language: Language, description: str, example: str) -> None:
        heading = say("example", language)

        def formatter(prog: str) -> _Formatter:
            made = _Formatter(prog)
            made.usage_word = say("usage", language)
            return made

        super().__init__(
            prog=prog,
            description=description,
            epilog=f"{heading}{say('heading', language)}\n" + "\n".join(f"  {line}" for line in example.splitlines()),
            formatter_class=formatter,
            add_help=False,
            allow_abbrev=False,
        )
        self.language = language
        self.places = self.add_argument_group(say("arguments", language))
        self.choices = self.add_argument_group(say("options", language))

    def place(self, name: str, key: str, *, nargs: str | None = None, metavar: str | None = None) -> None:
        """Add an argument that is known by its place."""
        self.places.add_argument(name, help=self.say(key), nargs=nargs, metavar=metavar or name.upper())

    def option(self, name: str, key: str, *, metavar: str = "FILE", required: bool = False, many: bool = False) -> None:
        """Add an option with a value; `many` collects every mention."""
        self.choices.add_argument(
            name, help=self.say(key), metavar=metavar, required=required, action="append" if many else "store"
        )

    def switch(self, name: str, key: str) -> None:
        """Add an option without a value."""
        self.choices.add_argument(name, help=self.say(key), action="store_true")

    def say(self, key: str) -> str:
        """The text for a help line; argparse formats it once more."""
        return say(key, self.language).replace("%", "%%")

    def error(self, message: str) -> NoReturn:
        """Raise what argparse would print, in our words."""
        raise BadCallError(_reworded(message, self.language))


def command_parser(command: str, language: Language) -> Parser:
    """The parser of a command with the options that all commands have."""
    _, about, example = COMMAND_WORDS[command]
    parser = Parser(f"viprules {command}", language, about[LANGUAGES.index(language)], example)
    parser.choices.add_argument("-h", "--help", action="help", help=parser.say("help"))
    parser.choices.add_argument("--lang", choices=LANGUAGES, help=parser.say("lang"))
    parser.choices.add_argument("--format", choices=("text", "json"), default="text", help=parser.say("format"))
    return parser


REWORDED = (
    (re.compile(r"the following arguments are required: (?P<names>.+)"), "required"),
    (re.compile(r"unrecognized arguments: (?P<names>.+)"), "unrecognized"),
    (re.compile(r"argument (?P<name>\S+): expected .*"), "wants-value"),
    (
        re.compile(r"argument (?P<name>\S+): invalid choice: '?(?P<value>.*?)'? \(choose from (?P<choices>.+)\)"),
        "invalid-choice",
    ),
)


def _reworded(message: str, language: Language) -> str:
    for pattern, key in REWORDED:
        found = pattern.fullmatch(message)
        if found is not None:
            told = {name: text.replace("'", "") for name, text in found.groupdict().items()}
            return say(
                key, language, **{name: text.replace(", ", say("list", language)) for name, text in told.items()}
            )
    return message
