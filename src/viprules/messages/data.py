"""Texts of the data stage: what is said of facts, events and memberships."""

from __future__ import annotations

from viprules.messages.entry import Entry, Text

__all__ = ["DATA"]

DATA: dict[str, Entry] = {
    "unknown-key-of-customer": Entry(
        en=Text(
            "a customer has no `{name}`",
            "a customer is `id`, `facts`, `events`, `membership`, `metrics`, `overrides` and `amounts`",
        ),
        zh=Text(
            "客户没有 `{name}` 这一项",
            "客户由 `id`、`facts`、`events`、`membership`、`metrics`、`overrides` 和 `amounts` 组成",
        ),
    ),
    "undeclared-fact": Entry(
        en=Text("the policy declares no fact `{name}`", ("write `{nearest}`", "declare it under `facts`")),
        zh=Text("政策没有声明客户资料 `{name}`", ("应写成 `{nearest}`", "请在 `facts` 中声明")),
    ),
    "undeclared-metric": Entry(
        en=Text("the policy declares no metric `{name}`", ("write `{nearest}`", "declare it under `metrics`")),
        zh=Text("政策没有声明指标 `{name}`", ("应写成 `{nearest}`", "请在 `metrics` 中声明")),
    ),
    "undeclared-event": Entry(
        en=Text("the policy declares no event type `{name}`", ("write `{nearest}`", "declare it under `events`")),
        zh=Text("政策没有声明事件类型 `{name}`", ("应写成 `{nearest}`", "请在 `events` 中声明")),
    ),
    "undeclared-field": Entry(
        en=Text("the event `{event}` has no field `{name}`", ("write `{nearest}`", "declare it with the event")),
        zh=Text("事件 `{event}` 没有字段 `{name}`", ("应写成 `{nearest}`", "请在该事件中声明")),
    ),
    "undeclared-tier": Entry(
        en=Text("the policy has no tier `{name}`", ("write `{nearest}`", "use the id of a tier")),
        zh=Text("政策没有等级 `{name}`", ("应写成 `{nearest}`", "请使用等级的标识（`id`）")),
    ),
    "computed-field": Entry(
        en=Text("`{name}` of the event `{event}` is computed by the policy and cannot be given", "leave it out"),
        zh=Text("事件 `{event}` 的 `{name}` 由政策计算，不能给出", "请删去"),
    ),
    "wrong-value": Entry(
        en=Text(
            "`{value}` for `{name}` is not {wanted:words}",
            ("write `{nearest}`", "it is one of {options:list}", "give a value of the declared type"),
        ),
        zh=Text(
            "`{name}` 的值 `{value}` 不是{wanted:words}",
            ("应写成 `{nearest}`", "可选值为 {options:list}", "请给出声明类型的值"),
        ),
    ),
    "float": Entry(
        en=Text(
            "`{value}` for `{name}` is a floating-point number, which is not exact",
            'give a whole number, a decimal or text; floats of whole cents come in with `amounts="float-cents"`',
        ),
        zh=Text(
            "`{name}` 的值 `{value}` 是浮点数，不精确",
            '请给整数、十进制数或文本；以分为单位精确的浮点数用 `amounts="float-cents"`',
        ),
    ),
    "too-fine": Entry(
        en=Text(
            "`{value}` for `{name}` has more than {decimals} decimal places",
            "declare `decimals`, or give the value in the declared unit",
        ),
        zh=Text("`{name}` 的值 `{value}` 的小数位超过 {decimals} 位", "请声明 `decimals`，或按声明的单位给出"),
    ),
    "too-large": Entry(
        en=Text(
            "`{value}` for `{name}` is too large", "amounts stay below 10 to the power of 15 in their smallest unit"
        ),
        zh=Text("`{name}` 的值 `{value}` 太大", "以最小单位计，数值必须小于 10 的 15 次方"),
    ),
    "event-without-id": Entry(
        en=Text(
            "an event of type `{type}` has no `id`",
            "give each event an id of its own, so that it counts once however often it is sent",
        ),
        zh=Text("一个 `{type}` 事件没有 `id`", "请为每个事件给出唯一的编号，这样重复发送也只计一次"),
    ),
    "event-without-time": Entry(
        en=Text(
            "the event `{id}` has no time that can be read",
            "give `at` as a date or a time, such as `2026-12-31` or `2026-12-31T18:00:00+08:00`",
        ),
        zh=Text("事件 `{id}` 没有可读的时间", "请给出 `at`，例如 `2026-12-31` 或 `2026-12-31T18:00:00+08:00`"),
    ),
    "return-without-sale": Entry(
        en=Text(
            "the return `{id}` does not say what it takes back",
            "give `sale`, the id of the `{sale}`, or `sale_day`, its day",
        ),
        zh=Text("退货 `{id}` 没有写明退的是哪一笔", "请给出 `sale`（`{sale}` 的标识）或 `sale_day`（其日期）"),
    ),
    "event-differs": Entry(
        en=Text(
            "the event `{id}` comes twice with different contents",
            "the same id means the same event: correct one of them",
        ),
        zh=Text("事件 `{id}` 出现两次而内容不同", "相同编号表示同一事件，请更正其中之一"),
    ),
    "too-many-events": Entry(
        en=Text("{count} events for one customer are too many", "at most a million events belong to one customer"),
        zh=Text("一位客户有 {count} 个事件，太多了", "一位客户最多一百万个事件"),
    ),
    "unknown-override": Entry(
        en=Text(
            "`{name}` is no kind of override", ("write `{nearest}`", "write `floor`, `ceiling`, `pin` or `exclude`")
        ),
        zh=Text("`{name}` 不是一种人工指令", ("应写成 `{nearest}`", "请写 `floor`、`ceiling`、`pin` 或 `exclude`")),
    ),
    "ends-before": Entry(
        en=Text("the override `{name}` ends on {until}, before it begins on {first}", "exchange `from` and `until`"),
        zh=Text("人工指令 `{name}` 的结束日 {until} 早于开始日 {first}", "请对调 `from` 和 `until`"),
    ),
    "broken-record": Entry(
        en=Text(
            "the membership record cannot be read: `{text}`",
            "give back the record of the last decision unchanged, or a row with `tier`",
        ),
        zh=Text("会员记录无法读取：`{text}`", "请原样给回上次判定的记录，或给出含 `tier` 的一行"),
    ),
    "unknown": Entry(
        en=Text(
            (
                "`{name}` could not be judged: {missing:list} is missing",
                "`{name}` could not be judged: a value is missing",
            ),
            "nobody's tier was changed by it; supply what is missing and decide again",
        ),
        zh=Text(
            ("`{name}` 无法判定：缺少 {missing:list}", "`{name}` 无法判定：缺少数据"),
            "未因此改变任何人的等级；补齐后请重新判定",
        ),
        severity="warning",
    ),
}
