"""How near an address is to this machine: what a stranger may lead us to, and what not. Pure.

Source: IANA's special-purpose address registries by way of `ipaddress`; the address forms that
system resolvers take (`127.1`, `2130706433`, `0x7f.1`): POSIX, inet_addr.
"""

from __future__ import annotations

import ipaddress
import re
from enum import IntEnum
from typing import TypeAlias

__all__ = ["Nearness", "literal", "may_lead", "of_address"]

Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address


class Nearness(IntEnum):
    """From far to near; SPECIAL is what nobody may lead to: link-local, metadata, unspecified."""

    PUBLIC = 0
    PRIVATE = 1
    LOOPBACK = 2
    SPECIAL = 3


_NAT64 = ipaddress.ip_network("64:ff9b::/96")
# Metadata services that do not stand in a link-local range.
_METADATA = frozenset({"fd00:ec2::254", "100.100.100.200", "192.0.0.192", "168.63.129.16"})
_METADATA_NAMES = frozenset({"metadata.google.internal", "metadata.goog", "instance-data"})
_NUMBER = re.compile(r"0[xX][0-9a-fA-F]{0,16}|[0-9]{1,20}", re.ASCII)


def may_lead(here: Nearness, there: Nearness) -> bool:
    """Say whether a host may lead to another: never to one that is nearer to us than itself."""
    return there is not Nearness.SPECIAL and there <= here


def literal(host: str) -> Nearness | None:
    """Give the nearness of an address, or of a name that says it; None for any other name."""
    host = host.rstrip(".").lower()
    if host in _METADATA_NAMES:
        return Nearness.SPECIAL
    if host == "localhost" or host.endswith(".localhost"):
        return Nearness.LOOPBACK
    try:
        return of_address(ipaddress.ip_address(host.strip("[]").partition("%")[0]))
    except ValueError:
        number = _loose(host)
        return None if number is None else of_address(ipaddress.IPv4Address(number))


def of_address(address: Address) -> Nearness:
    """Give the nearness of an address, seen through every wrapping of IPv4 in IPv6."""
    address = _unwrapped(address)
    if str(address) in _METADATA or address.is_unspecified or address.is_multicast:
        return Nearness.SPECIAL
    if address.is_loopback:
        return Nearness.LOOPBACK
    if address.is_link_local or (address.version == 4 and address.packed[0] in {0, 255}):
        return Nearness.SPECIAL
    return Nearness.PUBLIC if address.is_global else Nearness.PRIVATE


def _unwrapped(address: Address) -> Address:
    if isinstance(address, ipaddress.IPv4Address):
        return address
    inner = address.ipv4_mapped or address.sixtofour
    if inner is None and (address in _NAT64 or 1 < int(address) < 1 << 32):
        inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address if inner is None else inner


def _loose(host: str) -> int | None:
    """Read an IPv4 address of one to four numbers, decimal, octal or hexadecimal."""
    parts = host.split(".")
    if len(parts) > 4 or not all(_NUMBER.fullmatch(part) for part in parts):
        return None
    try:
        numbers = [int(part, _base(part)) for part in parts]
    except ValueError:
        return None
    last = numbers.pop()
    if any(number > 255 for number in numbers) or last >= 256 ** (4 - len(numbers)):
        return None
    return sum(number << 8 * (3 - index) for index, number in enumerate(numbers)) + last


def _base(part: str) -> int:
    if part[:2] in {"0x", "0X"}:
        return 16
    return 8 if len(part) > 1 and part.startswith("0") else 10
