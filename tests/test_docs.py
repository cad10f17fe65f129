"""Every example of the documentation is executed; see `tests/pages.py` for what a page may hold."""

from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.pages import Page, blocks, commands, matches
from tests.support.packages import PLUGINS

PAGES = sorted([*ROOT.glob("README*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("plugins/**/README.md")])


def run(text: str, folder: Path) -> None:
    """Execute a page that has this text."""
    path = folder / "page.md"
    path.write_text(text, encoding="utf-8")
    Page(path=path, folder=folder).run()


@pytest.mark.parametrize("page", PAGES, ids=[path.relative_to(ROOT).as_posix() for path in PAGES])
def test_every_example_holds(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    """What a page shows is what happens; where it is the page of a plug-in, with that installed."""
    if page.parent.parent == PLUGINS:
        request.getfixturevalue("installed")(page.parent.name)
    folder = tmp_path / "page"
    folder.mkdir()
    monkeypatch.chdir(folder)
    Page(path=page, folder=folder).run()


def test_a_block_is_read_with_its_comment_and_indentation() -> None:
    """A fence inside a list loses the list's indentation, and knows its line and the comment before it."""
    (block,) = blocks("1. do\n\n   <!-- file: a.csv -->\n   ```csv\n   a,b\n     c\n   ```\n")
    assert ("csv", "a,b\n  c\n", 5, "file: a.csv") == (block.language, block.text, block.line, block.comment)


def test_dots_stand_for_anything() -> None:
    """Three dots match within a line; alone on a line they match any lines, none as well."""
    assert matches("took ... ms\n", "took 12 ms\n")
    assert not matches("took ... ms\n", "took\n12 ms\n")
    assert matches("a\n...\nd\n", "a\nb\nc\nd\n")
    assert matches("a\n...\n", "a\n")
    assert not matches("", "a\n")


def test_a_long_command_is_one_command() -> None:
    """A backslash at the end of a line joins the next one."""
    assert [("cat a b", ""), ("ls", "a\nb\n")] == list(commands("$ cat a \\\n>   b\n$ ls\na\nb\n"))


def test_a_page_is_one_program(tmp_path: Path) -> None:
    """Files, names and folders of one block are there in the next."""
    page = """
<!-- file: shop/a.csv -->
```csv
1,2
```
```python
x = 1
print(x)
```
<!-- output -->
```text
1
```
```python
>>> x + 1
2
```
```console
$ cd shop
$ cat a.csv
1,...
```
"""
    run(page, tmp_path)


def test_a_part_of_a_policy_is_checked_as_one(tmp_path: Path) -> None:
    """Sections alone are judged with plain ones for the rest; a mistake in them is found."""
    run("<!-- part -->\n```yaml\nfacts: {born: date}\nsegments: {old: {born: {known: true}, spend: 3}}\n```", tmp_path)
    with pytest.raises(AssertionError):
        run("<!-- part -->\n```yaml\nsegments: {old: {brn: {known: true}}}\n```", tmp_path)


@pytest.mark.parametrize(
    "page",
    [
        "```console\n$ python -c 'print(1)'\n2\n```",
        "```console\n$ python -c 'raise SystemExit(1)'\n```",
        "```console\n$ curl example.org\n```",
        "```python\nprint(1)\n```\n<!-- output -->\n```text\n2\n```",
        "```python\n>>> 1\n2\n```",
        "```yaml\nvalidity: forever\n```",
    ],
)
def test_a_page_that_does_not_hold_is_found(page: str, tmp_path: Path) -> None:
    """Another output, a silent failure, a command that can't be run and data that goes nowhere are all refused."""
    with pytest.raises(AssertionError):
        run(page, tmp_path)
