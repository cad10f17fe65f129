"""Posting to a server of our own: signature, redirects, slow and endless answers, certificates."""

import base64
import hashlib
import hmac
import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from viprules.api import Message
from viprules_webhook import WebhookSettings, send
from viprules_webhook.errors import DeliveryError
from viprules_webhook.sending import Target, posted
from viprules_webhook.signing import headers_of, signature

HERE = Path(__file__).parent
SECRET = "whsec_" + base64.b64encode(b"0123456789abcdef0123456789abcdef").decode()
OTHER = "whsec_" + base64.b64encode(b"fedcba9876543210fedcba9876543210").decode()
MESSAGE = Message(
    id="0123456789abcdef0123456789abcdef",
    program="shop",
    customer="C1",
    name="welcome",
    channel="webhook",
    tier="gold",
    since="2026-03-01",
    language="zh",
    text="王芳，您已升为金卡",
)


@contextmanager
def server(answer: Callable[[BaseHTTPRequestHandler], None], *, tls: bool = False) -> Iterator[tuple[int, list[Any]]]:
    """A server that notes requests and answers as a test wants."""
    requests: list[Any] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            requests.append((self.path, dict(self.headers.items()), body))
            answer(self)

        def log_message(self, *_: Any) -> None:
            pass

    made = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.daemon_threads = True
    if tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(HERE / "test-only.pem", HERE / "test-only.key")
        made.socket = context.wrap_socket(made.socket, server_side=True)
    threading.Thread(target=made.serve_forever, daemon=True).start()
    yield made.server_port, requests
    made.shutdown()
    made.server_close()


def status(code: int, **headers: str) -> Callable[[BaseHTTPRequestHandler], None]:
    """Answer with a status and headers."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(code)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("content-length", "0")
        handler.end_headers()

    return answer


def settings(port: int, seconds: int = 5) -> WebhookSettings:
    """Return settings that name the server as one of our own network."""
    return WebhookSettings(url=f"http://127.0.0.1:{port}/hook?a=b", inside=(f"127.0.0.1:{port}",), seconds=seconds)


@pytest.fixture(autouse=True)
def secret(monkeypatch: pytest.MonkeyPatch) -> None:
    """The secret, and proxies that must not be used."""
    monkeypatch.setenv("VIPRULES_WEBHOOK_SECRET", f"{SECRET} {OTHER}")
    for name in ("http_proxy", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")


def verified(headers: dict[str, str], body: bytes, secret: str) -> bool:
    """Verify as a receiver does: any of the signatures is ours."""
    lower = {name.lower(): value for name, value in headers.items()}
    signed = f"{lower['webhook-id']}.{lower['webhook-timestamp']}.".encode() + body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    ours = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return any(hmac.compare_digest(one, f"v1,{ours}") for one in lower["webhook-signature"].split())


def test_a_message_arrives_signed() -> None:
    """Body and headers are those of Standard Webhooks; the id is the message's; both secrets of a rotation verify."""
    with server(status(204)) as (port, requests):
        assert send(settings(port), MESSAGE) is None  # type: ignore[func-returns-value]  # that is the point
    ((path, headers, body),) = requests
    assert ("/hook?a=b", MESSAGE.id) == (path, headers["webhook-id"])
    assert MESSAGE.as_dict() == json.loads(body)["data"]
    assert abs(int(headers["webhook-timestamp"]) - time.time()) < 60
    assert [True, True] == [verified(headers, body, one) for one in (SECRET, OTHER)]
    assert not verified(headers, body + b" ", SECRET)


def test_the_signature_is_that_of_the_specification() -> None:
    """The example of the specification's library: id, time and payload give this signature."""
    secret = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    found = signature("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}', secret)
    assert "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=" == found


@pytest.mark.parametrize("secrets", ["", "plain", "whsec_c2hvcnQ=", "whsec_???", SECRET + " whsec_"])
def test_a_secret_that_is_none_is_not_shown(secrets: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is sent, and the error names the variable alone."""
    monkeypatch.setenv("VIPRULES_WEBHOOK_SECRET", secrets)
    with server(status(204)) as (port, requests), pytest.raises(DeliveryError) as caught:
        send(settings(port), MESSAGE)
    assert [] == requests
    assert "VIPRULES_WEBHOOK_SECRET" in str(caught.value)
    assert not any(one in str(caught.value) for one in secrets.split() if one != "whsec_")


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(code: int) -> None:
    """Wherever it leads, the delivery has failed."""
    with server(status(204)) as (inner, seen), server(status(code, location=f"http://127.0.0.1:{inner}/")) as (port, _):
        with pytest.raises(DeliveryError, match=f"{code}: redirects are not followed"):
            send(settings(port), MESSAGE)
        assert [] == seen


@pytest.mark.parametrize("code", [400, 401, 404, 410, 429, 500, 503])
def test_an_answer_that_is_no_yes_is_a_failure(code: int) -> None:
    """The status is in the receipt."""
    with server(status(code)) as (port, _), pytest.raises(DeliveryError, match=f"the answer was {code}$"):
        send(settings(port), MESSAGE)


def dripping(handler: BaseHTTPRequestHandler) -> None:
    """Answer a header without end, a byte at a time."""
    try:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nx: ")
        for _ in range(600):
            handler.wfile.write(b"a")
            handler.wfile.flush()
            time.sleep(0.05)
    except OSError:
        pass


def silent(_: BaseHTTPRequestHandler) -> None:
    """Answer nothing."""
    time.sleep(30)


@pytest.mark.parametrize("answer", [dripping, silent])
def test_the_whole_request_has_a_deadline(answer: Callable[[BaseHTTPRequestHandler], None]) -> None:
    """A byte now and then does not keep it alive."""
    with server(answer) as (port, _):
        began = time.monotonic()
        with pytest.raises(DeliveryError, match="no answer within 1 seconds"):
            send(settings(port, seconds=1), MESSAGE)
        assert time.monotonic() - began < 5


def test_an_endless_answer_is_read_to_the_cap() -> None:
    """A body without end is a yes all the same, and nobody waits for it."""

    def endless(handler: BaseHTTPRequestHandler) -> None:
        try:
            handler.send_response(200)
            handler.end_headers()
            while True:
                handler.wfile.write(b"x" * 65536)
        except OSError:
            pass

    with server(endless) as (port, _):
        send(settings(port), MESSAGE)


def test_an_answer_that_is_no_http_is_a_failure() -> None:
    """A strange server is no crash."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]

        def speak() -> None:
            connection, _ = listening.accept()
            connection.recv(65536)
            connection.sendall(b"hello\r\n\r\n")
            connection.close()

        threading.Thread(target=speak, daemon=True).start()
        with pytest.raises(DeliveryError, match="BadStatusLine"):
            send(settings(port), MESSAGE)


def test_nobody_there_is_a_failure() -> None:
    """A refused connection is told as such."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(DeliveryError, match="ConnectionRefusedError"):
        send(settings(port), MESSAGE)


def by_name(monkeypatch: pytest.MonkeyPatch, port: int) -> Target:
    """Return a target with a name that resolves to our server."""
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    return Target.of(f"https://hooks.example.test:{port}/hook", ports=(443,), inside=(f"hooks.example.test:{port}",))


def test_the_certificate_is_that_of_the_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pinned address is connected to, and the name is what the certificate must say; another name is refused."""
    made = ssl.create_default_context
    monkeypatch.setattr(ssl, "create_default_context", lambda: made(cafile=str(HERE / "test-only.pem")))
    with server(status(204), tls=True) as (port, requests):
        target = by_name(monkeypatch, port)
        posted(target, b"{}", headers_of("1", b"{}", [SECRET], "X"), 5)
        assert f"hooks.example.test:{port}" == requests[0][1]["Host"]
        other = Target.of(f"https://other.example.test:{port}/", ports=(), inside=(f"other.example.test:{port}",))
        with pytest.raises(DeliveryError, match="CERTIFICATE_VERIFY_FAILED"):
            posted(other, b"{}", {}, 5)


def test_a_certificate_of_nobody_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that signs for itself is not the host, and is sent nothing."""
    with server(status(204), tls=True) as (port, requests):
        with pytest.raises(DeliveryError, match="CERTIFICATE_VERIFY_FAILED"):
            posted(by_name(monkeypatch, port), b"{}", {}, 5)
        assert [] == requests
