"""What people did with the AI helper. Not a word of what they asked, or were answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from starbid.domain.events.base import PersonEvent
from starbid.domain.money import Money


@dataclass(frozen=True, slots=True)
class QuestionAnswered(PersonEvent):
    """`task`, `place`, `source` as in `domain.assistant`; `seconds` from the question to the whole answer."""

    question_id: str
    task: str
    place: str
    source: str
    tokens: int
    seconds: int
    stopped: bool


@dataclass(frozen=True, slots=True)
class QuestionFailed(PersonEvent):
    """It cost nothing. `why` as in `domain.assistant.question.Failure`."""

    question_id: str
    task: str
    why: str
    tokens: int


@dataclass(frozen=True, slots=True)
class TrialStarted(PersonEvent):
    until: datetime


@dataclass(frozen=True, slots=True)
class TrialPaid(PersonEvent):
    """One who had tried the helper pays for it: the first pack, or the first answer out of a subscription."""


@dataclass(frozen=True, slots=True)
class CreditsBought(PersonEvent):
    """`credits` for `price`, `from_wallet` or by an invoice."""

    credits: int
    price: Money
    from_wallet: bool


@dataclass(frozen=True, slots=True)
class CreditsChanged(PersonEvent):
    """An operator gave (`change` > 0) or took credits; `credits` are left."""

    change: int
    credits: int


@dataclass(frozen=True, slots=True)
class CreditsWithdrawn(PersonEvent):
    """Their payment went back: `credits` of them were unused and are gone."""

    credits: int


@dataclass(frozen=True, slots=True)
class ConsentChanged(PersonEvent):
    """The person agrees, or no longer agrees, that texts go to an AI service."""

    given: bool
