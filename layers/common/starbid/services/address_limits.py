"""Counts what comes from one address, and says when it is too much."""

from __future__ import annotations

import hashlib
import hmac
from contextlib import suppress
from datetime import datetime

from starbid.domain.address_limits import ADDRESS_LIMITS, Traffic
from starbid.services.limits import draw_from
from starbid.services.ports import Allowances, Unavailable


class AddressLimits:
    """No address is kept, only a mark of it."""

    def __init__(self, allowances: Allowances, times: int, key: str) -> None:
        """`times`: how many times as wide as ADDRESS_LIMITS says; 0 counts nothing. `key` signs the marks."""
        self._allowances, self._times, self._key = allowances, times, key.encode()

    def require(self, traffic: Traffic, address: str, now: datetime) -> None:
        """Count one more. Raises TooOften where there is no room. A store that cannot count lets it through."""
        if not self._times or not address:
            return
        limit, key = ADDRESS_LIMITS[traffic].times(self._times), f"address#{traffic}#{self._mark(address)}"
        with suppress(Unavailable):
            draw_from(self._allowances, key, limit, now)

    def _mark(self, address: str) -> str:
        return hmac.new(self._key, f"address:{_network(address)}".encode(), hashlib.sha256).hexdigest()[:24]


def _network(address: str) -> str:
    """Of IPv6 the /64 that one household has; of IPv4 the address. Anything else as it is."""
    if ":" not in address:
        return address
    from ipaddress import IPv6Network

    try:
        return str(IPv6Network((address, 64), strict=False))
    except ValueError:
        return address
