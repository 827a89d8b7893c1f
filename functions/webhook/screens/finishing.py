"""What waited for money, done when it has come: the outcome, or the question that is left, with the Stars kept safe."""

from __future__ import annotations

from contextlib import suppress

from starbid.domain.errors import (
    Blocked,
    Conflict,
    DraftGone,
    InDebt,
    LotChanged,
    PriceMoved,
    StarbidError,
    UnusualBid,
)
from starbid.domain.money import Money
from starbid.domain.unfinished import Act, BidAct, BuyAct, PublishAct, SubscribeAct, lot_of
from starbid.services.billing.finishing import Finished
from starbid.services.ports import draft_id
from starbid.services.views import LotView
from starbid.telegram import keyboards
from starbid.telegram.card_words import quoted
from starbid.telegram.html import escape, title
from starbid.telegram.keyboards import Row
from starbid.top_up_words import money_stays
from starbid.wording import refusal
from webhook import cards
from webhook.conversation import Conversation
from webhook.money_step import cost_of, missing_for, settling_rows, top_up_rows, with_note
from webhook.screens.about_lot import open_button, view_of
from webhook.screens.bidding import ask_back, fresh_bid, show_finished
from webhook.screens.buying import show_bought
from webhook.screens.selling_preview import go_on_button
from webhook.screens.subscription import show_subscribed


def finish(chat: Conversation, order_id: str) -> bool:
    """Do what a paid order was made for, unless that is done, and tell what came of it; False where it was for the
    wallet alone. Raises Conflict and Contended, where a retry helps.
    """
    order = chat.app.paying.order_of(order_id, chat.person.id)
    if order is None or order.unfinished is None:
        return False
    act = order.unfinished.act
    try:
        finished = chat.app.finishing.finish(order_id, chat.person.id, chat.now, chat.arrived)
    except Conflict:
        raise
    except Blocked:  # gets silence
        return True
    except StarbidError as error:
        _ask(chat, act, error)
        return True
    assert finished is not None
    chat.acted = True
    _tell(chat, finished)
    return True


def is_settled(chat: Conversation, act: Act) -> bool:
    """True where no money is asked for: the act is done, or has to be decided again, and the person is told which."""
    try:
        finished = chat.app.finishing.come_to(chat.person.id, act, chat.now)
    except StarbidError as error:
        _ask(chat, act, error, paid=False)
        return True
    if finished:
        _tell(chat, finished)
    return finished is not None


def _tell(chat: Conversation, finished: Finished) -> None:
    words, lot = chat.words, finished.lot
    match finished.act:
        case BidAct() as act:
            show_finished(chat, act, finished.accepted)
        case SubscribeAct():
            show_subscribed(chat, chat.app.store.person(chat.person.id, consistent=True) or chat.person)
        case PublishAct() as act:
            assert lot is not None
            with suppress(DraftGone):  # it is dropped by looking
                chat.app.drafts.opened(chat.person.id, draft_id(act.request_id), chat.now)
            view = view_of(chat, lot)
            text = words._("“{title}” is published, until {moment}.", title=title(view.lot.card.title, words),
                           moment=words.moment(view.lot.auction.ends_at))  # fmt: skip
            chat.say(text, (open_button(chat, view),))
        case _:
            assert lot is not None
            show_bought(chat, view_of(chat, lot))


def _ask(chat: Conversation, act: Act, error: StarbidError, *, paid: bool = True) -> None:
    """It has to be decided again: the reason, where `paid` money is, and a button at the price of the moment."""
    lot = lot_of(act)
    text = escape(_reason(chat, act, error))
    if paid:
        text = f"{text} {money_stays(act, error, chat.words)}".strip()
    if lot is None:
        chat.say(text, *_way_out(chat, act, error))
        return
    view = view_of(chat, lot)
    if isinstance(error, UnusualBid) and isinstance(act, BidAct):
        ask_back(chat, view, act.maximum)
        return
    missing = missing_for(error, cost_of(act, view.your_maximum))
    head = f"{quoted(view.lot.card.title, chat.words)}\n{text}"
    head = with_note(head, missing, chat.app.settings.business, chat.words)
    rows = () if isinstance(error, LotChanged) else _at_its_price(chat, view, act, missing)
    chat.say(head, *rows, (open_button(chat, view),))
    if isinstance(error, LotChanged):
        cards.send_card(chat, view)


def _reason(chat: Conversation, act: Act, error: StarbidError) -> str:
    """A bid at another price is not offered as a purchase."""
    if isinstance(act, BidAct) and isinstance(error, PriceMoved) and error.price is not None:
        return chat.words._("The price is now {price}.", price=chat.words.money(error.price))
    return refusal(error, chat.words)


def _at_its_price(chat: Conversation, view: LotView, act: Act, missing: Money | None) -> tuple[Row, ...]:
    words = chat.words
    if missing:
        return top_up_rows(missing, act, chat.app.settings.business, words)
    match act:
        case BidAct():
            return (fresh_bid(chat, view),)
        case BuyAct() if view.buy_now_price is not None and view.may_bid:
            price, auction = view.buy_now_price, view.lot.auction
            label = words._("Buy the lot for {price}", price=words.money(price))
            return ((keyboards.buy(label, auction.id, price, auction.card_version),),)
        case _:
            return ()


def _way_out(chat: Conversation, act: Act, error: StarbidError) -> tuple[Row, ...]:
    words = chat.words
    if isinstance(act, PublishAct):
        place = draft_id(act.request_id)
        site = keyboards.site(words._("Open on the site"), f"/new_auction?draft={place}", chat.app.settings)
        settling = settling_rows(error.owed, chat.app.settings.business, words) if isinstance(error, InDebt) else ()
        return (*settling, (go_on_button(place, words), site))
    if missing := missing_for(error, None):
        return top_up_rows(missing, act, chat.app.settings.business, words)
    return ((keyboards.go(words._("Subscription"), "subscribe"),),)
