"""People. What operators tell them is told by their own record, and the words are nobody else's."""

from __future__ import annotations

from starbid.domain.event_log import LogKind
from starbid.domain.events import (
    AccountDeleted,
    AchievementsEarned,
    BrowserAdded,
    EmailStopped,
    LeavingAsked,
    LeavingPutOff,
    LeavingTakenBack,
    OperatorWrote,
)
from starbid.services.recording.registry import logs, unlogged

logs(AchievementsEarned, LogKind.PERSON, "achieved", more=lambda event: {"keys": " ".join(event.keys)})
logs(EmailStopped, LogKind.PERSON, "email_stopped", more=lambda event: {"state": event.why})
logs(BrowserAdded, LogKind.PERSON, "browser_added", more=lambda event: {"device": event.device})
logs(LeavingAsked, LogKind.PERSON, "leaving_asked")
logs(LeavingTakenBack, LogKind.PERSON, "leaving_taken_back")
logs(LeavingPutOff, LogKind.PERSON, "leaving_put_off", more=lambda event: {"state": " ".join(event.obstacles)})
logs(AccountDeleted, LogKind.PERSON, "account_deleted")
unlogged(OperatorWrote)
