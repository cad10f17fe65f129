"""Pages of the reference that are generated from the descriptions: `python -m tests.reference` writes them anew.

The words are those of the catalogue: what the schema, the editor and the messages say as well.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from tests.conftest import ROOT
from viprules.cli.reference import Key, find
from viprules.plugins import builtin_catalogue

__all__ = ["PAGES", "page_of"]

NOTE = "<!-- written by `python -m tests.reference` from the descriptions in `src/viprules/builtins` -->"
TERMS = """A term is what a [value](language.md#values) is made of: a measure of events, a value that depends on
something, arithmetic. It stands as a metric, in a threshold, in a computed field, in a percent or a quota. How windows,
days and conditions are written: [the language](language.md). On the command line: `viprules docs NAME`."""
BENEFITS = """A benefit stands in the `benefits` of a tier. Beside its own keys each kind takes `id`, `when`, `quota`,
`valid` and `group`: see [benefits in the language](language.md#benefits). The decision hands the parameters on."""
CHANNELS = """A channel stands in the `channels` of a [message](language.md#messages). Its settings belong to the installation, under
`[channels.NAME]` in `viprules.toml`, or `[tool.viprules.channels.NAME]` in `pyproject.toml`: see
[how messages are sent](../howto/send-messages.md)."""
PAGES = {"terms": ("Terms", TERMS), "benefits": ("Benefits", BENEFITS), "channels": ("Channels", CHANNELS)}
"""For each page its title and its first words."""


def page_of(kind: str) -> str:
    """The text of a page: every term, or every kind of benefit."""
    title, about = PAGES[kind]
    return "\n".join([f"# {title}", "", NOTE, "", about, "", *_sections(kind)])


def _sections(kind: str) -> Iterator[str]:
    offers: Mapping[str, Any] = getattr(builtin_catalogue(), kind)
    for name in sorted(offers):
        (page,) = (one for one in find(name, "en", builtin_catalogue()) if one.kind == kind)
        yield f"## `{name}`\n"
        yield f"{page.doc[0].upper()}{page.doc[1:]}.\n"
        yield "| key | meaning | unsaid | for example |\n| --- | --- | --- | --- |"
        yield from (_row(key) for key in page.keys)
        yield from (f"\n```text\n{example}\n```" for example in page.examples)
        yield ""


def _row(key: Key) -> str:
    unsaid = "must be there" if key.required else f"`{key.default}`" if key.default else "—"
    examples = ", ".join(f"`{one}`" for one in key.examples)
    return f"| `{key.name}` | {key.doc} | {unsaid} | {examples} |".replace("  |", " |")


if __name__ == "__main__":
    for each in PAGES:
        (ROOT / "docs" / "reference" / f"{each}.md").write_text(page_of(each), encoding="utf-8")
