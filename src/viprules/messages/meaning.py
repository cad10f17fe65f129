"""Texts of the meaning stage: what is said of policies whose shape is right and whose meaning is not."""

from __future__ import annotations

from viprules.messages.entry import Entry, Text

__all__ = ["MEANING"]

MEANING: dict[str, Entry] = {
    "message-without-text": Entry(
        en=Text("the message `{name}` has no text", 'write it by language, such as `en: "Welcome, {{name}}"`'),
        zh=Text("消息 `{name}` 没有内容", '请按语言书写，例如 `zh: "欢迎，{{name}}"`'),
    ),
    "message-brace": Entry(
        en=Text(
            "the brace in `{text}` belongs to no name",
            "write braces around a declared name, such as `Dear {{name}}`, or `{{{{` for a brace",
        ),
        zh=Text(
            "`{text}` 中的花括号没有对应的名称",
            "花括号里请写已声明的名称，例如 `您好，{{name}}`；要显示花括号本身请写 `{{{{`",
        ),
    ),
    "unknown-type": Entry(
        en=Text(
            "there is no type `{name}`",
            ("write `{nearest}`", "types are `number`, `money`, `text`, `date`, `true_false`, a scale or a tier set"),
        ),
        zh=Text(
            "没有类型 `{name}`",
            ("应写成 `{nearest}`", "类型有 `number`、`money`、`text`、`date`、`true_false`、级别序列或等级体系"),
        ),
    ),
    "tier-of-another-day": Entry(
        en=Text(
            "a value that depends on the tier is asked as of another day, and only the tier of the day itself is known",
            "state the earlier tier as a fact, such as `tier_before: {{type: tier, per: year}}`",
        ),
        zh=Text(
            "取值依赖等级，却要按另一天计算；只知道当天的等级",
            "请把之前的等级声明为客户资料，例如 `tier_before: {{type: tier, per: year}}`",
        ),
    ),
    "unknown-field": Entry(
        en=Text("the event `{event}` has no field `{name}`", ("write `{nearest}`", "its fields are {fields:list}")),
        zh=Text("事件 `{event}` 没有字段 `{name}`", ("应写成 `{nearest}`", "它的字段有 {fields:list}")),
    ),
    "wrong-constant": Entry(
        en=Text("`{name}` is not {wanted:words}", "write a value of that type"),
        zh=Text("`{name}` 不是{wanted:words}", "请写成该类型的值"),
    ),
    "no-number": Entry(
        en=Text(
            "`{text}` is no number and no name",
            "write digits without quotes, such as `1000` or `0.5`: no leading zero, exponent, `_` or full-width digit",
        ),
        zh=Text(
            "`{text}` 既不是数字也不是名称",
            "请写不带引号的数字，例如 `1000` 或 `0.5`：不要有前导零、指数、`_` 或全角数字",
        ),
    ),
    "no-duration": Entry(
        en=Text("`{text}` is no duration", "write a number and a unit, such as `12 months` or `90 days`"),
        zh=Text("`{text}` 不是时长", "请写数字加单位，例如 `12 months`（12 个月）或 `90 days`（90 天）"),
    ),
    "no-such-date": Entry(
        en=Text(
            "`{text}` is no day of the calendar",
            "write a date such as `2026-12-31`, or `12-31` for a day of every year",
        ),
        zh=Text("日历上没有 `{text}` 这一天", "请写日期，例如 `2026-12-31`；每年的某一天写 `12-31`"),
    ),
    "no-date": Entry(
        en=Text("`{name}` is no date", "name a fact whose type is `date`"),
        zh=Text("`{name}` 不是日期", "请使用类型为 `date` 的客户资料"),
    ),
    "circle": Entry(
        en=Text("these names need each other: `{names}`", "let one of them stand on events or facts alone"),
        zh=Text("这些名称互相依赖：`{names}`", "请让其中一个只依赖事件或客户资料"),
    ),
    "too-entangled": Entry(
        en=Text(
            "names, values and conditions stand in each other more than {limit} deep",
            "let this stand on events or facts more directly",
        ),
        zh=Text("名称、值和条件层层依赖超过 {limit} 层", "请让它更直接地依赖事件或客户资料"),
    ),
    "too-much-asked": Entry(
        en=Text(
            "with every segment written out where it is asked, these are more than {limit} conditions",
            "ask a segment in fewer places, or make it a metric: `{{when: {{…}}, then: true, otherwise: false}}`",
        ),
        zh=Text(
            "把每个分组在被引用处展开后，条件超过 {limit} 个",
            "请减少引用，或改成指标：`{{when: {{…}}, then: true, otherwise: false}}`",
        ),
    ),
    "not-ordered": Entry(
        en=Text(
            "`{name}` is {kind:words}, which has no more and no less", "ask it with a plain value, `in` or `known`"
        ),
        zh=Text("`{name}` 是{kind:words}，没有大小之分", "请用单个值、`in` 或 `known` 来比较"),
    ),
    "other-kind": Entry(
        en=Text(
            "`{name}` is {kind:words} and cannot be compared with {other:words}",
            "compare it with a value of its own type",
        ),
        zh=Text("`{name}` 是{kind:words}，不能与{other:words}比较", "请与同类型的值比较"),
    ),
    "not-a-number": Entry(
        en=Text(
            "`{name}` is no number, so `{how}` cannot compute with it", "use a field whose type is `number` or `money`"
        ),
        zh=Text("`{name}` 不是数字，`{how}` 无法计算", "请使用类型为 `number` 或 `money` 的字段"),
    ),
    "not-dated": Entry(
        en=Text(
            "no event sets the fact `{name}`, so it has no daily values",
            "declare it as `{{type: money, set_by: {{event: field}}}}`",
        ),
        zh=Text(
            "没有事件设置客户资料 `{name}`，因此没有每日的值", "请声明为 `{{type: money, set_by: {{事件: 字段}}}}`"
        ),
    ),
    "no-birthday": Entry(
        en=Text("`{name}` needs a fact called `birthday`", "declare it: `facts: {{birthday: date}}`"),
        zh=Text("`{name}` 需要名为 `birthday` 的客户资料", "请声明：`facts: {{birthday: date}}`"),
    ),
    "grant-window": Entry(
        en=Text(
            "`grant` is no period that this can be counted in",
            "it stands in `window: {{this: grant}}` and in the `per` of a quota only",
        ),
        zh=Text("这里不能按 `grant` 计算", "它只能用在 `window: {{this: grant}}` 和使用次数（`quota`）的 `per` 中"),
    ),
    "no-tiers": Entry(
        en=Text("this needs tiers, and the policy has none", "declare `tiers`"),
        zh=Text("这里需要等级，而政策中没有", "请声明 `tiers`"),
    ),
    "no-zone": Entry(
        en=Text("`{name}` is no time zone", "write an IANA name such as `Asia/Shanghai`"),
        zh=Text("`{name}` 不是时区", "请写 IANA 时区名，例如 `Asia/Shanghai`"),
    ),
    "one-term": Entry(
        en=Text(
            "a value is one term, and here stand {keys:list}",
            "write one of them, or combine them with `add`, `highest_of` and the like",
        ),
        zh=Text("一个值只能是一个词条，这里却有 {keys:list}", "请只写一个，或用 `add`、`highest_of` 等组合"),
    ),
    "two-ends": Entry(
        en=Text("`between` needs two ends", "write `between: [lowest, highest]`; both are included"),
        zh=Text("`between` 需要两个端点", "请写 `between: [下限, 上限]`，两端都包含"),
    ),
    "one-day": Entry(
        en=Text("this says no day", "write `date`, `first_day_of` or `last_day_of`"),
        zh=Text("这里没有说明是哪一天", "请写 `date`、`first_day_of` 或 `last_day_of`"),
    ),
    "one-window": Entry(
        en=Text(
            "a window is one of `this`, `previous`, `last`, `since`",
            "write one; `and_previous` goes with `this`, `count` with `previous`",
        ),
        zh=Text(
            "时间窗口只能是 `this`、`previous`、`last`、`since` 之一",
            "请只写一个；`and_previous` 与 `this` 连用，`count` 与 `previous` 连用",
        ),
    ),
    "one-span": Entry(
        en=Text(
            "a span is one of `for`, `after`, `through`, `until`", "write one of them, or `forever` or `while_it_holds`"
        ),
        zh=Text("期限只能是 `for`、`after`、`through`、`until` 之一", "请只写一个，或写 `forever`、`while_it_holds`"),
    ),
    "period-of-days": Entry(
        en=Text("a period is made of whole days", "write `every` in days, weeks, months or years"),
        zh=Text("周期必须由整天组成", "请用天、周、月或年来写 `every`"),
    ),
    "when-or-upon": Entry(
        en=Text(
            "the way `{cause}` needs either `when` or `upon`",
            "`when` is a state that is asked, `upon` the type of an event that makes one grant",
        ),
        zh=Text(
            "途径 `{cause}` 需要 `when` 或 `upon` 之一",
            "`when` 是每天检查的条件，`upon` 是事件类型，每个这样的事件给予一次等级",
        ),
    ),
    "quota-without-id": Entry(
        en=Text("this `{kind}` has a quota and no `id`", "give it an `id`; uses are counted by it"),
        zh=Text("这项 `{kind}` 限定了使用次数，却没有 `id`", "请写上 `id`，使用次数按它统计"),
    ),
    "name-clash": Entry(
        en=Text(
            "`{name}` is declared twice: as {first:words} and as {second:words}",
            "names of metrics, facts, segments, tier sets and terms are one name space: rename one",
        ),
        zh=Text(
            "`{name}` 被声明了两次：{first:words}和{second:words}",
            "指标、客户资料、分组、等级体系和词条的名称不能相同，请改名",
        ),
    ),
    "same-id": Entry(
        en=Text("the id `{name}` is used twice", "give each its own id"),
        zh=Text("标识 `{name}` 用了两次", "请为每一个取不同的标识"),
    ),
    "for-without-renew": Entry(
        en=Text(
            "`validity: {{{kind}: …}}` needs `renew`",
            "write `renew: {{at: expiry}}` (judged when it runs out), `{{at: review}}`, "
            "or `{{at: once}}` (every day on which it is met extends it)",
        ),
        zh=Text(
            "`validity: {{{kind}: …}}` 需要写明 `renew`",
            "请写 `renew: {{at: expiry}}`（到期时判定）、`{{at: review}}` 或 `{{at: once}}`（每天满足都会延长）",
        ),
    ),
    "review-without-day": Entry(
        en=Text(
            "this asks at a review, and no review day is stated",
            "write `review: {{first_day_of: month}}` beside `renew`",
        ),
        zh=Text("这里按评审日判定，却没有写评审日", "请在 `renew` 旁写 `review: {{first_day_of: month}}`"),
    ),
    "falling-threshold": Entry(
        en=Text(
            "`{tier}` asks less of `{name}` ({bound}) than `{below}` beneath it ({other})",
            "thresholds rise with the tiers: put them in order",
        ),
        zh=Text(
            "`{tier}` 对 `{name}` 的门槛（{bound}）低于它下面的 `{below}`（{other}）", "等级越高门槛应越高，请调整顺序"
        ),
        severity="warning",
    ),
    "stay-harder": Entry(
        en=Text(
            "staying in `{tier}` asks more of `{name}` ({bound}) than entering it ({other})",
            "`stay` is at most as hard as `enter`, else a new holder may fall at once",
        ),
        zh=Text(
            "`{tier}` 对 `{name}` 的保级门槛（{bound}）高于升级门槛（{other}）",
            "`stay` 不应比 `enter` 更难，否则刚升级的客户可能立即降级",
        ),
        severity="warning",
    ),
    "renewed-for-nothing": Entry(
        en=Text(
            "`{key}` does nothing: `through: {{this: {period}}}` ends on the very day on which it is judged",
            "write `through: {{next: {period}}}`, or leave `{key}` out where the tier is meant to end",
        ),
        zh=Text(
            "`{key}` 不起作用：`through: {{this: {period}}}` 正好在判定当天到期",
            "请写 `through: {{next: {period}}}`；如果等级本应到期，请删去 `{key}`",
        ),
        severity="warning",
    ),
    "unreachable-tier": Entry(
        en=Text("nobody can reach `{tier}`", "give it `enter`, `lifetime` or a way under `also`"),
        zh=Text("没有人能达到 `{tier}`", "请写 `enter`、`lifetime` 或在 `also` 中写途径"),
        severity="warning",
    ),
    "everyone-above-lowest": Entry(
        en=Text("`{tier}` is everyone's and not the lowest tier", "only the lowest tier may say `enter: everyone`"),
        zh=Text("`{tier}` 属于所有人，却不是最低等级", "只有最低等级可以写 `enter: everyone`"),
    ),
    "same-as-below": Entry(
        en=Text(
            "who meets `{below}` meets `{tier}` too, so nobody ever stays in `{below}`", "raise the bound of `{tier}`"
        ),
        zh=Text("满足 `{below}` 的人也满足 `{tier}`，因此没有人会停留在 `{below}`", "请提高 `{tier}` 的门槛"),
        severity="warning",
    ),
    "never-met": Entry(
        en=Text(
            (
                "nothing is {lower:words} `{low}` and {upper:words} `{high}`, so `{name}` never meets this",
                "`{name}` never meets all that is asked of it here",
            ),
            ("write `between: [{swapped}]`", "loosen one of the two; where one is enough, put them under `any`"),
        ),
        zh=Text(
            (
                "没有数值既{lower:words} `{low}` 又{upper:words} `{high}`，`{name}` 永远不会满足",
                "`{name}` 永远不会同时满足这里的全部要求",
            ),
            ("请写 `between: [{swapped}]`", "请放宽其中之一；若满足一项即可，请放在 `any` 下"),
        ),
        severity="warning",
    ),
    "equals-exactly": Entry(
        en=Text(
            "`{name}: {bound}` asks for exactly {bound}, not for {bound} or more",
            "write `{name}: {{at_least: {bound}}}`",
        ),
        zh=Text(
            "`{name}: {bound}` 要求恰好等于 {bound}，而不是 {bound} 或以上",
            "请写 `{name}: {{at_least: {bound}}}`",
        ),
        severity="warning",
    ),
    "finer-than-currency": Entry(
        en=Text(
            "`{text}` has more decimals than an amount in {currency}, which has {decimals}",
            "write the amount with at most so many decimals",
        ),
        zh=Text("`{text}` 的小数位比 {currency} 金额的 {decimals} 位多", "请按该币种的小数位书写"),
        severity="warning",
    ),
    "unknown-currency": Entry(
        en=Text(
            "no currency of ISO 4217 is called `{name}`, so its amounts are taken to have 2 decimals",
            ("write `{nearest}`", "write an ISO 4217 code, such as `CNY` or `USD`"),
        ),
        zh=Text(
            "没有名为 `{name}` 的 ISO 4217 货币，其金额按两位小数处理",
            ("请写 `{nearest}`", "请写 ISO 4217 代码，例如 `CNY` 或 `USD`"),
        ),
        severity="warning",
    ),
    "percent-sign": Entry(
        en=Text("the number here is percent already, so `{text}` would be a hundredth of it", "write `{write}`"),
        zh=Text("这里的数字本身就是百分数，`{text}` 会变成它的百分之一", "请写 `{write}`"),
    ),
    "odd-percent": Entry(
        en=Text(
            ("`{text}` here means {text} percent, not {write}", "`{text}` percent is not between 0 and 100"),
            ("write `{write}`", "write a number from 0 to 100"),
        ),
        zh=Text(
            ("这里的 `{text}` 表示百分之 {text}，而不是百分之 {write}", "百分之 `{text}` 不在 0 到 100 之间"),
            ("请写 `{write}`", "请写 0 到 100 之间的数"),
        ),
        severity="warning",
    ),
    "needs-itself": Entry(
        en=Text("only who holds `{tier}` already can enter it", "ask for a lower tier, or for what is measured"),
        zh=Text("只有已经持有 `{tier}` 的人才能进入它", "请要求较低的等级，或要求某项指标"),
        severity="warning",
    ),
    "never-lowers": Entry(
        en=Text(
            "`{name}` is unknown without events in its window, and nobody loses `{tier}` by what is unknown",
            "put its measure into `first_known: […, 0]`, so that nothing counts as 0",
        ),
        zh=Text(
            "窗口内没有事件时 `{name}` 为未知，而未知不会使任何人失去 `{tier}`",
            "请把该指标的度量写进 `first_known: […, 0]`，没有事件时按 0 计算",
        ),
        severity="warning",
    ),
}
