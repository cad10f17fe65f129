"""The closed expression tree: what every policy is lowered to and every executor understands.

Values are whole numbers (amounts in their declared smallest unit, days, ranks of a scale), exact
fractions, text and truth values; None is *unknown*. A node knows nothing of tiers, benefits or
plug-ins: the tier machine, like everything else, is an arrangement of these kinds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Literal

from attrs import field, fields, frozen, has

from viprules.engine.days import Span
from viprules.errors import Source

__all__ = [
    "TODAY",
    "Aggregate",
    "All",
    "Any",
    "Arith",
    "AtDay",
    "AtLeast",
    "Binding",
    "Call",
    "Case",
    "Certain",
    "Cmp",
    "DailyAverage",
    "Elapsed",
    "Fact",
    "Field",
    "FirstKnown",
    "HasAll",
    "In",
    "Known",
    "Lit",
    "Node",
    "Not",
    "PeriodDay",
    "Ref",
    "Round",
    "Scalar",
    "Shift",
    "Streak",
    "Told",
    "children",
    "walk_nodes",
]

Scalar = int | Fraction | str | bool | tuple["Scalar", ...] | None
CmpOp = Literal["<", "<=", "==", "!=", ">=", ">"]
ArithOp = Literal["add", "subtract", "product", "quotient", "highest", "lowest"]
RoundMode = Literal["down", "up", "half_up", "half_even"]
Measure = Literal[
    "sum", "max", "min", "average", "first", "last", "distinct", "count", "count_days", "last_day", "first_day", "each"
]


class Node:
    """Base of the closed set of kinds below; nothing outside this module derives from it."""

    __slots__ = ()


@frozen(cache_hash=True)
class Lit(Node):
    """A constant."""

    value: Scalar


@frozen(cache_hash=True)
class Ref(Node):
    """The value bound to a name: an input of the step, a metric, an earlier binding, `day`."""

    name: str


@frozen(cache_hash=True)
class Fact(Node):
    """The customer's fact as known at the end of the day asked; `per` picks an entry (a year, a tier)."""

    name: str
    per: Node | None = None


@frozen(cache_hash=True)
class Field(Node):
    """A field of the event at hand (only inside an aggregate or a computed field)."""

    name: str


@frozen(cache_hash=True)
class Arith(Node):
    """Exact arithmetic; unknown if an item is unknown; a quotient by zero is unknown."""

    op: ArithOp
    items: tuple[Node, ...]


@frozen(cache_hash=True)
class Round(Node):
    """Rounded to whole multiples of `unit`: `down` and `up` are towards and away from zero."""

    value: Node
    mode: RoundMode
    unit: Fraction


@frozen(cache_hash=True)
class Cmp(Node):
    """A comparison; unknown if a side is unknown. Never rounds."""

    op: CmpOp
    left: Node
    right: Node


@frozen(cache_hash=True)
class In(Node):
    """Is the value one of the constants?"""

    value: Node
    options: tuple[Scalar, ...]


@frozen(cache_hash=True)
class HasAll(Node):
    """Does the list hold all of the constants?"""

    value: Node
    options: tuple[Scalar, ...]


@frozen(cache_hash=True)
class All(Node):
    """Three-valued and: false as soon as one item is false."""

    items: tuple[Node, ...]


@frozen(cache_hash=True)
class Any(Node):
    """Three-valued or: true as soon as one item is true."""

    items: tuple[Node, ...]


@frozen(cache_hash=True)
class Not(Node):
    """Three-valued not."""

    item: Node


@frozen(cache_hash=True)
class AtLeast(Node):
    """True if n items are true, false if that can no longer be, else unknown."""

    count: int
    items: tuple[Node, ...]


@frozen(cache_hash=True)
class Certain(Node):
    """Is the item surely `truth`? Unknown is neither surely true nor surely false."""

    item: Node
    truth: bool = True


@frozen(cache_hash=True)
class Known(Node):
    """Is the value known?"""

    value: Node


@frozen(cache_hash=True)
class Case(Node):
    """The value of the first branch whose condition is surely true, else `otherwise`.

    With `strict`, an unknown condition before the first true one makes the value unknown.
    """

    branches: tuple[tuple[Node, Node], ...]
    otherwise: Node
    strict: bool = False


@frozen(cache_hash=True)
class FirstKnown(Node):
    """The first item that is known."""

    items: tuple[Node, ...]


@frozen(cache_hash=True)
class Shift(Node):
    """A day moved by a span, `times` (+1 or -1) of it; month arithmetic is clamped.

    With `last`, the last day of a span that starts on the day (the eve of the anniversary).
    """

    day: Node
    span: Span
    times: int = 1
    last: bool = False


@frozen(cache_hash=True)
class PeriodDay(Node):
    """The first day of the period that lies `offset` periods from the one holding `day`."""

    length: Span
    anchor: Node
    day: Node
    offset: int = 0


@frozen(cache_hash=True)
class Aggregate(Node):
    """A measure over the events of a type from day `first` to day `last`, both included.

    Events count as known at the end of the day asked. `minutes` narrows the window to the last so
    many minutes before the end of that day.
    """

    how: Measure
    event: str
    value: Node | None
    where: Node | None
    first: Node
    last: Node
    minutes: int = 0


@frozen(cache_hash=True)
class AtDay(Node):
    """The value as it was at the end of another day."""

    value: Node
    day: Node


@frozen(cache_hash=True)
class Streak(Node):
    """How many complete periods in a row meet the condition, going back from the last complete one.

    `offset` counts from the period of the day asked. With `counts_first` the period that the run
    starts from counts as well. No period that ended before the customer's first event counts.
    """

    length: Span
    anchor: Node
    condition: Node
    counts_first: bool


@frozen(cache_hash=True)
class DailyAverage(Node):
    """The average of a dated fact over every day from `first` to `last`; unknown if a day has none."""

    fact: str
    first: Node
    last: Node


@frozen(cache_hash=True)
class Elapsed(Node):
    """Whole (or started) units from one day to another."""

    since: Node
    until: Node
    unit: Literal["days", "months", "years"]
    started: bool = False


@frozen(cache_hash=True)
class Call(Node):
    """A plug-in's own function of the items: opaque, and unknown while an item is unknown.

    It has no other form than this one, so it is walked, never compiled or turned into SQL.
    """

    function: Callable[..., Scalar]
    items: tuple[Node, ...]


@frozen(cache_hash=True)
class Told(Node):
    """A node of which the explanation tells: executors look through it, the walk records it."""

    item: Node
    label: str
    bound: Node | None = None
    window: tuple[Node, Node] | None = None
    source: Source | None = field(default=None, eq=False)
    kind: str = ""
    """What is told: `test` (a comparison), `group` (all, any, not, n of), or a way's name."""
    measured: Node | None = None
    upper: Node | None = None
    """The upper end of a range."""
    decimals: int = 0
    unit: str = ""
    words: tuple[tuple[str, str], ...] = field(default=(), eq=False)
    """What a criterion says of itself, by language."""


@frozen(cache_hash=True)
class Binding:
    """A name and the node whose value it takes; a list of bindings is evaluated in order."""

    name: str
    node: Node


TODAY = Ref("day")
"""The day asked: what every window, validity and span counts from."""


# attrs makes each class anew, with slots; the one that was written is left behind.
_HOLDING: dict[type, tuple[str, ...]] = {
    kind: tuple(one.name for one in fields(kind) if "Node" in str(one.type))
    for kind in Node.__subclasses__()
    if has(kind)
}
"""The fields of each kind that may hold nodes."""


def children(node: Node) -> list[Node]:
    """The nodes directly under `node`, in the order of its fields."""
    found: list[Node] = []
    for name in _HOLDING[type(node)]:
        _collect(getattr(node, name), found)
    return found


def _collect(value: object, found: list[Node]) -> None:
    if isinstance(value, Node):
        found.append(value)
    elif isinstance(value, tuple):
        for item in value:
            _collect(item, found)


def walk_nodes(node: Node) -> Iterator[Node]:
    """`node` and all nodes under it, parents first."""
    rest = [node]
    while rest:
        one = rest.pop()
        yield one
        rest.extend(reversed(children(one)))
