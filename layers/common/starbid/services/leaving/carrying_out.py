"""Deletes the accounts whose day has come.

One transaction takes the name away, lets go of what was given up, and tells the person. Everything else follows kind by
kind: each step is safe to repeat, and the record keeps which kinds are gone, so a process that dies is followed by
another one, which goes on. The record stays in its list until all is gone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from starbid.domain.events import AccountDeleted, LeavingPutOff
from starbid.domain.leaving import PUT_OFF, Leaving, Obstacle, Stage, given_up, left
from starbid.domain.people import Person
from starbid.domain.wallet import Wallet, WalletChange
from starbid.services.desk.carrying_out import known
from starbid.services.leaving.obstacles import Obstacles, Standing
from starbid.services.leaving.records import GROUP, LIST, leaving_of, row_of
from starbid.services.own_data.kind import Erased, Kind
from starbid.services.people import nameless, new_public_id
from starbid.services.ports import Desk, DeskWork, Store, Unit
from starbid.services.ports import Standing as WalletStanding
from starbid.services.retrying import committed, with_retries

JOB = "leave"
AT_ONCE = 50
HasTime = Callable[[], bool]


class Overtaken(Exception):
    """Somebody else is at it, or the person stays after all."""


class LeavingWork:
    """The jobs `leavers` and `leave` of the clerk."""

    def __init__(
        self, store: Store, desk: Desk, obstacles: Obstacles, kinds: Iterable[Kind], work: DeskWork,
        clock: Callable[[], datetime],
    ) -> None:  # fmt: skip
        self._store, self._desk, self._obstacles, self._work, self._now = store, desk, obstacles, work, clock
        self._erased = [kind for kind in kinds if isinstance(kind, Erased)]

    def look(self) -> int:
        """Have everybody seen to whose day has come; answers how many. More than AT_ONCE wait for the next look."""
        now = self._now()
        due = self._desk.listed(LIST, now, limit=AT_ONCE, backward=False).items
        ids = [leaving.user_id for leaving in map(leaving_of, due) if leaving.due_at <= now]
        for user_id in ids:
            self._work.ask(JOB, {"user_id": user_id})
        return len(ids)

    def carry_out(self, user_id: int, has_time: HasTime) -> None:
        """One person's, as far as the time goes; then it asks to be called again. Raises Conflict, Contended."""
        with suppress(Overtaken):
            leaving = self._find(user_id)
            if leaving.stage is Stage.ASKED:
                leaving = self._begun(leaving)
            if leaving.stage is Stage.ERASING:
                self._erase(leaving, has_time)

    def _find(self, user_id: int) -> Leaving:
        row = self._desk.row(GROUP, str(user_id), self._now())
        leaving = leaving_of(row) if row else None
        if leaving is None or leaving.is_over or leaving.due_at > self._now():
            raise Overtaken
        return leaving

    def _begun(self, leaving: Leaving) -> Leaving:
        """The name is gone; or it is put off, and the person is told why."""

        def attempt(_: int) -> Leaving:
            leaving_now, now = self._find(leaving.user_id), self._now()
            if leaving_now.stage is not Stage.ASKED:
                return leaving_now
            person = known(self._store, leaving.user_id)
            standing = self._obstacles.of(person, now, thoroughly=True)
            found = standing.in_the_way(leaving_now.given_up)
            return self._put_off(leaving_now, person, found) if found else self._end(leaving_now, person, standing)

        return with_retries(attempt)

    def _put_off(self, leaving: Leaving, person: Person, found: Sequence[Obstacle]) -> Leaving:
        now = self._now()
        after = replace(leaving, due_at=now + PUT_OFF, version=leaving.version + 1)
        unit = self._store.unit()
        unit.save_person(person, replace(person, leaves_at=after.due_at, version=person.version + 1))
        unit.save_row(row_of(after))
        event_id = f"leaving-put-off:{person.id}:{after.version}"
        unit.emit(LeavingPutOff(event_id, now, person.id, after.due_at, tuple(each.value for each in found)))
        return committed(unit, after)

    def _end(self, leaving: Leaving, person: Person, standing: Standing) -> Leaving:
        now, public_id = self._now(), new_public_id()
        after = replace(leaving, stage=Stage.ERASING, version=leaving.version + 1)
        unit = self._store.unit()
        unit.save_person(person, left(person, nameless(public_id), public_id, now))
        unit.save_row(row_of(after))
        for wallet in standing.wallets:
            _empty(unit, wallet, leaving, now)
        unit.emit(AccountDeleted(f"left:{person.id}:{after.version}", now, person.id))
        return committed(unit, after)

    def _erase(self, leaving: Leaving, has_time: HasTime) -> None:
        for kind in self._erased:
            if kind.key in leaving.erased:
                continue
            while not kind.erase(leaving.user_id, self._now()):
                if not has_time():
                    self._work.ask(JOB, {"user_id": leaving.user_id})
                    return
            leaving = self._saved(replace(leaving, erased=leaving.erased | {kind.key}, version=leaving.version + 1))
        self._saved(replace(leaving, stage=Stage.DONE, version=leaving.version + 1))

    def _saved(self, leaving: Leaving) -> Leaving:
        if not self._desk.save(row_of(leaving)):
            raise Overtaken
        return leaving


def _empty(unit: Unit, wallet: Wallet, leaving: Leaving, now: datetime) -> None:
    """As it was when it was looked at: a bid or a payment in between makes it start over."""
    if wallet.available:
        transfer = given_up(wallet, leaving, now)
        taken = WalletChange.take(wallet, wallet.available, wallet.out_of_bought(wallet.available))
        unit.post(transfer)
        unit.change_wallet(replace(taken, available_was=wallet.available), WalletStanding.CLEAR)
    else:
        unit.require_standing(wallet.user_id, wallet.currency, WalletStanding.CLEAR)
