"""An observer for viprules that keeps a journal: a line of JSON for what happened, in its order."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from viprules.api import hookimpl

if TYPE_CHECKING:
    from viprules import Decision, Program
    from viprules.api import Receipt

__all__ = ["VIPRULES_CONTRACT"]

VIPRULES_CONTRACT = 1
FILE = "VIPRULES_JOURNAL"


@hookimpl
def viprules_policy_loaded(program: Program) -> None:
    """Note the policy by its digest, and how many warnings it has."""
    _note("policy_loaded", {"program": program.id, "digest": program.digest, "warnings": len(program.warnings)})


@hookimpl
def viprules_decided(program: Program, decision: Decision) -> None:
    """Note every tier set in which something changed; a customer whose tier stays has no line."""
    for name, one in decision.standings.items():
        if one.change != "none":
            about = {"program": program.id, "customer": decision.customer.id, "tier_set": name}
            _note("changed", {**about, "as_of": decision.as_of.isoformat(), **one.as_dict()})


@hookimpl
def viprules_delivered(receipt: Receipt) -> None:
    """Note the receipt."""
    _note("delivered", receipt.as_dict())


def _note(what: str, told: dict[str, Any]) -> None:
    """Append a line; without a file in the environment there is no journal, and that is an error to be told."""
    line = json.dumps(
        {"at": datetime.now(UTC).isoformat(timespec="milliseconds"), "what": what, **told}, ensure_ascii=False
    )
    with Path(os.environ[FILE]).open("a", encoding="utf-8") as stream:
        stream.write(line + "\n")
