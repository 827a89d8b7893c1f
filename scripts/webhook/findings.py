"""What is wrong with a bot and its webhook, in words for the operator."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from starbid.config import Settings
from starbid.telegram.bot_setup import BotRights, WebhookState
from starbid.telegram.registration import UPDATES, WEBHOOK_PATH, Outcome

YOUNG = timedelta(hours=1)
"""An error that is younger is probably still there."""
MOST_WAITING = 100
"""More updates wait only where they are not taken."""
UNSET_HOST = "unknown-until-deployed.invalid"
"""Of BaseUrl before the first deployment."""


class Weight(StrEnum):
    """WRONG ones fail the command."""

    FINE = "ok"
    NOTE = "!"
    WRONG = "X"


@dataclass(frozen=True, slots=True)
class Finding:
    """A line of the table."""

    what: str
    weight: Weight
    words: str


def of_entry(name: str, outcome: Outcome, said: str) -> Finding:
    """What became of one thing that Telegram keeps."""
    match outcome:
        case Outcome.SAME | Outcome.SET:
            return Finding(name, Weight.FINE, outcome.value)
        case Outcome.ABSENT:
            return Finding(name, Weight.NOTE, "this admin has not started the bot: let them, then run this again")
        case Outcome.REFUSED:
            return Finding(name, Weight.WRONG, f"Telegram refuses it: {said}")
        case _:
            return Finding(name, Weight.WRONG, "differs: make webhook sets it")


def of_bot(bot: BotRights, settings: Settings) -> list[Finding]:
    """Whether it is the right bot, and may do what the product needs."""
    found = []
    if bot.username.lower() == settings.bot_username.lower():
        found.append(Finding("bot", Weight.FINE, f"@{bot.username}"))
    else:
        words = f"the token is that of @{bot.username}, TelegramBotUsername says @{settings.bot_username}"
        found.append(Finding("bot", Weight.WRONG, words))
    if not bot.is_inline:
        found.append(Finding("inline mode", Weight.NOTE, "off: send /setinline to @BotFather, and a few words"))
    if not bot.joins_groups:
        words = "off, so nobody can have lots posted in one: send /setjoingroups to @BotFather"
        found.append(Finding("groups", Weight.NOTE, words))
    return found


def of_address(settings: Settings) -> Finding | None:
    """What is wrong with the site's address; None where Telegram can send updates to it."""
    if settings.base_url.endswith(UNSET_HOST):
        return Finding("address", Weight.WRONG, "BaseUrl is not set yet: deploy once more with the site's address")
    if not settings.base_url.startswith("https://"):
        return Finding("address", Weight.WRONG, f"Telegram sends updates to https only, BaseUrl is {settings.base_url}")
    return None


def of_webhook(state: WebhookState, settings: Settings, now: datetime) -> list[Finding]:
    """What Telegram says of the webhook, against what it was told."""
    wanted = f"{settings.base_url}{WEBHOOK_PATH}"
    found = [
        _same("webhook: address", state.url or "none", wanted),
        _same("webhook: updates", ", ".join(sorted(state.kinds)) or "Telegram's choice", ", ".join(sorted(UPDATES))),
        _same("webhook: parallel", str(state.most), str(settings.webhook_connections)),
    ]
    if state.own_certificate:
        words = "a certificate of your own was uploaded: AWS has another. Call deleteWebhook, then run this again"
        found.append(Finding("webhook: certificate", Weight.WRONG, words))
    heavy = Weight.NOTE if state.waiting > MOST_WAITING else Weight.FINE
    found.append(Finding("webhook: waiting", heavy, f"{state.waiting} updates"))
    if state.last_error:
        found.append(_last_error(*state.last_error, now))
    if len(settings.webhook_secrets) > 1:
        words = "two are accepted, a change was not finished: make webhook ARGS=--rotate"
        found.append(Finding("webhook: secret", Weight.NOTE, words))
    return found


def _same(what: str, told: str, wanted: str) -> Finding:
    if told == wanted:
        return Finding(what, Weight.FINE, told)
    return Finding(what, Weight.WRONG, f"{told}; wanted: {wanted}")


def _last_error(at: datetime, said: str, now: datetime) -> Finding:
    age = now - at
    if age >= YOUNG:
        return Finding("webhook: last error", Weight.FINE, f"{_ago(age)}: {said}")
    hint = next((words for sign, words in _HINTS.items() if sign in said), "look at the webhook's log")
    return Finding("webhook: last error", Weight.NOTE, f"{_ago(age)}: {said} ({hint})")


_HINTS = {
    "403": "it was sent with another secret than the stored one, which make webhook tells Telegram",
    "404": "the site's address is another's, or has a path too many",
    "429": "more at once than the account allows: make preflight",
    "500": "the function fails at its start or in its work: look at the webhook's log",
    "502": "the function fails at its start or in its work: look at the webhook's log",
    "503": "updates were given back: look at the webhook's log",
    "504": "the function took too long: look at the webhook's log",
    "SSL": "the certificate of the site's domain is not right",
    "resolve host": "the site's domain has no address",
    "timed out": "the site does not answer",
}
"""What is in Telegram's words, and what it mostly means."""


def _ago(age: timedelta) -> str:
    minutes = max(0, int(age.total_seconds() // 60))
    if minutes < 60:
        return f"{minutes} min ago"
    return f"{minutes // 60} h ago" if minutes < 48 * 60 else f"{minutes // 1440} d ago"
