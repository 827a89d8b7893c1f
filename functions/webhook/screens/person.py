"""The person: state of all, profile, settings, language."""

from __future__ import annotations

from starbid.assistant_standing import left_lines
from starbid.domain.renewals import RenewalState, shown
from starbid.domain.wallet import with_default
from starbid.telegram import keyboards
from starbid.telegram.html import escape
from starbid.telegram.keyboards import Button
from starbid.telegram.rating_words import as_buyer, as_seller
from starbid.telegram.wallet_words import balance_line
from starbid.wording import renewal
from webhook import callback_data
from webhook.conversation import Conversation
from webhook.registry import screens
from webhook.screens.zones import zone_button


@screens.command("status")
def status(chat: Conversation, _rest: str) -> None:
    """Wallets, subscription, answers of the AI helper; a debt is settled from what is there, and told by its notice."""
    words, person = chat.words, chat.person
    wallets = chat.app.debts.offset_all(with_default(chat.app.store.wallets(person.id), person.id), chat.now)
    lines = [words._("<b>My account</b>"), *(f"{words._('Wallet')}: {balance_line(each, words)}" for each in wallets)]
    lines.append(_subscription(chat))
    if chat.app.settings.business.assistant.is_offered:
        lines += _helper(chat)
    failed = shown(person.renewals) is RenewalState.FAILED
    if failed:
        lines.append(words._("Pay from the wallet, or in Telegram with a new link."))
    renew = words._("Renew") if failed else words._("Subscription")
    chat.show(
        "\n".join(lines),
        (keyboards.go(words._("Wallet"), "balance"), keyboards.go(renew, "subscribe")),
        (keyboards.go(words._("My bids"), "bids"), keyboards.go(words._("My lots and deals"), "my")),
    )


@screens.command("profile")
def profile(chat: Conversation, _rest: str) -> None:
    words, person = chat.words, chat.person
    lines = [
        f"<b>{escape(person.name)}</b>",
        words._("On Starbid since {moment}.", moment=words.moment(person.joined_at)),
        words._("As a seller: {standing}", standing=as_seller(person.reputation, words)),
        words._("As a buyer: {standing}", standing=as_buyer(person.reputation, words)),
        _subscription(chat),
    ]
    chat.show(
        "\n".join(lines),
        (keyboards.site(words._("Profile on the site"), "/profile", chat.app.settings),),
        (keyboards.go(words._("Settings"), "settings"), keyboards.go(words._("My bids"), "bids")),
    )


@screens.command("settings")
def settings(chat: Conversation, _rest: str) -> None:
    words = chat.words
    chat.show(
        words._("<b>Settings</b>\nYour language and time zone; the rest is on the site."),
        _languages(chat),
        (zone_button(chat),),
        (keyboards.site(words._("Settings on the site"), "/settings", chat.app.settings),),
    )


@screens.command("language")
def choose_language(chat: Conversation, _rest: str) -> None:
    chat.show(chat.words._("Which language?"), _languages(chat))


@screens.press("lang")
def press_language(chat: Conversation, args: list[str]) -> None:
    """`ru` or `en`."""
    (code,) = callback_data.parts(args, 1)
    chat.known_as(chat.app.people.set_language(chat.person.id, code))
    chat.acted = True
    chat.toast(chat.words._("The language is now English."))
    choose_language(chat, "")


def _languages(chat: Conversation) -> tuple[Button, Button]:
    mark = chat.person.language
    return (
        Button(("✓ " if mark == "ru" else "") + "Русский", "lang:ru"),
        Button(("✓ " if mark == "en" else "") + "English", "lang:en"),
    )


def _helper(chat: Conversation) -> list[str]:
    """Answers that are left."""
    standing = chat.app.asking.standing(chat.person, chat.now)
    lines = left_lines(standing, chat.app.settings.business.assistant, chat.words)
    return [chat.words._("AI helper:"), *(f"• {line}" for line in lines)]


def _subscription(chat: Conversation) -> str:
    person, words = chat.person, chat.words
    line = words._("Subscription: none. You need one only to sell.")
    if person.may_sell(chat.now) and person.subscribed_until:
        line = words._("Subscription: until {moment}.", moment=words.moment(person.subscribed_until))
    return f"{line} {renewal(person, words, chat.now)}".rstrip()
