"""Logging in on a browser through the bot (spec, section 4: a link alone never logs anyone in).

The browser begins and gets a link with a code. In the chat the person sees which device asked and when, and confirms;
only then do they get a PIN, to be typed into the browser that began.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from datetime import datetime

from starbid.domain.errors import StarbidError
from starbid.services.ports import LOGIN_SECONDS, Counters, GivenPin, LoginAttempt, LoginAttempts

TRIES = 5
_CODE_BYTES = 10
_CODE = re.compile(r"[a-z2-7]{16}")


class LoginOver(StarbidError, code="login_over"):
    """The attempt is unknown, too old, used, refused, or was tried too often: begin again."""


class WrongPin(StarbidError, code="wrong_pin"):
    """The PIN is not the one that the bot gave, or it has not given one yet."""


class Logins:
    """Attempts live for ten minutes."""

    def __init__(self, attempts: LoginAttempts, counters: Counters) -> None:
        self._attempts, self._counters = attempts, counters

    def begin(self, browser: str, device: str, now: datetime) -> str:
        """A code of [a-z2-7] for a link to the bot. `browser` is a secret of the one that asks."""
        code = base64.b32encode(secrets.token_bytes(_CODE_BYTES)).decode().lower()
        self._attempts.begin(code, LoginAttempt(_digest(browser), device, now), now)
        return code

    def find(self, code: str, now: datetime) -> LoginAttempt:
        """Raises LoginOver."""
        attempt = self._attempts.find(code, now) if _CODE.fullmatch(code) else None
        if attempt is None:
            raise LoginOver
        return attempt

    def confirm(self, code: str, person_id: int, now: datetime) -> str:
        """The PIN, six digits, for the first who confirms; the same one when they ask again. Raises LoginOver."""
        self.find(code, now)
        pin = f"{secrets.randbelow(10**6):06}"
        if self._attempts.give_pin(code, GivenPin(pin, person_id), now):
            return pin
        given = self._attempts.given_pin(code, now)
        if given is None or given.person_id != person_id:
            raise LoginOver
        return given.pin

    def refuse(self, code: str, now: datetime) -> None:
        """It was not me: nobody logs in with this code any more. Raises LoginOver."""
        self.find(code, now)
        self._attempts.refuse(code)

    def who(self, code: str, browser: str, pin: str, now: datetime) -> int:
        """The person who confirmed, without logging them in: a right PIN stays as good as it was.

        Raises WrongPin, LoginOver.
        """
        attempt = self.find(code, now)
        if not hmac.compare_digest(attempt.browser, _digest(browser)):
            raise LoginOver
        if not self._count_try(code, 1, now):
            raise LoginOver
        given = self._attempts.given_pin(code, now)
        if given is None or not hmac.compare_digest(given.pin.encode(), pin.encode()):
            raise WrongPin
        self._count_try(code, -1, now)
        return given.person_id

    def finish(self, code: str, browser: str, pin: str, now: datetime) -> int:
        """The person who confirmed; once. Raises WrongPin, LoginOver."""
        person_id = self.who(code, browser, pin, now)
        if not self._attempts.use_up(code, now):
            raise LoginOver
        return person_id

    def _count_try(self, code: str, number: int, now: datetime) -> bool:
        """Before the PIN is looked at: many tries at once are as many tries."""
        return self._counters.count(f"login-tries#{code}", number, TRIES, LOGIN_SECONDS, now)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
