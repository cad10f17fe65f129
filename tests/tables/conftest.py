"""A policy and the tools to read small files with it."""

from collections.abc import Callable
from pathlib import Path

import pytest

import viprules
from viprules.engine.program import Program
from viprules.tables import Base, Declared, Sources, parse_mapping, read_base

POLICY = """
viprules: 1
program: {id: shop, timezone: Asia/Shanghai, currency: CNY}
facts: {birthday: date, region: {type: text, in: [north, south]}, tags: [text]}
events:
  purchase: {amount: money, pieces: number}
  return: {returns: purchase, amount: money}
metrics:
  spend: {sum: {of: purchase.amount, window: lifetime}}
tiers:
  - {id: guest, enter: everyone}
  - {id: gold, enter: {spend: {at_least: 100}}}
transitions: {validity: forever}
"""
DECLARED = Declared(
    facts=("birthday", "region", "tags"),
    fields=("amount", "pieces", "sale", "sale_day"),
    numbers=frozenset({"amount", "pieces"}),
)
Load = Callable[..., Base]


@pytest.fixture(scope="session")
def program() -> Program:
    """Return the policy, ready to decide."""
    return viprules.loads(POLICY)


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Return a function that reads a base from the texts of files."""

    def read(mapping: str = "mapping: 1", **files: str | bytes) -> Base:
        paths: dict[str, Path] = {}
        for name, text in files.items():
            kind, _, ending = name.rpartition("_")
            paths[kind] = tmp_path / f"{kind}.{ending}"
            paths[kind].write_bytes(text if isinstance(text, bytes) else text.encode())
        sources = Sources(
            customers=paths.get("customers"),
            events=(paths["events"],) if "events" in paths else (),
            memberships=paths.get("memberships"),
        )
        return read_base(sources, parse_mapping(mapping, "mapping.yaml", tmp_path), DECLARED)

    return read
