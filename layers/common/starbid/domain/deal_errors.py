"""Named refusals of what follows a sale: deals, ratings, second chances, putting a lot up again."""

from __future__ import annotations

from starbid.domain.errors import StarbidError


class WrongDealState(StarbidError, code="deal_state"):
    """The deal is not where the action needs it to be. `state` is where it is."""

    def __init__(self, state: str) -> None:
        super().__init__(f"the deal is {state}", state=state)
        self.state = state


class DealFrozen(StarbidError, code="deal_frozen"):
    """The buyer owes since a payment was taken back: nothing is to be delivered until that is settled."""


class AlreadyDisputed(StarbidError, code="already_disputed"):
    """A deal is disputed once."""


class NotSold(WrongDealState):
    """There is no deal about a lot that is not sold, or not yet."""

    def __init__(self) -> None:
        super().__init__("none")


class AlreadyRated(StarbidError, code="already_rated"):
    """Each side of a deal rates the other once."""


class NoRunnerUp(StarbidError, code="no_runner_up"):
    """There is nobody to make a second-chance offer to."""


class WrongOfferState(StarbidError, code="offer_state"):
    """The second-chance offer is not where the action needs it to be.

    `state` is `none`, `open`, `accepted`, `declined`, `expired`, `withdrawn` or `relisted`.
    """

    def __init__(self, state: str) -> None:
        super().__init__(f"the offer is {state}", state=state)
        self.state = state


class NotRelistable(StarbidError, code="not_relistable"):
    """Only a lot that ended without a lasting sale goes up again. `state` is the lot's, or `offered` or `relisted`."""

    def __init__(self, state: str) -> None:
        super().__init__(f"the lot is {state}", state=state)
        self.state = state
