"""After a refund: what the seller may do with the lot, and the offer to the runner-up as both of them see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from starbid.domain.auction import Auction
from starbid.domain.money import Money
from starbid.domain.relisting import may_relist
from starbid.domain.second_chance_offer import Offer
from starbid.domain.unfinished import TakeAct
from starbid.domain.wallet import Wallet
from starbid.i18n import Language
from starbid.services.deals.second_chance import Prospect
from starbid.services.views import LotView
from web.shared.steps import Step, top_up


@dataclass(frozen=True)
class ChanceBox:
    """`until` is when an open offer ends."""

    title: str
    text: str
    until: datetime | None
    steps: tuple[Step, ...]


def chance_box(
    view: LotView, wallet: Wallet | None, prospect: Prospect | None, words: Language, now: datetime
) -> ChanceBox | None:
    """For the seller of a lot whose sale fell through and for the one it is offered to; None for everybody else.

    `prospect`: the offer that can still be made.
    """
    offer = view.lot.auction.offer
    if offer and view.viewer_id == offer.to_id:
        return _receivers(view, offer, wallet, words, now)
    return _sellers(view, prospect, words, now) if view.is_seller and (offer or view.fell_through) else None


def _sellers(view: LotView, prospect: Prospect | None, words: Language, now: datetime) -> ChanceBox:
    _ = words._
    steps: tuple[Step, ...] = (_making(view, prospect, words),) if prospect else ()
    if may_relist(view.lot, view.viewer_id, now):
        steps += (Step(_("Relist"), _url(view, "relist"), {}, style="plain" if steps else ""),)
    offer = view.lot.auction.offer
    until = offer.until if offer and offer.is_open(now) else None
    return ChanceBox(_("What you can do"), _told(view.lot.auction, words, now), until, steps)


def _making(view: LotView, prospect: Prospect, words: Language) -> Step:
    _ = words._
    if prospect.price is None:
        label = _("Offer it to the next bidder")
        text = _("They have 48 hours to buy it for what it would have cost them without this buyer. You can "
                 "offer it once.")  # fmt: skip
    else:
        amount = words.money(prospect.price)
        label = _("Offer it to the next bidder for {amount}", amount=amount)
        text = _("They have 48 hours to buy it for {amount}, what it would have cost them without this buyer. "
                 "You can offer it once.", amount=amount)  # fmt: skip
    return Step(label, _url(view, "second_chance"), {}, text, _("Make the offer"), key="offer")


def _told(auction: Auction, words: Language, now: datetime) -> str:
    _ = words._
    if auction.relisted:
        return _("It is relisted as a new lot.")
    if auction.offer is None:
        return _("The lot is yours again.")
    amount = words.money(auction.offer.price)
    match auction.offer.standing(now):
        case "open":
            return _("Offered to the next bidder for {amount}; open until", amount=amount)
        case "accepted":
            return _("The next bidder bought it for {amount}.", amount=amount)
        case "declined":
            return _("The next bidder declined.")
        case _:
            return _("The next bidder did not answer in time.")


def _receivers(view: LotView, offer: Offer, wallet: Wallet | None, words: Language, now: datetime) -> ChanceBox:
    _, amount = words._, words.money(offer.price)
    if not offer.is_open(now):
        return ChanceBox(_("Offer to you"), _answered(offer, words, now), None, ())
    text = _("The sale fell through, and you were next: it is yours for {amount}, what it would have cost you without "
             "that buyer, until", amount=amount)  # fmt: skip
    take = Step(
        _("Buy the lot for {amount}", amount=amount), _url(view, "second_chance/accept"), {},
        _("You pay {amount} from your wallet; Starbid keeps it until you confirm that you got it.", amount=amount),
        _("Buy"), key="take",
    )  # fmt: skip
    refuse = Step(
        _("No, thank you"), _url(view, "second_chance/decline"), {},
        _("The offer ends. The seller can relist the lot."), _("Decline the offer"), "plain", "refuse",
    )  # fmt: skip
    missing = _missing(offer.price, wallet)
    act = TakeAct(view.lot.auction.id, offer.price)
    taking = top_up(view, missing, words, act) if missing else ()
    return ChanceBox(_("Offer to you"), text, offer.until, (*(taking or (take,)), refuse))


def _missing(price: Money, wallet: Wallet | None) -> Money | None:
    """What has to come in before the offer can be taken: for the price, and for what the person owes."""
    return wallet.missing(price + wallet.owed) if wallet else None


def _answered(offer: Offer, words: Language, now: datetime) -> str:
    _ = words._
    match offer.standing(now):
        case "accepted":
            return _("You bought it for {amount}.", amount=words.money(offer.price))
        case "declined":
            return _("You declined the offer.")
        case _:
            return _("The offer has expired.")


def _url(view: LotView, act: str) -> str:
    return f"/auction/{view.lot.auction.id}/{act}"
