"""The journal: a line for what happened, none for what did not, and no harm where it cannot be kept."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import viprules
import viprules_journal
from viprules.api import Receipt
from viprules.plugins import Observers, Owner, Plugin
from viprules.plugins.opening import opened

POLICY = """\
viprules: 1
program: {id: club, timezone: Asia/Shanghai, currency: CNY}
events: {purchase: {amount: money}}
metrics: {spend: {sum: {of: purchase.amount, window: {this: year}}}}
tiers:
  - {id: guest, enter: everyone}
  - {id: gold, enter: {spend: {at_least: 100}}}
transitions: {validity: {through: {this: year}}}
"""
PROGRAM = viprules.loads(POLICY)


def journal() -> tuple[Observers, list[str]]:
    """Return observers with the journal among them, and a list that fills with failures."""
    failures: list[str] = []
    plugin: Plugin = opened(lambda: viprules_journal, Owner(name="journal"), deadline=5)
    return Observers(plugins=[plugin], failed=lambda _, reason: failures.append(reason)), failures


def decided(amount: int) -> viprules.Decision:
    """Return the decision for somebody who bought once."""
    events = [{"id": "1", "type": "purchase", "at": "2026-03-01", "amount": amount}]
    return PROGRAM.decide({"id": "C1", "events": events}, as_of="2026-03-05")


@pytest.fixture
def lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a function that reads the journal."""
    path = tmp_path / "journal.jsonl"
    monkeypatch.setenv("VIPRULES_JOURNAL", str(path))
    return lambda: [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_what_happened_has_a_line(lines: Any) -> None:
    """The policy by its digest, the change with its days, the receipt."""
    told, failures = journal()
    told.policy_loaded(PROGRAM)
    told.decided(PROGRAM, decided(100))
    receipt = Receipt(
        message="m", customer="C1", name="n", channel="file", status="sent", at=datetime(2026, 3, 5, tzinfo=UTC)
    )
    told.delivered(receipt)
    loaded, changed, delivered = lines()
    assert [] == failures
    assert ("policy_loaded", PROGRAM.digest) == (loaded["what"], loaded["digest"])
    assert ("changed", "C1", "gold", "upgrade", "2026-12-31") == tuple(
        changed[key] for key in ("what", "customer", "tier", "change", "valid_until")
    )
    assert ("delivered", "sent") == (delivered["what"], delivered["status"])


def test_what_stays_has_none(lines: Any) -> None:
    """A base in which nobody moves leaves one line, for the policy."""
    told, _ = journal()
    told.policy_loaded(PROGRAM)
    told.decided(PROGRAM, decided(10))
    assert 1 == len(lines())


def test_a_journal_that_cannot_be_kept_harms_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a file it fails once, is named, and is told nothing more."""
    monkeypatch.delenv("VIPRULES_JOURNAL", raising=False)
    told, failures = journal()
    told.policy_loaded(PROGRAM)
    told.decided(PROGRAM, decided(100))
    assert ["KeyError: 'VIPRULES_JOURNAL'"] == failures
