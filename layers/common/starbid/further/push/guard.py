"""Which machine a message may go to: anybody may name any address as that of their browser, also one of ours.

A name is looked up once. Every address that it has must be public, and the connection goes to one of those that were
checked: a second answer of the name server cannot change it.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from starbid.domain.push_addresses import is_endpoint

Lookup = Callable[[str], Iterable[str]]
"""The addresses of a host. Raises OSError."""
_WRAPPING = tuple(map(ipaddress.IPv6Network, ("::/8", "2001::/32", "2002::/16")))
"""Mapped, compatible and translated addresses (RFC 4291, 6052), Teredo, 6to4."""


class Forbidden(Exception):
    """Nothing is sent there, now or later."""


@dataclass(frozen=True, slots=True)
class Target:
    """`address`: the machine to connect to. `host` is who has to prove to be there."""

    address: str
    host: str
    port: int
    is_safe: bool
    origin: str
    path: str


def checked(endpoint: str, lookup: Lookup, local_service: str = "") -> Target:
    """Where to send to. Raises Forbidden, and OSError where the name cannot be looked up."""
    if not is_endpoint(endpoint, local_service):
        raise Forbidden("no address of a push service")
    parts = urlsplit(endpoint)
    host = parts.hostname or ""
    path = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
    if local_service and endpoint.startswith(f"{local_service}/"):
        safe = parts.scheme == "https"
        origin = f"{parts.scheme}://{parts.netloc}"
        return Target(host, host, parts.port or (443 if safe else 80), safe, origin, path)
    found = list(lookup(host))
    if not found or not all(map(is_public, found)):
        raise Forbidden("an address that is not public")
    return Target(found[0], host, 443, is_safe=True, origin=f"https://{host}", path=path)


def is_public(text: str) -> bool:
    """Whether it is the address of a machine in the open internet. One that only wraps an address of IPv4 is not."""
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address) and (
        address.is_site_local or any(address in network for network in _WRAPPING)
    ):
        return False
    return address.is_global and not (address.is_private or address.is_reserved or address.is_multicast)


def look_up(host: str) -> list[str]:
    """By the system's resolver."""
    found = socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]
