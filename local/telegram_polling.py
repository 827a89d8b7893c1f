"""The real bot from a laptop: polls Telegram for updates and passes each to our own webhook."""

from __future__ import annotations

import http.client
import json
import logging
import threading
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any

from local.state import State

ALLOWED_UPDATES = (
    "message",
    "callback_query",
    "inline_query",
    "pre_checkout_query",
    "my_chat_member",
    "subscription",
    "business_connection",
    "stopped_message_generation",
)
POLL_SECONDS = 25
LONGEST_PAUSE = 60.0
_OFFSET = "telegram.offset"

log = logging.getLogger("local.telegram")


class TelegramError(Exception):
    """Telegram refused a call, or did not answer (`code` 0). `retry_after` in seconds, where it says so."""

    def __init__(self, code: int, description: str, retry_after: float = 0.0) -> None:
        super().__init__(description)
        self.code = code
        self.retry_after = retry_after


class BotApi:
    """Calls methods of the Bot API. Its address holds the token, so it is never logged."""

    def __init__(self, base_url: str, token: str, *, test: bool = False) -> None:
        self._url = f"{base_url.rstrip('/')}/bot{token}" + ("/test" if test else "")

    def name(self) -> str:
        """The bot's user name, with a short timeout. Raises TelegramError."""
        told = self.call("getMe", patience=5.0)
        if not isinstance(told, dict) or "username" not in told:
            raise TelegramError(0, "no words")
        return str(told["username"])

    def call(self, method: str, patience: float = POLL_SECONDS + 10, **parameters: Any) -> Any:
        """The result of a method, waited for so many seconds. Raises TelegramError."""
        body, headers = json.dumps(parameters).encode(), {"Content-Type": "application/json"}
        try:  # of all of it: what refuses an address shows it, and the token in it
            request = urllib.request.Request(f"{self._url}/{method}", body, headers)  # noqa: S310 - from the settings
            with urllib.request.urlopen(request, timeout=patience) as response:  # noqa: S310
                return json.load(response)["result"]
        except urllib.error.HTTPError as error:
            raise _refusal(error) from None
        except (OSError, http.client.HTTPException, ValueError, KeyError, TypeError) as error:
            raise TelegramError(0, type(error).__name__) from None


def _refusal(error: urllib.error.HTTPError) -> TelegramError:
    try:
        answer = json.load(error)
        retry_after = float((answer.get("parameters") or {}).get("retry_after", 0))
        return TelegramError(error.code, str(answer.get("description", "")), retry_after)
    except (OSError, http.client.HTTPException, ValueError, AttributeError, TypeError):
        return TelegramError(error.code, "no words")


class Webhook:
    """Our own webhook, called as Telegram would call it."""

    def __init__(self, url: str, secret: str) -> None:
        self._url = url
        self._headers = {"Content-Type": "application/json", "X-Telegram-Bot-Api-Secret-Token": secret}

    def deliver(self, update: bytes) -> int:
        """The status it answers; 0 where it does not."""
        request = urllib.request.Request(self._url, update, self._headers)  # noqa: S310 - our own address
        try:
            with urllib.request.urlopen(request, timeout=60) as response:  # noqa: S310
                return int(response.status)
        except urllib.error.HTTPError as error:
            return error.code
        except (OSError, http.client.HTTPException):
            return 0


class Poller:
    """A thread that polls. An update counts as handled once `deliver` answers a status of 2xx."""

    def __init__(self, api: BotApi, state: State, deliver: Callable[[bytes], int]) -> None:
        self._api = api
        self._state = state
        self._deliver = deliver
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="telegram", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Ask it to end; it does after the running request."""
        self._ending.set()

    def _run(self) -> None:
        pause = 1.0
        has_webhook = True
        while not self._ending.is_set():
            try:
                if has_webhook:
                    self._api.call("deleteWebhook")
                    has_webhook = False
                self.poll()
                pause = 1.0
            except TelegramError as error:
                has_webhook = has_webhook or error.code == 409
                if error.code == 401:
                    log.error("Telegram does not know TELEGRAM_BOT_TOKEN; the bot gets no updates")
                    return
                log.warning("Telegram answered %s to the poll: %s", error.code or "nothing", error)
                self._ending.wait(error.retry_after or pause)
                pause = min(pause * 2, LONGEST_PAUSE)
            except Exception:
                log.exception("polling Telegram failed")
                self._ending.wait(pause)

    def poll(self) -> None:
        """Ask once and hand on what comes, in order. Raises TelegramError."""
        offset = int(self._state.note(_OFFSET) or 0)
        updates = self._api.call(
            "getUpdates", offset=offset, timeout=POLL_SECONDS, allowed_updates=list(ALLOWED_UPDATES)
        )
        for update in updates:
            if not self._hand_on(update):
                return
            self._state.set_note(_OFFSET, str(update["update_id"] + 1))

    def _hand_on(self, update: dict[str, Any]) -> bool:
        """Deliver until it is taken, as Telegram does; False where the run ends first."""
        pause = 1.0
        while not self._ending.is_set():
            status = self._deliver(json.dumps(update).encode())
            if 200 <= status < 300:
                return True
            log.warning("the webhook answered %d to an update; trying again in %d s", status, pause)
            self._ending.wait(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
        return False
