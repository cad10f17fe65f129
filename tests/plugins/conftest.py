"""Distributions made for a test: a module, and the metadata that announce its words."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

Install = Callable[..., str]

TERM = '''\
from attrs import frozen

from viprules.api import DATE, TRUTH, Example, TermType, Typed, hookimpl, key, nodes

VIPRULES_CONTRACT = 1


@frozen(kw_only=True)
class Early:
    """Whether the day asked lies early in its month."""

    until: int = key("the last day of the month that is early", examples=["10"], schema={{"minimum": 1, "maximum": 31}})


def early(parameters, scope):
    {body}


@hookimpl
def viprules_terms():
    return [
        TermType(
            name="{word}",
            kind="criterion",
            parameters=Early,
            compile=early,
            doc="the day asked lies early in its month",
            examples=(Example(yaml="{{{word}: {{until: 10}}}}"),),
            words={{"en": "up to day {{until}} of the month", "zh": "每月 {{until}} 日及以前"}},
        )
    ]
'''


def source_of(word: str, body: str = "return Typed(node=nodes.Lit(True), type=TRUTH)") -> str:
    """Return the source of a plug-in with one criterion."""
    return TERM.format(word=word, body=body)


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return a folder on the path for distributions; what was imported from it is forgotten."""
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    for name in ("VIPRULES_PLUGINS", "VIPRULES_BLOCK_PLUGINS"):
        monkeypatch.delenv(name, raising=False)
    before = set(sys.modules)
    yield folder
    for name in set(sys.modules) - before:
        if str(getattr(sys.modules[name], "__file__", "")).startswith(str(folder)):
            del sys.modules[name]


@pytest.fixture
def install(site: Path) -> Install:
    """Return a function that installs a distribution."""

    def make(name: str, source: str, *words: str, version: str = "1.0", module: str = "") -> str:
        made = module or name.replace("-", "_")
        (site / f"{made}.py").write_text(source, encoding="utf-8")
        info = site / f"{name.replace('-', '_')}-{version}.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n", encoding="utf-8")
        lines = "".join(f"{word} = {made}\n" for word in words)
        (info / "entry_points.txt").write_text(f"[viprules]\n{lines}", encoding="utf-8")
        return made

    return make
