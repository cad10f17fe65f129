"""What a schema finds in a document, said in the language of policies.

`judge` lets jsonschema look for every fault and says each one once, at the place to be repaired.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

import jsonschema
from attrs import evolve, frozen
from jsonschema.validators import extend
from referencing import Registry

from viprules.engine.reading import punctuation
from viprules.engine.reading.shaping import MAX_DIGITS, NUMERIC, Schema, is_long, linked, shaped, typed, types_of
from viprules.engine.reading.source import Map, Text, key_source, source_of
from viprules.engine.reading.text import LOST
from viprules.errors import Problem, Source, in_order, problem

__all__ = ["judge", "nearest", "typed"]

Path = tuple[str | int, ...]

MAX_FAULTS = 200
TIGHT = re.compile(r"([A-Za-z_][\w.-]*):([^\s/].*)")


def nearest(word: str, options: Iterable[str], cutoff: float = 0.6) -> str:
    """The option that looks most like the word, or nothing if none is near; 1 is as near as can be."""
    most = max(1, len(word) // 3)  # `lowr` is no misspelt `as_lower`, alike as they look
    alike = [one for one in options if abs(len(one) - len(word)) <= most]
    found = difflib.get_close_matches(word, alike, n=1, cutoff=cutoff)
    return found[0] if found else ""


def _pattern(_validator: Any, pattern: str, instance: Any, _schema: Schema) -> Iterator[jsonschema.ValidationError]:
    """As the standard has it: `$` is the very end, and not in front of a last line break as in Python."""
    ended = f"{pattern[:-1]}\\Z" if pattern.endswith("$") else pattern
    if isinstance(instance, str) and not re.search(ended, instance):
        yield jsonschema.ValidationError("")


def _kind_of(
    validator: Any, types: str | list[str], instance: Any, schema: Schema
) -> Iterable[jsonschema.ValidationError]:
    """A number with too many digits is none, and where a name may stand too it is not taken for one."""
    if isinstance(instance, Text) and instance.plain and types_of(schema) & NUMERIC and is_long(instance):
        return [jsonschema.ValidationError("")]
    return JUDGES["type"](validator, types, instance, schema) or ()


JUDGES = jsonschema.Draft202012Validator.VALIDATORS
VALIDATOR: Any = extend(jsonschema.Draft202012Validator, {"pattern": _pattern, "type": _kind_of})  # type: ignore[no-untyped-call]  # theirs
CHECKER = jsonschema.FormatChecker(formats=("date",))


def judge(document: Any, schema: Schema) -> list[Problem]:
    """Every fault of a typed document, ordered by place.

    What stands under a misspelt key is judged as if the key were the one that is meant.
    """
    found = in_order(islice(_faults(document, linked(schema)), MAX_FAULTS + 1))
    if len(found) <= MAX_FAULTS:
        return found
    return [*found[:MAX_FAULTS], problem("too-many-problems", found[MAX_FAULTS].source, limit=MAX_FAULTS)]


def _faults(document: Any, schema: Schema) -> Iterator[Problem]:
    """The faults along a linked schema, up to one more than are told."""
    validator = VALIDATOR(schema, registry=Registry(), format_checker=CHECKER)
    keys: dict[Path, list[Any]] = {}
    scalars: dict[Path, Any] = {}
    for error in validator.iter_errors(document):
        path = tuple(error.absolute_path)
        if isinstance(error.instance, str) and LOST in error.instance:
            continue
        if error.validator in KEY_FAULTS:
            keys.setdefault(path, []).append(error)
        elif _about_name(error):
            scalars[*path, "", str(error.instance)] = error
        elif path not in scalars or RANK.get(error.validator, 9) < RANK.get(scalars[path].validator, 9):
            scalars[path] = error
        if len(keys) + len(scalars) > MAX_FAULTS:
            break
    judging = _Judging(document=document)
    for path, errors in keys.items():
        yield from judging.keys(path, errors)
    for path, error in scalars.items():
        yield from judging.value(path, error)


KEY_FAULTS = frozenset({"additionalProperties", "required", "dependentRequired"})
RANK = {name: rank for rank, name in enumerate(("type", "enum", "const", "pattern", "format", "minimum"))}
"""Of several faults of one value the first kind is told: a list where a number is wanted is not out of range."""


def _about_name(error: Any) -> bool:
    """Whether the fault is about a key as such."""
    steps = list(error.absolute_schema_path)
    return len(steps) > 1 and steps[-2] == "propertyNames"


def _at(document: Any, path: Path) -> Any:
    for step in path:
        document = document[step]
    return document


@frozen(kw_only=True)
class _Judging:
    """Says what is wrong with the parts of one document."""

    document: Any

    def place(self, path: Path) -> Source | None:
        """Where a value stands."""
        if not path:
            return getattr(self.document, "source", None)
        return source_of(_at(self.document, path[:-1]), path[-1])

    def keys(self, path: Path, errors: list[Any]) -> Iterator[Problem]:
        """Unknown and missing keys of one map; an unknown and a missing one that look alike are one problem."""
        here = _at(self.document, path)
        missing: dict[str, str] = {}
        unknown: dict[str, Schema] = {}
        what = ""
        for error in errors:
            what = what or error.schema.get("x-what", "")
            if error.validator == "additionalProperties":
                unknown |= dict.fromkeys(_strangers(here, error.schema), error.schema.get("properties", {}))
            elif error.validator == "required":
                missing |= {key: "" for key in error.validator_value if key not in here}
            else:
                missing |= _needed(here, error.validator_value)
        for key, names in unknown.items():
            meant = nearest(key, missing, cutoff=0.5)  # one of them is wanted, so `ld` is `id`
            missing.pop(meant, None)
            free = [name for name in names if name not in here]
            meant = meant or nearest(key, free)
            shown = "\n".join(sorted(free)) if len(free) <= 12 else ""  # noqa: PLR2004 -- as many as one reads
            yield problem("unknown-key", key_source(here, key), key=key, nearest=meant, known=shown, what=what)
            yield from _as_meant(here, key, names.get(meant))
        for key, beside in missing.items():
            yield problem("missing-key", self.map_place(path), key=key, beside=beside, what=what)

    def map_place(self, path: Path) -> Source | None:
        """Where a map is named: its key if it has one, for the map itself begins lines below."""
        if path and isinstance(path[-1], str):
            return key_source(_at(self.document, path[:-1]), path[-1])
        return self.place(path)

    def value(self, path: Path, error: Any) -> list[Problem]:
        """A value that is not what is wanted."""
        if _about_name(error):
            name = str(path[-1])
            return [problem("wrong-name", key_source(_at(self.document, path[:-2]), name), name=name)]
        source, instance = self.place(path), error.instance
        if isinstance(instance, str):
            marks = self.marks(instance, source)
            if marks:
                return marks
            tight = TIGHT.fullmatch(instance)
            if tight and "object" in types_of(error.schema):
                return [problem("colon-without-space", source, text=instance, write=f"{tight[1]}: {tight[2]}")]
        tell = TELLERS.get(error.validator)
        return [tell(error, source) if tell else problem("not-allowed", source)]

    @staticmethod
    def marks(text: str, source: Source | None) -> list[Problem]:
        """Full-width marks that explain why a plain text on one line does not fit."""
        if not isinstance(text, Text) or not text.plain or source is None or not punctuation.ANY.search(text):
            return []
        found = []
        for one in _first_of_each(punctuation.every(text)):
            # On several lines the offsets say nothing: the breaks were folded.
            more = one.offset if source.length == len(text) else 0
            found.append(
                problem(one.code, evolve(source, column=source.column + more, length=one.length), **one.values)
            )
        return found


def _first_of_each(findings: Iterable[punctuation.Finding]) -> Iterable[punctuation.Finding]:
    """One finding of each code: whoever mends the first sees the others."""
    return {one.code: one for one in reversed(list(findings))}.values()


def _as_meant(here: Any, key: str, schema: Schema | None) -> Iterator[Problem]:
    """The faults of what stands under a misspelt key, judged along the schema of the key that is meant."""
    if schema is None or not isinstance(here, Map):
        return
    alone = Map(here.source, [(key, here[key])])
    alone.keys_at, alone.values_at = here.keys_at, here.values_at
    along = {"type": "object", "properties": {key: schema}}
    yield from _faults(shaped(alone, along), along)


def _strangers(here: Map, schema: Schema) -> list[str]:
    """The keys of a map that its schema does not have."""
    properties, patterns = schema.get("properties", {}), schema.get("patternProperties", {})
    return [key for key in here if key not in properties and not any(re.search(one, key) for one in patterns)]


def _needed(here: Map, needs: Mapping[str, list[str]]) -> dict[str, str]:
    """The keys that other keys need: missing -> the one that needs it."""
    return {key: beside for beside, keys in needs.items() if beside in here for key in keys if key not in here}


# --- values ------------------------------------------------------------------------------------------


def _written(value: Any) -> str:
    """A scalar as the file has it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _kind(value: Any) -> str:
    if isinstance(value, Mapping):
        return "map"
    if isinstance(value, list):
        return "list"
    return "nothing" if value is None else ""


def _example(error: Any) -> str:
    examples = error.schema.get("examples") or ()
    return str(examples[0]) if examples else ""


def _type(error: Any, source: Source | None) -> Problem:
    value, wanted = error.instance, types_of(error.schema)
    if wanted & NUMERIC and isinstance(value, Text) and value.plain and is_long(value):
        return problem("too-many-digits", source, limit=MAX_DIGITS)
    nouns = [error.schema["x-what"]] if "x-what" in error.schema else [*_in_order_of_types(wanted)]
    kind = _kind(value)
    text = "" if kind else _written(value)
    return problem("wrong-type", source, wanted="\n".join(nouns), text=text, found=kind, example=_example(error))


def _in_order_of_types(types: frozenset[str]) -> list[str]:
    order = ("null", "boolean", "integer", "number", "string", "array", "object")
    return [one for one in order if one in types and not (one == "integer" and "number" in types)]


def _enum(error: Any, source: Source | None) -> Problem:
    options = [_written(one) for one in error.validator_value if not _kind(one)]
    return _choice(error, source, options)


def _const(error: Any, source: Source | None) -> Problem:
    return _choice(error, source, [_written(error.validator_value)])


def _choice(error: Any, source: Source | None, options: list[str]) -> Problem:
    if _kind(error.instance):
        return problem("wrong-type", source, wanted="string", found=_kind(error.instance))
    text = _written(error.instance)
    told = {"options": "\n".join(options), "nearest": nearest(text, options), "what": error.schema.get("x-what", "")}
    if error.schema.get("x-code") == "unknown-name":
        return problem("unknown-name", source, name=text, **told)
    return problem("not-one-of", source, text=text, **told)


def _format(error: Any, source: Source | None) -> Problem:
    what = error.schema.get("x-what", "")
    return problem("wrong-format", source, text=_written(error.instance), what=what, example=_example(error))


RELATIONS = {
    "minimum": "at least",
    "maximum": "at most",
    "exclusiveMinimum": "more than",
    "exclusiveMaximum": "less than",
    "multipleOf": "a multiple of",
}


def _range(error: Any, source: Source | None) -> Problem:
    relation, bound = RELATIONS[error.validator], _written(error.validator_value)
    return problem("out-of-range", source, relation=relation, bound=bound, text=_written(error.instance))


def _few(error: Any, source: Source | None) -> Problem:
    return problem("too-few", source, bound=error.validator_value, count=len(error.instance))


def _many(error: Any, source: Source | None) -> Problem:
    keys = "\n".join(error.instance) if isinstance(error.instance, Mapping) else ""
    return problem("too-many", source, bound=error.validator_value, count=len(error.instance), keys=keys)


def _unique(error: Any, source: Source | None) -> Problem:
    items = error.instance
    at = next((n for n, item in enumerate(items) if item in items[:n]), 0)
    return problem("twice-in-list", source_of(items, at) or source, text=_written(items[at]))


TELLERS: Mapping[str, Callable[[Any, Source | None], Problem]] = {
    "type": _type,
    "enum": _enum,
    "const": _const,
    "pattern": _format,
    "format": _format,
    **dict.fromkeys(RELATIONS, _range),
    **dict.fromkeys(("minItems", "minProperties", "minLength"), _few),
    **dict.fromkeys(("maxItems", "maxProperties", "maxLength"), _many),
    "uniqueItems": _unique,
}
