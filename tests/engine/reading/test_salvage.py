"""What is whole beside what is broken is judged in the same run; nothing else is."""

import pytest

from viprules.engine.reading.salvage import salvaged
from viprules.engine.reading.source import Map, read
from viprules.errors import Source, problem
from viprules.loader import check_text

HEAD = "viprules: 1\nprogram: {id: shop, timezone: Asia/Shanghai}\n"
TIERS = """\
tiers:
  - {id: guest, enter: everyone}
  - {id: gold, also: [{cause: gift, when: {spend: {at_least: 1}}}]}
"""


def left(text: str, *places: tuple[int, int]) -> Map | None:
    """Return what is left of a text that has problems at these places."""
    document, _ = read(text, "policy.yaml")
    assert document is not None
    return salvaged(
        document, [problem("alias", Source(file="policy.yaml", line=line, column=column)) for line, column in places]
    )


def test_an_item_with_a_problem_is_left_out() -> None:
    """Of a list or a map of declarations only what holds a problem goes."""
    text = HEAD + "facts:\n  a: number\n  b: {type: x}\n  c: text\n" + TIERS
    kept = left(text, (5, 6), (8, 5))
    assert kept is not None
    assert (["a", "c"], ["gold"]) == (list(kept["facts"]), [one["id"] for one in kept["tiers"]])


def test_a_section_that_is_none_is_left_out() -> None:
    """A text, or a map where a list is wanted, has no items; an unknown key neither."""
    text = HEAD + "facts: x\nraises: {a: b}\nsizes: [a]\ntransitions: x\nperiods: {}\n" + TIERS
    kept = left(text, (3, 8), (4, 9), (5, 1), (6, 14), (7, 10))
    assert kept is not None
    assert ["viprules", "program", "periods", "tiers"] == list(kept)


def test_transitions_are_one_map_or_a_list_of_blocks() -> None:
    """Either is divided."""
    kept = left(HEAD + TIERS + "transitions:\n  validity: x\n  upgrade: {}\n", (7, 13))
    assert kept is not None
    assert ["upgrade"] == list(kept["transitions"])
    kept = left(HEAD + TIERS + "transitions:\n  - {validity: x}\n  - {upgrade: {}}\n", (7, 5))
    assert kept is not None
    assert [{"upgrade": {}}] == kept["transitions"]


@pytest.mark.parametrize("text", [HEAD, HEAD + "tiers: []\n", "viprules: 1\n" + TIERS, "program: {id: x}\n" + TIERS])
def test_without_a_programme_and_a_tier_nothing_is_judged(text: str) -> None:
    """There is nothing that could be decided."""
    assert left(text) is None


def test_a_key_without_a_place_ends_it() -> None:
    """Data that never was a text cannot be divided."""
    document, _ = read(HEAD + TIERS, "policy.yaml")
    assert document is not None
    document["facts"] = {}
    assert salvaged(document, []) is None


@pytest.mark.parametrize(
    "text",
    [
        HEAD + "tiers:\n  transitions:\n  - {id: gold}\n  validity: {for: 1 day}\n",
        HEAD + "tiers:\n  - gold\n  - {id: silver, enter: everyone}\n",
        HEAD + "tiers: {}\nperiods: []\n",
        HEAD + "events:\n  purchase: {amount: []}\n" + TIERS,
        HEAD + "tiers:\n" + "  - {iduest: x}\n" * 300 + "  - {id: guest, enter: everyone}\n" + TIERS[7:],
    ],
    ids=["a map for a list", "a text among tiers", "empty ones", "no type", "more than is told"],
)
def test_broken_sections_end_in_problems(text: str) -> None:
    """Found by trying many hostile files."""
    assert [] != check_text(text)
