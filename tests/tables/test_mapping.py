"""The mapping file is checked like a policy."""

from pathlib import Path

import pytest

from viprules.errors import DataError
from viprules.tables import parse_mapping, read_mapping


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("times_in: UTC", "missing-key"),
        ("mapping: 2", "not-one-of"),
        ("mapping: 1\ntimes_at: UTC", "unknown-key"),
        ("mapping: 1\ntimes_in: Mars/Olympus", "mapping-zone"),
        ("mapping: 1\nevents: [{encoding: klingon}]", "no-such-encoding"),
        ("mapping: 1\nevents: [{encoding: hex}]", "no-such-encoding"),
        ("mapping: 1\nevents: [{encoding: idna}]", "no-such-encoding"),
        ("mapping: 1\nevents: [{encoding: undefined}]", "no-such-encoding"),
        ("mapping: 1\nevents: [{fields: {a: {sum: b}}}]", "cell-not-grouped"),
        ("mapping: 1\nevents: [{fields: {a: {column: b, constant: c}}}]", "cell-one-source"),
        ("mapping: 1\nevents: [{fields: {a: {values: {x: y}}}}]", "cell-one-source"),
        ("mapping: 1\nevents: [{type: {values: {x: y}}}]", "cell-one-source"),
        ("mapping: 1\nmemberships: {tier: {split: x}}", "cell-one-source"),
        ("mapping: 1\nevents: {}", "wrong-type"),
        ("mapping: [", "bracket-open"),
        ("", "nothing-written"),
    ],
)
def test_a_broken_mapping_is_refused_with_its_place(text: str, code: str) -> None:
    """Each mistake has its code and its place."""
    with pytest.raises(DataError) as caught:
        parse_mapping(text, "mapping.yaml")
    (found,) = caught.value.problems
    assert code == found.code
    assert found.source is not None


def test_every_mistake_is_told_at_once() -> None:
    """A mapping with two mistakes gives two problems."""
    with pytest.raises(DataError) as caught:
        parse_mapping("mapping: 1\ntimes_in: X\nevents: [{encoding: klingon}]", "mapping.yaml")
    assert ["mapping-zone", "no-such-encoding"] == [one.code for one in caught.value.problems]


def test_a_mapping_that_is_not_there_is_named(tmp_path: Path) -> None:
    """A missing file is a problem that names it."""
    with pytest.raises(DataError) as caught:
        read_mapping(tmp_path / "none.yaml")
    assert ["file-unreadable"] == [one.code for one in caught.value.problems]
