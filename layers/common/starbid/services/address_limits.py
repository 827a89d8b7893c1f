"""Counts what comes from one address, and says when it is too much."""

from __future__ import annotations

import hashlib
import hmac
from contextlib import suppress
from datetime import datetime

from starbid.domain.address_limits import BUCKETS, Traffic
from starbid.domain.errors import TooOften
from starbid.services.ports import Counters, Unavailable


class AddressLimits:
    """One conditional write a request that is counted. No address is kept, only a mark of it."""

    def __init__(self, counters: Counters, times: int, key: str) -> None:
        """`times`: how many times as wide as BUCKETS says; 0 counts nothing. `key` signs the marks."""
        self._counters, self._times, self._key = counters, times, key.encode()

    def require(self, traffic: Traffic, address: str, now: datetime) -> None:
        """Count one more. Raises TooOften where the bucket is empty. A store that cannot count lets it through."""
        if not self._times or not address:
            return
        bucket = BUCKETS[traffic].times(self._times)
        period, most, wait = bucket.room(now)
        key = f"address#{traffic}#{self._mark(address)}#{period}"
        with suppress(Unavailable):
            if not self._counters.count(key, 1, most, bucket.seconds, now):
                raise TooOften(wait)

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
