"""The policy as checked values: what the file says, structured, before anything is lowered.

Every class is frozen and keyword-only. Text that may be a name or a constant stays `Written` until
the lowering knows which type is wanted there.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any as Anything
from typing import Literal

from attrs import field, frozen

from viprules.engine.days import Span
from viprules.engine.policy.describing import key
from viprules.errors import Source

__all__ = [
    "Approved", "BenefitUse", "Block", "Clause", "Condition", "DayForm", "Downgrade", "EventType", "Extension",
    "FieldType", "Group", "Layer", "MessageForm", "PeriodForm", "Policy", "Program", "Raise", "Renew", "Returns",
    "SpanForm", "Term", "Test", "Texts", "Tier", "TierSet", "Upgrade", "Value", "Way", "WindowForm", "Written",
]  # fmt: skip

Texts = Mapping[str, str]
"""A name for people, by language: `{zh: 金卡, en: Gold}`; one text alone stands under the empty key."""
Scalar = str | int | Decimal | bool


def _unchanging(table: Mapping[str, Anything]) -> Mapping[str, Anything]:
    """A table that nobody can change, plug-ins included."""
    return MappingProxyType(dict(table))


@frozen(kw_only=True)
class Written:
    """A scalar as the file has it: a constant or a name, which only the place can tell."""

    value: Scalar | tuple[Scalar, ...]
    source: Source | None = field(default=None, eq=False)


@frozen(kw_only=True)
class Term:
    """A term of the catalogue with its checked parameters: `{sum: {of: purchase.amount, …}}`."""

    name: str
    parameters: Anything
    source: Source | None = field(default=None, eq=False)


@frozen(kw_only=True)
class Dated:
    """A value that changes on stated days: the last one on or before the day asked holds."""

    steps: tuple[tuple[int, Value], ...]
    source: Source | None = field(default=None, eq=False)


Value = Written | Term | Dated


@frozen(kw_only=True)
class Test:
    """A name with what is asked of it; several checks mean *and*."""

    name: str
    checks: tuple[tuple[str, Anything], ...]
    source: Source | None = field(default=None, eq=False)


@frozen(kw_only=True)
class Group:
    """`all`, `any`, `not`, `at_least_of`, or `everyone`."""

    kind: Literal["all", "any", "not", "at_least_of", "everyone"]
    items: tuple[Condition, ...] = ()
    count: int = 0
    source: Source | None = field(default=None, eq=False)


Clause = Test | Group | Term


@frozen(kw_only=True)
class Condition:
    """Clauses that must all hold."""

    clauses: tuple[Clause, ...]
    source: Source | None = field(default=None, eq=False)


@frozen(kw_only=True)
class PeriodForm:
    """A named period: `{every: 12 months, from: joined, back_to: month}`."""

    every: Span
    anchor: DayForm | None = None
    entered: str | None = None
    back_to: str | None = None
    source: Source | None = field(default=None, eq=False)


@frozen(kw_only=True)
class DayForm:
    """A day: a date, `MM-DD`, a date fact, or the first or last day of a period; `plus` moves it."""

    date: int | None = None
    month_day: str | None = None
    fact: str | None = None
    edge: Literal["first", "last"] | None = None
    offset: int = 0
    period: str = ""
    plus: tuple[Span, int] | None = None
    source: Source | None = field(default=None, eq=False)


@frozen(kw_only=True)
class WindowForm:
    """Which days a measure looks at."""

    kind: Literal["lifetime", "this", "previous", "last", "since", "between"]
    period: str = ""
    count: int = 0
    """`and_previous` of `this`, `count` of `previous`."""
    span: Span | None = None
    since: DayForm | str | None = None
    source: Source | None = field(default=None, eq=False)


@frozen(kw_only=True)
class SpanForm:
    """How long something lasts."""

    kind: Literal["for", "after", "through", "until", "while_it_holds", "forever"]
    span: Span | None = None
    value: Value | None = None
    """A length that depends on the customer (`{by: tier, …}`); its constants are durations."""
    period: str = ""
    offset: int = 0
    plus: Span | None = None
    until: DayForm | None = None
    to_end_of: str | None = None
    append: bool = False
    """`from: current_end`: counted from the end of the grant that runs."""
    source: Source | None = field(default=None, eq=False)


@frozen(kw_only=True)
class FieldType:
    """The type of a fact or of an event's field."""

    kind: str
    """`number money text date true_false`, a scale's name, or `tier`."""
    many: bool = False
    decimals: int = 0
    options: tuple[str, ...] = ()
    if_missing: Scalar | None = None
    per: str | None = None
    set_by: tuple[tuple[str, str], ...] = ()
    value: Value | None = None
    source: Source | None = field(default=None, eq=False)


@frozen(kw_only=True)
class EventType:
    """An event with its fields; `returns` names the type of sale that it takes back."""

    name: str
    fields: Mapping[str, FieldType] = field(converter=_unchanging)
    returns: str | None = None
    source: Source | None = field(default=None, eq=False)


@frozen(kw_only=True)
class Money:
    """How amounts are rounded where they are shown or awarded."""

    round: str = key("`down`, `up`, `half_up` or `half_even`", default="half_up", examples=["half_up"])
    to: Decimal = key("the unit", default=Decimal("0.01"), examples=["0.01"])


@frozen(kw_only=True)
class Program:
    """Who runs the programme, where, and how its days and years are cut."""

    id: str = key("a short id of letters, digits, `.`, `_` and `-`", examples=["online-shop"])
    timezone: str = key("an IANA time zone", examples=["Asia/Shanghai"])
    name: Texts = key("the name for people, by language", factory=dict)
    currency: str = key("an ISO 4217 code", default="CNY", examples=["CNY"])
    subject: str = key("what is judged", default="customer", examples=["reservation"])
    history_from: int | None = key("the day from which the events are complete", default=None)
    day_starts: int = key("the hour at which a day begins", default=0, examples=["06:00"])
    year_starts: str = key("the month and day at which a year begins", default="01-01", examples=["03-01"])
    money: Money = key("how shown and awarded amounts are rounded", factory=Money)


@frozen(kw_only=True)
class Returns:
    """What a return does to measures and to tiers."""

    count_on: Literal["original_day", "own_day"] = key(
        "the day on which the difference counts", default="original_day", examples=["original_day"]
    )
    lower_tier: Literal["undo", "at_end", "never"] = key(
        "`undo` takes back at once what the net history does not give, `at_end` lets running grants end, "
        "`never` leaves the status as if nothing came back",
        default="undo",
        examples=["at_end"],
    )


@frozen(kw_only=True)
class Approved:
    """Who asks, who answers, and what must be known first."""

    requested_by: tuple[str, ...] = key("roles that may ask", factory=tuple)
    approved_by: tuple[str, ...] = key("roles that may answer; never who asked", factory=tuple)
    needs: Mapping[str, Condition] = key("named conditions that must hold first", factory=dict)


@frozen(kw_only=True)
class Way:
    """Another way to a tier."""

    cause: str = key("a short name, which every grant of this way carries", examples=["bought"])
    when: Condition | None = key("a state, asked whenever `enter` is", default=None)
    upon: str | None = key("a moment: the type of an event", default=None, examples=["purchase"])
    tier: Value | None = key("the tier, where the way stands on the tier set", default=None)
    validity: SpanForm | None = key("how long its grant lasts", default=None)
    approval: Approved | None = key("who must approve it", default=None)
    source: Source | None = field(default=None, eq=False)


@frozen(kw_only=True)
class Renew:
    """When a running grant is judged again."""

    at: Literal["once", "expiry", "review"] = key("`once`, `expiry` or `review`", default="once")
    as_of: tuple[DayForm, ...] = key("other days to judge at; the best of them counts", factory=tuple)
    validity: SpanForm | None = key("how long a renewal lasts", default=None)


@frozen(kw_only=True)
class Upgrade:
    """When and how far a customer rises."""

    at: Literal["once", "review", "next_period"] = key("when a rise takes effect", default="once")
    step: Literal["any", "one"] = key("how many levels at a time", default="any")


@frozen(kw_only=True)
class Downgrade:
    """Where a customer lands whose tier is not renewed."""

    to: str | tuple[str, int | str] = key("`beneath`, `supported`, `one_level`, …", default="beneath")
    at_least: str | None = key("never below this tier", default=None)
    validity: SpanForm | None = key("how long the landing lasts", default=None)
    grace: SpanForm | None = key("the same tier a while longer, asked daily", default=None)
    after: int = key("only after so many failed reviews", default=1)
    not_again_within: Span | None = key("the shortest time between two landings", default=None)
    warn: Span | None = key("how long before the end the decision says so", default=None)


@frozen(kw_only=True)
class Block:
    """One block of `transitions`; a tier may overrule each of its keys."""

    when: Condition | None = None
    validity: SpanForm | None = None
    renew: Renew | None = None
    review: str | None = None
    """The period on whose first day the review falls."""
    upgrade: Upgrade | None = None
    downgrade: Downgrade | None = None
    requires: Condition | None = None
    source: Source | None = field(default=None, eq=False)


@frozen(kw_only=True)
class BenefitUse:
    """A benefit as a tier gives it."""

    kind: str
    id: str
    parameters: Anything
    when: Condition | None = None
    quota_times: Value | None = None
    quota_per: str | None = None
    carry_over: bool = False
    valid: SpanForm | None = None
    group: str | None = None
    source: Source | None = field(default=None, eq=False)


@frozen(kw_only=True)
class Tier:
    """One level."""

    id: str
    name: Texts = field(factory=dict)
    enter: Condition | None = None
    stay: Condition | None = None
    reenter: Condition | None = None
    lifetime: Condition | None = None
    also: tuple[Way, ...] = ()
    transitions: Block = field(factory=Block)
    benefits: tuple[BenefitUse, ...] = ()
    inherit: bool = True
    everyone: bool = False
    source: Source | None = field(default=None, eq=False)


@frozen(kw_only=True)
class Raise:
    """So many levels above the highest other grant while a condition holds."""

    id: str
    when: Condition
    by: int = 1
    source: Source | None = field(default=None, eq=False)


@frozen(kw_only=True)
class Layer:
    """A cap or a floor while a condition holds."""

    id: str
    when: Condition
    tier: str
    source: Source | None = field(default=None, eq=False)


@frozen(kw_only=True)
class Extension:
    """For all who held a status on a day."""

    held: int
    until_at_least: int
    source: Source | None = field(default=None, eq=False)


@frozen(kw_only=True)
class TierSet:
    """One ladder: tiers from the lowest to the highest, and how customers move on it."""

    name: str
    tiers: tuple[Tier, ...]
    blocks: tuple[Block, ...]
    also: tuple[Way, ...] = ()
    raises: tuple[Raise, ...] = ()
    caps: tuple[Layer, ...] = ()
    floors: tuple[Layer, ...] = ()
    extensions: tuple[Extension, ...] = ()
    source: Source | None = field(default=None, eq=False)

    def rank(self, tier: str) -> int:
        """1 for the lowest tier; raises KeyError for another name."""
        return {one.id: number for number, one in enumerate(self.tiers, 1)}[tier]


@frozen(kw_only=True)
class MessageForm:
    """What a customer is told, and when: a text by language, with names in braces."""

    name: str
    tier: str
    """The tier that the customer comes to hold."""
    by: str | None
    """`upgrade` or `downgrade`; None: either."""
    channels: tuple[str, ...]
    texts: Texts
    source: Source | None = field(default=None, eq=False)


@frozen(kw_only=True)
class Policy:
    """A whole policy file."""

    program: Program
    facts: Mapping[str, FieldType] = field(converter=_unchanging)
    events: Mapping[str, EventType] = field(converter=_unchanging)
    scales: Mapping[str, tuple[str, ...]] = field(converter=_unchanging)
    periods: Mapping[str, PeriodForm] = field(converter=_unchanging)
    metrics: Mapping[str, Value] = field(converter=_unchanging)
    segments: Mapping[str, Condition] = field(converter=_unchanging)
    tier_sets: tuple[TierSet, ...]
    returns: Returns
    approval: Approved | None
    messages: tuple[MessageForm, ...] = ()
    digest: str
    sources: Mapping[str, Source] = field(eq=False, converter=_unchanging)
