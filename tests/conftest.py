"""What every test can count on."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
pytest_plugins = ["tests.support.packages"]


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the folder of the checkout."""
    return ROOT
