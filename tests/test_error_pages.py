"""The pages of the error codes show what is really said, in both languages."""

import re
from functools import partial
from pathlib import Path

import pytest

import viprules
from tests.conftest import ROOT
from tests.pages import FILE, Block, blocks
from viprules import tables, testing
from viprules.errors import DataError, Language, Problem, Source, problem
from viprules.messages import CATALOGUE
from viprules.plugins import PluginSettings
from viprules.rendering import as_text

PAGES = sorted((ROOT / "docs" / "errors").glob("*.md"))
DECLARED = tables.Declared(facts=("age", "city"), fields=("amount",))
POLICY = """\
viprules: 1
program: {id: shop, timezone: Asia/Shanghai, currency: CNY}
facts: {age: number, city: text}
events: {purchase: {amount: money}}
tiers:
  - {id: guest, enter: everyone}
  - {id: gold, also: [{cause: gift, upon: purchase, validity: forever}]}
"""
TABLES = ("customers", "events", "memberships")


def files_of(page: Path, folder: Path) -> tuple[list[str], list[str]]:
    """Write the files that a page shows; return their names, and the texts that it shows."""
    names, shown = [], []
    for block in blocks(page.read_text(encoding="utf-8")):
        named = FILE.match(block.comment) or FILE.match(block.text)
        if named:
            (folder / named["name"]).write_text(block.text, encoding="utf-8")
            names.append(named["name"])
        elif block.language == "text" and not block.comment:
            shown.append(block.text.rstrip("\n"))
    return names, shown


def of_tables(names: list[str]) -> list[Problem]:
    """Return what is wrong with tables and their mapping."""
    found = {Path(name).stem: Path(name) for name in names}
    try:
        mapping = tables.read_mapping("mapping.yaml") if "mapping" in found else tables.TableMapping()
        sources = tables.Sources(
            customers=found.get("customers"),
            events=(found["events"],) if "events" in found else (),
            memberships=found.get("memberships"),
        )
        base = tables.read_base(sources, mapping, DECLARED)
        list(base.customers(viprules.loads(POLICY).customer))
    except DataError as error:
        return list(error.problems)
    return [*base.warnings, *(one.problem for one in base.rejects.sorted())]


def problems_of(names: list[str]) -> list[Problem]:
    """Return what is wrong with the files of a page."""
    if "bad.yaml" in names:
        return viprules.check("bad.yaml", plugins=PluginSettings(local="viprules_plugins.py" in names))
    if "shop.test.yaml" in names:
        return testing.check(Path("shop.test.yaml"))
    return of_tables(names) if any(Path(name).stem in TABLES for name in names) else []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_shows_what_is_said(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bad example has this one problem, and the page shows it as it is printed, in English and Chinese."""
    monkeypatch.chdir(tmp_path)
    names, shown = files_of(page, tmp_path)
    found = problems_of(names)
    assert {one.code for one in found} <= {page.stem}
    assert ([as_text(found), as_text(found, language="zh")] if found else []) == shown


SAYS = [
    (page.stem, block)
    for page in PAGES
    for block in blocks(page.read_text(encoding="utf-8"))
    if block.comment == "says"
]


@pytest.mark.parametrize(("code", "block"), SAYS, ids=lambda one: one if isinstance(one, str) else str(one.line))
def test_a_page_without_files_shows_what_would_be_said(code: str, block: Block) -> None:
    """The texts on it are those of the catalogue, with a place and with values as they come."""
    language: Language = "zh" if re.search("错误|警告", block.text) else "en"
    assert block.text.rstrip("\n") == as_text(
        map(partial(read_back, code, language), said(block.text)), language=language
    )


def said(text: str) -> list[str]:
    """Return the messages of a block, each without its hint."""
    return [one.partition("\n")[0].removesuffix("]").rpartition(" [")[0] for one in text.split("\n\n")]


def read_back(code: str, language: Language, line: str) -> Problem:
    """Return the problem of which a line tells: its place and its values, read along the text of the code."""
    place, _, message = re.split("(error: |warning: |错误：|警告：)", line, maxsplit=1)
    file, at_line, column = place.split(":")[:3] if place else ("", "0", "0")
    source = Source(file=file, line=int(at_line), column=int(column)) if place else None
    texts = getattr(CATALOGUE[code], language).message
    for text in (texts,) if isinstance(texts, str) else texts:
        pattern = re.sub(r"\\{(\w+)(:list)?\\}", r"(?P<\1>.+)", re.escape(text))
        found = re.fullmatch(pattern, message)
        if found:
            listed = re.findall(r"\{(\w+):list\}", text)
            values = {
                name: re.sub("`(, |、)`", "\n", one).strip("`") if name in listed else one
                for name, one in found.groupdict().items()
            }
            return problem(code, source, **values)
    pytest.fail(f"`{message}` is not what `{code}` says")


def test_most_codes_have_an_example() -> None:
    """Pages without one are few, and stay so."""
    bare = [page.stem for page in PAGES if page.stem in CATALOGUE and not list(examples(page))]
    assert len(bare) <= 24


def examples(page: Path) -> list[Block]:
    """Return the blocks of a page that are executed."""
    return [block for block in blocks(page.read_text(encoding="utf-8")) if block.language not in ("", "text")]


def test_the_index_names_every_code(root: Path) -> None:
    """Each code has its line, in the order of the catalogue, and warnings are marked."""
    index = (root / "docs" / "errors" / "README.md").read_text(encoding="utf-8")
    marks = {"warning": " (warning · 警告)", "error": ""}
    expected = [f"- [`{code}`]({code}.md){marks[entry.severity]}" for code, entry in CATALOGUE.items()]
    assert expected == [line for line in index.splitlines() if line.startswith("- ")]
