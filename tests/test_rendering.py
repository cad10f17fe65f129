"""Problems as a text with the line and a caret, and as JSON."""

import json
import os
import re
from pathlib import Path

import pytest

from viprules.errors import Problem, Source, problem
from viprules.rendering import as_data, as_json, as_text

TEXT = "viprules: 1\nid: 金卡 gold\n\tx: " + "y" * 300 + "z\n"


def at(line: int, column: int, length: int = 1) -> Problem:
    """Return a problem at a place."""
    return problem("alias", Source(file="p.yaml", line=line, column=column, length=length), name="x")


def rows(found: Problem, text: str = TEXT) -> list[str]:
    """Return the rows that show a problem in a text."""
    return as_text([found], {"p.yaml": text}).split("\n")


def test_a_problem_is_shown_with_its_line() -> None:
    """Place, severity, message, code; the line; the caret; the hint."""
    assert [
        "p.yaml:1:11: error: a policy has no aliases such as `*x` [alias]",
        "  1 | viprules: 1",
        "    |           ^",
        "  hint: write the value itself",
    ] == rows(at(1, 11))


def test_it_is_shown_in_chinese() -> None:
    """The same, in the other language."""
    assert [
        "p.yaml:1:11: 错误：政策中不能使用别名 `*x` [alias]",
        "  1 | viprules: 1",
        "    |           ^",
        "  修改建议：请直接写出值",
    ] == as_text([at(1, 11)], {"p.yaml": TEXT}, language="zh").split("\n")


def test_the_caret_stands_under_wide_characters() -> None:
    """Chinese characters take two columns."""
    assert ["  2 | id: 金卡 gold", "    |     ^^^^"] == rows(at(2, 5, 2))[1:3]
    assert ["  2 | id: 金卡 gold", "    |          ^^^^"] == rows(at(2, 8, 4))[1:3]


@pytest.mark.parametrize(("column", "left", "right"), [(5, False, True), (150, True, True), (305, True, False)])
def test_a_long_line_is_cut_around_the_place(column: int, left: bool, right: bool) -> None:  # noqa: FBT001 -- a table
    """A hundred columns are shown, dots say that there is more, the caret stays right."""
    line, caret = rows(at(3, column))[1:3]
    assert (left, right) == (line.startswith("  3 | …"), line.endswith("…"))
    assert line[caret.index("^")] == TEXT.split("\n")[2].replace("\t", " ")[column - 1]


def test_a_caret_may_stand_behind_the_line() -> None:
    """Where something is missing at the end, and where the place is said to be longer than the line."""
    assert ["  1 | viprules: 1", "    |            ^"] == rows(at(1, 12))[1:3]
    assert ["  1 | viprules: 1", "    |           ^"] == rows(at(1, 11, 99))[1:3]


def test_unseen_characters_of_a_line_are_written_out() -> None:
    """A line cannot colour the terminal or turn it round, and the caret stays in its place."""
    line, caret = rows(at(1, 6), "a\x1b[1mb\u202ec")[1:3]
    assert r"  1 | a\u001b[1mb\u202ec" == line
    assert "b" == line[caret.index("^")]


def test_a_place_without_its_file_is_shown_without_the_line() -> None:
    """Only place, message and hint; so for a line that is not there, and a problem that has no place."""
    assert 2 == len(as_text([at(1, 1)]).split("\n"))
    assert 2 == len(rows(at(99, 1)))
    assert "error: a policy has no aliases" == as_text([problem("alias", name="x")])[:30]


def test_a_file_is_read_again_for_its_lines(tmp_path: Path) -> None:
    """Who has only the problems sees the lines too."""
    path = tmp_path / "p.yaml"
    path.write_bytes("\ufeffid: x\r\nname: y\r\n".encode())
    found = problem("alias", Source(file=str(path), line=2, column=7), name="x")
    assert "  2 | name: y\n    |       ^\n" in as_text([found, found])


def test_a_file_that_cannot_be_shown_is_not(tmp_path: Path) -> None:
    """Too big, of another encoding, a pipe that would block, a folder, gone, no name at all, a table: no line."""
    (tmp_path / "big.yaml").write_bytes(b"#" * (4 * 1024 * 1024 + 1))
    (tmp_path / "gbk.yaml").write_bytes("金".encode("gb18030"))
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "table.csv").write_text("id\n", encoding="utf-8")
    (tmp_path / "folder.yaml").mkdir()
    names = [str(tmp_path / f"{name}.yaml") for name in ("big", "gbk", "pipe", "folder", "gone", "a\0b")]
    for name in (*names, str(tmp_path / "table.csv")):
        found = problem("alias", Source(file=name, line=1, column=1), name="x")
        assert 2 == len(as_text([found]).split("\n"))


def test_colours_are_added_and_nothing_else() -> None:
    """Without the codes the text is the same."""
    coloured = as_text([at(1, 11)], {"p.yaml": TEXT}, colour=True)
    assert "\x1b[31merror\x1b[0m" in coloured
    assert as_text([at(1, 11)], {"p.yaml": TEXT}) == re.sub("\x1b\\[[0-9]+m", "", coloured)


def test_nothing_is_shown_of_no_problems() -> None:
    """An empty text, and an empty list in JSON."""
    assert ("", {"problems": [], "errors": 0, "warnings": 0}) == (as_text([]), json.loads(as_json([])))


def test_the_same_as_data() -> None:
    """Code, severity, place, message and hint, in the language asked for."""
    place = {"file": "p.yaml", "line": 1, "column": 11, "length": 1}
    english = {"message": "a policy has no aliases such as `*x`", "hint": "write the value itself"}
    chinese = {"message": "政策中不能使用别名 `*x`", "hint": "请直接写出值"}
    assert [{"code": "alias", "severity": "error", **place, **english}] == as_data([at(1, 11)])
    assert [{"code": "alias", "severity": "error", **place, **chinese}] == as_data([at(1, 11)], "zh")
    assert {"problems": [{"code": "alias", "severity": "error", **english}], "errors": 1, "warnings": 0} == json.loads(
        as_json([problem("alias", name="x")])
    )
