"""The channel `webhook`: a message as a signed POST, after Standard Webhooks 1.0.0, to public addresses only."""

from __future__ import annotations

import os

from attrs import frozen

from viprules.api import ChannelType, Example, Message, hookimpl, key
from viprules_webhook.sending import Target, posted
from viprules_webhook.signing import body_of, headers_of

__all__ = ["VIPRULES_CONTRACT", "WebhookSettings", "viprules_channels"]

VIPRULES_CONTRACT = 1


@frozen(kw_only=True)
class WebhookSettings:
    """Messages as signed POST requests to one address."""

    url: str = key("where to, with `https`", examples=["https://crm.example.com/hooks/vip"])
    secret_env: str = key(
        "the environment variable with the secret (`whsec_…`); several with spaces while one replaces another",
        default="VIPRULES_WEBHOOK_SECRET",
        examples=["VIPRULES_WEBHOOK_SECRET"],
    )
    ports: tuple[int, ...] = key("the ports that may be called", default=(443,), examples=["[443]"])
    inside: tuple[str, ...] = key(
        "`host:port` of servers inside your own network that may be called all the same, also with `http`",
        default=(),
        examples=["[127.0.0.1:8080]"],
    )
    seconds: int = key("how long the whole request may take", default=10, schema={"minimum": 1, "maximum": 30})


def send(settings: WebhookSettings, message: Message) -> None:
    """Post a message; raises DeliveryError, which names no secret, where it is not taken."""
    target = Target.of(settings.url, ports=settings.ports, inside=settings.inside)
    secrets = os.environ.get(settings.secret_env, "").split()
    body = body_of(message)
    posted(target, body, headers_of(message.id, body, secrets, settings.secret_env), settings.seconds)


@hookimpl
def viprules_channels() -> list[ChannelType]:
    """Offer the channel."""
    example = Example(yaml="{url: https://crm.example.com/hooks/vip}")
    return [
        ChannelType(
            name="webhook", settings=WebhookSettings, send=send, doc="a signed POST to your CRM", examples=(example,)
        )
    ]
