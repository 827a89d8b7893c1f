"""What one who may bid finds in the price box of a lot with sealed bids: the own bid, and nothing of any other."""

from __future__ import annotations

from dataclasses import replace

from starbid.domain.money import Money
from starbid.domain.wallet import Wallet
from starbid.i18n import Language
from starbid.services.views import LotView
from web.lot.price_box.english import RisingBox
from web.lot.price_box.parts import BidForm, Typed, ViewerState
from web.lot.price_box.steps import bid_act, inputmode, lacking, least_for
from web.shared import amounts
from web.shared.steps import Note, top_up


class SealedBox(RisingBox):
    def acting(self, view: LotView, wallet: Wallet, has_bid: bool, typed: Typed, words: Language) -> ViewerState:
        return _bidding(view, wallet, typed, words)

    def unusual_text(self, words: Language) -> str:
        return words._("This is at least ten times the lowest bid. The whole amount is frozen until the end, "
                       "and a sealed bid cannot be lowered or taken back.")  # fmt: skip

    def unusual_button(self, amount: str, words: Language) -> str:
        return words._("Yes, bid {amount}", amount=amount)


def _bidding(view: LotView, wallet: Wallet, typed: Typed, words: Language) -> ViewerState:
    if view.your_maximum is not None:
        return _raising(view, view.your_maximum, wallet, typed, words)
    _, least = words._, least_for(view)
    lacks = wallet.missing(least)
    missing = typed.missing or lacks
    steps = top_up(view, missing, words, typed.act or bid_act(view, least)) if missing else ()
    if lacks and missing:
        return ViewerState(f"short:{missing.amount}", lacking(missing, words), steps=steps)
    hidden = _("Nobody sees it before the end, not even the seller. The whole amount is frozen until then.")
    explains = f"{_pays(view, words)}{hidden}"
    form = BidForm(
        _("Your sealed bid"),
        _("Place the bid"),
        amounts.typed(least),
        explains,
        inputmode(view),
        _("Your sealed bid"),
        folded=False,
    )
    return ViewerState("seal", form=form, steps=steps)


def _raising(view: LotView, own: Money, wallet: Wallet, typed: Typed, words: Language) -> ViewerState:
    _ = words._
    bid = _("You bid {amount}; it is frozen until the end. You can raise it but not lower it.", amount=words.money(own))
    text = f"{bid} {_pays(view, words)}".strip()
    note = Note("good", "check", _("Your bid is in; nobody sees it"), text)
    sealed = ViewerState("sealed-all", note, stands=_("your bid is in"), tone="good", opens=_("Details"))
    if not wallet.available:
        return sealed
    explains = _("Only the difference will be frozen in addition. Among equal bids the time of the raise counts.")
    steps = top_up(view, typed.missing, words, typed.act) if typed.missing else ()
    form = BidForm(_("Raise your bid"), _("Raise"), amounts.typed(least_for(view)), explains, inputmode(view),
                    _("Your sealed bid"))  # fmt: skip
    return replace(sealed, key=f"sealed:{own.amount}", form=form, steps=steps, opens=_("Raise"))


def _pays(view: LotView, words: Language) -> str:
    """What winning costs, to begin an explanation with."""
    return f"{words.say(view.kind.pays)} " if view.kind.pays else ""
