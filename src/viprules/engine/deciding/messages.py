"""Messages that decisions bring about, and what came of sending them: values, and which ones are due.

Deciding sends nothing. A message has an id that is the same however often the same decision is made, so that whoever
receives it can tell a repetition.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Literal

from attrs import frozen

from viprules.engine.deciding.decision import Decision, Standing
from viprules.engine.policy.model import MessageForm, Policy

__all__ = ["Message", "Receipt", "due", "message_id"]

Status = Literal["sent", "failed", "skipped", "repeated"]


@frozen(kw_only=True)
class Message:
    """One text for one customer by one channel."""

    id: str
    """The same for the same customer, message, channel and day of entering: 32 hexadecimal digits."""
    program: str
    customer: str
    name: str
    """The message's name in the policy."""
    channel: str
    tier: str
    since: str
    """The day on which the tier was entered, as ISO text."""
    language: str
    text: str
    to: str | None = None
    """The customer's address, where the channel's settings name the fact that holds it."""

    def as_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "id": self.id,
            "program": self.program,
            "customer": self.customer,
            "name": self.name,
            "channel": self.channel,
            "tier": self.tier,
            "since": self.since,
            "language": self.language,
            "text": self.text,
            "to": self.to,
        }


@frozen(kw_only=True)
class Receipt:
    """What came of one message by one channel."""

    message: str
    """The message's id."""
    customer: str
    name: str
    channel: str
    status: Status
    """`sent`; `failed`, and may be tried again; `skipped` for a reason of the data; `repeated`: sent before."""
    reason: str = ""
    reference: str = ""
    """What the other side calls it."""
    at: datetime

    def as_dict(self) -> dict[str, Any]:
        """Plain data: a row of the file of receipts."""
        return {
            "message": self.message,
            "customer": self.customer,
            "name": self.name,
            "channel": self.channel,
            "status": self.status,
            "reason": self.reason,
            "reference": self.reference,
            "at": self.at.isoformat(timespec="milliseconds"),
        }


CHANGES: Mapping[str | None, tuple[str, ...]] = {
    None: ("upgrade", "downgrade"),
    "upgrade": ("upgrade",),
    "downgrade": ("downgrade",),
}
"""For what a message says of `by`, the changes upon which it is sent."""


def due(policy: Policy, decision: Decision) -> Iterator[tuple[MessageForm, Standing]]:
    """The messages that this decision brings about: its customer has come to hold their tier."""
    if not policy.messages:
        return
    for standing in decision.standings.values():
        for one in policy.messages:
            if one.tier == standing.tier and standing.change in CHANGES[one.by]:
                yield one, standing


def message_id(program: str, customer: str, name: str, channel: str, since: str) -> str:
    """The id of a message."""
    text = json.dumps([program, customer, name, channel, since])
    return hashlib.sha256(text.encode()).hexdigest()[:32]
