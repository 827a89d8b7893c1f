"""Tells a person things in their browsers: implements services.ports.FurtherChannel.

Each browser gets a notice once, also where another one fails: what waits for one is not told again in another. Nobody
can make us wait for long: an exchange has its limit, and all of a notice together have theirs.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from starbid import observability
from starbid.domain.lots import Lot
from starbid.domain.people import Person
from starbid.further.push.delivery import Answer, Outcome
from starbid.further.push.encryption import encrypted
from starbid.further.push.guard import Target
from starbid.further.push.message import PushMessage, message
from starbid.further.push.vapid import Vapid
from starbid.further.said import said
from starbid.services.browsers import Browser, Browsers
from starbid.services.claiming import BUSY_SECONDS, KEEP_SECONDS, LEASE_SECONDS, Turn, claimed
from starbid.services.ports import Claims, Clock, Notice, Rejected, ToldInPart, TryLater, Unreachable
from starbid.telegram.tellings import Tellings

PATIENCE_SECONDS = 5.0
"""No browser is begun later: with the last exchange it is less than what the sender keeps for a message."""


class Line(Protocol):
    """What brings a message to a push service: `delivery.PushLine`."""

    def target(self, endpoint: str) -> Target | Answer: ...

    def post(self, target: Target, body: bytes, headers: Mapping[str, str], now: datetime) -> Answer: ...


class PushChannel:
    """`vapid` proves who we are; `base_url` is that of the site."""

    def __init__(
        self,
        browsers: Browsers,
        tellings: Tellings,
        line: Line,
        vapid: Vapid,
        claims: Claims,
        now: Clock,
        base_url: str,
    ) -> None:
        self._browsers, self._tellings, self._line, self._vapid = browsers, tellings, line, vapid
        self._claims, self._now, self._base_url = claims, now, base_url

    def tell(self, person: Person, notice: Notice, lot: Lot | None) -> None:
        """In each of the person's browsers. Those that could not take it get it when it comes again: raises ToldInPart
        where another one has just got it, and TryLater where none has.
        """
        browsers, now = self._browsers.of(person.id), self._now()
        if not browsers:
            raise Unreachable
        telling = self._tellings.of(person, notice, lot)
        made = message(said(telling), notice, lot, self._base_url, telling.words.code, now)
        waits: list[int] = []
        refused: list[str] = []
        is_told = False
        until = time.monotonic() + PATIENCE_SECONDS
        for browser in browsers:
            try:
                if time.monotonic() > until:
                    raise TryLater(BUSY_SECONDS)
                is_told = self._show_once(browser, made, notice, now) or is_told
            except TryLater as later:
                waits.append(later.seconds)
            except Unreachable:
                self._browsers.forget(person.id, browser.mark)
            except Rejected as refusal:
                refused.append(str(refusal))
        if waits:
            raise (ToldInPart if is_told else TryLater)(max(waits))
        if not self._browsers.of(person.id):
            raise Unreachable
        if len(refused) == len(browsers):
            raise Rejected(", ".join(refused))

    def _show_once(self, browser: Browser, made: PushMessage, notice: Notice, now: datetime) -> bool:
        """Whether it was shown now, and not before."""
        key = f"push#{notice.id}#{browser.mark}"
        with claimed(self._claims, key, LEASE_SECONDS, KEEP_SECONDS, now) as turn:
            if turn is Turn.BUSY:
                raise TryLater(BUSY_SECONDS)
            if turn is Turn.MINE:
                self._show(browser, made, now)
            return turn is Turn.MINE

    def _show(self, browser: Browser, made: PushMessage, now: datetime) -> None:
        """Raises TryLater; Unreachable where nobody is there any more; Rejected."""
        answer = self._answer(browser, made, now)
        match answer.outcome:
            case Outcome.TAKEN:
                self._browsers.reached(browser, now)
            case Outcome.GONE:
                raise Unreachable
            case Outcome.LATER if self._browsers.failed(browser, now):
                raise TryLater(answer.seconds)
            case _:
                observability.logger("starbid").warning("a browser was not told: %s", answer.said)
                raise Rejected(answer.said)

    def _answer(self, browser: Browser, made: PushMessage, now: datetime) -> Answer:
        target = self._line.target(browser.address.endpoint)
        if isinstance(target, Answer):
            return target
        headers = {
            **made.headers(),
            "Authorization": self._vapid.authorization(target.origin, now),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
        }
        return self._line.post(target, encrypted(made.content(), browser.address), headers, now)
