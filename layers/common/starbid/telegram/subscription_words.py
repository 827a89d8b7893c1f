"""Notices in words about the right to sell: begun, renewed or not, shortened, ended."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from starbid.domain.renewals import RenewalState
from starbid.telegram import keyboards
from starbid.telegram.keyboards import Keyboard
from starbid.telegram.notice import Message, Telling


def _started(t: Telling) -> Message:
    until = datetime.fromisoformat(str(t.notice.facts["until"]))
    text = t.words._("You can sell until {moment}.\nPut up your first lot, or the next.", moment=t.words.moment(until))
    return text, ((keyboards.go(t.words._("Sell"), "sell"), keyboards.menu(t.words)),)


def _ended(t: Telling) -> Message:
    text = t.words._("Your subscription has ended.\nYour live lots run on; for new ones it needs to be renewed.")
    return text, _renew(t)


def _shortened(t: Telling) -> Message:
    text = t.words._("The payment for your subscription was taken back, and with it the days that were not used.")
    return f"{text}\n{_end(t)}", _renew(t)


def _renewal(t: Telling) -> Message:
    """What Telegram says of the next payment; the days that are paid for stay."""
    state = RenewalState(t.notice.facts["state"])
    lines = [_news(state, t)]
    keyboard: Keyboard = ((keyboards.go(t.words._("Subscription"), "subscribe"), keyboards.menu(t.words)),)
    if t.notice.facts["another"]:
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
    pay = t.words._("Pay {amount} from the wallet", amount=price)
    return (
        (keyboards.pay_subscription(pay, str(t.notice.facts["request_id"])),),
        (keyboards.subscription_link(t.words._("Pay in Telegram, renewed monthly")),),
        (keyboards.menu(t.words),),
    )


def _until(t: Telling) -> datetime | None:
    """Where the paid days end; None where they have."""
    told = t.notice.facts["until"]
    until = datetime.fromisoformat(str(told)) if told else None
    return until if until and until > t.now else None


def _end(t: Telling) -> str:
    if until := _until(t):
        return t.words._("You can sell until {moment}.", moment=t.words.moment(until))
    return t.words._("It has ended. Your live lots run on.")


def _renew(t: Telling) -> Keyboard:
    return ((keyboards.go(t.words._("Renew"), "subscribe"), keyboards.menu(t.words)),)


SUBSCRIPTION_WORDS: dict[str, Callable[[Telling], Message]] = {
    "subscribed": _started,
    "subscription_ended": _ended,
    "subscription_shortened": _shortened,
    "renewal": _renewal,
}
