"""Answers of the AI helper for Stars: packs, paid from the wallet or by an invoice in the chat."""

from __future__ import annotations

from starbid.assistant_standing import left_lines, pack_words, price_each
from starbid.assistant_words import invoice_words
from starbid.domain.assistant.terms import PackOffer
from starbid.domain.errors import InDebt, InsufficientFunds
from starbid.domain.limits import Deed
from starbid.domain.money import XTR
from starbid.telegram import keyboards
from starbid.telegram.keyboards import Button
from starbid.telegram.wallet_words import balance_line
from webhook import callback_data
from webhook.conversation import Conversation, patiently
from webhook.refusing import refuse
from webhook.screens import assistant_asking


def packs(chat: Conversation) -> None:
    """What is left, and what more of it costs."""
    chat.app.asking.require_offered()
    words, terms = chat.words, chat.app.settings.business.assistant
    offers = [f"• {pack_words(offer, words)}: {price_each(offer, words)}" for offer in terms.packs]
    lines = (
        words._("<b>Answers of the AI helper</b>"),
        *left_lines(chat.app.asking.standing(chat.person, chat.now), terms, words),
        "",
        words._("Bought answers can be used at any time. A question that is not answered costs nothing."),
        *offers,
    )
    rows = [(Button(pack_words(offer, words), f"ai:pack:{offer.credits}"),) for offer in terms.packs]
    chat.show("\n".join(lines), *rows, (_back(chat),))


def choose(chat: Conversation, number: int) -> None:
    """Ask how a pack is to be paid. The button of the wallet is good for one payment, at the price that it shows."""
    offer, words = _offer(chat, number), chat.words
    wallet = chat.app.store.wallet(chat.person.id, XTR)
    price = words.money(offer.price)
    rows = [(Button(words._("Pay {price} in Telegram", price=price), f"ai:inv:{offer.credits}"),)]
    if not wallet.owed and not wallet.missing(offer.price):
        data = f"ai:buy:{offer.credits}:{offer.stars}:{chat.turn}"
        rows.insert(0, (Button(words._("Pay {price} from the wallet", price=price), data),))
    lines = (f"<b>{pack_words(offer, words)}</b>", f"{words._('Wallet')}: {balance_line(wallet, words)}")
    chat.show("\n".join(lines), *rows, (Button(words._("Back"), "ai:packs"),))


def buy(chat: Conversation, number: int, shown: int, request_id: str) -> None:
    """From the wallet, once for each `request_id`; at another price than the `shown` one only after another look."""
    if not request_id.isalnum():
        raise callback_data.Garbled
    words, offer = chat.words, _offer(chat, number)
    if offer.stars != shown:
        chat.toast(words._("The price has changed."), alert=True)
        packs(chat)
        return
    try:
        chat.app.buying.buy(chat.person.id, number, request_id, chat.now)
    except (InsufficientFunds, InDebt) as error:
        price = words.money(offer.price)
        refuse(chat, error, (Button(words._("Pay {price} in Telegram", price=price), f"ai:inv:{number}"),))
        return
    chat.toast(words._("Paid."))
    if not assistant_asking.go_on(chat):
        chat.acted = True
        standing = chat.app.asking.standing(chat.person, chat.now)
        lines = left_lines(standing, chat.app.settings.business.assistant, words)
        chat.conclude("\n".join((words._("Paid."), *lines)), (Button(words._("Ask a question"), "ai:ask"),))


def invoice(chat: Conversation, number: int) -> None:
    """Paid in Telegram, the pack is there at once."""
    words, person_id = chat.words, chat.person.id
    offer = _offer(chat, number)
    chat.app.limits.require(Deed.INVOICE, person_id, chat.now)
    order, payload = chat.app.paying.order_pack(person_id, offer.credits, chat.now)
    keyboard = (
        (Button(words._("Pay {amount}", amount=words.money(order.amount)), pay=True),),
        (Button(words._("Check the purchase"), f"chk:{order.id}"),),
        (keyboards.menu(words),),
    )
    title, text = invoice_words(offer.credits, words)
    patiently(lambda: chat.app.bot.send_invoice(chat.chat_id, title, text, payload, order.amount, keyboard))
    chat.said = True


def _offer(chat: Conversation, number: int) -> PackOffer:
    """Raises NotOffered, and Garbled for a pack that is not sold any more."""
    chat.app.asking.require_offered()
    offer = chat.app.settings.business.assistant.pack_of(number)
    if offer is None:
        raise callback_data.Garbled
    return offer


def _back(chat: Conversation) -> Button:
    """To the question that waits here, or to the helper's own screen."""
    waits = assistant_asking.waiting_in(chat) is not None
    return Button(chat.words._("Back"), "ai:go" if waits else "go:ask")
