"""The command line: `viprules COMMAND …`.

Only the chosen command's module is imported, so that help comes at once. Exit codes: 0 all is well,
1 the files have problems or a test failed, 2 the call was wrong, 130 interrupted, 141 the reader of the output left.
"""

from __future__ import annotations

import contextlib
import difflib
import sys
from importlib import import_module
from typing import TYPE_CHECKING

from viprules.cli.console import Console
from viprules.cli.leaving import flushed, silence, stoppable, streams_open
from viprules.cli.parser import BadCallError, Parser, command_parser
from viprules.cli.words import COMMAND_WORDS, LANGUAGES, Language, language_of, say

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["main"]

FINE, FOUND, MISUSED, INTERRUPTED, UNHEARD = 0, 1, 2, 130, 141


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; gives the exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    language = language_of(words)
    streams_open()
    with stoppable():
        try:
            return flushed(_run(words, language))
        except BadCallError as error:
            return _ended(MISUSED, str(error))
        except KeyboardInterrupt:
            sys.stderr.write("\n")  # after `^C`
            return _ended(INTERRUPTED, say("interrupted", language))
        except BrokenPipeError:  # the reader has seen enough
            silence()
            return UNHEARD
        except OSError as error:
            silence()
            return _ended(FOUND, _refused(error, language))


def _ended(code: int, said: str) -> int:
    with contextlib.suppress(OSError):  # where nobody can be told, the code must do
        sys.stderr.write(f"viprules: {said}\n")
    return code


def _refused(error: OSError, language: Language) -> str:
    """What the operating system refused: a file, or else the output."""
    reason = error.strerror or str(error)
    if language == "zh":
        from viprules.messages.words import REFUSALS

        reason = REFUSALS.get(reason, reason)
    if error.filename is None:
        return say("no-output", language, reason=reason)
    return say("no-file", language, file=error.filename, reason=reason)


def _run(words: list[str], language: Language) -> int:
    command, rest = _command(words)
    if command is None:
        return _general(words, language)
    if command not in COMMAND_WORDS:
        raise BadCallError(_unknown(command, language))
    module = import_module(f"viprules.cli.commands.{command}")
    parser = command_parser(command, language)
    module.options(parser)
    try:
        given = parser.parse_args(rest)
    except BadCallError as error:
        raise BadCallError(
            f"{error}{say('then', language)}{say('see-help', language, call=f'viprules {command}')}"
        ) from None
    except SystemExit:  # the help was printed
        return FINE
    return _guarded(module.run, given, Console(language, json_wanted=given.format == "json"))


def _guarded(run: object, given: object, console: Console) -> int:
    """Run a command; problems that stop it are printed like all others."""
    from viprules.errors import DataError, PolicyError, UsageError

    try:
        return int(run(given, console))  # type: ignore[operator]  # every command has it
    except (PolicyError, DataError) as error:
        if console.json_wanted:
            from viprules.rendering import as_data

            console.json({"problems": as_data(error.problems, console.language)})
        else:
            console.problems(error.problems, console.err)
        return FOUND
    except UsageError as error:
        raise BadCallError(str(error)) from error


def _command(words: list[str]) -> tuple[str | None, list[str]]:
    """The command and everything else; `--lang` may stand before it."""
    place = 0
    while place < len(words) and words[place].startswith("--lang"):
        place += 1 if "=" in words[place] else 2
    if place >= len(words) or words[place].startswith("-"):
        return None, words
    return words[place], words[:place] + words[place + 1 :]


def _unknown(command: str, language: Language) -> str:
    text = say("unknown-command", language, name=command)
    near = difflib.get_close_matches(command, COMMAND_WORDS, n=1)
    return f"{text}{say('then', language)}{say('did-you-mean', language, name=near[0])}" if near else text


def _general(words: list[str], language: Language) -> int:
    """The call without a command: help or the version."""
    from viprules._version import __version__

    place = LANGUAGES.index(language)
    parser = Parser("viprules", language, say("about", language), "viprules new my-club\nviprules check --help")
    parser.usage = f"viprules [--lang {{{','.join(LANGUAGES)}}}] COMMAND …"
    commands = parser.add_argument_group(say("commands", language))
    for name, (summary, _, _) in COMMAND_WORDS.items():
        commands.add_argument(name, nargs="?", help=summary[place], metavar=name)
    parser.choices.add_argument("-h", "--help", action="help", help=parser.say("help"))
    parser.choices.add_argument(
        "--version", action="version", version=f"viprules {__version__}", help=parser.say("version")
    )
    parser.choices.add_argument("--lang", choices=LANGUAGES, help=parser.say("lang"))
    parser.epilog = f"{parser.epilog}\n\n{say('more', language)}"
    try:
        parser.parse_args(words)
    except SystemExit:
        return FINE
    raise BadCallError(say("no-command", language, commands=say("list", language).join(COMMAND_WORDS)))
