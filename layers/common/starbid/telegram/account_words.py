"""A person's money in one currency, in one look."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from starbid.domain.deal_progress import Phase
from starbid.domain.money import Money
from starbid.domain.payable import Payable
from starbid.domain.payouts import Payout
from starbid.domain.wallet import Wallet
from starbid.i18n import Language
from starbid.services.statements import Escrowed, Statement

_GAP = 2


def block_lines(
    wallet: Wallet, statement: Statement, underway: Iterable[Payout], payable: Payable, words: Language
) -> list[str]:
    """What is there, one below the other, and what there is to say of it, as HTML. `underway`: payouts in all
    currencies that have not ended.
    """
    nothing = Money.zero(wallet.currency)
    leaving = sum((each.amount for each in underway if each.amount.currency == wallet.currency), nothing)
    rows = _rows(wallet, statement, leaving, words)
    width = max(len(name) for name, _ in rows) + _GAP
    table = "\n".join(f"{name:{width}}{amount}" for name, amount in rows)
    return [f"<pre>{table}</pre>", *_notes(wallet, statement, payable, words)]


def _rows(wallet: Wallet, statement: Statement, leaving: Money, words: Language) -> list[tuple[str, str]]:
    """The first two always, the others where there is something; a `+` where there are more deals than are counted."""
    _, money, more = words._, words.money, "" if statement.is_whole else "+"
    coming, spent = statement.to_come(wallet.currency), statement.in_escrow(wallet.currency)
    rows = [
        (_("Available"), wallet.available, ""),
        (_("Frozen"), wallet.held, ""),
        (_("On its way to you"), coming, more),
        (_("In escrow"), spent, more),
        (_("Being paid out"), leaving, ""),
        (_("Owed"), wallet.owed, ""),
    ]
    return [(name, money(amount) + tail) for at, (name, amount, tail) in enumerate(rows) if at < 2 or amount]


def _notes(wallet: Wallet, statement: Statement, payable: Payable, words: Language) -> list[str]:
    lines = list[str]()
    coming = [each for each in statement.coming if each.deal.price.currency == wallet.currency]
    if coming:
        lines.append(_coming(coming, words))
    if payable.had.all and payable.now != wallet.available:
        lines.append(_payable(payable, words))
    if wallet.owed:
        lines.append(
            words._("Whatever comes into this wallet settles it. Until then you cannot bid in this currency or sell.")
        )
    return lines


def _coming(coming: Sequence[Escrowed], words: Language) -> str:
    """From how many sales it comes, and when the first of it arrives if nobody does anything."""
    text = words.ngettext("On its way from {n} sale.", "On its way from {n} sales.", len(coming))
    arriving = [
        (each.stands.moves_at, each.deal.payout)
        for each in coming
        if each.stands.phase is Phase.CONFIRMING and each.stands.moves_at
    ]
    if not arriving:
        return text
    at, amount = min(arriving, key=lambda each: each[0])
    first = words._("{amount} arrives by {moment}.", amount=words.money(amount), moment=words.moment(at))
    return f"{text} {first}"


def _payable(payable: Payable, words: Language) -> str:
    if payable.now or not payable.later:
        return words._("Can be paid out now: {amount}.", amount=words.money(payable.now))
    first = payable.later[0]
    amount, moment = words.money(first.amount), words.moment(first.at)
    return words._("Can be paid out from {moment}: {amount}.", moment=moment, amount=amount)
