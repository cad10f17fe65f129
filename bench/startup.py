"""How long a fresh process takes: to import viprules, to show its help, to decide about one customer.

    python bench/startup.py [--rounds 15]

Each figure is the median over the rounds, in which all contenders take turns; the empty interpreter is one of them and
is taken off where the table says “beyond”. Times are those of the clock on the wall, from start to end of the process.
"""

import argparse
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

POLICY = """\
viprules: 1
program: {id: shop, timezone: Asia/Shanghai, currency: CNY}
events:
  purchase: {amount: money}
metrics:
  annual_spend: {sum: {of: purchase.amount, window: {this: year}}}
tiers:
  - {id: guest, enter: everyone}
  - {id: silver, enter: {annual_spend: {at_least: 1000}}}
  - {id: gold, enter: {annual_spend: {at_least: 5000}}}
transitions:
  validity: {through: {next: year}}
"""
DECIDE = """\
import sys, viprules
program = viprules.load(sys.argv[1])
purchase = {"id": "1", "type": "purchase", "at": "2026-03-01", "amount": 1200}
decision = program.decide(program.customer(id="ann", events=[purchase]), as_of="2026-06-30")
assert decision.tier == "silver", decision
"""


def contenders(policy: Path) -> dict[str, list[str]]:
    """Return the command lines to be measured, by what they show."""
    python = sys.executable
    return {
        "empty": [python, "-c", "pass"],
        "import": [python, "-c", "import viprules"],
        "help": [str(Path(python).with_name("viprules")), "--help"],
        "decision": [python, "-c", DECIDE, str(policy)],
    }


def seconds(command: list[str]) -> float:
    """Return how long one run takes; one that fails ends the measurement with what it said."""
    start = time.perf_counter()
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    taken = time.perf_counter() - start
    if ran.returncode:
        raise SystemExit(f"{' '.join(command[:2])} …: {ran.stderr or ran.stdout}")
    return taken


def measure(commands: dict[str, list[str]], rounds: int) -> dict[str, float]:
    """Return the median of each command in milliseconds, after one round that warms the caches of bytecode and disk."""
    for command in commands.values():
        seconds(command)
    taken: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            taken[name].append(seconds(command))
    return {name: statistics.median(times) * 1000 for name, times in taken.items()}


def main() -> None:
    """Measure and print, with the conditions."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        policy = Path(folder, "shop.yaml")
        policy.write_text(POLICY, encoding="utf-8")
        median = measure(contenders(policy), rounds)
    system = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    print(f"{platform.python_implementation()} {platform.python_version()}, {system}, median of {rounds} rounds")
    print(f"{median['empty']:7.1f} ms  an empty interpreter")
    print(f"{median['import'] - median['empty']:7.1f} ms  `import viprules`, beyond it            (aim: at most 20)")
    print(f"{median['help']:7.1f} ms  `viprules --help`                       (aim: at most 150)")
    print(f"{median['decision']:7.1f} ms  a fresh process to its first decision   (aim: at most 600)")


if __name__ == "__main__":
    main()
