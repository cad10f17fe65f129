"""What a run of `decide` tells others: messages to customers, and observers."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import define, field

from viprules.cli.console import Console
from viprules.delivery import Channel
from viprules.engine.deciding.messages import Message, Receipt
from viprules.engine.program import Program
from viprules.plugins import Observers

if TYPE_CHECKING:
    from viprules.cli.progress import Progress
    from viprules.engine.deciding.decision import Decision
    from viprules.plugins import PluginSettings

__all__ = ["Telling"]


@define(kw_only=True)
class Telling:
    """Collects the messages of a run while it decides, and sends them when everything is written."""

    program: Program
    console: Console
    observers: Observers
    channels: dict[str, Channel] | None
    """None: nothing is to be sent, and messages are only counted."""
    messages: list[Message | Receipt] = field(factory=list)
    waiting: int = 0

    @classmethod
    def of(cls, program: Program, settings: PluginSettings, console: Console, *, deliver: bool) -> Telling:
        """Ready to be told; raises UsageError for settings of a channel that cannot be used."""
        from viprules.delivery import channels_of
        from viprules.plugins import Observers, catalogue_for

        def failed(owner: str, reason: str) -> None:
            console.note(console.say("plugins.observer-failed", owner=owner, reason=reason))

        observers = Observers.of(settings, failed)
        observers.policy_loaded(program)
        channels = None
        if deliver:
            names = {one for message in program.policy.messages for one in message.channels}
            channels = channels_of(program, catalogue_for(names, settings).channels, settings.channels)
        return cls(program=program, console=console, observers=observers, channels=channels)

    def decided(self, decision: Decision) -> None:
        """A decision was made."""
        from viprules.delivery import messages_of
        from viprules.engine.deciding.messages import due

        self.observers.decided(self.program, decision)
        if self.channels is None:
            self.waiting += sum(len(form.channels) for form, _ in due(self.program.policy, decision))
        else:
            self.messages += messages_of(self.program, decision, self.channels)

    def deliver(self, path: Path, progress: Progress) -> bool:
        """Send what was collected, with a receipt for each in the file; gives whether some could not be sent."""
        if self.channels is None:
            if self.waiting:
                self.console.note(self.console.say("decide.waiting", n=f"{self.waiting:,}"))
            return False
        from viprules.delivery import Delivery, receipts

        counts: Counter[str] = Counter()
        with receipts(path) as (sent, note):
            delivery = Delivery(channels=self.channels, note=note, sent=sent)
            for number, one in enumerate(self.messages, 1):
                receipt = delivery.deliver(one)
                counts[receipt.status] += 1
                self.observers.delivered(receipt)
                progress(self.console.say("decide.delivering"), number, len(self.messages))
        self._report(counts, path)
        return counts["failed"] > 0

    def _report(self, counts: Counter[str], path: Path) -> None:
        told: dict[str, Any] = {one: f"{counts[one]:,}" for one in ("sent", "failed", "skipped", "repeated")}
        self.console.note(self.console.say("decide.delivered", file=str(path), **told))
