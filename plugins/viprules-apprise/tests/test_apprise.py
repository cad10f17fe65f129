"""Messages through Apprise: to a server of our own, and without showing an address."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote

import pytest
from attrs import evolve

from viprules.api import Message
from viprules.plugins import catalogue_of

pytest.importorskip("apprise", reason="the library is not installed")
import viprules_apprise
from viprules_apprise import AppriseSettings, DeliveryError, send

# Theirs: a module of the standard library that Apprise looks for while Python still has it.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")
MESSAGE = Message(
    id="0123456789abcdef0123456789abcdef",
    program="shop",
    customer="C1",
    name="welcome",
    channel="apprise",
    tier="gold",
    since="2026-03-01",
    language="zh",
    text="王芳，您已升为金卡",
    to="+86 138/0013",
)


@pytest.fixture
def service() -> Iterator[tuple[int, list[Any]]]:
    """A service that takes JSON; a path with `no` is refused."""
    seen: list[Any] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            seen.append((self.path, json.loads(body)))
            self.send_response(500 if "no" in self.path else 200)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port, seen
    server.shutdown()
    server.server_close()


def test_a_message_arrives(service: tuple[int, list[Any]], monkeypatch: pytest.MonkeyPatch) -> None:
    """With title and text, at every service, with the customer's address quoted into the service's."""
    port, seen = service
    monkeypatch.setenv("VIPRULES_APPRISE_URLS", f"json://127.0.0.1:{port}/a/{{to}} json://127.0.0.1:{port}/b")
    send(AppriseSettings(title="会员", to="phone"), MESSAGE)
    assert {"/a/+86 138/0013", "/b"} == {unquote(path).rstrip("/") for path, _ in seen}
    assert {("会员", MESSAGE.text)} == {(body["title"], body["message"]) for _, body in seen}


@pytest.mark.parametrize(
    ("urls", "told"),
    [
        ("", "the environment variable `VIPRULES_APPRISE_URLS` holds no address"),
        ("nothing://s3cret", "address 1 in `VIPRULES_APPRISE_URLS` is none that Apprise knows"),
        ("json://127.0.0.1:PORT/s3cret/no", "a service did not take the message"),
    ],
)
def test_what_fails_shows_no_address(
    service: tuple[int, list[Any]],
    urls: str,
    told: str,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """An address holds keys: neither the error nor standard error shows it."""
    monkeypatch.setenv("VIPRULES_APPRISE_URLS", urls.replace("PORT", str(service[0])))
    with pytest.raises(DeliveryError) as caught:
        send(AppriseSettings(), evolve(MESSAGE, to=None))
    assert told == str(caught.value)
    assert "s3cret" not in "".join(capfd.readouterr())


def test_it_is_offered() -> None:
    """The plug-in passes what every plug-in must."""
    assert "apprise" in catalogue_of(viprules_apprise).channels
