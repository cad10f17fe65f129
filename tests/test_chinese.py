"""Chinese is written with one word for one thing, and with Chinese punctuation."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

CHINESE = "[\u4e00-\u9fff]"
CODE = re.compile("```.*?```|`[^`\n]*`", re.DOTALL)
NAMES = re.compile(r"\{zh: [^}]*\}")
RULES = "(?<!会员计划的各种)(?<!每条关闭的)(?<!没有专门说明的)(?<!这样的)(?<!同一)(?<!判定)规则"
SAY = {
    RULES: "政策",
    "策略|规则文件|政策文档": "政策",
    "(?<!积分)(?<!姓名 )顾客(?!，|,|}|卡)": "客户",
    "判断|重新决定|上次决定": "判定",
    "等级组|级别(?!序列)": "等级，等级体系",
    "刻度|量表": "级别序列",
    "(?<!客户)(?<!通知单)资料|属性(?!值)": "客户资料",
    "名额|剩余次数": "使用次数",
    "术语": "词条",
    "续期|保持等级": "保级",
    "进入条件|入级条件": "升级条件",
    "人工指定": "人工指令",
    "(?<!文件|数据)映射(?!文件)": "映射文件，或 `键: 值`",
    "东西": "名称",
}
"""What is not written, with what is written in its place."""
PUNCTUATION = {
    f"{CHINESE}[,;:!?]|[,;:!?]{CHINESE}": "，；：！？",
    rf"{CHINESE} ?\([^)]*{CHINESE}[^)]*\)": "（）",
    f"{CHINESE}\\.$": "。",
}
SOURCES = [
    *ROOT.glob("src/viprules/**/*.py"),
    *ROOT.glob("docs/errors/*.md"),
    ROOT / "README.zh-CN.md",
    ROOT / "policies" / "README.md",
]
SPEAKING = [one for one in SOURCES if re.search(CHINESE, one.read_text(encoding="utf-8"))]
LISTS = ("spoken.py",)
"""Modules that hold what people may have typed, right or wrong."""


def sentences(path: Path) -> Iterator[tuple[int, str]]:
    """Give the lines with Chinese, each with its number; what stands in back-ticks and in blocks of code is left out."""
    text = path.read_text(encoding="utf-8")
    prose = CODE.sub(lambda found: "`" + "\n" * found[0].count("\n"), text) if path.suffix == ".md" else text
    for number, line in enumerate(prose.splitlines(), 1):
        told = NAMES.sub("", CODE.sub("`", line))
        if re.search(CHINESE, told):
            yield number, told


@pytest.mark.parametrize("path", SPEAKING, ids=lambda path: str(path.relative_to(ROOT)))
def test_one_thing_has_one_word(path: Path) -> None:
    """What stands in the table above is nowhere in what users read."""
    if path.name in LISTS:
        return
    found = [
        f"{path.name}:{number}: `{match[0]}`, say {better}: {line.strip()}"
        for number, line in sentences(path)
        for word, better in SAY.items()
        for match in re.finditer(word, line)
    ]
    assert [] == found


@pytest.mark.parametrize("path", SPEAKING, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_chinese_sentence_has_chinese_punctuation(path: Path) -> None:
    """No narrow comma, colon, semicolon or bracket beside a Chinese character."""
    if path.name in LISTS:
        return
    found = [
        f"{path.name}:{number}: `{match[0]}`, write {better}: {line.strip()}"
        for number, line in sentences(path)
        for mark, better in PUNCTUATION.items()
        for match in re.finditer(mark, line)
    ]
    assert [] == found
