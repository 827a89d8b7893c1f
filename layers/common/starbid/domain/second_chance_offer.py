"""A second-chance offer: what a seller may propose to the runner-up when the deal fell through (spec, section 6)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from starbid.domain.deal_errors import WrongOfferState
from starbid.domain.errors import NotYours
from starbid.domain.money import Money

OFFER_TIME = timedelta(hours=48)


class OfferState(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Offer:
    """The lot at `price`, for `to_id` alone, to be taken before `until`. Made once per lot."""

    to_id: int
    price: Money
    until: datetime
    state: OfferState = OfferState.OPEN

    def standing(self, now: datetime) -> str:
        """`open`, `accepted`, `declined`, or `expired`: for an open one too, as soon as its time is over."""
        over = self.state is OfferState.OPEN and now >= self.until
        return OfferState.EXPIRED.value if over else self.state.value

    def is_open(self, now: datetime) -> bool:
        return self.standing(now) == OfferState.OPEN

    def answered(self, person_id: int, state: OfferState, now: datetime) -> Offer:
        """The offer after its receiver's answer. Raises NotYours, WrongOfferState."""
        if person_id != self.to_id:
            raise NotYours
        if not self.is_open(now):
            raise WrongOfferState(self.standing(now))
        return replace(self, state=state)

    def lapsed(self, now: datetime) -> Offer:
        """The offer that nobody answered in time. Raises WrongOfferState before that, and where it was answered."""
        if self.state is not OfferState.OPEN or self.is_open(now):
            raise WrongOfferState(self.standing(now))
        return replace(self, state=OfferState.EXPIRED)
