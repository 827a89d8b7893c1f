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
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from starbid.domain.errors import StarbidError
from starbid.services.ports import Scratch

LIFE_SECONDS = 600
TRIES = 5
_CODE_BYTES = 10
_CODE = re.compile(r"[a-z2-7]{16}")


class LoginOver(StarbidError):
    """The attempt is unknown, too old, used, refused, or was tried too often: begin anew."""

    code = "login_over"


class WrongPin(StarbidError):
    """The PIN is not the one that the bot gave, or it has not given one yet."""

    code = "wrong_pin"


@dataclass(frozen=True, slots=True)
class Attempt:
    """What the person is shown before they confirm."""

    device: str
    began_at: datetime


class Logins:
    """Attempts live for ten minutes, in scratch."""

    def __init__(self, scratch: Scratch) -> None:
        self._scratch = scratch

    def begin(self, browser: str, device: str, now: datetime) -> str:
        """A code of [a-z2-7] for a link to the bot. `browser` is a secret of the one that asks."""
        code = base64.b32encode(secrets.token_bytes(_CODE_BYTES)).decode().lower()
        facts = {"browser": _digest(browser), "device": device, "began_at": now.isoformat()}
        self._scratch.put(_key("attempt", code), facts, LIFE_SECONDS, now)
        return code

    def find(self, code: str, now: datetime) -> Attempt:
        """Raises LoginOver."""
        facts = self._attempt(code, now)
        return Attempt(facts["device"], datetime.fromisoformat(facts["began_at"]))

    def confirm(self, code: str, person_id: int, now: datetime) -> str:
        """The PIN, six digits, for the first who confirms; the same one when they ask again. Raises LoginOver."""
        self._attempt(code, now)
        pin = f"{secrets.randbelow(10**6):06}"
        if self._scratch.claim(_key("confirmed", code), LIFE_SECONDS, now):
            self._scratch.put(_key("pin", code), {"pin": pin, "person": person_id}, LIFE_SECONDS, now)
            return pin
        given = self._scratch.get(_key("pin", code), now)
        if given is None or given["person"] != person_id:
            raise LoginOver
        return str(given["pin"])

    def refuse(self, code: str, now: datetime) -> None:
        """It was not me: nobody logs in with this code any more. Raises LoginOver."""
        self._attempt(code, now)
        self._scratch.put(_key("attempt", code), {}, LIFE_SECONDS, now)

    def who(self, code: str, browser: str, pin: str, now: datetime) -> int:
        """The person who confirmed, without logging them in: a right PIN stays as good as it was.

        Raises WrongPin, LoginOver.
        """
        facts = self._attempt(code, now)
        if not hmac.compare_digest(facts["browser"], _digest(browser)):
            raise LoginOver
        tries = (_key(f"try{n}", code) for n in range(TRIES))
        claimed = next((key for key in tries if self._scratch.claim(key, LIFE_SECONDS, now)), None)
        if claimed is None:
            raise LoginOver
        given = self._scratch.get(_key("pin", code), now)
        if given is None or not hmac.compare_digest(str(given["pin"]).encode(), pin.encode()):
            raise WrongPin
        self._scratch.forget(claimed)
        return int(given["person"])

    def finish(self, code: str, browser: str, pin: str, now: datetime) -> int:
        """The person who confirmed; once. Raises WrongPin, LoginOver."""
        person_id = self.who(code, browser, pin, now)
        if not self._scratch.claim(_key("used", code), LIFE_SECONDS, now):
            raise LoginOver
        return person_id

    def _attempt(self, code: str, now: datetime) -> dict[str, Any]:
        facts = self._scratch.get(_key("attempt", code), now) if _CODE.fullmatch(code) else None
        if not facts:
            raise LoginOver
        return facts


def _key(what: str, code: str) -> str:
    return f"login-{what}#{code}"


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
