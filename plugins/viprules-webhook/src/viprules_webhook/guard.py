"""Which addresses may be called: those of the public internet, by a table of our own.

The predicates of the standard library are no guard: `is_private` is false for 100.64.0.0/10, where a cloud keeps its
metadata, and `is_global` is true for NAT64 and 6to4 forms of inner addresses and for multicast. So IPv4 goes by the
whole special-purpose registry of IANA, and of IPv6 only global unicast is taken, without the ranges that carry an IPv4
address or stand for nothing.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

__all__ = ["is_public"]

INNER_4 = tuple(
    ip_network(one)
    for one in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # shared by carriers; metadata of a cloud
        "127.0.0.0/8",  # this machine
        "169.254.0.0/16",  # this link; metadata of other clouds
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",  # AS112
        "192.52.193.0/24",  # AMT
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "192.175.48.0/24",  # AS112
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
    )
)
UNICAST_6 = ip_network("2000::/3")
INNER_6 = tuple(
    ip_network(one)
    for one in (
        "2001::/23",  # protocol assignments, Teredo and ORCHID among them
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4: carries an IPv4 address
        "2620:4f:8000::/48",  # AS112
        "3fff::/20",  # documentation
    )
)


def is_public(address: str) -> bool:
    """Whether an address, as a resolver gives it, belongs to the public internet."""
    found = ip_address(address.partition("%")[0])
    if isinstance(found, IPv4Address):
        return not any(found in one for one in INNER_4)
    return _is_public_6(found)


def _is_public_6(address: IPv6Address) -> bool:
    # Mapped (::ffff:0:0/96), translated (64:ff9b::/96), local and multicast addresses all lie outside 2000::/3.
    return address in UNICAST_6 and not any(address in one for one in INNER_6)
