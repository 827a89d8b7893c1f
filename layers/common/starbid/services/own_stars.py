"""Stars in Telegram: the bot's own, and a person's own, for those who let the bot see them; never kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from starbid.domain import star_view
from starbid.domain.money import Money, stars
from starbid.domain.people import Person
from starbid.domain.star_view import StarView
from starbid.services.ports import Rejected, StarsAccount, Store, TryLater, Unreachable
from starbid.services.retrying import committed, with_retries


class OwnStars:
    def __init__(self, store: Store, account: StarsAccount) -> None:
        self._store, self._account = store, account

    def hear(self, user_id: int, connection_id: str, update_id: int, now: datetime) -> bool:
        """What an update says of the connection; `connection_id` is empty where it gives no sight of the Stars (any
        more). True where it is newly given. Raises Conflict.
        """

        def attempt(_: int) -> bool:
            before = self._store.person(user_id, consistent=True)
            if before is None:
                return False
            view = star_view.reported(before.star_view, connection_id, update_id, now)
            if view is before.star_view:
                return False
            self._save(before, view)
            return view.is_open and not (before.star_view and before.star_view.is_open)

        return with_retries(attempt)

    def balance(self, person: Person) -> Money | None:
        """As Telegram tells it now. None without the person's leave, or where Telegram gives no answer; where it
        refuses, the leave is over and forgotten.
        """
        view = person.star_view
        if view is None or not view.is_open:
            return None
        try:
            has = self._account.own_balance(view.connection_id)
        except TryLater:
            return None
        if has is None:
            self._forget(person.id, view)
            return None
        return stars(has)

    def of_bot(self) -> Money | None:
        """The bot's own, as Telegram tells them now; None where it tells nothing."""
        try:
            return stars(self._account.balance())
        except (TryLater, Unreachable, Rejected):
            return None

    def _forget(self, user_id: int, view: StarView) -> None:
        """Unless another connection has come since."""

        def attempt(_: int) -> None:
            before = self._store.person(user_id, consistent=True)
            if before and before.star_view == view:
                self._save(before, star_view.ended(view))

        with_retries(attempt)

    def _save(self, before: Person, view: StarView) -> None:
        unit = self._store.unit()
        unit.save_person(before, replace(before, star_view=view, version=before.version + 1))
        committed(unit, None)
