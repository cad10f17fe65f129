"""Body, id, time and signature of a webhook: https://www.standardwebhooks.com, specification 1.0.0."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import time
from collections.abc import Iterable, Mapping

from viprules.api import Message
from viprules_webhook.errors import DeliveryError

__all__ = ["body_of", "headers_of", "signature"]

PREFIX = "whsec_"
LEAST, MOST = 24, 64
"""Bytes of a secret, as the specification wants them."""


def body_of(message: Message) -> bytes:
    """The message as JSON: a type, the day of entering, and what the message holds."""
    told = {"type": "viprules.message", "timestamp": f"{message.since}T00:00:00Z", "data": message.as_dict()}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def headers_of(
    identity: str, body: bytes, secrets: Iterable[str], named: str, now: int | None = None
) -> Mapping[str, str]:
    """The headers; the id is the message's, so that a repetition is recognised. One signature for each secret."""
    at = int(time.time()) if now is None else now
    signatures = [signature(identity, at, body, _key(one, named)) for one in secrets]
    if not signatures:
        raise DeliveryError(f"the environment variable `{named}` holds no secret")
    return {
        "content-type": "application/json; charset=utf-8",
        "user-agent": "viprules-webhook/1",
        "webhook-id": identity,
        "webhook-timestamp": str(at),
        "webhook-signature": " ".join(signatures),
    }


def signature(identity: str, at: int, body: bytes, secret: bytes) -> str:
    """Version 1: HMAC-SHA256 of id, time and body, in base64."""
    signed = b".".join((identity.encode(), str(at).encode(), body))
    return "v1," + base64.b64encode(hmac.new(secret, signed, hashlib.sha256).digest()).decode()


def _key(secret: str, named: str) -> bytes:
    try:
        found = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        found = b""
    if not secret.startswith(PREFIX) or not LEAST <= len(found) <= MOST:
        text = f"`{PREFIX}` and {LEAST} to {MOST} bytes in base64"
        raise DeliveryError(f"a secret in `{named}` is none of Standard Webhooks: it is {text}")
    return found
