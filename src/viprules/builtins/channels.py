"""The built-in channels: the console, a file, and e-mail."""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import frozen

from viprules.api import ChannelType, Example, Message, hookimpl, key

if TYPE_CHECKING:
    import smtplib

__all__ = ["viprules_channels"]


ADDRESS = re.compile(r"[^\s@,;<>\"()]+@[^\s@,;<>\"()]+")


@frozen(kw_only=True)
class ConsoleSettings:
    """Messages on standard error: to see what would be sent."""

    width: int = key("characters of a text that are shown", default=200, schema={"minimum": 20})


@frozen(kw_only=True)
class FileSettings:
    """Messages as lines of JSON in a file."""

    path: str = key("the file, which grows", examples=["messages.jsonl"])


@frozen(kw_only=True)
class EmailSettings:
    """Messages by e-mail, through a server that takes them (SMTP)."""

    host: str = key("the server", examples=["smtp.example.com"])
    sender: str = key("the address of the sender", examples=["club@example.com"])
    subject: str = key("the subject of every message", examples=["Your membership"])
    to: str = key("the fact that holds the customer's address", default="email", examples=["email"])
    port: int = key("the server's port", default=587, schema={"minimum": 1, "maximum": 65535})
    encryption: str = key(
        "`starttls`, `tls` from the start, or `none` for a server on this machine",
        default="starttls",
        schema={"enum": ["starttls", "tls", "none"]},
    )
    user: str = key("the name to log in with; unsaid without", default="", examples=["club"])
    password_env: str = key(
        "the environment variable that holds the password: a secret stands in no file",
        default="VIPRULES_SMTP_PASSWORD",
        examples=["VIPRULES_SMTP_PASSWORD"],
    )
    timeout: int = key("seconds to wait for the server", default=20, schema={"minimum": 1, "maximum": 600})


def to_console(settings: ConsoleSettings, message: Message) -> None:
    """Write a message for somebody who watches."""
    text = message.text if len(message.text) <= settings.width else message.text[: settings.width] + "…"
    sys.stderr.write(f"[{message.name}] {message.customer}: {text}\n")


def to_file(settings: FileSettings, message: Message) -> str:
    """Append a message to the file; its id is the reference."""
    with Path(settings.path).open("a", encoding="utf-8") as stream:
        stream.write(json.dumps(message.as_dict(), ensure_ascii=False) + "\n")
    return message.id


def to_email(settings: EmailSettings, message: Message) -> str:
    """Send a message; its id is in the header `Message-ID`, so a repetition is recognised."""
    from email.message import EmailMessage

    to = message.to or ""
    if "\n" not in to and "\r" not in to and not ADDRESS.fullmatch(to):
        raise ValueError(f"`{settings.to}` of customer `{message.customer}` is no address")
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = settings.sender, to, settings.subject
    letter["Message-ID"] = f"<{message.id}@{settings.sender.rpartition('@')[2]}>"
    letter.set_content(message.text, cte="base64")  # every server takes it, whatever the language
    with _server(settings) as server:
        if settings.user:
            server.login(settings.user, os.environ[settings.password_env])
        server.send_message(letter)
    return str(letter["Message-ID"])


def _server(settings: EmailSettings) -> smtplib.SMTP:
    """A connection, encrypted as the settings say."""
    import smtplib
    import ssl

    context = ssl.create_default_context()
    if settings.encryption == "tls":
        return smtplib.SMTP_SSL(settings.host, settings.port, timeout=settings.timeout, context=context)
    server = smtplib.SMTP(settings.host, settings.port, timeout=settings.timeout)
    if settings.encryption == "starttls":
        server.starttls(context=context)
    return server


@hookimpl
def viprules_channels() -> list[ChannelType]:
    """The channels that every installation has."""
    return [
        ChannelType(
            name="console",
            settings=ConsoleSettings,
            send=to_console,
            doc="on standard error, to see what would be sent",
            examples=(Example(yaml="{width: 200}"),),
        ),
        ChannelType(
            name="file",
            settings=FileSettings,
            send=to_file,
            doc="lines of JSON in a file, for another program",
            examples=(Example(yaml="{path: messages.jsonl}"),),
        ),
        ChannelType(
            name="email",
            settings=EmailSettings,
            send=to_email,
            doc="by e-mail, through an SMTP server",
            examples=(
                Example(
                    yaml="{host: smtp.example.com, sender: club@example.com, subject: Your membership, user: club}"
                ),
            ),
        ),
    ]
