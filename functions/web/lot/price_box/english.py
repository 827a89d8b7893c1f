"""What one who may bid finds in the price box of a lot whose price rises by bids."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from starbid.domain.money import Money
from starbid.domain.wallet import Wallet
from starbid.i18n import Language
from starbid.services.views import LotView
from web.lot.price_box.parts import BidForm, Fact, Fall, Typed, ViewerState
from web.lot.price_box.steps import bid_act, buy_act, buy_now, inputmode, lacking, least_for, next_bid, purchase
from web.shared import amounts
from web.shared.steps import Note, Step, folded, top_up


class RisingBox:
    """The price rises by bids that everybody sees; the other ways to sell draw some of it differently."""

    def acting(self, view: LotView, wallet: Wallet, has_bid: bool, typed: Typed, words: Language) -> ViewerState:
        """What one who may bid on the live lot, and owes nothing, can do. `has_bid`: a bid of theirs shows."""
        return _leading(view, wallet, words) if view.you_lead else _challenger(view, wallet, has_bid, typed, words)

    def fall(self, view: LotView, words: Language, now: datetime) -> Fall | None:
        """How the price of a live lot goes on by itself; None where it does not."""
        return None

    def unusual_text(self, words: Language) -> str:
        """What a bid means that looks like a slip of the finger."""
        return words._("This is at least ten times the lowest bid. Your bid is a maximum: you pay that much "
                       "only if somebody else bids nearly as much.")  # fmt: skip

    def unusual_button(self, amount: str, words: Language) -> str:
        return words._("Yes, bid up to {amount}", amount=amount)

    def opens(self, words: Language) -> str:
        """What the box is opened for, in a word."""
        return words._("Bid")

    def waits(self, words: Language) -> str:
        """The lot has not begun."""
        return words._("Bidding has not started yet")

    def asks_login(self, words: Language) -> str:
        return words._("Log in to bid")

    def may_change(self, words: Language) -> str:
        """To the seller, of a lot that nobody has bid on."""
        return words._("You can change or withdraw it until the first bid.")

    def nobody(self, words: Language, *, to_seller: bool) -> str:
        """The lot ended so."""
        return words._("Nobody bid this time.") if to_seller else words._("Nobody bid.")

    def won(self, view: LotView, words: Language) -> str:
        """To the buyer."""
        return words._("You bought it") if view.auction.bought else words._("You won")


def _leading(view: LotView, wallet: Wallet, words: Language) -> ViewerState:
    _, maximum = words._, view.your_maximum or view.price
    text = _("Your maximum of {maximum} is frozen. Nobody else sees it.", maximum=words.money(maximum))
    note = Note("good", "check", _("You lead"), text)
    facts, steps = _buy_now(view, wallet, words)
    leading = ViewerState(
        f"leading-all:{_buy_key(view, wallet)}", note, steps=steps, facts=facts,
        stands=_("you lead"), tone="good", opens=_("Details"),
    )  # fmt: skip
    if not wallet.available:
        return leading
    explains = _("Only the difference will be frozen in addition. The price does not change.")
    form = BidForm(_("Raise your maximum"), _("Raise"), amounts.typed(least_for(view)), explains, inputmode(view),
                    _("Your maximum"))  # fmt: skip
    return replace(leading, key=f"leading:{_buy_key(view, wallet)}", form=form, opens=_("Raise"))


def _challenger(view: LotView, wallet: Wallet, has_bid: bool, typed: Typed, words: Language) -> ViewerState:
    _, least = words._, least_for(view)
    banner = _outbid(view, least, words) if has_bid else None
    stands, tone = (_("outbid"), "warn") if has_bid else ("", "")
    lacks = wallet.missing(least)
    missing = typed.missing or lacks
    topping = top_up(view, missing, words, typed.act or bid_act(view, least)) if missing else ()
    facts, buying = _buy_now(view, wallet, words)
    key = _buy_key(view, wallet)
    if lacks and missing:
        note = banner or lacking(missing, words)
        facts = (*next_bid(view, words), *facts)
        return ViewerState(
            f"short:{missing.amount}:{key}", note, steps=(*topping, *buying), facts=facts, stands=stands, tone=tone
        )
    form = BidForm(
        _("Set a maximum"), _("Bid"), amounts.typed(least),
        _("Starbid bids for you up to this amount, just enough to keep you in the lead. The whole amount is "
          "frozen while you lead."),
        inputmode(view), _("Your maximum"),
    )  # fmt: skip
    return ViewerState(
        f"bid:{key}", banner, one_tap=least, form=form, steps=(*topping, *buying), facts=facts, stands=stands, tone=tone
    )


def _outbid(view: LotView, least: Money, words: Language) -> Note:
    _ = words._
    text = _("The price is now {price}. Bid {least} to lead again.",
             price=words.money(view.price), least=words.money(least))  # fmt: skip
    return Note("warn", "alert", _("You were outbid. Your money is back"), text)


def _buy_now(view: LotView, wallet: Wallet, words: Language) -> tuple[tuple[Fact, ...], tuple[Step, ...]]:
    """The button that buys; for one who lacks money the price, what is missing, and the button that gets it."""
    price, _ = view.buy_now_price, words._
    if price is None:
        return (), ()
    missing = _missing_to_buy(view, wallet)
    if missing:
        steps = top_up(view, missing, words, buy_act(view, price))
        return buy_now(view, words, missing), tuple(map(folded, steps))
    amount = words.money(price)
    text = _("You pay {amount} from your wallet. The auction ends at once and the lot is yours.", amount=amount)
    return (), (purchase(view, price, _("Buy the lot for {amount}", amount=amount), text, words, "plain"),)


def _missing_to_buy(view: LotView, wallet: Wallet) -> Money | None:
    """A leader below the reserve pays with what is frozen for their maximum first (spec, section 3, "English")."""
    price, frozen = view.buy_now_price, view.your_maximum if view.you_lead else None
    if price is None or (frozen and frozen >= price):
        return None
    return wallet.missing(price - frozen if frozen else price)


def _buy_key(view: LotView, wallet: Wallet) -> str:
    missing = _missing_to_buy(view, wallet)
    price = str(view.buy_now_price.amount) if view.buy_now_price else "-"
    return f"{price}-{missing.amount}" if missing else price
