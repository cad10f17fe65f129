"""Which plug-ins are enabled: the caller, else the environment, else the nearest file."""

from pathlib import Path

import pytest

from viprules.errors import UsageError
from viprules.plugins import PluginSettings


def of_toml(folder: Path, text: str, environment: dict[str, str] | None = None) -> PluginSettings:
    """Return the settings of a folder with a `viprules.toml`."""
    (folder / "viprules.toml").write_text(text, encoding="utf-8")
    return PluginSettings.of_folder(folder, environment or {})


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, PluginSettings()),
        ({"VIPRULES_PLUGINS": "all"}, PluginSettings()),
        ({"VIPRULES_PLUGINS": "none"}, PluginSettings(enabled=())),
        ({"VIPRULES_PLUGINS": ""}, PluginSettings(enabled=())),
        ({"VIPRULES_PLUGINS": "Viprules_Lunar, early"}, PluginSettings(enabled=("viprules-lunar", "early"))),
        ({"VIPRULES_BLOCK_PLUGINS": "acme.rules"}, PluginSettings(blocked=("acme-rules",))),
    ],
)
def test_the_environment_says_what_is_enabled(environment: dict[str, str], expected: PluginSettings) -> None:
    """`all`, `none` or names; however a distribution's name is spelt."""
    assert expected == PluginSettings.of_environment(environment)


def test_a_file_says_it_where_the_environment_is_silent(tmp_path: Path) -> None:
    """The environment wins over the file; blocks of both count."""
    text = '[plugins]\nenabled = ["viprules-lunar"]\nblocked = ["a"]\nobservers = ["journal"]\n'
    found = of_toml(tmp_path, text, {"VIPRULES_BLOCK_PLUGINS": "b"})
    assert (("viprules-lunar",), ("b", "a"), ("journal",)) == (found.enabled, found.blocked, found.observers)
    assert of_toml(tmp_path, text, {"VIPRULES_PLUGINS": "none"}).enabled == ()
    assert of_toml(tmp_path, '[plugins]\nenabled = "none"\n').enabled == ()
    assert of_toml(tmp_path, '[plugins]\nenabled = "all"\n').enabled is None


def test_the_nearest_file_counts(tmp_path: Path) -> None:
    """From the folder upwards; a `pyproject.toml` that does not speak of viprules is passed over."""
    inner = tmp_path / "shop" / "policies"
    inner.mkdir(parents=True)
    (tmp_path / "pyproject.toml").write_text('[tool.viprules.plugins]\nblocked = ["far"]\n', encoding="utf-8")
    (inner.parent / "pyproject.toml").write_text('[project]\nname = "shop"\n', encoding="utf-8")
    assert ("far",) == PluginSettings.of_folder(inner, {}).blocked
    assert () == of_toml(inner, "").blocked


def test_channels_have_their_tables(tmp_path: Path) -> None:
    """`[channels.NAME]` is kept for the delivery, and is not shown."""
    found = of_toml(tmp_path, '[channels.file]\npath = "secret.jsonl"\n')
    assert {"file": {"path": "secret.jsonl"}} == found.channels
    assert "secret" not in repr(found)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("[plugins", "cannot be read"),
        ("plugins = 7", "`plugins` may say `enabled`, `blocked`, `observers`, and nothing else"),
        ("[plugins]\nenable = []", "`plugins` may say"),
        ('[plugins]\nblocked = "a"', "`plugins.blocked` is a list of names"),
        ('[plugins]\nblocked = "none"', "`plugins.blocked` is a list of names"),
        ("[plugins]\nenabled = [7]", "`plugins.enabled` is a list of names"),
        ("[channels]\nfile = 7", "`channels` holds a table for each channel"),
    ],
)
def test_a_file_that_cannot_be_used_is_a_mistake_of_the_call(tmp_path: Path, text: str, wrong: str) -> None:
    """The file is named, and what it may say."""
    with pytest.raises(UsageError) as caught:
        of_toml(tmp_path, text)
    assert "viprules.toml" in str(caught.value)
    assert wrong in str(caught.value)


def test_options_overrule() -> None:
    """A call says it for itself; blocks only grow."""
    found = PluginSettings(enabled=("a",), blocked=("b",)).overruled(enabled="c,d", blocked="e", local=True)
    assert PluginSettings(enabled=("c", "d"), blocked=("b", "e"), local=True) == found
    assert PluginSettings(enabled=("a",)) == PluginSettings(enabled=("a",)).overruled()


@pytest.mark.parametrize(
    ("settings", "allowed"),
    [
        (PluginSettings(), True),
        (PluginSettings(enabled=()), False),
        (PluginSettings(enabled=("viprules-early",)), True),
        (PluginSettings(enabled=("early",)), True),
        (PluginSettings(enabled=("late",)), False),
        (PluginSettings(enabled=("early",), blocked=("viprules-early",)), False),
    ],
)
def test_a_block_is_stronger_than_a_list(settings: PluginSettings, allowed: bool) -> None:  # noqa: FBT001 -- an expected answer
    """A word is allowed by its own name or its distribution's, unless either is blocked."""
    assert allowed == settings.allows("early", "Viprules_Early")
