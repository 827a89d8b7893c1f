"""Named refusals of what follows a sale: deals, ratings, second chances, putting a lot up again."""

from __future__ import annotations

from typing import Any

from starbid.domain.errors import StarbidError


class WrongDealState(StarbidError):
    """The deal is not where the action needs it to be. `state` is where it is."""

    code = "deal_state"

    def __init__(self, state: str) -> None:
        super().__init__(f"the deal is {state}")
        self.state = state

    @property
    def details(self) -> dict[str, Any]:
        return {"state": self.state}


class DealFrozen(StarbidError):
    """The buyer owes since a payment was taken back: nothing is to be delivered until that is settled."""

    code = "deal_frozen"


class AlreadyDisputed(StarbidError):
    """A deal is disputed once."""

    code = "already_disputed"


class NotSold(WrongDealState):
    """There is no deal about a lot that is not sold, or not yet."""

    def __init__(self) -> None:
        super().__init__("none")


class AlreadyRated(StarbidError):
    """Each side of a deal rates the other once."""

    code = "already_rated"


class NoRunnerUp(StarbidError):
    """There is nobody to make a second-chance offer to."""

    code = "no_runner_up"


class WrongOfferState(StarbidError):
    """The second-chance offer is not where the action needs it to be.

    `state` is `none`, `open`, `accepted`, `declined`, `expired`, `withdrawn` or `relisted`.
    """

    code = "offer_state"

    def __init__(self, state: str) -> None:
        super().__init__(f"the offer is {state}")
        self.state = state

    @property
    def details(self) -> dict[str, Any]:
        return {"state": self.state}


class NotRelistable(StarbidError):
    """Only a lot that ended without a lasting sale goes up again. `state` is the lot's, or `offered` or `relisted`."""

    code = "not_relistable"

    def __init__(self, state: str) -> None:
        super().__init__(f"the lot is {state}")
        self.state = state

    @property
    def details(self) -> dict[str, Any]:
        return {"state": self.state}
