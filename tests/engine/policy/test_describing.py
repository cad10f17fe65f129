"""Descriptions: what a word says of itself, filled with its parameters."""

from attrs import frozen

from viprules.api import ChannelType, Condition, TermType, Texts, Typed, Written, key, nodes
from viprules.engine.policy.describing import described, key_name
from viprules.engine.tree.kinds import TRUTH


@frozen(kw_only=True)
class Parameters:
    """Of every sort."""

    days: tuple[int, ...] = key("some days", name="on")
    sure: bool = key("whether", default=True)
    share: object = key("a value as it is written", default=Written(value="10%"))
    note: Texts | None = key("a note", default=None)
    hidden: Condition | None = None


def test_words_are_filled_with_what_is_written() -> None:
    """Lists with commas, truth values as in the file, nothing for what is missing; under the names of the file."""
    words = {"en": "on {on}: {sure}, {share}{note}", "zh": "{on} 日"}
    term = TermType(
        name="t",
        parameters=Parameters,
        compile=lambda *_: Typed(node=nodes.Lit(value=True), type=TRUTH),
        doc="t",
        words=words,
    )
    assert (("en", "on 1, 2: true, 10%"), ("zh", "1, 2 日")) == term.said(Parameters(days=(1, 2)))
    assert ["on", "sure", "share", "note"] == [key_name(one) for one in described(Parameters)]


def test_the_parameters_of_a_channel_are_its_settings() -> None:
    """So that its page and its schema are made like those of terms and benefits."""
    channel = ChannelType(name="c", settings=Parameters, send=lambda *_: None, doc="c")
    assert channel.parameters is Parameters
