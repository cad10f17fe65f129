"""`viprules-partner`: the places of partners' offers, given out among the decisions of a run."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import viprules
from viprules_partner.allocation import allocated

__all__ = ["main"]

EXAMPLE = """example:
  viprules decide policy.yaml --events events.csv --as-of 2026-12-31 --output decisions.jsonl
  viprules-partner policy.yaml decisions.jsonl"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Print an allocation for each offer, a line of JSON each; 1 where the files cannot be used, 2 for a wrong call."""
    parser = argparse.ArgumentParser(
        prog="viprules-partner",
        description="Give out the places of partners' offers among the customers of a run.",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("policy", metavar="POLICY", help="the policy, for the order of its tiers")
    parser.add_argument("decisions", metavar="DECISIONS", help="what `viprules decide` wrote, as .jsonl")
    given = parser.parse_args(arguments)
    try:
        program = viprules.load(given.policy)
        ranks = {tier.id: rank for rank, tier in enumerate(program.tier_sets[0].tiers, 1)}
        found = allocated(_rows(Path(given.decisions)), ranks)
    except (viprules.PolicyError, OSError, ValueError) as error:
        sys.stderr.write(f"viprules-partner: {error}\n")
        return 1
    for one in found:
        sys.stdout.write(json.dumps(one.as_dict(), ensure_ascii=False) + "\n")
    return 0


def _rows(path: Path) -> Iterator[Mapping[str, Any]]:
    with path.open(encoding="utf-8") as stream:
        for number, line in enumerate(stream, 1):
            row = json.loads(line)
            if not isinstance(row, dict) or "customer" not in row:
                raise ValueError(f"`{path}`, line {number}: this is no decision")
            if "tier" in row:  # who could not be decided has none
                yield row
