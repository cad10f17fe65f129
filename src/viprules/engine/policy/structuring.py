"""From checked data to the policy's values.

Each item of the file (a metric, a tier, a way) is read on its own, so that one that means nothing
does not hide the problems of the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, TypeVar

from attrs import field, frozen

from viprules.engine.days import parse_day
from viprules.engine.policy.forms import Forms, Misread, misread, where
from viprules.engine.policy.model import (
    Approved,
    BenefitUse,
    Block,
    Downgrade,
    EventType,
    Extension,
    FieldType,
    Layer,
    MessageForm,
    Money,
    PeriodForm,
    Policy,
    Program,
    Raise,
    Renew,
    Returns,
    Texts,
    Tier,
    TierSet,
    Upgrade,
    Way,
)
from viprules.engine.policy.names import Names, Vocabulary
from viprules.engine.reading.faults import nearest
from viprules.engine.reading.source import key_source, source_of
from viprules.errors import Problem, Source

__all__ = ["declared_names", "structured"]

T = TypeVar("T")
SECTIONS = (
    "viprules", "program", "scales", "facts", "events", "returns", "periods", "metrics", "segments", "tier_sets",
    "approval", "messages", "tiers", "transitions", "also", "raises", "caps", "floors", "extensions",
)  # fmt: skip
EVERYONE = "everyone"


def declared_names(document: Mapping[str, Any]) -> Names:
    """The names that a file declares, read leniently: whatever is there, beside mistakes and under misspelt keys."""
    document = _mended(document)
    events = _map(document, "events")
    sets = _map(document, "tier_sets")
    ladders = [document, *(one for one in sets.values() if isinstance(one, Mapping))]
    fields = [name for one in events.values() if isinstance(one, Mapping) for name in one if name != "returns"]
    tiers = [str(t["id"]) for one in ladders for t in _list(one, "tiers") if isinstance(t, Mapping) and "id" in t]
    return Names(
        metrics=tuple(_map(document, "metrics")),
        facts=tuple(_map(document, "facts")),
        segments=tuple(_map(document, "segments")),
        events=tuple(events),
        event_fields=tuple(dict.fromkeys(fields)),
        periods=tuple(_map(document, "periods")),
        tiers=tuple(dict.fromkeys(tiers)),
        tier_sets=tuple(sets),
        scales=tuple(_map(document, "scales")),
    )


def _mended(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """The sections under the keys that are meant, so that what uses their names is not wrong as well."""
    missing = [key for key in SECTIONS if key not in document]
    return {(key if key in SECTIONS else nearest(key, missing) or key): one for key, one in document.items()}


def _map(document: Any, name: str) -> Mapping[str, Any]:
    found = document.get(name)
    return found if isinstance(found, Mapping) else {}


def _list(document: Any, name: str) -> list[Any]:
    found = document.get(name)
    return found if isinstance(found, list) else []


def structured(document: Mapping[str, Any], catalogue: Vocabulary, digest: str) -> tuple[Policy | None, list[Problem]]:
    """The policy of a document that the schema has accepted, or what in it means nothing."""
    reader = _Reader(forms=Forms(catalogue=catalogue))
    policy = reader.policy(document, digest)
    return (None if reader.problems else policy), reader.problems


@frozen(kw_only=True)
class _Reader:
    forms: Forms
    problems: list[Problem] = field(factory=list)

    def _try(self, read: Callable[[], T]) -> T | None:
        try:
            return read()
        except Misread as wrong:
            self.problems.append(wrong.found)
            return None

    def _each(self, read: Callable[[Any], T], items: Iterable[Any]) -> tuple[T, ...]:
        found = (self._try(partial(read, one)) for one in items)
        return tuple(one for one in found if one is not None)

    def _named(self, read: Callable[[Any], T], items: Mapping[str, Any]) -> dict[str, T]:
        found = {name: self._try(partial(read, one)) for name, one in items.items()}
        return {name: one for name, one in found.items() if one is not None}

    # --- the file -----------------------------------------------------------------------------------

    def policy(self, document: Mapping[str, Any], digest: str) -> Policy | None:
        program = self._try(lambda: self._program(document["program"]))
        sets = self._tier_sets(document)
        metrics = {
            name: self._try(partial(self.forms.value, one, key_source(document["metrics"], name)))
            for name, one in _map(document, "metrics").items()
        }
        returns = self.forms.converter.structure(document.get("returns", {}), Returns)
        approval = self._try(lambda: self._approval(document.get("approval")))
        parts: dict[str, Any] = {
            "facts": self._named(self._field, _map(document, "facts")),
            "events": {n: self._event(n, e) for n, e in _map(document, "events").items()},
            "periods": self._named(self._period, _map(document, "periods")),
            "segments": self._named(self.forms.condition, _map(document, "segments")),
        }
        if self.problems or program is None:
            return None
        return Policy(
            program=program,
            scales={n: tuple(map(str, one)) for n, one in _map(document, "scales").items()},
            metrics={n: one for n, one in metrics.items() if one is not None},
            tier_sets=sets,
            returns=returns,
            approval=approval,
            messages=tuple(self._message(n, m) for n, m in _map(document, "messages").items()),
            digest=digest,
            sources=_sources(document),
            **parts,
        )

    def _program(self, data: Mapping[str, Any]) -> Program:
        structure = self.forms.converter.structure
        hour, minute = (int(part) for part in str(data.get("day_starts", "00:00")).split(":"))
        history = data.get("history_from")
        day = parse_day(history) if history else None
        if history and day is None:
            raise misread("no-such-date", source_of(data, "history_from"), text=str(history))
        year_starts = str(data.get("year_starts", "01-01"))
        if parse_day(f"2000-{year_starts}") is None:
            raise misread("no-such-date", source_of(data, "year_starts"), text=year_starts)
        plain = {name: str(data[name]) for name in ("id", "timezone", "currency", "subject") if name in data}
        money = structure(data.get("money", {}), Money)
        return Program(
            name=_texts(data.get("name")),
            money=money,
            year_starts=year_starts,
            day_starts=hour * 60 + minute,
            history_from=day,
            **plain,
        )

    def _field(self, data: Any) -> FieldType:
        if isinstance(data, str | list):
            return FieldType(kind=_kind(data), many=isinstance(data, list), source=where(data))
        kind = data["type"]
        value = self.forms.value(data["value"], source_of(data, "value")) if "value" in data else None
        set_by = tuple((str(event), str(name)) for event, name in data.get("set_by", {}).items())
        missing = data.get("if_missing")
        return FieldType(
            kind=_kind(kind),
            many=isinstance(kind, list),
            decimals=data.get("decimals", 0),
            options=tuple(map(str, data.get("in", ()))),
            if_missing=str(missing) if isinstance(missing, str) else missing,
            per=str(data["per"]) if "per" in data else None,
            set_by=set_by,
            value=value,
            source=where(data),
        )

    def _event(self, name: str, data: Mapping[str, Any]) -> EventType:
        fields = {n: one for n, one in data.items() if n != "returns"}
        returns = str(data["returns"]) if "returns" in data else None
        return EventType(name=name, fields=self._named(self._field, fields), returns=returns, source=where(data))

    def _period(self, data: Mapping[str, Any]) -> PeriodForm:
        start, every = data["from"], self.forms.duration(data["every"])
        if every.minutes:
            raise misread("period-of-days", source_of(data, "every"))
        entered = str(start["entered"]) if isinstance(start, Mapping) else None
        anchor = None if entered else self.forms.day(start)
        return PeriodForm(every=every, anchor=anchor, entered=entered, back_to=data.get("back_to"), source=where(data))

    def _message(self, name: str, data: Mapping[str, Any]) -> MessageForm:
        upon = data["upon"]
        return MessageForm(
            name=name,
            tier=str(upon["entering"]),
            by=str(upon["by"]) if "by" in upon else None,
            channels=tuple(map(str, data["channels"])),
            texts={n: str(one) for n, one in data.items() if n not in ("upon", "channels")},
            source=where(data),
        )

    def _approval(self, data: Any) -> Approved | None:
        return None if data is None else self.forms.converter.structure(data, Approved)

    # --- ladders ------------------------------------------------------------------------------------

    def _tier_sets(self, document: Mapping[str, Any]) -> tuple[TierSet, ...]:
        if "tiers" in document:
            return (
                self._tier_set("tier", document),
                *(self._tier_set(*one) for one in _map(document, "tier_sets").items()),
            )
        return tuple(self._tier_set(name, one) for name, one in _map(document, "tier_sets").items())

    def _tier_set(self, name: str, data: Mapping[str, Any]) -> TierSet:
        raw = data.get("transitions", {})
        blocks = raw if isinstance(raw, list) else [raw]
        layers = {
            layer: self._each(partial(self._layer, bound), data.get(layer, ()))
            for layer, bound in (("caps", "at_most"), ("floors", "at_least"))
        }
        return TierSet(
            name=name,
            source=where(data) or where(data.get("tiers")),
            tiers=self._each(self._tier, data["tiers"]),
            blocks=self._each(self._block, blocks),
            also=self._each(self._way, data.get("also", ())),
            raises=self._each(self._raise, data.get("raises", ())),
            extensions=self._each(self._extension, data.get("extensions", ())),
            **layers,
        )

    def _layer(self, bound: str, data: Mapping[str, Any]) -> Layer:
        when = self.forms.condition(data["when"])
        return Layer(id=str(data["id"]), when=when, tier=str(data[bound]), source=where(data))

    def _tier(self, data: Mapping[str, Any]) -> Tier:
        conditions = {
            n: self._try(partial(self.forms.condition, data[n]))
            for n in ("enter", "stay", "reenter", "lifetime")
            if n in data
        }
        everyone = data.get("enter") == EVERYONE
        if everyone:
            conditions.pop("enter")
        return Tier(
            id=str(data["id"]),
            name=_texts(data.get("name")),
            everyone=everyone,
            also=self._each(self._way, data.get("also", ())),
            transitions=self._try(lambda: self._block(data)) or Block(),
            benefits=self._each(self._benefit, data.get("benefits", ())),
            inherit=data.get("inherit", True),
            source=where(data),
            **conditions,
        )

    def _block(self, data: Mapping[str, Any]) -> Block:
        forms = self.forms
        return Block(
            when=forms.condition(data["when"]) if "when" in data else None,
            validity=forms.span(data["validity"]) if "validity" in data else None,
            renew=self._renew(data["renew"]) if "renew" in data else None,
            review=str(data["review"]["first_day_of"]) if "review" in data else None,
            upgrade=Upgrade(**{n: str(v) for n, v in data["upgrade"].items()}) if "upgrade" in data else None,  # type: ignore[arg-type]  # the schema allows only the words
            downgrade=self._downgrade(data["downgrade"]) if "downgrade" in data else None,
            requires=forms.condition(data["requires"]) if "requires" in data else None,
            source=where(data),
        )

    def _renew(self, data: Mapping[str, Any]) -> Renew:
        days = data.get("as_of", [])
        asked = tuple(self.forms.day(one) for one in (days if isinstance(days, list) else [days]))
        validity = self.forms.span(data["validity"]) if "validity" in data else None
        return Renew(at=str(data.get("at", "once")), as_of=asked, validity=validity)  # type: ignore[arg-type]  # the schema allows only the words

    def _downgrade(self, data: Mapping[str, Any]) -> Downgrade:
        forms, more = self.forms, {}
        for name in ("validity", "grace"):
            if name in data:
                more[name] = forms.span(data[name])
        for name in ("not_again_within", "warn"):
            if name in data:
                more[name] = forms.duration(data[name])  # type: ignore[assignment]  # a mixed bag of keywords
        to: Any = data.get("to", "beneath")
        if isinstance(to, Mapping):
            name, value = next(iter(to.items()))
            to = (str(name), str(value) if isinstance(value, str) else value)
        after = int(str(data.get("after", "1 review")).split(" ")[0])
        least = str(data["at_least"]) if "at_least" in data else None
        return Downgrade(to=to if isinstance(to, tuple) else str(to), at_least=least, after=after, **more)  # type: ignore[arg-type]  # as above

    def _way(self, data: Mapping[str, Any]) -> Way:
        forms = self.forms
        if ("when" in data) == ("upon" in data):
            raise misread("when-or-upon", where(data), cause=str(data["cause"]))
        return Way(
            cause=str(data["cause"]),
            when=forms.condition(data["when"]) if "when" in data else None,
            upon=str(data["upon"]) if "upon" in data else None,
            tier=forms.value(data["tier"], source_of(data, "tier")) if "tier" in data else None,
            validity=forms.span(data["validity"]) if "validity" in data else None,
            approval=self._approval(data.get("approval")),
            source=where(data),
        )

    def _raise(self, data: Mapping[str, Any]) -> Raise:
        return Raise(id=str(data["id"]), when=self.forms.condition(data["when"]), by=data["by"], source=where(data))

    def _extension(self, data: Mapping[str, Any]) -> Extension:
        days = {n: self.forms.day(data[n]).date or 0 for n in ("held", "until_at_least")}
        return Extension(source=where(data), **days)

    def _benefit(self, data: Mapping[str, Any]) -> BenefitUse:
        (kind, inner), forms = next(iter(data.items())), self.forms
        parameters = self.forms.catalogue.benefits[kind].parameters
        common = ("when", "quota", "valid", "group")
        own = {n: v for n, v in inner.items() if n not in common and (n != "id" or _has(parameters, "id"))}
        quota = inner.get("quota", {})
        if quota and "id" not in inner:
            raise misread("quota-without-id", where(inner) or key_source(data, kind), kind=kind)
        return BenefitUse(
            kind=str(kind),
            id=str(inner.get("id", "")),
            parameters=forms.parameters(own, parameters, str(kind), key_source(data, kind)),
            when=forms.condition(inner["when"]) if "when" in inner else None,
            quota_times=forms.value(quota["times"], source_of(quota, "times")) if quota else None,
            quota_per=str(quota["per"]) if "per" in quota else None,
            carry_over=quota.get("carry_over", False),
            valid=forms.span(inner["valid"]) if "valid" in inner else None,
            group=str(inner["group"]) if "group" in inner else None,
            source=key_source(data, kind),
        )


def _has(parameters: Any, name: str) -> bool:
    return any(one.name == name for one in parameters.__attrs_attrs__)


def _kind(data: Any) -> str:
    return str(data[0] if isinstance(data, list) else data)


def _texts(data: Any) -> Texts:
    if data is None:
        return {}
    return {"": str(data)} if isinstance(data, str) else {str(n): str(v) for n, v in data.items()}


def _sources(document: Mapping[str, Any]) -> dict[str, Source]:
    """Where each declared name stands, for messages about it."""
    parts = ("metrics", "facts", "events", "segments", "periods", "scales", "tier_sets", "messages")
    found = {f"{part}.{name}": key_source(document[part], name) for part in parts for name in _map(document, part)}
    for name, message in _map(document, "messages").items():
        languages = (one for one in message if one not in ("upon", "channels"))
        found |= {f"messages.{name}.{language}": source_of(message, language) for language in languages}
    found |= {f"program.{key}": source_of(document["program"], key) for key in ("timezone", "currency")}
    return {name: at for name, at in found.items() if at is not None}
