"""Words that messages are filled with and that people read: (English, Chinese)."""

from __future__ import annotations

__all__ = ["REFUSALS", "WORDS"]

WORDS: dict[str, tuple[str, str]] = {
    # what stands in a file
    "nothing": ("nothing", "空"),
    "lines": ("a text with line breaks or tabs", "含换行或制表符的文字"),
    "list": ("a list", "列表"),
    "map": ("a map", "一组 `键: 值`"),
    "text": ("a text", "文字"),
    # the types of JSON Schema
    "string": ("a text", "文字"),
    "integer": ("a whole number", "整数"),
    "number": ("a number", "数字"),
    "boolean": ("`true` or `false`", "`true` 或 `false`"),
    "array": ("a list", "列表"),
    "object": ("a map", "一组 `键: 值`"),
    "null": ("nothing", "空"),
    # the types that a policy declares
    "money": ("an amount of money", "金额"),
    "date": ("a date", "日期"),
    "true_false": ("`true` or `false`", "`true` 或 `false`"),
    "scale": ("a word of a scale", "级别序列中的词"),
    "tier": ("a tier", "等级"),
    "span": ("a length of time", "时长"),
    # where a name is declared
    "metrics": ("a metric", "指标"),
    "facts": ("a fact", "客户资料"),
    "segments": ("a segment", "分组"),
    "tier_sets": ("a tier set", "等级体系"),
    "terms": ("a term of the language", "语言自带的词条"),
    # nouns of the language (`x-what` in a schema)
    "a tier": ("a tier", "等级"),
    "a channel": ("a channel", "渠道"),
    "a period": ("a period", "周期"),
    "an event type": ("an event type", "事件类型"),
    "a fact": ("a fact", "客户资料"),
    "a metric": ("a metric", "指标"),
    "a type": ("a type", "类型"),
    "a short id": ("a short id", "简短的标识"),
    "a value": ("a value", "值"),
    "a condition": ("a condition", "条件"),
    "a test": ("a test of a value", "比较方式"),
    "a percentage": ("a percentage", "百分比"),
    "a duration": ("a length of time", "时长"),
    "a text, or texts by language": ("a text, or texts by language", "文字，或按语言列出的文字"),
    "a day": ("a day", "日期"),
    "a window": ("a window of time", "时间窗口"),
    "a span": ("a span of time", "期限"),
    "a time zone": ("a time zone", "时区"),
    "a date": ("a date", "日期"),
    "a benefit": ("a benefit", "权益"),
    "a tier set": ("a tier set", "等级体系"),
    "a reason": ("a reason", "理由"),
    "an error code": ("an error code", "错误代码"),
    # what a policy test refers to
    "fixture": ("fixture", "样例客户"),
    "case value": ("case value", "情形取值"),
    # bounds
    "at least": ("at least", "不小于"),
    "at most": ("at most", "不大于"),
    "more than": ("more than", "大于"),
    "less than": ("less than", "小于"),
    "equals": ("equal to", "等于"),
    "a multiple of": ("a multiple of", "其倍数："),
    # spaces
    "ideographic space": ("full-width space", "全角空格"),
    "no-break space": ("no-break space", "不换行空格"),
}

REFUSALS: dict[str, str] = {
    "No such file or directory": "文件不存在",
    "Permission denied": "没有权限",
    "Is a directory": "这是文件夹，不是文件",
    "Not a directory": "路径中有一段不是文件夹",
    "File exists": "已经存在同名文件",
    "No space left on device": "磁盘已满",
    "Read-only file system": "磁盘是只读的",
    "File name too long": "文件名太长",
    "Too many open files": "打开的文件太多",
    "Input/output error": "磁盘读写出错",
}
"""What operating systems refuse with, in Chinese; anything else is repeated as it is."""
