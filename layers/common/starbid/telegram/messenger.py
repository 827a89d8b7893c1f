"""Tells people things in their chat: implements services.ports.Messenger."""

from __future__ import annotations

from collections.abc import Callable

from starbid.config import Settings
from starbid.domain.lots import Lot
from starbid.domain.people import Person
from starbid.domain.wallet import Wallet
from starbid.i18n import language
from starbid.services.ports import Clock, Notice, ShownCard
from starbid.services.views import view_lot
from starbid.telegram.bot_api import BotApi
from starbid.telegram.cards import CardStyle, Place, draw
from starbid.telegram.notice import Telling
from starbid.telegram.notice_words import wording


class BotMessenger:
    """Every method may raise TryLater or Unreachable."""

    def __init__(self, bot: BotApi, settings: Settings, now: Clock, balance: Callable[[int], Wallet]) -> None:
        """`balance` reads a person's Stars as they are now."""
        self._bot, self._settings, self._now, self._balance = bot, settings, now, balance

    def tell(self, person: Person, notice: Notice, lot: Lot | None) -> None:
        now = self._now()
        telling = Telling(
            notice=notice,
            view=view_lot(lot, person.id, now) if lot else None,
            words=language(person.language),
            settings=self._settings,
            now=now,
            balance=lambda: self._balance(person.id),
        )
        text, keyboard = wording(telling)
        self._bot.send_message(person.id, text, keyboard)

    def redraw(self, person: Person, lot: Lot, card: ShownCard) -> None:
        """Edit a card in place; one that is gone or shows the same is no error."""
        now = self._now()
        style = CardStyle(
            language(person.language),
            now,
            self._settings,
            read_place(card.facts),
            bidding=bool(card.facts.get("bidding")),
            watching=card.facts.get("watching"),
        )
        drawn = draw(view_lot(lot, person.id, now), style)
        self._bot.edit_caption(card.chat_id, card.message_id, drawn.caption, drawn.keyboard)


def place_facts(place: Place | None) -> dict[str, int | bool]:
    """A card's place in the form that is remembered with it."""
    return {"number": place.number, "total": place.total, "more": place.more} if place else {}


def read_place(facts: dict[str, object]) -> Place | None:
    number, total = facts.get("number"), facts.get("total")
    if not isinstance(number, int) or not isinstance(total, int):
        return None
    return Place(number, total, bool(facts.get("more")))
