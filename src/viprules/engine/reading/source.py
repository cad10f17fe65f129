"""A policy's text as maps, lists and texts that know where they stand; the only reader of YAML.

The stream of parser events is bounded before anything is built from it, and only a plain part of YAML is
taken: no anchors, aliases, tags, directives, merge keys, duplicate or non-text keys, one document. Every
scalar stays the text that was written; `viprules.engine.reading.shaping.typed` converts along the schema.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import yaml
from attrs import define, evolve, field

from viprules.engine.reading import punctuation
from viprules.engine.reading.syntax import broken
from viprules.engine.reading.text import LOST, MAX_DEPTH, Lines, decoded, is_unseen, without_unseen
from viprules.errors import Problem, Source, in_order, problem

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

__all__ = ["Map", "Seq", "Text", "key_source", "read", "source_of"]

MAX_NODES = 50_000
MAX_TEXT = 64 * 1024
MAX_PROBLEMS = 100

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""Only its parser is used; libyaml's is some ten times faster than the one in Python."""


class Text(str):
    """A scalar as it is written; `plain` if it stands without quotes."""

    __slots__ = ("plain", "source")
    source: Source
    plain: bool

    def __new__(cls, value: str, source: Source, *, plain: bool = False) -> Self:
        """A text at a place."""
        made = super().__new__(cls, value)
        made.source = source
        made.plain = plain
        return made

    def __getnewargs_ex__(self) -> tuple[tuple[str, Source], dict[str, bool]]:
        """What a copy is made of."""
        return (str(self), self.source), {"plain": self.plain}


class Map(dict[str, Any]):
    """A map with the places of its keys and values."""

    __slots__ = ("keys_at", "source", "values_at")

    def __init__(self, source: Source, items: Iterable[tuple[str, Any]] = ()) -> None:
        super().__init__(items)
        self.source = source
        self.keys_at: dict[str, Source] = {}
        self.values_at: dict[str, Source] = {}


class Seq(list[Any]):
    """A list with the places of its items."""

    __slots__ = ("items_at", "source")

    def __init__(self, source: Source, items: Iterable[Any] = ()) -> None:
        super().__init__(items)
        self.source = source
        self.items_at: list[Source] = []


def source_of(parent: Any, key: Hashable) -> Source | None:
    """Where the value under a key or an index stands; the place of the parent for one that is not there."""
    if isinstance(parent, Map):
        return parent.values_at.get(str(key), parent.source)
    if isinstance(parent, Seq) and isinstance(key, int) and -len(parent) <= key < len(parent):
        return parent.items_at[key]
    return getattr(parent, "source", None)


def key_source(parent: Any, key: str) -> Source | None:
    """Where a key of a map stands; the place of the map for one that is not there."""
    return parent.keys_at.get(key, parent.source) if isinstance(parent, Map) else getattr(parent, "source", None)


def read(text: str | bytes, file: str) -> tuple[Map | None, list[Problem]]:
    """The map in a file's text, and everything that is wrong with the text, in its order.

    No input makes it raise. The map may be there in spite of problems, so that the later stages find
    theirs in the same run: what was refused is left out, or stands there as `LOST`.
    """
    taken, problems = decoded(text, file)
    if problems:
        return None, problems
    clean, unseen = without_unseen(taken, file, MAX_PROBLEMS + 1)
    reader = _Reader(lines=Lines(clean, file), problems=unseen)
    root = reader.document()
    found = in_order(reader.problems)
    if len(found) > MAX_PROBLEMS:
        more = problem("too-many-problems", found[MAX_PROBLEMS].source, limit=MAX_PROBLEMS)
        found = [*found[:MAX_PROBLEMS], more]
    return root, found


class _TooMuch(Exception):  # noqa: N818 -- no error of anybody's: it ends the reading
    """A bound was passed: reading ends."""


@define
class _Open:
    """A map or a list whose end has not come yet."""

    node: Map | Seq
    flow: bool
    key: Text | None = None
    """The key whose value comes next."""
    at_value: bool = False
    lost: bool = False
    """The pair that is being read was refused and is left out."""
    swallowed: bool = False
    """The value was written into the key, which was reported."""


@define
class _Reader:
    """Builds the tree from the parser's events."""

    lines: Lines
    problems: list[Problem]
    stack: list[_Open] = field(factory=list)
    nodes: int = 0
    documents: int = 0
    root: Any = None
    misplaced: bool = False

    def document(self) -> Map | None:
        """The document's map, or None if there is nothing that later stages could look at."""
        try:
            self.take_all()
            return self.judged_root()
        except _TooMuch:
            return None
        except yaml.YAMLError as error:
            flow = self.stack and self.stack[-1].flow
            self.problems += broken(error, self.lines, self.stack[-1].node.source if flow else None)
            return None
        except (ValueError, OverflowError):  # the parser in Python, for a character that does not exist
            at = self.stack[-1].node.source if self.stack else self.lines.source(0)
            self.problems.append(problem("wrong-escape", at))
            return None

    def take_all(self) -> None:
        """Every event of the first document."""
        for event in yaml.parse(self.lines.text, Loader=LOADER):
            handle = HANDLERS.get(type(event))
            if handle is not None:
                handle(self, event)
            if self.documents > 1:
                return

    def judged_root(self) -> Map | None:
        """The root if it is a map."""
        if isinstance(self.root, Map):
            return None if self.misplaced else self.root
        start = self.lines.source(0)
        if self.root is None or (isinstance(self.root, Text) and self.root.plain and not self.root):
            self.report("nothing-written", start)
            return None
        text = isinstance(self.root, Text)
        colons = punctuation.colon_lines(self.lines.text, any_word=True) if text else []
        for one in colons:
            self.report(one.code, self.lines.source(one.offset), **one.values)
        if not colons and not (text and LOST in self.root):
            self.report("not-a-map", self.root.source)
        return None

    def report(self, code: str, source: Source | None, **values: object) -> None:
        """Keep a problem; more than anybody reads end the reading."""
        self.problems.append(problem(code, source, **values))
        if len(self.problems) > MAX_PROBLEMS:
            raise _TooMuch

    def place(self, event: Any) -> Source:
        """Where an event begins, and how long it is if it ends on the same line."""
        start, end = event.start_mark, event.end_mark
        length = end.column - start.column if end.line == start.line else 1
        return Source(file=self.lines.file, line=start.line + 1, column=start.column + 1, length=max(length, 1))

    def on_document(self, event: Any) -> None:
        """One document is a policy, another one after it is a mistake."""
        self.documents += 1
        if self.documents > 1:
            self.report("several-documents", self.place(event))
        elif event.version or event.tags:
            self.report("directive", self.place(event))

    def on_alias(self, event: Any) -> None:
        """An alias is refused; something must stand where it stood."""
        self.begin(event)
        source = self.place(event)
        self.report("alias", source, name=event.anchor)
        self.put(Text(LOST, source), source)

    def on_scalar(self, event: Any) -> None:
        """A key or a value, as it is written."""
        self.begin(event)
        source, value, plain = self.place(event), event.value, not event.style
        if len(value) > MAX_TEXT or len(value.encode("utf-8", "surrogatepass")) > MAX_TEXT:
            self.report("text-too-long", source, limit=MAX_TEXT)
            value = LOST
        unseen = is_unseen(value) if value is event.value else ""
        if unseen:
            if unseen != LOST or LOST not in self.raw(event)[0]:  # an escape; the others were found before
                self.report("unseen-character", source, character=f"U+{ord(unseen):04X}")
            value = LOST
        text = Text(value, source, plain=plain)
        marked = plain and punctuation.ANY.search(value)
        if self.wants_key():
            self.on_key(self.without_marks(text, event) if marked else text)
        else:
            self.put(self.straightened(text, event) if marked else text, source)

    def on_key(self, key: Text) -> None:
        """A key that is a name and not there yet; the pair is left out otherwise."""
        here = self.stack[-1]
        node: Any = here.node
        here.key, here.at_value = key, True
        if key.plain and key == "<<":
            self.report("merge-key", key.source)
            here.lost = True
        elif key.plain and key in ("", "~", "null"):
            self.report("key-not-text", key.source, found="nothing")
            here.lost = True
        elif LOST in key:
            here.lost = True
        elif "\n" in key or "\t" in key:
            self.report("key-not-text", key.source, found="lines")
            here.lost = True
        elif key in node:
            self.report("duplicate-key", key.source, key=key, line=node.keys_at[key].line)
            here.lost = True

    def on_open(self, event: Any) -> None:
        """A map or a list begins."""
        self.begin(event)
        source = self.place(event)
        if self.wants_key():
            found = "map" if isinstance(event, yaml.MappingStartEvent) else "list"
            self.report("key-not-text", source, found=found)
        if len(self.stack) >= MAX_DEPTH:
            self.report("too-deep", source, limit=MAX_DEPTH)
            raise _TooMuch
        node = Map(source) if isinstance(event, yaml.MappingStartEvent) else Seq(source)
        self.stack.append(_Open(node, bool(event.flow_style)))

    def on_close(self, _event: Any) -> None:
        """A map or a list is complete."""
        node = self.stack.pop().node
        if self.wants_key():  # it stands as a key, which was reported when it began
            here = self.stack[-1]
            here.key, here.at_value, here.lost = None, True, True
        else:
            self.put(node, node.source)

    def begin(self, event: Any) -> None:
        """Count a node and refuse what is attached to it."""
        self.nodes += 1
        if self.nodes > MAX_NODES:
            self.report("too-many-nodes", self.place(event), limit=MAX_NODES)
            raise _TooMuch
        if isinstance(event, yaml.AliasEvent):
            return
        if event.anchor is not None:
            place = evolve(self.place(event), length=len(event.anchor) + 1)
            self.report("anchor", place, name=event.anchor)
        if event.tag is not None:
            self.report("tag", evolve(self.place(event), length=1), tag=event.tag.replace("tag:yaml.org,2002:", "!!"))

    def wants_key(self) -> bool:
        """Whether the next node is a key."""
        return bool(self.stack) and isinstance(self.stack[-1].node, Map) and not self.stack[-1].at_value

    def put(self, value: Any, source: Source) -> None:
        """A complete value goes where it belongs."""
        if not self.stack:
            self.root = value
            return
        here = self.stack[-1]
        if isinstance(here.node, Seq):
            here.node.append(value)
            here.node.items_at.append(source)
            return
        if here.key is not None and not here.lost:
            here.node[here.key] = Text(LOST, source) if here.swallowed else value
            here.node.keys_at[here.key] = here.key.source
            here.node.values_at[here.key] = source
        here.key, here.at_value, here.lost, here.swallowed = None, False, False, False

    # --- full-width marks ---

    def raw(self, event: Any) -> tuple[str, int]:
        """A plain scalar as the file has it, with its line breaks, and where it begins."""
        starts = self.lines.starts
        start = starts[event.start_mark.line] + event.start_mark.column
        return self.lines.text[start : starts[event.end_mark.line] + event.end_mark.column], start

    def without_marks(self, key: Text, event: Any) -> Text:
        """The key that was meant; the marks in it are reported."""
        raw, start = self.raw(event)
        for one in punctuation.in_key(raw):
            self.report(one.code, self.lines.source(start + one.offset, one.length), **one.values)
            # Indented by something that is no space, the key stands in another map than it seems.
            self.misplaced |= one.offset == 0 and one.code == "full-width-space"
        name, self.stack[-1].swallowed = punctuation.repaired(key)
        return Text(name or LOST, key.source, plain=True)

    def straightened(self, text: Text, event: Any) -> Text:
        """The value, or `LOST` if it holds marks that can only be mistakes, which are reported."""
        raw, start = self.raw(event)
        here = self.stack[-1] if self.stack else None
        if here is None:
            return text  # a file that is one text is looked at as a whole
        findings = punctuation.in_value(raw, flow=here.flow, item=isinstance(here.node, Seq))
        for one in findings:
            self.report(one.code, self.lines.source(start + one.offset, one.length), **one.values)
        return Text(LOST, text.source, plain=True) if findings else text


HANDLERS: dict[type, Any] = {
    yaml.DocumentStartEvent: _Reader.on_document,
    yaml.AliasEvent: _Reader.on_alias,
    yaml.ScalarEvent: _Reader.on_scalar,
    yaml.MappingStartEvent: _Reader.on_open,
    yaml.SequenceStartEvent: _Reader.on_open,
    yaml.MappingEndEvent: _Reader.on_close,
    yaml.SequenceEndEvent: _Reader.on_close,
}
