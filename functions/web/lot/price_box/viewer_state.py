"""What the price box says to the one who looks, and what they can do: every state a person can meet."""

from __future__ import annotations

from datetime import datetime

from starbid.domain.auction import Status
from starbid.domain.changing import may_change
from starbid.domain.relisting import may_relist
from starbid.domain.restrictions import Limit, Restricted
from starbid.i18n import Language
from starbid.services.views import LotView
from starbid.wording import came_back, refusal
from web.lot.price_box.kind_box import box_of
from web.lot.price_box.parts import Fact, Typed, Viewer, ViewerState
from web.lot.price_box.steps import buy_now, login, next_bid
from web.shared.steps import Note, Step, owing, top_up


def viewer_state(
    view: LotView, viewer: Viewer, has_bid: bool, typed: Typed, words: Language, now: datetime
) -> ViewerState:
    if view.is_seller:
        return _own(view, words, now)
    if typed.unusual:
        return ViewerState(
            "asked", steps=(Step(words._("Change the amount"), f"/auction/{view.lot.auction.id}", style="plain"),)
        )
    match view.status:
        case Status.SCHEDULED:
            return _scheduled(view, viewer, words)
        case Status.LIVE if view.stands_still:
            return _paused(view, has_bid, words)
        case Status.LIVE:
            return _live(view, viewer, has_bid, typed, words, now)
        case Status.CLOSING:
            return ViewerState("closing", _closing(words))
        case _:
            return _ended(view, has_bid, words, now)


def _paused(view: LotView, has_bid: bool, words: Language) -> ViewerState:
    """Nothing can be done; how one stands stays as it is."""
    _, outbid = words._, has_bid and not view.you_lead and not view.kind.is_sealed
    title = _("You lead") if view.you_lead else _("Bidding is paused")
    stands = _("you lead") if view.you_lead else _("outbid") if outbid else ""
    note = Note("", "clock", title, _("The time left is kept, and all bids stand."))
    return ViewerState(f"paused:{stands}", note, stands=stands, opens=_("Details"))


def _closing(words: Language) -> Note:
    return Note("", "clock", words._("Bidding is over"), words._("The result will be here in a moment."))


# --- the seller -------------------------------------------------------------------------------------------------------


def _own(view: LotView, words: Language, now: datetime) -> ViewerState:
    match view.status:
        case Status.SCHEDULED | Status.LIVE:
            return _own_open(view, words, now)
        case Status.CLOSING:
            return ViewerState("own-closing", _closing(words))
        case Status.SOLD:
            return _own_sold(view, words)
        case _:
            return _own_unsold(view, words, now)


def _own_open(view: LotView, words: Language, now: datetime) -> ViewerState:
    _, url = words._, f"/auction/{view.lot.auction.id}"
    facts, opens = (*next_bid(view, words), *buy_now(view, words)), words._("Your lot")
    if not may_change(view.lot.auction, view.viewer_id, now):
        text = _("A lot with bids can no longer be changed or withdrawn.")
        return ViewerState("own-bids", Note("", "lots", _("This is your lot"), text), facts=facts, opens=opens)
    steps = (
        Step(_("Edit"), f"{url}/edit", style="plain"),
        Step(
            _("Withdraw"), f"{url}/cancel", {},
            _("The lot is withdrawn for good. Nobody has bid, so nobody loses anything."),
            _("Yes, withdraw it"), "danger", "cancel",
        ),
    )  # fmt: skip
    text = box_of(view).may_change(words)
    return ViewerState("own", Note("", "lots", _("This is your lot"), text), steps=steps, facts=facts, opens=opens)


def _own_sold(view: LotView, words: Language) -> ViewerState:
    _ = words._
    if view.fell_through:
        text = _("The buyer has the money back. What you can do is below.")
        return ViewerState("own-refunded", Note("", "info", _("The sale fell through"), text))
    return ViewerState("own-sold", Note("good", "check", _("Sold"), _next_step(view, words)))


def _own_unsold(view: LotView, words: Language, now: datetime) -> ViewerState:
    _, url = words._, f"/auction/{view.lot.auction.id}"
    another = Step(_("Sell another lot"), "/new_auction", style="plain")
    again = (Step(_("Relist"), f"{url}/relist", {}),) if may_relist(view.lot, view.viewer_id, now) else ()
    steps = (*again, another)
    if view.status is Status.CANCELLED:
        return ViewerState("own-cancelled", Note("", "close", _("This lot was withdrawn."), _reason(view, words)),
                         steps=steps)  # fmt: skip
    if view.lot.auction.left_out:
        text = _("A payment of the highest bidder was taken back, so their bid did not count.")
        return ViewerState("own-unsold", Note("", "info", _("Not sold"), text), steps=steps)
    nobody = box_of(view).nobody(words, to_seller=True)
    reason = _("The bids stayed below your reserve.") if view.lot.auction.bids_count else nobody
    return ViewerState("own-unsold", Note("", "info", _("Not sold"), reason), steps=steps)


def _next_step(view: LotView, words: Language) -> str:
    """Where the deal still goes on."""
    return words._("The next step is below.") if view.deal and view.deal.ended_at is None else ""


def _reason(view: LotView, words: Language) -> str:
    """A sentence, whether the operator ended it or not."""
    reason = view.lot.auction.cancel_reason
    told = words._("Reason: {reason}", reason=reason) if reason else ""
    return told if not told or told[-1] in ".!?…" else f"{told}."


# --- everybody else ---------------------------------------------------------------------------------------------------


def _scheduled(view: LotView, viewer: Viewer, words: Language) -> ViewerState:
    _ = words._
    note = Note("", "clock", box_of(view).waits(words), _("You can look at the lot until then."))
    facts, opens = buy_now(view, words), _("Details")
    if viewer.person is None:
        return ViewerState("scheduled-visitor", note, steps=(login(view, words, "plain"),), facts=facts, opens=opens)
    return ViewerState("scheduled", note, facts=facts, opens=opens)


def _live(view: LotView, viewer: Viewer, has_bid: bool, typed: Typed, words: Language, now: datetime) -> ViewerState:
    _, prices = words._, (*next_bid(view, words), *buy_now(view, words))
    if viewer.person is None or viewer.wallet is None:
        note = Note("", "user", box_of(view).asks_login(words), _("With your Telegram account, no password."))
        return ViewerState("login", note, steps=(login(view, words),), facts=prices)
    facts, opens = (*_standing(view, has_bid, words), *prices), _("Details")
    if viewer.wallet.blocked or viewer.person.blocked:
        note = Note("bad", "alert", _("Your account is blocked"), _("Write to support if this looks wrong."))
        return ViewerState("blocked", note, facts=facts, opens=opens)
    if barred := viewer.wallet.barred_until(now):
        note = Note("bad", "alert", _("Bidding is off for you"), refusal(Restricted(Limit.BIDS, barred), words))
        return ViewerState(f"restricted:{barred.isoformat()}", note, facts=facts, opens=opens)
    if viewer.wallet.owed:
        owed = viewer.wallet.owed
        note = owing(owed, _("Top up to settle it, and you can bid again."), words)
        return ViewerState(f"owing:{owed.amount}", note, steps=top_up(view, owed, words), facts=facts, opens=opens)
    return box_of(view).acting(view, viewer.wallet, has_bid, typed, words)


def _standing(view: LotView, has_bid: bool, words: Language) -> tuple[Fact, ...]:
    """How one stands who may do nothing at the moment: their bids count on."""
    _ = words._
    if view.kind.is_sealed and view.your_maximum:
        return (Fact(_("your bid {amount}", amount=words.money(view.your_maximum)), "good"),)
    if view.you_lead:
        return (Fact(_("you lead"), "good"),)
    return (Fact(_("outbid"), "warn"),) if has_bid else ()


def _ended(view: LotView, has_bid: bool, words: Language, now: datetime) -> ViewerState:
    _, others = words._, (Step(words._("See other lots"), "/", style="plain"),)
    free = _("All money frozen for your bids is back.")
    if view.fell_through:
        note = Note("", "info", _("The sale fell through"), _("The money is back in your wallet."))
        return ViewerState("refunded", note, steps=others)
    if view.status is Status.SOLD and view.is_buyer:
        text = " ".join(part for part in (came_back(view, words), _next_step(view, words)) if part)
        return ViewerState("won", Note("good", "check", box_of(view).won(view, words), text))
    if view.lot.auction.offer_to(view.viewer_id, now):
        return ViewerState("offered", Note("", "info", _("It can still be yours"), _("The offer to you is below.")))
    if view.status is Status.SOLD and has_bid and view.viewer_id not in view.lot.auction.left_out:
        why = _("Somebody bought it at once.") if view.auction.bought else _("Another bid won.")
        text = f"{why} {free}"
        return ViewerState("lost", Note("", "info", _("You did not win this one"), text), steps=others)
    if view.status is Status.SOLD and view.viewer_id not in view.lot.auction.left_out:
        return ViewerState("sold", Note("", "info", _("This lot is sold")), steps=others)
    if view.status is Status.CANCELLED:
        text = " ".join(part for part in (_reason(view, words), free if has_bid else "") if part)
        return ViewerState("cancelled", Note("", "close", _("This lot was withdrawn."), text), steps=others)
    if view.viewer_id in view.lot.auction.left_out:
        text = _("A payment of yours was taken back and not settled before the end, so your bid did not count.")
        return ViewerState("left-out", Note("bad", "alert", _("You did not win this one"), text), steps=others)
    if view.lot.auction.left_out:
        return ViewerState("unsold", Note("", "info", _("Not sold"), free if has_bid else ""), steps=others)
    nobody = box_of(view).nobody(words, to_seller=False)
    text = _("The bids stayed below the reserve.") if view.lot.auction.bids_count else nobody
    return ViewerState("unsold", Note("", "info", _("Not sold"), f"{text} {free}" if has_bid else text), steps=others)
