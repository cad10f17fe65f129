"""Which installed plug-ins may be used: said by the caller, the environment or a file, in this order.

Installed is not imported: of what is enabled, only what a policy names is. A plug-in is code with the
rights of the process, so where other people install packages, say which ones are meant.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from attrs import evolve, field, frozen

from viprules.errors import UsageError

__all__ = ["PluginSettings", "plain"]

ENABLED: Final = "VIPRULES_PLUGINS"
BLOCKED: Final = "VIPRULES_BLOCK_PLUGINS"
ALL, NONE = "all", "none"
KEYS: Final = ("enabled", "blocked", "observers")


def plain(name: str) -> str:
    """A distribution's name as indexes compare it: `Viprules_Lunar` is `viprules-lunar`."""
    return name.strip().lower().replace("_", "-").replace(".", "-")


@frozen(kw_only=True)
class PluginSettings:
    """What is enabled; names are those of distributions (`viprules-lunar`) or of single words."""

    enabled: tuple[str, ...] | None = None
    """Only these; None: whatever is installed."""
    blocked: tuple[str, ...] = ()
    """Never these."""
    observers: tuple[str, ...] = ()
    """Plug-ins that are told what happens, although no policy names them."""
    channels: Mapping[str, Mapping[str, Any]] = field(factory=dict, repr=False)
    """What `[channels.NAME]` says, by channel."""
    local: bool = False
    """Whether a `viprules_plugins.py` beside the policy is executed: only for folders that one trusts."""
    deadline: float = 10.0
    """Seconds that one plug-in may take to be imported."""

    @classmethod
    def of_environment(cls, environment: Mapping[str, str] | None = None) -> PluginSettings:
        """What `VIPRULES_PLUGINS` (`all`, `none` or names) and `VIPRULES_BLOCK_PLUGINS` (names) say."""
        given = os.environ if environment is None else environment
        return cls(
            enabled=_enabled(given.get(ENABLED, ALL).split(",")), blocked=_names(given.get(BLOCKED, "").split(","))
        )

    @classmethod
    def of_folder(cls, folder: Path, environment: Mapping[str, str] | None = None) -> PluginSettings:
        """The same, where the environment is silent from `viprules.toml`, else `[tool.viprules]` of `pyproject.toml`.

        The nearest file counts, from the folder upwards. Raises UsageError for a file that cannot be used.
        """
        given = os.environ if environment is None else environment
        own = cls.of_environment(given)
        path, table = _nearest(folder)
        stated, channels = table.get("plugins", {}), table.get("channels", {})
        if not isinstance(channels, Mapping) or not all(isinstance(one, Mapping) for one in channels.values()):
            raise UsageError(f"`{path}`: `channels` holds a table for each channel, such as `[channels.email]`")
        if not isinstance(stated, Mapping) or any(key not in KEYS for key in stated):
            raise UsageError(f"`{path}`: `plugins` may say {', '.join(f'`{one}`' for one in KEYS)}, and nothing else")
        found = {key: _listed(path, key, stated[key]) for key in stated}
        if ENABLED not in given and "enabled" in found:
            own = evolve(own, enabled=_enabled(found["enabled"]))
        return evolve(
            own,
            blocked=(*own.blocked, *_names(found.get("blocked", ()))),
            observers=_names(found.get("observers", ())),
            channels=channels,
        )

    def overruled(
        self, *, enabled: str | None = None, blocked: str | None = None, local: bool = False
    ) -> PluginSettings:
        """What a caller says instead, in the form of the environment; unsaid it stays."""
        own = self if enabled is None else evolve(self, enabled=_enabled(enabled.split(",")))
        more = () if blocked is None else _names(blocked.split(","))
        return evolve(own, blocked=(*own.blocked, *more), local=local or own.local)

    def allows(self, *names: str) -> bool:
        """Whether a plug-in of these names (a word, a distribution) is enabled."""
        mine = {plain(name) for name in names if name}
        return not mine & set(self.blocked) and (self.enabled is None or bool(mine & set(self.enabled)))


def _names(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(plain(one) for one in names if one.strip())


def _enabled(names: Iterable[str]) -> tuple[str, ...] | None:
    found = _names(names)
    return None if found == (ALL,) else () if found == (NONE,) else found


def _listed(path: Path | None, key: str, value: Any) -> list[str]:
    if value in (ALL, NONE) and key == "enabled":
        return [value]
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return value
    raise UsageError(f'`{path}`: `plugins.{key}` is a list of names, such as `["viprules-lunar"]`')


def _nearest(folder: Path) -> tuple[Path | None, Mapping[str, Any]]:
    """The nearest file that speaks of viprules, with what it says."""
    for one in (folder.absolute(), *folder.absolute().parents):
        if (one / "viprules.toml").is_file():
            return one / "viprules.toml", _toml(one / "viprules.toml")
        if (one / "pyproject.toml").is_file():
            stated = _toml(one / "pyproject.toml").get("tool", {}).get("viprules")
            if isinstance(stated, Mapping):
                return one / "pyproject.toml", stated
    return None, {}


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError(f"`{path}` cannot be read: {error}") from error
