"""What Telegram keeps of the bot: the commands by language and by who sees them, what the bot says of itself, the menu
button. Each is asked for first, and told only where it differs.

The webhook is a matter of a deployment: `make webhook`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Any

from telegram import BotCommandScope

from starbid.config import Settings
from starbid.domain.people import LANGUAGES
from starbid.i18n import Language, language
from starbid.services.ports import Rejected, Unreachable
from starbid.telegram.bot_api import BotApi
from starbid.telegram.bot_setup import ADMINS_OF_GROUPS, DEFAULT, GROUPS, PRIVATE, Command, chat_scope

UPDATES = [
    "message",
    "callback_query",
    "inline_query",
    "pre_checkout_query",
    "my_chat_member",
    "subscription",
    "business_connection",
    "stopped_message_generation",
]
"""What Telegram sends to the webhook. Payments and refunds come as messages."""
WEBHOOK_PATH = "/telegram/webhook"
MENU_BUTTON = "Starbid"


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that Telegram keeps: how it is asked for and told, and what it is to be."""

    name: str
    wanted: Any
    read: Callable[[], Any]
    write: Callable[[Any], None]


class Outcome(StrEnum):
    """What became of an entry. ABSENT: the chat that it is for has not been opened yet."""

    SAME = "as it should be"
    SET = "set"
    DIFFERS = "differs"
    ABSENT = "no chat yet"
    REFUSED = "refused"


def entries(bot: BotApi, settings: Settings) -> Iterator[Entry]:
    """All of it. The menu button needs a site on https."""
    for code in LANGUAGES:
        yield from _of_language(bot, settings, language(code), None if code == "en" else code)
    if settings.base_url.startswith("https://"):
        wanted = (MENU_BUTTON, f"{settings.base_url}/")
        yield Entry("menu button", wanted, bot.menu_button, lambda button: bot.set_menu_button(*button))


def settle(entry: Entry, *, change: bool) -> tuple[Outcome, str]:
    """Ask, and with `change` tell where it differs; what Telegram said where it refused. Raises TryLater."""
    try:
        if entry.read() == entry.wanted:
            return Outcome.SAME, ""
        if not change:
            return Outcome.DIFFERS, ""
        entry.write(entry.wanted)
    except Unreachable:
        return Outcome.ABSENT, ""
    except Rejected as refusal:
        return Outcome.REFUSED, str(refusal)
    return Outcome.SET, ""


def introduce(bot: BotApi, settings: Settings) -> dict[str, Outcome]:
    """Tell all of it; what became of each. Raises TryLater."""
    return {entry.name: settle(entry, change=True)[0] for entry in entries(bot, settings)}


def _of_language(bot: BotApi, settings: Settings, words: Language, code: str | None) -> Iterator[Entry]:
    everybodys = commands(words, with_helper=settings.business.assistant.is_offered)
    operators = operators_commands(words, everybodys)
    admins = [(f"commands of admin {each}", chat_scope(each)) for each in sorted(settings.business.admin_ids)]
    seen_by: list[tuple[str, BotCommandScope | None, list[Command]]] = [
        ("commands", PRIVATE, everybodys),
        ("commands of groups", GROUPS, []),  # what is posted there is their admins' business
        ("commands of admins of groups", ADMINS_OF_GROUPS, [("connect", words._("Post lots here"))]),
        ("commands elsewhere", DEFAULT, []),  # would show in groups too
        *((name, scope, operators) for name, scope in admins),
    ]
    shown = code or "en"
    for name, scope, wanted in seen_by:
        read = partial(bot.commands, scope, code)
        yield Entry(f"{name}, {shown}", wanted, read, partial(bot.set_commands, scope=scope, language=code))
    for name, text, read_text, write_text in (
        ("description", description(words), bot.description, bot.set_description),
        ("short description", short_description(words), bot.short_description, bot.set_short_description),
    ):
        yield Entry(f"{name}, {shown}", text, partial(read_text, code), partial(_set_text, write_text, code))


def _set_text(write: Callable[[str, str | None], None], code: str | None, text: str) -> None:
    write(text, code)


def commands(words: Language, *, with_helper: bool) -> list[tuple[str, str]]:
    """Name and description of each command that people pick from the list; the AI helper's only where it is offered."""
    _ = words._
    helper = [("ask", _("Ask the AI helper"))] if with_helper else []
    return [
        ("menu", _("Menu")),
        ("auctions", _("Live lots")),
        ("bids", _("My bids")),
        ("watchlist", _("Favourites")),
        ("searches", _("Saved searches")),
        ("connect", _("Groups and channels")),
        ("my", _("My lots and deals")),
        ("sell", _("Sell something")),
        ("balance", _("Wallet: available, frozen, activity")),
        ("topup", _("Top up the wallet")),
        ("payout", _("Payouts of what you earned")),
        ("buy_stars", _("Top up the wallet with Stars")),
        ("subscribe", _("Subscription for sellers")),
        ("status", _("My account: wallet and subscription")),
        ("profile", _("Profile")),
        ("achievements", _("Achievements")),
        ("settings", _("Settings")),
        ("language", _("Language")),
        *helper,
        ("help", _("How it works")),
        ("support", _("Support")),
        ("paysupport", _("Refunds of payments")),
        ("terms", _("Terms")),
        ("privacy", _("Privacy")),
        ("cancel", _("Cancel this step")),
    ]


def operators_commands(words: Language, everybodys: list[Command]) -> list[Command]:
    """Everybody's, and the way to an operator's work before the others."""
    return [("admin", words._("For operators")), *everybodys]


def description(words: Language) -> str:
    """What stands in a chat before its first message, above the button that starts the bot: 512 characters at most."""
    return words._(
        "Auctions in Telegram.\n\n"
        "• Find a lot and bid. Every bid is covered by money in the wallet; outbid, and it comes back instantly.\n"
        "• You win: Starbid keeps the money until you confirm that you got the lot.\n"
        "• Sell your own: photos, a price, and the bidding starts.\n\n"
        "Press Start to see the live lots."
    )


def short_description(words: Language) -> str:
    """What stands in the bot's profile, and with a link to it: 120 characters at most."""
    return words._("Auctions in Telegram. Every bid is covered, and the seller is paid once you have the lot.")
