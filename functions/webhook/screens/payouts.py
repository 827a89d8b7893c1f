"""Payouts: what can be paid out, asking for it, and what became of it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from starbid.domain.limits import Deed
from starbid.domain.money import CURRENCIES, Money
from starbid.domain.payable import Payable
from starbid.domain.payout_errors import NoSuchPayout, NotPayable
from starbid.domain.payouts import DETAILS_LENGTH, GIFTS, Method, Payout, PayoutState, Wish, leaves_as_gift, read_wish
from starbid.domain.typed_numbers import typed_amount
from starbid.domain.wallet import Wallet, with_default
from starbid.payout_words import later_line, least_gift, method_name, offered, stands, why_wait
from starbid.telegram import keyboards
from starbid.telegram.html import escape
from starbid.telegram.keyboards import Button, Row
from starbid.telegram.updates import Said
from webhook import asking, callback_data
from webhook.conversation import Conversation
from webhook.questions import Question
from webhook.registry import screens

SHOWN, LATER = 5, 3


@dataclass(frozen=True)
class AskAmount(Question):
    """How much of this currency?"""

    name = "payout_amount"
    currency: str

    @property
    def again(self) -> str:
        return f"wd:ask:{self.currency}"


@dataclass(frozen=True)
class AskDetails(Question):
    """Where to? `amount` in minor units."""

    name = "payout_details"
    currency: str
    amount: int

    @property
    def again(self) -> str:
        return f"wd:ask:{self.currency}"


@dataclass(frozen=True)
class AskSure(Question):
    """Is all of it right? `request` makes it one payout, however often it is confirmed; what it says is kept aside."""

    name = "payout_sure"
    request: str

    @property
    def again(self) -> str:
        return "go:payout"


@screens.command("payout")
def payouts(chat: Conversation, _rest: str) -> None:
    """What can be paid out of each wallet, in which ways, and the last payouts."""
    words, person = chat.words, chat.person.id
    wallets = with_default(chat.app.store.wallets(person), person)
    lines, rows = [words._("<b>Payouts</b>")], list[Row]()
    for wallet in wallets:
        payable = chat.app.payouts.payable(person, wallet.currency, chat.now)
        lines += _wallet_lines(chat, wallet, payable)
        rows += _ways(chat, wallet, payable)
    lines += ["", why_wait(chat.app.settings.business.payout_hold_days, words)]
    mine = chat.app.payouts.all_of(person, limit=SHOWN).items
    if mine:
        lines += ["", words._("Your payouts:"), *(_line(chat, payout) for payout in mine)]
        rows += [_cancel_row(chat, payout) for payout in mine if payout.state is PayoutState.REQUESTED]
    site = keyboards.site(words._("All payouts"), "/wallet/payout", chat.app.settings)
    chat.show("\n".join(lines), *rows, (keyboards.go(words._("Wallet"), "balance"), site))


@screens.press("wd")
def press(chat: Conversation, args: list[str]) -> None:
    """`gift:<method>`, `GIFT:<method>:<request>`, `ask:<currency>`, `SURE`, `cancel:<payout>`; capitals are sure."""
    match args:
        case ["gift", method] if method in set(GIFTS):
            _review_gift(chat, Method(method))
        case ["GIFT", method, request] if method in set(GIFTS) and request.isalnum():
            _ask_gift(chat, Method(method), request)
        case ["ask", currency] if currency in CURRENCIES and not leaves_as_gift(currency):
            _ask_amount(chat, currency)
        case ["SURE"]:
            _sure(chat)
        case ["cancel", payout_id]:
            payout = chat.app.payouts.cancel(chat.person.id, callback_data.lot_id(payout_id), chat.now)
            chat.acted = True
            _concluded(chat, payout)
        case _:
            raise callback_data.Garbled


@screens.answer(AskAmount)
def answer_amount(chat: Conversation, question: AskAmount, said: Said) -> None:
    words, amount = chat.words, typed_amount(said.text, question.currency)
    payable = chat.app.payouts.payable(chat.person.id, question.currency, chat.now)
    if amount is None or not amount or amount > payable.now:
        most = words.money(payable.now)
        raise asking.AskAgain(words._("That is not an amount up to {most}. Send one, or /cancel.", most=most))
    text = words._(
        "Where should {amount} go? Send the details: bank, card or account number, name, up to {most} characters.\n"
        "Only the operators who pay it see them.",
        amount=words.money(amount),
        most=DETAILS_LENGTH,
    )
    asking.ask(chat, AskDetails(question.currency, amount.amount), text)


@screens.answer(AskDetails)
def answer_details(chat: Conversation, question: AskDetails, said: Said) -> None:
    _review(chat, read_wish(question.currency, question.amount, "", said.text))


@screens.answer(AskSure)
def answer_instead(chat: Conversation, question: AskSure, said: Said) -> None:
    """Who writes instead of pressing corrects the details. Raises NoSuchPayout where nobody knows of what."""
    wish = chat.app.payout_wishes.find(chat.person.id, question.request, chat.now)
    if wish is None:
        raise NoSuchPayout
    _review(chat, read_wish(wish.amount.currency, wish.amount.amount, "", said.text))


def _wallet_lines(chat: Conversation, wallet: Wallet, payable: Payable) -> list[str]:
    words = chat.words
    lines = [words._("Can be paid out now: {amount}.", amount=words.money(payable.now))]
    lines += [f"• {later_line(freed, words)}" for freed in payable.later[:LATER]]
    if leaves_as_gift(wallet.currency) and not offered(payable):
        least = words.money(least_gift())
        lines.append(words._("Stars are paid out as Telegram Premium, from {least} on.", least=least))
    return lines


def _ways(chat: Conversation, wallet: Wallet, payable: Payable) -> list[Row]:
    words = chat.words
    if leaves_as_gift(wallet.currency):
        return [
            (Button(f"{method_name(method, words)} · {words.money(GIFTS[method].price)}", f"wd:gift:{method}"),)
            for method in offered(payable)
        ]
    if not payable.now:
        return []
    name = words._("Pay out {currency}", currency=CURRENCIES[wallet.currency].sign)
    return [(Button(name, f"wd:ask:{wallet.currency}"),)]


def _line(chat: Conversation, payout: Payout) -> str:
    name, how = method_name(payout.method, chat.words), escape(stands(payout, chat.words))
    return f"• {chat.words.money(payout.amount)} · {name}: {how}"


def _cancel_row(chat: Conversation, payout: Payout) -> Row:
    text = chat.words._("Cancel the payout of {amount}", amount=chat.words.money(payout.amount))
    return (Button(text, f"wd:cancel:{payout.id}"),)


def _review_gift(chat: Conversation, method: Method) -> None:
    gift, words = GIFTS[method], chat.words
    _require_payable(chat, gift.price)
    text = words._(
        "Pay out {amount} as {method}?\nThe Stars leave your wallet now. Once an operator has approved it, the gift "
        "arrives in your Telegram account.",
        amount=words.money(gift.price),
        method=method_name(method, words),
    )
    sure = Button(words._("Ask for {amount}", amount=words.money(gift.price)), f"wd:GIFT:{method}:{_request_id()}")
    chat.show(text, (sure,), (keyboards.go(words._("Cancel"), "payout"),), back=False)


def _ask_gift(chat: Conversation, method: Method, request_id: str) -> None:
    price = GIFTS[method].price
    _request(chat, read_wish(price.currency, price.amount, method.value, ""), request_id)


def _ask_amount(chat: Conversation, currency: str) -> None:
    words = chat.words
    payable = chat.app.payouts.payable(chat.person.id, currency, chat.now)
    if not payable.now:
        raise NotPayable(payable.now)
    text = words._("How much should be paid out? Send an amount up to {most}.", most=words.money(payable.now))
    asking.ask(chat, AskAmount(currency), text)


def _review(chat: Conversation, wish: Wish) -> None:
    words, amount = chat.words, chat.words.money(wish.amount)
    text = words._(
        "Pay out {amount} to these details?\n<blockquote>{details}</blockquote>\nThe money leaves your wallet now. "
        "Until an operator has approved it you can cancel it.",
        amount=amount,
        details=escape(wish.details),
    )
    question = AskSure(_request_id())
    chat.app.payout_wishes.keep(chat.person.id, question.request, wish, chat.now)
    asking.ask(chat, question, text, (Button(words._("Ask for {amount}", amount=amount), "wd:SURE"),))


def _sure(chat: Conversation) -> None:
    """The question that stands above the button; confirmed once more it answers the same. Raises Garbled for one that
    was cancelled, or is too old.
    """
    asked = chat.questions.of_message(chat.pressed_on, chat.now)
    question = asked.read_as(AskSure) if asked and asked.name == AskSure.name else None
    if asked is None or question is None:
        raise callback_data.Garbled
    person, wishes = chat.person.id, chat.app.payout_wishes
    known = chat.app.payouts.asked(person, question.request)
    if known:
        _concluded(chat, known)
        return
    wish = wishes.find(person, question.request, chat.now) if asked.is_open(chat.now) else None
    if wish is None:
        raise callback_data.Garbled
    _request(chat, wish, question.request)
    asking.close(chat, asked)
    wishes.drop(person, question.request)


def _request(chat: Conversation, wish: Wish, request_id: str) -> None:
    chat.app.limits.require(Deed.PAYOUT, chat.person.id, chat.now)
    payout = chat.app.payouts.request(chat.person.id, wish, request_id, chat.now)
    chat.acted = True
    _concluded(chat, payout)


def _concluded(chat: Conversation, payout: Payout) -> None:
    text = chat.words._(
        "Payout of {amount}: {state}.",
        amount=chat.words.money(payout.amount),
        state=escape(stands(payout, chat.words)),
    )
    cancel = [_cancel_row(chat, payout)] if payout.state is PayoutState.REQUESTED else []
    chat.conclude(text, *cancel, (keyboards.go(chat.words._("Payouts"), "payout"),))


def _require_payable(chat: Conversation, amount: Money) -> None:
    payable = chat.app.payouts.payable(chat.person.id, amount.currency, chat.now)
    if amount > payable.now:
        raise NotPayable(payable.now)


def _request_id() -> str:
    return secrets.token_hex(8)
