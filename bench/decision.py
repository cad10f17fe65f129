"""What one loyalty decision costs: viprules beside hand-written Python and, where installed, other rule engines.

    python bench/decision.py [--rounds 20] [--customers 1000] [--peers all|none|NAME,…]

Nine facts, five tiers with conditions under “all” and “any”, a raise for loyal customers, keeping a tier at 80 %, and
benefits. Every contender decides about the same seeded customers, and all answers are compared before anything is
timed. A peer answers the conditions; Python written by hand around it does the rest, which is a favour to the peer.
"""

import argparse
import importlib
import os
import platform
import random
import statistics
import time
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import viprules

AS_OF = date(2026, 6, 30)
LANDED_UNTIL = date(2026, 12, 31)
TIERS = ("none", "silver", "gold", "platinum", "diamond")
NAMES = tuple({"en": name.capitalize()} for name in TIERS)
BENEFITS: tuple[tuple[int, float, bool, str], ...] = (
    (0, 1, False, "none"),
    (2, 1.2, False, "card"),
    (5, 1.5, False, "voucher"),
    (8, 2, True, "hamper"),
    (12, 3, True, "suite"),
)
SLOW = 50
"""How many customers a slow contender decides about in a round."""

POLICY = Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8")

Facts = Mapping[str, Any]
Decide = Callable[[Facts], Any]


def customers(count: int) -> list[dict[str, Any]]:
    """Return seeded customers: their facts, the tier they hold and since when."""
    chance = random.Random(20261122)  # noqa: S311 -- seeded test data
    found = []
    for _ in range(count):
        size = chance.lognormvariate(0, 1.3)
        found.append(
            {
                "annual_spend": round(60000 * size * chance.uniform(0.5, 1.5), 2),
                "order_count": int(15 * size * chance.uniform(0.5, 1.5)),
                "visits": int(25 * size * chance.uniform(0.5, 1.5)),
                "referrals": chance.choice([0, 0, 0, 1, 2, 3, 5, 8]),
                "days_since_last_visit": chance.randint(0, 200),
                "years_stable": chance.choice([0, 0, 1, 1, 2, 2, 3, 4, 5, 6]),
                "returns_5y": chance.choice([0, 1, 1, 2, 3, 5]),
                "points_6m": int(1000 * size * chance.uniform(0.3, 2)),
                "current_tier": chance.choices(range(5), [4, 3, 2, 1, 1])[0],
                "since": AS_OF - timedelta(days=chance.randint(1, 700)),
            }
        )
    return found


# --- by hand ------------------------------------------------------------------------------------------

BY_HAND = """\
def decide(facts):
    spend, orders, points = facts["annual_spend"], facts["order_count"], facts["points_6m"]
    clean, stable, held = facts["returns_5y"] == 0, facts["years_stable"], facts["current_tier"]
    if spend >= 500000 or clean and stable >= 5:
        rank = 4
    elif spend >= 200000 or orders >= 100:
        rank = 3
    elif spend >= 100000 or orders >= 50 or points >= 3000:
        rank = 2
    elif orders >= 20:
        rank = 1
    else:
        rank = 0
    if 0 < rank < 4 and stable >= 3:
        rank += 1
    earned = rank
    if rank < held:
        if held == 4:
            kept = spend >= 400000 or clean and stable >= 4
        elif held == 3:
            kept = spend >= 160000 or orders >= 80
        elif held == 2:
            kept = spend >= 80000 or orders >= 40 or points >= 2400
        else:
            kept = orders >= 16
        rank = held if kept else held - 1
    discount, times, dedicated, gift = BENEFITS[rank]
    if facts["referrals"] >= 5:
        times += 0.5
    if rank == 2 and facts["visits"] >= 50 and facts["days_since_last_visit"] <= 30:
        dedicated = True
    change = "up" if rank > held else "down" if rank < held else "keep"
    benefits = {"discount": discount, "times": times, "dedicated": dedicated, "gift": gift}
"""
SHORT = '    return {"tier": TIERS[rank], "change": change, "benefits": benefits}\n'
WHOLE = """\
    since = None if not rank else facts["since"] if rank == held else AS_OF
    until = LANDED_UNTIL if earned < rank < held else None
    return {"tier": TIERS[rank], "tier_name": NAMES[rank], "change": change, "since": since, "valid_until": until,
            "benefits": benefits, "as_of": AS_OF, "customer": facts}
"""


def by_hand(result: str) -> Decide:
    """Return the function as one would write it by hand, with one of the two results."""
    space: dict[str, Any] = {
        "TIERS": TIERS,
        "NAMES": NAMES,
        "BENEFITS": BENEFITS,
        "AS_OF": AS_OF,
        "LANDED_UNTIL": LANDED_UNTIL,
    }
    exec(BY_HAND + result, space)  # noqa: S102 -- one text, so that both results come from the same function
    decide: Decide = space["decide"]
    return decide


# --- peers --------------------------------------------------------------------------------------------

# Conditions as data, from which each peer's own notation is made: (fact, operator, bound), or (word, condition, …).
Condition = tuple[Any, ...]
EARNED: tuple[Condition, ...] = (
    ("or", ("annual_spend", ">=", 500000), ("and", ("returns_5y", "==", 0), ("years_stable", ">=", 5))),
    ("or", ("annual_spend", ">=", 200000), ("order_count", ">=", 100)),
    ("or", ("annual_spend", ">=", 100000), ("order_count", ">=", 50), ("points_6m", ">=", 3000)),
    ("and", ("order_count", ">=", 20)),
)
KEPT: tuple[Condition, ...] = (
    ("or", ("annual_spend", ">=", 400000), ("and", ("returns_5y", "==", 0), ("years_stable", ">=", 4))),
    ("or", ("annual_spend", ">=", 160000), ("order_count", ">=", 80)),
    ("or", ("annual_spend", ">=", 80000), ("order_count", ">=", 40), ("points_6m", ">=", 2400)),
    ("and", ("order_count", ">=", 16)),
)
KEEP: Condition = ("or", *(("and", ("current_tier", "==", 4 - at), one) for at, one in enumerate(KEPT)))
DEDICATED: Condition = ("and", ("visits", ">=", 50), ("days_since_last_visit", "<=", 30))


def text(condition: Condition, words: Mapping[str, str]) -> str:
    """Return a condition as an expression; amounts are floats where the peer's words say so."""
    if condition[0] in ("and", "or"):
        return "(" + f" {words[condition[0]]} ".join(text(one, words) for one in condition[1:]) + ")"
    fact, operator, bound = condition
    return f"{fact} {operator} {bound}{words['amount'] if fact == 'annual_spend' else ''}"


def ladder(words: Mapping[str, str]) -> str:
    """Return the rank that is earned, as one expression."""
    found = "0"
    for rank, condition in enumerate(reversed(EARNED), 1):
        found = f"({text(condition, words)} ? {rank} : {found})"
    return found


def hosted(earned: Callable[[Facts], int], kept: Callable[[Facts], bool], dedicated: Callable[[Facts], bool]) -> Decide:
    """Return a decision in which a peer answers the conditions."""

    def decide(facts: Facts) -> Any:
        rank, held = earned(facts), facts["current_tier"]
        if 0 < rank < len(EARNED) and facts["years_stable"] >= 3:  # noqa: PLR2004 -- the bound of the policy
            rank += 1
        if rank < held:
            rank = held if kept(facts) else held - 1
        discount, times, has, gift = BENEFITS[rank]
        if facts["referrals"] >= 5:  # noqa: PLR2004 -- the bound of the policy
            times += 0.5
        if rank == 2 and dedicated(facts):  # noqa: PLR2004 -- gold
            has = True
        change = "up" if rank > held else "down" if rank < held else "keep"
        benefits = {"discount": discount, "times": times, "dedicated": has, "gift": gift}
        return {"tier": TIERS[rank], "change": change, "benefits": benefits}

    return decide


PYTHONIC = {"and": "and", "or": "or", "amount": ""}
CEL = {"and": "&&", "or": "||", "amount": ".0"}


def zen_engine() -> Decide:
    """Compiled expressions, quicker than the same in a decision graph."""
    zen = importlib.import_module("zen")
    asked = [zen.compile_expression(one) for one in (ladder(PYTHONIC), text(KEEP, PYTHONIC), text(DEDICATED, PYTHONIC))]
    earned, kept, dedicated = (one.evaluate for one in asked)
    return hosted(lambda facts: int(earned(facts)), kept, dedicated)


def rule_engine() -> Decide:
    """Rules and one expression."""
    module = importlib.import_module("rule_engine")
    earned = module.Rule(ladder(PYTHONIC)).evaluate
    kept, dedicated = (module.Rule(text(one, PYTHONIC)).matches for one in (KEEP, DEDICATED))
    return hosted(lambda facts: int(earned(facts)), kept, dedicated)


def common_expression_language() -> Decide:
    """CEL, in Rust."""
    cel = importlib.import_module("cel")
    asked = [cel.compile(one) for one in (ladder(CEL), text(KEEP, CEL), text(DEDICATED, CEL))]
    earned, kept, dedicated = (one.execute for one in asked)
    return hosted(earned, kept, dedicated)


def cel_python() -> Decide:
    """CEL, in Python."""
    celpy = importlib.import_module("celpy")
    env = celpy.Environment()
    asked = [env.program(env.compile(one)) for one in (ladder(CEL), text(KEEP, CEL), text(DEDICATED, CEL))]
    earned, kept, dedicated = (one.evaluate for one in asked)
    decide = hosted(
        lambda facts: int(earned(facts["cel"])),
        lambda facts: bool(kept(facts["cel"])),
        lambda facts: bool(dedicated(facts["cel"])),
    )
    return lambda facts: decide({**facts, "cel": {n: celpy.json_to_cel(v) for n, v in facts.items()}})


def datalogic_py() -> Decide:
    """JSON logic, in Rust."""
    engine = importlib.import_module("datalogic_py").Engine()
    branches: list[Any] = [part for at, one in enumerate(EARNED) for part in (json_logic(one), 4 - at)]
    asked = [engine.compile(one) for one in ({"if": [*branches, 0]}, json_logic(KEEP), json_logic(DEDICATED))]
    earned, kept, dedicated = (one.evaluate for one in asked)
    return hosted(earned, kept, dedicated)


def json_logic(condition: Condition) -> Any:
    """Return a condition as JSON logic."""
    if condition[0] in ("and", "or"):
        return {condition[0]: [json_logic(one) for one in condition[1:]]}
    fact, operator, bound = condition
    return {operator: [{"var": fact}, bound]}


def business_rules() -> Decide:
    """Rules as data, with variables and actions in classes."""
    engine = importlib.import_module("business_rules.engine")
    variables = importlib.import_module("business_rules.variables")
    actions = importlib.import_module("business_rules.actions")
    getters = {name: variables.numeric_rule_variable()(_getter(name)) for name in customers(1)[0]}
    asked = type("Asked", (variables.BaseVariables,), {"__init__": _remember, **getters})
    answer = type("Answer", (actions.BaseActions,), {"say": actions.rule_action()(lambda _: None)})
    rules = [{"conditions": _rule(one), "actions": [{"name": "say"}]} for one in (*EARNED, KEEP, DEDICATED)]

    def met(number: int, facts: Facts) -> bool:
        return bool(engine.run(rules[number], asked(facts), answer()))

    def earned(facts: Facts) -> int:
        return next((len(EARNED) - at for at in range(len(EARNED)) if met(at, facts)), 0)

    return hosted(earned, lambda facts: met(-2, facts), lambda facts: met(-1, facts))


def _getter(name: str) -> Callable[[Any], Any]:
    def get(self: Any) -> Any:
        return self.facts[name]

    get.__name__ = name
    return get


def _remember(self: Any, facts: Facts) -> None:
    self.facts = facts


def _rule(condition: Condition) -> Any:
    if condition[0] in ("and", "or"):
        return {"all" if condition[0] == "and" else "any": [_rule(one) for one in condition[1:]]}
    names = {">=": "greater_than_or_equal_to", "<=": "less_than_or_equal_to", "==": "equal_to"}
    fact, operator, bound = condition
    return {"name": fact, "operator": names[operator], "value": bound}


PEERS: Mapping[str, Callable[[], Decide]] = {
    "datalogic-py": datalogic_py,
    "zen-engine": zen_engine,
    "common-expression-language": common_expression_language,
    "rule-engine": rule_engine,
    "business-rules": business_rules,
    "cel-python": cel_python,
}


# --- measuring ----------------------------------------------------------------------------------------


def plain(decision: viprules.Decision) -> Any:
    """Return what is compared of a decision of ours, in the form of the hand-written result."""
    given = {one.kind: one.parameters for one in decision.benefits}
    return {
        "tier": decision.tier,
        "change": {"upgrade": "up", "downgrade": "down"}.get(decision.change, "keep"),
        "benefits": {
            "discount": int(given["discount"]["percent"]),
            "times": float(given["points_multiplier"]["times"]),
            "dedicated": "service" in given,
            "gift": given["gift"]["item"][""],
        },
    }


def rounded(result: Mapping[str, Any]) -> Any:
    """Return a hand-written result with its sums of floats rounded, so that `1.2 + 0.5` is 1.7."""
    benefits = result["benefits"] | {"times": round(result["benefits"]["times"], 6)}
    return {"tier": result["tier"], "change": result["change"], "benefits": benefits}


def ours(people: list[dict[str, Any]]) -> dict[str, tuple[Callable[[Any], Any], list[Any]]]:
    """Return the doors of viprules, each with what it is asked; all of them agree with the hand-written function."""
    program = viprules.loads(POLICY, file="bench.yaml")
    stated: list[dict[str, Any]] = [
        {
            "facts": {name: value for name, value in one.items() if name not in ("current_tier", "since")},
            "membership": {"tier": TIERS[one["current_tier"]], "since": one["since"] if one["current_tier"] else None},
            "amounts": "float-cents",
        }
        for one in people
    ]
    admitted = [program.customer(**one) for one in stated]
    at = program.at(AS_OF)
    hand = by_hand(WHOLE)
    for one, customer in zip(people, admitted, strict=True):
        at.decide(customer)  # what is met for the first time is made and kept
        expected, found = hand(one), at.decide(customer)
        same = rounded(expected) == plain(found) == plain(at.walk(customer))
        if not same or (expected["since"], expected["valid_until"]) != (found.since, found.valid_until):
            raise SystemExit(f"viprules decides otherwise about {one}: {found}")
    return {
        "viprules: program.at(day).decide": (at.decide, admitted),
        "viprules: program.decide(…, as_of=day)": (lambda one: program.decide(one, as_of=AS_OF), admitted),
        "viprules: from plain data, admitted each time": (lambda one: at.decide(one), stated),  # noqa: PLW0108 -- one more call, as above
        "viprules: the walk, the reference": (at.walk, admitted[:SLOW]),
        "viprules: explain": (lambda one: program.explain(one, as_of=AS_OF), admitted[:SLOW]),
    }


def peers(wanted: str, people: list[dict[str, Any]]) -> dict[str, tuple[Callable[[Any], Any], list[Any]]]:
    """Return the installed peers; one that decides otherwise ends the measurement."""
    found: dict[str, tuple[Callable[[Any], Any], list[Any]]] = {}
    hand = by_hand(SHORT)
    people = [{name: value for name, value in one.items() if name != "since"} for one in people]  # no peer asks for it
    for name in () if wanted == "none" else PEERS if wanted == "all" else wanted.split(","):
        try:
            decide, label = PEERS[name](), f"{name} {version(name)}"
        except (ImportError, PackageNotFoundError):
            print(f"{name}: not installed, skipped")
            continue
        for one in people:
            if rounded(decide(one)) != rounded(hand(one)):
                raise SystemExit(f"{name} decides otherwise about {one}: {decide(one)}")
        found[label] = (decide, people[:SLOW] if name == "cel-python" else people)
    return found


def medians(contenders: Mapping[str, tuple[Callable[[Any], Any], list[Any]]], rounds: int) -> dict[str, float]:
    """Return nanoseconds for one decision: the median of the rounds, in which all contenders take turns."""
    taken: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, (decide, people) in contenders.items():
            start = time.perf_counter_ns()
            for one in people:
                decide(one)
            taken[name].append((time.perf_counter_ns() - start) / len(people))
    return {name: statistics.median(times) for name, times in taken.items()}


def main() -> None:
    """Compare, measure and print, with the conditions."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--customers", type=int, default=1000)
    parser.add_argument("--peers", default="all", help="all, none, or names with commas: " + ", ".join(PEERS))
    asked = parser.parse_args()
    people = customers(asked.customers)
    contenders: dict[str, tuple[Callable[[Any], Any], list[Any]]] = {
        "hand-written, a nested dict": (by_hand(SHORT), people),
        "hand-written, the fields of a Decision": (by_hand(WHOLE), people),
    }
    contenders |= ours(people) | peers(asked.peers, people)
    found = medians(contenders, asked.rounds)
    system = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    print(f"{platform.python_implementation()} {platform.python_version()}, {system}, viprules {viprules.__version__}")
    print(f"{asked.customers} customers, all answers equal; medians of {asked.rounds} rounds in which all take turns")
    base = found["hand-written, a nested dict"]
    print(f"{'':48} {'us':>9} {'ratio':>8}")
    for name, took in found.items():
        print(f"{name:48} {took / 1000:9.2f} {took / base:8.2f}")


if __name__ == "__main__":
    main()
