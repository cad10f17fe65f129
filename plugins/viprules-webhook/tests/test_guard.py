"""Which addresses are public: every special range of IANA, in every spelling that a resolver understands."""

import socket
from typing import Any

import pytest

from viprules_webhook.errors import DeliveryError
from viprules_webhook.guard import is_public
from viprules_webhook.sending import Target

INNER = """
0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.100.100.200 100.127.255.255 127.0.0.1 127.255.255.255
169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.8 192.0.0.170 192.0.2.1 192.31.196.1 192.52.193.1 192.88.99.1
192.168.0.1 192.175.48.1 198.18.0.1 198.19.255.255 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.255 240.0.0.1
255.255.255.255
:: ::1 ::ffff:127.0.0.1 ::ffff:8.8.8.8 ::127.0.0.1 64:ff9b::a9fe:a9fe 64:ff9b:1::1 100::1 2001::1 2001:0:4136:e378::1
2001:2::1 2001:10::1 2001:20::1 2001:db8::1 2002:7f00:1:: 2620:4f:8000::1 3fff::1 5f00::1 fc00::1 fd00:ec2::254
fe80::1 fe80::1%eth0 fec0::1 ff02::1 ff0e::1
""".split()
PUBLIC = "1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 172.15.255.255 172.32.0.0 193.0.0.1 223.255.255.255 2606:4700::1111 2a00:1450:4001::1 240e::1".split()
SPELLINGS = """
2130706433 0x7f000001 017700000001 127.1 127.0.1 0177.0.0.1 0x7f.0.0.1 0x7f.1 127.0.0.1 127.0.0.2 127.255.255.254 0 0.0.0.0
10.0.0.1 0x0a000001 167772161 012.0.0.1 169.254.169.254 2852039166 0xa9fea9fe 192.168.1.1 3232235777 172.16.0.1 100.64.0.1
[::1] [::] [0:0:0:0:0:0:0:1] [::ffff:127.0.0.1] [::ffff:7f00:1] [64:ff9b::7f00:1] [fe80::1] [fd00::1]
""".split()


@pytest.mark.parametrize("address", INNER)
def test_an_inner_address_is_not_public(address: str) -> None:
    """Private, shared, link-local, documentation, multicast, translated and reserved addresses."""
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_public(address: str) -> None:
    """The neighbours of the special ranges are not taken for them."""
    assert is_public(address)


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_every_spelling_of_an_inner_address_is_refused(spelling: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The address is tested as it was resolved, never as it is written; nothing is connected to."""
    monkeypatch.setattr(socket.socket, "connect", lambda *_: pytest.fail("it connected"))
    with pytest.raises(DeliveryError):
        Target.of(f"https://{spelling}/hook", ports=(443,), inside=()).address()


def resolving(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> list[str]:
    """Let every name have these addresses; return the names that were asked."""
    asked: list[str] = []

    def resolve(host: str, port: int, **_: Any) -> list[Any]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    return asked


def test_one_inner_address_among_public_ones_is_enough_to_refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name with several addresses is as inner as its innermost."""
    resolving(monkeypatch, "8.8.8.8", "10.0.0.1")
    with pytest.raises(DeliveryError, match="has an address inside a network"):
        Target.of("https://crm.example.com/", ports=(443,), inside=()).address()


def test_a_name_is_resolved_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was tested is what is connected to."""
    asked = resolving(monkeypatch, "8.8.8.8")
    assert "8.8.8.8" == Target.of("https://crm.example.com/", ports=(443,), inside=()).address()
    assert ["crm.example.com"] == asked


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://crm.example.com/", "must begin with `https://`"),
        ("ftp://crm.example.com/", "must begin with `https://`"),
        ("//crm.example.com/", "must begin with `https://`"),
        ("https://crm.example.com:8443/", "port 8443 is not among `ports`"),
        ("https://crm.example.com:99999/", "the address is none"),
        ("https://user:word@crm.example.com/", "holds a user"),
        ("https://user@crm.example.com/", "holds a user"),
        ("https://crm.example.com\\@10.0.0.1/", "holds a user, a backslash"),
        ("https://crm.example.com/a b", "or a space"),
        ("https://crm.example.com/\r\nHost: x", "or a space"),
        ("https:///hook", "is not among"),
    ],
)
def test_an_address_that_may_not_be_called_is_refused_by_its_text(url: str, reason: str) -> None:
    """Scheme, port, user and line breaks are judged before any name is resolved."""
    with pytest.raises(DeliveryError, match=reason):
        Target.of(url, ports=(443,), inside=())


def test_a_name_without_an_address_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """The host is named, the path is not: it may hold a token."""

    def fail(*_: Any, **__: Any) -> Any:
        raise socket.gaierror(-2, "unknown")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    with pytest.raises(DeliveryError, match=r"the name `crm\.example\.com` has no address$"):
        Target.of("https://crm.example.com/token", ports=(443,), inside=()).address()
