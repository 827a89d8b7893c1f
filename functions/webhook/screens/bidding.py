"""Bids from the chat. A button carries what the person saw; a lot that moved is asked about again."""

from __future__ import annotations

from dataclasses import replace

from starbid.domain.auction import Auction, BidKind
from starbid.domain.errors import (
    AuctionClosed,
    BidTooLow,
    InDebt,
    InsufficientFunds,
    LotChanged,
    NotStarted,
    OwnAuction,
    UnusualBid,
)
from starbid.domain.kinds import kind_of, least_bid
from starbid.domain.kinds.base import Accepted
from starbid.domain.lots import FIRST_VERSION
from starbid.domain.money import Money
from starbid.domain.unfinished import BidAct
from starbid.i18n import Language
from starbid.services.views import LotView, view_lot
from starbid.telegram import keyboards
from starbid.telegram.card_words import quoted
from starbid.telegram.html import title
from starbid.telegram.keyboards import Button
from starbid.telegram.kind_words import words_of
from starbid.wording import refusal
from webhook import callback_data, cards
from webhook.conversation import Conversation
from webhook.refusing import refuse
from webhook.registry import screens
from webhook.screens.about_lot import bid_on, closed_to, open_button, say_on_card, show_changed, view_of


@screens.press("b", keeps_question=True)
def press_bid(chat: Conversation, args: list[str]) -> None:
    """Bid what the button says, if the lot is still what the person saw."""
    view, amount, version = _read_bid(chat, args)
    if _has_moved(view, version) or not view.may_bid:
        _ask_again(chat, view)
    else:
        place(chat, view, _act(view, amount, version))


@screens.press("B", keeps_question=True)
def press_sure_bid(chat: Conversation, args: list[str]) -> None:
    """A bid that was asked back and confirmed."""
    view, amount, version = _read_bid(chat, args)
    if _has_moved(view, version):
        _ask_again(chat, view)
    else:
        place(chat, view, _act(view, amount, version, confirmed=True))


def _act(view: LotView, amount: Money, version: int, *, confirmed: bool = False) -> BidAct:
    """The bid of a button, which holds for the lot as it stood there; of a sealed one nothing moves but the words."""
    auction = view.lot.auction
    seen = None if kind_of(auction).is_sealed else version
    return BidAct(auction.id, amount, auction.card_version, seen, confirmed)


def _read_bid(chat: Conversation, args: list[str]) -> tuple[LotView, Money, int]:
    lot, amount, version = callback_data.parts(args, 3)
    number, seen = callback_data.number(amount), callback_data.number(version)
    view = bid_on(chat, lot)
    return view, Money(number, view.lot.auction.currency), seen


def place(chat: Conversation, view: LotView, act: BidAct) -> None:
    """Place it and show what came of it. One that was placed before a crash counts as placed now."""
    auction, amount = view.lot.auction, act.maximum
    try:
        accepted = chat.app.bidding.bid(
            auction.id,
            chat.person.id,
            amount.amount,
            chat.arrived,
            card_version=act.card_version,
            confirmed=act.confirmed,
        )
    except UnusualBid:
        ask_back(chat, view, amount)
        return
    except LotChanged as error:
        show_changed(chat, view_of(chat, auction.id), error)
        return
    except BidTooLow:
        view = view_of(chat, auction.id)
        if not is_mine(view, amount):
            _ask_again(chat, view)
            return
        text = _held(chat, view, amount)
    except (AuctionClosed, NotStarted, OwnAuction) as error:
        say_on_card(chat, view_of(chat, auction.id), refusal(error, chat.words))
        return
    except (InsufficientFunds, InDebt) as error:
        refuse(chat, error, (open_button(chat, view),), act=act, bound=view.your_maximum)
        return
    else:
        view, text = _after(chat, view, accepted), _outcome(chat, accepted)
    chat.acted = True
    _show_outcome(chat, view, text)


def show_finished(chat: Conversation, act: BidAct, accepted: Accepted | None) -> None:
    """What came of a bid that had waited for its money; None where it was placed before this."""
    view = view_of(chat, act.lot)
    if accepted:
        view, text = _after(chat, view, accepted), _outcome(chat, accepted)
    elif view.your_maximum is not None and view.status.is_open:
        text = _held(chat, view, view.your_maximum)
    else:
        text = chat.words._("Your bid of {amount} was placed.", amount=chat.words.money(act.maximum))
    _show_outcome(chat, view, text)


def _after(chat: Conversation, before: LotView, accepted: Accepted) -> LotView:
    """The lot as the bid left it. Whatever came since is told by a notice, or redraws the card."""
    if accepted.auction.is_final:
        return view_of(chat, accepted.auction.id)
    staked = accepted.bid.maximum if accepted.bid.sealed else None
    return view_lot(replace(before.lot, auction=accepted.auction), chat.person.id, chat.now, staked)


def _outcome(chat: Conversation, accepted: Accepted) -> str:
    words, bid = chat.words, accepted.bid
    if bid.sealed:
        return words._(
            "Your sealed bid is {amount}. It is frozen until the end, and nobody sees it before.",
            amount=words.money(bid.maximum),
        )
    if bid.kind is BidKind.RAISE:
        return words._("Your maximum is now {maximum}. You lead at {price}.",
                       maximum=words.money(bid.maximum), price=words.money(bid.price))  # fmt: skip
    if bid.leads:
        return leading(words, accepted.auction.price, bid.maximum)
    return words._(
        "Somebody has a higher maximum: the price is now {price}. None of your money is frozen.",
        price=words.money(bid.price),
    )


def leading(words: Language, price: Money, maximum: Money) -> str:
    return words._("You lead at {price}. {maximum} is frozen.", price=words.money(price), maximum=words.money(maximum))


def moved(words: Language, price: Money) -> str:
    return words._("The price has changed: now {price}. No bid was placed.", price=words.money(price))


def _held(chat: Conversation, view: LotView, amount: Money) -> str:
    """What a bid that stands already has come to."""
    if view.kind.is_sealed:
        return words_of(view).standing(view, chat.words, bidding=True)
    return leading(chat.words, view.lot.auction.price, amount)


def _show_outcome(chat: Conversation, view: LotView, text: str) -> None:
    if chat.on_card:
        chat.toast(text, alert=view.your_maximum is None)
        cards.refresh_card(chat, view, bidding=True)
        return
    cards.mark_bidder(chat, view.lot.auction.id)
    head = f"{quoted(view.lot.card.title, chat.words)}\n{text}"
    chat.conclude(head, fresh_bid(chat, view), (open_button(chat, view),))
    if not chat.on_screen:  # that is gone, buttons and all
        chat.change_buttons(lambda button: None if _bids(button) else button)


def _bids(button: Button) -> bool:
    """Whether it bids on the lot as it was: it has done its work."""
    return (button.data or "").split(":")[0] in ("b", "B", "m")


def _ask_again(chat: Conversation, view: LotView) -> None:
    """The lot is not what the person saw: nothing is bid, the buttons are fresh."""
    if closed_to(chat, view, chat.arrived) or closed_to(chat, view, chat.now):
        return
    text = moved(chat.words, view.price)
    if view.kind.is_sealed:
        text = refusal(BidTooLow(least_bid(view.lot.auction, chat.person.id, view.your_maximum)), chat.words)
    if view.you_lead and view.your_maximum:
        text = leading(chat.words, view.lot.auction.price, view.your_maximum)
    if view.lot.auction.card_version > FIRST_VERSION:  # what they saw may be older words
        chat.toast(text, alert=True)
        cards.turn_card(chat, view, cards.place_of(chat.pressed), view.lot.auction.id)
        return
    if chat.on_card:
        say_on_card(chat, view, text)
        return
    head = f"{quoted(view.lot.card.title, chat.words)}\n{text}"
    chat.show(head, fresh_bid(chat, view), (open_button(chat, view),))


def ask_back(chat: Conversation, view: LotView, amount: Money) -> None:
    """Ten times the least bid or more: probably a slip of the finger, so another amount is one press away."""
    auction = view.lot.auction
    text = chat.words._(
        "{amount} for “{title}”? That is at least ten times the lowest bid.",
        amount=chat.words.money(amount),
        title=title(view.lot.card.title, chat.words),
    )
    held = words_of(view).held(chat.words)
    sure = keyboards.sure_bid(
        chat.words._("Bid {price}", price=chat.words.money(amount)), auction.id, amount, _seen_version(auction)
    )
    other = keyboards.maximum(words_of(view).ask_label(view, chat.words), auction.id, auction.card_version)
    chat.prompt(f"{text}\n{held}", (sure,), (other, open_button(chat, view)))


def is_mine(view: LotView, amount: Money) -> bool:
    return view.your_maximum == amount


def _has_moved(view: LotView, version: int) -> bool:
    """Whether the lot is not what the person saw."""
    return version != _seen_version(view.lot.auction)


def _seen_version(auction: Auction) -> int:
    """What a button bids on: what others bid changes nothing in a sealed lot, the words do."""
    return auction.card_version if kind_of(auction).is_sealed else auction.version


def fresh_bid(chat: Conversation, view: LotView) -> tuple[Button, ...]:
    """Buttons at the price of the moment; none where there is nothing to bid."""
    auction = view.lot.auction
    if view.you_lead or view.next_min_bid is None or not view.may_bid:
        return ()
    if not words_of(view).one_tap:
        return (keyboards.maximum(words_of(view).ask_label(view, chat.words), auction.id, auction.card_version),)
    text = chat.words._("Bid {price}", price=chat.words.money(view.next_min_bid))
    return (
        keyboards.bid(text, auction.id, view.next_min_bid, auction.version),
        keyboards.maximum(chat.words._("Set a maximum"), auction.id, auction.card_version),
    )
