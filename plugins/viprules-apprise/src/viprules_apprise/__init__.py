"""The channel `apprise`: a message through the Apprise library, which knows how to reach many services."""

from __future__ import annotations

import logging
import os
from urllib.parse import quote

from attrs import frozen

from viprules.api import ChannelType, Example, Message, hookimpl, key

__all__ = ["VIPRULES_CONTRACT", "AppriseSettings", "DeliveryError", "viprules_channels"]

VIPRULES_CONTRACT = 1
# Without a handler of its own the library's warnings go to standard error, and they may quote a service's answer.
logging.getLogger("apprise").addHandler(logging.NullHandler())


class DeliveryError(Exception):
    """A message was not taken; the text holds no address of a service, for that is a secret."""


@frozen(kw_only=True)
class AppriseSettings:
    """Messages through one or more services of Apprise."""

    urls_env: str = key(
        "the environment variable with the Apprise addresses, with spaces; `{to}` in them is the customer's address",
        default="VIPRULES_APPRISE_URLS",
        examples=["VIPRULES_APPRISE_URLS"],
    )
    title: str = key("the title, for services that show one", default="", examples=["Your membership"])
    to: str | None = key(
        "the fact that holds the customer's address; unsaid every message goes to the same place",
        default=None,
        examples=["phone"],
    )


def send(settings: AppriseSettings, message: Message) -> None:
    """Notify every service; raises DeliveryError unless all of them take it."""
    from apprise import Apprise  # it takes long to import, and only a delivery needs it

    services = Apprise()
    urls = os.environ.get(settings.urls_env, "").split()
    for number, url in enumerate(urls, 1):
        if not services.add(url.replace("{to}", quote(message.to or "", safe=""))):
            raise DeliveryError(f"address {number} in `{settings.urls_env}` is none that Apprise knows")
    if not urls:
        raise DeliveryError(f"the environment variable `{settings.urls_env}` holds no address")
    if not services.notify(body=message.text, title=settings.title):
        raise DeliveryError("a service did not take the message")


@hookimpl
def viprules_channels() -> list[ChannelType]:
    """Offer the channel."""
    return [
        ChannelType(
            name="apprise",
            settings=AppriseSettings,
            send=send,
            doc="through Apprise, to chat, push, SMS and mail services",
            examples=(Example(yaml="{title: Your membership, to: phone}"),),
        )
    ]
