"""The built-in channels: standard error, a file, and e-mail to a server of our own."""

import base64
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from attrs import define, evolve, field

from viprules.api import Message
from viprules.builtins.channels import ConsoleSettings, EmailSettings, FileSettings, to_console, to_email, to_file

MESSAGE = Message(
    id="0123456789abcdef0123456789abcdef",
    program="shop",
    customer="C1",
    name="welcome",
    channel="email",
    tier="gold",
    since="2026-03-01",
    language="zh",
    text="王芳，您已升为金卡",
    to="fang@example.com",
)


def test_the_console_shows_what_would_be_sent(capsys: pytest.CaptureFixture[str]) -> None:
    """On standard error, beside the results, and cut where it is long."""
    to_console(ConsoleSettings(), MESSAGE)
    to_console(ConsoleSettings(width=20), evolve(MESSAGE, text="x" * 30))
    assert ("", f"[welcome] C1: 王芳，您已升为金卡\n[welcome] C1: {'x' * 20}…\n") == capsys.readouterr()


def test_a_file_holds_a_line_for_each_message(tmp_path: Path) -> None:
    """The whole message as JSON, for another program to send."""
    settings = FileSettings(path=str(tmp_path / "messages.jsonl"))
    assert [MESSAGE.id, MESSAGE.id] == [to_file(settings, MESSAGE), to_file(settings, MESSAGE)]
    lines = (tmp_path / "messages.jsonl").read_text(encoding="utf-8").splitlines()
    assert [MESSAGE.as_dict()] * 2 == [json.loads(line) for line in lines]


@define
class Post:
    """A server that takes one letter, and what it was told."""

    port: int
    lines: list[str] = field(factory=list)

    @property
    def letter(self) -> str:
        """What came after DATA."""
        return "\n".join(self.lines[self.lines.index("data") + 1 :])


REPLIES = {"EHLO": "250-here\r\n250 AUTH PLAIN", "DATA": "354 go on", "QUIT": "221 bye", "AUTH": "235 welcome"}


def serve(server: socket.socket, post: Post) -> None:
    """Speak as much SMTP as one letter takes."""
    connection, _ = server.accept()
    with connection, connection.makefile("rwb") as stream:

        def say(text: str) -> None:
            stream.write(f"{text}\r\n".encode())
            stream.flush()

        say("220 here")
        inside = False
        for raw in stream:
            line = raw.decode().rstrip("\r\n")
            post.lines.append(line)
            inside = line != "." and (inside or line.upper() == "DATA")
            word = line.upper().partition(" ")[0]
            if not inside or line.upper() == "DATA":
                say(REPLIES.get(word, "250 fine"))
            if word == "QUIT":
                return


@contextmanager
def post_office() -> Iterator[Post]:
    """A server on this machine."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        post = Post(server.getsockname()[1])
        thread = threading.Thread(target=serve, args=(server, post), daemon=True)
        thread.start()
        yield post
        thread.join(5)


def settings(post: Post, **more: Any) -> EmailSettings:
    """Return settings for that server."""
    return EmailSettings(
        host="127.0.0.1", port=post.port, encryption="none", sender="club@example.com", subject="会员通知", **more
    )


def test_a_letter_is_sent() -> None:
    """Sender, receiver, subject and text arrive; the message's id is in a header, so a repetition is recognised."""
    with post_office() as post:
        reference = to_email(settings(post), MESSAGE)
    assert "mail FROM:<club@example.com>" in post.lines
    assert "rcpt TO:<fang@example.com>" in post.lines
    assert (f"<{MESSAGE.id}@example.com>", True) == (reference, f"Message-ID: {reference}" in post.letter)
    assert MESSAGE.text in base64.b64decode(post.letter.partition("\n\n")[2].partition("\n.")[0]).decode()


def test_the_password_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """The settings name the variable; the secret stands in no file."""
    monkeypatch.setenv("CLUB_PASSWORD", "s3cret")
    with post_office() as post:
        to_email(settings(post, user="club", password_env="CLUB_PASSWORD"), MESSAGE)  # noqa: S106 -- a variable's name
    (said,) = [line for line in post.lines if line.startswith("AUTH PLAIN ")]
    assert b"\0club\0s3cret" == base64.b64decode(said.removeprefix("AUTH PLAIN "))


def test_a_missing_password_is_no_letter() -> None:
    """The variable that is not there is named, and nothing is sent."""
    with post_office() as post, pytest.raises(KeyError, match="VIPRULES_SMTP_PASSWORD"):
        to_email(settings(post, user="club"), MESSAGE)
    assert "data" not in post.lines


@pytest.mark.parametrize("to", ["a@example.com\nBcc: all@example.com", "a@example.com\r\n\r\nhello"])
def test_an_address_cannot_bring_headers(to: str) -> None:
    """A line break in the data of a customer is refused before the server is asked."""
    with pytest.raises(ValueError, match="linefeed"):
        to_email(settings(Post(1)), evolve(MESSAGE, to=to))


@pytest.mark.parametrize("to", ["nobody", "a@example.com, b@example.com", "", "A <a@example.com>"])
def test_only_one_plain_address_is_taken(to: str) -> None:
    """A list of addresses would tell one customer's news to others."""
    with pytest.raises(ValueError, match="is no address"):
        to_email(settings(Post(1)), evolve(MESSAGE, to=to))
