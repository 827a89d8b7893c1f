"""A person asks for their account to be deleted, or stays after all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Final

from starbid.domain.events import LeavingAsked, LeavingTakenBack
from starbid.domain.leaving import GRACE, CannotLeave, Leaving, Obstacle, Stage
from starbid.domain.limits import Deed
from starbid.domain.people import Person
from starbid.services.desk.carrying_out import known
from starbid.services.leaving.obstacles import Obstacles, Standing
from starbid.services.leaving.records import GROUP, leaving_of, row_of
from starbid.services.limits import Limits
from starbid.services.ports import Desk, Store
from starbid.services.retrying import committed, with_retries

NOTHING: Final[Mapping[str, int]] = MappingProxyType({})


class Departures:
    """Nothing is barred meanwhile: who bids or sells on finds that it is put off on the day."""

    def __init__(self, store: Store, desk: Desk, obstacles: Obstacles, limits: Limits) -> None:
        self._store, self._desk, self._obstacles, self._limits = store, desk, obstacles, limits

    def standing(self, person: Person, now: datetime) -> Standing:
        """What stands in the way. Of one who has asked, the money is left out that they have given up."""
        standing = self._obstacles.of(person, now)
        leaving = self.find(person.id, now) if person.leaves_at else None
        missing = leaving is None or Obstacle.MONEY in standing.in_the_way(leaving.given_up)
        return standing if missing else replace(standing, money=())

    def find(self, user_id: int, now: datetime) -> Leaving | None:
        row = self._desk.row(GROUP, str(user_id), now)
        return leaving_of(row) if row else None

    def ask(self, user_id: int, now: datetime, *, gives_up: Mapping[str, int] = NOTHING) -> Person:
        """In GRACE the account is deleted; asked for already, its day stays, and money that has come in since is given
        up as well. `gives_up`: the sums that the person saw and lets go of, minor units by currency. What is there
        beyond them is in the way.

        Raises CannotLeave, TooOften, Conflict.
        """
        person = known(self._store, user_id)
        if person.leaves_at and not gives_up:
            return person
        self._limits.require(Deed.LEAVING, user_id, now)
        standing = self._obstacles.of(person, now)
        if person.leaves_at:
            return self._give_up(user_id, standing, gives_up, now)
        if in_the_way := standing.in_the_way(gives_up):
            raise CannotLeave(in_the_way)

        def attempt(_: int) -> Person:
            before, former = known(self._store, user_id), self.find(user_id, now)
            if before.leaves_at:
                return before
            if former and former.stage is Stage.ERASING:
                raise CannotLeave((Obstacle.FORMER,))
            leaving = Leaving(
                user_id, now, now + GRACE, given_up=standing.sums, version=former.version + 1 if former else 1
            )
            after = replace(before, leaves_at=leaving.due_at, version=before.version + 1)
            unit = self._store.unit()
            unit.save_person(before, after)
            unit.save_row(row_of(leaving))
            unit.emit(LeavingAsked(f"leaving:{user_id}:{leaving.version}", now, user_id, leaving.due_at))
            return committed(unit, after)

        return with_retries(attempt)

    def _give_up(self, user_id: int, standing: Standing, gives_up: Mapping[str, int], now: datetime) -> Person:
        """What is there now, where that is more than was given up so far."""
        if Obstacle.MONEY in standing.in_the_way(gives_up):
            raise CannotLeave((Obstacle.MONEY,))

        def attempt(_: int) -> Person:
            person, leaving = known(self._store, user_id), self.find(user_id, now)
            if leaving is None or leaving.stage is not Stage.ASKED:
                return person
            if Obstacle.MONEY not in standing.in_the_way(leaving.given_up):
                return person
            after = replace(leaving, given_up=standing.sums, version=leaving.version + 1)
            unit = self._store.unit()
            unit.save_row(row_of(after))
            unit.emit(LeavingAsked(f"leaving:{user_id}:{after.version}", now, user_id, after.due_at))
            return committed(unit, person)

        return with_retries(attempt)

    def stay(self, user_id: int, now: datetime) -> Person:
        """The account stays. Nothing happens where nobody has asked for its end. Raises Conflict."""

        def attempt(_: int) -> Person:
            before, leaving = known(self._store, user_id), self.find(user_id, now)
            if before.leaves_at is None or leaving is None:
                return before
            stayed = replace(leaving, stage=Stage.STAYED, version=leaving.version + 1)
            after = replace(before, leaves_at=None, version=before.version + 1)
            unit = self._store.unit()
            unit.save_person(before, after)
            unit.save_row(row_of(stayed))
            unit.emit(LeavingTakenBack(f"stayed:{user_id}:{stayed.version}", now, user_id))
            return committed(unit, after)

        return with_retries(attempt)
