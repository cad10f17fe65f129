"""Texts of the tables stage: what is said of files with tables and of their mapping."""

from __future__ import annotations

from viprules.messages.entry import Entry, Text

__all__ = ["TABLES"]

FILES: dict[str, Entry] = {
    "file-unreadable": Entry(
        en=Text("`{file}` cannot be read: {reason}", "check the path and the permissions"),
        zh=Text("无法读取 `{file}`：{reason}", "请检查路径和权限"),
    ),
    "file-unwritable": Entry(
        en=Text("`{file}` cannot be written: {reason}", "check the folder and the permissions"),
        zh=Text("无法写入 `{file}`：{reason}", "请检查文件夹和权限"),
    ),
    "file-ending": Entry(
        en=Text("the ending of `{file}` tells no format", "name the file with one of {endings:list}"),
        zh=Text("从 `{file}` 的扩展名看不出格式", "请使用这些扩展名之一：{endings:list}"),
    ),
    "file-empty": Entry(
        en=Text("`{file}` has no header", "the first line names the columns"),
        zh=Text("`{file}` 没有表头", "第一行应写明各列的名称"),
    ),
    "file-encoding": Entry(
        en=Text("`{file}` is not written in {encoding}", "say how in the mapping, as `encoding: gb18030`"),
        zh=Text("`{file}` 不是 {encoding} 编码", "请在映射文件中写明编码，例如 `encoding: gb18030`"),
    ),
    "file-parquet": Entry(
        en=Text("`{file}` is no Parquet file", "name it by what it is, or export it again"),
        zh=Text("`{file}` 不是 Parquet 文件", "请按实际格式命名，或重新导出"),
    ),
    "file-parquet-extra": Entry(
        en=Text("`{file}` needs the batch extra", "install it: `pip install 'viprules[batch]'`"),
        zh=Text("处理 `{file}` 需要 batch 附加组件", "请安装：`pip install 'viprules[batch]'`"),
    ),
    "column-missing": Entry(
        en=Text(
            "`{file}` has no column `{name}`; it has {columns:list}",
            "correct the mapping, or map another column: `viprules docs mapping`",
        ),
        zh=Text(
            "`{file}` 没有 `{name}` 列；现有的列为 {columns:list}",
            "请修改映射文件，或改用其他列：`viprules docs mapping`",
        ),
    ),
    "column-twice": Entry(
        en=Text("`{file}` has two columns `{name}`", "give each column its own name"),
        zh=Text("`{file}` 有两列都叫 `{name}`", "请给每一列起不同的名称"),
    ),
    "column-unused": Entry(
        en=Text(
            "the column `{name}` of `{file}` is not used: the policy knows {known:list}",
            "rename it, or say with a mapping what it feeds",
        ),
        zh=Text("`{file}` 的 `{name}` 列没有用到：政策中有 {known:list}", "请改名，或用映射文件说明它的用途"),
        severity="warning",
    ),
}

ROWS: dict[str, Entry] = {
    "row-cells": Entry(
        en=Text("the row has {found} cells and the header {wanted}", "quote cells that hold the separator"),
        zh=Text("该行有 {found} 格，而表头有 {wanted} 格", "含有分隔符的单元格请加引号"),
    ),
    "row-quotes": Entry(
        en=Text("the quoting of the row is broken", "write a quote inside quotes twice, and close each quote"),
        zh=Text("该行的引号有误", "引号中的引号要写两遍，每个引号都要成对"),
    ),
    "row-encoding": Entry(
        en=Text("the row is not written in {encoding}", "say how in the mapping, as `encoding: gb18030`"),
        zh=Text("该行不是 {encoding} 编码", "请在映射文件中写明编码，例如 `encoding: gb18030`"),
    ),
    "row-json": Entry(
        en=Text("the line is no JSON object", "write one object on each line, without NaN or infinity"),
        zh=Text("该行不是 JSON 对象", "每行写一个对象，不要使用 NaN 或无穷大"),
    ),
    "row-key-twice": Entry(
        en=Text("the object has the same key twice", "keep one of the two"),
        zh=Text("对象中有重复的键", "请只保留一个"),
    ),
    "row-too-long": Entry(
        en=Text("the line, or a cell of it, has more than {most} characters", "put one row on each line"),
        zh=Text("该行或其中一格超过 {most} 个字符", "每行只写一条记录"),
    ),
    "row-of-a-bad-event": Entry(
        en=Text("the row belongs to the event `{text}`, of which another row is bad", "correct that row"),
        zh=Text("该行属于事件 `{text}`，而该事件的另一行有误", "请改正那一行"),
    ),
    "rows-differ": Entry(
        en=Text(
            "the rows of the event `{text}` name different customers or types; its first row is line {first}",
            "give each event its own value in the column `{name}`",
        ),
        zh=Text(
            "事件 `{text}` 的各行客户或类型不一致；它的第一行在第 {first} 行", "每个事件在 `{name}` 列应有自己的值"
        ),
    ),
    "cells-differ": Entry(
        en=Text(
            "the rows of the event say different things: elsewhere it is `{text}`",
            "say in the mapping how they are put together: `sum`, `min`, `max` or `count`",
        ),
        zh=Text(
            "同一事件的各行内容不一致：别处为 `{text}`", "请在映射文件中说明如何合并：`sum`、`min`、`max` 或 `count`"
        ),
    ),
    "times-differ": Entry(
        en=Text(
            "some rows of the event have a zone and others none: elsewhere it is `{text}`",
            "write all times alike, or say `times_in` in the mapping",
        ),
        zh=Text("同一事件的时间有的带时区、有的不带：别处为 `{text}`", "请统一写法，或在映射文件中写明 `times_in`"),
    ),
    "customer-twice": Entry(
        en=Text("the customer `{id}` is told differently on line {first}", "keep one row for each customer"),
        zh=Text("客户 `{id}` 在第 {first} 行已有不同的内容", "每位客户只保留一行"),
    ),
    "membership-twice": Entry(
        en=Text(
            "the customer `{id}` has another membership, first on line {first}", "keep one row a customer and tier set"
        ),
        zh=Text("客户 `{id}` 已有另一条会员记录，最先出现在第 {first} 行", "每位客户在每个等级体系中只保留一行"),
    ),
    "event-contradicted": Entry(
        en=Text(
            "the event `{id}` is told in different ways on the lines {lines:list}; none of them was used",
            "give each event its own id, or keep one of the rows",
        ),
        zh=Text("事件 `{id}` 在第 {lines:list} 行的内容互相矛盾，均未采用", "每个事件应有自己的编号，或只保留其中一行"),
    ),
}

CELLS: dict[str, Entry] = {
    "cell-empty": Entry(
        en=Text("the cell of `{name}` is empty", "fill it in, or map another column"),
        zh=Text("`{name}` 单元格为空", "请填写，或在映射文件中改用其他列"),
    ),
    "cell-no-id": Entry(
        en=Text("`{text}` in `{name}` is no id", "an id has no spaces around it and at most 256 visible characters"),
        zh=Text("`{name}` 中的 `{text}` 不能作为编号", "编号前后没有空格，且最多 256 个可见字符"),
    ),
    "cell-no-number": Entry(
        en=Text("`{text}` in `{name}` is no number", "write digits with a point, as 1234.50"),
        zh=Text("`{name}` 中的 `{text}` 不是数字", "请用数字和小数点书写，例如 1234.50"),
    ),
    "cell-float": Entry(
        en=Text(
            "`{text}` in `{name}` is a binary float, which cannot hold cents exactly",
            "if all amounts are whole cents, say `amounts: float-cents` in the mapping",
        ),
        zh=Text(
            "`{name}` 中的 `{text}` 是二进制浮点数，无法精确表示分",
            "如果所有金额都是整数分，请在映射文件中写 `amounts: float-cents`",
        ),
    ),
    "cell-not-cents": Entry(
        en=Text("`{text}` in `{name}` is not a whole number of cents", "correct the amount"),
        zh=Text("`{name}` 中的 `{text}` 不是整数分", "请改正金额"),
    ),
    "cell-no-time": Entry(
        en=Text(
            "`{text}` in `{name}` is no day or time",
            "write it like 2026-12-31 or 2026-12-31T18:30:00, or say `times_like` in the mapping",
        ),
        zh=Text(
            "`{name}` 中的 `{text}` 不是日期或时间",
            "请写成 2026-12-31 或 2026-12-31T18:30:00，或在映射文件中写明 `times_like`",
        ),
    ),
    "cell-unknown-word": Entry(
        en=Text("the mapping says nothing of `{text}` in `{name}`; it knows {words:list}", "add it under `values`"),
        zh=Text("映射文件没有说明 `{name}` 里的 `{text}`；已有 {words:list}", "请在 `values` 下补充"),
    ),
    "cell-no-record": Entry(
        en=Text("`{name}` holds no membership record", "hand over the file that the last run wrote, unchanged"),
        zh=Text("`{name}` 中不是会员记录", "请原样使用上次运行写出的文件"),
    ),
}

MAPPING: dict[str, Entry] = {
    "cell-one-source": Entry(
        en=Text(
            "the value of `{name}` comes from no place, or from several",
            "say one of `column`, `constant`, `sum`, `count`, `min`, `max`",
        ),
        zh=Text(
            "`{name}` 的值没有来源，或有多个来源", "请只写 `column`、`constant`、`sum`、`count`、`min`、`max` 之一"
        ),
    ),
    "cell-not-grouped": Entry(
        en=Text("`{name}` puts rows together, but every row is an event of its own", "say `one_event_per: column`"),
        zh=Text("`{name}` 要合并多行，但每一行都是单独的事件", "请写 `one_event_per: 列名`"),
    ),
    "no-such-encoding": Entry(
        en=Text("there is no encoding `{name}`", "for example `utf-8` or `gb18030`"),
        zh=Text("没有名为 `{name}` 的编码", "例如 `utf-8` 或 `gb18030`"),
    ),
    "mapping-zone": Entry(
        en=Text("there is no time zone `{name}`", "write an IANA name, as `UTC` or `Asia/Shanghai`"),
        zh=Text("没有名为 `{name}` 的时区", "请写 IANA 名称，例如 `UTC` 或 `Asia/Shanghai`"),
    ),
}

TABLES: dict[str, Entry] = {**FILES, **ROWS, **CELLS, **MAPPING}
