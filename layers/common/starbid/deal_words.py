"""A deal in words for its two sides: what is done, who has to do what until when, and what happens by itself.

The same on pages and in the chat; moments are facts of the sentences, so each surface writes them its own way.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from starbid.domain.deal_progress import Phase, Progress
from starbid.domain.deals import Deal, DealState, DealTimes, release_after
from starbid.domain.sentences import Sentence, _


@dataclass(frozen=True, slots=True)
class DealMark:
    """A step of the progress line. `state`: `done` (then `at` is when), `now`, `bad` (now, and disputed) or `later`."""

    said: Sentence
    state: str
    at: datetime | None = None


def needs(deal: Deal, stands: Progress, *, is_buyer: bool) -> bool:
    """Whether the deal waits for this side; a dispute for the seller's answer, as long as there is none."""
    if stands.is_over:
        return False
    if is_buyer:
        return stands.phase in (Phase.ADDRESSING, Phase.CONFIRMING, Phase.PAUSED)
    return stands.phase in (Phase.SENDING, Phase.LATE) or (stands.phase is Phase.DISPUTED and not deal.answer)


def marks(deal: Deal, stands: Progress, *, is_buyer: bool) -> tuple[DealMark, ...]:
    """The progress line, from the payment to the end of the deal."""
    done = [DealMark(_paid(deal, is_buyer), "done", deal.sold_at)]
    if deal.addressed_at:
        said = _("You gave the address") if is_buyer else _("The buyer gave the address")
        done.append(DealMark(said, "done", deal.addressed_at))
    if deal.delivered_at:
        done.append(DealMark(_("The seller sent it") if is_buyer else _("You sent it"), "done", deal.delivered_at))
    if not deal.is_open:
        return (*done, *_ending(deal, stands, is_buyer))
    state = "bad" if stands.phase is Phase.DISPUTED else "now"
    later = tuple(DealMark(said, "later") for said in _later(deal, stands, is_buyer))
    return (*done, DealMark(waits(deal, stands, is_buyer=is_buyer), state), *later)


def happened(deal: Deal, stands: Progress, *, is_buyer: bool) -> tuple[DealMark, ...]:
    """What was done so far, the oldest first: a dispute is among it, whatever became of it."""
    done = [mark for mark in marks(deal, stands, is_buyer=is_buyer) if mark.state == "done" and mark.at]
    if deal.disputed_at and not _is_decided(deal):
        done.append(_disputed(deal, is_buyer))
    return tuple(sorted(done, key=lambda mark: mark.at or deal.sold_at))


def waits(deal: Deal, stands: Progress, *, is_buyer: bool) -> Sentence:
    """Who has to do what in an open deal, and until when; without a full stop."""
    if stands.is_over:
        return _("The time is over: the money moves automatically within minutes")
    by, at = stands.send_by or deal.sold_at, stands.moves_at or deal.sold_at
    match stands.phase:
        case Phase.ADDRESSING if is_buyer:
            return _("Say where it is to be sent, by {when}", when=at)
        case Phase.ADDRESSING:
            return _("Waiting for the buyer to say where to send it, until {when}", when=at)
        case Phase.SENDING if is_buyer:
            return _("Waiting for the seller to send it, until {when}", when=by)
        case Phase.SENDING:
            return _("Send it to the buyer by {when}", when=by)
        case Phase.LATE if is_buyer:
            return _("The seller is late: it was to be sent by {when}", when=by)
        case Phase.LATE:
            return _("You are late: send it to the buyer now, it was due by {when}", when=by)
        case Phase.PAUSED if is_buyer:
            return _("Paused: top up by {when}", when=at)
        case Phase.PAUSED:
            return _("Paused: the buyer has until {when} to settle a debt", when=at)
        case Phase.CONFIRMING if is_buyer:
            return _("Check it and confirm by {when}", when=at)
        case Phase.CONFIRMING:
            return _("Waiting for the buyer to confirm, until {when}", when=at)
        case _ if not is_buyer and not deal.answer:
            return _("In dispute: answer it; an operator decides by {when}", when=at)
        case _:
            return _("In dispute: an operator decides by {when}", when=at)


def then(deal: Deal, stands: Progress, *, is_buyer: bool) -> Sentence | None:
    """What follows if that is not done; None where there is nothing to tell."""
    if stands.is_over or stands.moves_at is None:
        return None
    return _buyers_then(deal, stands, stands.moves_at) if is_buyer else _sellers_then(deal, stands, stands.moves_at)


def arrives(deal: Deal, stands: Progress, times: DealTimes) -> Sentence | None:
    """When the price of an open deal reaches its seller at the latest."""
    if stands.phase in (Phase.ADDRESSING, Phase.SENDING, Phase.LATE) and not stands.is_over:
        return _("It arrives at the latest {span} after you send it.", span=release_after(deal, times))
    return then(deal, stands, is_buyer=False)


def try_first(stands: Progress) -> Sentence | None:
    """What the buyer can do before disputing a deal."""
    match stands.phase:
        case Phase.ADDRESSING if stands.moves_at:
            return _(
                "Nothing was sent yet: the seller waits for your address. If you give none, you get the money back "
                "without a dispute ({when}).",
                when=stands.moves_at,
            )
        case Phase.SENDING if stands.send_by:
            return _(
                "The seller still has time to send it, until {when}. If nothing comes by then, you can take the money "
                "back without a dispute.",
                when=stands.send_by,
            )
        case Phase.LATE:
            return _("You can take the money back now, without a dispute.")
        case Phase.PAUSED:
            return _("The deal is paused only until you have settled the debt: top up, and the seller can send it.")
        case Phase.CONFIRMING if stands.moves_at:
            return _("Look at all that the seller sent, and try it out: you have until {when}.", when=stands.moves_at)
        case _:
            return None


def _buyers_then(deal: Deal, stands: Progress, at: datetime) -> Sentence:
    match stands.phase:
        case Phase.ADDRESSING:
            return _("If you give no address by then, the money returns automatically ({when}).", when=at)
        case Phase.SENDING:
            return _(
                "If nothing comes by then, you can take the money back; it returns automatically ({when}).", when=at
            )
        case Phase.LATE:
            return _("You can take the money back now, or wait: it returns automatically ({when}).", when=at)
        case Phase.PAUSED:
            return _("Otherwise the deal ends automatically, and its price goes towards the debt.")
        case Phase.CONFIRMING if deal.dispute is None:
            return _("The seller is paid automatically ({when}) unless you open a dispute before.", when=at)
        case Phase.CONFIRMING:
            return _("The seller is paid automatically ({when}).", when=at)
        case _ if deal.is_delivered:
            return _("If nobody decides, the seller is paid automatically ({when}).", when=at)
        case _:
            return _("If nobody decides, you get the money back automatically ({when}).", when=at)


def _sellers_then(deal: Deal, stands: Progress, at: datetime) -> Sentence:
    match stands.phase:
        case Phase.ADDRESSING:
            return _("If no address comes by then, the buyer gets the money back automatically ({when}).", when=at)
        case Phase.SENDING:
            return _("After that the buyer can take the money back; it returns automatically ({when}).", when=at)
        case Phase.LATE:
            return _("Until then the buyer can take the money back; it returns automatically ({when}).", when=at)
        case Phase.PAUSED:
            return _("Otherwise the deal ends automatically, and the lot is yours again.")
        case Phase.CONFIRMING if deal.dispute is None:
            return _("You get {payout} automatically ({when}) unless the buyer opens a dispute before.",
                     payout=deal.payout, when=at)  # fmt: skip
        case Phase.CONFIRMING:
            return _("You get {payout} automatically ({when}).", payout=deal.payout, when=at)
        case _ if deal.is_delivered:
            return _("If nobody decides, you get {payout} automatically ({when}).", payout=deal.payout, when=at)
        case _:
            return _("If nobody decides, the buyer gets the money back automatically ({when}).", when=at)


def _paid(deal: Deal, is_buyer: bool) -> Sentence:
    if is_buyer:
        return _("You paid {price}", price=deal.price)
    return _("The buyer paid {price}", price=deal.price)


def _later(deal: Deal, stands: Progress, is_buyer: bool) -> tuple[Sentence, ...]:
    """What is still to come after the present step."""
    if stands.is_over:
        return ()
    if stands.phase is Phase.DISPUTED:
        return (_("The money goes to the seller, or back to you") if is_buyer
                else _("The money goes to you, or back to the buyer"),)  # fmt: skip
    confirms = (_("You confirm, and the seller is paid") if is_buyer
                else _("The buyer confirms, and you get {payout}", payout=deal.payout))  # fmt: skip
    sends = _("The seller sends it") if is_buyer else _("You send it to the buyer")
    match stands.phase:
        case Phase.PAUSED if deal.state is DealState.AWAITING_ADDRESS:
            return (
                _("You say where to send it") if is_buyer else _("The buyer says where to send it"),
                sends,
                confirms,
            )
        case Phase.ADDRESSING | Phase.PAUSED:
            return (sends, confirms)
        case Phase.SENDING | Phase.LATE:
            return (confirms,)
        case _:
            return (_("The seller is paid") if is_buyer else _("You get {payout}", payout=deal.payout),)


def _ending(deal: Deal, stands: Progress, is_buyer: bool) -> tuple[DealMark, ...]:
    """How it ended. Only a dispute that an operator has decided is known to have lasted until then."""
    before = (_disputed(deal, is_buyer),) if _is_decided(deal) else ()
    if stands.phase is Phase.PAID_OUT:
        said = _("The seller was paid") if is_buyer else _("You got {payout}", payout=deal.payout)
    else:
        said = _("You got the money back") if is_buyer else _("The buyer got the money back")
    return (*before, DealMark(said, "done", deal.ended_at))


def _disputed(deal: Deal, is_buyer: bool) -> DealMark:
    said = _("You opened a dispute") if is_buyer else _("The buyer opened a dispute")
    return DealMark(said, "done", deal.disputed_at)


def _is_decided(deal: Deal) -> bool:
    """Whether an operator settled its dispute."""
    return not deal.is_open and bool(deal.reason)
