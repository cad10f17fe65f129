"""Hostile files: whatever is in them, the loader answers with problems, soon, in bounded memory."""

import json
import os
import subprocess
import sys

import pytest

from tests.fuzzing import SEED, made, seeds
from viprules.engine.reading.source import read

COUNT = int(os.environ.get("VIPRULES_FUZZ", "20000"))
PROCESSES = 2
SECONDS = 4
"""Computing for one input of at most 200,000 characters; the slowest are policies of five hundred tiers."""


@pytest.mark.fuzz
def test_nothing_but_problems_leaves_the_loader() -> None:
    """No other exception, no dead process, at most 256 MiB, each input soon.

    `VIPRULES_FUZZ=1000000` tries so many; the figures and the seed are printed with `-s`.
    """
    share = -(-COUNT // PROCESSES)
    seed = SEED if COUNT <= 20_000 else int.from_bytes(os.urandom(4))
    command = [sys.executable, "-m", "tests.fuzzing", "--count", str(share), "--seed", str(seed)]
    running = [
        subprocess.Popen(
            [*command, "--first", str(share * n)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for n in range(PROCESSES)
    ]
    ended = [(*process.communicate(), process.returncode) for process in running]
    for told, wrong, code in ended:
        assert code == 0, f"seed {seed}: a process ended with {code}\n{wrong[-6_000:]}"
        figures = json.loads(told)
        print(figures)  # noqa: T201 -- the figures of a long run
        assert figures["peak_mib"] < 256
        assert figures["slowest"][0] < SECONDS
        assert len(figures["codes"]) > 20, "the inputs reach many different problems"


def test_an_input_can_be_had_again() -> None:
    """Its number and the seed are enough."""
    texts = seeds()
    assert [made(n, 7, texts) for n in range(200)] == [made(n, 7, texts) for n in range(200)]


def test_reading_is_the_same_every_time() -> None:
    """Reading depends on its input alone."""
    texts = seeds()
    for number in range(300):
        data = made(number, 8, texts)
        assert read(data, "policy.yaml") == read(data, "policy.yaml")
