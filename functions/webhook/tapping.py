"""A bid by a tap in a post of a group or channel (`gb:<lot>:<amount>:<version>`): one step more, by anybody.

What came of it is told to the one who pressed alone, over the post. The button carries what the post shows; if the lot
has moved since, nothing is bid, and the post is drawn again.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from starbid import links
from starbid.bootstrap import App
from starbid.domain.auction import BidKind
from starbid.domain.errors import BidTooLow, InDebt, InsufficientFunds, StarbidError
from starbid.domain.kinds.base import Accepted, require_open
from starbid.domain.money import Money
from starbid.domain.people import Person
from starbid.domain.unfinished import BidAct
from starbid.i18n import Language, language_to
from starbid.services.ports import Rejected, TryLater, Unreachable
from starbid.services.views import LotView
from starbid.telegram.html import MAX_TOAST, cut
from starbid.telegram.keyboards import lot as lot_button
from starbid.telegram.kind_words import words_of
from starbid.telegram.updates import Pressed
from starbid.wording import refusal
from webhook import callback_data
from webhook.callback_data import Garbled
from webhook.conversation import Conversation
from webhook.hearing import TAP
from webhook.log import log
from webhook.refusing import refuse
from webhook.screens.bidding import leading, moved


def is_tap(pressed: Pressed) -> bool:
    return pressed.data.startswith(f"{TAP}:")


def tap(app: App, chat_id: int, pressed: Pressed, turn: str, arrived: datetime) -> None:
    """One who is not known to the bot, has left, or cannot be written to, is led into it first: people who bid have to
    hear what comes of it. One who is blocked gets silence. Raises what may be tried again.
    """
    person = app.store.person(pressed.sender.id)
    if person and person.blocked:
        _answer(app, pressed, "")
        return
    words = language_to(person, app.now()) if person else None
    try:
        auction_id, amount, version = _read(pressed)
        if person is None or person.left_at or person.unreachable or words is None:
            _lead_in(app, chat_id, pressed, auction_id)
            return
        said = _Tap(app, chat_id, pressed, person, words, turn, arrived).bid(auction_id, amount, version)
    except Garbled:
        said = words._("This button is old.") if words else ""
    except Unreachable:  # they blocked the bot, and their money is short
        _lead_in(app, chat_id, pressed, auction_id)
        return
    _answer(app, pressed, said)


class _Tap:
    """A press of somebody known."""

    def __init__(
        self, app: App, chat_id: int, pressed: Pressed, person: Person, words: Language, turn: str, arrived: datetime
    ) -> None:
        self._app, self._chat_id, self._pressed, self._person = app, chat_id, pressed, person
        self._words, self._turn, self._arrived = words, turn, arrived

    def bid(self, auction_id: str, number: int, version: int) -> str:
        """Bid, and say in at most a few lines what came of it."""
        try:
            view = self._view(auction_id)
            require_open(view.lot.auction, self._person.id, self._arrived)
        except StarbidError as error:
            return self._refused(auction_id, error)
        if view.you_lead and view.your_maximum:  # a second tap, mostly
            return self._leads(view)
        amount = Money(number, view.lot.auction.currency)
        if not words_of(view).one_tap:  # such posts have no button that bids
            raise Garbled
        if version != view.lot.auction.version or amount != view.next_min_bid:
            return self._moved(view)
        return self._place(view, amount)

    def _place(self, view: LotView, amount: Money) -> str:
        auction = view.lot.auction
        try:
            accepted = self._app.bidding.bid(
                auction.id, self._person.id, amount.amount, self._arrived, card_version=auction.card_version
            )
        except BidTooLow:
            now = self._view(auction.id)
            return self._leads(now) if now.you_lead else self._moved(now)
        except (InsufficientFunds, InDebt) as error:
            act = BidAct(auction.id, amount, auction.card_version, auction.version, confirmed=False)
            return self._without_money(view, error, act)
        except StarbidError as error:
            return self._refused(auction.id, error)
        return self._outcome(accepted, amount)

    def _outcome(self, accepted: Accepted, amount: Money) -> str:
        words, bid, price = self._words, accepted.bid, self._words.money(accepted.bid.price)
        if bid.leads or bid.kind is BidKind.RAISE:
            return words._(
                "Your bid of {amount} is in. You lead at {price}. {maximum} is frozen.",
                amount=words.money(amount), price=price, maximum=words.money(bid.maximum),
            )  # fmt: skip
        return words._(
            "Your bid of {amount} was outbid at once: somebody has a higher maximum. The price is now {price}. None of "
            "your money is frozen.",
            amount=words.money(amount),
            price=price,
        )

    def _leads(self, view: LotView) -> str:
        assert view.your_maximum is not None
        return leading(self._words, view.price, view.your_maximum)

    def _moved(self, view: LotView) -> str:
        """The post is drawn again, so that the next tap is about what it shows."""
        self._refresh(view)
        return moved(self._words, view.price)

    def _refused(self, auction_id: str, error: StarbidError) -> str:
        with suppress(StarbidError):  # of one that is hidden, its post is taken down
            self._refresh(self._view(auction_id))
        return refusal(error, self._words)

    def _without_money(self, view: LotView, error: StarbidError, act: BidAct) -> str:
        """In their own chat is the button that tops up, and bids then. Raises Unreachable."""
        words, said = self._words, refusal(error, self._words)
        chat = Conversation(self._app, self._person, self._app.now(), self._arrived, self._turn)
        try:
            refuse(chat, error, (lot_button(words._("Open the lot"), view.lot.auction.id),), act=act)
        except (TryLater, Rejected) as trouble:
            log().info("nobody was told how to top up: %r", trouble)
            return said
        return f"{said} {words._('I have written to you in our own chat.')}"

    def _view(self, auction_id: str) -> LotView:
        return self._app.browsing.lot(auction_id, self._person.id, self._arrived, fresh=True)

    def _refresh(self, view: LotView) -> None:
        """Nobody waits for it: the lot's own change has asked for it, too."""
        try:
            self._app.posting.refresh(view.lot, self._chat_id, self._app.now())
        except Exception:
            log().warning("a post was not drawn again, lot %s", view.lot.auction.id, exc_info=True)


def _read(pressed: Pressed) -> tuple[str, int, int]:
    lot, amount, version = callback_data.parts(pressed.data.split(":")[1:], 3)
    return callback_data.lot_id(lot), callback_data.number(amount), callback_data.number(version)


def _lead_in(app: App, chat_id: int, pressed: Pressed, auction_id: str) -> None:
    address = links.to_post(app.settings.bot_username, auction_id, chat_id, pressed.message_id)
    _quietly(lambda: app.bot.answer_with_link(pressed.query_id, address))


def _answer(app: App, pressed: Pressed, text: str) -> None:
    _quietly(lambda: app.bot.answer_callback(pressed.query_id, cut(text, MAX_TOAST), alert=bool(text)))


def _quietly(call: Callable[[], object]) -> None:
    """What was done stands, also where it cannot be said."""
    try:
        call()
    except (TryLater, Unreachable, Rejected) as error:
        log().info("a tap was not answered: %r", error)
