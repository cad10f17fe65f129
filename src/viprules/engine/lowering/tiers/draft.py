"""A tier set on its way to a machine: the bindings made so far, and the words that every stage uses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, Generic, TypeVar

from attrs import field, frozen

from viprules.engine.lowering.making import ZERO, any_of, case
from viprules.engine.lowering.scope import Scope
from viprules.engine.lowering.tiers.lanes import Lane, lanes
from viprules.engine.policy.model import Block, Condition, Downgrade, Renew, SpanForm, Tier, TierSet, Upgrade
from viprules.engine.tree.nodes import TODAY, All, Binding, Case, Cmp, Fact, Known, Lit, Node, Ref, walk_nodes

__all__ = ["DOWNGRADE", "RENEW", "REQUIRES", "REVIEW", "UPGRADE", "VALIDITY", "WHILE", "Draft", "Setting", "known"]

T = TypeVar("T")
WHILE: Final = "while_it_holds"


@frozen(kw_only=True)
class Setting(Generic[T]):
    """A key of `transitions`: where a block has it, and what holds where nobody says it."""

    read: Callable[[Block], T | None]
    unsaid: T


VALIDITY: Final = Setting(read=lambda block: block.validity, unsaid=SpanForm(kind=WHILE))
RENEW: Final = Setting(read=lambda block: block.renew, unsaid=Renew())
UPGRADE: Final = Setting(read=lambda block: block.upgrade, unsaid=Upgrade())
DOWNGRADE: Final = Setting(read=lambda block: block.downgrade, unsaid=Downgrade())
REVIEW: Final[Setting[str | None]] = Setting(read=lambda block: block.review, unsaid=None)
REQUIRES: Final[Setting[Condition | None]] = Setting(read=lambda block: block.requires, unsaid=None)


@frozen(kw_only=True)
class Draft:
    """The bindings of one step, made stage by stage."""

    tier_set: TierSet
    scope: Scope
    lanes: tuple[Lane, ...] = field(init=False)
    bindings: list[Binding] = field(init=False, factory=list)

    @lanes.default
    def _lanes(self) -> tuple[Lane, ...]:
        return tuple(lanes(self.tier_set))

    @property
    def base(self) -> int:
        """1 where the lowest tier is everyone's, else 0."""
        return 1 if self.tier_set.tiers and self.tier_set.tiers[0].everyone else 0

    @property
    def ranks(self) -> range:
        """The ranks that can be granted, lowest first."""
        return range(self.base + 1, len(self.tier_set.tiers) + 1)

    def tier(self, rank: int) -> Tier:
        """The tier of a rank."""
        return self.tier_set.tiers[rank - 1]

    def rank(self, tier: str) -> int:
        """The rank of a tier; the base for one that is not there, as where the file has a mistake in it."""
        ids = [one.id for one in self.tier_set.tiers]
        return ids.index(tier) + 1 if tier in ids else self.base

    # --- names ----------------------------------------------------------------------------------------

    def ref(self, name: str) -> Ref:
        """The value of a name of this tier set: its state before the day, or what an earlier stage bound."""
        return Ref(f"{self.tier_set.name}.{name}")

    def bind(self, name: str, node: Node) -> Ref:
        """Give a node a name."""
        self.bindings.append(Binding(f"{self.tier_set.name}.{name}", node))
        return self.ref(name)

    # --- settings -------------------------------------------------------------------------------------

    def settings(self, rank: int, setting: Setting[T]) -> list[tuple[Node | None, T]]:
        """What may hold for a tier, each with the condition of its block; the last one has none."""
        own = setting.read(self.tier(rank).transitions)
        return self._blocks(setting) if own is None else [(None, own)]

    def _blocks(self, setting: Setting[T]) -> list[tuple[Node | None, T]]:
        found: list[tuple[Node | None, T]] = []
        for number, block in enumerate(self.tier_set.blocks):
            stated = setting.read(block)
            found.append(
                (self.ref(f"block.{number}") if block.when else None, setting.unsaid if stated is None else stated)
            )
            if not block.when:
                return found
        return [*found, (None, setting.unsaid)]

    def pick(self, rank: int, setting: Setting[T], make: Callable[[T], Node]) -> Node:
        """What a setting means for a tier, by the block that applies."""
        return _by_block(self.settings(rank, setting), make)

    def pick_by(self, rank: Node, setting: Setting[T], make: Callable[[T], Node]) -> Node:
        """The same for a computed rank that is one that can be granted."""
        shared = _by_block(self._blocks(setting), make)
        owns = {one: setting.read(self.tier(one).transitions) for one in self.ranks}
        made = [(Cmp("==", rank, Lit(one)), shared if own is None else make(own)) for one, own in owns.items()]
        first = made[0][1]
        return first if all(one is first or one == first for _, one in made) else case(*made, otherwise=ZERO)

    # --- ranks ----------------------------------------------------------------------------------------

    def highest(self, untils: Mapping[str, Node], day: Node) -> Node:
        """The highest rank with a lane in force on a day, else the base."""
        in_force: dict[int, list[Node]] = {rank: [] for rank in reversed(self.ranks)}
        for one in self.lanes:
            in_force[one.rank].append(Cmp(">=", untils[one.key], day))
        return Case(tuple((any_of(lanes), Lit(rank)) for rank, lanes in in_force.items()), Lit(self.base))

    def by_rank(self, rank: Node, make: Callable[[int], Node], otherwise: Node = ZERO) -> Node:
        """A node that depends on a computed rank."""
        return case(*((Cmp("==", rank, Lit(one)), make(one)) for one in self.ranks), otherwise=otherwise)

    def in_grace(self, rank: int) -> Node:
        """Does a grace of the tier run?"""
        return All((Cmp(">=", self.ref("grace"), TODAY), Cmp("==", self.ref("grace_tier"), Lit(rank))))


def _by_block(settings: list[tuple[Node | None, T]], make: Callable[[T], Node]) -> Node:
    made = [(when, make(one)) for when, one in settings]
    return case(*((when, node) for when, node in made if when is not None), otherwise=made[-1][1])


def known(end: Node) -> list[Node]:
    """What has to be asked before a day is compared: nothing where it cannot be unknown."""
    return [Known(end)] if any(isinstance(one, Fact | Ref) and not _of_state(one) for one in walk_nodes(end)) else []


def _of_state(node: Node) -> bool:
    """The days of the machine's own state are always known."""
    state = (".until.", ".appended.", ".landed", ".judged_on", ".enter.", ".stay.", ".held", ".fell", ".block.")
    return node == TODAY or (isinstance(node, Ref) and any(word in node.name for word in state))
