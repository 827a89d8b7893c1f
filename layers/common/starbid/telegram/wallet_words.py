"""A wallet in words."""

from __future__ import annotations

from collections.abc import Iterable

from starbid import deal_words, ledger_words
from starbid.domain.deals import DealTimes
from starbid.domain.money import CURRENCIES, Money, TopUp
from starbid.domain.wallet import Wallet
from starbid.i18n import Language
from starbid.services.statements import Escrowed, Movement, Statement
from starbid.telegram.html import title

SHOWN_DEALS = 3
"""Of each side; the site has them all."""


def balance_line(wallet: Wallet, words: Language) -> str:
    """Available and frozen, always side by side."""
    return words._(
        "Available {available}, frozen {held}.", available=words.money(wallet.available), held=words.money(wallet.held)
    )


def statement_lines(statement: Statement, currency: str, times: DealTimes, words: Language) -> list[str]:
    """What is on its way in a currency, and the last movements in it, as HTML; each part below an empty line."""
    _, lines = words._, []
    coming, spent = statement.to_come(currency), statement.in_escrow(currency)
    lines += [_("On its way to you: {amount}.", amount=words.money(coming))] if coming else []
    lines += [_("Paid for what you bought, in escrow: {amount}.", amount=words.money(spent))] if spent else []
    lines += [_sold(each, times, words) for each in _among(statement.coming, currency)]
    lines += [_bought(each, words) for each in _among(statement.spent, currency)]
    history = statement.histories.get(currency)
    moved = [_movement(each, words) for each in history.movements] if history else []
    return [*_apart(lines), *_apart([_("Latest activity:"), *moved] if moved else [_nothing_yet(currency, words)])]


def activity_lines(movements: Iterable[Movement], words: Language) -> list[str]:
    """Each movement with its time, as HTML."""
    return [f"{_movement(each, words)} · {words.moment(each.transfer.at)}" for each in movements]


def _nothing_yet(currency: str, words: Language) -> str:
    if CURRENCIES[currency].top_up is TopUp.STARS:
        return words._("No activity yet. 1 Star you pay is 1 Star in the wallet.")
    return words._("No activity yet.")


def _among(deals: Iterable[Escrowed], currency: str) -> list[Escrowed]:
    return [each for each in deals if each.deal.price.currency == currency][:SHOWN_DEALS]


def _apart(lines: list[str]) -> list[str]:
    return ["", *lines] if lines else []


def _sold(each: Escrowed, times: DealTimes, words: Language) -> str:
    waits = deal_words.waits(each.deal, each.stands, is_buyer=False)
    arrives = deal_words.arrives(each.deal, each.stands, times)
    told = f"{words.say(waits)}." + (f" {words.say(arrives)}" if arrives else "")
    return f"• {words.money(each.deal.payout)} · {_quoted(each.title, words)}: {told}"


def _bought(each: Escrowed, words: Language) -> str:
    waits = deal_words.waits(each.deal, each.stands, is_buyer=True)
    return f"• {words.money(each.deal.price)} · {_quoted(each.title, words)}: {words.say(waits)}."


def _movement(moved: Movement, words: Language) -> str:
    transfer = moved.transfer
    sign = "−" if transfer.change.amount < 0 else "+" if transfer.change else ""
    amount = words.money(Money(abs(transfer.change.amount), transfer.currency))
    about = ledger_words.movement_about(transfer.kind, _quoted(moved.title, words) if moved.title else "", words)
    parts = ledger_words.price_and_fee(transfer.change + moved.fee, moved.fee, words)
    return f"{sign}{amount} · {about}" + (f", {parts}" if parts else "")


def _quoted(lot_title: str, words: Language) -> str:
    return words._("“{title}”", title=title(lot_title, words))
