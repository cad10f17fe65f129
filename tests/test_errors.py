"""Problems are values with a place and texts; three exceptions carry them."""

import pickle

import pytest

from viprules.errors import DataError, PolicyError, Problem, Source, UsageError, ViprulesError, in_order, problem


def at(line: int, column: int = 1, file: str = "p.yaml") -> Source:
    """Return a place."""
    return Source(file=file, line=line, column=column)


def test_a_place_reads_as_editors_want_it() -> None:
    """File, line and column, which a terminal can jump to."""
    assert "p.yaml:2:3" == str(at(2, 3))


def test_a_problem_has_its_texts_from_the_catalogue() -> None:
    """Code and values give message, hint and severity, in both languages."""
    made = problem("duplicate-key", at(3), key="id", line=1)
    assert ("`id` is written twice: first on line 1", "keep one of the two", "error") == (
        made.message,
        made.hint,
        made.severity,
    )
    assert ("`id` 写了两次：第一次在第 1 行", "请只保留其中一个") == made.text("zh")
    assert (made.message, made.hint) == made.text("en") == made.text()


def test_a_problem_is_printed_on_one_line() -> None:
    """Place, severity, message, hint and code; what is not there is left out."""
    made = problem("duplicate-key", at(3), key="id", line=1)
    assert "p.yaml:3:1: error: `id` is written twice: first on line 1 (keep one of the two) [duplicate-key]" == str(
        made
    )
    assert "error: m [c]" == str(Problem(code="c", message="m"))


def test_problems_are_compared_hashed_and_pickled() -> None:
    """A problem is a plain value."""
    one, same = (problem("alias", at(1), name="x") for _ in range(2))
    assert one == same
    assert {one} == {same}
    assert one == pickle.loads(pickle.dumps(one))  # noqa: S301 -- our own


def test_an_unknown_code_is_a_mistake_of_ours() -> None:
    """Nobody invents a code where it is used."""
    with pytest.raises(KeyError):
        problem("no-such-code")


def test_problems_are_put_in_order() -> None:
    """By file, line and column, those without a place first; the same one once."""
    later, first = problem("alias", at(2, 9), name="a"), problem("alias", at(2, 1), name="b")
    other, nowhere = problem("alias", at(1, 1, "q.yaml"), name="c"), problem("alias", name="d")
    assert [nowhere, first, later, other] == in_order([other, later, first, later, nowhere])


@pytest.mark.parametrize("kind", [PolicyError, DataError])
def test_an_exception_carries_its_problems(kind: type[PolicyError | DataError]) -> None:
    """As values, as a text of one line each, and through a pickle."""
    found = [problem("alias", at(1), name="x"), problem("anchor", at(2), name="y")]
    error = kind(iter(found))
    assert tuple(found) == error.problems
    assert "\n".join(map(str, found)) == str(error)
    assert error.problems == pickle.loads(pickle.dumps(error)).problems  # noqa: S301 -- our own
    assert isinstance(error, ViprulesError)


def test_a_bad_call_is_also_what_python_calls_it() -> None:
    """Who catches ValueError or TypeError gets it too."""
    for kind in (ViprulesError, ValueError, TypeError):
        with pytest.raises(kind, match="no `as_of`"):
            raise UsageError("no `as_of`")
