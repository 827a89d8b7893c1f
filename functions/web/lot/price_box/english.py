"""What one who may bid finds in the price box of a lot whose price rises by bids."""

from __future__ import annotations

from starbid.domain.money import Money
from starbid.domain.wallet import Wallet
from starbid.i18n import Language
from starbid.services.views import LotView, ShownBid
from web.lot.price_box.parts import BidForm, Situation, Typed
from web.lot.price_box.steps import inputmode, lacking, least_for, purchase
from web.shared import amounts
from web.shared.steps import Note, Step, top_up


def bidding(view: LotView, wallet: Wallet, mine: ShownBid | None, typed: Typed, words: Language) -> Situation:
    """The leader, or one who would like to be."""
    if view.you_lead:
        return _leading(view, wallet, words)
    return _challenger(view, wallet, mine, typed, words)


def _leading(view: LotView, wallet: Wallet, words: Language) -> Situation:
    _, maximum = words._, view.your_maximum or view.price
    text = _("Your maximum is {maximum}; it is held. Nobody else sees it.", maximum=words.money(maximum))
    note = Note("good", "check", _("You lead"), text)
    steps = _buy_now(view, words)
    if not wallet.available:
        return Situation(f"leading-all:{_buy_key(view)}", note, steps=steps)
    explains = _("Only the difference is held in addition. The price stays as it is.")
    form = BidForm(_("Raise your maximum"), _("Raise"), amounts.typed(least_for(view)), explains, inputmode(view),
                    _("Your maximum"))  # fmt: skip
    return Situation(f"leading:{_buy_key(view)}", note, form=form, steps=steps)


def _challenger(view: LotView, wallet: Wallet, mine: ShownBid | None, typed: Typed, words: Language) -> Situation:
    _, least = words._, least_for(view)
    banner = _outbid(view, least, words) if mine else None
    missing = typed.missing or (least - wallet.available if wallet.available < least else None)
    steps = top_up(view, missing, words) if missing else ()
    if wallet.available < least and missing:
        return Situation(f"short:{missing.amount}", banner or lacking(missing, words), steps=steps)
    form = BidForm(
        _("Set your own maximum"), _("Bid"), amounts.typed(least),
        _("Starbid bids for you only as far as it takes, up to this amount. All of it is held while you lead."),
        inputmode(view), _("Your maximum"),
    )  # fmt: skip
    return Situation(f"bid:{_buy_key(view)}", banner, one_tap=least, form=form, steps=(*steps, *_buy_now(view, words)))


def _outbid(view: LotView, least: Money, words: Language) -> Note:
    _ = words._
    text = _("The price is now {price}. With {least} you can lead again.",
             price=words.money(view.price), least=words.money(least))  # fmt: skip
    return Note("warn", "alert", _("You are outbid, your money is free again"), text)


def _buy_now(view: LotView, words: Language) -> tuple[Step, ...]:
    price, _ = view.buy_now_price, words._
    if price is None:
        return ()
    amount = words.money(price)
    text = _("You pay {amount} from your wallet, the lot ends at once and is yours.", amount=amount)
    return (purchase(view, price, _("Buy now for {amount}", amount=amount), text, words, "plain"),)


def _buy_key(view: LotView) -> str:
    return str(view.buy_now_price.amount) if view.buy_now_price else "-"
