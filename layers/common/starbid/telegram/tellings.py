"""All that the words of a notice need, for whichever channel they go to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from starbid.config import Settings
from starbid.domain.kinds import is_hidden
from starbid.domain.lots import Lot
from starbid.domain.people import Person
from starbid.domain.wallet import Wallet
from starbid.i18n import language_to
from starbid.services.notices.registry import unpack_money
from starbid.services.ports import Clock, Notice
from starbid.services.views import LotView, view_lot
from starbid.telegram.notices import Telling


class Tellings:
    """`wallet` reads a person's wallet of a currency as it is now."""

    def __init__(self, settings: Settings, now: Clock, wallet: Callable[[int, str], Wallet]) -> None:
        self._settings, self._now, self._wallet = settings, now, wallet

    def of(self, person: Person, notice: Notice, lot: Lot | None) -> Telling:
        now = self._now()
        return Telling(
            notice=notice,
            view=self.view(lot, person, now) if lot else None,
            words=language_to(person, now, lasting=True),
            settings=self._settings,
            now=now,
            balance=lambda: self._wallet(person.id, _currency_of(notice, lot)),
        )

    def view(self, lot: Lot, person: Person, now: datetime) -> LotView:
        """The lot as this person sees it: with their own sealed bid, which only their wallet knows."""
        wallet = self._wallet(person.id, lot.auction.currency) if is_hidden(lot.auction) else None
        return view_lot(lot, person.id, now, wallet.stakes.get(lot.auction.id) if wallet else None)


def _currency_of(notice: Notice, lot: Lot | None) -> str:
    """Of the money that a notice is about."""
    return lot.auction.currency if lot else unpack_money(notice.facts["amount"]).currency
