"""The words of an explanation, in English and Chinese."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from viprules.engine.deciding.decision import Decision
from viprules.engine.explaining.findings import Finding, LayerFinding, TierFinding

__all__ = ["explanation_text", "named"]

WORDS: dict[str, dict[str, str]] = {
    "en": {
        "head": "{customer}{tier} as of {as_of} ({change})",
        "since": "since {since}",
        "until": "valid until {until}",
        "open": "without a fixed end",
        "next": "next change possible on {day}",
        "none": "no tier",
        "tier": "{mark} {tier}",
        "met": "met",
        "not_met": "not met",
        "unknown": "unknown, missing: {names}",
        "not_yet": "not known yet",
        "enter": "to enter",
        "stay": "to stay",
        "way": "by {cause}",
        "value": "{what}: {value}",
        "window": " ({first} to {last})",
        "missing": "; {missing} missing",
        "by": " by {by}",
        "line": "   [{line}]",
        "at_least": "at least {bound}",
        "more_than": "more than {bound}",
        "at_most": "at most {bound}",
        "less_than": "less than {bound}",
        "age_at_least": "long enough ago from {bound} on",
        "age_more_than": "long enough ago after {bound}",
        "age_at_most": "recent enough until {bound}",
        "age_less_than": "recent enough before {bound}",
        "equals": "equal to {bound}",
        "between": "from {bound} to {upper}",
        "in": "one of {bound}",
        "has_all": "with all of {bound}",
        "known": "known",
        "not_known": "not known",
        "within": "near the period before",
        "all": "all of these",
        "any": "any of these",
        "not": "not this",
        "at_least_of": "enough of these",
        "date": "date",
        "criterion": "{what}",
        "upon": "{what}",
        "segment": "{what}",
        "approval": "approval",
        "raise": "raised by {by}: {id}",
        "cap": "at most {tier}: {id}",
        "floor": "at least {tier}: {id}",
        "colon": ": ",
        "comma": ", ",
        "list": ", ",
        "end": ":",
        "everyone": "everyone",
        "benefits": "benefits",
        "left": ", {left} left",
        "proposal": "proposed: {tier} ({cause}): {status}",
        "by_what": ", for {by}",
        "pending": "waiting for approval",
        "refused": "refused",
        "upgrade": "up",
        "downgrade": "down",
        "renew": "renewed",
        "grace": "in grace",
        "no change": "no change",
    },
    "zh": {
        "head": "{customer}截至 {as_of}：{tier}（{change}）",
        "since": "自 {since} 起",
        "until": "有效期至 {until}",
        "open": "无固定期限",
        "next": "下次可能变动：{day}",
        "none": "无等级",
        "tier": "{mark} {tier}",
        "met": "满足",
        "not_met": "未满足",
        "unknown": "未知，缺少：{names}",
        "not_yet": "尚不清楚",
        "enter": "升级条件",
        "stay": "保级条件",
        "way": "途径 {cause}",
        "value": "{what}：{value}",
        "window": "（{first} 至 {last}）",
        "missing": "；还差 {missing}",
        "by": "，截止 {by}",
        "line": "   [{line}]",
        "at_least": "至少 {bound}",
        "more_than": "超过 {bound}",
        "at_most": "至多 {bound}",
        "less_than": "少于 {bound}",
        "age_at_least": "自 {bound} 起足够久",
        "age_more_than": "{bound} 之后足够久",
        "age_at_most": "截至 {bound} 足够近",
        "age_less_than": "{bound} 之前足够近",
        "equals": "等于 {bound}",
        "between": "从 {bound} 到 {upper}",
        "in": "属于 {bound}",
        "has_all": "包含 {bound}",
        "known": "已知",
        "not_known": "未知",
        "within": "与上一周期相近",
        "all": "全部满足",
        "any": "任一满足",
        "not": "不满足此项",
        "at_least_of": "满足其中若干项",
        "date": "日期",
        "criterion": "{what}",
        "upon": "{what}",
        "segment": "{what}",
        "approval": "审批",
        "raise": "上调 {by} 级：{id}",
        "cap": "最高 {tier}：{id}",
        "floor": "最低 {tier}：{id}",
        "colon": "：",
        "comma": "，",
        "list": "、",
        "end": "：",
        "everyone": "所有人",
        "benefits": "权益",
        "left": "，剩余 {left} 次",
        "proposal": "建议：{tier}（{cause}）：{status}",
        "by_what": "，因为 {by}",
        "pending": "等待审批",
        "refused": "被拒绝",
        "upgrade": "升级",
        "downgrade": "降级",
        "renew": "保级",
        "grace": "宽限期",
        "no change": "无变化",
    },
}
MARKS = {"met": "✓", "not_met": "✗"}
PLAIN = ("approval", "date", "criterion", "segment", "everyone")
"""What is told without a value."""


def named(texts: Mapping[str, str], fallback: str, language: str) -> str:
    """A name in a language, else in any, else the id."""
    return texts.get(language) or texts.get("") or next(iter(texts.values()), fallback)


Tiers = Mapping[str, tuple[TierFinding, ...]]
Layers = Mapping[str, tuple[LayerFinding, ...]]


def explanation_text(
    decision: Decision, tier_sets: Tiers, layers: Layers, benefits: Mapping[str, Mapping[str, str]], language: str
) -> str:
    """The whole explanation, a line each; `benefits` are the words of each kind of benefit by language."""
    words = WORDS["zh" if language == "zh" else "en"]
    lines = [*_lines(decision, tier_sets, layers, words, language), *_benefits(decision, benefits, words, language)]
    return "\n".join([*lines, *_proposals(decision, words)]) + "\n"


def _lines(
    decision: Decision, tier_sets: Tiers, layers: Layers, words: Mapping[str, str], language: str
) -> Iterator[str]:
    for name, standing in decision.standings.items():
        names = decision.outcome.names[decision.outcome.tier_sets.index(name)]
        change = words["no change" if standing.change == "none" else standing.change]
        customer = f"{decision.customer.id}{words['colon']}" if decision.customer.id else ""
        tier = named(names, standing.tier or words["none"], language)
        yield words["head"].format(customer=customer, tier=tier, as_of=decision.as_of, change=change)
        days = [words["since"].format(since=standing.since)] if standing.since else []
        if standing.since:
            days.append(words["until"].format(until=standing.valid_until) if standing.valid_until else words["open"])
        if decision.next_change:
            days.append(words["next"].format(day=decision.next_change))
        if days:
            yield "  " + words["comma"].join(days)
        for one in reversed(tier_sets[name]):
            yield from _tier(one, words, language)
        for layer in layers[name]:
            yield "  " + words[layer.kind].format(id=layer.id, by=layer.by, tier=layer.tier) + words["end"]
            for part in layer.found.parts:
                yield from _finding(part, words, 4, language)


def _benefits(
    decision: Decision, said: Mapping[str, Mapping[str, str]], words: Mapping[str, str], language: str
) -> Iterator[str]:
    if decision.benefits:
        yield words["benefits"] + words["end"]
    for one in decision.benefits:
        plain = defaultdict(str, {name: _plain(value, language) for name, value in one.parameters.items()})
        text = named(said.get(one.kind, {}), "", language).format_map(plain)
        left = words["left"].format(left=one.quota_left) if one.quota_left is not None else ""
        yield f"  - {one.kind}{words['colon']}{text}{left}"


def _plain(value: Any, language: str) -> str:
    """A parameter as people read it."""
    if isinstance(value, Mapping):
        return named(value, "", language)
    if isinstance(value, list | tuple):
        return ", ".join(_plain(one, language) for one in value)
    return str(value).lower() if isinstance(value, bool) else "" if value is None else str(value)


def _proposals(decision: Decision, words: Mapping[str, str]) -> Iterator[str]:
    for one in decision.proposals:
        lacking = [name for name in one.by if name != "refused"]  # a need that is not met, not somebody's answer
        by = words["by_what"].format(by=words["list"].join(lacking)) if lacking else ""
        yield words["proposal"].format(tier=one.tier, cause=one.cause, status=words[one.status]) + by


def _tier(one: TierFinding, words: Mapping[str, str], language: str) -> Iterator[str]:
    yield "  " + words["tier"].format(mark="●" if one.held else "○", tier=named(one.name, one.tier, language))
    for label, found in (("enter", one.enter), ("stay", one.stay)):
        if found:
            yield f"      {words[label]}{words['end']}"
            yield from _finding(found, words, 4, language)
    for cause, found in one.ways:
        yield f"      {words['way'].format(cause=cause)}{words['end']}"
        yield from _finding(found, words, 4, language)


def _finding(one: Finding, words: Mapping[str, str], depth: int, language: str) -> Iterator[str]:
    """A condition and what lies under it; what was measured where something was."""
    head = f"{'  ' * depth}{MARKS.get(one.verdict, '?')} "
    verdict = _verdict(one, words)
    if one.parts or one.kind in PLAIN:
        what = named(one.words, one.what, language)
        yield f"{head}{words.get(one.kind, one.kind).format(what=what)}{words['colon']}{verdict}"
        for part in one.parts:
            yield from _finding(part, words, depth + 1, language)
        return
    text = words["value"].format(what=one.what, value=one.value if one.value is not None else "?")
    if one.window:
        text += words["window"].format(first=one.window[0] if one.window[0] > "0001-01-01" else "…", last=one.window[1])
    line = words["line"].format(line=f"{one.source.file}:{one.source.line}") if one.source else ""
    yield f"{head}{text} — {_asked(one, words)}{words['colon']}{verdict}{line}"


def _verdict(one: Finding, words: Mapping[str, str]) -> str:
    """Met or not, with what is missing to meet it or to judge it."""
    if one.verdict == "unknown":
        return words["unknown"].format(names=words["list"].join(one.unknown)) if one.unknown else words["not_yet"]
    missing = words["missing"].format(missing=one.missing) if one.missing else ""
    return words[one.verdict] + missing + (words["by"].format(by=one.by) if missing and one.by else "")


def _asked(one: Finding, words: Mapping[str, str]) -> str:
    """What was asked of the value."""
    kind = "not_known" if one.kind == "known" and one.bound == "false" else one.kind
    return words.get(kind, kind).format(bound=one.bound or "?", upper=one.upper or "?", what=one.what)
