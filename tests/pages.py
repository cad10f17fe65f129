"""Pages of the documentation as programs: what each fenced block says is done, in order, in one empty folder.

- A block whose first line is `# file: NAME` is written under that name; `<!-- file: NAME -->` on the line before the
  fence does the same where a comment can't stand inside (CSV, JSONL). Policies among them are checked: no errors, or
  exactly the codes in `# file: NAME (bad: code, code)`.
- `python` is executed, one namespace a page; with `>>>` as a doctest. `<!-- output -->` before a block compares it with
  what the last Python block printed.
- `console` runs each `$ command` and compares what it prints. `$ cd` holds for the rest of the page.
- In what is compared, `...` stands for any text in a line, and alone on a line for any lines.
- `<!-- part -->` before sections of a policy checks them, with whatever else a whole policy has.
- `<!-- fragment -->` or `<!-- not run: reason -->` before a block lets it be. Other languages are only shown.
"""

import doctest
import io
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

from attrs import define, field, frozen

import viprules
from viprules.errors import Problem
from viprules.plugins import PluginSettings

FENCE = re.compile(r"(?P<indent> *)(?P<ticks>`{3,}|~{3,})(?P<language>[\w+-]*)")
COMMENT = re.compile(r"\s*<!--\s*(.*?)\s*-->\s*")
FILE = re.compile(r"(?:# )?file: (?P<name>\S+)(?: \(bad: (?P<codes>[^)]*)\))?")
DATA_LANGUAGES = frozenset({"csv", "jsonl", "yaml"})
PLAIN = {
    "viprules": "1",
    "program": "{id: club, timezone: Asia/Shanghai, currency: CNY}",
    "events": "{purchase: {amount: money}}",
    "metrics": "{spend: {sum: {of: purchase.amount, window: {this: year}}}}",
    "tiers": "[{id: member, enter: everyone}, {id: gold, enter: {tier: gold}}]",
    "transitions": "{validity: while_it_holds}",
}
COMMANDS = frozenset({"cat", "cd", "cp", "head", "ls", "mkdir", "python", "rm", "viprules", "wc"})


@frozen(kw_only=True)
class Block:
    """One fenced block: its language, its text, the number of its first line, the HTML comment before it."""

    language: str
    text: str
    line: int
    comment: str = ""


def blocks(page: str) -> Iterator[Block]:
    """Yield the fenced blocks of a page in Markdown, without the indentation of the list that they stand in."""
    lines = page.splitlines()
    number = 0
    while number < len(lines):
        fence = FENCE.match(lines[number])
        number += 1
        if fence is None:
            continue
        first, indent = number, len(fence["indent"])
        while number < len(lines) and not lines[number].strip().startswith(fence["ticks"]):
            number += 1
        before = COMMENT.fullmatch(lines[first - 2]) if first > 1 else None
        yield Block(
            language=fence["language"],
            text="".join(f"{line[indent:]}\n" for line in lines[first:number]),
            line=first + 1,
            comment=before[1] if before else "",
        )
        number += 1


def matches(expected: str, actual: str) -> bool:
    """Whether the text is the expected one, where `...` stands for anything."""
    pattern = "".join(
        r"(?:.*\n)*?" if line.strip() == "..." else re.escape(line.rstrip()).replace(r"\.\.\.", ".*?") + r"\n"
        for line in expected.strip("\n").splitlines()
    )
    return re.fullmatch(pattern, tidy(actual)) is not None


def whole(part: str) -> str:
    """Return a policy that has these sections, and plain ones for the others that every policy has."""
    told = set(re.findall(r"^(\w+):", part, re.MULTILINE))
    told |= {"metrics"} if "events" in told else set()
    return "".join(f"{name}: {text}\n" for name, text in PLAIN.items() if name not in told) + part


def tidy(text: str) -> str:
    """Return the text without blank ends, each line ended: an empty text stays empty."""
    lines = [line.rstrip() for line in text.strip("\n").splitlines()]
    return "".join(f"{line}\n" for line in lines)


def commands(text: str) -> Iterator[tuple[str, str]]:
    r"""Yield each `$ command` of a console block with the output shown for it; a `\` at a line's end goes on."""
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, _, output = re.sub(r"\\\n>? *", "", part).partition("\n")
        yield command, output


def environment() -> dict[str, str]:
    """Return the environment of a plain terminal in which this interpreter's scripts are found first."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    plain = {"COLUMNS": "100", "LC_ALL": "C.UTF-8", "NO_COLOR": "1", "PATH": path, "PYTHONUTF8": "1"}
    return {key: value for key, value in os.environ.items() if key != "FORCE_COLOR"} | plain


@define
class Page:
    """A page being executed: its folder and what its blocks have left so far."""

    path: Path
    folder: Path
    names: dict[str, Any] = field(factory=lambda: {"__name__": "__main__"})
    printed: str = ""

    def run(self) -> None:
        """Do what every block says; the first that does not hold is an assertion error with page and line."""
        for block in blocks(self.path.read_text(encoding="utf-8")):
            try:
                self.do(block)
            except Exception as error:
                error.add_note(f"{self.path}:{block.line}: in this block")
                raise

    def do(self, block: Block) -> None:
        """Do what one block says."""
        if block.comment.startswith(("fragment", "not run")):
            return
        file = FILE.match(block.comment) or FILE.match(block.text)
        if block.comment == "part":
            self.write("part.yaml", None, whole(block.text))
        elif file:
            self.write(file["name"], file["codes"], block.text)
        elif block.comment == "output":
            compare(block.text, self.printed)
        elif block.language == "python":
            self.execute(block)
        elif block.language == "console":
            for command, output in commands(block.text):
                self.call(command, output)
        else:
            assert block.language not in DATA_LANGUAGES, "say `# file: NAME` in it, or `<!-- fragment -->` before it"

    def write(self, name: str, codes: str | None, text: str) -> None:
        """Write a file; if it is a policy, it has the problems that the page says, and else no errors."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        if codes is not None:
            expected = sorted({code.strip() for code in codes.split(",")})
            assert expected == sorted({problem.code for problem in self.check(path)})
        elif path.suffix == ".yaml" and re.search(r"^viprules:", text, re.MULTILINE) and ".test." not in name:
            assert [] == [problem for problem in self.check(path) if problem.severity == "error"]

    def check(self, path: Path) -> list[Problem]:
        """What is wrong with a policy; a plug-in file that the page has written beside it is trusted."""
        return viprules.check(path, plugins=PluginSettings(local=(path.parent / "viprules_plugins.py").exists()))

    def execute(self, block: Block) -> None:
        """Execute Python code in the page's namespace, keeping what it prints."""
        if block.text.startswith(">>>"):
            examples = doctest.DocTestParser().get_doctest(block.text, self.names, "", str(self.path), block.line - 1)
            report: list[str] = []
            runner = doctest.DocTestRunner(verbose=False, optionflags=doctest.ELLIPSIS)
            runner.run(examples, out=report.append, clear_globs=False)
            assert [] == report, "".join(report)
            self.names.update(examples.globs)
            return
        source = "\n" * (block.line - 1) + block.text  # so that a traceback shows the page's own line
        with redirect_stdout(io.StringIO()) as printed:
            exec(compile(source, str(self.path), "exec"), self.names)  # noqa: S102 -- our own pages
        self.printed = printed.getvalue()

    def call(self, command: str, output: str) -> None:
        """Run a command as in a terminal; without output shown it prints nothing and succeeds."""
        program, _, rest = command.partition(" ")
        assert program in COMMANDS, f"`{program}` is not run here: show it in a `sh` block"
        if program == "cd":
            self.folder = self.folder / rest
            return
        ran = subprocess.run(  # noqa: S602 -- our own pages, and they may use `>` and `|`
            command,
            shell=True,
            cwd=self.folder,
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            timeout=120,
            check=False,
        )
        compare(output, ran.stdout)
        assert output.strip() or ran.returncode == 0, f"`{command}` fails with {ran.returncode}"


def compare(expected: str, actual: str) -> None:
    """Refuse a text that does not match, showing both."""
    if not matches(expected, actual):
        assert tidy(expected) == tidy(actual)
