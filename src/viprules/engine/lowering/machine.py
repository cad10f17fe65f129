"""The tier machine, lowered into the same tree as everything else.

One step of one tier set is a list of bindings over the metrics and the state before the day; what
they leave behind is the state from the next day on. Executors evaluate the bindings and know
nothing of tiers. The order of one judgement is that of the language: ways in, what ended by itself,
expiry or review, raises, caps and floors, overrides.

State of a tier set (`set.name` in the bindings, all day numbers or ranks; rank 0 is "no tier"):

`until.<lane>`   last valid day of a lane: one for what `enter` and `stay` give, one for each way
`tier since`     the tier held, and since when without a break
`entered.<r>`    first day of the unbroken holding at or above rank r, None if not held
`moment.<lane>`  last day on which a moment appended to the lane, 0 if never
`grant_from`     first day of the present grant
`best`           the highest rank ever held
`landed`         day of the last landing, 0 if none
`grace grace_tier`   last day of a running grace and its rank
`missed missed_tier` the day whose `stay` could not be judged, and its rank
`floor ceiling`  overrides for the day (given, not kept)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from attrs import field, frozen

from viprules.engine.days import FOREVER, Span
from viprules.engine.lowering.lowering import Scope, shift, tier_type
from viprules.engine.policy.model import (
    Condition,
    Downgrade,
    Renew,
    SpanForm,
    Tier,
    TierSet,
    Upgrade,
    Way,
)
from viprules.engine.tree.nodes import (
    TODAY,
    Aggregate,
    All,
    Any,
    Arith,
    AtDay,
    Binding,
    Case,
    Certain,
    Cmp,
    Fact,
    Field,
    In,
    Known,
    Lit,
    Node,
    Not,
    PeriodDay,
    Ref,
    Shift,
    Told,
    walk_nodes,
)

__all__ = ["GRACE", "HELD_ON", "LANDED", "PROVISIONAL", "RENEWED", "Lane", "Machine", "machine"]

RENEWED, PROVISIONAL, HELD_ON, GRACE, LANDED = 1, 2, 3, 4, 5
"""What the judgement of a grant that ends came to; 0 when there was none."""
TOMORROW = shift(TODAY, 1)
TRUE, FALSE, ZERO = Lit(value=True), Lit(value=False), Lit(0)
WHILE: Final = "while_it_holds"
Setting = SpanForm | Renew | Upgrade | Downgrade | str | Condition | None
Pairs = list[tuple[Node | None, Setting]]


@frozen(kw_only=True)
class Lane:
    """Where grants of one tier and one origin are kept: the tier's own lane, or that of a way."""

    rank: int
    tier: str
    cause: str = ""
    """The way's cause; empty for the tier's own lane."""
    way: Way | None = field(default=None, eq=False)

    @property
    def moment(self) -> bool:
        """Does each moment append to the grant that runs, so that the last one has to be kept in mind?"""
        way = self.way
        return way is not None and way.upon is not None and way.validity is not None and way.validity.append

    @property
    def key(self) -> str:
        """The lane's name in the state."""
        return f"{self.tier}/{self.cause}" if self.cause else self.tier


@frozen(kw_only=True)
class Machine:
    """A tier set with its lanes and the bindings of one step."""

    tier_set: TierSet
    lanes: tuple[Lane, ...]
    base: int
    """1 where the lowest tier is everyone's, else 0."""
    bindings: tuple[Binding, ...]
    asked: tuple[Binding, ...]
    """The conditions of each tier, for the explanation: `enter.<rank>`, `stay.<rank>`, `way.<lane>`."""
    reviews: tuple[str, ...]
    """The periods whose first days are review days."""
    asks_standing: bool = False
    """Does a condition ask for the tier held, or since when? Then a change may bring another on the next day."""
    drifts: bool = False
    """Does each day on which a way in is met move an end on? Then the last such day has to be stepped."""


def machine(tier_set: TierSet, scope: Scope) -> Machine:
    """Lower a tier set."""
    builder = _Builder(tier_set=tier_set, scope=scope.for_set(tier_set))
    builder.conditions()
    asked = tuple(builder.bindings)
    builder.ways_in()
    builder.fallen()
    builder.expiry()
    builder.layers()
    builder.outputs()
    name = tier_set.name
    return Machine(
        tier_set=tier_set,
        lanes=tuple(builder.lanes),
        base=builder.base,
        bindings=tuple(builder.bindings),
        asked=asked,
        reviews=builder.reviews(),
        asks_standing=builder.step_by_step() or any(_reads_standing(one, scope) for one in asked),
        drifts=any(_counts_from_today(one.node) for one in builder.bindings if one.name.startswith(f"{name}.in.")),
    )


def _counts_from_today(end: Node) -> bool:
    return any(isinstance(one, Shift) and one.day == TODAY and one.times > 0 for one in walk_nodes(end))


def _reads_standing(binding: Binding, scope: Scope) -> bool:
    metrics = [one.node for one in scope.metrics.values()]
    words = (".tier", ".since", ".grant_from", ".best")
    named = [one.name for node in (binding.node, *metrics) for one in walk_nodes(node) if isinstance(one, Ref)]
    return any(name.endswith(words) or ".entered." in name for name in named)


@frozen(kw_only=True)
class _Builder:  # one method per stage of the judgement, in its order
    tier_set: TierSet
    scope: Scope
    bindings: list[Binding] = field(factory=list)
    lanes: list[Lane] = field(factory=list)

    def __attrs_post_init__(self) -> None:
        """The lanes are derived from the tiers and their ways."""
        self.lanes.extend(_lanes(self.tier_set))

    # --- small words ----------------------------------------------------------------------------------

    @property
    def base(self) -> int:
        return 1 if self.tier_set.tiers and self.tier_set.tiers[0].everyone else 0

    @property
    def ranks(self) -> range:
        """The ranks that can be granted, lowest first."""
        return range(self.base + 1, len(self.tier_set.tiers) + 1)

    def tier(self, rank: int) -> Tier:
        return self.tier_set.tiers[rank - 1]

    def ref(self, name: str) -> Ref:
        return Ref(f"{self.tier_set.name}.{name}")

    def bind(self, name: str, node: Node) -> Ref:
        """Give a node a name; what is constant or a name already needs no binding of its own."""
        self.bindings.append(Binding(f"{self.tier_set.name}.{name}", node))
        return self.ref(name)

    def pairs(self, rank: int, key: str) -> Pairs:
        """The settings of a tier under a key, each with the condition of its block."""
        own = getattr(self.tier(rank).transitions, key)
        if own is not None:
            return [(None, own)]
        found: Pairs = []
        for number, block in enumerate(self.tier_set.blocks):
            condition = self.ref(f"block.{number}") if block.when else None
            found.append((condition, getattr(block, key)))
            if condition is None:
                return found
        return [*found, (None, None)]

    def pick(self, rank: int, key: str, make: Callable[[Setting], Node]) -> Node:
        """What a setting means, by the block that applies."""
        return case([(when, make(one)) for when, one in self.pairs(rank, key)])

    def highest(self, untils: Mapping[str, Node], day: Node) -> Node:
        """The highest rank with a lane in force on a day, else the base."""
        branches = []
        for rank in reversed(self.ranks):
            lanes = [Cmp(">=", untils[one.key], day) for one in self.lanes if one.rank == rank]
            branches.append((any_of(lanes), Lit(rank)))
        return Case(tuple(branches), Lit(self.base))

    def by_rank(self, rank: Node, make: Callable[[int], Node], otherwise: Node | None = ZERO) -> Node:
        """A node that depends on a computed rank; without `otherwise` the rank is surely one that can be granted."""
        made = [make(one) for one in self.ranks]
        if otherwise is None and made and all(one == made[0] for one in made):
            return made[0]
        branches = ((Cmp("==", rank, Lit(one)), node) for one, node in zip(self.ranks, made, strict=True))
        return case([*branches, (None, otherwise or ZERO)])

    # --- conditions -----------------------------------------------------------------------------------

    def conditions(self) -> None:
        """`enter`, `stay` and the ways of every tier, three-valued."""
        scope = self.scope
        for number, block in enumerate(self.tier_set.blocks):
            if block.when:
                self.bind(f"block.{number}", Certain(scope.condition(block.when)))
        for rank in self.ranks:
            tier = self.tier(rank)
            requires = self.pick(rank, "requires", lambda one: scope.condition(one) if one else TRUE)  # type: ignore[arg-type]  # the key holds conditions
            enter = scope.condition(tier.enter) if tier.enter else FALSE
            stay = scope.condition(tier.stay) if tier.stay else enter
            if tier.reenter:
                back = All((Cmp(">=", self.ref("best"), Lit(rank)), Cmp("<", self.ref("tier"), Lit(rank))))
                enter = Case(((back, scope.condition(tier.reenter)),), enter)
            self.bind(f"enter.{rank}", all_of([requires, enter]))
            self.bind(f"stay.{rank}", all_of([requires, stay]))
        for lane in self.lanes:
            if lane.way:
                self.bind(f"way.{lane.key}", self._way(lane, lane.way))

    def _way(self, lane: Lane, way: Way) -> Node:
        parts: list[Node] = []
        if way.when:
            parts.append(self.scope.condition(way.when))
        approval = way.approval or self.scope.policy.approval
        if way.upon and self.scope.event_type(way.upon, way.source):
            # What waits for an approval stays asked for; the approval is then the moment that counts.
            count = Aggregate("count", way.upon, None, None, Lit(1) if approval else TODAY, TODAY)
            parts.append(
                Told(
                    Cmp(">=", count, Lit(1)),
                    way.upon,
                    kind="upon",
                    bound=Lit(1),
                    measured=count,
                    source=way.source,
                    unit="number",
                )
            )
        if way.tier is not None:
            named = self.scope.value(way.tier, tier_type(self.tier_set))
            asks = Cmp("==", named.node, Lit(lane.rank))
            parts.append(
                Told(
                    asks,
                    self.tier_set.name,
                    kind="equals",
                    bound=Lit(lane.rank),
                    measured=named.node,
                    source=way.source,
                    unit="tier",
                )
            )
        asked = self.bind(f"asked.{lane.key}", all_of(parts))
        if approval is None:
            return asked
        needs = [
            self.bind(f"need.{lane.key}.{name}", self.scope.condition(one)) for name, one in approval.needs.items()
        ]
        for word in ("approved", "refused"):
            self.bind(f"{word}.{lane.key}", _answered(word, lane, way.cause, approval.approved_by))
        self.bind(f"requested.{lane.key}", _requested(way.cause, approval.requested_by))
        approved = self.ref(f"approved.{lane.key}")
        answered = Cmp("==", approved, TODAY) if way.upon else Known(approved)
        parts = [answered, self.later(lane), self.ref(f"requested.{lane.key}")]
        return all_of([asked, *needs, Told(All(tuple(parts)), "approval", source=way.source, kind="approval")])

    def later(self, lane: Lane) -> Node:
        """An approval counts until a later refusal."""
        approved, refused = self.ref(f"approved.{lane.key}"), self.ref(f"refused.{lane.key}")
        return Any((Not(Known(refused)), Cmp(">=", approved, refused)))

    # --- ways in --------------------------------------------------------------------------------------

    def ways_in(self) -> None:
        """Every way in that is met grants its tier from the day."""
        before = {one.key: self.ref(f"until.{one.key}") for one in self.lanes}
        self.bind("top", self.highest(before, TODAY))
        for lane in self.lanes:
            node = self._way_in(lane) if lane.way else self._own_way_in(lane.rank)
            self.bind(f"in.{lane.key}", node)

    def _way_in(self, lane: Lane) -> Node:
        met, until = self.ref(f"way.{lane.key}"), self.ref(f"until.{lane.key}")
        own = lane.way.validity if lane.way else None
        if lane.moment:
            fresh = Cmp("<", self.ref(f"moment.{lane.key}"), TODAY)
            self.bind(f"moment.{lane.key}'", case([(Certain(met), TODAY), (None, self.ref(f"moment.{lane.key}"))]))
            return self._granted(own or SpanForm(kind=WHILE), all_of([fresh, met]), until, moment=True)
        if own is not None:
            return self._granted(own, met, until)
        if lane.cause == "lifetime":
            return self._granted(SpanForm(kind="forever"), met, until)
        return self.pick(lane.rank, "validity", lambda one: self._granted(span(one), met, until))

    def _granted(self, validity: SpanForm, met: Node, until: Node, *, moment: bool = False) -> Node:
        """The lane's last valid day after its condition was asked."""
        if validity.kind == WHILE:
            ends = All((Cmp("==", until, Lit(FOREVER)), Certain(met, truth=False)))
            return Case(((Certain(met), Lit(FOREVER)), (ends, shift(TODAY, -1))), until)
        end = self.scope.ends(validity, TODAY, until)
        # A state that holds on appends once, when the grant that runs comes to its end; a moment at once.
        due = [Cmp("<=", until, TODAY)] if validity.append and not moment else []
        return Case(((all_of([Certain(met), *known(end), *due]), later_of(until, end)),), until)

    def _own_way_in(self, rank: int) -> Node:
        return self.pick(rank, "renew", lambda one: self._by_mode(rank, one if isinstance(one, Renew) else Renew()))

    def _by_mode(self, rank: int, renew: Renew) -> Node:
        until = self.ref(f"until.{self.tier(rank).id}")
        enter, stay, top = self.ref(f"enter.{rank}"), self.ref(f"stay.{rank}"), self.ref("top")
        upgrade = self.pick(
            rank, "upgrade", lambda one: self._may_rise(rank, one if isinstance(one, Upgrade) else Upgrade())
        )
        holder = any_of([Cmp(">=", self.ref(f"until.{one.key}"), TODAY) for one in self.lanes if one.rank == rank])
        daily = any_of([all_of([upgrade, enter]), all_of([holder, stay])])
        above = all_of([upgrade, Cmp("<", top, Lit(rank)), enter])
        judged = any_of([above, All((self._in_grace(rank), Any((enter, stay))))])

        def granted(one: Setting) -> Node:
            # What follows its condition is asked every day, however the rest of the ladder is renewed.
            follows = renew.at == "once" or span(one).kind == WHILE
            return self._granted(span(one), daily if follows else judged, until)

        return self.pick(rank, "validity", granted)

    def _in_grace(self, rank: int) -> Node:
        return All((Cmp(">=", self.ref("grace"), TODAY), Cmp("==", self.ref("grace_tier"), Lit(rank))))

    def _may_rise(self, rank: int, upgrade: Upgrade) -> Node:
        parts: list[Node] = []
        if upgrade.at != "once":
            parts.append(FALSE)
        if upgrade.step == "one":
            parts.append(Cmp("<=", Lit(rank - 1), self.ref("top")))
        return all_of(parts) if parts else TRUE

    # --- what ended by itself -----------------------------------------------------------------------

    def fallen(self) -> None:
        """Tiers that follow their condition end with it: the landing counts from the day itself."""
        after: dict[str, Node] = {one.key: self.ref(f"in.{one.key}") for one in self.lanes}
        if not any(self._follows(one) for one in self.lanes):
            self.bind("fell", ZERO)
            now = after
        else:
            rest = self.bind("rest", self.highest(after, TODAY))
            fell = self.bind("fell", Case(((Cmp(">", self.ref("top"), rest), self.ref("top")),), ZERO))
            target = self.bind("fall_to", self.by_rank(fell, lambda rank: self._falls_to(rank, rest), rest))
            fallen = {one.key: self._fallen(one, after[one.key], target) for one in self.lanes if not one.way}
            now = after | fallen
        for one in self.lanes:
            self.bind(f"now.{one.key}", now[one.key])
        self.bind("held", self.highest({one.key: self.ref(f"now.{one.key}") for one in self.lanes}, TODAY))

    def _fallen(self, lane: Lane, after: Node, target: Node) -> Node:
        """What a fall leaves of a lane: a landing, or the tier itself where it is held on for a while."""
        rest, fell, here = self.ref("rest"), self.ref("fell"), Lit(lane.rank)
        lands = All((Cmp(">", fell, ZERO), Cmp("==", target, here), Cmp("<", rest, here)))
        held_on = self.pick(lane.rank, "downgrade", lambda one: self._held_on(lane.rank, downgrade(one), TODAY)[1])
        end = case([(Cmp("==", fell, here), held_on), (None, self._landing_end(lane.rank, fell, TODAY))])
        return Case(((all_of([lands, *known(end)]), later_of(after, end)),), after)

    def _falls_to(self, rank: int, rest: Node) -> Node:
        def to(one: Setting) -> Node:
            held_on = self._held_on(rank, downgrade(one), TODAY)[0]
            lower = self._lands_on(rank, downgrade(one), rest, lambda one: self.ref(f"stay.{one}"))
            return case([(held_on, Lit(rank)), (None, lower)])

        return self.pick(rank, "downgrade", to)

    def _held_on(self, rank: int, rule: Downgrade, first: Node) -> tuple[Node, Node]:
        """Whether a tier that is not renewed is held on from a day (a landing too soon, a grace), and how long."""
        soon = self._too_soon(rule, first)
        return any_of([soon, TRUE if rule.grace else FALSE]), case(
            [
                (soon, self._held_on_end(rank, first)),
                (TRUE if rule.grace else FALSE, self.scope.ends(rule.grace, first) if rule.grace else ZERO),
                (None, Lit(FOREVER)),
            ]
        )

    def _follows(self, lane: Lane) -> bool:
        if lane.way and (lane.way.validity or lane.cause == "lifetime"):
            return lane.way.validity is not None and lane.way.validity.kind == WHILE
        return any(span(one).kind == WHILE for _, one in self.pairs(lane.rank, "validity"))

    def _lands_on(self, rank: int, rule: Downgrade, beneath: Node, stay: Callable[[int], Node]) -> Node:
        """Where a tier that falls lands; `beneath` where it lands nowhere."""
        target: Node = beneath
        if rule.to == "never":
            return Lit(rank)
        if rule.to == "one_level":
            target = Lit(rank - 1)
        elif rule.to == "supported":
            lower = [(Certain(stay(one)), Lit(one)) for one in reversed(self.ranks) if one < rank]
            target = case([*lower, (None, Lit(self.base))])
        elif isinstance(rule.to, tuple) and rule.to[0] == "levels":
            target = Lit(max(rank - int(rule.to[1]), self.base))
        elif isinstance(rule.to, tuple):
            target = Lit(min(self.tier_set.rank(str(rule.to[1])), rank - 1))
        if rule.at_least:
            target = Arith("highest", (target, Lit(min(self.tier_set.rank(rule.at_least), rank))))
        return target

    def _landing_end(self, rank: int, falling: Node, first: Node) -> Node:
        """The validity of the tier landed on, else of the landing, else of the tier set."""
        own = self.tier(rank).transitions.validity
        never = Cmp("==", falling, Lit(rank))
        if own is not None:
            return case([(never, Lit(FOREVER)), (None, self._landed(rank, own, first))])

        def end(above: int) -> Node:
            def by_rule(one: Setting) -> Node:
                stated = downgrade(one).validity
                if stated is not None:
                    return self._landed(rank, stated, first)
                return self.pick(rank, "validity", lambda one: self._landed(rank, span(one), first))

            return self.pick(above, "downgrade", by_rule)

        return case([(never, Lit(FOREVER)), (None, self.by_rank(falling, end, None))])

    def _landed(self, rank: int, validity: SpanForm, first: Node) -> Node:
        """What follows its condition is landed on only where that holds."""
        if validity.kind != WHILE:
            return self.scope.ends(validity, first)
        holds = Any((self.ref(f"enter.{rank}"), self.ref(f"stay.{rank}")))
        return Case(((Certain(holds), Lit(FOREVER)),), ZERO)

    # --- expiry and review --------------------------------------------------------------------------

    def expiry(self) -> None:
        """The highest grant that ends with the day is judged; the result counts from the next day."""
        kept: dict[str, Node] = {}
        for one in self.lanes:
            now = self.ref(f"now.{one.key}")
            kept[one.key] = now if one.way else self.bind(f"kept.{one.key}", self._kept(one, now))
        held = self.ref("held")
        beneath = self.bind("beneath", self.highest(kept, TOMORROW))
        ends = Cmp(">", held, beneath)
        self.bind("judged_on", Case(((self._missed_here(held), self.ref("missed")),), TODAY))
        self.bind("stays", self.by_rank(held, self._stays, FALSE))
        target = self.bind("land_on", self.by_rank(held, lambda rank: self._judged_to(rank, beneath), beneath))
        for rank in self.ranks:
            self.bind(f"landing.{rank}", self._landing_end(rank, held, TOMORROW))
        self.bind("landing_end", self.by_rank(target, lambda rank: self.ref(f"landing.{rank}")))
        self.bind("verdict", Case(((ends, self._verdict(held)),), ZERO))
        for one in self.lanes:
            self.bind(f"next.{one.key}", kept[one.key] if one.way else self._after(one.rank, kept[one.key], target))

    def _judged_to(self, rank: int, beneath: Node) -> Node:
        return self.pick(rank, "downgrade", lambda one: self._lands_on(rank, downgrade(one), beneath, self._stays))

    def _missed_here(self, held: Node) -> Node:
        return All((Cmp(">", self.ref("missed"), ZERO), Cmp("==", self.ref("missed_tier"), held)))

    def _kept(self, lane: Lane, now: Node) -> Node:
        """A review ends what was earned, renewed or landed; so does a missed judgement that is asked again."""
        cuts: list[Node] = [
            All(
                (
                    Cmp(">", self.ref("missed"), ZERO),
                    Cmp("==", self.ref("missed_tier"), Lit(lane.rank)),
                    Cmp("==", self.ref("held"), Lit(lane.rank)),
                    Cmp("==", now, Lit(FOREVER)),
                )
            )
        ]
        review = self.pick(
            lane.rank,
            "renew",
            lambda one: self._is_review(lane.rank) if isinstance(one, Renew) and one.at == "review" else FALSE,
        )
        if review != FALSE:
            cuts.append(all_of([review, Not(self._in_grace(lane.rank))]))
        return Case(((any_of(cuts), Arith("lowest", (now, TODAY))),), now)

    def _is_review(self, rank: int) -> Node:
        def first_day(period: Setting) -> Node:
            if not isinstance(period, str):
                return FALSE
            length, anchor = self.scope.period(period, self.tier_set.source)
            return Cmp("==", PeriodDay(length, anchor, TOMORROW), TOMORROW)

        return self.pick(rank, "review", first_day)

    def _stays(self, rank: int) -> Node:
        """`stay` as of the judged day, of the other days asked, or of the last reviews."""
        stay = self.ref(f"stay.{rank}")
        asked_on = self.ref("judged_on")

        def by_renew(one: Setting) -> Node:
            days = one.as_of if isinstance(one, Renew) else ()
            if days:
                return any_of([AtDay(stay, AtDay(self.scope.day(day), asked_on)) for day in days])
            return self.pick(rank, "downgrade", lambda rule: self._reviews(rank, stay, downgrade(rule).after))

        return self.pick(rank, "renew", by_renew)

    def _reviews(self, rank: int, stay: Node, count: int) -> Node:
        asked_on = self.ref("judged_on")
        now: list[Node] = [Case(((Cmp("==", asked_on, TODAY), stay),), AtDay(stay, asked_on))]

        def earlier(period: Setting) -> Node:
            if not isinstance(period, str):
                return FALSE
            length, anchor = self.scope.period(period, self.tier_set.source)
            eves = [shift(PeriodDay(length, anchor, shift(asked_on, 1), -back), -1) for back in range(1, count)]
            return any_of([AtDay(stay, eve) for eve in eves])

        return any_of([*now, self.pick(rank, "review", earlier)]) if count > 1 else now[0]

    def _verdict(self, held: Node) -> Node:
        stays = self.ref("stays")

        def falls(rank: int) -> Node:
            return self.pick(rank, "downgrade", lambda one: self._falls(rank, downgrade(one)))

        def renews(rank: int) -> Node:
            return sure(self._renewed_end(rank), Lit(RENEWED))

        return Case(
            (
                (Certain(stays), self.by_rank(held, renews)),
                (Certain(stays, truth=False), self.by_rank(held, falls)),
            ),
            Lit(PROVISIONAL),
        )

    def _falls(self, rank: int, rule: Downgrade) -> Node:
        branches: list[tuple[Node | None, Node]] = []
        if rule.not_again_within:
            branches.append((self._too_soon(rule, TOMORROW), sure(self._held_on_end(rank, TOMORROW), Lit(HELD_ON))))
        if rule.grace:
            over = All((Cmp("==", self.ref("grace_tier"), Lit(rank)), Cmp("==", self.ref("grace"), TODAY)))
            branches.append((Not(over), sure(self._grace_end(rank), Lit(GRACE))))
        return case([*branches, (None, sure(self.ref("landing_end"), Lit(LANDED)))])

    def _too_soon(self, rule: Downgrade, first: Node) -> Node:
        """Is a landing on `first` too soon after the last one?"""
        if rule.not_again_within is None:
            return FALSE
        landed = self.ref("landed")
        return All(
            (Cmp(">", landed, ZERO), Cmp("<", landed, first), Cmp(">", Shift(landed, rule.not_again_within), first))
        )

    def _after(self, rank: int, kept: Node, target: Node) -> Node:
        """The lane from the next day on."""
        verdict, held, here = self.ref("verdict"), self.ref("held"), Lit(rank)
        mine = Cmp("==", held, here)
        lands = All((Cmp("==", verdict, Lit(LANDED)), Cmp("==", target, here), Cmp(">", target, self.ref("beneath"))))
        branches: list[tuple[Node, Node]] = [
            (All((Cmp("==", verdict, Lit(RENEWED)), mine)), later_of(kept, self._renewed_end(rank))),
            (All((Cmp("==", verdict, Lit(PROVISIONAL)), mine)), Lit(FOREVER)),
            (lands, later_of(kept, self.ref(f"landing.{rank}"))),
        ]
        rules = [downgrade(one) for _, one in self.pairs(rank, "downgrade")]
        if any(one.not_again_within for one in rules):
            branches.append((All((Cmp("==", verdict, Lit(HELD_ON)), mine)), self._held_on_end(rank, TOMORROW)))
        if any(one.grace for one in rules):
            branches.append((All((Cmp("==", verdict, Lit(GRACE)), mine)), self._grace_end(rank)))
        rises = self._rises(rank)
        if rises is not None:
            end = self.pick(rank, "validity", lambda one: self.scope.ends(span(one), TOMORROW))
            branches.append((all_of([rises, *known(end)]), later_of(kept, end)))
        return Case(tuple(branches), kept)

    def _renewed_end(self, rank: int) -> Node:
        """A renewal counts from the day after the judged one, also where it was judged late."""
        judged = self.ref("judged_on")

        def ends(form: SpanForm) -> Node:
            on_time = self.scope.ends(form, TOMORROW)
            late = self.scope.ends(form, shift(judged, 1), on=judged)
            return on_time if late == on_time else case([(Cmp(">", late, TODAY), late), (None, on_time)])

        def end(one: Setting) -> Node:
            own = one.validity if isinstance(one, Renew) else None
            return ends(own) if own is not None else self.pick(rank, "validity", lambda one: ends(span(one)))

        return self.pick(rank, "renew", end)

    def _held_on_end(self, rank: int, first: Node) -> Node:
        """To the eve of the next review, or until the next landing is allowed."""

        def by_review(period: Setting) -> Node:
            if isinstance(period, str):
                length, anchor = self.scope.period(period, self.tier_set.source)
                return shift(PeriodDay(length, anchor, first, 1), -1)
            return self.pick(
                rank,
                "downgrade",
                lambda one: shift(Shift(self.ref("landed"), downgrade(one).not_again_within or Span(days=1)), -1),
            )

        return self.pick(rank, "review", by_review)

    def _grace_end(self, rank: int) -> Node:
        def end(one: Setting) -> Node:
            grace = downgrade(one).grace
            return self.scope.ends(grace, TOMORROW) if grace else TODAY

        return self.pick(rank, "downgrade", end)

    def _rises(self, rank: int) -> Node | None:
        """Rises that wait for the first day of the next review or period."""

        def waits(one: Setting) -> Node:
            rule = one if isinstance(one, Upgrade) else Upgrade()
            if rule.at == "once":
                return FALSE
            first = self._is_review(rank) if rule.at == "review" else self._next_period(rank)
            step = Cmp("<=", Lit(rank - 1), self.ref("held")) if rule.step == "one" else TRUE
            return all_of([first, step, Certain(self.ref(f"enter.{rank}")), Cmp("<", self.ref("held"), Lit(rank))])

        node = self.pick(rank, "upgrade", waits)
        return None if node == FALSE else node

    def _next_period(self, rank: int) -> Node:
        def first_day(one: Setting) -> Node:
            period = one.period if isinstance(one, SpanForm) and one.kind == "through" else "month"
            length, anchor = self.scope.period(period, self.tier_set.source)
            return Cmp("==", PeriodDay(length, anchor, TOMORROW), TOMORROW)

        return self.pick(rank, "validity", first_day)

    # --- raises, caps, floors, overrides ------------------------------------------------------------

    def layers(self) -> None:
        """What holds for the day only: raises above the highest grant, caps, floors, overrides."""
        held, before = self.ref("held"), self.ref("tier")
        raised: list[Node] = [held]
        for one in self.tier_set.raises:
            up = Arith("lowest", (Arith("add", (held, Lit(one.by))), Lit(len(self.tier_set.tiers))))
            unknown = Arith("highest", (held, Arith("lowest", (up, before))))
            lifted = self._layer(f"raise.{one.id}", one.when, up, held, unknown)
            raised.append(Case(((Cmp(">", held, Lit(self.base)), lifted),), held))
        out = self.bind("raised", raised[0] if len(raised) == 1 else Arith("highest", tuple(raised)))
        for cap in self.tier_set.caps:
            limit = Arith("lowest", (out, Lit(self._rank(cap.tier))))
            unknown = Arith("highest", (limit, Arith("lowest", (out, before))))
            out = self.bind(f"capped.{cap.id}", self._layer(f"cap.{cap.id}", cap.when, limit, out, unknown))
        for floor in self.tier_set.floors:
            least = Arith("highest", (out, Lit(self._rank(floor.tier))))
            unknown = Arith("lowest", (least, Arith("highest", (out, before))))
            out = self.bind(f"floored.{floor.id}", self._layer(f"floor.{floor.id}", floor.when, least, out, unknown))
        self.bind("out", Arith("lowest", (Arith("highest", (out, self.ref("floor"))), self.ref("ceiling"))))

    def _layer(self, name: str, when: Condition, met: Node, plain: Node, unknown: Node) -> Node:
        """A layer while its condition holds; while that is unknown, what changes nobody."""
        asked = self.bind(name, self.scope.condition(when))
        return case([(Certain(asked), met), (Certain(asked, truth=False), plain), (None, unknown)])

    def _rank(self, tier: str) -> int:
        ids = [one.id for one in self.tier_set.tiers]
        return ids.index(tier) + 1 if tier in ids else self.base

    # --- what is left behind ----------------------------------------------------------------------------

    def outputs(self) -> None:
        """The state from the next day on, and what the decision tells."""
        out, held, verdict, tier = self.ref("out"), self.ref("held"), self.ref("verdict"), self.ref("tier")
        self.bind("since'", Case(((Cmp("==", out, tier), self.ref("since")),), TODAY))
        self._extended()
        for rank in self.ranks:
            entered = self.ref(f"entered.{rank}")
            self.bind(
                f"entered.{rank}'",
                case([(Cmp("<", out, Lit(rank)), Lit(None)), (Known(entered), entered), (None, TODAY)]),
            )
        self.bind("best'", Arith("highest", (self.ref("best"), out)))
        lands = All((Cmp("==", verdict, Lit(LANDED)), Cmp("<", self.ref("land_on"), held)))
        self.bind(
            "landed'", case([(lands, TOMORROW), (Cmp(">", self.ref("fell"), held), TODAY), (None, self.ref("landed"))])
        )
        self._grace(verdict, held)
        missed = Cmp("==", verdict, Lit(PROVISIONAL))
        waits = All((Cmp(">", self.ref("missed"), ZERO), Cmp(">", held, self.ref("missed_tier"))))
        self.bind("missed'", case([(missed, self.ref("judged_on")), (waits, self.ref("missed")), (None, ZERO)]))
        self.bind("missed_tier'", case([(missed, held), (waits, self.ref("missed_tier")), (None, ZERO)]))
        self.bind("valid_until", self.by_rank(out, self._valid_until, Lit(None)))
        self._warning()

    def _grace(self, verdict: Node, held: Node) -> None:
        """How long a grace runs (a full grant ends it), and the first day of the present grant."""
        rules = [downgrade(one) for rank in self.ranks for _, one in self.pairs(rank, "downgrade")]
        running, own = self.ref("grace"), self.by_rank(held, lambda rank: self.ref(f"now.{self.tier(rank).id}"))
        begins: Node = FALSE
        if any(one.grace for one in rules) and any(self._follows(one) for one in self.lanes):
            fell = self.ref("fell")
            begins = All((Cmp(">", fell, ZERO), Cmp("==", fell, held), Cmp("<", own, Lit(FOREVER))))
        again = Cmp("==", verdict, Lit(GRACE))
        end = self.by_rank(held, lambda rank: self.ref(f"next.{self.tier(rank).id}"))
        full = All((Cmp(">=", running, TODAY), Cmp("==", self.ref("grace_tier"), held), Cmp(">", own, running)))
        over = Cmp("<=", running, TODAY)
        self.bind("grace'", case([(any_of([begins, again]), end), (any_of([full, over]), ZERO), (None, running)]))
        self.bind("grace_tier'", case([(any_of([begins, again]), held), (None, self.ref("grace_tier"))]))
        changed = any_of([Cmp("!=", held, self.ref("top")), begins, full])
        ended = All((Cmp(">", verdict, ZERO), Cmp("!=", verdict, Lit(PROVISIONAL))))
        renewed = Cmp("==", verdict, Lit(RENEWED))
        begun = self.ref("grant_from")
        self.bind(
            "grant_from'",
            case([(renewed, shift(self.ref("judged_on"), 1)), (ended, TOMORROW), (changed, TODAY), (None, begun)]),
        )

    def _extended(self) -> None:
        """One-off extensions for all who held a status on a day."""
        for lane in self.lanes:
            node: Node = self.ref(f"next.{lane.key}")
            for one in self.tier_set.extensions:
                if lane.way is None:
                    holds = All(
                        (
                            Cmp("==", self.ref("out"), Lit(lane.rank)),
                            Cmp("<=", Lit(one.held), TODAY),
                            Cmp("<=", self.ref("since'"), Lit(one.held)),
                            Cmp("<=", TODAY, Lit(one.until_at_least)),
                        )
                    )
                    node = Case(((holds, later_of(node, Lit(one.until_at_least))),), node)
            self.bind(f"until.{lane.key}'", node)

    def _valid_until(self, rank: int) -> Node:
        """The gap-free end of holding the tier; none for a raise or an open end."""
        ends = [self.ref(f"until.{one.key}'") for one in self.lanes if one.rank == rank]
        last = ends[0] if len(ends) == 1 else Arith("highest", tuple(ends))
        granted = All((Cmp("==", self.ref("held"), Lit(rank)), Cmp("<", last, Lit(FOREVER))))
        return Case(((granted, last),), Lit(None))

    def _warning(self) -> None:
        def warns(rank: int) -> Node:
            return self.pick(rank, "downgrade", lambda one: self._warns(rank, downgrade(one).warn))

        rules = [downgrade(one) for rank in self.ranks for _, one in self.pairs(rank, "downgrade")]
        self.bind("warn", self.by_rank(self.ref("out"), warns, FALSE) if any(one.warn for one in rules) else FALSE)

    def _warns(self, rank: int, ahead: Span | None) -> Node:
        if ahead is None:
            return FALSE
        end = self.ref("valid_until")
        near = Cmp(">=", TODAY, Shift(end, ahead, -1))
        return All((Known(end), near, Not(Certain(self.ref(f"stay.{rank}")))))

    def step_by_step(self) -> bool:
        """Do customers rise one level at a time, so that the next rise may come on the next day?"""
        rules = [one for rank in self.ranks for _, one in self.pairs(rank, "upgrade")]
        return any(isinstance(one, Upgrade) and one.step == "one" for one in rules)

    def reviews(self) -> tuple[str, ...]:
        """The periods whose first days are review days, or on whose eve a rise is asked."""
        found = [one for rank in self.ranks for _, one in self.pairs(rank, "review")]
        return tuple(dict.fromkeys(one for one in found if isinstance(one, str)))


def _lanes(tier_set: TierSet) -> Iterator[Lane]:
    base = 1 if tier_set.tiers and tier_set.tiers[0].everyone else 0
    for rank, tier in enumerate(tier_set.tiers, 1):
        if rank <= base:
            continue
        yield Lane(rank=rank, tier=tier.id)
        if tier.lifetime:
            yield Lane(
                rank=rank,
                tier=tier.id,
                cause="lifetime",
                way=Way(cause="lifetime", when=tier.lifetime, source=tier.source),
            )
        for way in tier.also:
            yield Lane(rank=rank, tier=tier.id, cause=way.cause, way=way)
        for way in tier_set.also:
            yield Lane(rank=rank, tier=tier.id, cause=way.cause, way=way)


def _answered(word: str, lane: Lane, cause: str, roles: tuple[str, ...]) -> Node:
    """The last day on which a listed role, not who asked, gave this answer; unknown if never."""
    asker = Aggregate("last", "requested", Field("by"), Cmp("==", Field("cause"), Lit(cause)), Lit(1), TODAY)
    here = [
        Cmp("==", Field("cause"), Lit(cause)),
        Any((Not(Known(Field("tier"))), Cmp("==", Field("tier"), Lit(lane.tier)))),
    ]
    if roles:
        here.append(In(Field("role"), roles))
    stranger = Not(Certain(Cmp("==", Field("by"), asker)))
    return Aggregate("last_day", word, None, All((*here, stranger)), Lit(1), TODAY)


def _requested(cause: str, roles: tuple[str, ...]) -> Node:
    """Nobody asked, or a listed role did."""
    mine = Cmp("==", Field("cause"), Lit(cause))
    asked = Aggregate("count", "requested", None, mine, Lit(1), TODAY)
    if not roles:
        return TRUE
    rightly = Aggregate("count", "requested", None, All((mine, In(Field("role"), roles))), Lit(1), TODAY)
    return Any((Cmp("==", asked, ZERO), Cmp(">", rightly, ZERO)))


def span(setting: Setting) -> SpanForm:
    """A validity; unsaid, a tier follows its condition."""
    return setting if isinstance(setting, SpanForm) else SpanForm(kind="while_it_holds")


def downgrade(setting: Setting) -> Downgrade:
    """A downgrade rule; unsaid, what is still in force beneath."""
    return setting if isinstance(setting, Downgrade) else Downgrade()


def case(branches: list[tuple[Node | None, Node]]) -> Node:
    """A case whose last branch has no condition; simplified where all branches agree or are constant."""
    found: list[tuple[Node, Node]] = []
    for when, node in branches:
        if when is None or when == TRUE:
            if not found or all(one == node for _, one in found):
                return node
            return Case(tuple(found), node)
        if when != FALSE:
            found.append((when, node))
    return Case(tuple(found), Lit(None))


def all_of(items: Sequence[Node]) -> Node:
    """And, without the parts that are always true."""
    rest = [one for one in items if one != TRUE]
    if FALSE in rest:
        return FALSE
    if not rest:
        return TRUE
    return rest[0] if len(rest) == 1 else All(tuple(rest))


def any_of(items: Sequence[Node]) -> Node:
    """Or, without the parts that are always false."""
    rest = [one for one in items if one != FALSE]
    if not rest:
        return FALSE
    return rest[0] if len(rest) == 1 else Any(tuple(rest))


def known(end: Node) -> list[Node]:
    """What has to be asked before a day is compared: nothing where it cannot be unknown."""
    return [Known(end)] if any(isinstance(one, Fact | Ref) and not _of_state(one) for one in walk_nodes(end)) else []


def _of_state(node: Node) -> bool:
    """The days of the machine's own state are always known."""
    state = (".until.", ".landed", ".judged_on", ".enter.", ".stay.", ".held", ".fell", ".block.")
    return node == TODAY or (isinstance(node, Ref) and any(word in node.name for word in state))


def sure(end: Node, verdict: Node) -> Node:
    """A verdict whose end is known; else it waits for what is missing."""
    unsure = known(end)
    return Case(((unsure[0], verdict),), Lit(PROVISIONAL)) if unsure else verdict


def later_of(left: Node, right: Node) -> Node:
    """The later of two days."""
    return right if right == Lit(FOREVER) else Arith("highest", (left, right))
