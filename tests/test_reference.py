"""The generated pages of the reference are those that the present descriptions give."""

from pathlib import Path

import pytest

from tests.reference import PAGES, page_of
from viprules.cli import reference
from viprules.plugins import builtin_catalogue


@pytest.mark.parametrize("kind", PAGES)
def test_the_generated_page_is_fresh(kind: str, root: Path) -> None:
    """`docs/reference/` holds what `python -m tests.reference` writes; if not, run it and commit."""
    assert page_of(kind) == (root / "docs" / "reference" / f"{kind}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", ["keys", "terms", "benefits", "channels"])
def test_the_reference_speaks_of_every_word(kind: str, root: Path) -> None:
    """The pages of the language name every term, every kind of benefit and every key at the top of a policy."""
    pages = [root / "docs" / "reference" / f"{name}.md" for name in ("language", "terms", "benefits", "channels")]
    text = "".join(page.read_text(encoding="utf-8") for page in pages)
    assert [] == [name for name in reference.names(builtin_catalogue())[kind] if f"`{name}" not in text]
