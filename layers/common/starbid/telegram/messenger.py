"""Tells people things in their chat: implements services.ports.Messenger."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from starbid import observability
from starbid.config import Settings
from starbid.domain.auction import Auction
from starbid.domain.delivered_files import DeliveredFile
from starbid.domain.lots import Lot
from starbid.domain.money import Money
from starbid.domain.people import Person
from starbid.domain.wallet import Wallet
from starbid.i18n import language_to
from starbid.services.auctions.bid_history import BidHistory
from starbid.services.ports import BELOW, Clock, Notice, Rejected, ShownCard, Spot
from starbid.telegram.bot_api import BotApi
from starbid.telegram.cards import CardStyle
from starbid.telegram.edited_cards import edit_shown
from starbid.telegram.group_words import for_group, with_more
from starbid.telegram.notices import Message, wording
from starbid.telegram.tellings import Tellings


class BotMessenger:
    """Every method may raise TryLater or Unreachable."""

    def __init__(
        self,
        bot: BotApi,
        settings: Settings,
        now: Clock,
        wallet: Callable[[int, str], Wallet],
        newest_bids: Callable[[Auction], BidHistory] = lambda _: BidHistory(),
        own_stars: Callable[[Person], Money | None] = lambda _: None,
    ) -> None:
        """`wallet` reads a person's wallet of a currency as it is now, `own_stars` what they have in Telegram;
        `newest_bids` what a rich card shows of bids.
        """
        self._bot, self._settings, self._now, self._newest_bids = bot, settings, now, newest_bids
        self._tellings = Tellings(settings, now, wallet, own_stars)

    def tell(self, person: Person, notice: Notice, lot: Lot | None, spot: Spot = BELOW) -> int | None:
        """A new message; answers its number in the chat, None where Telegram did not say it."""
        text, keyboard = self._wording(person, notice, lot)
        with _noted(notice.kind, person.id):
            return self._bot.send_message(person.id, text, keyboard, spot).message_id

    def headline(self, person: Person, notice: Notice, lot: Lot | None) -> str:
        text, _ = self._wording(person, notice, lot)
        return text.partition("\n")[0]

    def photos(self, chat_id: int, photos: Sequence[bytes], spot: Spot = BELOW) -> None:
        with _noted("photos", chat_id):
            self._bot.send_photos(chat_id, photos, "", spot)

    def files(self, chat_id: int, files: Sequence[DeliveredFile]) -> None:
        with _noted("files of a deal", chat_id):
            self._bot.send_known(chat_id, files)

    def file(self, chat_id: int, data: bytes, name: str) -> None:
        with _noted("a file of a deal", chat_id):
            self._bot.send_document(chat_id, data, name, "")

    def open_topic(self, chat: Person, name: str) -> int | None:
        return self._bot.open_topic(chat.id, name)

    def edit(self, person: Person, notice: Notice, lot: Lot | None, message_id: int) -> bool:
        """Tell it in the place of an earlier message. False where that one is gone, or never to be edited."""
        text, keyboard = self._wording(person, notice, lot)
        try:
            return self._bot.edit_text(person.id, message_id, text, keyboard)
        except Rejected:
            observability.logger("starbid").exception("a message is given up for a new one, %s", notice.id)
            return False

    def _wording(self, person: Person, notice: Notice, lot: Lot | None) -> Message:
        telling = self._tellings.of(person, notice, lot)
        text, keyboard = wording(telling)
        if person.id < 0:
            return with_more(text, notice, telling.words), for_group(keyboard)
        return text, keyboard

    def redraw(self, person: Person, lot: Lot, card: ShownCard) -> bool:
        """Edit a card in place; one that shows the same is no error. False where it is gone, or never to be edited."""
        now = self._now()
        style = CardStyle(language_to(person, now, lasting=True), now, self._settings, card.look)
        view = self._tellings.view(lot, person, now)
        try:
            return edit_shown(self._bot, card, view, style, self._newest_bids)
        except Rejected:  # each price that falls would try it again, and keep the other cards waiting
            observability.logger("starbid").exception("a card is given up, lot %s", lot.auction.id)
            return False


@contextmanager
def _noted(what: str, chat_id: int) -> Iterator[None]:
    """What Telegram refuses is known to the log: its sender may go on without it."""
    try:
        yield
    except Rejected:
        observability.logger("starbid").exception("%s: not sent to %s", what, chat_id)
        raise
