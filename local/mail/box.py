"""The mails that were sent, and how the next ones are to fail."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP

from local.clock import from_ms, to_ms
from local.stand_in import Refusal
from local.state import State
from local.troubles import NONE, Troubles

TROUBLES = {
    NONE: ("", 200),
    "busy": ("TooManyRequestsException", 429),
    "refused": ("MessageRejected", 400),
    "suspended": ("AccountSuspendedException", 400),
    "down": ("InternalFailure", 500),
}
"""SES's error and its status, by what the page calls it."""


@dataclass(frozen=True, slots=True)
class LocalMail:
    """`raw` is the mail as sent; `person` what it was tagged with; `told` what became of reports, newest last."""

    number: int
    sent_at: datetime
    to: str
    person: str
    raw: bytes
    told: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """As SES names a mail."""
        return f"0100018f-local-{self.number:08}-000000"

    @property
    def message(self) -> EmailMessage:
        parsed = message_from_bytes(self.raw, policy=SMTP)
        assert isinstance(parsed, EmailMessage)
        return parsed

    @property
    def subject(self) -> str:
        return str(self.message["Subject"] or "")

    def part(self, kind: str) -> str:
        """Its part in `plain` or `html`; "" where it has none."""
        body = self.message.get_body((kind,))
        return str(body.get_content()) if body else ""


class LocalMails:
    """`now` is the clock of the run. Mails survive a restart; told troubles do not."""

    def __init__(self, state: State, now: Callable[[], datetime]) -> None:
        self._state, self.now = state, now
        self.troubles = Troubles(TROUBLES)

    def add(self, to: str, person: str, raw: bytes) -> LocalMail:
        body = {"to": to, "person": person, "raw": base64.b64encode(raw).decode(), "told": []}
        with self._state.transaction():
            sql = "INSERT INTO mails (sent_at, body) VALUES (?, ?)"
            self._state.run(sql, to_ms(self.now()), json.dumps(body))
            number = self._state.one("SELECT last_insert_rowid()")
        return self.find(number)

    def find(self, number: int) -> LocalMail:
        """Raises Refusal."""
        rows = self._state.rows("SELECT number, sent_at, body FROM mails WHERE number = ?", number)
        if not rows:
            raise Refusal("There is no such mail.")
        return _read(*rows[0])

    def newest(self, limit: int) -> list[LocalMail]:
        rows = self._state.rows("SELECT number, sent_at, body FROM mails ORDER BY number DESC LIMIT ?", limit)
        return [_read(*row) for row in rows]

    def note(self, number: int, told: str) -> None:
        """What became of a report."""
        with self._state.transaction():
            body = json.loads(self._state.one("SELECT body FROM mails WHERE number = ?", number))
            body["told"].append(told)
            self._state.run("UPDATE mails SET body = ? WHERE number = ?", json.dumps(body), number)


def _read(number: int, sent_at: int, body: str) -> LocalMail:
    kept = json.loads(body)
    raw = base64.b64decode(kept["raw"])
    return LocalMail(number, from_ms(sent_at), kept["to"], kept["person"], raw, tuple(kept["told"]))
