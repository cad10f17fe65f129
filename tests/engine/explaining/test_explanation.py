"""Explanations: what each condition came to, as data and in two languages."""

from collections.abc import Sequence
from typing import Any

import pytest
from attrs import frozen

import viprules
from viprules.api import TRUTH, BenefitType, Example, Scope, TermType, Typed, call, hookimpl, key
from viprules.engine.explaining.explanation import Explanation
from viprules.plugins import catalogue_of

POLICY = """\
viprules: 1
program: {id: club, timezone: Asia/Shanghai, currency: CNY}
facts:
  joined: date
  birthday: date
  city: {type: text, in: [beijing, shanghai]}
  tags: {type: [text]}
  level: rank
scales: {rank: [low, mid, high]}
events: {purchase: {amount: money}, invited: {}}
metrics:
  spend: {sum: {of: purchase.amount, window: {this: year}}}
  since_joining: {count: {of: purchase, window: {since: joined}}}
segments: {loyal: {spend: {at_least: 50}}}
tiers:
  - {id: guest, enter: everyone}
  - id: silver
    name: {en: Silver, zh: 银卡}
    enter: {any: [{spend: {at_least: 100}}, {not: {city: beijing}}]}
    stay: {spend: {between: [50, 99]}}
    benefits:
      - discount: {percent: 5}
      - gift: {id: cake, item: {en: cake, zh: 蛋糕}, quota: {times: 2, per: year}}
  - id: gold
    name: Gold
    enter:
      at_least_of:
        n: 2
        of:
          - {since_joining: {more_than: 3}}
          - {loyal: true, date: birthday_month}
          - {joined: {at_least: 6 months}, tags: {has_all: [vip]}, level: {at_least: mid}}
          - {spend: {less_than: 10}, city: {in: [beijing, shanghai]}, joined: {known: false}}
          - {spend: {within: 10%, of: {previous: year}}}
    also:
      - {cause: hand, upon: invited, validity: forever, approval: {approved_by: [manager]}}
transitions: {validity: {through: {next: year}}}
raises: [{id: lift, when: {city: shanghai}, by: 1}]
caps: [{id: lid, when: {city: beijing}, at_most: silver}]
floors: [{id: base, when: {level: high}, at_least: silver}]
"""
ENGLISH = """\
C1: Gold as of 2026-05-31 (up)
  since 2026-03-01, without a fixed end, next change possible on 2026-06-01
  ● Gold
      to enter:
        ? enough of these: unknown, missing: since_joining, joined
          ? since_joining: ? — more than 3: unknown, missing: since_joining   [club.yaml:30]
          ✓ all of these: met
            ✓ loyal: met
              ✓ spend: 60 (2026-01-01 to 2026-12-31) — at least 50: met   [club.yaml:14]
            ✓ date: met
          ✗ all of these: not met
            ? joined: ? — long enough ago from ? on: unknown, missing: joined   [club.yaml:32]
            ✗ tags: new — with all of vip: not met   [club.yaml:32]
            ✗ level: low — at least mid: not met   [club.yaml:32]
          ✗ all of these: not met
            ✗ spend: 60 (2026-01-01 to 2026-12-31) — less than 10: not met   [club.yaml:33]
            ✓ city: shanghai — one of beijing, shanghai: met   [club.yaml:33]
            ✓ joined: ? — not known: met   [club.yaml:33]
          ✗ spend: 60 (2026-01-01 to 2026-12-31) — near the period before: not met   [club.yaml:34]
      by hand:
        ? all of these: not known yet
          ✓ invited: 1 — invited: met   [club.yaml:36]
          ? approval: not known yet
  ○ Silver
      to enter:
        ✓ any of these: met
          ✗ spend: 60 (2026-01-01 to 2026-12-31) — at least 100: not met; 40 missing by 2026-12-31   [club.yaml:19]
          ✓ not this: met
            ✗ city: shanghai — equal to beijing: not met   [club.yaml:19]
      to stay:
        ✓ spend: 60 (2026-01-01 to 2026-12-31) — from 50 to 99: met   [club.yaml:20]
  raised by 1: lift:
        ✓ city: shanghai — equal to shanghai: met   [club.yaml:38]
  at most silver: lid:
        ✗ city: shanghai — equal to beijing: not met   [club.yaml:39]
  at least silver: base:
        ✗ level: low — equal to high: not met   [club.yaml:40]
benefits:
  - discount: 5 % off
  - gift: cake, 2 left
proposed: gold (hand): waiting for approval
"""
CHINESE = """\
C1：截至 2026-05-31：Gold（升级）
  自 2026-03-01 起，无固定期限，下次可能变动：2026-06-01
  ● Gold
      升级条件：
        ? 满足其中若干项：未知，缺少：since_joining、joined
          ? since_joining：? — 超过 3：未知，缺少：since_joining   [club.yaml:30]
          ✓ 全部满足：满足
            ✓ loyal：满足
              ✓ spend：60（2026-01-01 至 2026-12-31） — 至少 50：满足   [club.yaml:14]
            ✓ 日期：满足
          ✗ 全部满足：未满足
            ? joined：? — 自 ? 起足够久：未知，缺少：joined   [club.yaml:32]
            ✗ tags：new — 包含 vip：未满足   [club.yaml:32]
            ✗ level：low — 至少 mid：未满足   [club.yaml:32]
          ✗ 全部满足：未满足
            ✗ spend：60（2026-01-01 至 2026-12-31） — 少于 10：未满足   [club.yaml:33]
            ✓ city：shanghai — 属于 beijing, shanghai：满足   [club.yaml:33]
            ✓ joined：? — 未知：满足   [club.yaml:33]
          ✗ spend：60（2026-01-01 至 2026-12-31） — 与上一周期相近：未满足   [club.yaml:34]
      途径 hand：
        ? 全部满足：尚不清楚
          ✓ invited：1 — invited：满足   [club.yaml:36]
          ? 审批：尚不清楚
  ○ 银卡
      升级条件：
        ✓ 任一满足：满足
          ✗ spend：60（2026-01-01 至 2026-12-31） — 至少 100：未满足；还差 40，截止 2026-12-31   [club.yaml:19]
          ✓ 不满足此项：满足
            ✗ city：shanghai — 等于 beijing：未满足   [club.yaml:19]
      保级条件：
        ✓ spend：60（2026-01-01 至 2026-12-31） — 从 50 到 99：满足   [club.yaml:20]
  上调 1 级：lift：
        ✓ city：shanghai — 等于 shanghai：满足   [club.yaml:38]
  最高 silver：lid：
        ✗ city：shanghai — 等于 beijing：未满足   [club.yaml:39]
  最低 silver：base：
        ✗ level：low — 等于 high：未满足   [club.yaml:40]
权益：
  - discount：优惠 5%
  - gift：蛋糕，剩余 2 次
建议：gold（hand）：等待审批
"""
FACTS = {"city": "shanghai", "tags": ["new"], "level": "low", "birthday": "1990-05-02"}
EVENTS = [
    {"type": "purchase", "id": "A", "at": "2026-03-01", "amount": 60},
    {"type": "invited", "id": "I", "at": "2026-03-05"},
]


def explained(as_of: str = "2026-05-31", **more: Any) -> Explanation:
    """Return the explanation of the decision about one customer."""
    program = viprules.loads(POLICY, file="club.yaml")
    return program.explain(program.customer(**{"id": "C1", "facts": FACTS, "events": EVENTS} | more), as_of=as_of)


@pytest.mark.parametrize(("language", "text"), [("en", ENGLISH), ("zh", CHINESE)])
def test_an_explanation_in_words(language: str, text: str) -> None:
    """Every tier from the highest, with each condition, its value, the days, the bound, what is missing and the line."""
    assert text.splitlines() == explained().text(language).splitlines()


def test_layers_are_told_with_what_they_do() -> None:
    """A raise by its levels, a cap and a floor by their tier, each with the condition that it asks."""
    layers = explained().as_dict()["tier_sets"]["tier"]["layers"]
    told = [(one["kind"], one["id"], one["by"], one["tier"], one["verdict"], len(one["parts"])) for one in layers]
    assert [
        ("raise", "lift", 1, "", "met", 1),
        ("cap", "lid", 0, "silver", "not_met", 1),
        ("floor", "base", 0, "silver", "not_met", 1),
    ] == told


def test_what_is_missing_is_an_amount() -> None:
    """Of an amount and a count it is told, with one unit more where the bound has to be passed; of a rank it is not."""
    found = explained(facts=FACTS | {"joined": "2026-01-01", "city": "beijing"}).missing()
    assert {
        "silver": [("spend", "40"), ("not", None)],
        "gold": [
            ("since_joining", "3"),
            ("joined", None),
            ("tags", None),
            ("level", None),
            ("spend", None),
            ("joined", None),
            ("spend", None),
        ],
    } == {tier: [(one.what, one.missing) for one in many] for tier, many in found.items()}


def test_the_age_of_a_date_is_told_by_the_day_on_which_it_is_reached() -> None:
    """Not as if the date itself were compared with that day."""
    text = explained(facts=FACTS | {"joined": "2026-01-01"}).text()
    assert "joined: 2026-01-01 — long enough ago from 2026-07-01 on: not met" in text
    assert "since_joining: 1 (2026-01-01 to 2026-05-31) — more than 3: not met; 3 missing by 2026-05-31" in text


def test_a_window_of_an_unknown_day_has_no_days() -> None:
    """The measure is unknown, and the fact that is missing is named."""
    gold = explained().next_tier("tier") or explained().held_tier("tier")
    assert gold is not None
    assert gold.enter is not None
    first = gold.enter.parts[0]
    assert ("since_joining", None, None, ("since_joining",)) == (first.what, first.window, first.value, first.unknown)


def test_an_answer_that_is_waited_for_is_not_known_yet() -> None:
    """No fact is missing; the proposal waits, or is refused by an answer or for a need that is not met."""
    assert "? approval: not known yet" in explained().text()
    assert "proposed: gold (hand): waiting for approval\n" in explained().text()
    answer = {
        "type": "refused",
        "id": "R",
        "at": "2026-03-06",
        "cause": "hand",
        "tier": "gold",
        "by": "Li",
        "role": "manager",
    }
    assert "建议：gold（hand）：被拒绝\n" in explained(events=[*EVENTS, answer]).text("zh")
    policy = POLICY.replace("[manager]}", "[manager], needs: {named: {birthday: {known: true}}, tagged: {tags: vip}}}")
    program = viprules.loads(policy)
    needed = program.explain(program.customer(facts=FACTS, events=EVENTS), as_of="2026-05-31")
    assert "proposed: gold (hand): refused, for tagged\n" in needed.text()


# --- what else may be told -----------------------------------------------------------------------------------

PLAIN = """\
viprules: 1
program: {id: club, timezone: Asia/Shanghai, currency: CNY}
facts: {age: number}
events: {purchase: {amount: money}}
"""


def test_what_is_met_is_the_reason_for_the_tier() -> None:
    """Of entering or staying, of ways and of layers that lift; a segment by its name and by what it asks."""
    lifted = explained(facts=FACTS | {"level": "high"})
    assert ["lift", "city", "base", "level"] == [one.what for one in lifted.because()]
    assert [] == explained(facts={"city": "beijing"}, events=[]).because()  # everyone's tier has no reason
    program = viprules.loads(POLICY.replace("caps: [{id: lid, when: {city: beijing}, at_most: silver}]", ""))
    facts = {"city": "beijing", "birthday": "1990-03-02", "joined": "2025-01-01", "tags": ["vip"], "level": "mid"}
    entered = program.explain(program.customer(facts=facts, events=EVENTS[:1]), as_of="2026-03-01")
    assert ["loyal", "spend", "date", "joined", "tags", "level"] == [one.what for one in entered.because()]


def test_a_tier_is_a_value_too() -> None:
    """What is held of another ladder is told by the ids of its tiers, the tier just before by the word itself."""
    program = viprules.loads(
        f"""{PLAIN}
tier_sets:
  size: {{tiers: [{{id: small, enter: everyone}}, {{id: big, enter: {{age: {{at_least: 2}}}}}}]}}
  rank:
    tiers: [{{id: low, enter: everyone}}, {{id: high, enter: {{size: {{at_least: big}}, tier: low}}}}]
"""
    )
    text = program.explain(program.customer(facts={"age": 1}), as_of="2026-01-01").text()
    assert "✗ size: small — at least big: not met" in text
    assert "✓ tier: low — equal to low: met" in text


def test_who_holds_nothing_and_waits_for_nothing_has_no_days() -> None:
    """One line on the tier, and at once what its conditions came to; the reason of a time is that of the time."""
    program = viprules.loads(f"{PLAIN}tiers: [{{id: gold, enter: {{age: {{at_least: 2}}}}}}]\n")
    customer = program.customer(facts={"age": 1})
    expected = ["no tier as of 2026-01-01 (no change)", "  ○ gold", "      to enter:"]
    assert expected == program.explain(customer, as_of="2026-01-01").text().splitlines()[:3]
    at_noon = program.explain(customer, as_of="2026-01-01T12:00").text().splitlines()
    assert "        ✗ age: 1 — at least 2: not met; 1 missing   [policy.yaml:5]" == at_noon[-1]


def test_a_judgement_that_waits_is_told_with_its_day() -> None:
    """Who holds a tier on because its `stay` is unknown: as of which day, and what is missing."""
    program = viprules.loads(
        f"""{PLAIN}
tiers: [{{id: guest, enter: everyone}}, {{id: gold, enter: {{age: 1}}, stay: {{spend: {{at_least: 1}}, age: {{at_least: 0}}}}}}]
metrics: {{spend: {{sum: {{of: purchase.amount}}}}}}
transitions: {{validity: {{for: 1 month}}, renew: {{at: expiry}}}}
"""
    )
    held = {"tier": "gold", "since": "2026-01-01", "valid_until": "2026-01-31", "recorded": "2026-01-15"}
    bought = {"type": "purchase", "id": "A", "at": "2026-01-20", "amount": 5}
    customer = program.customer(membership=held, events=[bought])
    found = program.decide(customer, as_of="2026-02-10").problems
    assert ("gold", ["`gold.stay (2026-01-31)`"]) == (
        program.decide(customer, as_of="2026-02-10").tier,
        [one.message.partition(" could")[0] for one in found if "2026-01-31" in one.message],
    )


@frozen(kw_only=True)
class Rooms:
    """Rooms that are opened."""

    names: tuple[str, ...] = key("the rooms", examples=["[spa, bar]"])


@frozen(kw_only=True)
class Even:
    """Whether the age is even."""


def even(parameters: Even, scope: Scope) -> Typed:  # noqa: ARG001 -- the form of a compile function
    """Ask Python."""
    return call("even", lambda age: age % 2 == 0, scope.name("age"), gives=TRUTH)


class Plugin:
    """A benefit with a list, and a criterion in Python."""

    VIPRULES_CONTRACT = 1

    @hookimpl
    def viprules_effects(self) -> Sequence[BenefitType]:
        """Offer the benefit."""
        words = {"en": "rooms: {names}", "zh": "房间：{names}"}
        example = Example(yaml="{rooms: {names: [spa]}}")
        return [BenefitType(name="rooms", parameters=Rooms, doc="rooms", examples=(example,), words=words)]

    @hookimpl
    def viprules_terms(self) -> Sequence[TermType]:
        """Offer the criterion."""
        words = {"en": "an even age", "zh": "年龄为偶数"}
        example = Example(yaml="{even_age: {}}")
        return [
            TermType(
                name="even_age",
                kind="criterion",
                parameters=Even,
                compile=even,
                doc="even",
                examples=(example,),
                words=words,
            )
        ]


def test_words_of_plugins_are_told() -> None:
    """A list of a benefit with commas; a function that gave its answer is no reason for something unknown."""
    program = viprules.loads(
        f"""{PLAIN.replace("age: number", "age: number, city: text")}
tiers: [{{id: guest, enter: everyone, benefits: [{{rooms: {{names: [spa, bar]}}}}]}}, {{id: gold, enter: {{all: [{{even_age: {{}}}}, {{city: x}}]}}}}]
""",
        plugins=catalogue_of(Plugin()),
    )
    explanation = program.explain(program.customer(facts={"age": 4}), as_of="2026-01-01")
    assert "  - rooms: rooms: spa, bar\n" in explanation.text()
    assert "✓ 年龄为偶数：满足" in explanation.text("zh")
    assert "? all of these: unknown, missing: city" in explanation.text()
    assert ["`gold.enter` could not be judged: `city` is missing"] == [
        one.message for one in explanation.decision.problems if "enter" in one.message
    ]
