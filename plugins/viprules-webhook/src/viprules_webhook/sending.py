"""One POST to an address that was resolved once, tested, and is the one connected to. No redirects, no proxies."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from collections.abc import Mapping
from urllib.parse import urlsplit

from attrs import frozen

from viprules_webhook.errors import DeliveryError
from viprules_webhook.guard import is_public

__all__ = ["MOST_BYTES", "Target", "posted"]

MOST_BYTES = 64 * 1024
"""So much of an answer is read and no more."""
PORTS = {"https": 443, "http": 80}


@frozen(kw_only=True)
class Target:
    """Where a webhook goes, as far as its text says."""

    scheme: str
    host: str
    port: int
    path: str
    inside: bool
    """The settings name it as a server of one's own network: its address may be an inner one."""

    @classmethod
    def of(cls, url: str, *, ports: tuple[int, ...], inside: tuple[str, ...]) -> Target:
        """The target of an address; raises DeliveryError for one that may not be called."""
        try:
            parts = urlsplit(url)
            host, port = parts.hostname or "", parts.port or PORTS.get(parts.scheme, 0)
        except ValueError as error:
            raise DeliveryError("the address is none") from error
        own = f"{host}:{port}" in inside
        if (
            parts.username is not None
            or parts.password is not None
            or "\\" in url
            or any(ord(c) <= ord(" ") for c in url)
        ):
            raise DeliveryError("the address holds a user, a backslash or a space")
        if parts.scheme != "https" and not (own and parts.scheme == "http"):
            raise DeliveryError("the address must begin with `https://`")
        if not host or (port not in ports and not own):
            raise DeliveryError(f"port {port} is not among `ports`")
        path = parts.path or "/"
        query = f"?{parts.query}" if parts.query else ""
        return cls(scheme=parts.scheme, host=host, port=port, path=path + query, inside=own)

    def address(self) -> str:
        """The address to connect to: every one that the name has must be public. Raises DeliveryError."""
        try:
            found = socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise DeliveryError(f"the name `{self.host}` has no address") from error
        addresses = [str(one[4][0]) for one in found]
        if not self.inside and not all(map(is_public, addresses)):
            raise DeliveryError(f"`{self.host}` has an address inside a network, which may not be called")
        return addresses[0]


class _Pinned(http.client.HTTPConnection):
    """A connection to an address that was tested; name and certificate are still those of the host."""

    def __init__(self, target: Target, address: str, seconds: float) -> None:
        super().__init__(target.host, target.port, timeout=seconds)
        self.target, self.address = target, address

    def connect(self) -> None:
        """Connect to the pinned address instead of resolving the name again."""
        self.sock = socket.create_connection((self.address, self.port), self.timeout)
        if self.target.scheme == "https":
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(self.sock, server_hostname=self.target.host)


def posted(target: Target, body: bytes, headers: Mapping[str, str], seconds: float) -> None:
    """Post once, within so many seconds for everything; raises DeliveryError unless the answer is 2xx."""
    connection = _Pinned(target, target.address(), seconds)
    over = threading.Event()
    timer = threading.Timer(seconds, _cut, (connection, over))
    timer.daemon = True
    timer.start()
    try:
        connection.request("POST", target.path, body, dict(headers))
        answer = connection.getresponse()
        answer.read(MOST_BYTES)
    except (OSError, http.client.HTTPException) as error:
        late = over.is_set() or isinstance(error, TimeoutError)
        reason = f"no answer within {seconds:g} seconds" if late else f"{type(error).__name__}: {error}"
        raise DeliveryError(reason) from error
    finally:
        timer.cancel()
        connection.close()
    if over.is_set():
        raise DeliveryError(f"no answer within {seconds:g} seconds")
    if 300 <= answer.status < 400:  # noqa: PLR2004 -- as HTTP counts
        raise DeliveryError(f"the answer was {answer.status}: redirects are not followed")
    if not 200 <= answer.status < 300:  # noqa: PLR2004 -- as above
        raise DeliveryError(f"the answer was {answer.status}")


def _cut(connection: http.client.HTTPConnection, over: threading.Event) -> None:
    """End a connection that takes too long, whatever it waits for."""
    over.set()
    sock = connection.sock
    if sock is not None:
        try:
            sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            sock.close()
