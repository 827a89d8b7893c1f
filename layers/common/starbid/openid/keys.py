"""The issuer's keys: kept for an hour, asked for again where a token names one that is not among them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from starbid.domain.openid import IdTokenRefused, LoginUnavailable

FRESH_SECONDS = 3600
STALE_SECONDS = 86_400
"""So long keys serve on while the issuer does not answer."""
REST_SECONDS = 60
"""Between two questions because of a key that is not known: anybody can name one. And after one that failed."""

Key = Mapping[str, Any]


class IssuerKeys:
    """`fetch` asks the issuer for its key set and raises LoginUnavailable; `now` is in seconds. Threads may share
    it.
    """

    def __init__(self, fetch: Callable[[], Mapping[str, Any]], now: Callable[[], float]) -> None:
        self._fetch, self._now = fetch, now
        self._keys: tuple[Key, ...] = ()
        self._fetched_at = self._asked_at = -float(STALE_SECONDS)
        self._silence = ""  # what was wrong with the last answer
        self._lock = threading.Lock()

    def named(self, key_id: str) -> Key:
        """The key of that id; without one, the only key that there is. Raises IdTokenRefused where there is none such,
        LoginUnavailable where nobody can tell.
        """
        with self._lock:
            found = _chosen(self._keys, key_id)
            age = self._now() - self._fetched_at
            if found is not None and age < FRESH_SECONDS:
                return found
            found = self._asked_again(key_id, found if age < STALE_SECONDS else None)
        if found is None:
            raise IdTokenRefused("key")
        return found

    def _asked_again(self, key_id: str, known: Key | None) -> Key | None:
        """As the issuer has it now; `known` where it was asked a moment ago, or does not answer. Raises
        LoginUnavailable where it does not, or did not a moment ago, and none is known.
        """
        has_keys = self._now() - self._fetched_at < STALE_SECONDS
        if has_keys and self._now() - self._asked_at < REST_SECONDS:
            if known is None and self._silence:
                raise LoginUnavailable(self._silence)
            return known
        self._asked_at = self._now()
        try:
            self._keys = _usable(self._fetch())
        except LoginUnavailable as error:
            self._silence = error.said
            if known is None:
                raise
            return known
        self._fetched_at, self._silence = self._now(), ""
        return _chosen(self._keys, key_id)


def _usable(told: Mapping[str, Any]) -> tuple[Key, ...]:
    """Raises LoginUnavailable for a set without any: that cannot be meant."""
    listed = told.get("keys")
    keys = tuple(key for key in listed if isinstance(key, dict)) if isinstance(listed, list) else ()
    if not keys:
        raise LoginUnavailable("a key set without keys")
    return keys


def _chosen(keys: Sequence[Key], key_id: str) -> Key | None:
    fitting = [key for key in keys if not key_id or key.get("kid") == key_id]
    return fitting[0] if len(fitting) == 1 else None
