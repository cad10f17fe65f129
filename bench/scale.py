"""How a decision grows with the number of rules and of tiers, beside hand-written Python that asks one after the other.

    python bench/scale.py [--rounds 15] [--rules 10,100,1000] [--tiers 5,20,100]

Rules: benefits of everybody's tier, each with three conditions on three facts. Tiers: a ladder, each tier with two
conditions of which one is enough. All answers are compared before anything is timed.
"""

import argparse
import os
import platform
import random
import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any

import viprules

AS_OF = "2026-06-30"
HEAD = """\
viprules: 1
program: {id: scale, timezone: Asia/Shanghai}
facts: {annual_spend: money, order_count: number, points_6m: number}
transitions: {validity: while_it_holds}
tiers:
"""
Ask = Callable[[Any], Any]


def customers(count: int) -> list[dict[str, int]]:
    """Return the seeded facts of customers."""
    chance = random.Random(20261122)  # noqa: S311 -- seeded test data
    found = []
    for _ in range(count):
        size = chance.lognormvariate(0, 1.3)
        found.append(
            {
                "annual_spend": int(60000 * size * chance.uniform(0.5, 1.5)),
                "order_count": int(15 * size * chance.uniform(0.5, 1.5)),
                "points_6m": int(1000 * size * chance.uniform(0.3, 2)),
            }
        )
    return found


def function(lines: Sequence[str]) -> Ask:
    """Return the function that one would write by hand, line after line."""
    space: dict[str, Any] = {}
    exec("\n".join(lines), space)  # noqa: S102 -- a thousand lines by hand, written by a loop
    ask: Ask = space["ask"]
    return ask


def rules(count: int) -> tuple[str, Ask, Callable[[viprules.Decision], Any]]:
    """Return a policy with so many rules, the same by hand, and what is compared of a decision."""
    chance = random.Random(5)  # noqa: S311 -- seeded test data
    bounds = [
        (round(chance.lognormvariate(11, 1)), chance.randint(5, 120), chance.randint(100, 4000)) for _ in range(count)
    ]
    policy = [HEAD + "  - id: all", "    enter: everyone", "    benefits:"]
    hand = ["def ask(f):", " s, o, p, found = f['annual_spend'], f['order_count'], f['points_6m'], []"]
    for at, (spend, orders, points) in enumerate(bounds):
        first, second = f"annual_spend: {{at_least: {spend}}}", f"order_count: {{less_than: {orders}}}"
        when = f"{first}, {second}, points_6m: {{at_least: {points}}}"
        policy.append(f"      - gift: {{item: rule-{at}, when: {{{when}}}}}")
        hand.append(f" if s >= {spend} and o < {orders} and p >= {points}: found.append('rule-{at}')")
    hand.append(" return found")
    return "\n".join(policy), function(hand), lambda one: [b.parameters["item"][""] for b in one.benefits]


def tiers(count: int) -> tuple[str, Ask, Callable[[viprules.Decision], Any]]:
    """Return a ladder of so many tiers, the same by hand, and what is compared of a decision."""
    policy = [HEAD + "  - {id: tier-0, enter: everyone}"]
    hand = ["def ask(f):", " s, o = f['annual_spend'], f['order_count']"]
    steps = [(at, 300000 * at // count, 80 * at // count + 1) for at in range(1, count)]
    for at, spend, orders in steps:
        any_of = f"[{{annual_spend: {{at_least: {spend}}}}}, {{order_count: {{at_least: {orders}}}}}]"
        policy.append(f"  - {{id: tier-{at}, enter: {{any: {any_of}}}}}")
    hand.extend(f" if s >= {spend} or o >= {orders}: return 'tier-{at}'" for at, spend, orders in reversed(steps))
    hand.append(" return 'tier-0'")
    return "\n".join(policy), function(hand), lambda one: one.tier


def measured(
    policy: str, hand: Ask, told: Callable[[viprules.Decision], Any], rounds: int
) -> tuple[float, float, float]:
    """Return microseconds for one answer by hand and by viprules, and milliseconds to load the policy."""
    people = customers(200)
    start = time.perf_counter()
    program = viprules.loads(policy, file="scale.yaml")
    loading = (time.perf_counter() - start) * 1000
    admitted = [program.customer(facts=one) for one in people]
    decide = program.at(AS_OF).decide
    for _ in range(2):  # what is met for the first time is made and kept
        for one, customer in zip(people, admitted, strict=True):
            if told(decide(customer)) != hand(one):
                raise SystemExit(f"viprules decides otherwise about {one}: {decide(customer)}")
    taken: list[tuple[float, float]] = []
    for _ in range(rounds):
        times = []
        contenders: tuple[tuple[Ask, Sequence[Any]], ...] = ((hand, people), (decide, admitted))
        for ask, asked in contenders:
            start = time.perf_counter()
            for one in asked:
                ask(one)
            times.append((time.perf_counter() - start) / len(people) * 1e6)
        taken.append((times[0], times[1]))
    return statistics.median(one for one, _ in taken), statistics.median(one for _, one in taken), loading


def numbers(text: str) -> list[int]:
    """Return the numbers of a text with commas."""
    return [int(one) for one in text.split(",")]


def main() -> None:
    """Compare, measure and print, with the conditions."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--rules", type=numbers, default="10,100,1000", help="how many independent rules")
    parser.add_argument("--tiers", type=numbers, default="5,20,100", help="how many tiers")
    asked = parser.parse_args()
    system = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    print(f"{platform.python_implementation()} {platform.python_version()}, {system}, viprules {viprules.__version__}")
    print(f"200 customers, all answers equal; medians of {asked.rounds} rounds in which both take turns")
    print(f"{'':12} {'by hand us':>11} {'viprules us':>12} {'ratio':>7} {'load ms':>8}")
    for what, sizes, make in (("rules", asked.rules, rules), ("tiers", asked.tiers, tiers)):
        for size in sizes:
            hand, ours, loading = measured(*make(size), asked.rounds)
            print(f"{size:5} {what:6} {hand:11.2f} {ours:12.2f} {ours / hand:7.2f} {loading:8.0f}")


if __name__ == "__main__":
    main()
