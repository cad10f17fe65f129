"""From decisions to messages: which are due, what they say, that each is sent once and has a receipt."""

import json
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from attrs import frozen

import viprules
from viprules.api import ChannelType, Message, Receipt, key
from viprules.delivery import Channel, Delivery, channels_of, messages_of, receipts
from viprules.engine.deciding.decision import Decision
from viprules.errors import UsageError
from viprules.plugins import builtin_catalogue

POLICY = """\
viprules: 1
program: {id: shop, timezone: Asia/Shanghai, currency: CNY}
facts: {name: text, language: text, email: text, born: date}
events: {purchase: {amount: money}, return: {returns: purchase, amount: money}}
metrics: {spend: {sum: {of: purchase.amount, window: {this: year}}}}
tiers:
  - {id: guest, enter: everyone}
  - {id: silver, name: {zh: 银卡, en: Silver}, enter: {spend: {at_least: 100}}}
  - {id: gold, name: {zh: 金卡, en: Gold}, enter: {spend: {at_least: 1000}}}
transitions: {validity: {through: {this: year}}}
messages:
  risen:
    upon: {entering: silver, by: upgrade}
    channels: [console]
    zh: "{name}：{tier}，{valid_until}"
    en: "{name}: {tier}, {valid_until}, {spend}, {{{born}}}"
  fallen:
    upon: {entering: silver, by: downgrade}
    channels: [console]
    en: "back to {tier}"
  either:
    upon: {entering: gold}
    channels: [console]
    en: "{tier} since {since}, as of {as_of}, {customer}"
"""
PROGRAM = viprules.loads(POLICY)
CHANNELS = channels_of(PROGRAM, builtin_catalogue().channels, {})


def bought(amount: int, number: str = "1", day: str = "2026-03-01") -> dict[str, Any]:
    """Return a purchase."""
    return {"id": number, "type": "purchase", "at": day, "amount": amount}


def decided(events: list[dict[str, Any]], as_of: str, membership: Any = None, **facts: str) -> Decision:
    """Return a decision."""
    return PROGRAM.decide({"id": "C1", "events": events, "facts": facts, "membership": membership}, as_of=as_of)


def told(decision: Decision, program: viprules.Program = PROGRAM) -> list[tuple[str, str]]:
    """Return the messages that a decision brings about, each with its text or the reason that it has none."""
    found = messages_of(program, decision, CHANNELS)
    return [(one.name, one.text if isinstance(one, Message) else one.reason) for one in found]


def test_a_message_is_due_when_its_tier_is_entered() -> None:
    """Text in the customer's language, with what people would write in the place of names."""
    facts = {"name": "Bob", "born": "1990-02-28"}
    decision = decided([bought(120)], "2026-03-05", **facts)
    assert [("risen", "Bob：银卡，2026-12-31")] == told(decision)
    decision = decided([bought(120)], "2026-03-05", language="en", **facts)
    assert [("risen", "Bob: Silver, 2026-12-31, 120, {1990-02-28}")] == told(decision)


def test_another_language_than_the_message_has_gives_its_first() -> None:
    """Nobody is left without a message because of a language."""
    assert [("risen", "B：银卡，2026-12-31")] == told(decided([bought(120)], "2026-03-05", name="B", language="fr"))


def test_a_message_is_due_once() -> None:
    """The day after, from the record that was kept, nothing is due."""
    first = decided([bought(120)], "2026-03-05", name="B")
    later = decided([bought(120)], "2026-03-06", first.membership, name="B")
    assert ([1], []) == ([len(told(first))], told(later))


def test_rising_and_falling_are_told_apart() -> None:
    """Coming down to silver is no reason for congratulations; `by` unsaid, either way is one."""
    events = [bought(120), bought(1000, "2")]
    high = decided(events, "2026-03-05")
    assert [("either", "Gold since 2026-03-01, as of 2026-03-05, C1")] == told(high)
    back = [*events, {"id": "3", "type": "return", "sale": "2", "at": "2026-03-06"}]
    assert [("fallen", "back to Silver")] == told(decided(back, "2026-03-06", high.membership))


def test_an_unknown_name_skips_the_message() -> None:
    """Nobody is greeted as `None`; the receipt says what was missing."""
    assert [("risen", "`name` is unknown")] == told(decided([bought(120)], "2026-03-05"))


def test_an_open_end_is_said_in_words() -> None:
    """A tier without an end has no date to show."""
    program = viprules.loads(POLICY.replace("{through: {this: year}}", "forever"))
    customer = {"id": "C1", "events": [bought(120)], "facts": {"name": "B"}}
    decision = program.decide(customer, as_of="2026-03-05")
    assert [("risen", "B：银卡，长期有效")] == told(decision, program)


def ids(decision: Decision) -> list[str]:
    """Return the ids of the messages of a decision."""
    return [one.id for one in messages_of(PROGRAM, decision, CHANNELS) if isinstance(one, Message)]


def test_the_id_of_a_message_is_stable_and_its_own() -> None:
    """The same entering has one id however often and whenever it is decided; another year, another id."""
    one = ids(decided([bought(120)], "2026-03-05", name="B"))
    assert one == ids(decided([bought(120)], "2026-03-09", name="B"))
    assert one != ids(decided([bought(120, day="2027-03-01")], "2027-03-05", name="B"))
    assert 32 == len(one[0])


# --- sending -----------------------------------------------------------------------------------------


@frozen(kw_only=True)
class Settings:
    """Settings of a channel made for a test."""

    to: str = key("the fact that holds the address", default="email")
    secret: str = key("a secret", default="s3cret")


def sender(send: Any) -> dict[str, Channel]:
    """Return the console's place taken by a channel that does what a test wants."""
    kind = ChannelType(name="console", settings=Settings, send=send, doc="a test")
    return {"console": Channel(type=kind, settings=Settings())}


def sent(send: Any, sent_before: set[str] | None = None, deadline: float = 5.0) -> Receipt:
    """Return the receipt of one message by a channel that does what a test wants."""
    channels = sender(send)
    decision = decided([bought(120)], "2026-03-05", name="B", email="b@example.com")
    (message,) = messages_of(PROGRAM, decision, channels)
    notes: list[Receipt] = []
    delivery = Delivery(channels=channels, note=notes.append, sent=sent_before or set(), deadline=deadline)
    found = delivery.deliver(message)
    assert [found] == notes
    return found


def test_a_channel_is_given_the_address() -> None:
    """The fact that the settings name is the customer's address, and the reference is kept."""
    seen: list[Message] = []

    def send(_settings: Settings, message: Message) -> str:
        seen.append(message)
        return "ref-7"

    receipt = sent(send)
    assert ("sent", "ref-7", "b@example.com") == (receipt.status, receipt.reference, seen[0].to)


def test_without_an_address_nothing_is_sent() -> None:
    """The message is skipped, and the receipt names the fact."""
    (found,) = messages_of(
        PROGRAM, decided([bought(120)], "2026-03-05", name="B"), sender(lambda *_: pytest.fail("sent"))
    )
    assert isinstance(found, Receipt)
    assert ("skipped", "`email` is unknown") == (found.status, found.reason)


@pytest.mark.parametrize(
    ("send", "reason"),
    [
        (lambda *_: 1 / 0, "ZeroDivisionError: division by zero"),
        (lambda *_: sys.exit(1), "it called `sys.exit`"),
        (lambda *_: time.sleep(60), "it did not answer within 0.2 seconds"),
        (lambda: None, "TypeError"),
    ],
)
def test_whatever_a_channel_does_there_is_a_receipt(send: Any, reason: str) -> None:
    """Raising, leaving and hanging are failed deliveries, and may be tried again."""
    receipt = sent(send, deadline=0.2)
    assert "failed" == receipt.status
    assert reason in receipt.reason


@pytest.mark.parametrize("given", [None, 7, b"x", ["a"]])
def test_a_strange_reference_is_none(given: Any) -> None:
    """What is no text is no reference; the message was sent all the same."""
    receipt = sent(lambda *_: given)
    assert ("sent", "") == (receipt.status, receipt.reference)


def test_what_was_sent_is_not_sent_again(tmp_path: Path) -> None:
    """The file of receipts is read again by the next run; what failed is tried again."""
    path, calls = tmp_path / "receipts.jsonl", []

    def run(send: Any) -> str:
        channels = sender(send)
        decision = decided([bought(120)], "2026-03-05", name="B", email="b@example.com")
        with receipts(path) as (before, note):
            delivery = Delivery(channels=channels, note=note, sent=before)
            (receipt,) = [delivery.deliver(one) for one in messages_of(PROGRAM, decision, channels)]
        return receipt.status

    assert ["failed", "sent", "repeated"] == [
        run(lambda *_: 1 / 0),
        run(lambda *_: calls.append(1)),
        run(lambda *_: calls.append(1)),
    ]
    statuses = [json.loads(line)["status"] for line in path.read_text(encoding="utf-8").splitlines()]
    assert (["failed", "sent"], [1]) == (statuses, calls)


def test_a_line_that_a_crash_cut_off_is_let_be(tmp_path: Path) -> None:
    """What it would have said is sent again; later lines are whole."""
    path = tmp_path / "receipts.jsonl"
    path.write_text('{"message": "a", "status": "sent"}\n{"message": "b", "sta', encoding="utf-8")
    with receipts(path) as (before, _):
        assert {"a"} == before
    assert path.read_text(encoding="utf-8").endswith('"sta\n')
    with receipts(path) as (before, _):
        assert {"a"} == before


@pytest.mark.parametrize("text", ["name,tier\na,b\n", "[]\n{}\n", '{"message": 1}\n\n'])
def test_another_file_is_not_taken_for_receipts(tmp_path: Path, text: str) -> None:
    """Nothing is appended to a file that holds something else."""
    path = tmp_path / "receipts.jsonl"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match="line 1: this is no file of receipts"), receipts(path):
        pass
    assert text == path.read_text(encoding="utf-8")


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    """Before anything is sent."""
    with pytest.raises(UsageError, match="cannot be written"), receipts(tmp_path / "none" / "receipts.jsonl"):
        pass


# --- settings ----------------------------------------------------------------------------------------

EMAIL = viprules.loads(POLICY.replace("[console]", "[email]"))


@pytest.mark.parametrize(
    ("table", "wrong"),
    [
        ({}, "`[channels.email]`: `host` is missing"),
        ({"host": "h", "sender": "s", "subject": "x", "prot": 5}, "`[channels.email]`: `prot` is not known"),
        ({"host": 7, "sender": "s", "subject": "x"}, "`[channels.email]`: `host` does not fit: the server; see"),
        (
            {"host": "h", "sender": "s", "subject": "x", "port": 99999},
            "`[channels.email]`: `port` does not fit: the server's port",
        ),
    ],
)
def test_wrong_settings_are_told_without_their_values(table: Mapping[str, Any], wrong: str) -> None:
    """The key is named; a value may be a secret and is never shown."""
    with pytest.raises(UsageError) as caught:
        channels_of(EMAIL, builtin_catalogue().channels, {"email": table})
    assert wrong in str(caught.value)
    assert "99999" not in str(caught.value)


def test_settings_are_structured() -> None:
    """Unsaid keys have their defaults."""
    table = {"host": "h", "sender": "s@example.com", "subject": "x"}
    channel = channels_of(EMAIL, builtin_catalogue().channels, {"email": table})["email"]
    assert ("h", 587, "starttls") == (channel.settings.host, channel.settings.port, channel.settings.encryption)
    assert "s@example.com" not in repr(channel)
