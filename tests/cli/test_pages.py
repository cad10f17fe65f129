"""The pages of the error codes in a terminal."""

import json
import re

import pytest

from tests.cli.conftest import Call
from viprules.cli.pages import error_page
from viprules.messages import CATALOGUE

CHINESE = re.compile("[\u4e00-\u9fff]")
CODE = re.compile("`[^`]*`")


@pytest.mark.parametrize("code", sorted(CATALOGUE))
def test_a_page_is_told_in_one_language(code: str) -> None:
    """Every code is explained in English and in Chinese, with what is really said and no gaps to be filled."""
    english, chinese = error_page(code, "en"), error_page(code, "zh")
    assert not CHINESE.search(CODE.sub("", english[0]))
    assert CHINESE.search(chinese[0])
    assert not re.search("错误：|警告：", english[1])
    assert not re.search(r"`\{\w+\}`", "".join(english + chinese))
    if f"[{code}]" in english[1]:
        assert f"[{code}]" in chinese[1]


def test_a_code_is_told_with_a_file_that_has_it(call: Call) -> None:
    """The file, what is said of it in the language asked for, and the file mended."""
    told = call("docs", "unknown-name", "--lang", "zh").out
    assert "使用了文件中没有声明的名称" in told
    assert "  bad.yaml:\n    viprules: 1\n" in told
    assert "    bad.yaml:7:53: 错误：本政策中没有名为 `yaer` 的周期 [unknown-name]\n" in told
    assert "  正确写法：\n\n  good.yaml:\n" in told
    assert "bad.yaml:7:53: error: `yaer` is not a period" in call("docs", "unknown-name").out


def test_a_code_without_such_a_file_shows_a_message(call: Call) -> None:
    """The message is filled with values as they come."""
    found = json.loads(call("docs", "cell-float", "--format", "json").out)[0]
    assert "error: `12.3` in `amount` is a binary float" in found["body"]
    assert "say `amounts: float-cents` in the mapping" in found["body"]
