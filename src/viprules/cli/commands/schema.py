"""`viprules schema`: the JSON Schemas that make editors complete and check while one types."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from viprules.cli.enabled import plugin_options, settings_of
from viprules.cli.parser import BadCallError

if TYPE_CHECKING:
    import argparse

    from viprules.cli.console import Console
    from viprules.cli.parser import Parser
    from viprules.plugins import Catalogue

__all__ = ["options", "run", "schema_of"]

KINDS = ("policy", "test", "mapping")


def options(parser: Parser) -> None:
    """Add what the command takes."""
    parser.places.add_argument("kind", nargs="?", choices=KINDS, default="policy", help=parser.say("schema.kind"))
    parser.option("--policy", "schema.policy")
    parser.option("--output", "schema.output")
    plugin_options(parser)


def run(given: argparse.Namespace, console: Console) -> int:
    """Print or write a schema."""
    if given.policy and given.kind != "policy":
        raise BadCallError(console.say("schema.only-policy"))
    catalogue = _catalogue(given, console)
    text = json.dumps(schema_of(given.kind, catalogue, given.policy), ensure_ascii=False, indent=2) + "\n"
    if given.output is None:
        console.out.write(text)
        return 0
    from pathlib import Path

    from viprules.tables.writing import replaced

    with replaced(Path(given.output)) as made:
        made.write_text(text, encoding="utf-8")
    if given.kind == "policy":
        console.note(console.say("schema.hint", file=given.output))
    return 0


def _catalogue(given: argparse.Namespace, console: Console) -> Catalogue:
    """Every word that is enabled; plug-ins that cannot be used are warned of, and the schema is made without them."""
    from pathlib import Path

    from viprules.plugins import catalogue_for

    found = catalogue_for(None, settings_of(given), Path(given.policy or ".").parent)
    for refusal in {one.values["owner"]: one for one in found.refused.values() if one.code == "plugin-broken"}.values():
        console.note(console.say("plugins.left-out", **refusal.values))
    return found


def schema_of(kind: str, catalogue: Catalogue, policy: str | None = None) -> dict[str, Any]:
    """The schema of a kind of file; of policies open to any name, or closed with the names of one."""
    if kind == "test":
        from viprules.testing import policy_test_schema

        return policy_test_schema()
    if kind == "mapping":
        from viprules.tables.mapping_schema import mapping_schema

        return mapping_schema()
    from viprules.engine.policy.names import Names
    from viprules.engine.policy.schema import policy_schema

    return policy_schema(catalogue, Names(open=True) if policy is None else _names_in(policy))


def _names_in(policy: str) -> Any:
    from pathlib import Path

    from viprules.engine.policy.structuring import declared_names
    from viprules.engine.reading.source import read
    from viprules.errors import PolicyError, problem

    try:
        document, problems = read(Path(policy).read_bytes(), policy)
    except OSError as error:
        reason = error.strerror or str(error)
        raise PolicyError([problem("file-unreadable", None, file=policy, reason=reason)]) from error
    if document is None:
        raise PolicyError(problems)
    return declared_names(document)
