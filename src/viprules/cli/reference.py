"""Pages to look things up, made of the descriptions that also make the schema and the messages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from attrs import NOTHING, Factory, field, frozen

if TYPE_CHECKING:
    from viprules.cli.words import Language
    from viprules.plugins import Catalogue

__all__ = ["Key", "Page", "find", "names"]

KINDS = ("terms", "benefits", "channels", "forms", "keys", "codes")


@frozen(kw_only=True)
class Key:
    """A key of a term, a benefit or a form."""

    name: str
    doc: str
    required: bool = False
    default: str = ""
    examples: tuple[str, ...] = ()


@frozen(kw_only=True)
class Page:
    """What there is to say about a name."""

    name: str
    kind: str
    """One of `terms`, `benefits`, `channels`, `forms`, `keys`, `codes`."""
    doc: str
    body: str = ""
    """What the page of an error code shows: a file that has the problem, what is said, the file mended."""
    keys: tuple[Key, ...] = ()
    examples: tuple[str, ...] = field(default=())

    def as_dict(self) -> dict[str, Any]:
        """Plain data."""
        keys = [
            {"name": k.name, "doc": k.doc, "required": k.required, "default": k.default, "examples": list(k.examples)}
            for k in self.keys
        ]
        about = {"name": self.name, "kind": self.kind, "doc": self.doc, "body": self.body}
        return {**about, "keys": keys, "examples": list(self.examples)}


def names(catalogue: Catalogue) -> dict[str, list[str]]:
    """Everything that can be looked up, by kind."""
    from viprules.messages import CATALOGUE

    schemas = _schemas(catalogue)
    return {
        "terms": sorted(catalogue.terms),
        "benefits": sorted(catalogue.benefits),
        "channels": sorted(catalogue.channels),
        "forms": sorted({*schemas["policy"]["$defs"], "mapping", "test"} - UNNAMED),
        "keys": list(schemas["policy"]["properties"]),
        "codes": sorted(CATALOGUE),
    }


UNNAMED = frozenset({"period_name", "event_name", "field_path", "fact_name", "tier_name", "day_or_days", "set"})
"""Parts of the schema that authors have no word for."""


def find(name: str, language: Language, catalogue: Catalogue) -> list[Page]:
    """The pages of a name; none if nothing is known about it."""
    named = [page for pages in (_terms, _forms, _codes) for page in pages(name, language, catalogue)]
    return named or list(_keys(name, catalogue))


def _schemas(catalogue: Catalogue) -> dict[str, dict[str, Any]]:
    from viprules.cli.commands.schema import KINDS as FILES
    from viprules.cli.commands.schema import schema_of

    return {kind: schema_of(kind, catalogue) for kind in FILES}


# --- terms and benefits ------------------------------------------------------------------------------


def _terms(name: str, _language: Language, catalogue: Catalogue) -> Iterator[Page]:
    for kind, offers in _offers(catalogue):
        one: Any = offers.get(name)
        if one is not None:
            examples = tuple(each.yaml for each in one.examples)
            yield Page(name=name, kind=kind, doc=one.doc, keys=tuple(_described(one.parameters)), examples=examples)


def _offers(catalogue: Catalogue) -> Iterator[tuple[str, Mapping[str, Any]]]:
    yield "terms", catalogue.terms
    yield "benefits", catalogue.benefits
    yield "channels", catalogue.channels


def _described(parameters: type) -> Iterator[Key]:
    from viprules.engine.policy.describing import described, key_name

    for one in described(parameters):
        default = one.default
        plain = default is NOTHING or default is None or isinstance(default, Factory)  # type: ignore[arg-type]  # attrs types it as a function
        yield Key(
            name=key_name(one),
            doc=one.metadata["doc"],
            required=default is NOTHING,
            default="" if plain else str(default).lower() if isinstance(default, bool) else str(default),
            examples=tuple(one.metadata["examples"]),
        )


# --- forms and keys ----------------------------------------------------------------------------------


def _forms(name: str, _language: Language, catalogue: Catalogue) -> Iterator[Page]:
    schemas = _schemas(catalogue)
    if name in schemas and name != "policy":
        yield _page(name, "forms", schemas[name], schemas[name])
    elif name in schemas["policy"]["$defs"]:
        yield _page(name, "forms", schemas["policy"]["$defs"][name], schemas["policy"])


def _keys(name: str, catalogue: Catalogue) -> Iterator[Page]:
    """Every place of a policy that has a key of this name, told once for each description."""
    seen: set[str] = set()
    root = _schemas(catalogue)["policy"]
    for where, schema in _places(name, root, ""):
        page = _page(f"{where}.{name}".lstrip("."), "keys", schema, root)
        if page.doc and page.doc not in seen:
            seen.add(page.doc)
            yield page


def _places(name: str, schema: Any, where: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if not isinstance(schema, Mapping):
        return
    for key, inner in schema.get("properties", {}).items():
        if key == name:
            yield where, inner
        yield from _places(name, inner, f"{where}.{key}".lstrip("."))
    for key, inner in schema.get("$defs", {}).items():
        yield from _places(name, inner, key)
    for part in ("items", "additionalProperties"):
        yield from _places(name, schema.get(part), where)


def _page(name: str, kind: str, schema: Mapping[str, Any], root: Mapping[str, Any]) -> Page:
    from viprules.engine.reading.shaping import resolved

    full = resolved(schema, root)
    required = full.get("required", ())
    keys = [
        Key(
            name=key,
            doc=str(resolved(inner, root).get("description", "")),
            required=key in required,
            default=str(inner.get("default", "")),
            examples=tuple(map(str, inner.get("examples", ()))),
        )
        for key, inner in full.get("properties", {}).items()
    ]
    examples = tuple(map(str, full.get("examples", ())))
    return Page(name=name, kind=kind, doc=str(full.get("description", "")), keys=tuple(keys), examples=examples)


# --- error codes -------------------------------------------------------------------------------------


def _codes(name: str, language: Language, _catalogue: Catalogue) -> Iterator[Page]:
    from viprules.cli.pages import error_page
    from viprules.messages import CATALOGUE

    if name in CATALOGUE:
        doc, body = error_page(name, language)
        yield Page(name=name, kind="codes", doc=doc, body=body)
