"""Notices in words about deals: delivered, paid out, returned, disputed, paused, rated, offered again."""

from __future__ import annotations

from starbid.domain.deal_ratings import blind_until
from starbid.domain.deals import DealState
from starbid.domain.delivered_files import FILES_KEPT
from starbid.domain.relisting import may_relist
from starbid.services.notices import deals
from starbid.telegram import keyboards
from starbid.telegram.card_words import deal_line
from starbid.telegram.html import MAX_TEXT, cut, escape, parsed_units
from starbid.telegram.keyboards import Button, Keyboard
from starbid.telegram.notices.telling import (
    Message,
    Telling,
    about_lot,
    offset_button,
    says,
    wallet_button,
    with_deadline,
    with_steps,
    with_talk,
)
from starbid.telegram.rating_words import quoted_rating, received


@says(deals.DELIVERED)
def _delivered(t: Telling) -> Message:
    deal = t.lot.deal
    text = t.words._("The seller sent “{title}”. Check it and confirm; then the seller gets the money.", title=t.title)
    if deal and deal.state is DealState.DELIVERED and deal.due_at:
        text += "\n" + t.words._(
            "Without a dispute, that happens automatically: {moment}.", moment=t.words.moment(deal.due_at)
        )
    if deal and deal.files:
        text += "\n" + t.words.ngettext(
            "{n} file came with it; it is erased {span} after the end of the deal.",
            "{n} files came with it; they are erased {span} after the end of the deal.",
            deal.files,
            span=t.words.span(FILES_KEPT),
        )
    if deal and deal.delivery:
        text += "\n\n" + escape(cut(deal.delivery, MAX_TEXT - parsed_units(text) - 2))
    return text, with_steps(t)


@says(deals.ADDRESS_GIVEN)
def _address_given(t: Telling) -> Message:
    """Without the address: a message stays in the chat for longer than it may be known."""
    if t.facts["corrected"]:
        text = t.words._("The buyer of “{title}” corrected the delivery address.", title=t.title)
    else:
        text = t.words._("The buyer of “{title}” gave the delivery address.", title=t.title)
    return with_deadline(t, text), with_steps(t)


@says(deals.REMINDED)
def _reminded(t: Telling) -> Message:
    text = t.words._("Reminder about “{title}”.", title=t.title)
    deal = t.lot.deal
    line = deal_line(t.lot, deal, t.words, t.now, t.settings.business.deal_times) if deal else ""
    return f"{text}\n{line}".rstrip(), with_steps(t)


@says(deals.RELEASED)
def _released(t: Telling) -> Message:
    return with_talk(t, *_released_words(t))


def _released_words(t: Telling) -> Message:
    if t.facts["by"] == "admin":
        return _released_by_admin(t)
    if t.lot.is_seller:
        head = (
            t.words._("The buyer confirmed “{title}”.", title=t.title)
            if t.facts["by"] == "buyer"
            else t.words._("The time for a dispute about “{title}” is over.", title=t.title)
        )
        tail = t.words._("{payout} is in your wallet (fee {fee}).", payout=t.money("payout"), fee=t.money("fee"))
        return f"{head}\n{tail}", _with_wallet(t)
    text = t.words._(
        "The time for a dispute about “{title}” is over.\nThe seller got the money; the deal is complete.",
        title=t.title,
    )
    return text, with_steps(t)


def _released_by_admin(t: Telling) -> Message:
    if t.lot.is_seller:
        text = t.words._(
            "The dispute about “{title}” is settled in your favour.\n{payout} is in your wallet (fee {fee}).",
            title=t.title,
            payout=t.money("payout"),
            fee=t.money("fee"),
        )
        return _with_reason(t, text), _with_wallet(t)
    text = t.words._("The dispute about “{title}” is settled.\nThe money went to the seller.", title=t.title)
    return _with_reason(t, text), with_steps(t)


@says(deals.RETURNED)
def _returned(t: Telling) -> Message:
    return with_talk(t, *_returned_words(t))


def _returned_words(t: Telling) -> Message:
    if t.facts["by"] == "debt":
        return _returned_for_debt(t)
    if t.facts["by"] == "admin":
        return _returned_by_admin(t)
    if _lacked_address(t):
        return _returned_without_address(t)
    if t.lot.is_seller:
        text = t.words._(
            "“{title}” was not sent in time.\nThe buyer got {price} back.", title=t.title, price=t.money("price")
        )
        return text, with_steps(t)
    text = t.words._(
        "“{title}” was not sent in time.\n{price} is back in your wallet.", title=t.title, price=t.money("price")
    )
    return text, ((wallet_button(t), *about_lot(t)[0]),)


def _lacked_address(t: Telling) -> bool:
    """Whether the seller never had to send it."""
    deal = t.lot.deal
    return deal is not None and deal.is_physical and deal.addressed_at is None and deal.dispute is None


def _returned_without_address(t: Telling) -> Message:
    if t.lot.is_seller:
        text = t.words._(
            "No delivery address was given for “{title}”.\nThe buyer got {price} back.",
            title=t.title,
            price=t.money("price"),
        )
        return text, with_steps(t)
    text = t.words._(
        "No delivery address was given for “{title}”.\n{price} is back in your wallet.",
        title=t.title,
        price=t.money("price"),
    )
    return text, ((wallet_button(t), *about_lot(t)[0]),)


def _returned_by_admin(t: Telling) -> Message:
    if t.lot.is_seller:
        text = t.words._(
            "The dispute about “{title}” is settled.\nThe buyer got {price} back.",
            title=t.title,
            price=t.money("price"),
        )
        return _with_reason(t, text), with_steps(t)
    text = t.words._(
        "The dispute about “{title}” is settled in your favour.\n{price} is back in your wallet.",
        title=t.title,
        price=t.money("price"),
    )
    return _with_reason(t, text), ((wallet_button(t), *about_lot(t)[0]),)


def _returned_for_debt(t: Telling) -> Message:
    if t.lot.is_seller:
        text = t.words._(
            "The deal about “{title}” has ended: the buyer's payment was taken back, and the debt was not "
            "settled.\nThe lot is yours again.",
            title=t.title,
        )
        return text, with_steps(t)
    text = t.words._(
        "The deal about “{title}” has ended: its price, {price}, went towards the debt from a payment that was "
        "taken back.",
        title=t.title,
        price=t.money("price"),
    )
    return text, about_lot(t)


@says(deals.DISPUTED)
def _disputed(t: Telling) -> Message:
    text = t.words._(
        "The buyer of “{title}” opened a dispute.\n"
        "The money stays where it is until an operator decides. You can answer: the operator and the buyer read it.",
        title=t.title,
    )
    return _with_quote(t, with_deadline(t, text)), with_steps(t)


@says(deals.DISPUTE_OPENED)
def _dispute_opened(t: Telling) -> Message:
    """All that is open (services.open_disputes), with the newest; without a lot where nothing is."""
    count = len(t.facts["lots"])
    if count == 0:
        return t.words._("No dispute waits to be settled any more."), ((keyboards.menu(t.words),),)
    if count == 1:
        text = t.words._("A dispute about “{title}” waits to be settled.", title=t.title)
    else:
        shown = f"{count}+" if t.facts["more"] else str(count)
        text = t.words._("Disputes to settle: {count}.\nThe newest is about “{title}”.", count=shown, title=t.title)
    return _with_quote(t, text), ((Button(t.words._("Open disputes"), "a:list"), *about_lot(t)[0]),)


@says(deals.DISPUTE_ANSWERED)
def _dispute_answered(t: Telling) -> Message:
    text = t.words._("The seller of “{title}” answers in the dispute.", title=t.title)
    look = Button(t.words._("Look at the dispute"), f"a:look:{t.lot.lot.auction.id}")
    deal = t.lot.lot.deal  # an admin is no side of it, so their view of the lot has none
    return _with_quote(t, text, deal.answer if deal else None), ((look,), *about_lot(t))


def _with_quote(t: Telling, text: str, said: str | None = None) -> str:
    said = escape(cut(said or str(t.facts["text"]), MAX_TEXT - parsed_units(text) - 2))
    return f"{text}\n\n{said}"


@says(deals.DISPUTE_WITHDRAWN)
def _dispute_withdrawn(t: Telling) -> Message:
    text = t.words._("The buyer of “{title}” withdrew the dispute.\nThe deal continues.", title=t.title)
    return with_deadline(t, text), with_steps(t)


@says(deals.FROZEN)
def _frozen(t: Telling) -> Message:
    moment = t.moment("until")
    if t.lot.is_seller:
        text = t.words._(
            "Do not send “{title}” yet: a payment of the buyer was taken back.\nThe deal is paused, and so is "
            "your time to send it. If the buyer does not settle the debt, the lot is yours again: {moment}.",
            title=t.title,
            moment=moment,
        )
        return text, about_lot(t)
    text = t.words._(
        "The deal about “{title}” is paused: a payment of yours was taken back.\nTop up by {moment}, otherwise "
        "the deal ends automatically and its price goes towards the debt.",
        title=t.title,
        moment=moment,
    )
    return text, offset_button(t, t.balance().owed)


@says(deals.THAWED)
def _thawed(t: Telling) -> Message:
    text = t.words._("The buyer of “{title}” has settled the debt.\nThe deal continues.", title=t.title)
    return with_deadline(t, text), with_steps(t)


@says(deals.RATED)
def _rated(t: Telling) -> Message:
    deal = t.lot.deal
    rating = received(deal, t.lot.is_seller, t.now) if deal else None
    if rating:
        text = t.words._("You were rated {stars} for “{title}”.", stars="★" * rating.stars, title=t.title)
        text += f"\n{quoted_rating(rating, MAX_TEXT - parsed_units(text) - 1)}" if rating.text else ""
    else:
        text = t.words._("You were rated for “{title}”.", title=t.title)
        if deal and deal.ended_at:
            text += "\n" + t.words._(
                "The rating appears when you rate too, or automatically: {moment}.",
                moment=t.words.moment(blind_until(deal)),
            )
    return text, with_steps(t)


@says(deals.SECOND_CHANCE)
def _second_chance(t: Telling) -> Message:
    text = t.words._(
        "“{title}” can still be yours for {price}: the sale fell through, and this is what it would have cost you "
        "without that buyer.\n"
        "The offer holds until {moment}.",
        title=t.title,
        price=t.money("price"),
        moment=t.moment("until"),
    )
    return text, with_steps(t)


@says(deals.SECOND_CHANCE_DECLINED)
def _second_chance_declined(t: Telling) -> Message:
    text = t.words._(
        "The next bidder did not take “{title}” for {price}.\nYou can relist it.",
        title=t.title,
        price=t.money("price"),
    )
    return text, with_steps(t)


@says(deals.SECOND_CHANCE_EXPIRED)
def _second_chance_expired(t: Telling) -> Message:
    text = t.words._(
        "The next bidder did not answer: the time to take “{title}” for {price} is over.",
        title=t.title,
        price=t.money("price"),
    )
    if may_relist(t.lot.lot, t.lot.viewer_id, t.now):
        text += "\n" + t.words._("You can relist it.")
    return text, with_steps(t)


def _with_wallet(t: Telling) -> Keyboard:
    """What the person can do next, as rating is; below it the wallet and the way to the lot."""
    *steps, about = with_steps(t)
    return (*steps, (wallet_button(t), *about))


def _with_reason(t: Telling, text: str) -> str:
    return f"{text}\n{t.reason}" if t.reason else text
