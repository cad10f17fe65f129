"""Hostile inputs for the loader, made from real policies and from nothing: `python -m tests.fuzzing --help`.

Each input is made from the seed and its number alone, so that a failure can be had again.
"""

import argparse
import json
import random
import re
import resource
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import viprules
from viprules.engine.reading.source import read

ROOT = Path(__file__).parents[1]
SEED = 20261122
TOO_LONG = 30

POLICY = """\
viprules: 1
program: {id: shop, name: {zh: 网店, en: Shop}, timezone: Asia/Shanghai, currency: CNY}
facts: {birthday: date, member: {type: true_false, if_missing: false}}
events:
  purchase: {amount: money, channel: {type: text, in: [shop, app]}}
  return: {returns: purchase, amount: money}
metrics:
  spend: {sum: {of: purchase.amount, where: {channel: app}, window: {last: 12 months}}}
  steady: {streak: {of: year, while: {spend: {within: 10%, of: {previous: year}}}, counts_first: true}}
tiers:
  - {id: guest, enter: everyone}
  - id: gold
    name: "金卡"
    enter: {any: [{spend: {at_least: 1000.50}}, {steady: {at_least: 3}}]}
    stay: {spend: {at_least: 800}}
    benefits: [{discount: {percent: 10, group: price}}]
transitions:
  validity: {for: 12 months}
  renew: {at: expiry}
"""
TOKENS: list[str] = [
    *"{}[],:-?&*!|>'\"%@`#~<=\\\n\r\t \0\x07\x1b\x7f\x85",
    *"：，、（）【】［］｛｝“”‘’　\u00a0－＃％１\u2028\u202e\u200b\ufeff\ud800\udfff\ufffd\uffff😀",  # noqa: RUF001 -- the marks
    ": ", "- ", "? ", "---\n", "...\n", "%YAML 1.2\n", "<<: ", "!!str ", "!!python/object:os.system ", "&a ",
    "|\n", ">-\n", "null", "~", "true", "no", ".nan", ".inf", "-0", "08", "1e999", "9" * 19, "0x1F", "1_000", "0",
    '"\\x00"', '"\\ud800"', '"\\U00110000"', "'", "''", '"', "a" * 2_000, "{a: " * 30, "[" * 70, "[" * 3_000, "*a ",
    "? " * 100, "a: &x [*x, *x]\n", "\ufeff", "2026-02-30", "everyone", "any", "all", "not", "tier", "- " * 70,
    "enter: ", "stay: ", "window: ", "{this: year}", "spend", "purchase", "amount", "id: ", "lifetime", "forever",
]  # fmt: skip
VALUES = (
    "0 -1 1 08 1e9 .nan .inf -0.0 99999999999999999999 0.0000000001 1_000 true false null ~ '' everyone"
    " lifetime forever while_it_holds 2026-02-30 0000-01-01 9999-12-31 02-29 13-01 24:00 100% 1000% 0%"
    " 999999_months [] {} [[]] [{}] {a: b} any all not at_least_of tier date within known in between of"
    " if_missing steps values otherwise by product quotient 'UTC' 'Asia/Shanghai' '../../etc/passwd'"
    " '__class__' '{0.__class__}' '%s' lambda eval _ . - a.b purchase.amount.x grant year half_year week"
    " customer reservation \"2026-01-01\" '12 months' '0 days' '999999 years' gold guest spend"
).split(" ")
WORD = re.compile(r"[\w.%-]+")


def seeds() -> list[str]:
    """Return the policies that are changed into hostile ones."""
    found = sorted([*ROOT.glob("policies/**/*.yaml"), *ROOT.glob("tests/bad/*.yaml")])
    texts = [path.read_bytes().decode("utf-8", "ignore") for path in found]
    return [POLICY, *(text for text in texts if 0 < len(text) < 6_000)]


def made(number: int, seed: int, texts: list[str]) -> str | bytes:
    """Return one input."""
    chance = random.Random(f"{seed}/{number}")  # noqa: S311 -- no secret
    kind = chance.random()
    if kind < 0.05:
        return chance.randbytes(chance.randrange(400))
    if kind < 0.15:
        return "".join(chance.choices(TOKENS, k=chance.randrange(1, 60)))
    text = chance.choice([POLICY, chance.choice(texts)])
    changes = [_change_word] if kind > 0.6 else CHANGES  # who stays YAML gets further
    for _ in range(1 + int(chance.expovariate(0.7))):
        text = chance.choice(changes)(text, chance)
    text = text[:200_000]
    if kind < 0.25:
        encoding = chance.choice(["utf-8", "utf-16", "utf-16-le", "utf-32", "gb18030", "utf-8-sig"])
        data = bytearray(text.encode(encoding, "replace"))
        if data and chance.random() < 0.5:
            data[chance.randrange(len(data))] = chance.randrange(256)
        return bytes(data)
    return text


def _place(text: str, chance: random.Random) -> tuple[int, int]:
    start = chance.randrange(len(text) + 1)
    return start, min(len(text), start + int(chance.expovariate(0.1)))


def _insert(text: str, chance: random.Random) -> str:
    start, _ = _place(text, chance)
    return f"{text[:start]}{chance.choice(TOKENS)}{text[start:]}"


def _replace(text: str, chance: random.Random) -> str:
    start, end = _place(text, chance)
    return f"{text[:start]}{chance.choice(TOKENS)}{text[end:]}"


def _delete(text: str, chance: random.Random) -> str:
    start, end = _place(text, chance)
    return text[:start] + text[end:]


def _repeat(text: str, chance: random.Random) -> str:
    start, end = _place(text, chance)
    return text[:start] + text[start:end] * chance.choice([2, 3, 50, 500]) + text[end:]


def _move(text: str, chance: random.Random) -> str:
    start, end = _place(text, chance)
    rest = text[:start] + text[end:]
    at, _ = _place(rest, chance)
    return rest[:at] + text[start:end] + rest[at:]


def _widen(text: str, chance: random.Random) -> str:
    narrow, wide = chance.choice([(": ", "："), (", ", "，"), ("{", "｛"), ("[", "【"), ('"', "“"), (" ", "　")])  # noqa: RUF001 -- the marks
    return text.replace(narrow, wide, chance.choice([1, 3, -1]))


def _swap_words(text: str, chance: random.Random) -> str:
    words = text.split(" ")
    one, other = chance.randrange(len(words)), chance.randrange(len(words))
    words[one], words[other] = words[other], words[one]
    return " ".join(words)


def _swap_lines(text: str, chance: random.Random) -> str:
    lines = text.split("\n")
    one = chance.randrange(len(lines))
    lines.insert(chance.randrange(len(lines) + 1), " " * chance.randrange(4) + lines.pop(one))
    return "\n".join(lines)


def _change_word(text: str, chance: random.Random) -> str:
    """Put one word of the policy, or a hostile value, in the place of another; it mostly stays YAML."""
    words = list(WORD.finditer(text))
    if not words:
        return text
    one = chance.choice(words)
    other = chance.choice(VALUES) if chance.random() < 0.4 else chance.choice(words)[0]
    return text[: one.start()] + other + text[one.end() :]


def _drop_line(text: str, chance: random.Random) -> str:
    lines = text.split("\n")
    del lines[chance.randrange(len(lines))]
    return "\n".join(lines)


def _cut(text: str, chance: random.Random) -> str:
    return text[: _place(text, chance)[0]]


Change = Callable[[str, random.Random], str]
CHANGES: list[Change] = [
    _insert,
    _replace,
    _delete,
    _repeat,
    _move,
    _widen,
    _swap_words,
    _swap_lines,
    _cut,
    _drop_line,
    *[_change_word] * 6,
]


def tried(data: str | bytes) -> str:
    """Return what the loader says: `ok`, or the code of its first problem; anything else it raises goes on."""
    read(data, "policy.yaml")
    try:
        viprules.loads(data, file="policy.yaml")
    except viprules.PolicyError as error:
        for one in error.problems:
            one.text("zh")
        return error.problems[0].code  # there is one
    return "ok"


def _stop(_number: int, _frame: object) -> None:
    raise TimeoutError(f"nothing came for {TOO_LONG} seconds")


def run(count: int, seed: int, first: int = 0) -> dict[str, object]:
    """Try so many inputs; return the figures, or raise with the number of the input that was too much."""
    signal.signal(signal.SIGALRM, _stop)
    texts, codes, slowest = seeds(), Counter[str](), (0.0, 0)
    for number in range(first, first + count):
        data = made(number, seed, texts)
        before = time.process_time()
        signal.alarm(TOO_LONG)
        try:
            codes[tried(data)] += 1
        except BaseException as error:
            error.add_note(f"input {number} of seed {seed}: {data[:3_000]!r}")
            raise
        slowest = max(slowest, (time.process_time() - before, number))
    return {"inputs": count, "seed": seed, "codes": codes, "slowest": slowest, "peak_mib": round(_peak_mib())}


def _peak_mib() -> float:
    """Return the most memory that this process held; Linux's `ru_maxrss` also counts what its parent held."""
    status = Path("/proc/self/status")
    if status.exists():
        lines = dict(line.split(":", 1) for line in status.read_text(encoding="utf-8").splitlines())
        return int(lines["VmHWM"].split()[0]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024**2 if sys.platform == "darwin" else 1024)


def main() -> None:
    """Try inputs and print the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--first", type=int, default=0, help="the number of the first input")
    given = parser.parse_args()
    json.dump(run(given.count, given.seed, given.first), sys.stdout)


if __name__ == "__main__":
    main()
