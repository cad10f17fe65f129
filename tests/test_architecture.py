"""Who may look at whom: the import directions of the package, read from its syntax trees."""

import ast
import sys
from collections.abc import Iterable, Iterator
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from pathlib import Path

import pytest
from attrs import frozen

SOURCES = Path(__file__).parents[1] / "src"


@frozen
class Part:
    """What the modules of one part may import: other parts, and distributions of other people."""

    sees: frozenset[str] = frozenset()
    uses: frozenset[str] = frozenset()


def part(sees: str = "", uses: str = "") -> Part:
    """Return a part from two lists written as text."""
    return Part(frozenset(sees.split()), frozenset(uses.split()))


# From the bottom to the top. A part is a module or a folder directly under viprules, `facade` the package itself.
PARTS = {
    "_version": part(),
    "messages": part(),
    "errors": part("messages", "attrs"),
    "engine": part("errors", "attrs cattrs jsonschema referencing yaml"),
    "hookspecs": part("engine", "pluggy"),
    "api": part("errors engine hookspecs", "attrs"),
    "builtins": part("api", "attrs"),
    "plugins": part("errors engine api hookspecs builtins", "attrs pluggy"),
    "loader": part("errors engine plugins", "attrs"),
    "delivery": part("errors engine plugins", "attrs cattrs"),
    "tables": part("errors engine", "attrs duckdb"),
    "rendering": part("errors messages engine", "attrs"),
    "batch": part("errors engine", "attrs duckdb sqlglot"),
    "facade": part("_version errors engine loader"),
    "testing": part("facade errors messages engine api plugins loader tables rendering batch", "attrs pytest"),
    "cli": part(
        "_version facade errors messages engine plugins loader delivery tables rendering batch testing",
        "attrs tqdm yaml",
    ),
    "__main__": part("cli"),
}

# The folders of the engine, in the order of the data: each looks only at earlier ones. `program` puts them together.
ENGINE = "days reading policy tree lowering deciding compiled explaining program".split()

# The engine is pure: no clock, file, network, chance or environment. An answer depends on its arguments alone.
IMPURE_MODULES = frozenset(
    "asyncio getpass glob http io locale logging multiprocessing os pathlib pickle platform random secrets select"
    " shutil signal socket sqlite3 ssl subprocess tempfile threading time urllib uuid".split()
)
IMPURE_CALLS = frozenset("__import__ breakpoint eval exec input open print".split())
IMPURE_METHODS = frozenset("now today utcnow".split())
MAY_EXECUTE = frozenset({"viprules.engine.compiled.emitting"})  # generated source, without any text of a policy in it


@frozen
class Import:
    """One imported module and the line that imports it."""

    module: str
    line: int


def part_of(module: str) -> str:
    """Return the part to which a module of viprules belongs."""
    return module.removeprefix("viprules").removeprefix(".").partition(".")[0] or "facade"


def module_of(path: Path) -> str:
    """Return the dotted name of the module in a file."""
    parts = path.relative_to(SOURCES).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(tree: ast.AST, modules: Iterable[str]) -> Iterator[Import]:
    """Yield every import, wherever it stands: in a function and for type checkers it counts as well."""
    known = frozenset(modules)
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (Import(alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            inside = [f"{node.module}.{alias.name}" for alias in node.names]
            found = {name if name in known else str(node.module) for name in inside}
            yield from (Import("." if node.level else name, node.lineno) for name in sorted(found))


def misdirected(module: str, tree: ast.AST, modules: Iterable[str], stdlib: frozenset[str]) -> Iterator[str]:
    """Yield one text per import that looks where it may not."""
    home = part_of(module)
    if home not in PARTS:
        yield f"1: `{home}` is not in the table: say there what it may import"
        return
    for found in imports(tree, modules):
        top = found.module.partition(".")[0]
        if not top:
            yield f"{found.line}: a relative import: write the whole name"
        elif top == "viprules":
            if part_of(found.module) not in {home, *PARTS[home].sees}:
                yield f"{found.line}: `{home}` may not import `{found.module}`"
        elif top not in stdlib and top not in PARTS[home].uses:
            yield f"{found.line}: `{home}` may not use `{top}`"


def impure(module: str, tree: ast.AST) -> Iterator[str]:
    """Yield one text per import or call with which the outer world would enter."""
    for found in imports(tree, ()):
        if found.module.partition(".")[0] in IMPURE_MODULES:
            yield f"{found.line}: the engine is pure and may not import `{found.module}`"
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        match node.func:
            case ast.Name(id=name) if name in IMPURE_CALLS and not (name == "exec" and module in MAY_EXECUTE):
                yield f"{node.lineno}: the engine is pure and may not call `{name}`"
            case ast.Attribute(attr=name) if name in IMPURE_METHODS:
                yield f"{node.lineno}: the engine is pure and may not call `.{name}`"


@pytest.fixture(scope="module")
def trees() -> dict[str, ast.Module]:
    """Return module -> syntax tree for the whole package."""
    return {
        module_of(path): ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
        for path in sorted(SOURCES.rglob("*.py"))
    }


@pytest.fixture(scope="module")
def stdlib() -> frozenset[str]:
    """Return the names of the standard library's modules."""
    return frozenset(sys.stdlib_module_names)


def test_imports_go_in_the_allowed_directions(trees: dict[str, ast.Module], stdlib: frozenset[str]) -> None:
    """Every import looks at a part below it, or at a distribution that its part may use."""
    offences = [
        f"{module}:{text}" for module, tree in trees.items() for text in misdirected(module, tree, trees, stdlib)
    ]
    assert [] == offences


def test_no_modules_import_each_other(trees: dict[str, ast.Module]) -> None:
    """The modules can be put in an order in which each imports only earlier ones."""
    lines = {
        (module, found.module): found.line
        for module, tree in trees.items()
        for found in imports(tree, trees)
        if found.module in trees and found.module != module
    }
    order: TopologicalSorter[str] = TopologicalSorter()
    for importer, imported in lines:
        order.add(importer, imported)
    try:
        order.prepare()
    except CycleError as error:
        circle: list[str] = error.args[1]
        steps = [f"{above}:{lines[above, below]} imports {below}" for below, above in pairwise(circle)]
        pytest.fail("modules import each other:\n" + "\n".join(steps), pytrace=False)


def test_the_engine_goes_with_the_data(trees: dict[str, ast.Module]) -> None:
    """Inside the engine every import looks at the same folder or at an earlier one."""
    places = {f"viprules.engine.{name}": place for place, name in enumerate(ENGINE)}

    def place(module: str) -> int:
        return places[".".join(module.split(".")[:3])]

    offences = [
        f"{module}:{found.line} imports {found.module}"
        for module, tree in trees.items()
        if module.startswith("viprules.engine.")
        for found in imports(tree, trees)
        if found.module.startswith("viprules.engine.") and place(found.module) > place(module)
    ]
    assert [] == offences


def test_the_engine_is_pure(trees: dict[str, ast.Module]) -> None:
    """Nothing in the engine asks a clock, a file, a socket or chance."""
    engine = {module: tree for module, tree in trees.items() if part_of(module) == "engine"}
    offences = [f"{module}:{text}" for module, tree in engine.items() for text in impure(module, tree)]
    assert [] == offences


@pytest.mark.parametrize(
    ("module", "source", "offence"),
    [
        ("viprules.engine.policy.model", "from viprules import loader", "1: `engine` may not import `viprules.loader`"),
        ("viprules.builtins.values", "\nimport viprules.batch", "2: `builtins` may not import `viprules.batch`"),
        ("viprules.engine.policy.model", "import duckdb", "1: `engine` may not use `duckdb`"),
        ("viprules.loader", "def f():\n    from viprules.cli import main", "2: `loader` may not import `viprules.cli`"),
        ("viprules.engine.policy.model", "from . import nodes", "1: a relative import: write the whole name"),
        ("viprules.shop", "", "1: `shop` is not in the table: say there what it may import"),
    ],
)  # fmt: skip
def test_a_wrong_direction_is_found(module: str, source: str, offence: str, stdlib: frozenset[str]) -> None:
    """The check sees an import at the top, in a function, of a module and of a name."""
    known = {"viprules.loader", "viprules.cli", "viprules.engine.tree.nodes"}
    assert [offence] == list(misdirected(module, ast.parse(source), known, stdlib))


@pytest.mark.parametrize(
    ("source", "offence"),
    [
        ("import os.path", "1: the engine is pure and may not import `os.path`"),
        ("from random import choice", "1: the engine is pure and may not import `random`"),
        ("\nopen('x')", "2: the engine is pure and may not call `open`"),
        ("exec('x')", "1: the engine is pure and may not call `exec`"),
        ("datetime.datetime.now(UTC)", "1: the engine is pure and may not call `.now`"),
    ],
)
def test_an_impurity_is_found(source: str, offence: str) -> None:
    """The check sees an import, a call and a question to the clock."""
    assert [offence] == list(impure("viprules.engine.policy.model", ast.parse(source)))
