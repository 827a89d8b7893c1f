"""What Telegram is told of the bot once per deployment: commands in both languages, the menu button, the webhook.

`python -m starbid.telegram.registration` does all of it with the environment's settings.
"""

from __future__ import annotations

from collections.abc import Mapping

from starbid.config import Settings, read_settings
from starbid.domain.people import LANGUAGES
from starbid.i18n import Language, language
from starbid.telegram.bot_api import BotApi

UPDATES = [
    "message",
    "callback_query",
    "inline_query",
    "pre_checkout_query",
    "my_chat_member",
    "subscription",
    "stopped_message_generation",
]
"""What Telegram sends to the webhook. Payments and refunds come as messages."""
WEBHOOK_PATH = "/telegram/webhook"


def register_commands(bot: BotApi, settings: Settings) -> None:
    """The list beside the input field; English for all other languages."""
    with_helper = settings.business.assistant.is_offered
    for code in LANGUAGES:
        bot.set_commands(commands(language(code), with_helper=with_helper), None if code == "en" else code)


def register(bot: BotApi, settings: Settings) -> None:
    """Commands, menu button and webhook; both of the latter need an https address."""
    register_commands(bot, settings)
    if settings.base_url.startswith("https://"):
        bot.set_menu_button("Starbid", f"{settings.base_url}/")
        address = settings.base_url + WEBHOOK_PATH
        bot.set_webhook(address, settings.webhook_secret, UPDATES, settings.webhook_connections)


def commands(words: Language, *, with_helper: bool) -> list[tuple[str, str]]:
    """Name and description of each command that people pick from the list; the AI helper's only where it is offered."""
    _ = words._
    helper = [("ask", _("Ask the AI helper"))] if with_helper else []
    return [
        ("menu", _("Menu")),
        ("auctions", _("Live lots")),
        ("bids", _("My bids")),
        ("watchlist", _("Favourites")),
        ("my", _("My lots and deals")),
        ("sell", _("Sell something")),
        ("balance", _("Wallet: available, frozen, activity")),
        ("topup", _("Top up the wallet")),
        ("payout", _("Payouts of what you earned")),
        ("buy_stars", _("Top up the wallet with Stars")),
        ("subscribe", _("Subscription for sellers")),
        ("status", _("My account: wallet and subscription")),
        ("profile", _("Profile")),
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


def main(env: Mapping[str, str]) -> None:
    """Raises ConfigError, and what the Bot API raises."""
    settings = read_settings(env)
    register(BotApi(settings.bot_token, settings.telegram_api, test=settings.telegram_test), settings)


if __name__ == "__main__":
    import os

    main(os.environ)
