"""Texts of the shape stage: what is said of keys and values that the schema does not have."""

from __future__ import annotations

from viprules.messages.entry import Entry, Text

__all__ = ["SHAPE"]

SHAPE: dict[str, Entry] = {
    "unknown-key": Entry(
        en=Text(
            ("`{key}` is not known in {what:words}", "`{key}` is not known here"),
            ("write `{nearest}`", "known here: {known:list}", "remove it"),
        ),
        zh=Text(
            ("{what:words}里不认识 `{key}`", "这里不认识 `{key}`"),
            ("请写 `{nearest}`", "这里可以写：{known:list}", "请删去它"),
        ),
    ),
    "missing-key": Entry(
        en=Text(
            (
                "`{key}` is missing: it must stand beside `{beside}`",
                "`{key}` is missing in {what:words}",
                "`{key}` is missing here",
            ),
            "add `{key}:`",
        ),
        zh=Text(
            ("缺少 `{key}`：它必须与 `{beside}` 同时出现", "{what:words}缺少 `{key}`", "这里缺少 `{key}`"),
            "请加上 `{key}:`",
        ),
    ),
    "wrong-type": Entry(
        en=Text(
            ("{wanted:words} is wanted here, not `{text}`", "{wanted:words} is wanted here, not {found:words}"),
            ("such as `{example}`",),
        ),
        zh=Text(
            ("这里应当是{wanted:words}，而不是 `{text}`", "这里应当是{wanted:words}，而不是{found:words}"),
            ("例如 `{example}`",),
        ),
    ),
    "not-one-of": Entry(
        en=Text("`{text}` is not one of {options:list}", ("write `{nearest}`", "write one of these")),
        zh=Text("`{text}` 不在可选值 {options:list} 之中", ("请写 `{nearest}`", "请选其中之一")),
    ),
    "unknown-name": Entry(
        en=Text(
            ("`{name}` is not {what:words} of this policy", "nothing here is called `{name}`"),
            (
                "write `{nearest}`",
                "declared: {options:list}",
                "declare it under `facts`, `metrics` or `events`, or mend the name",
            ),
        ),
        zh=Text(
            ("本政策中没有名为 `{name}` 的{what:words}", "没有声明过名称 `{name}`"),
            (
                "请写 `{nearest}`",
                "已声明的有：{options:list}",
                "请在 `facts`、`metrics` 或 `events` 中声明，或改正名称",
            ),
        ),
    ),
    "wrong-name": Entry(
        en=Text("`{name}` cannot be a name here", "use letters, digits and `_`, beginning with a letter"),
        zh=Text("`{name}` 不能用作名称", "请用英文字母、数字和 `_`，并以字母开头"),
    ),
    "wrong-format": Entry(
        en=Text(
            ("`{text}` is not {what:words}", "`{text}` is not written as it must be here"),
            ("write it like `{example}`",),
        ),
        zh=Text(
            ("`{text}` 不是{what:words}", "`{text}` 的写法不对"),
            ("请写成类似 `{example}` 的形式",),
        ),
    ),
    "out-of-range": Entry(
        en=Text("the number must be {relation:words} `{bound}`, not `{text}`", "write another number"),
        zh=Text("数值必须{relation:words} `{bound}`，而不是 `{text}`", "请改写数值"),
    ),
    "too-many-digits": Entry(
        en=Text("the number has more than {limit} digits", "write a shorter number"),
        zh=Text("数字超过 {limit} 位", "请写短一些的数字"),
    ),
    "too-few": Entry(
        en=Text("at least {bound} must stand here, not {count}", "add what is missing"),
        zh=Text("这里至少要有 {bound} 项，现有 {count} 项", "请补上缺少的项"),
    ),
    "too-many": Entry(
        en=Text(
            ("{keys:list} stand together where at most {bound} may", "at most {bound} may stand here, not {count}"),
            "remove what is too much",
        ),
        zh=Text(
            ("{keys:list} 写在了一起，这里最多 {bound} 项", "这里最多 {bound} 项，现有 {count} 项"),
            "请删去多余的项",
        ),
    ),
    "twice-in-list": Entry(
        en=Text("`{text}` stands twice in this list", "keep one of the two"),
        zh=Text("`{text}` 在列表中出现了两次", "请只保留一个"),
    ),
    "not-allowed": Entry(
        en=Text("what stands here is not allowed here", "see the reference for what may stand here"),
        zh=Text("这里不允许这样写", "可以写什么请查阅参考手册"),
    ),
}
