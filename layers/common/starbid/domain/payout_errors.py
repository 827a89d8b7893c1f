"""Named refusals of payouts."""

from __future__ import annotations

from starbid.domain.errors import StarbidError
from starbid.domain.money import Money


class NotPayable(StarbidError, code="not_payable"):
    """So much is not to be had as a payout now; `payable` is."""

    def __init__(self, payable: Money) -> None:
        super().__init__(f"{payable.amount} can be paid out", payable=payable.amount)
        self.payable = payable


class TooYoung(StarbidError, code="too_young"):
    """Part of what was asked for can still be taken back from us: the ledger told of it after the request."""


class AlreadyDecided(StarbidError, code="already_decided"):
    """The payout has gone another way; `state` says which."""

    def __init__(self, state: str) -> None:
        super().__init__(f"it is {state}", state=state)
        self.state = state


class OwnPayout(StarbidError, code="own_payout"):
    """Nobody approves a payout of their own: another operator does."""


class NoSuchPayout(StarbidError, code="not_found"):
    """There is none of this id, or it is another person's."""
