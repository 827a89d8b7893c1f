"""The words of notices and who brings them to the chat, wired: a part of `bootstrap.App`."""

from __future__ import annotations

from abc import abstractmethod
from functools import cached_property
from typing import TYPE_CHECKING

from starbid.deal_parts import DealParts

if TYPE_CHECKING:  # each function imports the use cases that it asks for
    from starbid.domain.money import Money
    from starbid.domain.people import Person
    from starbid.domain.wallet import Wallet
    from starbid.services.auctions.bid_history import NewestBids
    from starbid.services.call_pace import CallPace
    from starbid.services.ports import Messenger, Pace
    from starbid.telegram.tellings import Tellings


class NoticeParts(DealParts):
    """Each part is made when it is first asked for."""

    @property
    @abstractmethod
    def pace(self) -> Pace: ...

    @cached_property
    def tellings(self) -> Tellings:
        from starbid.telegram.tellings import Tellings

        return Tellings(self.settings, self.now, self._wallet, self._own_stars)

    @cached_property
    def messenger(self) -> Messenger:
        from starbid.telegram.messenger import BotMessenger
        from starbid.telegram.paced_messenger import PacedMessenger

        messenger = BotMessenger(self.bot, self.settings, self.now, self._wallet, self.newest_bids.of, self._own_stars)
        return PacedMessenger(messenger, self.call_pace)

    @cached_property
    def call_pace(self) -> CallPace:
        from starbid.services.call_pace import CallPace, Unlimited

        if self.settings.has_stand_in:
            return Unlimited()
        return CallPace(self.counters, self.claims, self.bot_rest, self.pace)

    @cached_property
    def newest_bids(self) -> NewestBids:
        """Of lots on rich cards."""
        from starbid.services.auctions.bid_history import NewestBids
        from starbid.telegram.rich_cards import SHOWN_BIDS

        return NewestBids(self.store, SHOWN_BIDS)

    def _wallet(self, user_id: int, currency: str) -> Wallet:
        return self.store.wallet(user_id, currency, consistent=True)

    def _own_stars(self, person: Person) -> Money | None:
        return self.own_stars.balance(person)
