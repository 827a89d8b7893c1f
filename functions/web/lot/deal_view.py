"""A deal as its two sides see it: where it is, what comes next, and when it moves on by itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from starbid import deal_words
from starbid.deal_words import DealMark
from starbid.domain import evidence
from starbid.domain.deal_progress import progress
from starbid.domain.deal_rules import DealStep, open_steps
from starbid.domain.deals import Deal, DealState, DealTimes
from starbid.domain.delivered_files import FILES_KEPT, MAX_FILES
from starbid.domain.errors import passes
from starbid.domain.sentences import Sentence
from starbid.domain.wallet import Wallet
from starbid.i18n import Language
from starbid.services.views import LotView
from web.lot.page_view import NamedMoney
from web.shared.files import FileRow
from web.shared.ratings import RatingBox, rating_box
from web.shared.steps import Step, top_up


@dataclass(frozen=True)
class TypedDeal:
    """A refused form of a deal, or of an operator: `deliver`, `dispute`, `answer`, `photos`, `rate` or `cancel`, what
    was typed, and the sentence. `had_photos`: a browser does not keep them; `about_photos`: the sentence is.
    """

    form: str = ""
    text: str = ""
    stars: str = ""
    fault: str = ""
    had_photos: bool = False
    about_photos: bool = False


@dataclass(frozen=True)
class Quoted:
    """What one of the people wrote, under a title, and the addresses of what they show with it. `files`: what came
    along, and `files_note` until when they are kept.
    """

    title: str
    text: str
    photos: tuple[str, ...] = ()
    files: tuple[FileRow, ...] = ()
    files_note: str = ""


@dataclass(frozen=True)
class DealBox:
    """`marks`: the progress line; `needs_you`: its present step is this side's. `then`: what follows if nobody does it.
    `try_first`: what to do before a dispute. `actions` need a second press.

    `quoted` is what was handed over, objected, answered and decided, as far as it happened. `answered` is what a seller
    who `can_answer` has said so far. `photo_room`: how many photos this side may still show; a buyer who `can_add` adds
    them without words. `file_room`: how many files a delivery may have.
    """

    title: str
    marks: tuple[DealMark, ...]
    needs_you: bool
    text: str
    then: Sentence | None
    quoted: tuple[Quoted, ...]
    can_deliver: bool
    can_give_address: bool
    is_physical: bool
    can_dispute: bool
    try_first: Sentence | None
    can_answer: bool
    answered: str
    can_add: bool
    photo_room: int
    file_room: int
    actions: tuple[Step, ...]
    facts: tuple[NamedMoney, ...]
    rating: RatingBox | None
    typed: TypedDeal = field(default_factory=TypedDeal)


def deal_box(
    view: LotView,
    wallet: Wallet | None,
    times: DealTimes,
    words: Language,
    now: datetime,
    typed: TypedDeal | None = None,
    files: tuple[FileRow, ...] = (),
) -> DealBox | None:
    """The deal for the buyer or the seller, whose `wallet` of its currency it is; None for everybody else. `files` are
    those that were handed over, and are not erased.
    """
    deal = view.deal
    if deal is None:
        return None
    is_buyer, may, stands = view.is_buyer, open_steps(deal, view.viewer_id, now, times), progress(deal, now, times)
    text = _buyers_text(deal, words) if is_buyer else _sellers_text(deal, words)
    room = evidence.room(deal, deal.buyer_id if is_buyer else deal.seller_id)
    _ = words._
    return DealBox(
        title=_("Your purchase") if is_buyer else _("Your sale"),
        marks=deal_words.marks(deal, stands, is_buyer=is_buyer),
        needs_you=deal_words.needs(deal, stands, is_buyer=is_buyer),
        text="" if stands.is_over else text,
        then=deal_words.then(deal, stands, is_buyer=is_buyer),
        quoted=_quoted(deal, is_buyer, words, now, files),
        can_deliver=DealStep.DELIVER in may,
        can_give_address=DealStep.GIVE_ADDRESS in may,
        is_physical=deal.is_physical,
        can_dispute=DealStep.DISPUTE in may,
        try_first=deal_words.try_first(stands),
        can_answer=DealStep.ANSWER in may,
        answered=deal.answer or "",
        can_add=is_buyer and passes(evidence.require_more, deal, deal.buyer_id) and room > 0,
        photo_room=room,
        file_room=MAX_FILES,
        actions=(*_offset_steps(view, wallet, words), *_actions(deal, may, words)),
        facts=_sums(deal, is_buyer, words),
        rating=rating_box(deal, is_buyer, words, now, asks=DealStep.RATE in may),
        typed=typed or TypedDeal(),
    )


def _quoted(
    deal: Deal, is_buyer: bool, words: Language, now: datetime, files: tuple[FileRow, ...]
) -> tuple[Quoted, ...]:
    _, shown = words._, evidence.shown(deal, now)
    wrong = _("What is wrong, in your words") if is_buyer else _("What is wrong, in the buyer's words")
    sent = _("From the seller") if is_buyer else _("What you sent")
    said = (
        (wrong, deal.dispute, shown.by_buyer),
        (_("The seller's answer") if is_buyer else _("Your answer"), deal.answer, shown.by_seller),
        (_("The decision, in the operator's words"), deal.reason, ()),
    )
    url = f"/auction/{deal.auction_id}/evidence"
    quoted = (Quoted(title, text, tuple(f"{url}/{each}" for each in photos)) for title, text, photos in said if text)
    if not deal.is_delivered:
        return tuple(quoted)
    return (Quoted(sent, deal.delivery or "", (), files, _files_note(deal, files, words)), *quoted)


def _files_note(deal: Deal, files: tuple[FileRow, ...], words: Language) -> str:
    if not deal.files:
        return ""
    span = words.span(FILES_KEPT)
    if files:
        return words._("Files are erased {span} after the end of the deal.", span=span)
    return words._("The files were erased: they are kept for {span} after the end of the deal.", span=span)


def _buyers_text(deal: Deal, words: Language) -> str:
    _, price = words._, words.money(deal.price)
    match deal.state:
        case DealState.AWAITING_ADDRESS | DealState.AWAITING_DELIVERY if deal.frozen_at:
            return _("A payment of yours was taken back, so this deal is paused. Top up to settle the debt.")
        case DealState.AWAITING_ADDRESS | DealState.AWAITING_DELIVERY:
            return _("{price} is kept safe by Starbid until you confirm.", price=price)
        case DealState.DELIVERED:
            return _("The seller has sent it. Look at it, and confirm if it is what you bought.")
        case DealState.COMPLETED if deal.reason:
            return _("The operator decided for the seller, who has been paid.")
        case DealState.COMPLETED:
            return _("Done. The seller has been paid.")
        case DealState.REFUNDED if deal.reason:
            return _("The operator decided for you: {price} is back in your wallet.", price=price)
        case DealState.REFUNDED:
            return _("{price} is back in your wallet.", price=price)
        case _:
            return _("An operator looks at this deal. Until they decide, {price} stays with Starbid. "
                     "You can withdraw the dispute: then the deal continues where it was.", price=price)  # fmt: skip


def _sellers_text(deal: Deal, words: Language) -> str:
    _, payout = words._, words.money(deal.payout)
    match deal.state:
        case DealState.AWAITING_ADDRESS | DealState.AWAITING_DELIVERY if deal.frozen_at:
            return _("A payment of the buyer was taken back. Do not send anything yet: the deal is paused, and "
                     "so is your time to send it.")  # fmt: skip
        case DealState.AWAITING_ADDRESS:
            return _("The buyer has paid; Starbid keeps the money. Wait for the address before you send anything.")
        case DealState.AWAITING_DELIVERY:
            return _("The buyer has paid; Starbid keeps the money. Send the buyer what you sold.")
        case DealState.DELIVERED:
            return _("Sent. As soon as the buyer confirms, {payout} is yours.", payout=payout)
        case DealState.COMPLETED if deal.reason:
            return _("The operator decided for you: {payout} is in your wallet.", payout=payout)
        case DealState.COMPLETED:
            return _("Done. {payout} is in your wallet.", payout=payout)
        case DealState.REFUNDED if deal.reason:
            return _("The operator decided for the buyer, who has the money back. No fee was taken.")
        case DealState.REFUNDED:
            return _("The buyer got the money back.")
        case _:
            return _("The buyer opened a dispute. An operator reads both sides and decides. The buyer can withdraw it.")


def _sums(deal: Deal, is_buyer: bool, words: Language) -> tuple[NamedMoney, ...]:
    if deal.state is DealState.REFUNDED:
        return ()
    _ = words._
    if is_buyer:
        return (NamedMoney(_("Bought for"), deal.price),)
    return (
        NamedMoney(_("Sold for"), deal.price),
        NamedMoney(_("Fee"), -deal.fee),
        NamedMoney(_("For you"), deal.payout),
    )


def _offset_steps(view: LotView, wallet: Wallet | None, words: Language) -> tuple[Step, ...]:
    """What a buyer who owes buys to have a frozen deal go on."""
    if view.deal is None or not view.is_buyer or view.deal.frozen_at is None or wallet is None:
        return ()
    missing = wallet.missing(wallet.owed)
    return top_up(view, missing, words) if missing else ()


def _actions(deal: Deal, may: frozenset[DealStep], words: Language) -> tuple[Step, ...]:
    _, url = words._, f"/auction/{deal.auction_id}"
    if DealStep.CONFIRM in may:
        text = _("The seller gets the money. This cannot be undone.")
        return (Step(_("Confirm the delivery"), f"{url}/confirm", {}, text, _("Confirm and pay the seller")),)
    if DealStep.WITHDRAW in may:
        text = _("The deal continues from where it was. You cannot open another dispute about it.")
        label, sure = _("Withdraw the dispute"), _("Yes, withdraw the dispute")
        return (Step(label, f"{url}/dispute/withdraw", {}, text, sure, "plain", "withdraw"),)
    if DealStep.TAKE_BACK in may:
        text = _("The deal ends, and {price} returns to your wallet.", price=words.money(deal.price))
        return (Step(_("Take the money back"), f"{url}/take_back", {}, text, _("Yes, take it back"), "danger"),)
    return ()
