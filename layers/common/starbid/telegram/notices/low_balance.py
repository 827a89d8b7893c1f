"""The notice in words that a wallet has run low."""

from __future__ import annotations

from starbid.domain.money import CURRENCIES, TopUp
from starbid.services.notices import low_balance
from starbid.services.notices.registry import unpack_money
from starbid.telegram import keyboards
from starbid.telegram.keyboards import Row
from starbid.telegram.notices.telling import Message, Telling, about_course, says


@says(low_balance.LOW_BALANCE)
def _low(t: Telling) -> Message:
    """As it is by now: the price may have risen, and the wallet may have been topped up."""
    words, wallet = t.words, t.balance().after_offset()
    need = t.lot.next_min_bid or unpack_money(t.facts["need"])
    text = words._(
        "Your wallet is running low: {available} available.\nThe next bid on “{title}” takes {need}.",
        available=words.money(wallet.available),
        title=t.title,
        need=words.money(need),
    )
    others = int(t.facts["others"])
    if others:
        more = words.ngettext(
            "{n} more lot you bid on is out of reach.", "{n} more lots you bid on are out of reach.", others
        )
        text = f"{text}\n{more}"
    own = t.own_stars() if CURRENCIES[need.currency].top_up is TopUp.STARS else None
    if own is not None:
        text = f"{text}\n{words._('In your Telegram account: {amount}.', amount=words.money(own))}"
    missing = wallet.missing(need)
    sum_ = t.settings.business.purchase_of(missing) if missing else None
    top_up: tuple[Row, ...] = ()
    if sum_:
        top_up = ((keyboards.top_up(words._("Top up {amount}", amount=words.money(sum_)), sum_),),)
    return text, (*top_up, *about_course(t))
