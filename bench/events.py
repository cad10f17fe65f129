"""What a decision from events costs: with a kept record and by replay, from 10 to 10,000 events.

    python bench/events.py [--rounds 5] [--sizes 10,100,1000,10000]

A status by rolling 12-month spend or visits, granted for a year and renewed at expiry. With a record only what came
after the last decision is judged; without one the whole history is replayed, day by day where something can change. The
loop by hand sums and counts the last 12 months once: it knows nothing of grants, so it is a floor and no rival.
"""

import argparse
import os
import platform
import random
import statistics
import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import viprules

POLICY = """\
viprules: 1
program: {id: events, timezone: Asia/Shanghai, currency: CNY}
events:
  purchase: {amount: money}
metrics:
  spend: {sum: {of: purchase.amount, window: {last: 12 months}}}
  visits: {count: {of: purchase, window: {last: 12 months}}}
tiers:
  - {id: guest, enter: everyone}
  - {id: silver, enter: {any: [{spend: {at_least: 1000}}, {visits: {at_least: 10}}]}}
  - {id: gold, enter: {any: [{spend: {at_least: 5000}}, {visits: {at_least: 40}}]}}
transitions:
  validity: {for: 1 year}
  renew: {at: expiry}
"""
BEGIN, DECIDED, AS_OF = date(2023, 1, 1), date(2026, 6, 29), date(2026, 6, 30)


def history(count: int) -> list[dict[str, Any]]:
    """Return seeded purchases over three and a half years."""
    chance = random.Random(count)  # noqa: S311 -- seeded test data
    days = (DECIDED - BEGIN).days
    return [
        {
            "id": str(at),
            "type": "purchase",
            "at": BEGIN + timedelta(days=chance.randint(0, days)),
            "amount": chance.randint(1, 400),
        }
        for at in range(count)
    ]


def by_hand(events: list[dict[str, Any]]) -> tuple[int, int]:
    """Return spend and visits of the last 12 months."""
    first, spend, visits = date(2025, 7, 1), 0, 0
    for event in events:
        if first <= event["at"] <= AS_OF:
            spend += event["amount"]
            visits += 1
    return spend, visits


def contenders(program: viprules.Program, count: int) -> dict[str, Callable[[], Any]]:
    """Return what is timed, each from customers that nothing has been worked out for yet."""
    events = history(count)
    record = program.decide({"events": events}, as_of=DECIDED).membership
    expected = program.decide({"events": events}, as_of=AS_OF)
    found = program.decide({"events": events, "membership": record}, as_of=AS_OF)
    if (expected.tier, expected.since, expected.valid_until) != (found.tier, found.since, found.valid_until):
        raise SystemExit(f"with a record {found}, by replay {expected}")
    return {
        "loop": lambda: by_hand(events),
        "admit": lambda: program.customer(events=events),
        "record": lambda: program.decide({"events": events, "membership": record}, as_of=AS_OF),
        "replay": lambda: program.decide({"events": events}, as_of=AS_OF),
    }


def medians(asked: dict[str, Callable[[], Any]], rounds: int) -> dict[str, float]:
    """Return milliseconds: the median of the rounds, in which all take turns."""
    taken: dict[str, list[float]] = {name: [] for name in asked}
    for _ in range(rounds):
        for name, run in asked.items():
            start = time.perf_counter()
            run()
            taken[name].append((time.perf_counter() - start) * 1000)
    return {name: statistics.median(times) for name, times in taken.items()}


def main() -> None:
    """Compare, measure and print, with the conditions."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--sizes", default="10,100,1000,10000", help="how many events")
    asked = parser.parse_args()
    program = viprules.loads(POLICY, file="events.yaml")
    system = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    print(f"{platform.python_implementation()} {platform.python_version()}, {system}, viprules {viprules.__version__}")
    print(f"ms, medians of {asked.rounds} rounds in which all take turns; both decisions hold the admission as well")
    print(
        f"{'events':>7} {'loop by hand':>13} {'admission':>10} {'with record':>12} {'by replay':>10} {'us/event':>12}"
    )
    for size in map(int, asked.sizes.split(",")):
        found = medians(contenders(program, size), asked.rounds)
        line = f"{size:7} {found['loop']:13.3f} {found['admit']:10.2f} {found['record']:12.2f} {found['replay']:10.2f}"
        print(f"{line} {found['replay'] / size * 1000:12.1f}")


if __name__ == "__main__":
    main()
