"""A deal as its two sides see it: where it is, what comes next, and when it moves on by itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from starbid.domain.deal_rules import DealStep, open_steps
from starbid.domain.deals import Deal, DealState, DealTimes
from starbid.domain.wallet import Wallet
from starbid.i18n import Language
from starbid.services.views import LotView
from web.lot.page_view import NamedMoney
from web.shared.ratings import RatingBox, rating_box
from web.shared.steps import Step, top_up


@dataclass(frozen=True)
class ProgressStep:
    """`state` is `done`, `now`, `bad` or empty."""

    label: str
    state: str = ""


@dataclass(frozen=True)
class TypedDeal:
    """A refused form of a deal: `deliver`, `dispute`, `answer` or `rate`, what was typed, and the sentence."""

    form: str = ""
    text: str = ""
    stars: str = ""
    fault: str = ""


@dataclass(frozen=True)
class Quoted:
    """What one of the people wrote, under a title."""

    title: str
    text: str


@dataclass(frozen=True)
class DealBox:
    """`moves` and `moves_at`: what happens by itself and when. `actions` need a second press.

    `quoted` is what was handed over, objected, answered and decided, as far as it happened. `answered` is what a seller
    who `can_answer` has said so far.
    """

    title: str
    steps: tuple[ProgressStep, ...]
    text: str
    moves: str
    moves_at: datetime | None
    quoted: tuple[Quoted, ...]
    can_deliver: bool
    can_dispute: bool
    can_answer: bool
    answered: str
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
) -> DealBox | None:
    """The deal for the buyer or the seller, whose `wallet` of its currency it is; None for everybody else."""
    deal = view.deal
    if deal is None:
        return None
    is_buyer, may = view.is_buyer, open_steps(deal, view.viewer_id, now, times)
    text, moves = _buyers_text(deal, words) if is_buyer else _sellers_text(deal, words)
    _ = words._
    return DealBox(
        title=_("Your purchase") if is_buyer else _("Your sale"),
        steps=_progress(deal, words),
        text=text,
        moves=moves,
        moves_at=deal.due_at if moves else None,
        quoted=_quoted(deal, is_buyer, words),
        can_deliver=DealStep.DELIVER in may,
        can_dispute=DealStep.DISPUTE in may,
        can_answer=DealStep.ANSWER in may,
        answered=deal.answer or "",
        actions=(*_offset_steps(view, wallet, words), *_actions(deal, may, words)),
        facts=() if is_buyer else _sellers_sums(deal, words),
        rating=rating_box(deal, is_buyer, words, now, asks=DealStep.RATE in may),
        typed=typed or TypedDeal(),
    )


def _progress(deal: Deal, words: Language) -> tuple[ProgressStep, ...]:
    _ = words._
    paid, delivered = ProgressStep(_("Paid"), "done"), ProgressStep(_("Delivered"), "done")
    so_far = (paid, delivered) if deal.delivery else (paid,)
    if deal.state is DealState.REFUNDED:
        return (*so_far, ProgressStep(_("Money returned"), "done"))
    if deal.state is DealState.DISPUTED:
        return (*so_far, ProgressStep(_("In dispute"), "bad"), ProgressStep(_("Decided")))
    reached = {DealState.AWAITING_DELIVERY: 1, DealState.DELIVERED: 2, DealState.COMPLETED: 3}[deal.state]
    labels = (_("Paid"), _("Delivered"), _("Decided") if deal.reason else _("Confirmed"))
    states = ("done" if n < reached else "now" if n == reached else "" for n in range(3))
    return tuple(ProgressStep(label, state) for label, state in zip(labels, states, strict=True))


def _quoted(deal: Deal, is_buyer: bool, words: Language) -> tuple[Quoted, ...]:
    _ = words._
    said = (
        (_("From the seller") if is_buyer else _("What you sent"), deal.delivery),
        (_("What is wrong, in your words") if is_buyer else _("What is wrong, in the buyer's words"), deal.dispute),
        (_("The seller's answer") if is_buyer else _("Your answer"), deal.answer),
        (_("The decision, in the operator's words"), deal.reason),
    )
    return tuple(Quoted(title, text) for title, text in said if text)


def _buyers_text(deal: Deal, words: Language) -> tuple[str, str]:
    _, price = words._, words.money(deal.price)
    match deal.state:
        case DealState.AWAITING_DELIVERY if deal.frozen_at:
            return (
                _("A payment of yours was taken back, so this deal is paused. Top up to settle the debt."),
                _("Otherwise the deal ends, and its price settles it, on"),
            )
        case DealState.AWAITING_DELIVERY:
            return (
                _("{price} is kept safe by Starbid. The seller has been asked to deliver.", price=price),
                _("If nothing comes, the money returns by itself on"),
            )
        case DealState.DELIVERED:
            return (
                _("The seller has delivered. Look at it, and confirm if it is what you bought."),
                _("Without an answer the seller is paid by itself on"),
            )
        case DealState.COMPLETED if deal.reason:
            return _("The operator decided for the seller, who has been paid."), ""
        case DealState.COMPLETED:
            return _("Done. The seller has been paid."), ""
        case DealState.REFUNDED if deal.reason:
            return _("The operator decided for you: {price} is back in your wallet.", price=price), ""
        case DealState.REFUNDED:
            return _("{price} is back in your wallet.", price=price), ""
        case _:
            return (
                _("An operator looks at this deal. Until they decide, {price} stays with Starbid.", price=price),
                _undecided(deal, words),
            )


def _sellers_text(deal: Deal, words: Language) -> tuple[str, str]:
    _, payout = words._, words.money(deal.payout)
    match deal.state:
        case DealState.AWAITING_DELIVERY if deal.frozen_at:
            return (
                _("Telegram took the buyer's payment back. Do not send anything yet: the deal is paused, and "
                  "so is your time to send it."),
                _("If they do not settle it, the deal ends and the lot is yours again on"),
            )  # fmt: skip
        case DealState.AWAITING_DELIVERY:
            return (
                _("The buyer has paid; Starbid keeps the money. Hand over what you sold."),
                _("If you do not, the buyer gets the money back on"),
            )
        case DealState.DELIVERED:
            return (
                _("Delivered. As soon as the buyer confirms, {payout} is yours.", payout=payout),
                _("Without an answer it is yours by itself on"),
            )
        case DealState.COMPLETED if deal.reason:
            return _("The operator decided for you: {payout} is in your wallet.", payout=payout), ""
        case DealState.COMPLETED:
            return _("Done. {payout} is in your wallet.", payout=payout), ""
        case DealState.REFUNDED if deal.reason:
            return _("The operator decided for the buyer, who has the money back. No fee was taken."), ""
        case DealState.REFUNDED:
            return _("The buyer got the money back."), ""
        case _:
            return (
                _("The buyer opened a dispute. An operator reads both sides and decides."),
                _undecided(deal, words),
            )


def _undecided(deal: Deal, words: Language) -> str:
    """What 30 days without a decision come to."""
    _ = words._
    paid = _("If nobody decides, the seller is paid automatically on")
    return paid if deal.is_delivered else _("If nobody decides, the buyer gets the money back automatically on")


def _sellers_sums(deal: Deal, words: Language) -> tuple[NamedMoney, ...]:
    if deal.state is DealState.REFUNDED:
        return ()
    _ = words._
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
    return top_up(view, missing, words, words._("Settle {amount}", amount=words.money(missing))) if missing else ()


def _actions(deal: Deal, may: frozenset[DealStep], words: Language) -> tuple[Step, ...]:
    _, url = words._, f"/auction/{deal.auction_id}"
    if DealStep.CONFIRM in may:
        text = _("The seller gets the money. This cannot be undone.")
        return (Step(_("Confirm the delivery"), f"{url}/confirm", {}, text, _("Confirm and pay the seller")),)
    if DealStep.WITHDRAW in may:
        text = _("The deal continues from where it was. You cannot open another dispute about it.")
        label, sure = _("Withdraw the dispute"), _("Yes, withdraw it")
        return (Step(label, f"{url}/dispute/withdraw", {}, text, sure, "plain", "withdraw"),)
    if DealStep.TAKE_BACK in may:
        text = _("The deal ends, and {price} returns to your wallet.", price=words.money(deal.price))
        return (Step(_("Take the money back"), f"{url}/take_back", {}, text, _("Yes, take it back"), "danger"),)
    return ()
