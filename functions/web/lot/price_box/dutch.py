"""The price box of a lot whose price falls by itself: what it costs now, when it falls, and the button that buys."""

from __future__ import annotations

from datetime import datetime

from starbid.domain.auction import Status
from starbid.domain.wallet import Wallet
from starbid.i18n import Language
from starbid.services.views import LotView
from web.lot.price_box.english import RisingBox
from web.lot.price_box.parts import Fall, Typed, ViewerState
from web.lot.price_box.steps import buy_act, purchase
from web.shared.steps import Note, top_up


class FallingBox(RisingBox):
    """The price falls by the clock: the lot is bought, not bid on."""

    def acting(self, view: LotView, wallet: Wallet, has_bid: bool, typed: Typed, words: Language) -> ViewerState:
        return _buying(view, wallet, typed, words)

    def fall(self, view: LotView, words: Language, now: datetime) -> Fall | None:
        falls, at = view.kind.descent(view.auction.terms), view.kind.next_fall(view.auction, now)
        if falls is None or view.status is not Status.LIVE or view.stands_still:
            return None
        if at is None:
            return Fall(None, None, words._("This is the lowest price. It stays until the end."))
        drop, every, floor = words.money(falls.drop), words.every(falls.every), words.money(falls.floor)
        text = words._("Drops by {drop} {every}, down to {floor}.", drop=drop, every=every, floor=floor)
        return Fall(at, falls.price_after(at - view.auction.starts_at), text)

    def opens(self, words: Language) -> str:
        return words._("Buy")

    def waits(self, words: Language) -> str:
        return words._("The sale has not started yet")

    def asks_login(self, words: Language) -> str:
        return words._("Log in to buy")

    def may_change(self, words: Language) -> str:
        return words._("You can change or withdraw it until somebody buys it.")

    def nobody(self, words: Language, *, to_seller: bool) -> str:
        return words._("Nobody bought it this time.") if to_seller else words._("Nobody bought it.")

    def won(self, view: LotView, words: Language) -> str:
        return words._("You bought it")


def _buying(view: LotView, wallet: Wallet, typed: Typed, words: Language) -> ViewerState:
    """One button at the price of the moment; what it asks for is never more than what is seen."""
    price, _ = view.buy_now_price, words._
    assert price is not None
    amount = words.money(price)
    missing = typed.missing or wallet.missing(price)
    if missing:
        falls = view.kind.descent(view.auction.terms)
        waiting_helps = falls is not None and wallet.available >= falls.floor
        text = _("Or wait until the price has come down to what you have.") if waiting_helps else ""
        note = Note("", "wallet", _("You need {missing} more to buy now", missing=words.money(missing)), text)
        act = typed.act or buy_act(view, price)
        return ViewerState(f"short:{missing.amount}", note, steps=top_up(view, missing, words, act))
    text = _("You pay {amount} from your wallet, or less if the price drops meanwhile. The lot is yours at "
             "once.",
             amount=amount)  # fmt: skip
    step = purchase(view, price, _("Buy the lot for {amount}", amount=amount), text, words)
    return ViewerState(f"buy:{price.amount}", steps=(step,))
