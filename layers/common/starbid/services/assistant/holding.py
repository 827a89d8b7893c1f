"""An open question in one worker's hands: every write is made on the account as it was last seen, and never on that of
another worker who has taken the question up since.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from starbid.domain.assistant.account import Account, Open, changed, taken_up
from starbid.services.ports import ConditionFailed, Questions, Store, Unit
from starbid.services.retrying import Stale, with_retries


class LostIt(Exception):
    """Another worker has the question by now: this one leaves it alone."""


class Held:
    """`account` is as it was last seen."""

    def __init__(self, store: Store, questions: Questions, account: Account) -> None:
        """`account`: with the question taken up."""
        assert account.open
        self._store, self._questions, self.account = store, questions, account
        self._id, self._tries = account.open.id, account.open.tries

    @property
    def open(self) -> Open:
        """Its own question."""
        assert self.account.open
        return self.account.open

    def is_wanted(self) -> bool:
        """Whether its person still wants the answer. Raises LostIt."""
        self._look()
        return not self.open.stop

    def change(self, step: Callable[[Account], Account]) -> None:
        """Raises LostIt, Conflict."""

        def attempt(_: int) -> None:
            after = step(self.account)
            if not self._questions.save(self.account, after):
                self._look()
                raise Stale
            self.account = after

        with_retries(attempt)

    def commit(self, fill: Callable[[Unit, Account], Account]) -> None:
        """A unit with the account as `fill` answers it, and what else `fill` puts in. Raises LostIt, Conflict."""

        def attempt(_: int) -> None:
            unit = self._store.unit()
            after = fill(unit, self.account)
            unit.save_account(self.account, after)
            try:
                unit.commit()
            except ConditionFailed as refused:
                self._look()
                raise Stale from refused
            self.account = after

        with_retries(attempt)

    def remember_message(self, message_id: int) -> None:
        """The message that grows, so that the next worker edits the same. Raises LostIt, Conflict."""
        self.change(lambda account: _with(account, message_id=message_id))

    def put_off(self, now: datetime, seconds: int) -> None:
        """The sweep goes on where this one was told to wait. Raises LostIt, Conflict."""
        self.change(lambda account: _with(account, due_at=now + timedelta(seconds=seconds)))

    def _look(self) -> None:
        account = self._questions.account(self.account.user_id)
        if account.open is None or (account.open.id, account.open.tries) != (self._id, self._tries):
            raise LostIt
        self.account = account


def take_up(store: Store, questions: Questions, account: Account, due_at: datetime) -> Held | None:
    """The open question of an account as just read; None where another worker was faster.

    Raises Conflict.
    """
    taken = taken_up(account, due_at)
    is_mine = with_retries(lambda _: questions.save(account, taken))
    return Held(store, questions, taken) if is_mine else None


def _with(account: Account, **changes: object) -> Account:
    assert account.open
    return changed(account, open=replace(account.open, **changes))  # type: ignore[arg-type]
