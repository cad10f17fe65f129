"""The package of the tutorial is the one that the tutorial shows."""

from pathlib import Path

from tests.pages import blocks


def test_the_tutorial_shows_the_package(root: Path) -> None:
    """Its code, its policy and its metadata are those of `plugins/viprules-tutorial`, and the code has fifteen lines."""
    package = root / "plugins" / "viprules-tutorial"
    page = (root / "docs" / "plugins" / "tutorial.md").read_text(encoding="utf-8")
    texts = [
        block.text.partition("\n")[2] if block.text.startswith("# file:") else block.text for block in blocks(page)
    ]
    for name in ("viprules_tutorial.py", "policy.yaml", "pyproject.toml"):
        assert (package / name).read_text(encoding="utf-8") in texts
    code = (package / "viprules_tutorial.py").read_text(encoding="utf-8").splitlines()
    assert 15 >= len([line for line in code if line.strip()])
