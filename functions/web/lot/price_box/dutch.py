"""The price box of a lot whose price falls by itself: what it costs now, when it falls, and the button that buys."""

from __future__ import annotations

from datetime import datetime, timedelta

from starbid.domain.auction import Status
from starbid.domain.kinds.dutch import next_drop_at
from starbid.domain.wallet import Wallet
from starbid.i18n import Language
from starbid.services.views import LotView
from web.lot.price_box.parts import Fall, Situation, Typed
from web.lot.price_box.steps import purchase
from web.shared.steps import Note, top_up


def buying(view: LotView, wallet: Wallet, typed: Typed, words: Language) -> Situation:
    """One button at the price of the moment; what it asks for is never more than what is seen."""
    price, _ = view.buy_now_price, words._
    assert price is not None
    amount = words.money(price)
    missing = typed.missing or (price - wallet.available if wallet.available < price else None)
    if missing:
        note = Note("", "wallet", _("You need {missing} more to buy now", missing=words.money(missing)),
                    _("Or wait until the price has come down to what you have."))  # fmt: skip
        label = _("Top up by {missing}", missing=words.money(missing))
        return Situation(f"short:{missing.amount}", note, steps=top_up(view, missing, words, label))
    text = _("You pay {amount} from your wallet, or less if the price falls meanwhile. The lot is yours at once.",
             amount=amount)  # fmt: skip
    step = purchase(view, price, _("Buy for {amount}", amount=amount), text, words)
    return Situation(f"buy:{price.amount}", steps=(step,))


def fall_of(view: LotView, words: Language, now: datetime) -> Fall | None:
    """How the price of a live lot goes on; None where it does not fall by itself, or not now."""
    terms = view.lot.auction.terms
    if terms.drop_amount is None or terms.floor_price is None or view.status is not Status.LIVE:
        return None
    _, at = words._, next_drop_at(terms, view.lot.auction.starts_at, now)
    if at is None or at >= view.lot.auction.ends_at:
        return Fall(None, None, _("This is the lowest price. It stays until the end."))
    step = min(terms.drop_amount, view.price - terms.floor_price)
    every = words.every(timedelta(seconds=terms.drop_seconds or 0))
    text = _("Falls by {drop} {every}, down to {floor}.",
             drop=words.money(terms.drop_amount), every=every, floor=words.money(terms.floor_price))  # fmt: skip
    return Fall(at, view.price - step, text)
