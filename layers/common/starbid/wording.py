"""Refusals as text: what happened, and the way out. One sentence per error, the same in chat, pages and API."""

from __future__ import annotations

from datetime import datetime

from starbid.assistant_words import of_assistant
from starbid.domain import (
    bills,
    deal_errors,
    errors,
    moderation,
    pause,
    payment_errors,
    payout_errors,
    restrictions,
    talks,
)
from starbid.domain.leaving import CannotLeave
from starbid.domain.people import Person
from starbid.domain.renewals import RenewalState, shown, stopped_by_bot
from starbid.domain.saved_searches import SearchesFull, SearchTooWide
from starbid.domain.showcases import NotAdmin, NotConnected, ShowcasesFull
from starbid.email_words import of_emails
from starbid.field_words import fault_of_field, field_fault
from starbid.i18n import Language
from starbid.leaving_words import obstacle_name
from starbid.operator_words import of_operators
from starbid.services.logins import LoginOver, WrongPin
from starbid.services.views import LotView


def refusal(error: errors.StarbidError, words: Language) -> str:
    """The sentence for a refused action, in plain text."""
    match error:
        case errors.Invalid():
            return field_fault(error, words)
        case errors.InvalidFields():
            return " ".join(fault_of_field(fault, words) for fault in error.errors)
        case payment_errors.PaymentRefused():
            return _payment(error, words)
        case moderation.OutOfReach():
            if error.reason == "blocked":
                return words._("The message would not arrive: they are blocked, and the bot tells them nothing.")
            return words._("The message would not arrive: they have blocked the bot.")
        case restrictions.Restricted():
            return _restricted(error, words)
        case bills.BillOpen():
            amount = words.money(error.bill.amount)
            return words._("You have an open bill over {amount}. Pay or cancel it first.", amount=amount)
        case bills.ProviderFailed():
            return words._("Something went wrong, support has been informed.")
        case errors.DraftsFull():
            return words.ngettext(
                "You have {n} draft already. Publish it or delete it, then begin another.",
                "You have {n} drafts already. Publish one or delete one, then begin another.",
                error.most,
            )
        case CannotLeave():
            return " ".join(obstacle_name(each, words) for each in error.obstacles)
        case errors.TooOften():
            minutes = -(-error.seconds // 60)
            return words.ngettext(
                "That was too many in a short time. Try again in {n} minute.",
                "That was too many in a short time. Try again in {n} minutes.",
                minutes,
            )
        case _:
            return _about_money(error, words) or of_assistant(error, words) or _plain(error, words)


def _restricted(error: restrictions.Restricted, words: Language) -> str:
    _, until = words._, words.moment(error.until)
    if error.until == restrictions.FOREVER:
        return {
            restrictions.Limit.BIDS: _("You cannot bid or buy for now. Write to support if this looks wrong."),
            restrictions.Limit.LOTS: _("You cannot publish lots for now. Write to support if this looks wrong."),
            restrictions.Limit.ASSISTANT: _(
                "You cannot use the AI helper for now. Write to support if this looks wrong."
            ),
        }[error.limit]
    return {
        restrictions.Limit.BIDS: _("You cannot bid or buy until {moment}.", moment=until),
        restrictions.Limit.LOTS: _("You cannot publish lots until {moment}.", moment=until),
        restrictions.Limit.ASSISTANT: _("You cannot use the AI helper until {moment}.", moment=until),
    }[error.limit]


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
        case RenewalState.CANCELED if stopped_by_bot(person.renewals):
            return words._("Automatic renewal is off: you stopped it here.")
        case RenewalState.CANCELED:
            return words._("Automatic renewal is off. You can turn it on again in Telegram: Settings, My Stars.")
        case _:
            return ""


def _about_money(error: errors.StarbidError, words: Language) -> str | None:
    _, money = words._, words.money
    match error:
        case errors.BidTooLow():
            return _("The lowest bid is now {price}.", price=money(error.next_min))
        case errors.InsufficientFunds():
            available, missing = money(error.available), money(error.missing)
            return _("You have {available}. You need {missing} more.", available=available, missing=missing)
        case errors.PriceMoved() if error.price is not None:
            return _("The price is now {price}. Buy at this price?", price=money(error.price))
        case errors.SubscriptionRequired():
            return _("Selling needs a subscription: 30 days for {price}.", price=money(error.price))
        case payment_errors.SpentAlready():
            return _(
                "You have spent part of the Stars you bought: {amount} can still be refunded. What you earn is "
                "not refunded.",
                amount=money(error.refundable),
            )
        case payout_errors.NotPayable() if error.payable:
            return _("Up to {amount} can be paid out now.", amount=money(error.payable))
        case errors.InDebt():
            owed = money(error.owed)
            return _(
                "A refunded payment left a debt of {owed}. Top up to settle it, and you can bid and sell again.",
                owed=owed,
            )
        case _:
            return None


def _payment(error: payment_errors.PaymentRefused, words: Language) -> str:
    _ = words._
    match error.reason:
        case "person":
            return _("This invoice was made for another person. Get your own: /buy_stars")
        case "amount" | "currency":
            return _("The amount does not match the invoice. Get a new one: /buy_stars")
        case "blocked":
            return _("Your account is blocked, so no payment was taken.")
        case "expired":
            return _("The time to pay this bill is over. Get a new one: /topup")
        case "paid":
            return _("This invoice has been paid already. For another pack get a new one: /ask")
        case _:
            return _("This invoice is not valid. Get a new one: /buy_stars")


def _plain(error: errors.StarbidError, words: Language) -> str:
    _ = words._
    sentences = {
        errors.NotFound: _("There is no such lot."),
        errors.Blocked: _("Your account is blocked. Write to support if this looks wrong."),
        errors.NotStarted: _("Bidding has not started yet."),
        errors.AuctionClosed: _("Bidding on this lot is over."),
        errors.LotChanged: _("The seller has changed this lot. Check it: you have not bid or bought anything."),
        errors.EditedMeanwhile: _("This lot was changed elsewhere in the meantime."),
        errors.OwnAuction: _("This is your own lot; you cannot bid on it."),
        errors.UnusualBid: _("This bid is at least ten times the lowest one. Confirm that you mean it."),
        pause.Paused: _("Bids, purchases and new lots are paused for a moment. The time left on every lot is kept."),
        errors.PriceMoved: _("This lot can no longer be bought right away."),
        errors.NotForSale: _("This lot has no buy-now price."),
        errors.NotBiddable: _(
            "The price of this lot drops automatically: there is no bidding, buy it at the current price."
        ),
        errors.NotClosed: _("This is hidden until the lot ends."),
        errors.LogNotReady: _("The record of bids is being prepared. Come back in a few seconds."),
        errors.HasBids: _("Somebody has already bid, so the lot can no longer be changed or withdrawn."),
        errors.WatchlistFull: _("Your favourites are full. Remove a lot, then add this one."),
        errors.DraftGone: _("There is no such draft any more: it was published or deleted."),
        SearchesFull: _("You have saved as many searches as fit. Delete one, then save this one."),
        SearchTooWide: _("Nothing to look for yet. Add a word or a filter, then save the search."),
        NotAdmin: _("Only an admin of this group or channel can do this."),
        NotConnected: _("I am not in this group or channel, or it is no longer connected. Add me to it first."),
        ShowcasesFull: _("That is as many groups and channels as fit. Disconnect one, then add this one."),
        errors.TooManyTokens: _("You already have many tokens. Delete one you no longer use."),
        errors.NotYours: _("Only another person can do this."),
        payment_errors.NotPaidYet: _("The payment has not arrived yet."),
        payment_errors.GivenBack: _("The payment was refunded. Confirm again."),
        payment_errors.ActLapsed: _("The payment came late. Confirm again."),
        payment_errors.NotRefundable: _("This payment cannot be refunded."),
        payout_errors.NotPayable: _("Nothing can be paid out yet."),
        payout_errors.NoSuchPayout: _("There is no such payout."),
        deal_errors.DealFrozen: _(
            "A payment of the buyer was taken back. The deal is paused until the debt is settled: nothing is to be "
            "sent yet."
        ),
        deal_errors.AlreadyDisputed: _("A deal can be disputed once, and this one has been."),
        talks.TalkClosed: _("The deal ended too long ago: the two sides can no longer write to each other."),
        talks.NoSuchMessage: _("This message is no longer kept."),
        talks.AlreadyReportedMessage: _("You have already reported this message."),
        errors.KeyReused: _("This Idempotency-Key was used for another request."),
        errors.FormReused: _("This form has already published a lot."),
        errors.Spent: _("This was already paid once, and those 30 days are over. Nothing was charged again."),
        deal_errors.NotSold: _("This lot is not sold, so there is no deal about it."),
        deal_errors.AlreadyRated: _("You have already rated this deal."),
        deal_errors.NoRunnerUp: _("Nobody else bid on this lot, so there is nobody to offer it to."),
        deal_errors.WrongOfferState: _("This offer is no longer valid."),
        deal_errors.NotRelistable: _(
            "Only a lot that was not sold, or whose money was returned, can be relisted, and only once."
        ),
        deal_errors.WrongDealState: _("The deal has moved on, so this step is no longer possible."),
        LoginOver: _("This login has expired. Start again in the browser."),
        WrongPin: _("That is not the code from the chat. Check it."),
        errors.Conflict: _("Many people are bidding on this lot right now. Try again."),
    }
    return (sentences | of_operators(words) | of_emails(words)).get(type(error), _("This is not possible."))


def provider_name(provider: str) -> str:
    """A provider of bills as people know it; the same in all languages."""
    return {"qiwi": "QIWI", "cryptopay": "Crypto Pay", "telegram": "Telegram"}.get(provider, provider)
