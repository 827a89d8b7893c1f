"""Stars into the wallet: invoices and what became of them; the wallet itself."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest

from starbid.assistant_standing import left_lines
from starbid.domain.limits import Deed
from starbid.domain.money import XTR, Money, in_stars, stars
from starbid.domain.payments import Purpose
from starbid.domain.typed_numbers import typed_amount
from starbid.domain.unfinished import Act
from starbid.domain.wallet import Wallet, with_default
from starbid.i18n import Language
from starbid.services.ports import Publication
from starbid.telegram import keyboards
from starbid.telegram.keyboards import Button, Row
from starbid.telegram.updates import Said
from starbid.telegram.wallet_words import balance_line, statement_lines
from starbid.top_up_words import what_follows
from webhook import asking, callback_data
from webhook.conversation import Conversation, patiently
from webhook.money_step import settling_rows, top_up_button
from webhook.questions import Question
from webhook.registry import screens
from webhook.screens import activity, finishing

QUICK = (50, 100, 500, 1000)
MOVEMENTS = 5
TELEGRAM_STARS = "https://t.me/stars/buy"
_ORDER = 32


@dataclass(frozen=True)
class AskStars(Question):
    """How many?"""

    name = "stars"

    @property
    def again(self) -> str:
        return "go:buy_stars"


@screens.command("buy_stars")
def buy_stars(chat: Conversation, text: str) -> None:
    """An invoice over so many Stars, or the question how many."""
    words = chat.words
    if not text.strip():
        how_many = words._("How many Stars do you want to add? Send a whole number from 1 to {most}.",
                           most=_most(chat))  # fmt: skip
        asking.ask(chat, AskStars(), how_many, *_quick(chat))
        return
    try:
        _order(chat, text)
    except asking.AskAgain as fault:
        asking.ask(chat, AskStars(), fault.text, *fault.rows)


@screens.answer(AskStars, takes_anything=True)
def answer_stars(chat: Conversation, _question: AskStars, said: Said) -> None:
    _order(chat, said.text)


@screens.press("buy")
def press_stars(chat: Conversation, args: list[str]) -> None:
    """A button with an amount."""
    buy_stars(chat, str(callback_data.number(callback_data.parts(args, 1)[0])))


def top_up(chat: Conversation, amount: Money, act: Act | None, publication: Publication | None = None) -> None:
    """A button of one who lacks Stars: an invoice, and what is done once it is paid. None for what cannot be done any
    more, or is done. `publication`: what is put up then. Raises Garbled for a sum that is not sold.
    """
    number = in_stars(amount)
    if not 1 <= number <= chat.app.settings.business.max_stars_purchase:
        raise callback_data.Garbled
    if act is None or not finishing.is_settled(chat, act):
        _invoice(chat, number, act, publication)


@screens.press("chk", keeps_question=True)
def check(chat: Conversation, args: list[str]) -> None:
    """What became of an invoice, and of the act that waited for it: one that is still to be done is done now."""
    (order_id,) = callback_data.parts(args, 1)
    if not order_id.isalnum() or len(order_id) > _ORDER:
        raise callback_data.Garbled
    words, is_pack = chat.words, _is_pack(chat, order_id)
    match chat.app.paying.order_state(order_id, chat.person.id):
        case "credited" if is_pack:
            standing = chat.app.asking.standing(chat.person, chat.now)
            lines = left_lines(standing, chat.app.settings.business.assistant, words)
            text = f"{words._('Paid.')} {'; '.join(lines)}"
        case "open" if is_pack:
            text = words._("Not paid yet. Press the pay button above: the answers are there at once.")
        case "credited":
            finishing.finish(chat.aside(), order_id)
            wallet = chat.app.store.wallet(chat.person.id, XTR, consistent=True)
            text = f"{words._('Paid: the Stars are in your wallet.')} {balance_line(wallet, words)}"
        case "open":
            text = words._("Not paid yet. Press the pay button above: your wallet is topped up at once.")
        case _:
            text = words._("This invoice is no longer valid. Get a new one: /buy_stars")
    chat.toast(text, alert=True)


def _is_pack(chat: Conversation, order_id: str) -> bool:
    """Whether an order is over answers of the AI helper."""
    order = chat.app.paying.order_of(order_id, chat.person.id)
    return order is not None and order.purpose is Purpose.PACK


@screens.command("stars")
def stars_alone(chat: Conversation, _rest: str) -> None:
    """The wallet of Stars."""
    _wallets(chat, (chat.app.store.wallet(chat.person.id, XTR),))


@screens.command("balance")
def balance(chat: Conversation, _rest: str) -> None:
    """The wallets of all currencies."""
    _wallets(chat, with_default(chat.app.store.wallets(chat.person.id), chat.person.id), with_others=True)


def _wallets(chat: Conversation, found: tuple[Wallet, ...], *, with_others: bool = False) -> None:
    """Wallet by wallet what is available, held and on its way, and the last movements; and where Stars come from.
    `with_others`: also what is on its way in a currency of which there is no wallet.
    """
    words, me, times = chat.words, chat.person.id, chat.app.settings.business.deal_times
    settled = chat.app.debts.offset_all(found, chat.now)
    statement = chat.app.statements.of(me, [wallet.currency for wallet in found], chat.now, limit=MOVEMENTS)
    shown = statement.wallets(settled, me) if with_others else settled
    lines, offset_rows = [words._("<b>Wallet</b>")], list[Row]()
    for before, wallet in zip_longest(found, shown):
        line = balance_line(wallet, words)
        lines += [f"<b>{line}</b>" if len(shown) > 1 else line, *_debt_lines(before, wallet, words)]
        lines += [*statement_lines(statement, wallet.currency, times, words), ""]
        offset_rows += settling_rows(wallet.owed, chat.app.settings.business, words)
    lines += _own_stars(chat)
    _ = words._
    chat.show(
        "\n".join(lines).rstrip(),
        *offset_rows,
        (top_up_button(chat.app.settings.business, words), Button(_("Get Stars from Telegram"), url=TELEGRAM_STARS)),
        (keyboards.go(_("Payouts"), "payout"), keyboards.go(_("Refunds"), "paysupport")),
        *(activity.all_activity(wallet.currency, chat.words, alone=len(shown) == 1) for wallet in shown),
        (
            Button(_("Payments and receipts"), "rc:list"),
            keyboards.site(_("Wallet on the site"), "/wallet", chat.app.settings),
        ),
    )


def _own_stars(chat: Conversation) -> list[str]:
    """What the person has in Telegram itself, if they let the bot see it."""
    own = chat.app.own_stars.balance(chat.person)
    return (
        [chat.words._("In your Telegram account: {amount}.", amount=chat.words.money(own))] if own is not None else []
    )


def tell_connected(chat: Conversation) -> None:
    """The bot was connected to their account, with the right to view Stars."""
    text = chat.words._(
        "Connected. /stars now also shows the Stars in your Telegram account; we do not keep the figure. "
        "Disconnect the bot in Telegram's settings at any time."
    )
    chat.say(text, (keyboards.go(chat.words._("Wallet"), "balance"),))


def _debt_lines(before: Wallet | None, after: Wallet, words: Language) -> list[str]:
    """What has just been settled of a debt, and what is left of it."""
    _, lines = words._, []
    if before and after.owed < before.owed:
        settled = words.money(before.owed - after.owed)
        lines.append(_("{amount} settled the debt from a refunded payment.", amount=settled))
    if after.owed:
        lines.append(_("Debt from a refunded payment: {owed}.", owed=words.money(after.owed)))
        lines.append(
            _("Whatever comes into this wallet settles it. Until then you cannot bid in this currency or sell.")
        )
    return lines


def _quick(chat: Conversation) -> list[Row]:
    """Amounts to press."""
    most = chat.app.settings.business.largest_purchase
    quick = [keyboards.stars(chat.words.money(amount), amount) for amount in map(stars, QUICK) if amount <= most]
    return [tuple(quick[at : at + 2]) for at in range(0, len(quick), 2)]  # four in a row are cut on a phone


def _order(chat: Conversation, text: str) -> None:
    """An invoice over what was typed. Raises AskAgain for what is no such amount."""
    amount = typed_amount(text, XTR)
    if amount is None or not 1 <= amount.amount <= chat.app.settings.business.max_stars_purchase:
        fault = chat.words._("That is not a whole number from 1 to {most}. Send one, or /cancel.", most=_most(chat))
        raise asking.AskAgain(fault, *_quick(chat))
    _invoice(chat, amount.amount)


def _invoice(chat: Conversation, amount: int, act: Act | None = None, publication: Publication | None = None) -> None:
    words = chat.words
    chat.app.limits.require(Deed.INVOICE, chat.person.id, chat.now)
    order, payload = chat.app.paying.order_stars(chat.person.id, amount, chat.now, act)
    if publication:
        chat.app.draft_publishing.await_money(order.id, publication, chat.now)
    price = words.money(order.amount)
    keyboard = (
        (Button(words._("Pay {amount}", amount=price), pay=True),),
        (Button(words._("Check the purchase"), f"chk:{order.id}"),),
        (keyboards.menu(words),),
    )
    title = words._("{amount} for your wallet", amount=price)
    text = what_follows(act, words)
    patiently(lambda: chat.app.bot.send_invoice(chat.chat_id, title, text, payload, order.amount, keyboard))
    chat.said = True


def _most(chat: Conversation) -> str:
    return chat.words.money(chat.app.settings.business.largest_purchase)
