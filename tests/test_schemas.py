"""The published schemas are those that the present descriptions give."""

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize("kind", ["policy", "test", "mapping"])
def test_the_published_schema_is_fresh(kind: str, root: Path, tmp_path: Path) -> None:
    """`schemas/` holds what `viprules schema` writes; if not, run `make schemas` and commit."""
    fresh = tmp_path / "fresh.json"
    words = [sys.executable, "-m", "viprules", "schema", kind, "--plugins", "none", "--output", str(fresh)]
    subprocess.run(words, check=True)
    assert fresh.read_text(encoding="utf-8") == (root / "schemas" / f"{kind}.json").read_text(encoding="utf-8")
