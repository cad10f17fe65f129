"""Which files are policy tests; without any import that takes time."""

from __future__ import annotations

import re
from pathlib import Path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["files_of", "is_ours", "is_test"]

ENDINGS = (".test.yaml", ".test.yml")
POLICY = re.compile(rb"^[\"']?viprules[\"']?\s*:", re.MULTILINE)
UNDER_TEST = re.compile(rb"^[\"']?policy[\"']?\s*:\s*[\"']?[^\s#\"']+\.ya?ml\b", re.MULTILINE)


def is_test(path: Path | str) -> bool:
    """Whether a file is a policy test, by its name."""
    return Path(path).name.endswith(ENDINGS)


def is_ours(path: Path) -> bool:
    """Whether a file named like a policy test is one: it names a policy, or the policy lies beside it.

    Other tools have files of that name too.
    """
    if not is_test(path) or not path.is_file():
        return False
    if UNDER_TEST.search(path.read_bytes()):
        return True
    beside = path.with_name(path.name.replace(".test.", "."))
    return beside.is_file() and POLICY.search(beside.read_bytes()) is not None


def files_of(paths: Iterable[Path | str]) -> Iterator[Path]:
    """The files named, and every test file under the folders named."""
    for one in map(Path, paths):
        if one.is_dir():
            yield from sorted(path for path in one.rglob("*.test.y*ml") if is_test(path) and path.is_file())
        else:
            yield one
