"""Stars into the wallet: invoices and what became of them; the wallet itself."""

from __future__ import annotations

from typing import Any

from starbid import wording
from starbid.domain.ledger import Transfer
from starbid.domain.limits import Deed
from starbid.domain.money import XTR, Money
from starbid.domain.wallet import Wallet
from starbid.i18n import Language
from starbid.telegram import keyboards
from starbid.telegram.keyboards import Button
from starbid.telegram.notice_words import balance_line
from webhook import dialogues, reading
from webhook.registry import screens
from webhook.screens.about_lot import leave_button
from webhook.talk import Talk, patiently

QUICK = (50, 100, 500, 1000)
MOVEMENTS = 5
TELEGRAM_STARS = "https://t.me/stars/buy"
_ORDER = 32


@screens.command("buy_stars")
def buy_stars(talk: Talk, text: str) -> None:
    """An invoice over so many Stars, or the question how many."""
    if not text.strip():
        _ask(talk, talk.words._("How many Stars do you want in your wallet? Send a whole number from 1 to {most}.",
                                most=_most(talk)))  # fmt: skip
        return
    amount = reading.typed_whole(text)
    if amount is None or not 1 <= amount <= talk.app.settings.business.max_stars_purchase:
        _ask(talk, talk.words._("That is not a whole number from 1 to {most}. Send one, or /cancel.", most=_most(talk)))
        return
    _invoice(talk, amount)
    dialogues.leave(talk)


@screens.answer("stars", takes_anything=True)
def answer_stars(talk: Talk, _state: dict[str, Any], text: str) -> None:
    buy_stars(talk, text or "?")


@screens.press("buy")
def press_stars(talk: Talk, args: list[str]) -> None:
    """A button with an amount."""
    buy_stars(talk, str(reading.number(reading.parts(args, 1)[0])))


@screens.press("chk", keeps_question=True)
def check(talk: Talk, args: list[str]) -> None:
    """What became of an invoice."""
    (order_id,) = reading.parts(args, 1)
    if not order_id.isalnum() or len(order_id) > _ORDER:
        raise reading.Garbled
    words = talk.words
    match talk.app.paying.order_state(order_id, talk.person.id):
        case "credited":
            wallet = talk.app.store.wallet(talk.person.id, XTR, consistent=True)
            text = f"{words._('Paid: the Stars are in your wallet.')} {balance_line(wallet, words)}"
        case "open":
            text = words._("Not paid yet. Press the pay button above; your wallet is topped up at once.")
        case _:
            text = words._("This invoice is not known any more. Ask for a new one with /buy_stars.")
    talk.toast(text, alert=True)


@screens.command("stars", "balance")
def balance(talk: Talk, _rest: str) -> None:
    """Available and held, the last movements, and where Stars come from."""
    words = talk.words
    found = {wallet.currency: wallet for wallet in talk.app.store.wallets(talk.person.id)}
    found.setdefault(XTR, Wallet.empty(talk.person.id, XTR))
    lines, owed = [words._("<b>Wallet</b>")], Money.zero(XTR)
    for wallet in talk.app.debts.looked_at(found.values(), talk.now):
        lines += [balance_line(wallet, words), *_debt_lines(found[wallet.currency], wallet, words)]
        owed = wallet.owed or owed
    movements = talk.app.store.transfers(talk.person.id, XTR, limit=MOVEMENTS).items
    if movements:
        lines += ["", words._("Last movements:"), *(_movement(transfer, words) for transfer in movements)]
    else:
        lines.append(words._("No movements yet. 1 Star you pay is 1 Star in the wallet."))
    _ = words._
    owed = Money(min(owed.amount, talk.app.settings.business.max_stars_purchase), XTR)
    settle = ((keyboards.stars(_("Settle {amount}", amount=words.money(owed)), owed),),) if owed else ()
    talk.show(
        "\n".join(lines),
        *settle,
        (keyboards.go(_("Top up"), "buy_stars"), Button(_("Get Stars from Telegram"), url=TELEGRAM_STARS)),
        (keyboards.go(_("Refunds"), "paysupport"), keyboards.site(_("All movements"), "/wallet", talk.app.settings)),
    )


def _debt_lines(before: Wallet, after: Wallet, words: Language) -> list[str]:
    """What has just been settled of a debt, and what is left of it."""
    _, lines = words._, []
    if after.owed < before.owed:
        settled = words.money(before.owed - after.owed)
        lines.append(_("{amount} settled what a refunded payment had left open.", amount=settled))
    if after.owed:
        lines.append(_("Open from a refunded payment: {owed}.", owed=words.money(after.owed)))
        lines.append(_("Whatever comes into your wallet settles it; until then you cannot bid or sell."))
    return lines


def _ask(talk: Talk, text: str) -> None:
    dialogues.ask(talk, "stars")
    most = talk.app.settings.business.max_stars_purchase
    quick = [keyboards.stars(talk.words.money(Money(n, XTR)), Money(n, XTR)) for n in QUICK if n <= most]
    rows = [tuple(quick[at : at + 2]) for at in range(0, len(quick), 2)]  # four in a row are cut on a phone
    talk.say(text, *rows, (leave_button(talk),), back=False)


def _invoice(talk: Talk, amount: int) -> None:
    words = talk.words
    talk.app.limits.require(Deed.INVOICE, talk.person.id, talk.now)
    order, payload = talk.app.paying.order_stars(talk.person.id, amount, talk.now)
    price = words.money(order.amount)
    keyboard = (
        (Button(words._("Pay {amount}", amount=price), pay=True),),
        (Button(words._("Check the purchase"), f"chk:{order.id}"),),
        (keyboards.menu(words),),
    )
    title = words._("{amount} for your wallet", amount=price)
    text = words._("{amount} go into your Starbid wallet at once. Unspent, they can be refunded.", amount=price)
    patiently(lambda: talk.app.bot.send_invoice(talk.chat_id, title, text, payload, amount, keyboard))
    talk.said = True


def _movement(transfer: Transfer, words: Language) -> str:
    sign = "−" if transfer.change.amount < 0 else "+" if transfer.change else ""
    amount = words.money(Money(abs(transfer.change.amount), transfer.currency))
    return f"{sign}{amount} · {wording.movement(transfer.kind, words)}"


def _most(talk: Talk) -> str:
    return talk.words.money(Money(talk.app.settings.business.max_stars_purchase, XTR))
