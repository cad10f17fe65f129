"""Texts about plug-ins: words of a policy that somebody offers and that cannot be used."""

from __future__ import annotations

from viprules.messages.entry import Entry, Text

__all__ = ["PLUGINS"]

PLUGINS: dict[str, Entry] = {
    "plugin-disabled": Entry(
        en=Text(
            "`{name}` belongs to the plug-in `{owner}`, which is installed and not enabled",
            "add `{distribution}` to `enabled` under `plugins` in `viprules.toml`, or to `VIPRULES_PLUGINS`",
        ),
        zh=Text(
            "`{name}` 属于插件 `{owner}`，该插件已安装但未启用",
            "请把 `{distribution}` 加入 `viprules.toml` 中 `plugins` 的 `enabled`，或加入 `VIPRULES_PLUGINS`",
        ),
    ),
    "plugin-broken": Entry(
        en=Text(
            "`{name}` belongs to the plug-in `{owner}`, which cannot be used: {reason:long}",
            "`viprules plugins check {name}` shows more; tell the plug-in's author",
        ),
        zh=Text(
            "`{name}` 属于插件 `{owner}`，该插件无法使用：{reason:long}",
            "`viprules plugins check {name}` 会显示更多信息；请联系插件作者",
        ),
    ),
    "plugin-twice": Entry(
        en=Text(
            "`{name}` is offered more than once: by {owners:list}",
            "keep one of them: uninstall the others, or add them to `blocked` under `plugins` in `viprules.toml`",
        ),
        zh=Text(
            "`{name}` 有多个提供者：{owners:list}",
            "只保留一个：卸载其余的，或把它们加入 `viprules.toml` 中 `plugins` 的 `blocked`",
        ),
    ),
    "row-only": Entry(
        en=Text(
            "`{name}` runs a plug-in's own function, so the policy is decided customer by customer",
            "nothing to do for single decisions; a large base takes longer than as one statement",
        ),
        zh=Text(
            "`{name}` 运行插件自己的函数，因此该政策只能逐个客户判定",
            "单次判定不受影响；大批量客户会比用一条语句慢",
        ),
        severity="warning",
    ),
    "plugin-failed": Entry(
        en=Text(
            "the plug-in `{owner}` could not compile `{name}`: {reason:long}",
            "if the parameters are as its page says (`viprules docs {name}`), tell the plug-in's author",
        ),
        zh=Text(
            "插件 `{owner}` 无法编译 `{name}`：{reason:long}",
            "如果参数符合说明（`viprules docs {name}`），请联系插件作者",
        ),
    ),
    "wrong-parameters": Entry(
        en=Text("`{name}` cannot be used like this: {reason:long}", "`viprules docs {name}` shows its parameters"),
        zh=Text("`{name}` 不能这样使用：{reason:long}", "`viprules docs {name}` 会列出它的参数"),
    ),
}
