"""The links in a mail that do something by themselves: signed, so that no session is needed behind them.

The one of a confirmation counts for a day and for one ask. The one that ends mail never expires, since the mail may be
read years later; it counts for the address that the mail went to.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from starbid.domain.base64url import to_bytes, to_text
from starbid.domain.email_errors import EmailLinkForged, EmailLinkOver
from starbid.domain.switches import Switch, known_switches

CONFIRM_PATH, STOP_PATH = "/email/confirm", "/email/stop"
_SIGNATURE_BYTES = 16
_LONGEST = 400
_CONFIRM, _STOP = "confirm", "stop"


@dataclass(frozen=True, slots=True)
class ConfirmLink:
    """`ask` is the id of the EmailAsk that it confirms."""

    person_id: int
    ask: str
    until: datetime


@dataclass(frozen=True, slots=True)
class StopLink:
    """`mark` is that of the address which the mail went to (`mark_of`). `switch` is what the mail was about: None where
    nobody can switch that off by itself.
    """

    person_id: int
    mark: str
    switch: Switch | None = None


class EmailLinks:
    """Makes and reads them. `key` gives SECRET_KEY when it is called; what is signed here is good for nothing else."""

    def __init__(self, key: Callable[[], str], base_url: str) -> None:
        self._key, self._base_url = key, base_url

    def confirm_url(self, link: ConfirmLink) -> str:
        until = int(link.until.timestamp())
        return f"{self._base_url}{CONFIRM_PATH}?t={self._signed(_CONFIRM, str(link.person_id), link.ask, str(until))}"

    def stop_url(self, link: StopLink) -> str:
        return f"{self._base_url}{STOP_PATH}?t={self.stop_token(link)}"

    def stop_token(self, link: StopLink) -> str:
        return self._signed(_STOP, str(link.person_id), link.mark, link.switch.value if link.switch else "")

    def read_confirm(self, token: str, now: datetime) -> ConfirmLink:
        """Raises EmailLinkForged, EmailLinkOver."""
        person_id, ask, until = self._fields(token, _CONFIRM)
        link = ConfirmLink(int(person_id), ask, datetime.fromtimestamp(int(until), UTC))
        if now >= link.until:
            raise EmailLinkOver
        return link

    def read_stop(self, token: str) -> StopLink:
        """Raises EmailLinkForged. A switch that this version does not know any more is none."""
        person_id, mark, switch = self._fields(token, _STOP)
        return StopLink(int(person_id), mark, next(iter(known_switches([switch])), None))

    def _signed(self, *fields: str) -> str:
        body = "|".join(fields).encode()
        return to_text(self._signature(body) + body)

    def _fields(self, token: str, purpose: str) -> list[str]:
        raw = _decoded(token)
        signature, body = raw[:_SIGNATURE_BYTES], raw[_SIGNATURE_BYTES:]
        if not hmac.compare_digest(signature, self._signature(body)):
            raise EmailLinkForged
        found, *fields = body.decode().split("|")
        if found != purpose:
            raise EmailLinkForged
        return fields

    def _signature(self, body: bytes) -> bytes:
        own = hmac.digest(self._key().encode(), b"starbid.email.links", "sha256")
        return hmac.digest(own, body, "sha256")[:_SIGNATURE_BYTES]


def _decoded(token: str) -> bytes:
    """Only what was made by `_signed`: `to_bytes` lets other letters pass. Raises EmailLinkForged."""
    try:
        raw = to_bytes(token)
    except ValueError:
        raise EmailLinkForged from None
    if len(token) > _LONGEST or to_text(raw) != token:
        raise EmailLinkForged
    return raw
