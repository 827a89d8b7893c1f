"""The person: state of all, profile, settings, language."""

from __future__ import annotations

from starbid.domain.money import XTR
from starbid.domain.renewals import RenewalState, shown
from starbid.i18n import language
from starbid.telegram import keyboards
from starbid.telegram.html import escape
from starbid.telegram.keyboards import Button
from starbid.telegram.notice_words import balance_line
from starbid.telegram.rating_words import as_buyer, as_seller
from starbid.wording import renewal
from webhook import reading
from webhook.registry import screens
from webhook.talk import Talk


@screens.command("status")
def status(talk: Talk, _rest: str) -> None:
    """Wallet and subscription; a debt is settled from what is there, and told by its notice."""
    words, person = talk.words, talk.person
    (wallet,) = talk.app.debts.looked_at([talk.app.store.wallet(person.id, XTR)], talk.now)
    lines = [words._("<b>Status</b>"), f"{words._('Wallet')}: {balance_line(wallet, words)}", _subscription(talk)]
    failed = shown(person.renewals) is RenewalState.FAILED
    if failed:
        lines.append(words._("Pay from the wallet, or in Telegram with a new link."))
    renew = words._("Renew") if failed else words._("Subscription")
    talk.show(
        "\n".join(lines),
        (keyboards.go(words._("Wallet"), "balance"), keyboards.go(renew, "subscribe")),
        (keyboards.go(words._("My bids"), "bids"), keyboards.go(words._("My lots and deals"), "my")),
    )


@screens.command("profile")
def profile(talk: Talk, _rest: str) -> None:
    words, person = talk.words, talk.person
    lines = [
        f"<b>{escape(person.name)}</b>",
        words._("With us since {moment}.", moment=words.moment(person.joined_at)),
        words._("As a seller: {standing}", standing=as_seller(person.reputation, words)),
        words._("As a buyer: {standing}", standing=as_buyer(person.reputation, words)),
        _subscription(talk),
    ]
    talk.show(
        "\n".join(lines),
        (keyboards.site(words._("Profile on the site"), "/profile", talk.app.settings),),
        (keyboards.go(words._("Settings"), "settings"), keyboards.go(words._("My bids"), "bids")),
    )


@screens.command("settings")
def settings(talk: Talk, _rest: str) -> None:
    words = talk.words
    talk.show(
        words._("<b>Settings</b>\nYour language; the rest is on the site."),
        _languages(talk),
        (keyboards.site(words._("Settings on the site"), "/settings", talk.app.settings),),
    )


@screens.command("language")
def choose_language(talk: Talk, _rest: str) -> None:
    talk.show(talk.words._("Which language?"), _languages(talk))


@screens.press("lang")
def press_language(talk: Talk, args: list[str]) -> None:
    """`ru` or `en`."""
    (code,) = reading.parts(args, 1)
    talk.person = talk.app.people.set_language(talk.person.id, code)
    talk.words = language(talk.person.language)
    talk.acted = True
    talk.toast(talk.words._("From now on in English."))
    choose_language(talk, "")


def _languages(talk: Talk) -> tuple[Button, Button]:
    mark = talk.person.language
    return (
        Button(("✓ " if mark == "ru" else "") + "Русский", "lang:ru"),
        Button(("✓ " if mark == "en" else "") + "English", "lang:en"),
    )


def _subscription(talk: Talk) -> str:
    person, words = talk.person, talk.words
    line = words._("Subscription: none. It is needed to sell only.")
    if person.may_sell(talk.now) and person.subscribed_until:
        line = words._("Subscription: until {moment}.", moment=words.moment(person.subscribed_until))
    return f"{line} {renewal(person, words, talk.now)}".rstrip()
