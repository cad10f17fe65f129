"""The schema of messages: when one is sent, by which channels, and its text by language."""

from __future__ import annotations

from typing import Any

from viprules.engine.policy.fragments import closed_map, list_of, name_of, one_of, ref
from viprules.engine.policy.names import Names, Vocabulary

__all__ = ["LOCALE", "message_schema"]

LOCALE = "^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}$"
KEYS = ("upon", "channels")


def message_schema(catalogue: Vocabulary, names: Names) -> dict[str, Any]:
    """One message."""
    upon = {
        "entering": ref("tier_name") | {"description": "the tier that the customer comes to hold"},
        "by": one_of(["upgrade", "downgrade"], "only if the tier is higher, or lower, than the one before"),
    }
    channel = name_of(catalogue.channels, "a channel", opened=names.open)
    text = {"type": "string", "minLength": 1, "maxLength": 5000, "description": "the text in this language"}
    return closed_map(
        {
            "upon": closed_map(upon, "the moment at which it is sent", ["entering"]),
            "channels": list_of(channel, "the ways by which it is sent"),
            "zh": text,
            "en": text,
        },
        "a message: its text by language, with `{name}` for facts, metrics, `tier`, `since`, `valid_until` and `as_of`",
        KEYS,
        patternProperties={LOCALE: text},
    )
