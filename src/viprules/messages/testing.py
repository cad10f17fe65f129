"""Texts of the testing stage: what is said of policy tests."""

from __future__ import annotations

from viprules.messages.entry import Entry, Text

__all__ = ["TESTING"]

TESTING: dict[str, Entry] = {
    "test-asserts-nothing": Entry(
        en=Text("the test `{name}` asserts nothing", "say under `expect` what must come out"),
        zh=Text("测试 `{name}` 没有断言任何内容", "请在 `expect` 下写明应得的结果"),
    ),
    "test-no-day": Entry(
        en=Text("the test does not say which day it is", "write `as_of: 2026-12-31`, here or under `defaults`"),
        zh=Text("测试没有写明日期", "请写 `as_of: 2026-12-31`，可以写在此处或 `defaults` 下"),
    ),
    "test-unknown-name": Entry(
        en=Text("there is no {what:words} `{name}`", ("write `{nearest}`", "there is {known:list}", "write it first")),
        zh=Text("没有名为 `{name}` 的{what:words}", ("请写 `{nearest}`", "已有：{known:list}", "请先写出它")),
    ),
    "test-name-twice": Entry(
        en=Text("two tests are called `{name}`", "give each test its own name"),
        zh=Text("有两个测试都叫 `{name}`", "请给每个测试起不同的名称"),
    ),
    "case-unused": Entry(
        en=Text("the value `{name}` is used nowhere in the test", "write `{{each: {name}}}` where it belongs"),
        zh=Text("测试中没有用到 `{name}`", "请在相应位置写 `{{each: {name}}}`"),
    ),
    "test-no-number": Entry(
        en=Text("`{text}` is no number of times", "write a whole number"),
        zh=Text("`{text}` 不是次数", "请写整数"),
    ),
    "test-too-many": Entry(
        en=Text("the test has more than {limit} cases", "write fewer values"),
        zh=Text("测试的情形超过 {limit} 个", "请减少取值"),
    ),
}
