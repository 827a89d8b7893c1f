"""Refusals as text: what happened, and the way out. One sentence per error, the same in chat, pages and API."""

from __future__ import annotations

from datetime import datetime
from typing import assert_never

from starbid.domain import deal_errors, errors, payment_errors
from starbid.domain.ledger import TransferKind
from starbid.domain.people import Person
from starbid.domain.renewals import RenewalState, shown
from starbid.i18n import Language
from starbid.services.logins import LoginOver, WrongPin
from starbid.services.views import LotView


def refusal(error: errors.StarbidError, words: Language) -> str:
    """The sentence for a refused action, in plain text."""
    match error:
        case errors.Invalid():
            return field_fault(error, words)
        case errors.InvalidFields():
            return " ".join(f"{field_name(fault.field, words)}: {field_fault(fault, words)}" for fault in error.errors)
        case payment_errors.PaymentRefused():
            return _payment(error, words)
        case errors.TooOften():
            minutes = -(-error.seconds // 60)
            return words.ngettext(
                "Too many of these in a short time. Please try again in {n} minute.",
                "Too many of these in a short time. Please try again in {n} minutes.",
                minutes,
            )
        case _:
            return _about_money(error, words) or _plain(error, words)


def came_back(view: LotView, words: Language) -> str:
    """To a winner who paid less than they bid: what the rest came to; empty for everybody else."""
    rest = view.came_back
    if rest is None:
        return ""
    bid, paid = words.money(view.price + rest), words.money(view.price)
    return words._("You bid {bid} and paid {paid}; {rest} came back.", bid=bid, paid=paid, rest=words.money(rest))


def renewal(person: Person, words: Language, now: datetime) -> str:
    """What follows the paid days; empty if Telegram renews nothing for the person."""
    state = shown(person.renewals)
    if state is RenewalState.FAILED:
        return words._("Telegram could not renew the subscription: the payment did not go through.")
    if not person.may_sell(now):
        return ""
    match state:
        case RenewalState.ACTIVE:
            return words._("Telegram renews it automatically.")
        case RenewalState.CANCELED:
            return words._("Automatic renewal is off: you cancelled it in Telegram.")
        case _:
            return ""


def field_fault(fault: errors.Invalid, words: Language) -> str:
    """What is wrong with one field."""
    _ = words._
    if fault.reason == "length" and not fault.facts["least"]:
        return _("Up to {most} characters, please.", most=fault.facts["most"])
    sentences = {
        "required": _("Please fill this in."),
        "length": _("Between {least} and {most} characters, please."),
        "range": _("A whole number from {least} to {most}, please."),
        "whole": _("A whole number above zero, please."),
        "positive": _("A whole number above zero, please."),
        "choice": _("Please choose one of the list."),
        "below_start": _("It cannot be below the start price ({least})."),
        "above_start": _("It cannot be above the start price ({most})."),
        "never_reaches_floor": _("With these steps the price does not reach the lowest price before the end."),
        "not_for_type": _("This does not belong to this type of auction."),
        "below_reserve": _("It cannot be below the reserve price ({least})."),
        "goods": _("Digital goods are sold in Stars, physical ones in a national currency."),
        "fixed": _("This cannot be changed after publishing."),
        "too_far": _("At most {days} days ahead, please."),
        "text": _("Plain text, please."),
        "time": _("A date and time, please, such as 2026-05-01T18:00."),
        "picture": _("This is not a picture we can read. PNG, JPEG or WebP, please."),
        "picture_size": _("A picture may have up to 5 MB."),
        "picture_pixels": _("This picture has too many pixels; up to {most} on a side, please."),
        "picture_work": _("This picture takes too long to open. Save it as an ordinary JPEG and choose it again."),
        "pictures_work": _("The pictures are too large to be taken all at once. Send fewer or smaller ones."),
        "picture_gone": _("No longer kept, please choose again: picture {numbers}."),
        "upload_gone": _("This upload is not there any more. Please choose the picture again."),
        "too_many": _("Up to {most} pictures, please."),
    }
    return sentences.get(fault.reason, _("This cannot be accepted.")).format(**fault.facts)


def field_name(field: str, words: Language) -> str:
    """The label of a form's field."""
    _ = words._
    names = {
        "amount": _("Amount"),
        "seen_price": _("Price"),
        "title": _("Title"),
        "description": _("Description"),
        "category": _("Category"),
        "goods": _("Goods"),
        "type": _("Type"),
        "currency": _("Currency"),
        "start_price": _("Start price"),
        "reserve_price": _("Reserve price"),
        "buy_now_price": _("Buy-now price"),
        "bid_step": _("Bid step"),
        "floor_price": _("Lowest price"),
        "drop_amount": _("Price falls by"),
        "drop_seconds": _("Seconds between two falls"),
        "extend_seconds": _("Extension window"),
        "max_extension_seconds": _("Longest extension"),
        "duration_seconds": _("Duration"),
        "starts_at": _("Start"),
        "images": _("Pictures"),
        "text": _("Text"),
        "stars": _("Rating"),
        "reason": _("Reason"),
        "name": _("Name"),
        "language": _("Language"),
    }
    return names.get(field, field)


def _about_money(error: errors.StarbidError, words: Language) -> str | None:
    _, money = words._, words.money
    match error:
        case errors.BidTooLow():
            return _("The lowest bid is now {price}.", price=money(error.next_min))
        case errors.InsufficientFunds():
            available, missing = money(error.available), money(error.missing)
            return _("You have {available} available, {missing} is missing.", available=available, missing=missing)
        case errors.PriceMoved() if error.price is not None:
            return _("The price is now {price}. Buy at this price?", price=money(error.price))
        case errors.SubscriptionRequired():
            return _("Selling needs a subscription: 30 days for {price}.", price=money(error.price))
        case payment_errors.SpentAlready():
            return _(
                "You have spent Stars that you bought: {amount} of them can still go back. "
                "What you earn is not refunded.",
                amount=money(error.refundable),
            )
        case errors.InDebt():
            owed = money(error.owed)
            return _(
                "A refunded payment left {owed} open. Top up to settle it, then you can bid and sell again.", owed=owed
            )
        case _:
            return None


def _payment(error: payment_errors.PaymentRefused, words: Language) -> str:
    _ = words._
    match error.reason:
        case "person":
            return _("This invoice was made for another person. Ask for your own with /buy_stars.")
        case "amount" | "currency":
            return _("The amount does not match the invoice. Please ask for a new one with /buy_stars.")
        case "blocked":
            return _("Your account is blocked, so no payment was taken.")
        case _:
            return _("This invoice is not valid. Please ask for a new one with /buy_stars.")


def _plain(error: errors.StarbidError, words: Language) -> str:
    _ = words._
    sentences = {
        errors.NotFound: _("There is no such lot."),
        errors.Blocked: _("Your account is blocked. Write to support if this looks wrong."),
        errors.NotStarted: _("Bidding has not started yet."),
        errors.AuctionClosed: _("Bidding on this lot is over."),
        errors.LotChanged: _("The seller has changed this lot. Look at it again: nothing was bid or bought."),
        errors.OwnAuction: _("This is your own lot; you cannot bid on it."),
        errors.UnusualBid: _("This bid is ten times the lowest one or more. Confirm that you mean it."),
        errors.PriceMoved: _("This lot cannot be bought at once any more."),
        errors.NotForSale: _("This lot has no buy-now price."),
        errors.NotBiddable: _("The price of this lot falls by itself: buy it at the price of the moment."),
        errors.NotClosed: _("This is secret until the lot has ended."),
        errors.LogNotReady: _("The bid log is being written. Come back in a few seconds."),
        errors.HasBids: _("Somebody has bid already, so the lot can no longer be changed or cancelled."),
        errors.WatchlistFull: _("Your watchlist is full. Take a lot off it, then watch this one."),
        errors.TooManyTokens: _("You have many tokens already. Delete one that you no longer use."),
        errors.NotYours: _("This is for somebody else to do."),
        payment_errors.NotRefundable: _("This payment cannot be refunded."),
        deal_errors.DealFrozen: _(
            "The buyer's payment was taken back by Telegram. The deal is paused until that is settled: "
            "do not deliver yet."
        ),
        deal_errors.AlreadyDisputed: _("A deal can be disputed once, and this one has been."),
        errors.KeyReused: _("This Idempotency-Key was used for another request."),
        deal_errors.NotSold: _("This lot is not sold, so there is no deal about it."),
        deal_errors.AlreadyRated: _("You have rated this deal already."),
        deal_errors.NoRunnerUp: _("Nobody else bid on this lot, so there is nobody to offer it to."),
        deal_errors.WrongOfferState: _("This offer does not stand any more."),
        deal_errors.NotRelistable: _(
            "Only a lot that was not sold, or whose money went back, can be put up again, and once."
        ),
        deal_errors.WrongDealState: _("The deal has moved on; this step is not possible now."),
        LoginOver: _("This login is over. Begin again in the browser."),
        WrongPin: _("That is not the code from the chat. Look at it again."),
        errors.Conflict: _("Many people act on this lot at this moment. Please try again."),
    }
    return sentences.get(type(error), _("This cannot be done."))


def movement(kind: TransferKind, words: Language) -> str:
    """What a line of the ledger is, for the person whom it concerns."""
    _ = words._
    match kind:
        case TransferKind.STARS:
            return _("Stars bought")
        case TransferKind.SUBSCRIPTION:
            return _("Subscription, 30 days")
        case TransferKind.NATIVE_SUBSCRIPTION:
            return _("Subscription, paid in Telegram")
        case TransferKind.SALE:
            return _("Paid for a lot")
        case TransferKind.RELEASE:
            return _("Sold a lot")
        case TransferKind.RETURN:
            return _("Money back for a lot")
        case TransferKind.REFUND:
            return _("Payment refunded")
        case TransferKind.REFUND_UNDONE:
            return _("Refund undone")
        case TransferKind.OFFSET_DEBT:
            return _("Open amount settled")
        case TransferKind.ADJUSTMENT:
            return _("Correction by the operator")
        case _:
            assert_never(kind)
