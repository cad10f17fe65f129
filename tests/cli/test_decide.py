"""`decide` and `explain`: files in, answers out, nothing lost."""

import csv
import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.conftest import Call, heeding

WORDS = ("decide", "policy.yaml", "--mapping", "mapping.yaml", "--as-of", "2026-12-31")
POLICY = """
viprules: 1
program: {id: p, timezone: Asia/Shanghai}
events: {purchase: {amount: money}}
metrics: {spend: {sum: {of: purchase.amount, window: lifetime}}}
tiers: [{id: guest, enter: everyone}, {id: gold, name: {zh: 金卡, en: Gold}, enter: {spend: {at_least: 100}}}]
transitions: {validity: forever}
"""
GIFT = "enter: everyone, benefits: [{gift: {id: cake, item: cake, quota: {times: 2, per: year}}}]"


def rows(path: Path | str) -> list[dict[str, str]]:
    """Return the rows of a CSV file."""
    with Path(path).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def lines(path: str) -> list[dict[str, object]]:
    """Return the objects of a JSONL file."""
    return [json.loads(line) for line in Path(path).read_text(encoding="utf-8").splitlines()]


def test_a_starter_is_decided(call: Call, club: Path) -> None:
    """The sample data give tiers, a summary and two whole files."""
    called = call(*WORDS, "--output", "out.csv", "--memberships-out", "state.jsonl")
    assert (0, "") == (called.code, called.err)
    assert ["gold", "silver", "guest", "gold", "guest"] == [row["tier"] for row in rows("out.csv")]
    assert {"customer", "grants", "bounds", "decided"} == set(lines("state.jsonl")[0])
    assert "upgraded 3" in called.out
    assert [] == list(club.glob("*rejects*"))


def test_a_state_goes_into_the_next_run(call: Call, club: Path) -> None:
    """What a run keeps, the next one takes; nobody rises twice."""
    for ending in ("jsonl", "csv", "parquet"):
        call(*WORDS, "--output", "out.csv", "--memberships-out", f"state.{ending}")
        called = call(*WORDS[:-1], "2027-12-31", "--memberships", f"state.{ending}", "--output", "next.jsonl")
        assert 0 == called.code
        assert {"none"} == {one["change"] for one in lines("next.jsonl")}
    assert club.exists()


def test_without_an_output_the_rows_are_printed(call: Call, club: Path) -> None:
    """Decisions go to standard output, the summary beside them."""
    called = call(*WORDS)
    assert "customer,as_of,tier,tier_name,change" in called.out.splitlines()[0]
    assert "cafe-club as of 2026-12-31" in called.err
    assert 6 == len(called.out.splitlines())
    assert 5 == len([json.loads(line) for line in call(*WORDS, "--format", "json").out.splitlines()])
    assert club.exists()


def test_names_and_summary_speak_chinese(call: Call, club: Path) -> None:
    """`--lang zh` gives Chinese tier names and texts."""
    called = call(*WORDS, "--lang", "zh", "--output", "out.csv")
    assert "金卡" == rows("out.csv")[0]["tier_name"]
    assert "升级 3" in called.out
    assert club.exists()


def test_a_summary_is_data_too(call: Call, club: Path) -> None:
    """`--format json` sums up as one object."""
    found = json.loads(call(*WORDS, "--format", "json", "--output", "out.csv", "--moved-since", "2026-06-30").out)
    assert {"gold": 2, "silver": 1, "guest": 2} == found["tier_sets"]["tier"]["tiers"]
    assert 3 == sum(move["customers"] for move in found["tier_sets"]["tier"]["moves"])
    assert (5, 0, {}) == (found["decided"], found["undecided"], found["rows_set_aside"])
    assert club.exists()


def test_who_moved_is_told(call: Call, club: Path) -> None:
    """`--moved-since` prints how many went from where to where, and `change` tells of that time."""
    called = call(*WORDS, "--output", "out.csv", "--moved-since", "2026-06-30")
    assert "who moved from 2026-06-30 to 2026-12-31" in called.out
    assert 2 == call(*WORDS, "--moved-since", "2027-01-01").code
    assert club.exists()


@pytest.fixture
def shop(folder: Path) -> Path:
    """Write a small policy and files with some bad rows."""
    (folder / "policy.yaml").write_text(POLICY, encoding="utf-8")
    events = (
        "customer,type,at,id,amount\nC1,purchase,2026-03-01,E1,100\n"
        "C1,purchase,yesterday,E2,1\n=C2,purchase,2026-03-01,E3,many\n"
    )
    (folder / "events.csv").write_text(events, encoding="utf-8")
    return folder


SHOP = ("decide", "policy.yaml", "--events", "events.csv", "--as-of", "2026-12-31")


def test_bad_rows_are_named_counted_and_kept(call: Call, shop: Path) -> None:
    """Each bad row is named by file, line and column; all are kept; good rows count; the answer says so."""
    called = call(*SHOP, "--output", "out.csv")
    assert 0 == called.code
    assert "events.csv:3:3: `yesterday` in `at` is no day or time" in called.err
    assert "events.csv:4:5: " in called.err
    assert "rows that could not be used: 2" in called.err
    assert ["3", "4"] == [row["line"] for row in rows("out.rejects.csv")]
    assert [("C1", "gold", "1"), ("'=C2", "guest", "1")] == [
        (row["customer"], row["tier"], row["rows_set_aside"]) for row in rows("out.csv")
    ]
    assert 1 == call(*SHOP, "--output", "out.csv", "--strict").code
    assert shop.exists()


def test_a_clean_run_leaves_no_old_rejects(call: Call, shop: Path) -> None:
    """After the rows are repaired, the file of rejects says so."""
    call(*SHOP, "--output", "out.csv")
    (shop / "events.csv").write_text("customer,type,at,id,amount\nC1,purchase,2026-03-01,E1,100\n", encoding="utf-8")
    call(*SHOP, "--output", "out.csv")
    assert [] == rows("out.rejects.csv")


def test_who_cannot_be_decided_keeps_the_membership(call: Call, shop: Path) -> None:
    """A membership that cannot be used leaves the customer undecided, and is handed on as it came, run after run."""
    (shop / "members.csv").write_text('customer,membership\nC1,"{""tier"":""gol""}"\nC9,{}x\n', encoding="utf-8")
    words = ("--output", "out.csv", "--rejects", "bad.jsonl", "--memberships")
    for given, kept in (("members.csv", "1.jsonl"), ("1.jsonl", "2.csv"), ("2.csv", "3.jsonl")):
        called = call(*SHOP, *words, given, "--memberships-out", kept)
        assert (1, True) == (called.code, "`gol`" in called.err)
        assert {"C1": "", "C9": ""} == {row["customer"]: row["tier"] for row in rows("out.csv") if row["problems"]}
    assert [{"customer": "C1", "tier": "gol"}, {"customer": "C9", "membership": "{}x"}] == [
        one for one in lines("3.jsonl") if one["customer"] in ("C1", "C9")
    ]
    assert {"undeclared-tier", "cell-no-record"} < {row["code"] for row in lines("bad.jsonl")}


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (("--output", "events.csv"), "events.csv"),
        (("--output", "x.csv", "--memberships-out", "./x.csv"), "x.csv"),
        (("--output", "x.csv", "--rejects", "events.csv"), "events.csv"),
        (("--output", "x.csv", "--memberships", "x.rejects.csv"), "x.rejects.csv"),
    ],
)
def test_no_file_of_a_call_is_written_over(call: Call, shop: Path, words: tuple[str, ...], name: str) -> None:
    """What is read is not written, and nothing is written twice; both are mistakes of the call, found at once."""
    called = call(*SHOP, *words)
    assert (2, "", True) == (called.code, called.out, f"`{name}`" in called.err)
    assert {"policy.yaml", "events.csv"} == {path.name for path in shop.iterdir()}


@pytest.mark.parametrize("words", [("--rejects", "no/x.csv"), ("--memberships-out", "x.txt"), ("--rejects", "d.csv")])
def test_what_cannot_be_written_is_found_before_any_work(call: Call, shop: Path, words: tuple[str, ...]) -> None:
    """A bad name of an output costs no run: the other outputs are not begun."""
    (shop / "d.csv").mkdir()
    called = call(*SHOP[:3], "none.csv", *SHOP[4:], "--output", "out.csv", *words)
    assert (1, False) == (called.code, "none.csv" in called.err)
    assert {"policy.yaml", "events.csv", "d.csv"} == {path.name for path in shop.iterdir()}


def test_fields_that_need_no_declaration_are_read(call: Call, shop: Path) -> None:
    """Which benefit was used is read from JSON Lines as from CSV."""
    (shop / "policy.yaml").write_text(POLICY.replace("enter: everyone", GIFT), encoding="utf-8")
    (shop / "events.csv").write_text("customer,type,at,id,benefit\nC1,benefit_used,2026-03-01,E1,cake\n")
    (shop / "events.jsonl").write_text(json.dumps(rows(shop / "events.csv")[0]), encoding="utf-8")
    for ending in ("csv", "jsonl"):
        called = call("explain", "policy.yaml", "--events", f"events.{ending}", "--as-of", "2026-12-31")
        assert "1 left" in called.out


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("decide", "none.yaml", "--events", "events.csv", "--as-of", "2026-12-31"), 1),
        (("decide", "policy.yaml", "--events", "none.csv", "--as-of", "2026-12-31"), 1),
        (("decide", "policy.yaml", "--events", "events.csv", "--as-of", "2026-12-31", "--output", "out.xlsx"), 1),
        (("decide", "policy.yaml", "--events", "events.csv", "--as-of", "2026-12-31", "--output", "no/out.csv"), 1),
        (("decide", "policy.yaml", "--as-of", "2026-12-31"), 2),
        (("explain", "policy.yaml", "--events", "events.csv", "--as-of", "2026-12-31"), 2),
        (("explain", "policy.yaml", "--events", "events.csv", "--as-of", "2026-12-31", "--customer", "C7"), 2),
    ],
)
def test_what_stops_a_run_is_told(call: Call, shop: Path, words: tuple[str, ...], code: int) -> None:
    """A missing file is a problem, a call that names no data a mistake; neither is a traceback."""
    called = call(*words)
    assert (code, "") == (called.code, called.out)
    assert called.err
    assert shop.exists()


def test_a_stop_is_data_too(call: Call, shop: Path) -> None:
    """With `--format json` the problems that stopped a run are JSON."""
    called = call(*SHOP[:3], "none.csv", *SHOP[4:], "--format", "json")
    assert ["file-unreadable"] == [one["code"] for one in json.loads(called.out)["problems"]]
    assert shop.exists()


def test_one_customer_is_explained(call: Call, shop: Path) -> None:
    """`explain` says why, as text and as data, and tells of the customer's own bad rows."""
    words = ("explain", *SHOP[1:], "--customer", "C1")
    called = call(*words)
    assert (0, True) == (called.code, "policy.yaml:6" in called.out)
    assert "events.csv:3:3" in called.err
    assert "gold" == json.loads(call(*words, "--format", "json").out)["decision"]["tier"]
    assert "金卡" in call(*words, "--lang", "zh").out
    assert shop.exists()


def test_several_ladders_have_their_own_columns(call: Call, folder: Path) -> None:
    """Columns of a policy with several tier sets carry the set's name."""
    head, tiers, tail = POLICY.partition("tiers:")
    ladder = "".join(f"    {line}\n" for line in (tiers + tail).splitlines())
    sets = "".join(f"  {name}:\n{ladder}" for name in ("value", "activity"))
    (folder / "policy.yaml").write_text(f"{head}tier_sets:\n{sets}", encoding="utf-8")
    (folder / "events.csv").write_text("customer,type,at,id,amount\nC1,purchase,2026-03-01,E1,100\n", encoding="utf-8")
    assert 0 == call(*SHOP, "--output", "out.csv").code
    assert ("gold", "gold") == (rows("out.csv")[0]["value.tier"], rows("out.csv")[0]["activity.tier"])


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_leaves_no_half_file(shop: Path, number: int) -> None:
    """Ctrl-C or a polite kill ends with 130, the old output in place and nothing beside it."""
    head, row = "customer,type,at,id,amount\n", "C{0},purchase,2026-03-01,E{0},100\n"
    with (shop / "events.csv").open("w", encoding="utf-8") as stream:
        stream.write(head)
        stream.writelines(row.format(n) for n in range(60_000))
    (shop / "out.csv").write_text("old", encoding="utf-8")
    command = [sys.executable, "-m", "viprules", *SHOP, "--output", "out.csv"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, preexec_fn=heeding)  # noqa: PLW1509  # no threads here
    for _ in range(600):
        if any(path.name.startswith(".out.csv.") for path in shop.iterdir()):
            break
        time.sleep(0.02)
    process.send_signal(number)
    _, said = process.communicate(timeout=30)
    assert (130, True) == (process.returncode, b"interrupted" in said)
    assert "old" == (shop / "out.csv").read_text(encoding="utf-8")
    assert {"policy.yaml", "events.csv", "out.csv"} == {path.name for path in shop.iterdir()}


def test_a_reader_that_has_seen_enough_is_no_error(shop: Path) -> None:
    """`viprules decide … | head -1` ends quietly, as any tool does whose reader has left."""
    process = subprocess.Popen(
        [sys.executable, "-m", "viprules", *SHOP, "--memberships-out", "m.csv"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=shop,
    )
    assert process.stdout is not None
    process.stdout.close()
    _, said = process.communicate(timeout=30)
    assert (141, False) == (process.returncode, b"m.csv" in said)
    assert {"policy.yaml", "events.csv"} == {path.name for path in shop.iterdir()}


def test_a_mapping_that_feeds_what_the_policy_has_not_is_told_once(call: Call, shop: Path) -> None:
    """At its line in the mapping, with the nearest name, in place of on every row."""
    (shop / "m.yaml").write_text(
        "mapping: 1\ncustomers: {file: events.csv, facts: {town: id}}\nevents:\n"
        "  - {type: purchas, fields: {}}\n  - {type: purchase, fields: {amout: amount}}\n",
        encoding="utf-8",
    )
    called = call(*SHOP, "--mapping", "m.yaml", "--format", "json")
    assert [("undeclared-fact", 2), ("undeclared-event", 4), ("undeclared-field", 5)] == [
        (one["code"], one["line"]) for one in json.loads(called.out)["problems"]
    ]
    assert ["write `purchase`", "write `amount`"] == [one["hint"] for one in json.loads(called.out)["problems"]][1:]
