"""What the price box says to the one who looks, and what they can do: every state a person can meet."""

from __future__ import annotations

from urllib.parse import urlencode

from starbid.domain.auction import Status
from starbid.domain.kinds import least_bid
from starbid.domain.money import XTR, Money
from starbid.domain.wallet import Wallet
from starbid.i18n import Language
from starbid.services.views import LotView, ShownBid
from web.pages import amounts
from web.pages.box_parts import BidForm, Looker, Note, Situation, Step, Typed


def least_for(view: LotView) -> Money:
    """The least that the one who looks may bid."""
    return least_bid(view.lot.auction, view.viewer_id or 0, view.your_maximum)


def situation(view: LotView, looker: Looker, mine: ShownBid | None, typed: Typed, words: Language) -> Situation:
    if view.is_seller:
        return _own(view, words)
    if typed.unusual:
        return Situation("asked", steps=(Step(words._("Change it"), f"/auction/{view.lot.auction.id}", style="plain"),))
    match view.status:
        case Status.SCHEDULED:
            return _scheduled(view, looker, words)
        case Status.LIVE:
            return _live(view, looker, mine, typed, words)
        case Status.CLOSING:
            return Situation("closing", Note("", "clock", words._("Bidding is over. The result comes in a moment.")))
        case _:
            return _ended(view, mine, words)


def _own(view: LotView, words: Language) -> Situation:
    _, url = words._, f"/auction/{view.lot.auction.id}"
    if view.status in (Status.SCHEDULED, Status.LIVE) and view.lot.auction.bids_count:
        text = _("With bids on it a lot can no longer be changed or cancelled.")
        return Situation("own-bids", Note("", "lots", _("This is your lot"), text))
    if view.status in (Status.SCHEDULED, Status.LIVE):
        steps = (
            Step(_("Edit"), f"{url}/edit", style="plain"),
            Step(
                _("Cancel the lot"), f"{url}/cancel", {},
                _("The lot leaves the market for good. Nobody has bid, so nobody loses anything."),
                _("Yes, cancel it"), "danger",
            ),
        )  # fmt: skip
        text = _("Until the first bid you can change or cancel it.")
        return Situation("own", Note("", "lots", _("This is your lot"), text), steps=steps)
    if view.status is Status.CLOSING:
        return Situation("own-closing", Note("", "clock", _("Bidding is over. The result comes in a moment.")))
    if view.status is Status.SOLD:
        return Situation("own-sold", Note("good", "check", _("Sold"), _next_step(view, words)))
    again = (Step(_("Put up another lot"), "/new_auction", style="plain"),)
    if view.status is Status.CANCELLED:
        return Situation("own-cancelled", Note("", "close", _("This lot was cancelled.")), steps=again)
    reason = _("The bids stayed below your reserve.") if view.lot.auction.bids_count else _("Nobody bid this time.")
    return Situation("own-unsold", Note("", "info", _("Not sold"), reason), steps=again)


def _next_step(view: LotView, words: Language) -> str:
    """Where the deal still goes on."""
    return words._("The next step is below.") if view.deal and view.deal.ended_at is None else ""


def _scheduled(view: LotView, looker: Looker, words: Language) -> Situation:
    note = Note("", "clock", words._("Bidding has not started yet"), words._("You can look around until then."))
    if looker.person is None:
        return Situation("scheduled-visitor", note, steps=(_login(view, words, "plain"),))
    return Situation("scheduled", note)


def _live(view: LotView, looker: Looker, mine: ShownBid | None, typed: Typed, words: Language) -> Situation:
    _ = words._
    if looker.person is None or looker.wallet is None:
        note = Note("", "user", _("Log in to bid"), _("With your Telegram account, in one tap."))
        return Situation("login", note, steps=(_login(view, words),))
    if looker.wallet.blocked or looker.person.blocked:
        text = _("Write to support if this looks wrong.")
        return Situation("blocked", Note("bad", "alert", _("Your account is blocked"), text))
    if looker.wallet.owed:
        return _owing(view, looker.wallet, words)
    if view.you_lead:
        return _leading(view, looker.wallet, words)
    return _challenger(view, looker.wallet, mine, typed, words)


def _login(view: LotView, words: Language, style: str = "") -> Step:
    query = urlencode({"next": f"/auction/{view.lot.auction.id}"})
    return Step(words._("Log in with Telegram"), f"/login?{query}", style=style)


def _owing(view: LotView, wallet: Wallet, words: Language) -> Situation:
    _ = words._
    title = _("{owed} is open after a refunded payment", owed=words.money(wallet.owed))
    note = Note("bad", "alert", title, _("Top up to settle it, then you can bid again."))
    return Situation(f"owing:{wallet.owed.amount}", note, steps=_buying(view, wallet.owed, words))


def _leading(view: LotView, wallet: Wallet, words: Language) -> Situation:
    _, maximum = words._, view.your_maximum or view.price
    text = _("Your maximum is {maximum}; it is held. Nobody else sees it.", maximum=words.money(maximum))
    note = Note("good", "check", _("You lead"), text)
    steps = _buy_now(view, words)
    if not wallet.available:
        return Situation(f"leading-all:{_buy_key(view)}", note, steps=steps)
    explains = _("Only the difference is held in addition. The price stays as it is.")
    form = BidForm(_("Raise your maximum"), _("Raise"), amounts.typed(least_for(view)), explains, _inputmode(view))
    return Situation(f"leading:{_buy_key(view)}", note, form=form, steps=steps)


def _challenger(view: LotView, wallet: Wallet, mine: ShownBid | None, typed: Typed, words: Language) -> Situation:
    _, least = words._, least_for(view)
    banner = _outbid(view, least, words) if mine else None
    missing = typed.missing or (least - wallet.available if wallet.available < least else None)
    steps = _buying(view, missing, words) if missing else ()
    if wallet.available < least and missing:
        banner = banner or Note("", "wallet", _("A bid needs {missing} more", missing=words.money(missing)),
                                _("Bids are backed by money in your wallet."))  # fmt: skip
        return Situation(f"short:{missing.amount}", banner, steps=steps)
    form = BidForm(
        _("Set your own maximum"), _("Bid"), amounts.typed(least),
        _("Starbid bids for you only as far as it takes, up to this amount. All of it is held while you lead."),
        _inputmode(view),
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
    url = f"/auction/{view.lot.auction.id}/buy"
    fields = {"seen_price": str(price.amount)}
    return (Step(_("Buy now for {amount}", amount=amount), url, fields, text, _("Buy"), "plain"),)


def _buy_key(view: LotView) -> str:
    return str(view.buy_now_price.amount) if view.buy_now_price else "-"


def _buying(view: LotView, missing: Money, words: Language) -> tuple[Step, ...]:
    """A button that buys exactly what is missing; only Stars can be bought."""
    if missing.currency != XTR:
        return ()
    query = urlencode({"amount": missing.amount, "next": f"/auction/{view.lot.auction.id}"})
    return (Step(words._("Buy {missing}", missing=words.money(missing)), f"/buy_stars?{query}"),)


def _inputmode(view: LotView) -> str:
    return "numeric" if view.lot.auction.currency == XTR else "decimal"


def _ended(view: LotView, mine: ShownBid | None, words: Language) -> Situation:
    _, others = words._, (Step(words._("See other lots"), "/", style="plain"),)
    if view.status is Status.SOLD and view.is_buyer:
        return Situation("won", Note("good", "check", _("You won"), _next_step(view, words)))
    if view.status is Status.SOLD and mine:
        text = _("Somebody bid more. All that was held for your bids is free again.")
        return Situation("lost", Note("", "info", _("You did not win this one"), text), steps=others)
    if view.status is Status.SOLD:
        return Situation("sold", Note("", "info", _("This lot is sold")), steps=others)
    if view.status is Status.CANCELLED:
        return Situation("cancelled", Note("", "close", _("This lot was cancelled.")), steps=others)
    text = _("The bids stayed below the reserve.") if view.lot.auction.bids_count else _("Nobody bid.")
    return Situation("unsold", Note("", "info", _("Not sold"), text), steps=others)
