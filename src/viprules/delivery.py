"""From decisions to delivered messages: the only place from which the outer world is touched.

Deciding sends nothing; not calling this is a dry run. Delivery is at least once with a stable id: what the file of
receipts says was sent is not sent again, and after a crash between sending and noting it a message may go twice, with
the same id.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, Final

from attrs import evolve, field, frozen
from cattrs import Converter
from cattrs.errors import BaseValidationError

from viprules.engine.deciding.decision import Decision, Standing
from viprules.engine.deciding.messages import Message, Receipt, due, message_id
from viprules.engine.policy.describing import ChannelType, described, key_name
from viprules.engine.policy.fragments import fragment
from viprules.engine.policy.model import MessageForm
from viprules.engine.policy.templates import filled, names_in
from viprules.engine.program import Program
from viprules.engine.reading.faults import judge
from viprules.engine.tree.kinds import Type, shown
from viprules.errors import UsageError
from viprules.plugins.opening import BrokenPluginError, within

__all__ = ["Channel", "Delivery", "channels_of", "messages_of", "receipts"]

DEADLINE: Final = 30.0
"""Seconds that one message may take."""
LANGUAGE: Final = "language"
"""The fact that says in which language a customer is spoken to."""
OPEN_END: Final = {"zh": "长期有效"}
OPEN_END_ELSE: Final = "without a fixed end"


@frozen(kw_only=True)
class Channel:
    """A channel ready to send: its type with this installation's settings."""

    type: ChannelType
    settings: Any = field(repr=False)

    def send(self, message: Message) -> str:
        """Deliver; gives what the other side calls it. Raises whatever the channel raises."""
        found = self.type.send(self.settings, message)
        return found if isinstance(found, str) else ""


def channels_of(
    program: Program, types: Mapping[str, ChannelType], settings: Mapping[str, Mapping[str, Any]]
) -> dict[str, Channel]:
    """The channels that a policy's messages need, with what `[channels.NAME]` of the settings says.

    Raises UsageError that names everything wrong with the settings; it never shows a value of them.
    """
    names = dict.fromkeys(one for message in program.policy.messages for one in message.channels)
    wrong = [text for name in names for text in _wrong(types[name], settings.get(name, {}))]
    if wrong:
        raise UsageError("; ".join(wrong))
    return {name: _channel(types[name], settings.get(name, {})) for name in names}


def _wrong(kind: ChannelType, table: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with settings, without showing one: it may be a secret."""
    schema = fragment(kind.settings)
    for one in judge(table, schema):
        if one.code in ("missing-key", "unknown-key"):
            yield f"`[channels.{kind.name}]`: {one.message}" + (f" ({one.hint})" if one.hint else "")
    for name, shape in schema["properties"].items():
        if name in table and judge({name: table[name]}, {"type": "object", "properties": {name: shape}}):
            about = f"{shape['description']}; see `viprules docs {kind.name}`"
            yield f"`[channels.{kind.name}]`: `{name}` does not fit: {about}"


def _channel(kind: ChannelType, table: Mapping[str, Any]) -> Channel:
    names = {key_name(one): one.name for one in described(kind.settings)}
    converter = Converter(forbid_extra_keys=True)
    try:
        settings: Any = converter.structure({names[key]: value for key, value in table.items()}, kind.settings)
    except (BaseValidationError, ValueError, TypeError) as error:
        raise UsageError(f"`[channels.{kind.name}]` cannot be used: {type(error).__name__}") from None
    return Channel(type=kind, settings=settings)


# --- what is to be sent ------------------------------------------------------------------------------


def messages_of(program: Program, decision: Decision, channels: Mapping[str, Channel]) -> Iterator[Message | Receipt]:
    """The messages that a decision brings about; a receipt for one that cannot be written."""
    for form, standing in due(program.policy, decision):
        language = _language(form, decision)
        for name in form.channels:
            plain = Message(
                id=message_id(program.id, decision.customer.id, form.name, name, str(standing.since)),
                program=program.id,
                customer=decision.customer.id,
                name=form.name,
                channel=name,
                tier=standing.tier or "",
                since=str(standing.since),
                language=language,
                text=form.texts[language],
            )
            yield _written(plain, program, decision, standing, channels[name])


def _language(form: MessageForm, decision: Decision) -> str:
    """The customer's language, if the message has it; else the message's first."""
    wanted = decision.customer.fact(LANGUAGE, decision.at.day)
    return wanted if wanted in form.texts else next(iter(form.texts))


def _written(
    message: Message, program: Program, decision: Decision, standing: Standing, channel: Channel
) -> Message | Receipt:
    wanted = names_in(message.text)
    values = _values(wanted, program, decision, standing, message.language)
    to = getattr(channel.settings, "to", None)
    address = None if to is None else _fact(to, program, decision)
    missing = [one for one in wanted if one not in values] + ([to] if to is not None and address is None else [])
    if missing:
        unknown = ", ".join(f"`{one}`" for one in dict.fromkeys(missing))
        return _receipt(message, "skipped", reason=f"{unknown} is unknown")
    return evolve(message, text=filled(message.text, values), to=address)


def _values(
    names: Iterable[str], program: Program, decision: Decision, standing: Standing, language: str
) -> dict[str, str]:
    """What the names stand for, as people write it; unknown ones are absent."""
    tier = next(one for ladder in program.tier_sets for one in ladder.tiers if one.id == standing.tier)
    until = OPEN_END.get(language, OPEN_END_ELSE) if standing.valid_until is None else str(standing.valid_until)
    found: dict[str, str | None] = {
        "customer": decision.customer.id,
        "tier": tier.name.get(language) or tier.name.get("") or tier.id,
        "since": str(standing.since),
        "valid_until": until,
        "as_of": str(decision.as_of),
    }
    wanted = [one for one in names if one not in found]
    found |= {one: _fact(one, program, decision) for one in wanted if one in program.policy.facts}
    if any(one in program.policy.metrics for one in wanted):
        found |= program.explain(decision.customer, as_of=decision.as_of).metrics
    return {name: value for name, value in found.items() if value is not None}


def _fact(name: str, program: Program, decision: Decision) -> str | None:
    value = decision.customer.fact(name, decision.at.day)
    return None if value is None else shown(value, program.plan.types.get(name, Type(kind="text")))


# --- sending -----------------------------------------------------------------------------------------


@frozen(kw_only=True, eq=False)
class Delivery:
    """Sends messages and notes what came of each."""

    channels: Mapping[str, Channel]
    note: Callable[[Receipt], None]
    """Is given every receipt."""
    sent: set[str]
    """The ids of messages that need not be sent again; grows."""
    deadline: float = DEADLINE

    def deliver(self, message: Message | Receipt) -> Receipt:
        """Send a message; whatever the channel does, there is a receipt and nothing is raised."""
        found = message if isinstance(message, Receipt) else self._tried(message)
        self.note(found)
        return found

    def _tried(self, message: Message) -> Receipt:
        if message.id in self.sent:
            return _receipt(message, "repeated")
        try:
            reference = within(self.deadline, lambda: self.channels[message.channel].send(message))
        except BrokenPluginError as error:
            return _receipt(message, "failed", reason=str(error))
        self.sent.add(message.id)
        return _receipt(message, "sent", reference=reference)


def _receipt(message: Message, status: Any, *, reason: str = "", reference: str = "") -> Receipt:
    return Receipt(
        message=message.id,
        customer=message.customer,
        name=message.name,
        channel=message.channel,
        status=status,
        reason=reason,
        reference=reference,
        at=datetime.now(UTC),
    )


@contextmanager
def receipts(path: Path) -> Iterator[tuple[set[str], Callable[[Receipt], None]]]:
    """The ids that a file says were sent, and a function that appends a receipt to it, line by line as it happens.

    Raises UsageError for a file that is none of receipts; a last line that was cut off by a crash is let be.
    """
    sent = _sent(path)
    try:
        stream = path.open("a", encoding="utf-8")
    except OSError as error:
        raise UsageError(f"`{path}` cannot be written: {error.strerror or error}") from error
    with stream:
        yield sent, lambda receipt: _append(stream, receipt)


def _append(stream: IO[str], receipt: Receipt) -> None:
    if receipt.status != "repeated":
        stream.write(json.dumps(receipt.as_dict(), ensure_ascii=False) + "\n")
        stream.flush()


def _sent(path: Path) -> set[str]:
    if not path.exists():
        return set()
    text = path.read_text(encoding="utf-8")
    *lines, last = text.split("\n")
    if last:  # a crash cut it off: what it would have said is sent again, with the same id
        with path.open("a", encoding="utf-8") as stream:
            stream.write("\n")
    found = set()
    for number, line in enumerate(lines, 1):
        row = _row(line)
        if row is None and line and number < len(lines):
            raise UsageError(f"`{path}`, line {number}: this is no file of receipts")
        if row is not None and row.get("status") == "sent":
            found.add(str(row["message"]))
    return found


def _row(line: str) -> Any:
    try:
        row = json.loads(line)
    except ValueError:
        return None
    return row if isinstance(row, dict) and {"message", "status"} <= row.keys() else None
