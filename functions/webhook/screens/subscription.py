"""The right to sell: 30 days from the wallet, or a subscription that Telegram renews."""

from __future__ import annotations

from starbid.domain.limits import Deed
from starbid.telegram import keyboards
from starbid.telegram.keyboards import Button
from starbid.wording import renewal
from webhook import reading
from webhook.registry import screens
from webhook.talk import Talk


@screens.command("subscribe")
def subscribe(talk: Talk, _rest: str) -> None:
    """Where the subscription stands, and two ways to pay. The pay button is good for one payment."""
    words = talk.words
    price = words.money(talk.app.settings.business.subscription)
    state = words._("With it you put up as many lots as you like for 30 days.")
    if talk.person.may_sell(talk.now) and talk.person.subscribed_until:
        state = words._("Yours runs until {moment}; 30 days more are added to it.",
                        moment=words.moment(talk.person.subscribed_until))  # fmt: skip
    lines = [words._("<b>Subscription</b>: {price} for 30 days.", price=price), state]
    lines += filter(None, [renewal(talk.person, words, talk.now)])
    talk.show(
        "\n".join(lines),
        (keyboards.pay_subscription(words._("Pay {amount} from the wallet", amount=price), talk.turn),),
        (keyboards.subscription_link(words._("Pay in Telegram, renewed monthly")),),
        (keyboards.go(words._("Wallet"), "balance"),),
    )


@screens.press("sub")
def press(talk: Talk, args: list[str]) -> None:
    """`pay:<turn>` or `link`."""
    if args[:1] == ["link"]:
        _link(talk)
    else:
        verb, request_id = reading.parts(args, 2)
        if verb != "pay" or not request_id.isalnum():
            raise reading.Garbled
        _pay(talk, request_id)


def _pay(talk: Talk, request_id: str) -> None:
    person = talk.app.people.subscribe(talk.person.id, request_id, talk.now)
    talk.acted = True
    assert person.subscribed_until is not None
    talk.toast(talk.words._("Paid."))
    talk.show(
        talk.words._("Subscribed until {moment}.", moment=talk.words.moment(person.subscribed_until)),
        (keyboards.go(talk.words._("Sell"), "sell"),),
    )


def _link(talk: Talk) -> None:
    words = talk.words
    talk.app.limits.require(Deed.INVOICE, talk.person.id, talk.now)
    order, payload = talk.app.paying.order_subscription(talk.person.id, talk.now)
    price = words.money(order.amount)
    title = words._("Starbid subscription")
    text = words._(
        "{price} every 30 days for the right to sell. Cancel in Telegram's settings at any time.", price=price
    )
    url = talk.app.stars.invoice_link(order, title, text, payload)
    talk.show(text, (Button(words._("Pay {amount}", amount=price), url=url),))
