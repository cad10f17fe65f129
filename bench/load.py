"""How long a policy takes to be read, checked, lowered and compiled, and whether that grows with its length alone.

    python bench/load.py [--rounds 5] [--rules 10,100,1000] [--lines 3000]

Rules are benefits with three conditions each, one a line. `load` makes a program; `first decision` binds a day and
compiles the function for the situation at hand; `check` gives the problems of a policy of so many lines, one key a line
as people write it, also where every tenth rule has a misspelt key.
"""

import argparse
import os
import platform
import random
import statistics
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import viprules

HEAD = """\
viprules: 1
program: {id: load, timezone: Asia/Shanghai}
facts: {annual_spend: money, order_count: number, points_6m: number}
transitions: {validity: while_it_holds}
tiers:
  - id: all
    enter: everyone
    benefits:
"""


def policy(rules: int) -> str:
    """Return a policy with so many rules, one a line."""
    chance = random.Random(5)  # noqa: S311 -- seeded test data
    lines = []
    for at in range(rules):
        spend, orders, points = round(chance.lognormvariate(11, 1)), chance.randint(5, 120), chance.randint(100, 4000)
        first, second = f"annual_spend: {{at_least: {spend}}}", f"order_count: {{less_than: {orders}}}"
        when = f"{first}, {second}, points_6m: {{at_least: {points}}}"
        lines.append(f"      - gift: {{item: rule-{at}, when: {{{when}}}}}\n")
    return HEAD + "".join(lines)


def long(lines: int, *, faults: bool = False) -> str:
    """Return a policy of so many lines, six a rule."""
    found = []
    for at in range((lines - HEAD.count("\n")) // 6):
        key = "ordr_count" if faults and at % 10 == 0 else "order_count"
        found += [
            "      - gift:\n",
            f"          item: rule-{at}\n",
            "          when:\n",
            f"            annual_spend: {{at_least: {1000 + at}}}\n",
            f"            {key}: {{less_than: {5 + at % 100}}}\n",
            f"            points_6m: {{at_least: {100 + at}}}\n",
        ]
    return HEAD + "".join(found)


def checked(text: str) -> list[Any]:
    """Return the problems of a policy's text."""
    try:
        return list(viprules.loads(text, file="load.yaml").warnings)
    except viprules.PolicyError as wrong:
        return list(wrong.problems)


def milliseconds(run: Callable[[], Any]) -> float:
    """Return how long one run takes."""
    start = time.perf_counter()
    run()
    return (time.perf_counter() - start) * 1000


def first(text: str) -> float:
    """Return how long the first two decisions take: the second one has the compiled function."""
    program = viprules.loads(text, file="load.yaml")
    customer = program.customer(facts={"annual_spend": 50000, "order_count": 20, "points_6m": 900})
    return milliseconds(lambda: [program.decide(customer, as_of="2026-06-30") for _ in range(2)])


def main() -> None:
    """Measure and print, with the conditions."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--rules", default="10,100,1000", help="how many rules")
    parser.add_argument("--lines", type=int, default=3000, help="how long the checked policy is")
    asked = parser.parse_args()
    texts = {int(one): policy(int(one)) for one in asked.rules.split(",")}
    runs: dict[str, Callable[[], float]] = {}
    for rules, text in texts.items():
        runs[f"load {rules} rules"] = partial(milliseconds, partial(viprules.loads, text, file="load.yaml"))
        runs[f"first decision with {rules} rules"] = partial(first, text)
    runs[f"check {asked.lines} lines, all well"] = partial(milliseconds, partial(checked, long(asked.lines)))
    faulty = long(asked.lines, faults=True)
    runs[f"check {asked.lines} lines, {len(checked(faulty))} problems"] = partial(
        milliseconds, partial(checked, faulty)
    )
    taken: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(asked.rounds):
        for name, run in runs.items():
            taken[name].append(run())
    system = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    print(f"{platform.python_implementation()} {platform.python_version()}, {system}, viprules {viprules.__version__}")
    print(f"ms, medians of {asked.rounds} rounds in which all take turns, modules loaded before")
    for name, times in taken.items():
        print(f"{statistics.median(times):8.1f}  {name}")


if __name__ == "__main__":
    main()
