"""Random policies, as text, and random histories: everything of the language of tiers that can be combined.

A seed gives the same policy and the same histories on every machine, so a number names a failure.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Any

import yaml
from attrs import define, field

__all__ = ["as_of", "facts", "history", "history_of", "policy", "policy_data", "written"]

Data = dict[str, Any]
AS_OF = date(2026, 3, 31)
AS_OFS = [AS_OF, AS_OF, date(2026, 3, 30), date(2026, 4, 1), date(2025, 12, 31), date(2026, 1, 1), date(2026, 2, 28)]
FIRST = date(2024, 10, 1)
CITIES = ["north", "south", "it's; --"]
CHANNELS = ["shop", "app", '"web"']
SIDES = ["at_least", "more_than"]
PERIODS = ["year", "half_year", "quarter", "month"]


class _Plain(yaml.SafeDumper):
    """Writes every value out: policies have no aliases."""

    def ignore_aliases(self, data: Any) -> bool:
        """None."""
        del data
        return True


@define
class _Writer:
    """Writes one policy."""

    r: Random
    metrics: Data = field(factory=dict)
    levels: dict[str, list[Any]] = field(factory=dict)
    """Rising thresholds by metric."""

    def chance(self, share: float) -> bool:
        return self.r.random() < share

    def one(self, *options: Any) -> Any:
        return self.r.choice(options)

    # --- windows and days -----------------------------------------------------------------------------

    def period(self) -> str:
        return str(self.one(*PERIODS, "card_year"))

    def window(self) -> Any:
        kinds: list[Callable[[], Any]] = [
            lambda: {"this": self.period()},
            lambda: {"this": self.period()},
            lambda: {"this": self.period(), "and_previous": self.one(1, 2)},
            lambda: {"previous": self.period(), "count": self.one(1, 2, 3)},
            lambda: {"last": self.one("3 months", "12 months", "30 days", "45 days")},
            lambda: "lifetime",
            lambda: {"since": self.one("2025-10-15", "04-01", "joined")},
        ]
        if self.chance(0.06):
            return self.one({"last": "72 hours"}, {"this": "week"})
        return self.r.choice(kinds)()

    def day(self) -> Any:
        kinds = [
            {"last_day_of": {"previous": self.one(*PERIODS)}},
            {"first_day_of": {"this": self.one(*PERIODS)}},
            "2025-10-31",
            {"last_day_of": {"previous": self.one(*PERIODS)}, "minus": "1 month"},
            "03-31",
        ]
        return self.r.choice(kinds)

    def where(self) -> Data:
        return dict(
            self.one(
                {"channel": self.one(*CHANNELS)},
                {"channel": {"in": CHANNELS[:2]}},
                {"amount": {"at_least": self.one(20, 50)}},
                {"not": {"channel": "app"}},
                {"pieces": {"known": True}},
                {"any": [{"pieces": {"more_than": 2}}, {"channel": "shop"}]},
                {"city": self.one(*CITIES)},
            )
        )

    # --- metrics --------------------------------------------------------------------------------------

    def measure(self) -> tuple[Data, list[Any]]:
        """A measure and what it may be compared with."""
        name, what, levels = self.one(
            ("sum", "purchase.amount", [40, 90.5, 160, 300, 500]),
            ("count", "purchase", [1, 2, 3, 5, 7]),
            ("sum", "purchase.amount", [50, 120, 121, 250, 400]),
            ("count", "purchase", [1, 2, 4, 5, 6]),
            ("max", "purchase.amount", [20, 45, 60, 80, 90]),
            ("min", "purchase.amount", [5, 10, 20, 30, 40]),
            ("average", "purchase.amount", [20, 33.33, 40, 50, 66]),
            ("last", "purchase.amount", [10, 30, 50, 70, 90]),
            ("first", "purchase.amount", [10, 30, 50, 70, 90]),
            ("distinct", "purchase.channel", [1, 1, 2, 2, 3]),
            ("count_days", "purchase", [1, 2, 3, 4, 6]),
            ("sum", "purchase.points", [30, 80, 150, 300, 450]),
            ("sum", "purchase.pieces", [3, 6, 9, 14, 20]),
            ("count", "visit", [1, 1, 2, 3, 4]),
            ("average", "purchase.pieces", [1, 2, 2.5, 3, 3.5]),
            ("count", "return", [1, 1, 1, 2, 2]),
        )
        inner: Data = {"of": what, "window": self.window()}
        if what.startswith("purchase") and self.chance(0.3):
            inner["where"] = self.where()
        if self.chance(0.12):
            inner["as_of"] = self.one(self.day(), [self.day(), self.day()])
        return {name: inner}, levels

    def derived(self) -> tuple[Data, list[Any]]:
        """A value computed from other metrics and facts."""
        some = [name for name in self.metrics if name.startswith("m")]
        a, b = self.r.choice(some), self.r.choice(some)
        levels = [1, 5, 20, 60, 200]
        kinds: list[Callable[[], tuple[Data, list[Any]]]] = [
            lambda: ({"add": [a, b]}, levels),
            lambda: ({"subtract": [a, b]}, levels),
            lambda: ({"lowest_of": [a, b]}, levels),
            lambda: ({"highest_of": [a, 5]}, levels),
            lambda: ({"first_known": ["score", a]}, levels),
            lambda: ({"product": [a, self.one(1.2, 0.35)], **self.rounding()}, levels),
            lambda: ({"quotient": [a, b], **self.rounding()}, [0.25, 0.5, 1, 2, 7]),
            lambda: ({"by": "city", "values": {CITIES[0]: a, CITIES[1]: 20}, "otherwise": 3}, levels),
            lambda: (
                {"by": a, "steps": {"1": 2, "4": 20, "50": 90}, **({"otherwise": 0} if self.chance(0.5) else {})},
                levels,
            ),
            lambda: ({"when": self.fact_test(), "then": a, **({"otherwise": 10} if self.chance(0.5) else {})}, levels),
            lambda: ({"when": self.fact_test(), "then": self.one("score", 20)}, levels),
            lambda: ({"surplus": {"of": a, "above": [2, 30]}}, levels),
            lambda: (
                {"credit": {"value": 10, "given": "joined", "window": {"this": self.one(*PERIODS)}}},
                [5, 6, 7, 8, 10],
            ),
        ]
        return self.r.choice(kinds)()

    def rounding(self) -> Data:
        if self.chance(0.5):
            return {}
        return {"round": self.one("down", "up", "half_up", "half_even"), "to": self.one(1, 0.1, 5)}

    def fact_test(self) -> Data:
        return dict(
            self.one(
                {"city": self.one(*CITIES)},
                {"vip": self.chance(0.5)},
                {"score": {"at_least": self.one(2, 2.5, 4)}},
                {"rank": {"at_least": self.one("b", "c")}},
                {"score": {"known": self.chance(0.7)}},
                {"city": {"known": True}},
                {"not": {"city": self.one(*CITIES)}},
                {"tags": {"has_all": ["x"]}},
                {"balance": {"at_least": self.one(50, 100)}},
                {"allowance": {"more_than": 10}},
                {"city": {"in": CITIES[:2]}},
                {"not": {"vip": True}},
                {"score": {"between": [1, 3]}},
            )
        )

    def all_metrics(self) -> None:
        for number in range(self.r.randint(2, 4)):
            self.add(f"m{number}", self.measure())
        if self.chance(0.5):
            self.add("d0", self.derived())
        if self.chance(0.12):
            condition = {"m0": {"at_least": self.levels["m0"][0]}}
            if self.chance(0.3):
                condition = {"m0": {"within": "30%", "of": {"previous": self.one("quarter", "month")}}}
            streak = {"of": self.one("quarter", "month"), "while": condition, "counts_first": self.chance(0.4)}
            self.add("run", ({"streak": streak}, [1, 2, 3, 4, 5]))
        if self.chance(0.06):
            self.metrics["seen"] = {"since_last": {"of": "purchase"}}
        if self.chance(0.05):
            self.add("years", ({"tenure": {"since": "joined", "in": "months"}}, [1, 6, 12, 18, 24]))
        if self.chance(0.05):
            self.add(
                "balances", ({"average_daily": {"of": "balance", "window": {"this": "month"}}}, [20, 40, 60, 90, 120])
            )

    def add(self, name: str, metric: tuple[Data, list[Any]]) -> None:
        self.metrics[name], self.levels[name] = metric

    # --- conditions -------------------------------------------------------------------------------------

    def test(self, rank: int, *, easier: bool = False) -> Data:
        """A test that rises with the rank."""
        name = self.r.choice(list(self.levels))
        level = self.levels[name][max(0, min(rank - 1 - int(easier), 4))]
        if self.chance(0.08):
            level = {"2024-01-01": level, "2025-09-15": level * 2 if isinstance(level, int) else level}
        return {name: {self.one(*SIDES): level}}

    def condition(self, rank: int, *, easier: bool = False) -> Data:
        tests = [self.test(rank, easier=easier) for _ in range(3)]
        kinds: list[Callable[[], Data]] = [
            lambda: tests[0],
            lambda: tests[0],
            lambda: {"any": tests[:2]},
            lambda: {"all": tests[:2]},
            lambda: tests[0] | self.fact_test(),
            lambda: {"any": [tests[0], self.fact_test()]},
            lambda: {"at_least_of": {"n": 2, "of": tests}},
            lambda: tests[0] | {"not": self.fact_test()},
            lambda: {"not": {self.r.choice(list(self.levels)): self.one(5, 20, 60)}},
            lambda: tests[0] | {"tier": {"at_least": "t0"}} if self.chance(0.3) else tests[1],
        ]
        return self.r.choice(kinds)()

    # --- movements --------------------------------------------------------------------------------------

    def span(self) -> Any:
        kinds: list[Any] = [
            {"through": {self.one("this", "next"): self.one(*PERIODS)}},
            {"through": {"next": "year"}, "plus": "2 months"},
            {"for": self.one("3 months", "12 months", "90 days")},
            {"for": "6 months", "to_end_of": "quarter"},
            {"after": "5 months"},
            {"until": self.one("06-30", "2026-12-31")},
            "while_it_holds",
            "while_it_holds",
            "forever",
            {"for": {"by": "city", "values": {CITIES[0]: "2 months"}, "otherwise": "4 months"}},
            {"for": "3 months", "from": "current_end"},
        ]
        return self.r.choice(kinds)

    def downgrade(self, tiers: int) -> Data:
        found: Data = {}
        if self.chance(0.75):
            targets = ["beneath", "supported", "one_level", "never", {"levels": 2}, {"tier": "t1"}]
            found["to"] = self.r.choice(targets)
        if self.chance(0.15):
            found["at_least"] = f"t{self.r.randrange(tiers)}"
        if self.chance(0.25):
            found["validity"] = self.one({"for": "2 months"}, {"through": {"this": "quarter"}})
        if self.chance(0.25):
            found["grace"] = self.one({"for": "30 days"}, {"through": {"this": "month"}})
        if self.chance(0.12):
            found["after"] = "2 reviews"
        if self.chance(0.15):
            found["not_again_within"] = self.one("3 months", "100 days")
        if self.chance(0.1):
            found["warn"] = "14 days"
        return found

    def transitions(self, tiers: int) -> Data:
        span = self.span()
        found: Data = {"validity": span}
        renews = isinstance(span, dict) and "through" not in span
        if renews or self.chance(0.5):
            renew: Data = {"at": self.one("once", "expiry", "expiry", "review")}
            if self.chance(0.12):
                renew["as_of"] = self.one("2025-10-31", {"last_day_of": {"this": "month"}, "minus": "1 month"})
            if self.chance(0.15):
                renew["validity"] = self.one({"for": "4 months"}, {"through": {"this": "quarter"}})
            found["renew"] = renew
        if self.chance(0.6):
            found["downgrade"] = self.downgrade(tiers)
        if self.chance(0.2):
            found["upgrade"] = {"at": self.one("once", "review", "next_period"), "step": self.one("any", "one")}
        found["review"] = {"first_day_of": self.one("quarter", "month", "year", "half_year")}
        if self.chance(0.08):
            found["requires"] = self.fact_test()
        return found

    def blocks(self, tiers: int) -> Any:
        if self.chance(0.85):
            return self.transitions(tiers)
        return [{"when": self.fact_test(), **self.transitions(tiers)}, self.transitions(tiers)]

    # --- tiers --------------------------------------------------------------------------------------------

    def way(self, number: int, *, named: bool = False) -> Data:
        found: Data = {"cause": f"way{number}"}
        if self.chance(0.35):
            found["upon"] = self.one("visit", "purchase")
        else:
            found["when"] = self.fact_test()
        if named:
            found["tier"] = self.one("t1", {"by": "city", "values": {CITIES[0]: "t1"}, "otherwise": "t0"})
        if self.chance(0.5):
            found["validity"] = self.one(
                {"for": "2 months"}, "forever", "while_it_holds", {"through": {"this": "quarter"}}
            )
        if self.chance(0.06):
            found["approval"] = {
                "requested_by": ["desk"],
                "approved_by": ["boss"],
                "needs": {"known": {"city": {"known": True}}},
            }
        return found

    def tier(self, rank: int) -> Data:
        found: Data = {"id": f"t{rank}", "name": {"zh": f"第{rank}级", "en": f"Level {rank}"}}
        if self.chance(0.95):
            found["enter"] = self.condition(rank)
        if self.chance(0.35):
            found["stay"] = self.condition(rank, easier=True)
        if self.chance(0.08):
            found["reenter"] = self.condition(rank)
        if self.chance(0.08):
            found["lifetime"] = self.condition(rank + 2)
        if self.chance(0.15):
            found["also"] = [self.way(rank)]
        if self.chance(0.12):
            found |= {
                key: one
                for key, one in self.transitions(4).items()
                if key in ("validity", "renew", "review") and key != "requires"
            }
        if self.chance(0.3):
            found["benefits"] = [self.benefit(rank)]
        return found

    def benefit(self, rank: int) -> Data:
        kinds: list[Data] = [
            {
                "discount": {
                    "percent": self.one(5, 10, {"by": "city", "values": {CITIES[0]: 7}, "otherwise": 3}),
                    "group": "price",
                }
            },
            {"points_multiplier": {"times": 1.5, "when": self.fact_test()}},
            {
                "gift": {
                    "id": f"gift{rank}",
                    "item": {"zh": "蛋糕", "en": "cake"},
                    "quota": {"times": 2, "per": "year", "carry_over": self.chance(0.5)},
                }
            },
            {"service": {"name": "lounge", "valid": {"for": "1 month"}}},
        ]
        return self.r.choice(kinds)

    def ladder(self) -> Data:
        count = self.r.randint(2, 5)
        tiers = [{"id": "t0", "enter": "everyone"}, *(self.tier(rank) for rank in range(1, count))]
        if self.chance(0.12):
            tiers[0] = self.tier(0)
        found: Data = {"tiers": tiers, "transitions": self.blocks(count)}
        if self.chance(0.1):
            found["also"] = [self.way(9, named=True)]
        if self.chance(0.15):
            found["raises"] = [{"id": "lift", "when": self.fact_test(), "by": self.one(1, 2)}]
        if self.chance(0.1):
            found["caps"] = [{"id": "lid", "when": self.fact_test(), "at_most": f"t{self.r.randrange(count)}"}]
        if self.chance(0.1):
            found["floors"] = [{"id": "least", "when": self.fact_test(), "at_least": f"t{self.r.randrange(count)}"}]
        if self.chance(0.1):
            found["extensions"] = [{"held": "2025-12-31", "until_at_least": "2026-05-31"}]
        return found

    # --- the file -----------------------------------------------------------------------------------------

    def program(self) -> Data:
        found: Data = {"id": "random", "timezone": self.one("Asia/Shanghai", "America/New_York"), "currency": "CNY"}
        if self.chance(0.1):
            found["history_from"] = self.one("2025-09-01", "2025-12-15")
        if self.chance(0.1):
            found["day_starts"] = "06:00"
        if self.chance(0.1):
            found["year_starts"] = "04-01"
        return found

    def points(self) -> Any:
        factor = self.one(1.2, {"by": "channel", "values": {"app": 2, "shop": 1}, "otherwise": 1.5})
        if self.chance(0.1):
            factor = {"by": "tier", "values": {"t1": 2}, "otherwise": 1}
        return {"type": "number", "value": {"product": ["amount", factor], "round": self.one("down", "half_up")}}

    def events(self) -> Data:
        pieces: Data = {"type": "number"}
        if self.chance(0.5):
            pieces["if_missing"] = 1
        return {
            "purchase": {
                "amount": "money",
                "channel": {"type": "text", "in": CHANNELS},
                "pieces": pieces,
                "points": self.points(),
            },
            "return": {"returns": "purchase", "amount": "money"},
            "visit": {"city": "text"},
            "statement": {"balance": "money"},
        }

    def facts(self) -> Data:
        missing: Data = {"if_missing": False} if self.chance(0.5) else {}
        return {
            "joined": "date",
            "birthday": "date",
            "city": {"type": "text", "in": CITIES},
            "vip": {"type": "true_false", **missing},
            "score": {"type": "number", "decimals": 1},
            "rank": "grade",
            "tags": ["text"],
            "allowance": {"type": "money", "per": self.one("year", "tier")},
            "balance": {"type": "money", "set_by": {"statement": "balance"}},
        }

    def whole(self) -> Data:
        self.all_metrics()
        found: Data = {
            "viprules": 1,
            "program": self.program(),
            "scales": {"grade": ["a", "b", "c"]},
            "facts": self.facts(),
            "events": self.events(),
        }
        if self.chance(0.7):
            found["returns"] = {
                "count_on": self.one("original_day", "own_day"),
                "lower_tier": self.one("undo", "at_end", "never"),
            }
        found |= {
            "periods": {"card_year": {"every": self.one("12 months", "6 months"), "from": "joined"}},
            "metrics": self.metrics,
        }
        if self.chance(0.85):
            return found | self.ladder()
        return found | {"tier_sets": {"tier": self.ladder(), "other": self.ladder()}}


def policy(seed: int) -> str:
    """The text of a policy."""
    return written(policy_data(seed))


def policy_data(seed: int) -> Data:
    """A policy as the maps and lists that its text is made of."""
    return _Writer(Random(seed)).whole()  # noqa: S311 -- not for secrets


def written(data: Data) -> str:
    """The text of a policy given as maps and lists."""
    return str(yaml.dump(data, Dumper=_Plain, sort_keys=False, allow_unicode=True))


def as_of(seed: int) -> date:
    """The day on which a policy is asked: in, at the end of, and after its periods."""
    return Random(seed).choice(AS_OFS)  # noqa: S311 -- not for secrets


def history(seed: int, *, until: date, days: int, tiers: list[str]) -> Data:
    """A customer, as `program.customer` takes it, whose events lie in the `days` up to a day or a little later."""
    found = history_of(Random(seed), until=until, days=days, tiers=tiers)  # noqa: S311 -- not for secrets
    return {"id": f"c{seed}"} | found


def history_of(r: Random, *, until: date, days: int, tiers: list[str]) -> Data:
    """A customer without an id, by the choices of `r`."""
    found: Data = {"facts": facts(r), "events": _events(r, until, days)}
    if r.random() < 0.1:
        found["overrides"] = [_override(r, until, days, tiers)]
    if r.random() < 0.15:
        found["membership"] = _row(r, until, days, tiers)
    return found


def _override(r: Random, until: date, days: int, tiers: list[str]) -> Data:
    first = until - timedelta(days=r.randrange(days))
    kind = r.choice(["floor", "ceiling", "pin", "exclude"])
    found: Data = {"kind": kind, "tier": r.choice(tiers), "from": first.isoformat(), "reason": "asked", "by": "boss"}
    if r.random() < 0.7:
        found["until"] = (first + timedelta(days=r.randrange(200))).isoformat()
    return found


def _row(r: Random, until: date, days: int, tiers: list[str]) -> Data:
    """A row of a plain table of present tiers."""
    recorded = until - timedelta(days=r.randrange(1, min(days, 120)))
    since = recorded - timedelta(days=r.randrange(300))
    found: Data = {"tier": r.choice(tiers), "recorded": recorded.isoformat(), "since": since.isoformat()}
    if r.random() < 0.8:
        found["valid_until"] = (recorded + timedelta(days=r.randrange(200))).isoformat()
    return found


def facts(r: Random) -> Data:
    """Facts of a customer, some of them missing."""
    options: Data = {
        "joined": (FIRST + timedelta(days=r.randrange(-200, 500))).isoformat(),
        "birthday": r.choice(["1990-02-28", "1992-02-29", "1985-07-15"]),
        "city": r.choice(CITIES),
        "vip": r.random() < 0.5,
        "score": r.choice([1, "2.5", 4]),
        "rank": r.choice("abc"),
        "tags": r.choice([["x"], ["x", "y"], ["z"]]),
        "allowance": r.choice([{"2025": 5, "2026": 20}, {"t1": 5, "t0": 15}, 30]),
        "balance": 60,
    }
    return {name: one for name, one in options.items() if r.random() < 0.85}


def _events(r: Random, until: date, days: int) -> list[Data]:
    found: list[Data] = []
    for number in range(r.choice([0, 2, 4, 6, 8, 9])):
        day = until - timedelta(days=int(days * r.random()) - r.choice([0, 0, 0, 5]))
        at = day.isoformat() if r.random() < 0.5 else f"{day.isoformat()}T{r.randrange(24):02}:{r.randrange(60):02}"
        kind = r.choices(["purchase", "visit", "statement", "return"], [8, 1, 1, 2 if found else 0])[0]
        event: Data = {"type": kind, "id": f"e{number}", "at": at}
        if kind == "purchase":
            event |= {"amount": r.choice([10, "33.33", 45, 60, 99, 120]), "channel": r.choice(CHANNELS)}
            if r.random() < 0.7:
                event["pieces"] = r.randint(1, 5)
        elif kind == "statement":
            event["balance"] = r.choice([20, 80, 130])
        elif kind == "return":
            event |= {"sale": r.choice(found)["id"], "amount": r.choice([10, 20, "33.33", 120])}
        found.append(event)
    return found
