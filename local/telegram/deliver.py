"""Delivers updates to the bot's webhook: in order per chat, repeated until they arrive."""

from __future__ import annotations

import json
import logging
import sqlite3
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from local.telegram.store import Store

Transport = Callable[[str, bytes, Mapping[str, str]], int]
"""Posts a body with headers to a URL and returns the HTTP status; raises `OSError` without an answer."""

RETRY_DELAYS = (0.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 120.0)
REQUEST_SECONDS = 60
LIFE_SECONDS = {"callback_query": 150.0, "pre_checkout_query": 150.0, "inline_query": 15.0}
DEFAULT_LIFE_SECONDS = 86_400.0
PARALLEL_CHATS = 16

logger = logging.getLogger(__name__)


def post(url: str, body: bytes, headers: Mapping[str, str]) -> int:
    """The usual transport: a plain HTTP POST without proxies, as the webhook is on this machine."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    request = urllib.request.Request(url, data=body, headers=dict(headers), method="POST")  # noqa: S310
    try:
        with opener.open(request, timeout=REQUEST_SECONDS) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


class Courier:
    """A queue of updates per person that survives a restart, and the threads that empty it."""

    def __init__(
        self,
        store: Store,
        url: str,
        secret: str,
        transport: Transport = post,
        delays: Sequence[float] = RETRY_DELAYS,
    ) -> None:
        self._store = store
        self._url = url
        self._secret = secret
        self._held = False
        self._transport = transport
        self._delays = delays
        self._closing = threading.Event()
        self._changed = threading.Condition(store.lock)  # one lock for both: no lock order to get wrong
        self._running: set[int] = set()
        self._places = threading.BoundedSemaphore(PARALLEL_CHATS)
        self.last_error: tuple[float, str] | None = None

    def start(self) -> None:
        """Continue what an earlier process left."""
        for row in self._store.rows("SELECT DISTINCT person_id FROM updates"):
            self._wake(row["person_id"])

    def hold(self) -> None:
        """Deliver nothing until `resume`, or the next start; what is on its way arrives."""
        self._held = True

    def resume(self, secret: str) -> None:
        """Deliver with this secret, what waits first; none in the place of an empty one."""
        self._secret, self._held = secret, False
        self.start()

    def drop(self) -> None:
        """Forget what waits."""
        self._store.run("DELETE FROM updates")
        with self._changed:
            self._changed.notify_all()

    def send(self, person_id: int, kind: str, body: Mapping[str, Any]) -> None:
        """Queue an update of a person's chat, unless the bot did not subscribe to this kind."""
        wanted = json.loads(self._store.setting("allowed_updates") or "[]")
        if wanted and kind not in wanted:
            return
        with self._store.transaction():
            update_id = self._store.count("update_id")
            self._store.run(
                "INSERT INTO updates (update_id, person_id, kind, body, created) VALUES (?, ?, ?, ?, ?)",
                update_id,
                person_id,
                kind,
                json.dumps({"update_id": update_id, kind: body}),
                time.time(),
            )
        self._wake(person_id)

    def pending(self, person_id: int | None = None) -> int:
        """How many updates wait to be delivered, of one person or of all."""
        sql = "SELECT count(*) AS n FROM updates WHERE ? IS NULL OR person_id = ?"
        row = self._store.row(sql, person_id, person_id)
        return int(row["n"]) if row else 0

    def drain(self, timeout_seconds: float) -> bool:
        """Wait until everything was delivered; whether it was."""
        deadline = time.monotonic() + timeout_seconds
        with self._changed:
            while self.pending():
                left = deadline - time.monotonic()
                if left <= 0:
                    return False
                self._changed.wait(min(left, 0.5))
        return True

    def close(self, timeout_seconds: float = 5.0) -> None:
        """Stop; undelivered updates wait for the next start."""
        self._closing.set()
        deadline = time.monotonic() + timeout_seconds
        with self._changed:
            while self._running and time.monotonic() < deadline:
                self._changed.wait(0.1)

    def _wake(self, person_id: int) -> None:
        with self._changed:
            if person_id in self._running or self._closing.is_set():
                return
            self._running.add(person_id)
        threading.Thread(target=self._work, args=(person_id,), name=f"telegram-{person_id}", daemon=True).start()

    def _work(self, person_id: int) -> None:
        try:
            while (row := self._next(person_id)) is not None:
                self._handle(row)
        except sqlite3.ProgrammingError:
            logger.debug("the store was closed while updates were on their way")
            self._rest(person_id)

    def _next(self, person_id: int) -> sqlite3.Row | None:
        """The oldest update of a person; if there is none, the person has no thread any more, in one step."""
        with self._changed:
            sql = "SELECT * FROM updates WHERE person_id = ? ORDER BY update_id LIMIT 1"
            row = None if self._closing.is_set() or self._held else self._store.row(sql, person_id)
            if row is None:
                self._rest(person_id)
            return row

    def _rest(self, person_id: int) -> None:
        with self._changed:
            self._running.discard(person_id)
            self._changed.notify_all()

    def _handle(self, row: sqlite3.Row) -> None:
        if time.time() - row["created"] > LIFE_SECONDS.get(row["kind"], DEFAULT_LIFE_SECONDS):
            logger.warning("update %s was dropped: too old", row["update_id"])
            self._done(row)
        elif self._posted(row):
            self._done(row)
        else:
            delay = self._delays[min(row["attempts"], len(self._delays) - 1)]
            self._store.run("UPDATE updates SET attempts = attempts + 1 WHERE update_id = ?", row["update_id"])
            self._closing.wait(delay)

    def _posted(self, row: sqlite3.Row) -> bool:
        with self._places:
            try:
                headers = {"Content-Type": "application/json"}
                headers |= {"X-Telegram-Bot-Api-Secret-Token": self._secret} if self._secret else {}
                status = self._transport(self._url, row["body"].encode(), headers)
            except Exception as error:  # after any error the update is tried again
                self._failed(row, f"Connection failed: {error}")
                return False
        if 200 <= status < 300:
            return True
        self._failed(row, f"Wrong response from the webhook: {status}")
        return False

    def _failed(self, row: sqlite3.Row, reason: str) -> None:
        self.last_error = (time.time(), reason)
        logger.warning("update %s was not delivered: %s", row["update_id"], reason)

    def _done(self, row: sqlite3.Row) -> None:
        self._store.run("DELETE FROM updates WHERE update_id = ?", row["update_id"])
        with self._changed:
            self._changed.notify_all()
