"""Customers, their facts, and the memberships that they bring along."""

from pathlib import Path

import pytest

from tests.tables.conftest import Load
from viprules.engine.program import Program
from viprules.errors import DataError
from viprules.tables import Base, json_rows, writing


def tiers(base: Base, program: Program, day: str) -> dict[str, str | None]:
    """Return who is which tier."""
    return {
        person.id: program.decide(customer, as_of=day).tier for person, customer, _ in base.customers(program.customer)
    }


def test_facts_are_found_by_their_names(load: Load, program: Program) -> None:
    """Text goes to the engine's door as it stands; a list is cut at its separator."""
    base = load(customers_csv="customer,birthday,tags\nC1,2000-02-29,a|b\nC2,,\n")
    assert [{"birthday": "2000-02-29", "tags": "a|b"}, {}] == [one.facts for one in base.people.values()]
    assert {"C1": "guest", "C2": "guest"} == tiers(base, program, "2026-12-31")


def test_facts_are_mapped(load: Load) -> None:
    """A mapping says columns, constants, words and separators."""
    mapping = """
mapping: 1
customers:
  id: no
  facts:
    birthday: born
    region: {column: area, values: {N: north}}
    tags: {column: labels, split: ";"}
"""
    base = load(mapping, customers_csv="no,born,area,labels\n1,2000-01-01,N,a;b\n2,2000-01-01,X,\n")
    assert {"birthday": "2000-01-01", "region": "north", "tags": ["a", "b"]} == base.people["1"].facts
    assert [("cell-unknown-word", 3, "area")] == [(o.code, o.line, o.column) for o in base.rejects.sorted()]


def test_a_customer_told_in_two_ways_is_not_decided(load: Load, program: Program) -> None:
    """The same row twice is one customer; with another row for the same id nobody knows which is true."""
    base = load(customers_csv="customer,region\nC1,north\nC1,north\nC1,south\n")
    assert [(None, ["customer-twice"])] == [
        (one, [each.code for each in said]) for _, one, said in base.customers(program.customer)
    ]
    assert [("customer-twice", 4)] == [(one.code, one.line) for one in base.rejects.sorted()]


def test_who_has_a_bad_fact_is_not_decided(load: Load, program: Program) -> None:
    """A row that the door refuses is set aside with its column, and so are the customer's bad events, each once."""
    base = load(
        customers_csv="customer,region\nC1,west\n",
        events_csv="customer,type,at,id,amount\nC1,purchase,2026-03-01,E1,100\nC1,purchase,2026-03-01,E2,many\n",
    )
    for _ in range(2):
        ((_, customer, problems),) = base.customers(program.customer)
        assert (None, ["wrong-value"]) == (customer, [one.code for one in problems])
    assert [("region", "C1"), ("amount", "C1")] == [(one.column, one.customer) for one in base.rejects.sorted()]


def test_a_plain_table_of_present_tiers_is_taken_over(load: Load, program: Program) -> None:
    """A row of customer, tier and last valid day is a membership."""
    base = load(memberships_csv="customer,tier,valid_until\nC1,gold,2026-06-30\n")
    assert {"C1": "gold"} == tiers(base, program, "2026-06-30")
    assert {"C1": "guest"} == tiers(base, program, "2026-07-01")


def test_two_memberships_of_a_customer_contradict(load: Load) -> None:
    """One row a customer and tier set; the same row twice is one; both stay to be handed on."""
    base = load(memberships_csv="customer,tier\nC1,gold\nC1,gold\nC1,guest\n")
    assert [{"tier": "gold"}, {"tier": "guest"}] == base.people["C1"].memberships
    assert ["membership-twice"] == [one.code for one in base.people["C1"].refused]
    assert [("membership-twice", 4)] == [(one.code, one.line) for one in base.rejects.sorted()]


@pytest.mark.parametrize("ending", ["jsonl", "csv", "parquet"])
def test_the_record_of_a_run_is_read_back(load: Load, program: Program, tmp_path: Path, ending: str) -> None:
    """What a run keeps is what the next run takes, in every format, also for ids that look like formulas."""
    decision = program.decide(
        {"events": [{"type": "purchase", "id": "1", "at": "2026-03-01", "amount": 100}]}, as_of="2026-12-31"
    )
    record = decision.membership.as_dict()
    path = tmp_path / f"memberships.{ending}"
    with writing(path, ("customer", "membership")) as put:
        for customer in ("C1", "=C2", "-5", "'-5"):
            put({"customer": customer, **(record if ending == "jsonl" else {"membership": record})})
    base = load(**{f"memberships_{ending}": path.read_bytes()})
    assert {"C1": "gold", "=C2": "gold", "-5": "gold", "'-5": "gold"} == tiers(base, program, "2027-06-30")


@pytest.mark.parametrize("cell", ["[]", "no json", "5"])
def test_a_broken_record_is_a_bad_row(load: Load, cell: str) -> None:
    """A membership column that holds no record is set aside, and handed on as it came."""
    base = load(memberships_csv=f"customer,membership\nC1,{cell}\n")
    assert ["cell-no-record"] == [one.code for one in base.rejects.sorted()]
    assert [cell] == base.people["C1"].memberships


@pytest.mark.parametrize("line", ["C2", 'C2,"gold', "C\udce92,gold"])
def test_memberships_with_a_torn_line_are_refused(load: Load, line: str) -> None:
    """Whose membership is lost nobody knows, and to decide its customer without it could take a tier away."""
    with pytest.raises(DataError) as caught:
        load(memberships_csv=f"customer,tier\nC1,gold\n{line}\n".encode(errors="surrogateescape"))
    assert [3] == [one.source.line for one in caught.value.problems if one.source is not None]


def test_who_cannot_be_admitted_is_told_with_the_problems(load: Load, program: Program) -> None:
    """Events that are fine alone and impossible together leave nobody half decided."""

    def never(**_: object) -> object:
        return program.customer(facts={"unheard": 1})

    base = load(customers_csv="customer\nC1\n")
    ((_, customer, problems),) = base.customers(never)
    assert (None, ["undeclared-fact"]) == (customer, [one.code for one in problems])


def test_rows_are_written_as_lines_of_json(tmp_path: Path) -> None:
    """A row is one line whatever it holds."""
    with (tmp_path / "x").open("w+", encoding="utf-8") as stream:
        json_rows(stream)({"a": "x\ny", "b": "会员"})
        stream.seek(0)
        assert '{"a": "x\\ny", "b": "会员"}\n' == stream.read()
