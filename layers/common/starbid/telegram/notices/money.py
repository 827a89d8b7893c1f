"""Notices in words about one's money and the right to sell."""

from __future__ import annotations

from datetime import datetime

from starbid.domain.money import CURRENCIES, TopUp
from starbid.domain.renewals import RenewalState
from starbid.domain.unfinished import BidAct
from starbid.services.notices import money
from starbid.services.notices.registry import unpack_money
from starbid.telegram import keyboards
from starbid.telegram.keyboards import Button, Keyboard
from starbid.telegram.notices.telling import Message, Telling, offset_button, says, wallet_button
from starbid.telegram.wallet_words import balance_line


@says(money.CREDITED)
def _credited(t: Telling) -> Message:
    """With the way back to what the money was brought for; it asks for nothing once that is done."""
    text = t.words._("{amount} was added to your wallet.", amount=t.money("amount"))
    return f"{text}\n{balance_line(t.balance(), t.words)}", _leading_to(_waiting(t) or _find(t), t)


@says(money.REFUNDED)
def _refunded(t: Telling) -> Message:
    if CURRENCIES[unpack_money(t.facts["amount"]).currency].top_up is TopUp.STARS:
        text = t.words._("{amount} has been refunded to you in Telegram Stars.", amount=t.money("amount"))
    else:
        text = t.words._("Your payment of {amount} was taken back by the payment service.", amount=t.money("amount"))
    owed = unpack_money(t.facts["owed"])
    if owed:
        rest = t.words._(
            "{owed} of it had already been spent. Until that debt is settled you cannot bid in this currency or sell.",
            owed=t.words.money(owed),
        )
        return f"{text}\n{rest}", offset_button(t, owed)
    return f"{text}\n{balance_line(t.balance(), t.words)}", _leading_to(wallet_button(t), t)


@says(money.DEBT_OFFSET)
def _debt_offset(t: Telling) -> Message:
    """What is left is told as it is by now: notices may be held up."""
    text = t.words._("{amount} from your wallet settled the debt from a refunded payment.", amount=t.money("amount"))
    wallet = t.balance().after_offset()
    if wallet.owed:
        left = t.words.money(wallet.owed)
        rest = t.words._(
            "{left} is still owed. Until it is settled you cannot bid in this currency or sell.", left=left
        )
        return f"{text}\n{rest}", offset_button(t, wallet.owed)
    free = t.words._("The debt is settled: you can bid and sell again.")
    return f"{text}\n{free}\n{balance_line(wallet, t.words)}", _leading_to(_find(t), t)


@says(money.SUBSCRIBED)
def _started(t: Telling) -> Message:
    """Who paid on the way to a lot may have published it by now."""
    text = t.words._("You can sell until {moment}.", moment=t.moment("until"))
    return text, _leading_to(keyboards.go(t.words._("Sell"), "sell"), t)


@says(money.SUBSCRIPTION_ENDING)
def _ending(t: Telling) -> Message:
    text = t.words._("Your subscription ends soon and is not renewed automatically.")
    return f"{text}\n{_end(t)}", _renew(t)


@says(money.SUBSCRIPTION_ENDED)
def _ended(t: Telling) -> Message:
    text = t.words._("Your subscription has ended.\nYour live lots continue. Renew it to publish new ones.")
    return text, _renew(t)


@says(money.SUBSCRIPTION_SHORTENED)
def _shortened(t: Telling) -> Message:
    text = t.words._("The payment for your subscription was taken back, and with it the days that were not used.")
    return f"{text}\n{_end(t)}", _renew(t)


@says(money.RENEWAL)
def _renewal(t: Telling) -> Message:
    """What Telegram says of the next payment; the days that are paid for stay."""
    state = RenewalState(t.facts["state"])
    lines = [_news(state, t)]
    keyboard = _leading_to(keyboards.go(t.words._("Subscription"), "subscribe"), t)
    if t.facts["another"]:
        lines.append(t.words._("You have another one, which is renewed as before."))
    elif state is RenewalState.FAILED:
        lines += [_end(t), t.words._("Pay from the wallet, or in Telegram with a new link.")]
        keyboard = _ways_to_pay(t)
    elif state is RenewalState.CANCELED or _until(t):
        lines.append(_end(t))
    return "\n".join(lines), keyboard


def _news(state: RenewalState, t: Telling) -> str:
    match state:
        case RenewalState.ACTIVE:
            return t.words._("Your subscription is renewed automatically again.")
        case RenewalState.CANCELED:
            return t.words._("You cancelled your subscription in Telegram. It will not be renewed.")
        case RenewalState.FAILED:
            return t.words._("Telegram could not renew your subscription: the payment did not go through.")


def _ways_to_pay(t: Telling) -> Keyboard:
    price = t.words.money(t.settings.business.subscription)
    add = t.words._("Add 30 days for {price} from the wallet", price=price)
    pay = add if _until(t) else t.words._("Subscribe for {price} from the wallet", price=price)
    return (
        (keyboards.pay_subscription(pay, str(t.facts["request_id"])),),
        (keyboards.subscription_link(t.words._("Pay in Telegram, renewed monthly")),),
        (keyboards.menu(t.words),),
    )


def _until(t: Telling) -> datetime | None:
    """Where the paid days end; None where they have."""
    until = t.at("until") if t.facts["until"] else None
    return until if until and until > t.now else None


def _end(t: Telling) -> str:
    if _until(t):
        return t.words._("You can sell until {moment}.", moment=t.moment("until"))
    return t.words._("It has ended. Your live lots continue.")


def _renew(t: Telling) -> Keyboard:
    return _leading_to(keyboards.go(t.words._("Renew"), "subscribe"), t)


def _waiting(t: Telling) -> Button | None:
    """What waited for the money of a bill, and what it spends."""
    if not t.facts.get("price"):
        return None
    price = t.money("price")
    is_bid = t.facts["awaits"] == BidAct.name
    label = t.words._("Bid {price}", price=price) if is_bid else t.words._("Buy the lot for {price}", price=price)
    return Button(label, f"bl:done:{t.facts['bill_id']}")


def _find(t: Telling) -> Button:
    return keyboards.go(t.words._("Find a lot"), "auctions")


def _leading_to(button: Button, t: Telling) -> Keyboard:
    return ((button, keyboards.menu(t.words)),)
