"""Events that nobody is told of: they are for the event log."""

from __future__ import annotations

from starbid.domain.events import (
    ConsentChanged,
    Event,
    LeavingTakenBack,
    LoggedIn,
    LotPublished,
    QuestionAnswered,
    QuestionFailed,
    RatingsShown,
    RequestFailed,
    TalkReported,
    TrialPaid,
    TrialStarted,
)
from starbid.services.notices.registry import NEWS, News, register


def _nothing(_: Event) -> News:
    return News()


for _kind in (
    *(LotPublished, RatingsShown, LoggedIn, RequestFailed, LeavingTakenBack),
    *(QuestionAnswered, QuestionFailed, TrialStarted, TrialPaid, ConsentChanged),
    TalkReported,  # its ticket is told of
):
    register(NEWS, _kind, _nothing)
