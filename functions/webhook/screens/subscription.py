"""The right to sell: 30 days from the wallet, or a subscription that Telegram renews."""

from __future__ import annotations

from starbid.domain.errors import InDebt, InsufficientFunds, Spent
from starbid.domain.limits import Deed
from starbid.domain.people import Person
from starbid.domain.unfinished import SubscribeAct
from starbid.telegram import keyboards
from starbid.telegram.keyboards import Button, Row
from starbid.wording import refusal, renewal
from webhook import callback_data
from webhook.conversation import Conversation
from webhook.money_step import top_up_rows
from webhook.refusing import refuse
from webhook.registry import screens
from webhook.screens.renewals import renewal_rows


@screens.command("subscribe")
def subscribe(chat: Conversation, _rest: str) -> None:
    """Where the subscription stands, and two ways to pay. The pay button is good for one payment."""
    words = chat.words
    price = words.money(chat.app.settings.business.subscription)
    state, pay = (
        words._("It covers as many lots as you like for 30 days."),
        words._("Subscribe for {price} from the wallet", price=price),
    )
    if chat.person.may_sell(chat.now) and chat.person.subscribed_until:
        pay = words._("Add 30 days for {price} from the wallet", price=price)
        state = words._("Yours runs until {moment}; 30 more days will be added.",
                        moment=words.moment(chat.person.subscribed_until))  # fmt: skip
    lines = [words._("<b>Subscription</b>: {price} for 30 days.", price=price), state]
    lines += filter(None, [renewal(chat.person, words, chat.now)])
    chat.show(
        "\n".join(lines),
        *from_the_wallet(chat, pay),
        (keyboards.subscription_link(words._("Pay in Telegram, renewed monthly")),),
        *renewal_rows(chat.person, words, chat.now),
        (keyboards.go(words._("Wallet"), "balance"),),
    )


def from_the_wallet(chat: Conversation, label: str) -> tuple[Row, ...]:
    """The button that pays, under its `label`; topping up and subscribing in one step where the Stars do not reach."""
    business = chat.app.settings.business
    wallet = chat.app.store.wallet(chat.person.id, business.subscription.currency)
    missing = wallet.missing(business.subscription)
    if missing is None or wallet.owed:
        return ((keyboards.pay_subscription(label, chat.turn),),)
    act = SubscribeAct(chat.turn, extends=chat.person.may_sell(chat.now))
    return top_up_rows(missing, act, business, chat.words)


def subscription_line(chat: Conversation) -> str:
    """Until when the person may sell, and whether Telegram renews it, where other things are told too."""
    person, words = chat.person, chat.words
    line = words._("Subscription: none. You need one only to sell.")
    if person.may_sell(chat.now) and person.subscribed_until:
        line = words._("Subscription: until {moment}.", moment=words.moment(person.subscribed_until))
    return f"{line} {renewal(person, words, chat.now)}".rstrip()


@screens.press("sub")
def press(chat: Conversation, args: list[str]) -> None:
    """`pay:<turn>` or `link`."""
    if args[:1] == ["link"]:
        _link(chat)
    else:
        verb, request_id = callback_data.parts(args, 2)
        if verb != "pay" or not request_id.isalnum():
            raise callback_data.Garbled
        _pay(chat, request_id)


def _pay(chat: Conversation, request_id: str) -> None:
    """What was paid already is told again while it lasts; a button whose days are over gives way to a fresh one."""
    try:
        person = chat.app.people.subscribe(chat.person.id, request_id, chat.now)
    except (InsufficientFunds, InDebt) as error:
        refuse(chat, error, act=SubscribeAct(request_id, extends=chat.person.may_sell(chat.now)))
        return
    except Spent as error:
        chat.toast(refusal(error, chat.words), alert=True)
        subscribe(chat, "")
        return
    chat.acted = True
    chat.toast(chat.words._("Paid."))
    show_subscribed(chat, person)


def show_subscribed(chat: Conversation, person: Person) -> None:
    """Until when the person may sell."""
    assert person.subscribed_until is not None
    chat.conclude(
        chat.words._("Subscribed until {moment}.", moment=chat.words.moment(person.subscribed_until)),
        (keyboards.go(chat.words._("Sell"), "sell"),),
    )


def _link(chat: Conversation) -> None:
    words = chat.words
    chat.app.limits.require(Deed.INVOICE, chat.person.id, chat.now)
    order, payload = chat.app.paying.order_subscription(chat.person.id, chat.now)
    price = words.money(order.amount)
    title = words._("Starbid subscription")
    text = words._(
        "{price} every 30 days for the right to sell. Cancel in Telegram's settings at any time.", price=price
    )
    url = chat.app.gateways[order.provider].invoice_link(order, title, text, payload)
    chat.show(text, (Button(words._("Pay {amount}", amount=price), url=url),))
