"""Running policy tests: files in, results out. Nothing here prints."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import evolve, frozen

from viprules.engine.program import Program
from viprules.engine.reading.faults import judge, typed
from viprules.engine.reading.source import Map, read, source_of
from viprules.errors import DataError, PolicyError, Problem, Source, UsageError, in_order, problem
from viprules.loader import Plugins, load
from viprules.testing.cases import Case, cases_of
from viprules.testing.comparing import failures_of
from viprules.testing.files import files_of
from viprules.testing.names import Vocabulary, faults_of
from viprules.testing.results import CaseResult, Failure, Run
from viprules.testing.schema import policy_test_schema

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["Suite", "check", "run", "suite"]


def run(paths: Iterable[Path | str], *, only: str = "", plugins: Plugins = None) -> Run:
    """Run the tests in these files and folders; `only` runs those whose name contains the text.

    `plugins` are those that the policies may use, as in `viprules.load`.
    """
    files = tuple(dict.fromkeys(files_of(paths)))
    problems: list[Problem] = []
    results: list[CaseResult] = []
    for path in files:
        found = suite(path, plugins=plugins)
        problems += found.problems
        results += [found.run(one) for one in found.cases if only in one.name]
    return Run(files=tuple(map(str, files)), results=tuple(results), problems=tuple(problems))


def check(path: Path | str, *, plugins: Plugins = None) -> list[Problem]:
    """Every problem of a test file, without deciding anything."""
    document, program, problems = _opened(Path(path), plugins)
    if document is None or program is None:
        return problems
    names = Vocabulary(program)
    for case in _cases(document):
        problems += _faults(case, names)
        _, refused = _admitted(program, case)
        problems += [] if any("refused" in expect for _, expect in case.expects) else refused
    return in_order(problems)


@frozen(kw_only=True, eq=False)
class Suite:
    """A test file with the policy under test: its cases, ready to be run one by one."""

    path: Path
    problems: tuple[Problem, ...] = ()
    """What is wrong with the file or its policy; where that is grave there are no cases."""
    cases: tuple[Case, ...] = ()
    _program: Program | None = None
    _names: Vocabulary | None = None

    def run(self, case: Case) -> CaseResult:
        """What came of one of its cases."""
        if self._program is None or self._names is None:
            raise UsageError(f"`{case.name}` is no case of `{self.path}`")
        return _run_case(self._program, self._names, case)


def suite(path: Path | str, *, plugins: Plugins = None) -> Suite:
    """Read a test file and its policy; nothing is decided yet."""
    document, program, problems = _opened(Path(path), plugins)
    if document is None or program is None:
        return Suite(path=Path(path), problems=tuple(problems))
    return Suite(
        path=Path(path),
        problems=tuple(problems),
        cases=tuple(_cases(document)),
        program=program,
        names=Vocabulary(program),
    )


def _opened(path: Path, plugins: Plugins) -> tuple[Map | None, Program | None, list[Problem]]:
    """The document of a test file and the program under test, as far as both can be had."""
    try:
        text = path.read_bytes()
    except OSError as error:
        return None, None, [problem("file-unreadable", None, file=str(path), reason=error.strerror or str(error))]
    document, problems = read(text, str(path))
    if document is None:
        return None, None, problems
    schema = policy_test_schema()
    document = typed(document, schema)
    problems = in_order([*problems, *judge(document, schema)])
    if problems:
        return None, None, problems
    policy = path.parent / str(document["policy"])
    problems = _names_twice(document)
    try:
        return document, load(policy, plugins=plugins), problems
    except PolicyError as error:
        return document, None, [*problems, *error.problems]
    except OSError as error:
        at, reason = source_of(document, "policy"), error.strerror or str(error)
        return document, None, [*problems, problem("file-unreadable", at, file=str(policy), reason=reason)]


def _names_twice(document: Map) -> list[Problem]:
    seen: set[str] = set()
    found = []
    for test in document["tests"]:
        name = str(test["name"])
        if name in seen:
            found.append(problem("test-name-twice", source_of(test, "name"), name=name))
        seen.add(name)
    return found


def _cases(document: Map) -> Iterator[Case]:
    for test in document["tests"]:
        yield from cases_of(document, test)


def _faults(case: Case, names: Vocabulary) -> list[Problem]:
    return in_order([*case.problems, *(one for _, expect in case.expects for one in faults_of(expect, names))])


def _run_case(program: Program, names: Vocabulary, case: Case) -> CaseResult:
    result = CaseResult(name=case.name, source=case.source)
    faults = _faults(case, names)
    if faults:
        return evolve(result, problems=tuple(faults))
    customer, refused = _admitted(program, case)
    failures: list[Failure] = []
    for day, expect in case.expects:
        if "refused" in expect:
            failures += _refused(expect, refused)
        elif refused:
            return evolve(result, problems=tuple(refused))
        else:
            try:
                explanation = program.explain(customer, as_of=day)
            except UsageError:
                return evolve(result, problems=(problem("test-no-day", case.source),))
            failures += _on(day, failures_of(expect, explanation), several=len(case.expects) > 1)
    return evolve(result, failures=tuple(failures))


def _on(day: str, found: Iterable[Failure], *, several: bool) -> list[Failure]:
    """With several days each failure says which one it was."""
    return [evolve(one, what=f"{one.what} ({day})") if several else one for one in found]


def _refused(expect: Map, refused: list[Problem]) -> Iterator[Failure]:
    codes = [one.code for one in refused]
    for place, code in enumerate(expect["refused"]):
        if code not in codes:
            at = source_of(expect["refused"], place)
            yield Failure(what="refused", expected=str(code), actual=", ".join(codes) or "none", source=at)


def _admitted(program: Program, case: Case) -> tuple[Any, list[Problem]]:
    """The customer of a case, or what is wrong with it, at the place in the test."""
    try:
        return program.customer(id=case.name, **case.person), []
    except DataError as error:
        return None, [_placed(one, case) for one in error.problems]


def _placed(found: Problem, case: Case) -> Problem:
    name, event = found.values.get("name", ""), found.values.get("event", "")
    keys = (f"{event}.{name}", name, f"#{found.values.get('id', '')}")
    at: Source | None = next((case.places[key] for key in keys if case.places.get(key)), case.source)
    return evolve(found, source=found.source or at)
